"""Work in worker processes on this machine, or in this one: units of a job, each on its own.

What is written does not depend on the number of workers. A unit whose process died is done
again by another.
"""

import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Generic, Protocol, TypeVar

import msgspec

from annotate import errors
from annotate.errors import AnnotateError, EnvironmentFault, UsageError
from annotate.model import Record

TRIES = 3
BEGUN = b'"begun"\n'
_START = (
    "import sys; place, sys.path[:] = sys.argv[1], sys.argv[2:]; "
    "from annotate.pipeline.worker import serve; serve(place)"
)


class Named(Protocol):
    """A unit of work."""

    @property
    def name(self) -> str:
        """What no other unit of the job is called."""


J = TypeVar("J", bound=Record)
U = TypeVar("U", bound=Named)
D = TypeVar("D", bound=Record)


class Failed(Record, frozen=True, kw_only=True, tag=True):
    """A unit that could not be done, or with `unit` empty the job: the error's parts."""

    unit: str
    kind: str
    message: str
    hint: str

    def error(self) -> AnnotateError:
        """Give the error that it was."""
        kind: type[AnnotateError] = getattr(errors, self.kind)
        return kind(self.message, hint=self.hint)


def failed(unit: str, error: AnnotateError) -> Failed:
    """Give an error as a worker sends it."""
    return Failed(unit=unit, kind=type(error).__name__, message=error.message, hint=error.hint)


@dataclass(frozen=True, kw_only=True)
class Task(Generic[J, U, D]):
    """What workers do. `place` is where a process finds it, `package.module:NAME`.

    `begin` takes the job and gives what does a unit; it may raise, and then no unit is done.
    `label` says what a unit is to people. Jobs, units and what is `done` travel as JSON.
    """

    place: str
    job: type[J]
    unit: type[U]
    done: type[D]
    begin: Callable[[J], Callable[[U], D | Failed]]
    label: Callable[[U], str]

    def given_up(self, unit: U, reason: str) -> Failed:
        """Give the failure of a unit that nobody could finish."""
        return Failed(
            unit=unit.name,
            kind="DataError",
            message=f"{self.label(unit)}: {reason} while at it",
            hint="Run again with --jobs 1, where the memory is enough for it",
        )


def processors() -> int:
    """Give how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def refuse_jobs(jobs: int) -> None:
    """Raise UsageError for a number of processes that makes no sense."""
    if jobs < 1:
        raise UsageError(f"{jobs} jobs: expected 1 or more", hint="Leave it out for the default")


def outcomes(
    task: Task[J, U, D], job: J, units: Sequence[U], *, jobs: int
) -> Generator[D | Failed]:
    """Do the units in this process, or in `jobs` others, and give each as it ends.

    Raises EnvironmentFault when no process starts, and what the task raises as it begins.
    """
    if jobs == 1:
        yield from map(task.begin(job), units)
        return
    pool = _Pool(task, job, units, jobs=jobs)
    try:
        yield from pool.outcomes()
    finally:
        pool.end()


class _Pool(Generic[J, U, D]):
    """Workers, each with at most one unit in hand."""

    def __init__(self, task: Task[J, U, D], job: J, units: Iterable[U], *, jobs: int) -> None:
        self.task = task
        self.header = msgspec.json.encode(job) + b"\n"
        self.units = deque(units)
        self.jobs = jobs
        self.tries: dict[str, int] = {}
        self.selector = DefaultSelector()
        self.stillborn = 0

    def outcomes(self) -> Iterator[D | Failed]:
        self._start(min(self.jobs, len(self.units)))
        while self.selector.get_map():
            for key, _ in self.selector.select():
                worker: _Worker[U] = key.data
                line = worker.hear()
                outcome = self._lost(worker) if line is None else self._said(worker, line)
                if outcome is not None:
                    yield outcome
                self._next(worker)

    def _said(self, worker: "_Worker[U]", line: bytes) -> D | Failed | None:
        """Give what became of a unit; None for a worker that has only begun."""
        if worker.begun:
            outcome: D | Failed = msgspec.json.decode(line, type=self.task.done | Failed)
            return outcome
        if line != BEGUN:
            raise msgspec.json.decode(line, type=Failed).error()
        worker.begun = True
        return None

    def _start(self, number: int = 1) -> None:
        """Start workers side by side: the header is more than a pipe takes before it is read."""
        workers = [_Worker[U](self.task.place) for _ in range(number)]
        for worker in workers:
            self.selector.register(worker.stdout, EVENT_READ, worker)
        for worker in workers:
            worker.send(self.header)

    def _next(self, worker: "_Worker[U]") -> None:
        """Give the worker a unit, or let it go when there is none; nothing to one that died."""
        if worker.dead:
            return
        worker.unit = self.units.popleft() if self.units else None
        if worker.unit is None:
            self.selector.unregister(worker.stdout)
            worker.end()
        else:
            worker.send(msgspec.json.encode(worker.unit) + b"\n")

    def _lost(self, worker: "_Worker[U]") -> D | Failed | None:
        """Replace a worker that died; give the failure of a unit that was tried too often."""
        self.selector.unregister(worker.stdout)
        worker.end(patience=5)
        unit, failure = worker.unit, None
        if unit is None:
            self.stillborn += 1
            if self.stillborn >= TRIES:
                raise EnvironmentFault(
                    f"worker processes end as they start: {worker.end_of_it}",
                    hint="Run with --jobs 1, or see that memory and processes are not used up",
                )
        else:
            tried = self.tries[unit.name] = self.tries.get(unit.name, 0) + 1
            if tried < TRIES:
                self.units.appendleft(unit)
            else:
                failure = self.task.given_up(
                    unit, f"{TRIES} worker processes ended: {worker.end_of_it}"
                )
        if self.units:
            self._start()
        return failure

    def end(self) -> None:
        """Kill what still runs."""
        for key in list(self.selector.get_map().values()):
            key.data.end()
        self.selector.close()


class _Worker(Generic[U]):
    """A worker process and the unit that it has in hand."""

    def __init__(self, place: str) -> None:
        # A session of its own: Ctrl-C is for the command, which ends its workers itself.
        paths = [str(Path(entry).absolute()) for entry in sys.path]
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code, no shell
            [sys.executable, "-c", _START, place, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise TypeError(self.process)
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.unit: U | None = None
        self.begun = self.dead = False

    def send(self, line: bytes) -> None:
        """Send a message."""
        with suppress(BrokenPipeError):  # it died: its stdout ends, and says so
            self.stdin.write(line)
            self.stdin.flush()

    def hear(self) -> bytes | None:
        """Give the next line, or None when the process has died."""
        line: bytes = self.stdout.readline()
        return line if line.endswith(b"\n") else None

    def end(self, *, patience: float = 0) -> None:
        """Wait until the process is gone, and kill it when it is not after `patience` seconds."""
        self.dead = True
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=patience)
        self.process.kill()
        self.process.wait()
        self.stdout.close()
        with suppress(BrokenPipeError):
            self.stdin.close()

    @property
    def end_of_it(self) -> str:
        """Say how the process ended."""
        code = self.process.returncode
        return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
