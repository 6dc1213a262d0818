"""A release in the hands of its readers: each finds the same rows and spans."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pandas as pd
import pytest

from annotate.model import Annotation
from annotate.pipeline.export import LABEL_CONFIG, export
from annotate.pipeline.release import release
from annotate.release import Release, load
from annotate.release.layers import RECORDS
from annotate.workspace import Workspace

Make = Callable[..., Workspace]
Counts = dict[str, dict[str, int]]

MARKER = "vague_collective_source"
KINDS = ("disputed", "agreed", "alone", "some_empty", "all_empty")
RECOMMENDED = ("citeAs", "datePublished", "license")
ANSWERS = """\
licence = "https://creativecommons.org/licenses/by/4.0/"

[release.datasheet]
citation = "The plans of Velden, annotated. Velden Press."
published = "2031-05-01"
"""
# What mlcroissant asks of rdflib and pandas.
CROISSANT = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning",
    "ignore:The inplace keyword in DataFrame.reset_index:DeprecationWarning",
)
each_kind = pytest.mark.parametrize("kind", KINDS)


def workspace_of(kind: str, make: Make) -> Workspace:
    """Give 20 documents that two people agree on, or what the kind says."""
    workspace = make(kind, people=("ana",) if kind == "alone" else ("ana", "ben"))
    rows = workspace.rows(Annotation)
    if kind == "disputed":
        rows = [
            row.replace(spans=row.spans[:1]) if row.annotator == "ben" and number % 3 else row
            for number, row in enumerate(rows)
        ]
    elif kind != "agreed":
        empty = {row.doc_id for row in rows[::3]} if kind == "some_empty" else set()
        gone = kind == "all_empty"
        rows = [row.replace(spans=()) if gone or row.doc_id in empty else row for row in rows]
    workspace.write(Annotation, rows)
    return workspace


@pytest.fixture
def released(make: Make) -> Callable[[str], Release]:
    """Give a maker of releases by their kind."""
    return lambda kind: load(release(workspace_of(kind, make)).path)


def lines(made: Release, layer: str) -> dict[str, list[Any]]:
    """Give the rows of a layer by split, from its plain JSON lines."""
    return {
        path.stem: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in (made.path / "jsonl" / layer).glob("*.jsonl")
    }


def counts(made: Release) -> Counts:
    """Give the number of rows by layer and split, from the plain JSON lines."""
    found = {layer: lines(made, layer) for layer in RECORDS}
    return {
        layer: {split: len(rows) for split, rows in splits.items()}
        for layer, splits in found.items()
        if splits
    }


def spans_of(made: Release) -> dict[str, list[tuple[int, int, str]]]:
    """Give the places and markers of each document's gold spans, from the plain JSON lines."""
    return {
        row["doc_id"]: sorted((it["start"], it["end"], it["marker"]) for it in row["spans"])
        for rows in lines(made, "gold").values()
        for row in rows
    }


@each_kind
def test_the_kinds_are_what_they_are_called(kind: str, released: Callable[[str], Release]) -> None:
    """So that the tests below see releases without spans, disagreement or a second annotator."""
    made = released(kind)
    spans = [len(found) for found in spans_of(made).values()]
    assert made.summary.annotators == (1 if kind == "alone" else 2)
    assert (made.summary.open > 0) == (kind == "disputed")
    assert (0 in spans) == kind.endswith("empty")
    assert (sum(spans) == 0) == (kind == "all_empty")
    assert sum(made.summary.splits.values()) == len(spans)


