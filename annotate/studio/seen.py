"""What pull has seen on the server: `pulls/state.json`.

It saves time and nothing else: without it, everything is read from the server again.
"""

from typing import Annotated, TypeVar

import msgspec

from annotate.model import Record, Reject

FORMAT = 1
PATH = ("pulls", "state.json")


class Seen(Record, frozen=True, kw_only=True):
    """Base of what pull keeps of the server.

    `ground` names what work was held against: what was refused may fit when it changes.
    """

    version: int = FORMAT
    ground: str = ""


S = TypeVar("S", bound=Seen)


class KnownTask(Record, frozen=True, kw_only=True):
    """A task as it was last read, and what of it was refused.

    `assignment_id` is empty for a task that does not say whose it is.
    """

    assignment_id: str
    updated_at: str
    rejects: tuple[Reject, ...] = ()


class KnownProject(Record, frozen=True, kw_only=True):
    """A project with its tasks by id.

    Ids start at 1 on every server, so `created_at` tells a project from another server's.
    `watermark` is the time from which on changes have to be read.
    """

    id: int
    annotator: str
    round: Annotated[int, msgspec.Meta(ge=1)]
    created_at: str
    watermark: str | None = None
    tasks: dict[int, KnownTask] = {}


class State(Seen, frozen=True, kw_only=True):
    """All projects that pull knows; `others` (id to creation) are not of this workspace."""

    projects: tuple[KnownProject, ...] = ()
    others: dict[int, str] = {}


def decode(data: bytes, kind: type[S]) -> S:
    """Give the state, or an empty one where it is not readable: the server has it all."""
    try:
        state = msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError:
        return kind()
    return state if state.version == FORMAT else kind()


def encode(state: State) -> bytes:
    """Give the state's file."""
    return msgspec.json.encode(state)
