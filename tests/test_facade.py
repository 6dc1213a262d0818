"""The Python front door."""

import subprocess
import sys

import pytest

import annotate
from annotate import errors, model


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
