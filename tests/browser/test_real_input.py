"""Real articles all the way: ingest, suggest, push, two people in the browser, pull, release."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from annotate.formats.label_studio import read_identity
from annotate.model import Annotation, Document, Reject, Suggestion
from annotate.pipeline import Workspace
from annotate.spans import merge

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [
    pytest.mark.studio,
    pytest.mark.browser,
    pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data beside the checkout"),
]


@pytest.fixture
def workspace(team: Any) -> Workspace:
    config = team.workspace.path("annotate.toml")
    config.write_text(config.read_text().replace("test = 0.2 ", "test = 0.0 "))
    workspace = Workspace(team.workspace.root)
    found = workspace.ingest(
        [DATA / "fakes" / "FA-KES-Dataset.csv", *sorted((DATA / "seeds").glob("*.txt"))]
    )
    assert found.found == 806
    assert found.documents + found.exact_duplicates + len(found.rejects) == 806
    assert all(isinstance(item, Reject) and item.place and item.reason for item in found.rejects)
    workspace.suggest()
    workspace.assign()
    return workspace


def packed(text: str) -> str:
    """Give a text without blanks and the page's zero-width spaces."""
    return "".join(text.replace("\u200b", "").split())


def current(window: Any, documents: dict[str, str], *, after: str) -> str:
    """Give the document that the label stream shows, once it is another one."""
    for _ in range(60):
        window.page.wait_for_timeout(500)
        shown = packed(window.page.locator(".lsf-htx-richtext").first.inner_text())
        if documents.get(shown, after) != after:
            return documents[shown]
    pytest.fail("the page shows no document of this workspace")


def test_real_articles_go_all_the_way(
    team: Any, workspace: Workspace, annotator: Callable[[], Any]
) -> None:
    """Every suggestion stands where it should, and what two people submit is released exactly."""
    texts = {item.doc_id: item.text for item in workspace.rows(Document)}
    suggested = {item.suggestion_id: item for item in workspace.rows(Suggestion)}
    documents = {packed(text): doc_id for doc_id, text in texts.items()}
    pushed = workspace.push()
    assert pushed.tasks == workspace.assign().assignments
    seen = 0
    for project in pushed.projects:
        window = annotator()
        account = team.accounts[project.annotator]
        window.log_in(account.email, account.password)
        window.open(project.url)
        tasks = {
            item["data"]["doc_id"]: item
            for item in team.studio.client.list_tasks(project.project_id)
        }
        doc_id = ""
        for _ in range(2):
            doc_id = current(window, documents, after=doc_id)
            identity, text = read_identity(tasks[doc_id]), texts[doc_id]
            shown = [suggested[name] for name in identity.shown]
            stretches = [text[item.start : item.end] for item in merge(shown)]
            assert window.highlighted() == stretches
            seen += len(shown)
            window.mark(text.split()[-1], "8")
            window.submit()
    assert seen, "no assisted task among those looked at"
    pulled = workspace.pull()
    assert (pulled.annotations, pulled.rejects) == (4, ())
    for row in workspace.rows(Annotation):
        (own,) = (item for item in row.spans if item.origin == "manual")
        assert texts[row.doc_id][own.start : own.end].strip(".") in texts[row.doc_id].split()[-1]
    released = Path(workspace.release(private=True).path)
    frame = pd.concat(
        pd.read_parquet(path) for path in sorted((released / "data" / "gold").glob("*.parquet"))
    )
    assert len(frame) == released_documents(released)
    assert list(frame["text"]) == [texts[doc_id] for doc_id in frame["doc_id"]]


def released_documents(folder: Path) -> int:
    """Count the gold documents as `datasets` loads them."""
    from datasets import load_dataset

    loaded = load_dataset(str(folder), "gold", cache_dir=str(folder.parent / "cache"))
    return sum(split.num_rows for split in loaded.values())
