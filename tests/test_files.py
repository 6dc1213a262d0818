"""Folders that are written whole or not at all."""

from pathlib import Path

import pytest

from annotate.errors import NotWritable
from annotate.files import write_folder


def held(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    """The new content stands alone, and nothing is left beside it."""
    write_folder(tmp_path / "m", {"a": b"1", "deep/b": b"2"})
    write_folder(tmp_path / "m", {"c": b"3"})
    assert held(tmp_path) == {"m/c": b"3"}


@pytest.mark.parametrize("number", [1, 2])
def test_a_failed_rename_leaves_the_old_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Whichever of the two renames fails, the old content is there afterwards."""
    write_folder(tmp_path / "m", {"a": b"old"})
    rename, calls = Path.rename, []

    def failing(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == number:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(NotWritable, match="no space left"):
        write_folder(tmp_path / "m", {"a": b"new"})
    assert held(tmp_path) == {"m/a": b"old"}


def test_what_a_crash_left_aside_comes_back(tmp_path: Path) -> None:
    """A kill between the renames loses nothing, even when the next write fails."""
    write_folder(tmp_path / "m", {"a": b"old"})
    (tmp_path / "m").rename(tmp_path / ".m.old")
    with pytest.raises(NotWritable):
        write_folder(tmp_path / "m", {"a/b": b"1", "a": b"a file where a folder is"})
    assert held(tmp_path) == {"m/a": b"old"}
