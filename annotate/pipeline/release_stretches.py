"""Settle all documents and make their rows, a stretch at a time, in processes side by side.

A process reads of the release what a stretch needs from files in one folder, and leaves its
rows there; what it says back is small. Agreement is measured beside the stretches.
"""

import gc
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import msgspec

from annotate.errors import AnnotateError
from annotate.files import explained
from annotate.model import (
    Annotation,
    Appearance,
    Document,
    Record,
    Reject,
    Suggestion,
    Verdict,
    Zone,
)
from annotate.pipeline.agreement import latest
from annotate.pipeline.release_added import AGREEMENT, write_agreement
from annotate.pipeline.release_rows import Drafted, keep
from annotate.pipeline.release_survey import Survey
from annotate.pipeline.settle import Settled, by_document, settle
from annotate.pipeline.shelves import Shelf, Shelves, scanned
from annotate.pipeline.workers import Failed, Task, failed, outcomes, processors
from annotate.release.assemble import Rows, assemble, candidate
from annotate.release.forms import forms
from annotate.release.lineage import Ground, lineage
from annotate.release.safety import Contacts, contacts
from annotate.release.splits import Candidate
from annotate.workspace import Workspace

_TABLES: tuple[type[Record], ...] = (Document, Appearance, Zone, Verdict, Suggestion)
_KNOWN = "known.json"


class Drafting(Record, frozen=True, kw_only=True):
    """Where the workspace is, and the folder of shelves, rows and what is known of all."""

    workspace: str
    folder: str


class Unit(Record, frozen=True, kw_only=True):
    """One stretch of documents; without its shelf, the agreement over all of them."""

    name: str
    shelf: Shelf | None = None


class Stretched(Record, frozen=True, kw_only=True, tag=True):
    """What became of a stretch, beside the rows that it left; of agreement, only the file."""

    stretch: int | None = None
    candidates: tuple[Candidate, ...] = ()
    rejects: tuple[Reject, ...] = ()
    names: tuple[str, ...] = ()
    contacts: Contacts = Contacts()


def drafted(
    workspace: Workspace,
    known: Survey,
    folder: Path,
    *,
    jobs: int | None,
    progress: Callable[[int], None] | None = None,
) -> Drafted:
    """Settle and assemble all documents, with files in `folder`; agreement.json is one.

    `jobs` processes work side by side; None is one for each processor, as far as there are
    stretches. What is made does not depend on it. `progress` is told how many documents are
    settled.
    """
    shelves = Shelves(folder, known.doc_ids)
    for record in _TABLES:
        shelves.fill(record, scanned(workspace, record))
    shelves.fill(Annotation, map(known.counted, scanned(workspace, Annotation)))
    (folder / _KNOWN).write_bytes(msgspec.json.encode(known))
    job = Drafting(workspace=str(workspace.root), folder=str(folder))
    units = [Unit(name="agreement")]
    units += [Unit(name=f"stretch {it.number}", shelf=it) for it in shelves.all]
    number = max(1, min(processors() if jobs is None else jobs, len(shelves.all)))
    found = outcomes(TASK, job, units, jobs=number)
    made = Drafted(folder=folder, stretches=len(shelves.all))
    done: list[Stretched] = []
    for item in _done(found, progress):
        done.append(item)
        if item.stretch is not None:
            # Not before: a process that dies leaves its shelf to the next.
            shelves.all[item.stretch].drop()
    for item in sorted(done, key=lambda it: -1 if it.stretch is None else it.stretch):
        made.candidates += item.candidates
        made.rejects += item.rejects
        made.names.update(item.names)
        made.contacts += item.contacts
    return made


def _done(
    found: Generator[Stretched | Failed], progress: Callable[[int], None] | None
) -> Iterator[Stretched]:
    """Give what was done; raises what went wrong, and then no process is left."""
    settled = 0
    with closing(found):
        for outcome in found:
            if isinstance(outcome, Failed):
                raise outcome.error()
            settled += len(outcome.candidates)
            if progress:
                progress(settled)
            yield outcome


