"""One worker process: a job and then units on stdin, what became of them on stdout.

Each message is a line of JSON. The first line back says that the task has begun, or why not.
When stdin ends, the command that started this process is gone, and so is the worker.
"""

import os
import sys
from importlib import import_module
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

import msgspec

from annotate.errors import AnnotateError
from annotate.model import Record
from annotate.pipeline.workers import BEGUN, Task, failed


def serve(place: str) -> None:
    """Do units of the task at that place, `package.module:NAME`, until stdin ends."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no message
    lines: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(lines,), daemon=True).start()
    module, _, name = place.partition(":")
    task: Task[Any, Any, Any] = getattr(import_module(module), name)
    _serve(task, lines, channel)


def _listen(lines: "SimpleQueue[bytes]") -> None:
    """Take in lines while a unit is being done, so that the end is seen at once."""
    for line in sys.stdin.buffer:
        lines.put(line)
    os._exit(0)


def _serve(task: Task[Any, Any, Any], lines: "SimpleQueue[bytes]", channel: BinaryIO) -> None:
    job = msgspec.json.decode(lines.get(), type=task.job)
    try:
        do = task.begin(job)
    except AnnotateError as error:
        _say(channel, failed("", error))
        return
    channel.write(BEGUN)
    channel.flush()
    while True:
        _say(channel, do(msgspec.json.decode(lines.get(), type=task.unit)))


def _say(channel: BinaryIO, outcome: Record) -> None:
    channel.write(msgspec.json.encode(outcome) + b"\n")
    channel.flush()
