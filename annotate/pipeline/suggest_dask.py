"""How parts are made on many machines: Dask runs the same function on its workers."""

import asyncio
import logging
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import msgspec

from annotate.errors import AnnotateError, EnvironmentFault, MissingExtra
from annotate.pipeline.suggest_parts import TASK, Job, Outcome, Unit, suggest_part
from annotate.pipeline.workers import TRIES, failed

if TYPE_CHECKING:
    from distributed import Client, Future

PATIENCE_S = 10
_AHEAD = 4
_TALKERS = ("asyncio", "distributed", "tornado")


def dasked(
    job: Job, units: Iterable[Unit], *, jobs: int, scheduler: str | None
) -> Generator[Outcome]:
    """Make the parts on the scheduler's workers, or on `jobs` workers started here.

    A part whose worker died is made again by another. Raises MissingExtra without Dask, and
    EnvironmentFault when the scheduler or its workers do not answer.
    """
    from annotate.suggest.rules import load_rules

    _require_dask()
    job = job.replace(rules=load_rules(job.taxonomy).fingerprint)
    with _quiet(), _connected(scheduler, jobs=jobs) as client:
        # A task and no scattered value: the cluster makes it again when its holder dies.
        shared = client.submit(_received, msgspec.json.encode(job), pure=False)
        yield from _outcomes(client, shared, iter(units))


def _received(data: bytes) -> Job:
    return msgspec.json.decode(data, type=Job)


def _made(job: Job, unit: Unit) -> Outcome:
    """Make a part on a worker, which may be another machine with another version of us."""
    from annotate.suggest.rules import load_rules

    try:
        rules = load_rules(job.taxonomy)
    except AnnotateError as error:
        return failed(unit.name, error)
    if rules.fingerprint != job.rules:
        return failed(
            unit.name,
            EnvironmentFault(
                "a Dask worker has other rules than this machine",
                hint="Install the same version of annotate-markers on every worker",
            ),
        )
    return suggest_part(job, rules, unit)


def _outcomes(client: "Client", shared: "Future[Job]", units: Iterator[Unit]) -> Generator[Outcome]:
    """Keep some parts waiting for each thread of the cluster, whatever their number."""
    from distributed import as_completed

    in_hand: dict[Future[Outcome], Unit] = {}

    def submitted(some: Iterable[Unit]) -> Iterator["Future[Outcome]"]:
        for unit in some:
            future = client.submit(_made, shared, unit, pure=False, retries=0)
            in_hand[future] = unit
            yield future

    threads = sum(client.nthreads().values())
    first = list(submitted(islice(units, _AHEAD * threads)))
    ended = as_completed(first, loop=client.loop)
    for future in ended:
        yield _outcome(future, in_hand.pop(future))
        ended.update(list(submitted(islice(units, 1))))


def _outcome(future: "Future[Outcome]", unit: Unit) -> Outcome:
    from distributed import KilledWorker

    try:
        outcome: Outcome = future.result()
    except KilledWorker:
        return TASK.given_up(unit, f"{TRIES} Dask workers ended")
    except (CancelledError, OSError) as error:
        raise EnvironmentFault(
            f"the Dask scheduler is gone: {error}",
            hint="Start it and run the same command again: parts that are done are kept",
        ) from error
    except ImportError as error:
        raise EnvironmentFault(
            f"a Dask worker cannot run annotate: {error}",
            hint="Install the same version of annotate-markers on every worker",
        ) from error
    return outcome


def _require_dask() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise MissingExtra(
            f"the engine dask needs Dask, which cannot be imported: {error}",
            hint="Run `pip install 'annotate-markers[scale]'`",
        ) from error


@contextmanager
def _connected(scheduler: str | None, *, jobs: int) -> Iterator["Client"]:
    from distributed import Client

    if scheduler is None:
        with _workers_here(jobs) as cluster, Client(cluster, set_as_default=False) as client:
            yield client
        return
    _find(scheduler)
    with Client(scheduler, timeout=PATIENCE_S, set_as_default=False) as client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE_S)
        except TimeoutError as error:
            raise EnvironmentFault(
                f"the Dask scheduler at {scheduler} has no workers",
                hint=f"Start some with `dask worker {scheduler}`",
            ) from error
        yield client


def _find(scheduler: str) -> None:
    """Ask who is there first: a client alone waits without end for somebody who says nothing."""
    from distributed.core import rpc
    from distributed.security import Security

    async def identity() -> None:
        arguments = Security().get_connection_args("client")
        async with rpc(scheduler, connection_args=arguments) as remote:
            await remote.identity()

    async def bounded() -> None:
        await asyncio.wait_for(identity(), PATIENCE_S)

    try:
        with ThreadPoolExecutor(1) as beside:  # where this is called, a loop may run already
            beside.submit(lambda: asyncio.run(bounded())).result()
    except Exception as error:  # somebody else's answer can fail in any way
        raise EnvironmentFault(
            f"no Dask scheduler answers at {scheduler}",
            hint="Start one with `dask scheduler`, or leave --scheduler out to work here",
        ) from error


@contextmanager
def _workers_here(jobs: int) -> Iterator[Any]:
    """Start worker processes that only this run can talk to: others on the machine cannot."""
    from distributed import LocalCluster
    from distributed.security import Security

    with (
        TemporaryDirectory(prefix="annotate-") as folder,
        LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            host="127.0.0.1",
            protocol="tls",
            security=Security.temporary(),
            dashboard_address=None,
            local_directory=folder,
            silence_logs=logging.CRITICAL,
        ) as cluster,
    ):
        yield cluster


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the log of Dask off the terminal: what matters comes as an outcome or an error."""
    known = logging.root.manager.loggerDict
    loggers = [logging.getLogger(name) for name in known if name.split(".")[0] in _TALKERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
