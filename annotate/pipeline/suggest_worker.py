"""One worker process of `suggest`: a job and then parts on stdin, outcomes on stdout.

Each message is a line of JSON. The first line back says that the rules are loaded, or why
not. When stdin ends, the command that started this process is gone, and so is the worker.
"""

import os
import sys
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

import msgspec

from annotate.errors import AnnotateError
from annotate.pipeline.suggest_parts import Counts, Done, Job, Outcome, Unit, failed, suggest_part

READY = Done(unit="", counts=Counts())


def main() -> None:
    """Serve until stdin ends."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no message
    lines: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(lines,), daemon=True).start()
    _serve(lines, channel)


def _listen(lines: "SimpleQueue[bytes]") -> None:
    """Take in lines while a part is being made, so that the end is seen at once."""
    for line in sys.stdin.buffer:
        lines.put(line)
    os._exit(0)


def _serve(lines: "SimpleQueue[bytes]", channel: BinaryIO) -> None:
    from annotate.suggest.rules import load_rules

    job = msgspec.json.decode(lines.get(), type=Job)
    try:
        rules = load_rules(job.taxonomy)
    except AnnotateError as error:
        _say(channel, failed("", error))
        return
    _say(channel, READY)
    while True:
        unit = msgspec.json.decode(lines.get(), type=Unit)
        _say(channel, suggest_part(job, rules, unit))


def _say(channel: BinaryIO, outcome: Outcome) -> None:
    channel.write(msgspec.json.encode(outcome) + b"\n")
    channel.flush()
