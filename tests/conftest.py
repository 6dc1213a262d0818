"""What tests share: what somebody marked, a real Label Studio, a real browser.

Without the extra `server` or a browser such tests skip and say how to get it; with
ANNOTATE_TEST_REQUIRE=1 in the environment, as in CI, they fail instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import asdict

from annotate import resources, tables, taxonomy
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Assignment,
    Condition,
    Document,
    Span,
    Suggestion,
    assignment_id,
    document_id,
    text_sha256,
)
from annotate.pipeline.studio import studio_start, studio_stop
from annotate.studio import server, state
from annotate.studio.accounts import Account, ensure_annotators
from annotate.studio.client import Client
from annotate.workspace import Workspace

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True, kw_only=True)
class RunningStudio:
    """A Label Studio of the test session; tests share it, so each makes its own projects."""

    folder: Path
    base_url: str
    token: str
    login: str
    password: str
    client: Client

    def sign_up(self, *names: str) -> dict[str, Account]:
        """Make accounts through the invite flow, `name@annotate.invalid`, with tokens."""
        people = {name: f"{name}@annotate.invalid" for name in names}
        return ensure_annotators(self.client, people, folder=self.folder)

    def client_of(self, account: Account) -> Client:
        """Give the client of an account that `sign_up` made."""
        return Client(self.base_url, account.token or "")


@pytest.fixture(scope="session")
def read_by() -> Callable[..., Annotation]:
    """Give what a person marked in a document: `(document, "ana", *spans)`, or in a condition."""

    def made(
        item: Document, person: str, *spans: Span, condition: Condition = "blind"
    ) -> Annotation:
        name = f"{person}-{item.doc_id}"
        return Annotation(
            annotation_id=f"n-{name}",
            assignment_id=f"a-{name}",
            doc_id=item.doc_id,
            text_sha256=item.text_sha256,
            annotator=person,
            round=1,
            condition=condition,
            guideline_version="1.0",
            taxonomy_version="1",
            submitted_at="2026-02-03T10:00:00Z",
            spans=tuple(
                AnnotatedSpan(**asdict(span), span_id=f"{name}-{span.start}", origin="manual")
                for span in spans
            ),
        )

    return made


def unavailable(reason: str) -> None:
    """Skip the test, or fail it where everything has to be there."""
    if os.environ.get("ANNOTATE_TEST_REQUIRE") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def studio_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a server that was started once and stopped: its database is made."""
    if find_spec("label_studio") is None:
        unavailable("needs Label Studio: pip install -e '.[server,test]'")
    folder = tmp_path_factory.mktemp("template") / "studio"
    try:
        server.start(folder)
    finally:
        server.stop(folder)
    return folder


def copy_template(template: Path, folder: Path) -> None:
    """Copy the database, its key and the admin's credentials into a new studio folder."""
    state.make(folder)
    for name in (state.DATABASE, ".env", "credentials.json"):
        shutil.copy2(template / name, folder / name)


@pytest.fixture
def prepare_studio(studio_template: Path) -> Iterator[Callable[[Path], None]]:
    """Give a function that spares a workspace's server its first start, and stops it at the end."""
    folders: list[Path] = []

    def prepare(workspace: Path) -> None:
        folders.append(workspace / "studio")
        copy_template(studio_template, folders[-1])

    yield prepare
    for folder in folders:
        server.stop(folder)


@pytest.fixture(scope="session")
def label_studio(
    studio_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningStudio]:
    """Give a running Label Studio for the whole session."""
    folder = tmp_path_factory.mktemp("label-studio") / "studio"
    copy_template(studio_template, folder)
    try:
        status = server.start(folder)
        admin = state.credentials(folder)
        with server.client(folder) as client:
            yield RunningStudio(
                folder=folder,
                base_url=status.url or "",
                token=admin.token,
                login=admin.email,
                password=admin.password,
                client=client,
            )
    finally:
        server.stop(folder)


