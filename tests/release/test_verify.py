"""`annotate verify` names what is wrong with a release, and nothing else."""

import json
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotate.cli import app
from annotate.errors import InvalidFile
from annotate.pipeline.release import release
from annotate.pipeline.verify import verify
from annotate.workspace import Workspace

Make = Callable[..., Workspace]
Change = Callable[[list[dict[str, object]]], None]


@pytest.fixture
def folder(make: Make) -> Path:
    return Path(release(make()).path)


def test_a_release_as_it_was_written_is_fine(folder: Path) -> None:
    """Nothing is wrong with a release that nobody touched, wherever it was copied to."""
    copy = shutil.copytree(folder, folder.parent / "copy")
    assert verify(folder).problems == verify(copy).problems == ()


def test_one_changed_byte_in_any_file_is_named(folder: Path) -> None:
    """Whatever byte of whatever file changes: its first, its last or one between."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        for at in (0, len(content) // 2, len(content) - 1):
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            found = verify(folder).problems
            assert any(name in f"{item.file} {item.reason}" for item in found), (name, at)
        path.write_bytes(content)
    assert verify(folder).problems == ()


def test_files_that_came_or_went_are_named(folder: Path) -> None:
    """A missing file and one that is in no list are a line each."""
    (folder / "CHANGES.md").unlink()
    (folder / "data/notes.txt").write_text("mine")
    (folder / "data/gone").symlink_to(folder / "nowhere")
    found = {item.file: item.reason for item in verify(folder).problems}
    assert found.keys() == {"CHANGES.md", "data/notes.txt", "data/gone"}
    assert "is missing" in found["CHANGES.md"]
    assert "not listed" in found["data/notes.txt"]


def rewrite(folder: Path, layer: str, change: Change, split: str = "train") -> None:
    """Change the rows of a layer, in both formats, and sum up anew as a forger would."""
    path = folder / f"data/{layer}/{split}-00000-of-00001.parquet"
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    sum_up(folder)


def sum_up(folder: Path) -> None:
    names = sorted(it.relative_to(folder).as_posix() for it in folder.rglob("*") if it.is_file())
    lines = [
        f"{sha256((folder / name).read_bytes()).hexdigest()}  {name}\n"
        for name in names
        if name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


def said(folder: Path) -> str:
    return "\n".join(f"{item.file}: {item.reason}" for item in verify(folder).problems)


def far(rows: list[dict[str, object]]) -> None:
    rows[0]["spans"][0]["end"] = 9_999  # type: ignore[index]


def other_text(rows: list[dict[str, object]]) -> None:
    rows[0]["text"] = "x" * 200


def other_quote(rows: list[dict[str, object]]) -> None:
    rows[1]["text"] = "Others"


def reversed_rows(rows: list[dict[str, object]]) -> None:
    rows.reverse()


def bad_value(rows: list[dict[str, object]]) -> None:
    rows[2]["condition"] = "seen"


@pytest.mark.parametrize(
    ("layer", "change", "message"),
    [
        ("gold", far, "is behind the text's end"),
        ("gold", other_text, "text_sha256 is not the text's"),
        ("spans", other_quote, "is not as in the gold layer"),
        ("gold", reversed_rows, "stands behind"),
        ("annotations", far, "is behind the text's end"),
        ("gold", bad_value, "row 2"),
        ("annotations", reversed_rows, "is not the row of the Parquet"),
    ],
)
def test_what_a_forger_sums_up_anew_is_still_found(
    folder: Path, layer: str, change: Change, message: str
) -> None:
    """Offsets, quotes, hashes, order and values are held against each other."""
    rewrite(folder, layer, change)
    assert message in said(folder)


def test_a_cluster_in_two_splits_and_a_wrong_certificate_are_found(folder: Path) -> None:
    """Splits are computed again from the files, and so is leakage.json."""
    test = next(folder.glob("data/gold/test_*.parquet"))
    cluster = pq.read_table(test).column("cluster")[0].as_py()

    def shared(rows: list[dict[str, object]]) -> None:
        rows[0]["cluster"] = cluster

    rewrite(folder, "gold", shared)
    found = said(folder)
    assert f"cluster {cluster} is in train too" in found
    assert "leakage.json: is not what the data files give when computed again" in found


def test_a_document_in_two_splits_is_found(folder: Path) -> None:
    """A row that was copied into another split is named once for each layer."""
    test = next(folder.glob("data/gold/test_*.parquet"))
    extra = pq.read_table(test).to_pylist()[0]
    rewrite(folder, "gold", lambda rows: rows.append(extra))
    assert f"{extra['doc_id']}: cluster" in said(folder) or "stands behind" in said(folder)


def test_counts_and_schemas_are_held_against_the_files(folder: Path) -> None:
    """release.json cannot claim other numbers, and a column cannot change its type."""
    summary = json.loads((folder / "release.json").read_text())
    (folder / "release.json").write_text(json.dumps(summary | {"open": 7}))
    sum_up(folder)
    assert "release.json: open is 7, and the files have 0" in said(folder)
    path = folder / "data/gold/train-00000-of-00001.parquet"
    table = pq.read_table(path)
    at = table.schema.get_field_index("annotators")
    counts = table.column("annotators").cast(pa.string())
    pq.write_table(table.set_column(at, "annotators", counts), path)
    sum_up(folder)
    assert "column annotators is string" in said(folder)


def test_a_release_of_a_newer_program_is_named_as_such(folder: Path) -> None:
    """What this program cannot know it does not call broken."""
    summary = json.loads((folder / "release.json").read_text())
    (folder / "release.json").write_text(json.dumps(summary | {"format": 2, "more": 1}))
    sum_up(folder)
    with pytest.raises(InvalidFile, match=r"release format 2 is newer than .* knows \(1\)"):
        verify(folder)


def test_what_is_no_release_is_refused(tmp_path: Path) -> None:
    """A folder without sums is one clear error."""
    with pytest.raises(InvalidFile, match="not a release"):
        verify(tmp_path)


def test_the_command_ends_with_1_and_a_line_per_problem(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`annotate verify` says that nothing is wrong, or what is."""
    app(["verify", str(folder)], standalone_mode=False)
    assert "nothing is wrong" in capsys.readouterr().out
    (folder / "README.md").write_text("mine")
    (folder / "extra").write_text("mine")
    code = app(["verify", str(folder)], standalone_mode=False)
    assert code == 1
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "README.md",
        "extra",
    ]
