"""Word 5-grams of a text as numbers: what near-duplicates are found by."""

import re
from array import array
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from annotate.spans import Ranged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

WORDS = 5
_WORD = re.compile(r"\w+")
_ODD = 0x9E3779B97F4A7C15


class Zoned(Ranged, Protocol):
    """A range of a text, and whether it is boilerplate."""

    @property
    def zone(self) -> str:
        """Title, body or boilerplate."""


def readable(text: str, zones: Iterable[Zoned]) -> str:
    """Give the words of a text's title and body, zone by zone."""
    inside = (zone for zone in zones if zone.zone != "boilerplate")
    return "\n".join(text[zone.start : zone.end] for zone in inside)


def shingles(text: str) -> "Hashes":
    """Give the sorted distinct 64-bit hashes of a text's word 5-grams, case folded.

    A text of fewer than five words is one shingle of all its words; one of none has none.
    """
    import numpy as np

    words = array("Q", map(_word, _WORD.findall(text.casefold())))
    hashes = np.array(words, dtype=np.uint64)
    count = max(len(hashes) - WORDS + 1, min(len(hashes), 1))
    mixed: Hashes = np.zeros(count, dtype=np.uint64)
    for place in range(min(WORDS, len(hashes))):
        mixed = (mixed ^ hashes[place : place + count]) * np.uint64(_ODD)
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)


@lru_cache(maxsize=1 << 18)
def _word(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "big")
