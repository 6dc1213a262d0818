"""Every error a user can cause, as one tree with one root.

    AnnotateError
    ├── DataError            exit 1: the data, or a gate
    │   ├── InvalidFile      a file that cannot be read as what it should be
    │   ├── NothingToDo      a stage without the input that an earlier stage gives
    │   └── GateFailed       a measured value under its configured gate
    ├── UsageError           exit 2: the call itself
    └── EnvironmentFault     exit 3: what surrounds the program
        ├── MissingExtra     an optional dependency is not installed
        ├── ServerFault      Label Studio is down, foreign, or refuses
        │   └── WrongToken   Label Studio answers, and does not know the token
        ├── WorkspaceLocked  another process is writing
        ├── NotWritable      a folder or a disk does not take the file
        └── NewerWorkspace   the workspace was written by a newer version

The message says what and where, with the legal values; the hint says what to do.
"""


class AnnotateError(Exception):
    """Root of the tree: catch this to catch everything that a user can cause."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str) -> None:
        """Take a message without a final stop, and the hint that follows it."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Give the one line that the command line prints."""
        line = f"{self.message}. {self.hint}" if self.hint else self.message
        return " ".join(line.split())


class DataError(AnnotateError):
    """The input or a measured value does not pass."""


class InvalidFile(DataError):
    """A file or a value in it is not what its format allows."""


class NothingToDo(DataError):
    """An earlier stage has not produced what this one reads."""


class GateFailed(DataError):
    """A measured value is under the gate that annotate.toml sets."""


class UsageError(AnnotateError):
    """The call itself is wrong."""

    exit_code = 2


class EnvironmentFault(AnnotateError):
    """Something around the program is missing or refuses."""

    exit_code = 3


class MissingExtra(EnvironmentFault):
    """An optional dependency is not installed."""


class ServerFault(EnvironmentFault):
    """Label Studio is down, is somebody else's, or refuses a request."""


class WrongToken(ServerFault):
    """Label Studio answers and does not accept the token."""


class WorkspaceLocked(EnvironmentFault):
    """Another process holds the workspace's lock."""


class NotWritable(EnvironmentFault):
    """A folder or a disk does not take a file."""


class NewerWorkspace(EnvironmentFault):
    """The workspace was written by a newer version of this program."""
