"""Assignments become tasks: one project per annotator and round.

Stateless on our side: what is there is asked of the server, before and after. So a push
that was repeated, cut, or made from a lost or copied workspace ends the same way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from annotate.formats.label_studio import Payload, span_problem, task_payload
from annotate.model import Assignment, Document, Record, Reject, Suggestion
from annotate.studio import projects
from annotate.studio.client import Client
from annotate.studio.duplicates import Stock, take_stock
from annotate.studio.label_config import guide_panel
from annotate.studio.projects import Desk
from annotate.studio.wire import Project
from annotate.taxonomy import Taxonomy

BATCH = 500


class Pack(Record, frozen=True, kw_only=True):
    """Documents with the suggestions for them, as they are read from the tables."""

    documents: tuple[Document, ...]
    suggestions: dict[str, tuple[Suggestion, ...]] = {}


class PushedProject(Record, frozen=True, kw_only=True):
    """One annotator's project: `url` is what the annotator opens.

    `added` tasks are new, `present` were there; `removed` copies are gone. In a dry run
    these say what would be, and a project that does not exist has neither id nor url.
    """

    annotator: str
    round: int
    title: str
    project_id: int | None
    url: str | None
    created: bool
    added: int
    present: int
    removed: int


class Pushed(Record, frozen=True, kw_only=True):
    """All projects, tasks that were merged, and what could not be sent, with reasons."""

    projects: tuple[PushedProject, ...]
    merged: tuple[Reject, ...]
    rejects: tuple[Reject, ...]


@dataclass(kw_only=True)
class _Counter:
    """A desk while it is filled."""

    desk: Desk
    assignee: int | None
    found: list[Project]
    stock: Stock
    created: bool
    missing: dict[str, list[Assignment]] = field(default_factory=dict)
    ready: list[Payload] = field(default_factory=list)
    added: int = 0


def push(  # noqa: PLR0913
    client: Client,
    *,
    name: str,
    assignments: Sequence[Assignment],
    packs: Iterable[Pack],
    taxonomy: Taxonomy,
    assignees: Mapping[str, int],
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Pushed:
    """Bring the assignments' tasks to the server and leave one task for each.

    `assignees` are the annotators' user ids. Raises ServerFault; whatever was sent until
    then stays, and the next push goes on from there.
    """
    run = _Run(client, name=name, taxonomy=taxonomy, dry_run=dry_run, progress=progress)
    run.open(assignments, assignees)
    with ThreadPoolExecutor(max_workers=1) as sender:
        run.sender = sender
        for pack in packs if run.waiting else ():
            run.take(pack)
        run.close()
    return run.pushed()


class _Run:
    """One push: its desks, and what was refused."""

    def __init__(
        self,
        client: Client,
        *,
        name: str,
        taxonomy: Taxonomy,
        dry_run: bool,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.client, self.name, self.taxonomy = client, name, taxonomy
        self.dry_run, self.progress = dry_run, progress
        self.guide = guide_panel(taxonomy)
        self.counters: list[_Counter] = []
        # One batch is under way while the next is made ready.
        self.sender: Executor
        self.under_way: Future[None] | None = None
        self.rejects: list[Reject] = []

    def open(self, assignments: Sequence[Assignment], assignees: Mapping[str, int]) -> None:
        """Find or make each desk's project and see which assignments lack a task."""
        desks: dict[Desk, list[Assignment]] = {}
        for item in assignments:
            desks.setdefault(Desk(annotator=item.annotator, round=item.round), []).append(item)
        found = projects.find(self.client, name=self.name, desks=desks)
        self._refresh([items[0] for items in found.values()])
        for desk, wanted in desks.items():
            counter = self._counter(desk, found.get(desk, []), assignees.get(desk.annotator))
            for item in wanted:
                if item.assignment_id not in counter.stock.tasks:
                    counter.missing.setdefault(item.doc_id, []).append(item)
            self.rejects += counter.stock.strangers
            self.counters.append(counter)

    def _refresh(self, found: Iterable[Project]) -> None:
        """Bring projects up to date: all of them or, where one would lose work, none."""
        stale = {
            project.id: projects.changes(self.client, project, taxonomy=self.taxonomy)
            for project in found
        }
        for project_id, changes in stale.items():
            if changes and not self.dry_run:
                self.client.update_project(project_id, **changes)

    def _counter(self, desk: Desk, found: list[Project], assignee: int | None) -> _Counter:
        created = not found
        if not self.dry_run:
            found = found or [
                projects.create(self.client, name=self.name, desk=desk, taxonomy=self.taxonomy)
            ]
        stock = take_stock(self.client, found, assignee=assignee, dry_run=self.dry_run)
        return _Counter(desk=desk, assignee=assignee, found=found, stock=stock, created=created)

    @property
    def waiting(self) -> bool:
        """Say whether an assignment lacks its task."""
        return any(counter.missing for counter in self.counters)

    def take(self, pack: Pack) -> None:
        """Send the tasks of these documents, in batches."""
        for document in pack.documents:
            suggestions: Sequence[Suggestion] | None = None
            for counter in self.counters:
                for assignment in counter.missing.pop(document.doc_id, ()):
                    if suggestions is None:
                        suggestions = self._valid(pack, document)
                    counter.ready.append(
                        task_payload(
                            document,
                            assignment,
                            taxonomy=self.taxonomy,
                            project=self.name,
                            guide=self.guide,
                            suggestions=suggestions,
                        )
                    )
                if len(counter.ready) >= BATCH:
                    self._send(counter)

    def _valid(self, pack: Pack, document: Document) -> list[Suggestion]:
        valid = []
        for item in pack.suggestions.get(document.doc_id, ()):
            problem = span_problem(item, text=document.text, taxonomy=self.taxonomy)
            if problem:
                place = f"document {document.doc_id} suggestion {item.suggestion_id}"
                self.rejects.append(Reject(place=place, reason=problem))
            else:
                valid.append(item)
        return valid

    def _send(self, counter: _Counter) -> None:
        while counter.ready:
            batch, counter.ready = counter.ready[:BATCH], counter.ready[BATCH:]
            self._arrive()
            self.under_way = self.sender.submit(self._import, counter, batch)

    def _import(self, counter: _Counter, batch: list[Payload]) -> None:
        if not self.dry_run:
            self.client.import_tasks(counter.found[0].id, batch)
        counter.added += len(batch)

    def _arrive(self) -> None:
        """Wait for the batch that is under way; raises what it raised."""
        if self.under_way:
            self.under_way.result()
            self.under_way = None
            if self.progress:
                self.progress(sum(each.added for each in self.counters))

    def close(self) -> None:
        """Send the rest, say what has no document, and count again on the server."""
        for counter in self.counters:
            self._send(counter)
            for doc_id, waiting in counter.missing.items():
                reason = f"document {doc_id} is not in this workspace; ingest it again"
                self.rejects += [
                    Reject(place=f"assignment {item.assignment_id}", reason=reason)
                    for item in waiting
                ]
        self._arrive()
        if not self.dry_run and any(counter.added for counter in self.counters):
            self._recount()

    def _recount(self) -> None:
        counts = {project.id: project.tasks for project in self.client.projects()}
        for counter in self.counters:
            there = sum(counts.get(project.id, 0) for project in counter.found)
            stock = counter.stock
            if there != len(stock.tasks) + len(stock.strangers) + counter.added:
                found = [item.replace(tasks=counts.get(item.id, 0)) for item in counter.found]
                again = take_stock(self.client, found, assignee=counter.assignee)
                stock.removed += again.removed
                stock.merged += again.merged

    def pushed(self) -> Pushed:
        """Give what was done."""
        return Pushed(
            projects=tuple(self._project(counter) for counter in self.counters),
            merged=tuple(note for counter in self.counters for note in counter.stock.merged),
            rejects=tuple(self.rejects),
        )

    def _project(self, counter: _Counter) -> PushedProject:
        project = counter.found[0] if counter.found else None
        url = self.client.base_url
        return PushedProject(
            annotator=counter.desk.annotator,
            round=counter.desk.round,
            title=project.title if project else projects.title(self.name, counter.desk),
            project_id=project.id if project else None,
            url=projects.labelling_url(url, project.id) if project else None,
            created=counter.created,
            added=counter.added,
            present=len(counter.stock.tasks),
            removed=counter.stock.removed,
        )
