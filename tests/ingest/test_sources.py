"""Sources: folders, links, odd files, and what a file is when nothing says."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.config import Columns
from annotate.errors import InvalidFile, UsageError
from annotate.ingest import sources
from annotate.ingest.article import Article, Note
from annotate.ingest.forms import FORMS
from annotate.model import Reject


def _names(path: Path, **named: object) -> list[str]:
    return [
        f"{item.place}: {item.reason}" if isinstance(item, Reject) else f"{item.place} {item.form}"
        for item in sources.listed([path], **named)
    ]


def test_folder_is_walked_in_order_and_refuses_with_reasons(tmp_path: Path) -> None:
    """Files of known forms are listed sorted; hidden and unknown ones, and links, are rejects."""
    folder = tmp_path / "news"
    (folder / "b").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "tables").mkdir()
    for name in ("z.txt", "b/a.HTML", "b/c.docx", ".DS_Store", "LICENSE"):
        (folder / name).write_text("x")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    known = " ".join(suffix for form in FORMS.values() for suffix in form.suffixes)
    assert _names(folder, own=frozenset({(folder / "tables").resolve()})) == [
        "news/.git: hidden",
        "news/loop: a link to a folder: name the folder itself",
        "news/tables: belongs to the workspace",
        "news/.DS_Store: hidden",
        f"news/LICENSE: form not known from a name without suffix; known: {known}",
        "news/gone.txt: cannot be read: no such file or directory",
        "news/z.txt text",
        "news/b/a.HTML html",
        f'news/b/c.docx: form not known from ".docx"; known: {known}',
    ]


def test_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    """A path that does not exist is the caller's mistake."""
    with pytest.raises(UsageError, match="no such file or folder: "):
        list(sources.listed([tmp_path / "nothing.csv"]))


def test_unknown_form_lists_the_legal_ones(tmp_path: Path) -> None:
    """A misspelt format is answered with the formats there are."""
    with pytest.raises(UsageError, match=r'format "cvs" is not known \(did you mean csv\?\)'):
        list(sources.listed([tmp_path], form="cvs"))


def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    """A FIFO without a writer does not block the run."""
    os.mkfifo(tmp_path / "pipe.txt")
    assert _names(tmp_path / "pipe.txt") == [
        "pipe.txt: not a regular file: pipe it into standard input"
    ]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("The council closed the bridge.", "text"),
        ("title,text\na,b", "csv"),
        ("title\ttext\na\tb", "tsv"),
        ('{"text": "a"}\n{"text": "b"}', "jsonl"),
        ('[{"text": "a"}]', "json"),
        ("<!DOCTYPE html><html></html>", "html"),
        ("It rained, it snowed, it blew.", "text"),
    ],
)
def test_named_file_without_suffix_is_sniffed(tmp_path: Path, content: str, form: str) -> None:
    """What standard input or a bare name holds is told by its beginning, and said."""
    (tmp_path / "stdin").write_text(content)
    (source,) = sources.listed(["-"], stdin=tmp_path / "stdin")
    assert isinstance(source, sources.Input)
    assert (source.place, source.form) == ("stdin", form)
    first = next(iter(sources.read(source, Columns())))
    assert first == Note(place="stdin", message=f"taken for {form}")


def test_form_given_wins_over_suffix_and_beginning(tmp_path: Path) -> None:
    """A format that the caller names is not second-guessed."""
    (tmp_path / "a.dat").write_text("title,text\na,b")
    assert _names(tmp_path / "a.dat", form="text") == ["a.dat text"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files(tmp_path: Path) -> None:
    """A named file without permission is an environment fault; one in a folder a reject."""
    from annotate.errors import EnvironmentFault

    path = tmp_path / "a.txt"
    path.write_text("x")
    path.chmod(0)
    with pytest.raises(EnvironmentFault, match="cannot be read"):
        list(sources.listed([path]))
    (source,) = sources.listed([tmp_path])
    assert isinstance(source, sources.Input)
    (found,) = sources.read(source, Columns())
    assert isinstance(found, Reject)


def test_empty_and_oversized_files_are_refused(tmp_path: Path) -> None:
    """An empty file, and a text too large for one article, are rejects."""
    (tmp_path / "a.txt").write_bytes(b"")
    with (tmp_path / "b.txt").open("wb") as file:
        file.truncate(10_000_001)
    reasons = [
        item
        for source in sources.listed([tmp_path])
        if isinstance(source, sources.Input)
        for item in sources.read(source, Columns())
    ]
    assert [item.reason for item in reasons if isinstance(item, Reject)] == [
        "empty file",
        "larger than 10,000,000 bytes",
    ]


@given(st.sampled_from(sorted(FORMS)), st.binary(max_size=300) | st.text().map(str.encode))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_items_or_one_error(form: str, data: bytes) -> None:
    """Whatever a file holds, reading it gives articles, notes and rejects, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x"
        path.write_bytes(data)
        source = sources.Input(path=path, place="x", form=form)
        assert all(isinstance(item, Article | Note | Reject) for item in _items(source))
        with suppress(InvalidFile):
            sources.check(source, Columns())


def _items(source: sources.Input) -> list[Article | Note | Reject]:
    return list(sources.read(source, Columns()))


@given(st.binary(max_size=300))
def test_any_bytes_can_be_sniffed(data: bytes) -> None:
    """What standard input holds is some form, or refused as not text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stdin"
        path.write_bytes(data)
        (found,) = sources.listed(["-"], stdin=path)
        assert isinstance(found, sources.Input | Reject)
