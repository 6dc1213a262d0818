"""Suggest over parts: the same bytes however it is run, and nothing done twice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import tables
from annotate.errors import DataError, InvalidFile, UsageError
from annotate.model import (
    Document,
    Record,
    Suggestion,
    Zone,
    ZoneKind,
    document_id,
    text_sha256,
)
from annotate.pipeline import suggest_plan
from annotate.pipeline.suggest import suggest
from annotate.pipeline.suggest_parts import opened
from annotate.pipeline.suggest_places import place
from annotate.workspace import Workspace

TEXT = (
    "Bridge at Ostrava Mill stays shut\n\n"
    "A source in the ministry said on Monday that bridge number {number} was unsafe. Critics say "
    "the repair was allegedly paid twice. The motives are unclear. Share this article"
)
PARTS = 5


def documents(first: int, number: int) -> list[Document]:
    texts = [TEXT.format(number=each) for each in range(first, first + number)]
    return [
        Document(
            doc_id=document_id(text),
            text=text,
            text_sha256=text_sha256(text),
            title=text.partition("\n")[0],
            canonicaliser="test@1",
        )
        for text in texts
    ]


def zones_of(document: Document) -> list[Zone]:
    edges = (0, len(document.title or ""), document.text.index("Share"), len(document.text))
    kinds: tuple[ZoneKind, ...] = ("title", "body", "boilerplate")
    return [
        Zone(doc_id=document.doc_id, start=start, end=end, zone=kind)
        for start, end, kind in zip(edges, edges[1:], kinds, strict=False)
    ]


def make(folder: Path, *, sizes: tuple[int, ...] = (3,) * PARTS) -> Workspace:
    """Give a workspace with a part of documents for each size, and their zones."""
    workspace = Workspace.create(folder, name="w")
    held: list[Document] = []
    for size in sizes:
        held += (new := documents(len(held), size))
        workspace.append(Document, new)
    workspace.write(Zone, [zone for document in held for zone in zones_of(document)])
    return workspace


def written(workspace: Workspace) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in workspace.parts(Suggestion)}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make(tmp_path / "w")


def test_many_processes_write_what_one_writes(workspace: Workspace, tmp_path: Path) -> None:
    """The same counts, parts byte by byte, and manifest; progress grows part by part."""
    other = make(tmp_path / "other")
    seen: list[int] = []
    one, two = suggest(workspace), suggest(other, jobs=2, progress=seen.append)
    assert one == two
    assert seen == [3 * (number + 1) for number in range(PARTS)]
    assert one.documents == 3 * PARTS
    assert one.suggestions == len(workspace.rows(Suggestion)) > one.documents
    assert written(workspace) == written(other)
    assert len(written(other)) == PARTS
    ours, theirs = workspace.last_run("suggest"), other.last_run("suggest")
    assert ours
    assert theirs
    assert ours.inputs == theirs.inputs


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_second_run_keeps_every_part(workspace: Workspace, jobs: int) -> None:
    """The counts come from the parts themselves; no part and no manifest is written."""
    first = suggest(workspace)
    times = [path.stat().st_mtime_ns for path in workspace.parts(Suggestion)]
    again = suggest(workspace, jobs=jobs)
    assert again == first.replace(written_parts=0)
    assert [path.stat().st_mtime_ns for path in workspace.parts(Suggestion)] == times
    assert len(list(workspace.path("runs").glob("*-suggest.json"))) == 1


def test_only_parts_whose_input_changed_are_made_again(workspace: Workspace) -> None:
    """Other zones, another text, damage: that part and no other."""
    suggest(workspace)
    before = written(workspace)
    zones = workspace.rows(Zone)
    workspace.write(Zone, [zones[0].replace(end=5), *zones[1:]])
    workspace.parts(Suggestion)[2].write_bytes(b"PAR1 cut")
    one, *others = documents(9, 3)
    changed = one.replace(text=one.text.replace("A source", "An engineer"))
    workspace.write_part(Document, number=3, rows=[changed, *others])
    assert suggest(workspace).written_parts == 3
    after = written(workspace)
    assert [name for name in before if before[name] != after[name]] == [
        "part-00000.parquet",
        "part-00003.parquet",
    ]


def test_other_rules_make_every_part_again(workspace: Workspace) -> None:
    """More markers are more rules, so nothing old is kept; back again gives the old bytes."""
    suggest(workspace)
    before = written(workspace)
    config = workspace.path("annotate.toml")
    for tier in (2, 1):
        config.write_text(f"[markers]\ntier = {tier}\n")
        assert suggest(Workspace(workspace.root)).written_parts == PARTS
    assert written(workspace) == before


def test_a_dry_run_counts_and_writes_nothing(workspace: Workspace) -> None:
    """It gives what the run will give."""
    dry = suggest(workspace, dry_run=True, jobs=2)
    assert not workspace.table(Suggestion).exists()
    assert not workspace.path("runs").exists()
    assert dry == suggest(workspace)


def test_anyone_can_read_the_parts(workspace: Workspace) -> None:
    """The folder opens in pandas, and the workspace's frame joins parts of different metadata."""
    result = suggest(workspace)
    assert len(pd.read_parquet(workspace.table(Suggestion))) == result.suggestions
    assert len(workspace.frame(Suggestion)) == result.suggestions