@each_kind
def test_datasets_loads_every_configuration_and_split(
    kind: str,
    released: Callable[[str], Release],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the path alone and by `to_hf`, with as many rows and spans as there are lines."""
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    made = released(kind)
    expected = counts(made)
    assert datasets.get_dataset_config_names(str(made.path)) == [*expected]
    for layer, splits in expected.items():
        alone = datasets.load_dataset(str(made.path), layer)
        ours = made.to_hf(layer)
        for found in (alone, ours):
            assert {name: len(rows) for name, rows in found.items()} == splits
        assert {name: rows.features for name, rows in alone.items()} == {
            name: rows.features for name, rows in ours.items()
        }
    gold = made.to_hf()
    assert tuple(gold) == made.splits
    assert {
        row["doc_id"]: sorted((it["start"], it["end"], it["marker"]) for it in row["spans"])
        for rows in gold.values()
        for row in rows
    } == spans_of(made)
    assert ("spans" in expected) == bool(made.to_hf("spans"))


@each_kind
def test_pandas_reads_every_file(kind: str, released: Callable[[str], Release]) -> None:
    """By the path alone and by `to_frame`; a split without rows has the same columns."""
    made = released(kind)
    expected = counts(made)
    for layer in RECORDS:
        columns = {tuple(made.to_frame(split, layer).columns) for split in made.splits}
        assert len(columns) == 1
        for split in made.offered(layer):
            alone = pd.read_parquet(made.path / f"data/{layer}/{split}-00000-of-00001.parquet")
            pd.testing.assert_frame_equal(made.to_frame(split, layer), alone)
            assert len(alone) == expected[layer][split]
    assert {
        row["doc_id"]: sorted((it["start"], it["end"], it["marker"]) for it in row["spans"])
        for split in made.splits
        for row in made.to_frame(split).to_dict("records")
    } == spans_of(made)


def croissant_of(made: Release) -> Any:
    import mlcroissant  # type: ignore[import-untyped]

    return mlcroissant.Dataset(jsonld=made.path / "croissant.json")


@CROISSANT
@each_kind
def test_croissant_gives_the_records_of_each_layer(
    kind: str, released: Callable[[str], Release]
) -> None:
    """Its validator finds no error, and its reader the rows of all splits."""
    made = released(kind)
    described = croissant_of(made)
    assert described.metadata.issues.errors == set()
    expected = {layer: sum(splits.values()) for layer, splits in counts(made).items()}
    assert [it.id for it in described.metadata.record_sets] == [*expected]
    for layer, count in expected.items():
        found = Counter(
            row[f"{layer}/doc_id"].decode() for row in described.records(record_set=layer)
        )
        assert found.total() == count
        assert found == Counter(
            row["doc_id"] for rows in lines(made, layer).values() for row in rows
        )


@CROISSANT
@pytest.mark.parametrize("answered", [False, True])
def test_croissant_warns_of_what_only_people_can_answer(make: Make, *, answered: bool) -> None:
    """How to cite it, its date and its licence; answered in annotate.toml, of nothing."""
    workspace = make()
    config = workspace.path("annotate.toml")
    if answered:
        text = config.read_text(encoding="utf-8")
        assert "\n[release]\n" in text
        config.write_text(text.replace("\n[release]\n", f"\n[release]\n{ANSWERS}"))
    made = load(release(Workspace(workspace.root)).path)
    issues = croissant_of(made).metadata.issues
    assert issues.errors == set()
    named = sorted(name for it in issues.warnings for name in RECOMMENDED if name in it)
    assert (named, len(issues.warnings)) == (([], 0) if answered else ([*RECOMMENDED], 3))


@each_kind
def test_bio_lines_tag_every_span(
    kind: str, released: Callable[[str], Release], tmp_path: Path
) -> None:
    """A document at a time; together they are the file that the export writes."""
    made = released(kind)
    expected = spans_of(made)
    export("bio", made.path, out=tmp_path / "out", markers=[MARKER])
    for split in made.splits:
        found = [*made.to_bio(split, MARKER)]
        tags = [text.count(f"\tB-{MARKER}\n") for text in found]
        names = [text.split("\t", 2)[1] for text in found]
        assert dict(zip(names, tags, strict=True)) == {
            it.doc_id: len(expected[it.doc_id]) for it in made.documents(split)
        }
        written = (tmp_path / "out" / split / f"{MARKER}.conll").read_text(encoding="utf-8")
        assert "".join(found) == written


@each_kind
def test_spacy_reads_the_docbin_back(
    kind: str, released: Callable[[str], Release], tmp_path: Path
) -> None:
    """From disk, with the spans to the character, whatever pipeline cut the tokens."""
    spacy = pytest.importorskip("spacy", reason="needs spaCy: pip install -e '.[spacy]'")
    made = released(kind)
    expected = spans_of(made)
    by_character = spacy.blank("xx")
    by_character.tokenizer = lambda text: spacy.tokens.Doc(
        by_character.vocab, words=list(text), spaces=[False] * len(text)
    )
    for nlp in (None, spacy.blank("de"), by_character):
        for split in made.splits:
            made.to_spacy(split, nlp=nlp).to_disk(tmp_path / "docs.spacy")
            packed = spacy.tokens.DocBin(store_user_data=True).from_disk(tmp_path / "docs.spacy")
            docs = list(packed.get_docs(spacy.blank("en").vocab))
            assert [doc.text for doc in docs] == [it.full_text for it in made.documents(split)]
            for doc in docs:
                spans = [(it.start_char, it.end_char, it.label_) for it in doc.spans["sc"]]
                assert sorted(spans) == expected[doc.user_data["annotate"]["doc_id"]]


@pytest.mark.studio
def test_label_studio_imports_every_task(
    released: Callable[[str], Release], label_studio: Any, tmp_path: Path
) -> None:
    """The server's own import takes each split, with every annotation and region."""
    made = released("some_empty")
    expected = spans_of(made)
    export("label-studio", made.path, out=tmp_path / "out")
    config = (tmp_path / "out" / LABEL_CONFIG).read_text(encoding="utf-8")
    project = label_studio.client.create_project(f"release {uuid4().hex[:8]}", config)
    try:
        for split in made.splits:
            tasks = json.loads((tmp_path / "out" / f"{split}.json").read_text(encoding="utf-8"))
            made_ids = label_studio.client.import_tasks(project.id, tasks)
            assert len(made_ids) == made.summary.splits[split]
        there = list(label_studio.client.list_tasks(project.id))
    finally:
        label_studio.client.delete_project(project.id)
    assert len(there) == len(expected)
    assert [len(task["annotations"]) for task in there] == [1] * len(expected)
    assert {task["data"]["doc_id"]: regions(task) for task in there} == expected


def regions(task: dict[str, Any]) -> list[tuple[int, int, str]]:
    return sorted(
        (it["value"]["start"], it["value"]["end"], it["value"]["labels"][0])
        for it in task["annotations"][0]["result"]
        if "labels" in it.get("value", {})
    )
