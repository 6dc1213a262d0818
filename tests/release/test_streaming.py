"""A release is made some documents at a time, and nobody can tell from its bytes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotate.errors import InvalidFile, UsageError
from annotate.model import Annotation, Document, Zone
from annotate.pipeline import release_stretches, shelves
from annotate.pipeline.release import release
from annotate.pipeline.verify import verify
from annotate.pipeline.workers import Task, outcomes
from annotate.release import load, writing
from annotate.workspace import Workspace

Make = Callable[..., Workspace]


def sums(path: str) -> bytes:
    return Path(path, "SHA256SUMS").read_bytes()


@pytest.mark.parametrize(("size", "group"), [(1, 2_000), (3, 4), (7, 4)])
def test_the_size_of_a_stretch_changes_no_byte(
    make: Make, monkeypatch: pytest.MonkeyPatch, size: int, group: int
) -> None:
    """Whether all documents are read at once or three at a time, the release is the same."""
    monkeypatch.setattr(writing, "ROW_GROUP", group)
    whole = sums(release(make("whole")).path)
    monkeypatch.setattr(shelves, "SHELF", size)
    monkeypatch.setattr(shelves, "BATCH", size)
    assert sums(release(make("parts")).path) == whole


def test_the_number_of_processes_changes_no_byte(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process, two, or more than there are stretches: equal SHA256SUMS."""
    whole = sums(release(make("one"), jobs=1).path)
    monkeypatch.setattr(shelves, "SHELF", 3)
    for jobs in (2, 50):
        workspace, told = make(f"by{jobs}"), list[int]()
        assert sums(release(workspace, jobs=jobs, progress=told.append).path) == whole
        assert told == sorted(told)
        assert told[-1] == len({row.doc_id for row in workspace.rows(Annotation)})


