"""`annotate demo`: the bundled sample through the whole loop, on a real Label Studio."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from annotate import resources
from annotate.errors import UsageError
from annotate.formats.label_studio import annotation_payload, read_identity
from annotate.model import Annotation, Appearance, Document, Record, Suggestion
from annotate.pipeline import sample
from annotate.pipeline.agreement import agreement
from annotate.pipeline.assign import assign
from annotate.pipeline.evaluate import EvaluateResult, evaluate
from annotate.pipeline.guide import guide
from annotate.pipeline.ingest import ingest
from annotate.pipeline.people import emails
from annotate.pipeline.pull import pull
from annotate.pipeline.push import push
from annotate.pipeline.release import release
from annotate.pipeline.studio import connect, studio_start, studio_status
from annotate.pipeline.suggest import suggest
from annotate.pipeline.train import train
from annotate.pipeline.verdicts import record_verdicts, verdicts_of
from annotate.studio.accounts import ensure_annotators
from annotate.studio.client import Client
from annotate.workspace import Workspace

Say = Callable[[str], None]


class Step(Record, frozen=True, kw_only=True):
    """A stage and its outcome in a few words."""

    name: str
    outcome: str


class DemoResult(Record, frozen=True, kw_only=True):
    """What the demo made, and where its Label Studio is."""

    workspace: str
    steps: tuple[Step, ...]
    release: str
    model: str
    guide: str
    url: str
    login: str
    credentials: str
    stop: str


def demo(folder: Path, *, progress: Say) -> DemoResult:
    """Make a workspace of the bundled sample and take it from articles to a model.

    Run again on the same folder it goes on where it stopped. Raises UsageError for a
    folder that holds something else.
    """
    workspace = _workspace(folder)
    run = _Demo(workspace, progress)
    run.prepare()
    run.label()
    return run.finish()


def _workspace(folder: Path) -> Workspace:
    wanted = (resources.sample() / "annotate.toml").read_bytes()
    there = folder / "annotate.toml"
    if folder.exists() and any(folder.iterdir()):
        if not there.is_file() or there.read_bytes() != wanted:
            raise UsageError(f"{folder} holds something else than a demo", hint="Name a new folder")
        return Workspace(folder)
    workspace = Workspace.create(folder, name="demo")
    workspace.write_bytes(there, wanted)
    return Workspace(folder)


class _Demo:
    """The steps with their outcomes."""

    def __init__(self, workspace: Workspace, progress: Say) -> None:
        self.workspace = workspace
        self.progress = progress
        self.steps: list[Step] = []

    def _done(self, name: str, outcome: str) -> None:
        self.steps.append(Step(name=name, outcome=outcome))
        self.progress(f"{name}: {outcome}")

    def prepare(self) -> None:
        """Bring the articles in, suggest, assign, start the server and push."""
        found = ingest(self.workspace, [resources.sample() / "articles"])
        self._done(
            "ingest",
            f"{found.found} articles, {found.documents} new documents, "
            f"{found.exact_duplicates} exact duplicates, {len(found.rejects)} rejected",
        )
        suggested = suggest(self.workspace)
        self._done("suggest", f"{suggested.suggestions} spans")
        assigned = assign(self.workspace)
        self._done("assign", f"{assigned.assignments} assignments to ana and ben")
        self.progress("studio: starting Label Studio; the first start takes up to a minute")
        self._done("studio", str(studio_start(self.workspace).url))
        pushed = push(self.workspace)
        self._done("push", f"{pushed.tasks} tasks in {len(pushed.projects)} projects")

    def label(self) -> None:
        """Submit the sample's annotations, each with its annotator's own token."""
        submitted = submit_sample(self.workspace)
        self._done("label", f"{submitted} annotations submitted as ana and ben")
        pulled = pull(self.workspace)
        self._done("pull", f"{pulled.annotations} annotations, {len(pulled.rejects)} quarantined")

    def finish(self) -> DemoResult:
        """Measure, decide what is disputed, release, train and evaluate."""
        measured = agreement(self.workspace).overall["overlap_f1"]
        told = measured.reason if measured.value is None else f"overlap F1 {measured.value:.3f}"
        self._done("agreement", f"{told} (blind and test documents; illustrative)")
        verdicts = verdicts_of(self.workspace, reviews(self.workspace))
        record_verdicts(self.workspace, verdicts)
        self._done("adjudicate", f"{len(verdicts)} verdicts of an adjudicator")
        released = release(self.workspace)
        self._done(
            "release",
            f"{released.documents} documents, {released.spans} gold spans, "
            f"splits {', '.join(f'{name} {count}' for name, count in released.splits.items())}",
        )
        trained = train(self.workspace)
        self._done("train", trained.name)
        self._done("evaluate", _headline(evaluate(self.workspace)))
        pages = guide(self.workspace)
        status = studio_status(self.workspace)
        root = self.workspace.root
        return DemoResult(
            workspace=str(root),
            steps=tuple(self.steps),
            release=released.path,
            model=trained.path,
            guide=pages.files[0],
            url=str(status.url),
            login=str(status.login),
            credentials=str(status.secrets),
            stop=f"annotate -C {root} studio stop",
        )


def submit_sample(workspace: Workspace) -> int:
    """Submit the sample's annotations for every task that has none; give how many."""
    with connect(workspace) as admin:
        team = workspace.config.team
        people = emails(team, team.annotators)
        accounts = ensure_annotators(admin, people, folder=workspace.path("studio"))
        labellers = {
            name: _Labeller(workspace, name, Client(admin.base_url, account.token or ""))
            for name, account in accounts.items()
        }
        return sum(
            labellers[read_identity(task).assignment.annotator].submit(task)
            for project in admin.projects()
            for task in admin.list_tasks(project.id)
            if task["meta"] and not task["annotations"]
        )


