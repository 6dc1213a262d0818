"""PolNeAR's folders, with invented articles; the corpus itself where it is at hand."""

import os
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from annotate.agreement.alpha import alpha
from annotate.errors import InvalidFile
from annotate.model import Annotation, Appearance, Document
from annotate.pipeline.agreement import agreement
from annotate.pipeline.import_ import import_
from annotate.scores import tally
from annotate.workspace import Workspace

TEXT = "Pier shut\n\nMayor Ulla Brandt 🏛️ said the pier was safe.\nThe builder did not answer.\n"
LABELS = ("source", "cue", "content")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give an empty workspace."""
    return Workspace.create(tmp_path / "w", name="test")


def bound(name: str, label: str, words: str) -> str:
    start = TEXT.index(words)
    return f"{name}\t{label} {start} {start + len(words)}\t{words}\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Give one article that two annotated, and one file without its article."""
    folder = tmp_path / "data" / "train"
    for name in ("text", "attributions"):
        (folder / name).mkdir(parents=True)
    (folder / "text" / "courier_2031-01-02_pier.txt").write_text(TEXT, encoding="utf-8")
    first = bound("T1", "Source", "Mayor Ulla Brandt") + bound("T2", "Cue", "said")
    second = bound("T1", "Source", "Ulla Brandt") + bound("T2", "Cue", "said")
    for name, standoff in {"pier_1a": first, "pier_b2": second, "dock_b2": second}.items():
        path = folder / "attributions" / f"courier_2031-01-02_{name}.ann"
        path.write_text(standoff, encoding="utf-8")
    return tmp_path / "data"


def test_a_folder_becomes_documents_and_annotations(workspace: Workspace, corpus: Path) -> None:
    """One annotation per file; its name says who, where and when."""
    result = import_(workspace, "polnear", corpus)
    assert result.people == {"1a": "user-1a", "b2": "b2"}
    assert result.labels == {"cue": 2, "source": 2}
    assert [(item.place, item.reason) for item in result.rejects] == [
        (
            "train/attributions/courier_2031-01-02_dock_b2.ann",
            "its text text/courier_2031-01-02_dock.txt is not there",
        )
    ]
    (appearance,) = workspace.rows(Appearance)
    assert (appearance.publisher, appearance.published) == ("courier", "2031-01-02")
    assert [item.text for item in workspace.rows(Document)] == [TEXT]


def test_importing_a_folder_twice_changes_nothing(workspace: Workspace, corpus: Path) -> None:
    """Nothing is written, not even that it ran."""
    import_(workspace, "polnear", corpus)
    again = import_(workspace, "polnear", corpus)
    assert (again.documents, again.added, again.changed) == (0, 0, 0)
    assert len(list(workspace.path("runs").iterdir())) == 1


@pytest.mark.parametrize("name", ["data/train/text", "data/train/text/courier_2031-01-02_pier.txt"])
def test_another_folder_is_refused(workspace: Workspace, corpus: Path, name: str) -> None:
    """In one line, with what to name instead."""
    with pytest.raises(InvalidFile, match=r"no folder with attributions/\*\.ann"):
        import_(workspace, "polnear", corpus.parent / name)


def test_a_file_that_is_no_text_is_refused(workspace: Workspace, corpus: Path) -> None:
    """The others are read."""
    broken = corpus / "train" / "attributions" / "courier_2031-01-02_pier_c3.ann"
    broken.write_bytes(b"T1\tCue 0 4\t\xff\n")
    result = import_(workspace, "polnear", corpus)
    assert result.annotations == 2
    assert any("not UTF-8" in item.reason for item in result.rejects)


Read = dict[str, list[Annotation]]


@pytest.fixture
def measured(workspace: Workspace, request: pytest.FixtureRequest) -> tuple[Workspace, Read]:
    """Give a compartment of the corpus, and what two or more annotators read of it."""
    folder = os.environ.get("ANNOTATE_TEST_POLNEAR")
    if not folder:
        pytest.skip("set ANNOTATE_TEST_POLNEAR to PolNeAR's data folder")
    import_(workspace, "polnear", Path(folder) / request.param)
    read: Read = defaultdict(list)
    for item in workspace.rows(Annotation):
        read[item.doc_id].append(item)
    return workspace, {doc_id: found for doc_id, found in read.items() if len(found) > 1}


@pytest.mark.parametrize(
    ("measured", "expected"),
    [("train", 0.763), ("annotator-training", 0.808)],
    indirect=["measured"],
)
def test_token_alpha_is_that_of_the_corpus(
    measured: tuple[Workspace, Read], expected: float
) -> None:
    r"""Nominal alpha over source, cue, content and none on tokens `\w+|[^\w\s]`."""
    workspace, read = measured
    people = sorted({item.annotator for found in read.values() for item in found})
    columns = []
    for document in workspace.rows(Document):
        tokens = [token.span() for token in re.finditer(r"\w+|[^\w\s]", document.text)]
        table = np.full((len(people), len(tokens)), np.nan)
        for item in read.get(document.doc_id, []):
            row = table[people.index(item.annotator)]
            row[:] = 0
            for span in item.spans:
                inside = [start < span.end and span.start < end for start, end in tokens]
                row[inside] = LABELS.index(span.marker) + 1
        columns.append(table)
    assert alpha(np.concatenate(columns, axis=1)).value == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("measured", ["train"], indirect=True)
@pytest.mark.parametrize(
    ("label", "expected"), [("source", 0.73), ("cue", 0.67), ("content", 0.65)]
)
def test_exact_pair_f1_is_that_of_the_corpus(
    measured: tuple[Workspace, Read], label: str, expected: float
) -> None:
    """The mean over articles and pairs of annotators."""
    tallies = (
        tally(first.spans, second.spans, marker=label)
        for found in measured[1].values()
        for first, second in combinations(found, 2)
    )
    scores = [2 * it.exact / (it.predicted + it.true) for it in tallies if it.predicted + it.true]
    assert mean(scores) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize(
    ("measured", "expected"),
    [("train", 0.763), ("annotator-training", 0.808)],
    indirect=["measured"],
)
def test_the_stage_gives_the_token_alpha_of_the_corpus(
    measured: tuple[Workspace, Read], expected: float
) -> None:
    """Overall, with the foreign labels as they were imported."""
    found = agreement(measured[0]).overall["token_alpha"]
    assert found.value == pytest.approx(expected, abs=0.01)
    assert found.low is not None
    assert found.low < expected


@pytest.mark.parametrize("measured", ["train"], indirect=True)
def test_the_stage_gives_the_exact_pair_f1_of_the_corpus(measured: tuple[Workspace, Read]) -> None:
    """By marker, over articles and pairs; pooled over them, longer articles count more."""
    result = agreement(measured[0])
    for label, expected in {"source": 0.73, "cue": 0.67, "content": 0.65}.items():
        found = result.markers[label]["exact_f1"]
        assert found.value == pytest.approx(expected, abs=0.02)
        assert found.low is not None
        assert found.low < expected
        pooled = result.pooled.markers[label]["exact_f1"].value
        assert pooled is not None
        assert pooled > expected
