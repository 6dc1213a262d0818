"""What the tests of formats share: files that are written into memory."""

from dataclasses import dataclass, field

import pytest


@dataclass
class Grown:
    """Files in memory, and how a format writes them."""

    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, path: str, data: bytes) -> None:
        """Add bytes at the end of a file."""
        self.files[path] = self.files.get(path, b"") + data


@pytest.fixture
def grown() -> Grown:
    """Give files to write, of which there is none."""
    return Grown()
