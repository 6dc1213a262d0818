"""How parts are made on one machine: in this process, or in worker processes beside it.

Every engine takes a job and its units and gives an outcome for each, in whatever order they
end. What they write does not depend on the engine or on the number of workers.
"""

import subprocess
import sys
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector

import msgspec

from annotate.decode import legal
from annotate.errors import EnvironmentFault, UsageError
from annotate.model import Record
from annotate.pipeline import suggest_places as places
from annotate.pipeline.suggest_parts import Failed, Job, Outcome, Unit, suggest_part

ENGINES = ("local", "dask")
TRIES = 3
_START = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from annotate.pipeline.suggest_worker import main; main()"
)


class Engine(Record, frozen=True, kw_only=True):
    """What makes the parts: `local` is this machine with `jobs` processes, `dask` a cluster.

    Without the address of a `scheduler`, Dask starts `jobs` workers on this machine.
    """

    name: str = "local"
    jobs: int = 1
    scheduler: str | None = None

    def check(self) -> None:
        """Raise UsageError for values that make no sense."""
        if self.name not in ENGINES:
            raise UsageError("engine " + legal(self.name, ENGINES), hint="Choose one of these")
        if self.jobs < 1:
            raise UsageError(f"{self.jobs} jobs: expected 1 or more", hint="Leave it out for 1")
        if self.scheduler and self.name != "dask":
            raise UsageError(
                f"a scheduler ({self.scheduler}) is Dask's", hint="Add `--engine dask`"
            )

    def outcomes(self, job: Job, units: Sequence[Unit]) -> Generator[Outcome]:
        """Make the parts, and give an outcome for each as it ends."""
        if self.name == "dask":
            from annotate.pipeline.suggest_dask import dasked

            yield from dasked(job, units, jobs=self.jobs, scheduler=self.scheduler)
        elif self.jobs == 1:
            yield from inline(job, units)
        else:
            yield from pooled(job, units, jobs=self.jobs)


def inline(job: Job, units: Iterable[Unit]) -> Iterator[Outcome]:
    """Make the parts in this process."""
    from annotate.suggest.rules import load_rules

    rules = load_rules(job.taxonomy)
    for unit in units:
        yield suggest_part(job, rules, unit)


def pooled(job: Job, units: Iterable[Unit], *, jobs: int) -> Iterator[Outcome]:
    """Make the parts in `jobs` processes; a part whose process died is made again.

    Raises EnvironmentFault when no worker starts, and what the rules raise when they load.
    """
    pool = _Pool(job, units, jobs=jobs)
    try:
        yield from pool.outcomes()
    finally:
        pool.end()


class _Pool:
    """Workers, each with at most one part in hand."""

    def __init__(self, job: Job, units: Iterable[Unit], *, jobs: int) -> None:
        self.header = msgspec.json.encode(job) + b"\n"
        self.units = deque(units)
        self.jobs = jobs
        self.tries: dict[str, int] = {}
        self.selector = DefaultSelector()
        self.stillborn = 0

    def outcomes(self) -> Iterator[Outcome]:
        self._start(min(self.jobs, len(self.units)))
        while self.selector.get_map():
            for key, _ in self.selector.select():
                worker: _Worker = key.data
                outcome = worker.hear()
                if outcome is None:
                    outcome = self._lost(worker)
                elif not worker.ready:
                    _refuse(outcome)
                    worker.ready, outcome = True, None
                if outcome is not None:
                    yield outcome
                self._next(worker)

    def _start(self, number: int = 1) -> None:
        """Start workers side by side: the header is more than a pipe takes before it is read."""
        workers = [_Worker() for _ in range(number)]
        for worker in workers:
            self.selector.register(worker.stdout, EVENT_READ, worker)
        for worker in workers:
            worker.send(self.header)

    def _next(self, worker: "_Worker") -> None:
        """Give the worker a part, or let it go when there is none; nothing to one that died."""
        if worker.dead:
            return
        worker.unit = self.units.popleft() if self.units else None
        if worker.unit is None:
            self.selector.unregister(worker.stdout)
            worker.end()
        else:
            worker.send(msgspec.json.encode(worker.unit) + b"\n")

    def _lost(self, worker: "_Worker") -> Outcome | None:
        """Replace a worker that died; give the failure of a part that was tried too often."""
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
                failure = given_up(unit, f"{TRIES} worker processes ended: {worker.end_of_it}")
        if self.units:
            self._start()
        return failure

    def end(self) -> None:
        """Kill what still runs."""
        for key in list(self.selector.get_map().values()):
            key.data.end()
        self.selector.close()


def _refuse(outcome: Outcome) -> None:
    if isinstance(outcome, Failed):
        raise outcome.error()


def given_up(unit: Unit, reason: str) -> Failed:
    """Give the failure of a part that nobody could finish."""
    return Failed(
        unit=unit.name,
        kind="DataError",
        message=f"{places.label(unit.documents)}: {reason} while at it",
        hint="Run again with --jobs 1, where the memory is enough for it",
    )


class _Worker:
    """A worker process and the part that it has in hand."""

    def __init__(self) -> None:
        # A session of its own: Ctrl-C is for the command, which ends its workers itself.
        paths = [str(Path(entry).absolute()) for entry in sys.path]
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and code, no shell
            [sys.executable, "-c", _START, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise TypeError(self.process)
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.unit: Unit | None = None
        self.ready = self.dead = False

    def send(self, line: bytes) -> None:
        """Send a message."""
        with suppress(BrokenPipeError):  # it died: its stdout ends, and says so
            self.stdin.write(line)
            self.stdin.flush()

    def hear(self) -> Outcome | None:
        """Give the next outcome, or None when the process has died."""
        line = self.stdout.readline()
        if not line.endswith(b"\n"):
            return None
        outcome: Outcome = msgspec.json.decode(line, type=Outcome)
        return outcome

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