@pytest.fixture
def studio_workspace(studio_template: Path, tmp_path: Path) -> Iterator[Workspace]:
    """Give a workspace of two annotators, ana and ben, with its own server running."""
    workspace = Workspace.create(tmp_path / "project", name="try", annotators=["ana", "ben"])
    copy_template(studio_template, workspace.path("studio"))
    try:
        studio_start(workspace)
        yield workspace
    finally:
        studio_stop(workspace)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Give a Playwright browser on the system's Chromium."""
    if find_spec("playwright") is None:
        unavailable("needs Playwright: pip install -e '.[test]'")
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        executable = found or playwright.chromium.executable_path
        if not Path(executable).exists():
            unavailable("needs Chromium: apt install chromium, or playwright install chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=[*BROWSER_FLAGS])
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, kw_only=True)
class Team:
    """A workspace of ana and ben whose tasks go to the session's server, and their accounts."""

    workspace: Workspace
    studio: RunningStudio
    accounts: dict[str, Account]

    def reopened(self) -> Workspace:
        """Give the workspace as the next command would open it."""
        return Workspace(self.workspace.root)

    def add(
        self,
        *texts: str,
        condition: str = "blind",
        people: tuple[str, ...] = ("ana",),
        suggestions: tuple[Suggestion, ...] = (),
    ) -> list[Document]:
        """Add documents with these texts, assigned to the people, as one part."""
        documents = [
            Document(
                doc_id=document_id(text),
                text=text,
                text_sha256=text_sha256(text),
                canonicaliser="test@1",
            )
            for text in texts
        ]
        made = [
            Assignment(
                assignment_id=assignment_id(doc_id=item.doc_id, annotator=name, round=1),
                doc_id=item.doc_id,
                annotator=name,
                round=1,
                condition=condition,
            )
            for item in documents
            for name in people
        ]
        self.workspace.append(Document, documents)
        self.workspace.append(Suggestion, suggestions)
        self.workspace.write(Assignment, [*self.workspace.rows(Assignment), *made])
        return documents

    def tasks(self, name: str = "ana") -> list[dict[str, Any]]:
        """Give the annotator's tasks as they are on the server."""
        found = self.studio.client.find_project(
            f"{self.workspace.config.project.name} · {name} · r1"
        )
        return list(self.studio.client.list_tasks(found.id)) if found else []

    def submit(self, name: str, task_id: int, **annotation: object) -> int:
        """Submit an annotation as that person; give its id."""
        with self.studio.client_of(self.accounts[name]) as client:
            return client.create_annotation(task_id, **annotation)


@pytest.fixture
def team(
    label_studio: RunningStudio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Team]:
    """Give a team with a workspace of its own on the shared server."""
    name = f"t{sha256(str(tmp_path).encode()).hexdigest()[:8]}"
    workspace = Workspace.create(tmp_path / "project", name=name, annotators=["ana", "ben"])
    config = workspace.path("annotate.toml")
    config.write_text(
        config.read_text().replace("[studio]", f'[studio]\nurl = "{label_studio.base_url}"')
    )
    monkeypatch.setenv("ANNOTATE_STUDIO_TOKEN", label_studio.token)
    yield Team(
        workspace=Workspace(workspace.root),
        studio=label_studio,
        accounts=label_studio.sign_up("ana", "ben"),
    )
    for project in label_studio.client.projects():
        if project.title.startswith(name):
            label_studio.client.delete_project(project.id)


STEPS = """\
name: clearer
since: "1"
to: "2"
why: two were taken for one, and one was never used
steps:
  - rename: {marker: vague_collective_source, to: collective_source}
  - merge: {markers: [agentless_attribution, speculative_attribution], to: speculative_attribution}
  - retire: {marker: certainty_escalation}
  - split:
      marker: named_attribution
      by: form
      into: {institution: institutional_attribution}
      otherwise: named_attribution
  - values: {marker: unnamed_source, attribute: identity_form, to: {pseudonym: no_name}}
  - values: {marker: unnamed_source, attribute: interest, to: {rival: null}}
"""


def next_schemas(folder: Path) -> Path:
    """Make schemas of version 2, with the migration `clearer` that leads there."""
    shutil.copytree(resources.schemas(), folder)
    frame = folder / "taxonomy.yaml"
    frame.write_text(frame.read_text().replace('version: "1"', 'version: "2"', 1))
    markers = folder / "markers"
    _renamed(markers, "vague_collective_source", "collective_source")
    _renamed(markers, "named_attribution", "institutional_attribution", keep=True, hotkey=None)
    for gone in ("agentless_attribution", "certainty_escalation"):
        (markers / f"{gone}.yaml").unlink()
    (folder / "migrations").mkdir()
    (folder / "migrations" / "clearer.yaml").write_text(STEPS)
    return folder


def _renamed(markers: Path, old: str, new: str, *, keep: bool = False, **more: Any) -> None:
    told = yaml.safe_load((markers / f"{old}.yaml").read_text())
    for name in ("attributes", "cues", "patterns", "derivation"):
        told.pop(name, None)
    for example in told["examples"]:
        for name in ("attributes", "rule"):
            example.pop(name, None)
    (markers / f"{new}.yaml").write_text(yaml.safe_dump(told | {"marker": new} | more))
    if not keep:
        (markers / f"{old}.yaml").unlink()


@pytest.fixture
def taxonomy_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Give a function by which the program comes with version 2 of the taxonomy, from then on."""

    def forget() -> None:
        taxonomy.load.cache_clear()
        tables.arrow_schema.cache_clear()

    def upgrade() -> None:
        folder = next_schemas(tmp_path / "schemas")
        monkeypatch.setattr(resources, "schemas", lambda: folder)
        forget()

    yield upgrade
    monkeypatch.undo()
    forget()