def _begin(job: Drafting) -> Callable[[Unit], Stretched | Failed]:
    known = msgspec.json.decode((Path(job.folder) / _KNOWN).read_bytes(), type=Survey)
    return partial(_do, Workspace(job.workspace), known, Path(job.folder))


def _do(workspace: Workspace, known: Survey, folder: Path, unit: Unit) -> Stretched | Failed:
    try:
        with explained(folder):
            if unit.shelf is None:
                write_agreement(workspace, known, folder / AGREEMENT)
                return Stretched()
            with _collecting_nothing():
                return _stretched(_Stretch(workspace, known, unit.shelf), folder, unit.shelf)
    except AnnotateError as error:
        return failed(unit.name, error)


def _stretched(stretch: "_Stretch", folder: Path, shelf: Shelf) -> Stretched:
    keep(folder, shelf.number, [stretch.assembled(doc_id) for doc_id in shelf.doc_ids])
    return Stretched(
        stretch=shelf.number,
        candidates=tuple(stretch.candidates()),
        rejects=stretch.settled.rejects,
        names=tuple(sorted(stretch.names())),
        contacts=stretch.contacts(),
    )


TASK: Task[Drafting, Unit, Stretched] = Task(
    place="annotate.pipeline.release_stretches:TASK",
    job=Drafting,
    unit=Unit,
    done=Stretched,
    begin=_begin,
    label=lambda unit: unit.name,
)


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Hold off the collector of cycles: rows have none, and it costs a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Stretch:
    """What is known of the documents of one stretch, and what became of them."""

    def __init__(self, workspace: Workspace, known: Survey, shelf: Shelf) -> None:
        self.known = known
        documents = {item.doc_id: item for item in shelf.rows(Document)}
        submitted = shelf.rows(Annotation)
        reviews = [item for it in shelf.doc_ids for item in known.reviews.get(it, ())]
        decided = [item for item in submitted if item.annotator == known.adjudicator]
        self.settled: Settled = settle(
            documents,
            workspace.taxonomy,
            read=latest(item for item in submitted if item.annotator != known.adjudicator),
            decided=[item for item in latest([*decided, *reviews]) if not item.skipped],
            verdicts=shelf.rows(Verdict),
        )
        appearances = by_document(shelf.rows(Appearance))
        zones = by_document(shelf.rows(Zone))
        self.sources = {
            doc_id: known.facts.source(
                documents[doc_id], appearances=appearances[doc_id], zones=zones[doc_id]
            )
            for doc_id in self.settled.outcomes
        }
        self.annotations = by_document(self.settled.annotations)
        self.suggestions = by_document(shelf.rows(Suggestion))
        self.taxonomy = workspace.taxonomy

    def candidates(self) -> Iterator[Candidate]:
        for doc_id, outcome in self.settled.outcomes.items():
            yield candidate(
                self.sources[doc_id],
                annotators=outcome.annotators,
                waiting=bool(outcome.undecided),
            )

    def assembled(self, doc_id: str) -> Rows:
        rows = assemble(
            self.sources.get(doc_id),
            self.settled.outcomes.get(doc_id),
            self.annotations[doc_id],
            self.known.names,
        )
        if rows.document is None:
            return rows
        ground = Ground(
            suggestions=tuple(self.suggestions[doc_id]),
            verdicts=self.settled.verdicts.get(doc_id, ()),
        )
        return rows.replace(lineage=lineage(rows.document, rows.annotations, ground, self.taxonomy))

    def contacts(self) -> Contacts:
        """Count what looks like an e-mail address or a telephone number."""
        texts = (self.sources[doc_id].document.text for doc_id in self.settled.outcomes)
        return sum(map(contacts, texts), start=Contacts())

    def names(self) -> frozenset[str]:
        """Give the words that could identify sources whom anybody found to be protected."""
        found: set[str] = set()
        for doc_id, outcome in self.settled.outcomes.items():
            said = (span for item in self.annotations[doc_id] for span in item.spans)
            found |= forms(self.sources[doc_id].document.text, [*outcome.gold, *said])
        return frozenset(found)
