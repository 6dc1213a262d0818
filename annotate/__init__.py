"""Tag rhetorical markers in news and release what people made of them.

    annotate.suggest(text)      spans that the rules propose, offsets into `text`
    annotate.load(path)         a release, typed
    annotate.Workspace(path)    a workspace, with one method per stage

The types and the errors stand beside them; everything else is private. Names load when
they are first used, so that `import annotate` costs nothing.
"""

from typing import TYPE_CHECKING, Any

# The package of the stage is loaded before the function below takes its name.
import annotate.suggest as _stage

if TYPE_CHECKING:
    from pathlib import Path

    from annotate.errors import (
        AnnotateError,
        DataError,
        EnvironmentFault,
        GateFailed,
        InvalidFile,
        MissingExtra,
        NewerWorkspace,
        NothingToDo,
        NotWritable,
        ServerFault,
        UsageError,
        WorkspaceLocked,
        WrongToken,
    )
    from annotate.model import (
        AnnotatedSpan,
        Annotation,
        Appearance,
        Assignment,
        Document,
        Duplicate,
        GoldSpan,
        OpenSpan,
        Range,
        Reject,
        Span,
        Suggestion,
        Tombstone,
        Verdict,
        Zone,
    )
    from annotate.pipeline import Workspace
    from annotate.release.reader import Release

del _stage

_ERRORS = (
    "AnnotateError",
    "DataError",
    "EnvironmentFault",
    "GateFailed",
    "InvalidFile",
    "MissingExtra",
    "NewerWorkspace",
    "NotWritable",
    "NothingToDo",
    "ServerFault",
    "UsageError",
    "WorkspaceLocked",
    "WrongToken",
)
_TYPES = (
    "AnnotatedSpan",
    "Annotation",
    "Appearance",
    "Assignment",
    "Document",
    "Duplicate",
    "GoldSpan",
    "OpenSpan",
    "Range",
    "Reject",
    "Span",
    "Suggestion",
    "Tombstone",
    "Verdict",
    "Zone",
)
_HOMES = (
    dict.fromkeys(_ERRORS, "annotate.errors")
    | dict.fromkeys(_TYPES, "annotate.model")
    | {"Workspace": "annotate.pipeline", "Release": "annotate.release.reader"}
)

__all__ = [
    "AnnotateError",
    "AnnotatedSpan",
    "Annotation",
    "Appearance",
    "Assignment",
    "DataError",
    "Document",
    "Duplicate",
    "EnvironmentFault",
    "GateFailed",
    "GoldSpan",
    "InvalidFile",
    "MissingExtra",
    "NewerWorkspace",
    "NotWritable",
    "NothingToDo",
    "OpenSpan",
    "Range",
    "Reject",
    "Release",
    "ServerFault",
    "Span",
    "Suggestion",
    "Tombstone",
    "UsageError",
    "Verdict",
    "Workspace",
    "WorkspaceLocked",
    "WrongToken",
    "Zone",
    "load",
    "suggest",
]


def suggest(text: str) -> "list[Suggestion]":
    """Give the spans that the rules for tier 1 propose in a string.

    Offsets are code points of `text` as given, end-exclusive. Boilerplate is left out.
    """
    from annotate.pipeline.suggest import suggest_string

    return suggest_string(text)


def load(path: "str | Path") -> "Release":
    """Give the release in that folder; raises InvalidFile when it is none."""
    from annotate.release.reader import load as load_release

    return load_release(path)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        message = f"module 'annotate' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
