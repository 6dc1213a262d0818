"""Other people's annotations as a format module reads them: their labels, their names.

Offsets are code points of the text as it stands in the export, end-exclusive.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from annotate.model import Condition, Origin, Range, Record, Reject


class Region(Record, frozen=True, kw_only=True):
    """A labelled stretch of a task's text, unchecked.

    `quote` is what the export says stands there. `answers` are the values given for the
    region beside its label, by the name of what was asked; `referent` is where the source
    stands that the region mentions again.
    """

    place: str
    label: str
    start: int
    end: int
    quote: str | None = None
    origin: Origin = "manual"
    answers: dict[str, str] = {}
    referent: Range | None = None


class Submission(Record, frozen=True, kw_only=True):
    """What one person submitted for a task; `person` is named as the export names them.

    `refused` regions could not even be read. `document_attributes` are answers about the
    text as a whole.
    """

    place: str
    person: str
    submitted_at: str = ""
    lead_time_s: float | None = None
    skipped: bool = False
    round: int = 1
    condition: Condition = "blind"
    regions: tuple[Region, ...] = ()
    refused: int = 0
    document_attributes: dict[str, str] = {}


class Task(Record, frozen=True, kw_only=True):
    """One text with all that was submitted for it; `data` holds the text and what is known of it.

    `html` says that its regions are on a page, not on a text; then none are read.
    """

    place: str
    data: dict[str, Any]
    submissions: tuple[Submission, ...] = ()
    html: bool = False

    @property
    def marked(self) -> bool:
        """Say whether anybody labelled anything of the text."""
        return any(item.regions for item in self.submissions)


@dataclass(kw_only=True)
class Export:
    """Everything of an export: its tasks, what was refused, and what was left aside by kind.

    `notes` counts what was taken otherwise than it stands.
    """

    tasks: list[Task] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def refuse(self, place: str, reason: str) -> None:
        """Count something that cannot be taken."""
        self.rejects.append(Reject(place=place, reason=reason))


def decoded(data: bytes, *, place: str) -> str:
    """Give a file's text as it stands, line ends and all: offsets count each of them.

    Raises ValueError that names the place.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{place} is not UTF-8"
        raise ValueError(message) from error


def offsets(start: Any, end: Any) -> tuple[int, int]:
    """Give what stands for start and end; raises ValueError unless they are whole numbers."""
    if type(start) is not int or type(end) is not int:
        message = f"start {start!r} and end {end!r} are not whole numbers"
        raise ValueError(message)
    return start, end


def says(quote: str, passage: str) -> bool:
    """Say whether a quote is a passage, but for how blanks and line ends are written."""
    return _plain(quote) == _plain(passage)


def _plain(text: str) -> str:
    # Label Studio writes a line end in a quote as a backslash and an n.
    return " ".join(text.replace("\\n", " ").split())
