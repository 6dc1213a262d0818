"""How parts are made on one machine: in this process, or in worker processes beside it.

Every engine takes a job and its units and gives an outcome for each, in whatever order they
end. What they write does not depend on the engine or on the number of workers.
"""

from collections.abc import Generator, Sequence

from annotate.decode import legal
from annotate.errors import UsageError
from annotate.model import Record
from annotate.pipeline.suggest_parts import TASK, Job, Outcome, Unit
from annotate.pipeline.workers import outcomes, refuse_jobs

ENGINES = ("local", "dask")


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
        refuse_jobs(self.jobs)
        if self.scheduler and self.name != "dask":
            raise UsageError(
                f"a scheduler ({self.scheduler}) is Dask's", hint="Add `--engine dask`"
            )

    def outcomes(self, job: Job, units: Sequence[Unit]) -> Generator[Outcome]:
        """Make the parts, and give an outcome for each as it ends."""
        if self.name == "dask":
            from annotate.pipeline.suggest_dask import dasked

            yield from dasked(job, units, jobs=self.jobs, scheduler=self.scheduler)
        else:
            yield from outcomes(TASK, job, units, jobs=self.jobs)
