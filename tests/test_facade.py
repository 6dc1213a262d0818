"""The Python front door."""

import subprocess
import sys
from pathlib import Path

import pytest

import annotate
from annotate import errors, model

STORY = """Ferry stays in port after inspection

The ferry to Holm stays in port, the shipping office said on Monday. A senior official in the
transport ministry, who asked not to be named, said the hull had been patched twice since March.
“Nobody told the crew,” the official said. It could not be verified who signed the papers.

Share this article
"""


def test_the_facade_is_sorted_and_whole() -> None:
    """Everything that is promised loads, and the list is in order."""
    assert sorted(annotate.__all__) == annotate.__all__
    for name in annotate.__all__:
        assert getattr(annotate, name) is not None


def test_every_error_is_public_and_has_an_exit_code() -> None:
    """One root catches all; each error tells the command line how to end."""
    for name, kind in vars(errors).items():
        if isinstance(kind, type) and issubclass(kind, Exception):
            assert name in annotate.__all__
            assert issubclass(kind, annotate.AnnotateError)
            assert kind.exit_code in {1, 2, 3}


def test_every_stored_type_is_public() -> None:
    """The records of model.py are what users hold in their hands."""
    for name, kind in vars(model).items():
        stored = isinstance(kind, type) and issubclass(kind, model.Record)
        if stored and kind is not model.Record:
            assert name in annotate.__all__


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """A typo fails as in any module."""
    with pytest.raises(AttributeError, match="sugest"):
        _ = annotate.sugest


def test_suggest_stays_a_function_whatever_loads_first() -> None:
    """Loading the stage's package never hides the function of the same name."""
    code = (
        "import annotate.suggest.engine\nfrom annotate.suggest import rules\nimport annotate\n"
        "assert callable(annotate.suggest), annotate.suggest"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_the_package_loads_no_heavy_library() -> None:
    """`import annotate` costs nothing."""
    code = (
        "import sys, annotate\n"
        "heavy = {'msgspec', 'numpy', 'pandas', 'pyarrow', 'sklearn', 'yaml', 'httpx'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_error_is_one_line_with_a_hint() -> None:
    """Message, full stop, hint; a line break in a value never breaks the line."""
    error = errors.InvalidFile("a\nb.toml: key is not known", hint="Correct it")
    assert str(error) == "a b.toml: key is not known. Correct it"


@pytest.mark.parametrize("text", ["", "\ud800", "\r\n", "A source said\r\nso.\r\n", "\x00" * 9])
def test_any_string_may_be_suggested_on(text: str) -> None:
    """Offsets are into the string as given, whatever it holds."""
    assert all(text[item.start : item.end] for item in annotate.suggest(text))


def test_a_string_gets_what_a_document_gets(tmp_path: Path) -> None:
    """The function and the command are one suggester."""
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    workspace = annotate.Workspace.create(tmp_path / "w", name="w")
    workspace = annotate.Workspace(workspace.root)
    workspace.ingest([tmp_path / "story.txt"])
    workspace.suggest()
    stored = workspace.rows(annotate.Suggestion)
    assert stored
    assert annotate.suggest(STORY) == stored
