"""Where the words of a page stand, as bits of one number for each set of words.

The last word's bit is the lowest, so what is before a word is a shift to the left. What
holds of all words at once is one operation on two numbers, some millionths of a second for
a hundred thousand words.
"""

import re
from collections.abc import Sequence
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import TYPE_CHECKING

from annotate.suggest.vocabulary import Vocabulary
from annotate.suggest.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EVERYWHERE = -1
_BLANK, _DOT, _COMMA, _COLON = 1, 2, 4, 8
_READ = (
    (_BLANK, re.compile(r"[%']? +| */ *| +& +")),
    (_DOT, re.compile(r"\. +")),
    (_COMMA, re.compile(r"[.%']?(?: *, +| +-+ +| *\( *)")),
    (_COLON, re.compile(r"[.%']? *[:;] +")),
)
_MOST_BETWEEN = 10_000
_SPARSE = 12


class _Between(dict[str, int]):
    """What the characters between two words can be read as, worked out when first met."""

    def __missing__(self, written: str) -> int:
        code = sum(code for code, read in _READ if read.fullmatch(written))
        if len(self) < _MOST_BETWEEN:
            self[written] = code
        return code


_BETWEEN = _Between()


class Places:
    """The words of a page by number, in sentences that are told by their edges.

    `blank` are the words that no more than a blank parts from the next one in their
    sentence, `stops` those that each stop does; `firsts` begin a sentence.
    """

    def __init__(
        self,
        words: Sequence[str],
        between: Sequence[str],
        edges: Sequence[tuple[int, int]],
        vocabulary: Vocabulary,
    ) -> None:
        """Take the words, what follows each, and each sentence's first word and end."""
        import numpy as np

        self._vocabulary = vocabulary
        self._count = len(words)
        self._last = self._count - 1
        self._every = (1 << self._count) - 1
        firsts = np.array([first for first, last in edges if first < last], np.int64)
        lasts = np.array([last - 1 for first, last in edges if first < last], np.int64)
        inside = np.zeros(self._count + 1, np.int8)
        inside[firsts] += 1
        inside[lasts + 1] -= 1
        self._numbers = vocabulary.numbers(words) * np.cumsum(inside[:-1])
        codes = np.fromiter(map(_BETWEEN.__getitem__, between), np.int8, self._count)
        codes[lasts] = 0
        self._found: dict[int, int] = {}
        self._order, self._listed = self._sorted()
        dotted = self.of(vocabulary.set_of(Words(shape="dotted")))
        self.firsts = self._packed_at(firsts)
        self.blank = self._packed(codes & _BLANK) | (self._packed(codes & _DOT) & dotted)
        self.stops = {",": self._packed(codes & _COMMA), ":": self._packed(codes & _COLON)}

    def of(self, number: int) -> int:
        """Give where a word of the vocabulary's set stands."""
        if number not in self._found:
            self._found[number] = self._find(number)
        return self._found[number]

    def bit(self, word: int) -> int:
        """Give the bit of the word of a number."""
        return self._last - word

    def bytes(self, places: int) -> bytes:
        """Give places as bytes, the first with the lowest bits."""
        places = places if places >= 0 else places & self._every
        return places.to_bytes(self._last // 8 + 1, "little")

    def words(self, places: int) -> list[int]:
        """Give the words' numbers, ascending."""
        import numpy as np

        if not places:
            return []
        packed = np.frombuffer(self.bytes(places), np.uint8)
        held = np.flatnonzero(packed)
        found = np.flatnonzero(np.unpackbits(packed[held], bitorder="little"))
        bits = (held[found >> 3] << 3) + (found & 7)
        ascending: list[int] = (self._last - bits[::-1]).tolist()
        return ascending

    def _sorted(self) -> "tuple[NDArray[np.int64], dict[int, list[tuple[int, int]]]]":
        """Give the words sorted, and for each listed set where in that order its words are."""
        import numpy as np

        order = np.argsort(self._numbers, kind="stable")
        ordered = self._numbers[order]
        edges = [*np.flatnonzero(np.diff(ordered, prepend=0)).tolist(), self._count]
        listed: dict[int, list[tuple[int, int]]] = {}
        for first, last in pairwise(edges):
            for number in self._vocabulary.within[ordered[first]]:
                listed.setdefault(number, []).append((first, last))
        return order, listed

    def _find(self, number: int) -> int:
        import numpy as np

        shaped = self._vocabulary.shaped.get(number)
        if shaped is not None:
            return self._packed(np.frombuffer(bytes(shaped), np.uint8)[self._numbers])
        found = [self._order[first:last] for first, last in self._listed.get(number, ())]
        if not found:
            return 0
        return self._packed_at(found[0] if len(found) == 1 else np.concatenate(found))

    def _packed_at(self, numbers: "NDArray[np.int64]") -> int:
        import numpy as np

        bits = self._last - numbers
        if len(bits) < _SPARSE:
            return reduce(or_, [1 << bit for bit in bits.tolist()], 0)
        packed = np.zeros(self._count // 8 + 1, np.uint8)
        np.bitwise_or.at(packed, bits >> 3, (1 << (bits & 7)).astype(np.uint8))
        return int.from_bytes(packed.tobytes(), "little")

    def _packed(self, bits: "NDArray[np.integer]") -> int:
        import numpy as np

        packed = np.packbits(bits[::-1] != 0, bitorder="little")
        return int.from_bytes(packed.tobytes(), "little")