def test_zones_in_any_order_give_the_same(workspace: Workspace) -> None:
    """Their usual place is found by one pass; elsewhere they are searched for."""
    suggest(workspace)
    before = written(workspace)
    zones = workspace.rows(Zone)
    other_documents_first = sorted(zones, key=lambda zone: zone.doc_id)
    torn = [*zones[1:], zones[0]]
    for order in (other_documents_first, torn):
        workspace.write(Zone, order)
        assert suggest(workspace).written_parts == 0
        for path in workspace.parts(Suggestion):
            path.unlink()
        assert suggest(workspace).written_parts == PARTS
        assert written(workspace) == before


def test_documents_without_zones_stop_only_their_part(workspace: Workspace) -> None:
    """A cut ingest is told with the number; parts that have their zones are there."""
    zones = workspace.rows(Zone)
    workspace.write(Zone, zones[: -3 * 4])
    with pytest.raises(DataError, match=r"documents without zones: 4\b.*annotate ingest"):
        suggest(workspace)
    assert len(written(workspace)) == PARTS - 2
    workspace.write(Zone, zones)
    assert suggest(workspace).written_parts == 2


def test_candidates_are_asked_for_by_name(workspace: Workspace) -> None:
    """A marker that has none is a usage error, and of annotate.toml it names the key."""
    with pytest.raises(UsageError, match="nothing_of_that_name"):
        suggest(workspace, candidates=["nothing_of_that_name"])
    workspace.path("annotate.toml").write_text('[suggest]\ncandidates = ["x"]\n')
    with pytest.raises(InvalidFile, match=r"annotate\.toml: suggest\.candidates"):
        suggest(Workspace(workspace.root))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"jobs": 0}, "0 jobs: expected 1 or more"),
        ({"engine": "spark"}, 'engine "spark" is not known; legal: local, dask'),
        ({"scheduler": "tcp://127.0.0.1:1"}, "is Dask's. Add `--engine dask`"),
    ],
)
def test_options_that_make_no_sense(
    workspace: Workspace, options: dict[str, Any], said: str
) -> None:
    """One line with the legal values, before anything is read."""
    with pytest.raises(UsageError) as caught:
        suggest(workspace, **options)
    assert said in str(caught.value)


class Layout(Record, frozen=True, kw_only=True):
    """How many documents each part has, how many zones each document, and rows of a group."""

    parts: tuple[int, ...]
    zones: tuple[int, ...]
    rows: int


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    parts = draw(st.lists(st.integers(0, 4), min_size=1, max_size=6))
    number = sum(parts)
    zones = draw(st.lists(st.integers(1, 5), min_size=number, max_size=number))
    return Layout(parts=tuple(parts), zones=tuple(zones), rows=draw(st.integers(1, 7)))


@settings(max_examples=60, deadline=None)
@given(layouts())
def test_one_pass_finds_the_zones_of_every_part(
    tmp_path_factory: pytest.TempPathFactory, layout: Layout
) -> None:
    """Whatever the sizes and row groups, a unit's rows are those of its documents."""
    folder = tmp_path_factory.mktemp("plan")
    names = iter(f"d-{number}" for number in range(sum(layout.parts)))
    parts: list[tuple[Path, list[str]]] = []
    for number, size in enumerate(layout.parts):
        held = [next(names) for _ in range(size)]
        path = folder / f"part-{number:05d}.parquet"
        made = [Document(doc_id=x, text=x, text_sha256="", canonicaliser="") for x in held]
        pq.write_table(tables.to_table(made, Document), path)
        parts.append((path, held))
    zones = folder / "zones.parquet"
    rows = [
        Zone(doc_id=f"d-{number}", start=each, end=each + 1, zone="body")
        for number, count in enumerate(layout.zones)
        for each in range(count)
    ]
    pq.write_table(tables.to_table(rows, Zone), zones, row_group_size=layout.rows)
    units = suggest_plan.of_parts([path for path, _ in parts], [place(zones)])
    for unit, (_, held) in zip(units, parts, strict=True):
        assert list(doc_ids(unit)) == [zone.doc_id for zone in rows if zone.doc_id in held]


def doc_ids(unit: Any) -> Iterator[str]:
    for rows in unit.zones:
        with opened(rows.file) as file:
            ids = file.read_row_group(rows.group).column("doc_id").to_pylist()
        yield from ids[rows.first : rows.end]
