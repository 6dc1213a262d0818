"""Where an export goes while it is written: files that grow, or nothing but their names."""

from collections import OrderedDict
from filecmp import cmp
from pathlib import Path
from typing import BinaryIO, Self

_MOST = 64  # files that are open at a time; a file for each marker of a split is under it


class Counted:
    """Takes what would be written, and keeps the names alone."""

    def __init__(self) -> None:
        """Begin without any file."""
        self.paths: set[str] = set()

    def put(self, path: str, _data: bytes) -> None:
        """Note that there would be this file."""
        self.paths.add(path)


class Appended:
    """Files of a folder that grow at their ends; all are closed when the block ends."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which is there."""
        self.folder = folder
        self.paths: set[str] = set()
        self._open: OrderedDict[str, BinaryIO] = OrderedDict()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open."""
        while self._open:
            self._open.popitem()[1].close()

    def put(self, path: str, data: bytes) -> None:
        """Add bytes at the end of the file with that path, which is made when it is new."""
        file = self._open.pop(path, None)
        if file is None:
            if len(self._open) >= _MOST:
                self._open.popitem(last=False)[1].close()
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            file = (self.folder / path).open("ab")
        self._open[path] = file
        self.paths.add(path)
        file.write(data)


def same(first: Path, second: Path) -> bool:
    """Say whether two folders hold the same files with the same bytes, and are there."""
    names = _names(first)
    return names == _names(second) and all(
        cmp(first / name, second / name, shallow=False) for name in names
    )


def _names(folder: Path) -> set[str]:
    return {it.relative_to(folder).as_posix() for it in folder.rglob("*") if it.is_file()}