def test_a_stretch_whose_process_died_at_the_end_is_done_again_whole(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is killed when its rows are written, and has not said so, loses none."""
    whole = sums(release(make("one"), jobs=1).path)
    workspace = make("two")

    def twice(task: Task[Any, Any, Any], job: Any, units: Any, *, jobs: int) -> Any:
        list(outcomes(task, job, units, jobs=jobs))
        return outcomes(task, job, units, jobs=jobs)

    monkeypatch.setattr(shelves, "SHELF", 3)
    monkeypatch.setattr(release_stretches, "outcomes", twice)
    assert sums(release(workspace, jobs=2).path) == whole


def test_what_a_process_finds_wrong_is_said_as_by_one(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that is no record is named in the same words, and no release is left."""
    monkeypatch.setattr(shelves, "SHELF", 3)
    workspace = make()
    path = workspace.table(Zone)
    table = pq.read_table(path)
    at = table.schema.get_field_index("start")
    pq.write_table(table.set_column(at, "start", pa.array([-1] * len(table))), path)
    said = set()
    for jobs in (1, 2):
        with pytest.raises(InvalidFile) as caught:
            release(workspace, jobs=jobs)
        said.add(str(caught.value))
        assert list(workspace.path("releases").iterdir()) == []
    assert len(said) == 1
    assert "row 0" in said.pop()


@pytest.mark.parametrize("jobs", [0, -2])
def test_a_number_of_processes_that_makes_no_sense_is_refused(make: Make, jobs: int) -> None:
    """Fewer than one process is one clear line."""
    with pytest.raises(UsageError, match="expected 1 or more"):
        release(make(), jobs=jobs)


def test_rows_go_into_groups_of_equal_size(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row groups are cut by rows, however they came in; the last one has what is left."""
    monkeypatch.setattr(writing, "ROW_GROUP", 4)
    monkeypatch.setattr(shelves, "SHELF", 3)
    made = load(release(make()).path)
    file = pq.ParquetFile(made.path / "data/gold/train-00000-of-00001.parquet")
    sizes = [file.metadata.row_group(at).num_rows for at in range(file.num_row_groups)]
    assert sizes[:-1] == [4] * (len(sizes) - 1)
    assert len(sizes) > 1
    assert verify(made.path).problems == ()


def test_neither_parts_nor_their_order_change_a_byte(make: Make) -> None:
    """Documents that came in many parts, backwards, give the release of one part."""
    one, many = make("one"), make("many")
    rows = many.rows(Document)
    for part in many.parts(Document):
        part.unlink()
    for item in reversed(rows):
        many.append(Document, [item])
    many.write(Annotation, list(reversed(many.rows(Annotation))))
    assert sums(release(one).path) == sums(release(many).path)


def test_two_processes_with_other_hash_seeds_write_the_same_bytes(make: Make) -> None:
    """Two commands in two folders, each with its own order of sets: equal SHA256SUMS."""
    first = make("first")
    second = Path(shutil.copytree(first.root, first.root.parent / "second" / "place"))
    for home, seed in ((first.root, "1"), (second, "4242")):
        program = "from annotate.cli import main; main()"
        call = [sys.executable, "-c", program, "release", "-C", str(home)]
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        subprocess.run(call, check=True, env=environment, capture_output=True)
    assert sums(str(first.root / "releases/0.1.0")) == sums(str(second / "releases/0.1.0"))


def test_batches_are_the_documents_of_the_split(make: Make) -> None:
    """`iter_documents` gives what `documents` gives, at most so many at a time, in order."""
    made = load(release(make()).path)
    for split in made.splits:
        batches = list(made.iter_documents(split, size=2))
        assert all(1 <= len(batch) <= 2 for batch in batches)
        rows = [row for batch in batches for row in batch]
        assert rows == made.documents(split)
        assert [row.doc_id for row in rows] == sorted(row.doc_id for row in rows)


def test_a_killed_release_leaves_nothing_that_counts(make: Make) -> None:
    """What a kill left in releases/ is no release, and is gone after the next one."""
    workspace = make()
    code = (
        "import os, sys; from annotate.pipeline import release_rows, release; "
        "from annotate.workspace import Workspace; "
        "release_rows.Drafted.lay_out = lambda *_: os._exit(9); "
        "release(Workspace(sys.argv[1]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    call = [sys.executable, "-c", code, str(workspace.root)]
    assert subprocess.run(call, check=False, env=environment).returncode == 9
    left = [path.name for path in workspace.path("releases").iterdir()]
    assert left == [".next.part"]
    made = release(workspace)
    assert [path.name for path in workspace.path("releases").iterdir()] == [made.version]
    assert verify(made.path).problems == ()


def test_a_failure_on_the_way_leaves_no_release(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk while rows are written is one clear error, and nothing is half there."""
    from annotate.errors import NotWritable

    workspace = make()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release_stretches, "keep", full)
    with pytest.raises(NotWritable, match="no space left"):
        release(workspace)
    assert list(workspace.path("releases").iterdir()) == []


@pytest.mark.parametrize("people", [("ana",), ("ana", "ben"), ("ana", "ben", "cem")])
def test_one_annotator_or_nobody_who_differs_is_a_release_too(
    make: Make, tmp_path: Path, people: tuple[str, ...]
) -> None:
    """Without a second annotator there are no tests; without a difference nothing is open."""
    import datasets

    result = release(make(people=people))
    made = load(result.path)
    assert result.open == 0
    assert verify(made.path).problems == ()
    assert {span.status for span in made.spans} == {"single" if len(people) == 1 else "consensus"}
    if len(people) == 1:
        assert {*made.splits} <= {"train", "validation"}
        assert {"test_unseen_publisher", "test_later", "test_random"} <= result.not_written.keys()
        assert sum(result.left_out.values()) == 5
    for layer in ("gold", "annotations", "spans"):
        loaded = datasets.load_dataset(result.path, layer, cache_dir=str(tmp_path / "cache"))
        counted = {name: len(rows) for name, rows in loaded.items()}
        assert {name: counted[name] for name in made.splits} == {
            name: pq.read_metadata(made.file(layer, name)).num_rows for name in made.splits
        }


def test_the_summary_counts_what_the_files_hold(make: Make) -> None:
    """release.json's numbers are those of the rows that the reader gives."""
    made = load(release(make()).path)
    said = json.loads((made.path / "release.json").read_text())
    assert said["splits"] == {split: len(made.documents(split)) for split in made.splits}
    assert said["spans"] == {
        split: sum(len(item.spans) for item in made.documents(split)) for split in made.splits
    }
    rows = [row for split in (*made.splits, "left_out") for row in made.annotations(split)]
    assert said["annotations"] == len(rows)
    assert said["annotators"] == len({row.annotator for row in rows}) == 2
