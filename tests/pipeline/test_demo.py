"""The demo: the bundled sample through every stage, on a real Label Studio."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import annotate
from annotate import resources
from annotate.errors import UsageError
from annotate.model import Annotation, Document, Suggestion
from annotate.pipeline import Workspace, demo


@pytest.fixture
def folder(tmp_path: Path, prepare_studio: Callable[[Path], None]) -> Path:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "annotate.toml").write_bytes((resources.sample() / "annotate.toml").read_bytes())
    prepare_studio(folder)
    return folder


def traced(workspace: Workspace) -> None:
    """Assisted annotations name suggestions that were shown; blind ones saw none."""
    known = {item.suggestion_id for item in workspace.rows(Suggestion)}
    annotations = workspace.rows(Annotation)
    for annotation in annotations:
        assert set(annotation.shown) <= known
        assert annotation.condition == "assisted" or not annotation.shown
        for span in annotation.spans:
            assert (span.suggestion_id in annotation.shown) == (span.origin != "manual")
    origins = {span.origin for item in annotations for span in item.spans}
    assert origins == {"prediction", "prediction-changed", "manual"}


@pytest.mark.studio
def test_the_demo_walks_from_articles_to_a_model(folder: Path) -> None:
    """Two people's work goes through a real server, and comes out as a release and a model."""
    said: list[str] = []
    result = demo(folder, progress=said.append)
    workspace = Workspace(folder)
    texts = {item.doc_id: item.text for item in workspace.rows(Document)}
    annotations = workspace.rows(Annotation)
    assert len(annotations) == 2 * len(texts)
    assert sum(item.skipped for item in annotations) == 1
    assert any("\u200d" in texts[item.doc_id] for item in annotations), "no emoji in the sample"
    release = annotate.load(result.release)
    judgements = {span.judgement for split in release.splits for row in release.documents(split)
                  for span in row.spans}  # fmt: skip
    assert {"protected_source", "unverifiable_anonymous_source"} <= judgements
    assert {"train", "test_unseen_publisher"} <= set(release.splits)
    assert (Path(result.model) / "report.json").is_file()
    assert result.url.startswith("http://127.0.0.1:")
    password = json.loads(Path(result.credentials).read_text())["password"]
    assert password not in " ".join([*said, repr(result)])
    assert "machine-generated" in (Path(result.release) / "README.md").read_text()
    traced(workspace)
    assert workspace.status().waiting == 0
    assert not workspace.release().written

    again = demo(folder, progress=said.append)
    assert (again.release, again.model) == (result.release, result.model)
    assert workspace.rows(Annotation) == annotations


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    """The demo never writes into a folder that is not its own."""
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(UsageError, match=r"holds something else.*Name a new folder"):
        demo(tmp_path, progress=lambda _line: None)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
