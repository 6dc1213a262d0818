"""From what the caller names to the files to read: folders, links, standard input."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from annotate.config import Columns
from annotate.errors import EnvironmentFault, InvalidFile, UsageError
from annotate.ingest import forms
from annotate.ingest.article import LARGEST_ARTICLE, Found, Note
from annotate.ingest.canonical import one_line
from annotate.model import Reject

STDIN = "-"
_BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Input:
    """One file to read: where it is, what it is called in results, and its form.

    `named` is set for a file that the caller named: what is wrong with it is an error,
    whereas a file of a folder is refused and the rest goes on.
    """

    path: Path
    place: str
    form: str
    named: bool = True
    sniffed: bool = False


def listed(
    sources: Sequence[str | Path],
    *,
    form: str | None = None,
    own: frozenset[Path] = frozenset(),
    stdin: Path | None = None,
) -> Iterator[Input | Reject]:
    """Give the files behind paths to files and folders, the files of a folder sorted.

    Folders in `own` belong to the workspace and are left out. `-` stands for the file in
    which standard input was kept. Raises UsageError for a path that does not exist, or a
    form that is not known.
    """
    if form is not None:
        forms.named(form)
    for named in sources:
        if str(named) == STDIN and stdin is not None:
            yield _input(stdin, place="stdin", form=form, named=True)
            continue
        source = _existing(named)
        if source.is_dir():
            yield from _folder(source, form=form, own=own)
        else:
            yield _input(source, place=source.name, form=form, named=True)


def kept_stdin(paths: Sequence[str | Path], stdin: BinaryIO | None, folder: Path) -> Path | None:
    """Keep standard input in a file of `folder`, block by block, where `-` asks for it.

    Raises UsageError where it is asked for and there is none.
    """
    if STDIN not in map(str, paths):
        return None
    if stdin is None:
        raise UsageError("- stands for standard input, and there is none", hint="Pipe it in")
    path = folder / "stdin"
    with path.open("wb") as file:
        while block := stdin.read(_BLOCK):
            file.write(block)
    return path


def check(source: Input, columns: Columns) -> None:
    """Raise InvalidFile when a named table is none, or has no column with the text."""
    checker = forms.FORMS[source.form].check
    if checker is None or not source.path.stat().st_size:
        return
    try:
        checker(source.path, columns, place=source.place)
    except InvalidFile as error:
        reason = f"{source.place}: {_bare(error, source.place)}"
        raise InvalidFile(reason, hint=error.hint) from error


def read(source: Input, columns: Columns) -> Found:
    """Give what one file holds; a file that cannot be read is a reject."""
    form = forms.FORMS[source.form]
    if source.sniffed:
        yield Note(place=source.place, message=f"taken for {source.form}")
    try:
        size = source.path.stat().st_size
        if not size:
            yield Reject(place=source.place, reason="empty file")
        elif form.holds_one and size > LARGEST_ARTICLE:
            yield Reject(place=source.place, reason=f"larger than {LARGEST_ARTICLE:,} bytes")
        else:
            yield from form.read(source.path, columns, place=source.place)
    except InvalidFile as error:
        yield Reject(place=source.place, reason=_bare(error, source.place))
    except OSError as error:
        yield Reject(place=source.place, reason=_refusal(error))


def _existing(named: str | Path) -> Path:
    source = Path(named)
    try:
        there = bool(str(named)) and source.exists()
    except OSError as error:
        raise EnvironmentFault(
            f"{named}: {_refusal(error)}", hint="Give yourself permission, or check the path"
        ) from error
    if not there:
        shown = str(named) or "an empty name"
        raise UsageError(f"no such file or folder: {shown}", hint="Check the path")
    return source


def _folder(folder: Path, *, form: str | None, own: frozenset[Path]) -> Iterator[Input | Reject]:
    base = Path(folder.resolve().name)
    closed: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=closed.append):
        here = Path(root)
        below = base / here.relative_to(folder)
        refused = {name: _no_entry(here / name, own) for name in folders}
        folders[:] = sorted(name for name in folders if refused[name] is None)
        for name, reason in sorted(refused.items()):
            if reason is not None:
                yield Reject(place=one_line(str(below / name)) or "?", reason=reason)
        for name in sorted(files):
            yield _input(here / name, place=str(below / name), form=form, named=False)
    for error in closed:
        place = base / Path(error.filename).relative_to(folder)
        yield Reject(place=one_line(str(place)) or "?", reason=_refusal(error))


def _no_entry(folder: Path, own: frozenset[Path]) -> str | None:
    if folder.is_symlink():
        return "a link to a folder: name the folder itself"
    if folder.resolve() in own:
        return "belongs to the workspace"
    return "hidden" if folder.name.startswith(".") else None


def _input(path: Path, *, place: str, form: str | None, named: bool) -> Input | Reject:
    place = one_line(place) or "?"
    if path.name.startswith(".") and not named:
        return Reject(place=place, reason="hidden")
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Reject(place=place, reason="not a regular file: pipe it into standard input")
        if named and not os.access(path, os.R_OK):
            raise EnvironmentFault(f"{path} cannot be read", hint="Give yourself permission")
        known = form or forms.by_suffix(path)
        sniffed = known is None and named and not path.suffix
        if sniffed:
            known = forms.sniffed(path)
    except InvalidFile as error:
        return Reject(place=place, reason=_bare(error, place))
    except OSError as error:
        return Reject(place=place, reason=_refusal(error))
    if known is None:
        suffixes = " ".join(suffix for each in forms.FORMS.values() for suffix in each.suffixes)
        kind = f'"{one_line(path.suffix)}"' if path.suffix else "a name without suffix"
        return Reject(place=place, reason=f"form not known from {kind}; known: {suffixes}")
    return Input(path=path, place=place, form=known, named=named, sniffed=sniffed)


def _refusal(error: OSError) -> str:
    return f"cannot be read: {(error.strerror or str(error)).lower()}"


def _bare(error: InvalidFile, place: str) -> str:
    return error.message.removeprefix(f"{place}: ")