class _Labeller:
    """One person of the sample at work."""

    def __init__(self, workspace: Workspace, name: str, client: Client) -> None:
        self.client = client
        self.taxonomy = workspace.taxonomy
        documents = workspace.rows(Document)
        self.documents = {item.doc_id: item for item in documents}
        self.suggestions = {item.suggestion_id: item for item in workspace.rows(Suggestion)}
        self.annotations = sample.by_document(
            sample.read_annotations(name), documents, workspace.rows(Appearance)
        )

    def submit(self, task: Mapping[str, Any]) -> int:
        """Submit what the sample says of the task's document; 0 when it says nothing."""
        identity = read_identity(task)
        document = self.documents[identity.assignment.doc_id]
        said = self.annotations.get(document.doc_id)
        if said is None:
            return 0
        shown = [self.suggestions[each] for each in identity.shown if each in self.suggestions]
        payload = annotation_payload(
            sample.spans_of(said, document, self.taxonomy, shown),
            text=document.text,
            document_attributes=said.document_attributes,
            lead_time_s=float(20 + len(document.text) // 40),
            skipped=said.skipped,
        )
        self.client.create_annotation(task["id"], **payload)
        return 1


def reviews(workspace: Workspace) -> list[Annotation]:
    """Give the sample's adjudicated annotations as annotations of `adjudicator`."""
    documents = workspace.rows(Document)
    known = {item.doc_id: item for item in documents}
    decided = sample.by_document(
        sample.read_annotations("adjudicated"), documents, workspace.rows(Appearance)
    )
    return [_review(known[doc_id], said, workspace) for doc_id, said in sorted(decided.items())]


def _review(document: Document, said: sample.SampleAnnotation, workspace: Workspace) -> Annotation:
    taxonomy = workspace.taxonomy
    return Annotation(
        annotation_id=f"sample-{document.doc_id}",
        assignment_id=f"sample-{document.doc_id}",
        doc_id=document.doc_id,
        text_sha256=document.text_sha256,
        annotator="adjudicator",
        round=1,
        condition="blind",
        guideline_version=taxonomy.frame.guideline_version,
        taxonomy_version=taxonomy.version,
        submitted_at="2026-01-01T00:00:00Z",
        spans=tuple(sample.spans_of(said, document, taxonomy)),
        document_attributes=said.document_attributes,
    )


def _headline(result: EvaluateResult) -> str:
    report = result.report
    (split,) = (item for item in report.splits if item.split == report.headline)
    rows = {name: split.row(system=name, measure="overlap") for name in ("model", "rules")}
    told = ", ".join(
        f"{name} {'undefined' if row is None or row.f1 is None else f'{row.f1:.3f}'}"
        for name, row in rows.items()
    )
    return f"overlap F1 on {split.split}: {told} (illustrative)"
