"""The sums over a release's files."""

from collections.abc import Mapping
from hashlib import sha256

SUMS = "SHA256SUMS"


def with_sums(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the files in order of their paths, and SHA256SUMS over them."""
    ordered = dict(sorted(files.items()))
    lines = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in ordered.items()]
    return {**ordered, SUMS: "".join(lines).encode()}
