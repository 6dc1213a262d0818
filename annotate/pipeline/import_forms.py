"""The formats that are read from bytes alone: which files of a folder they are in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from annotate.errors import InvalidFile
from annotate.formats import (
    bio_read,
    brat_folder,
    conll2010,
    docbin,
    doccano,
    jsonl,
    ptc,
    w3c_read,
)
from annotate.formats.foreign import Export

LOSS = "LOSS.json"  # what an export says of itself


@dataclass(frozen=True, kw_only=True)
class Form:
    """A format: the endings of its files, and how they are read.

    With `beside`, a text and what is said of it are files beside each other.
    """

    read: Callable[..., Export]
    endings: tuple[str, ...]
    beside: bool = False

    def files(self, path: Path) -> dict[str, Path]:
        """Give the files by the names they are called by; raises InvalidFile without any."""
        if path.is_file() and not self.beside:
            return {_readable(path.name): path}
        found = {_readable(it.relative_to(path).as_posix()): it for it in sorted(self._in(path))}
        if not found:
            what = "a file, and this format is a folder" if path.is_file() else "no such files"
            raise InvalidFile(
                f"{path}: {what} (*{', *'.join(self.endings)})",
                hint="Name the folder that holds them",
            )
        return found

    def _in(self, folder: Path) -> Iterator[Path]:
        for path in folder.rglob("*"):
            hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
            if path.name.endswith(self.endings) and path.name != LOSS and not hidden:
                yield path


FORMS = {
    "jsonl": Form(read=jsonl.read, endings=(".jsonl", ".ndjson")),
    "doccano": Form(read=doccano.read, endings=(".jsonl", ".json")),
    "brat": Form(read=brat_folder.read, endings=(".txt", ".ann"), beside=True),
    "ptc": Form(read=ptc.read, endings=(".txt", ".labels"), beside=True),
    "w3c": Form(read=w3c_read.read, endings=(".txt", ".jsonld", ".json"), beside=True),
    "docbin": Form(read=docbin.read, endings=(".spacy",)),
    "bio": Form(read=bio_read.read, endings=(".conll", ".bio", ".tsv")),
    "conll": Form(read=bio_read.read, endings=(".conll", ".bio", ".tsv")),
    "conll2010": Form(read=conll2010.read, endings=(".xml",)),
}


def person(path: Path) -> str:
    """Give who annotated what stands at a path and names nobody: the path's own name."""
    return _readable(path.resolve().stem)


def _readable(name: str) -> str:
    """Give a name without bytes that are no text."""
    return name.encode("utf-8", "backslashreplace").decode()
