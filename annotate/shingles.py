"""Word 5-grams of a text as numbers: what near-duplicates are found by."""

import re
from array import array
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

WORDS = 5
_WORD = re.compile(r"\w+")
_ODD = 0x9E3779B97F4A7C15


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
