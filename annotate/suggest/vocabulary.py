"""Which sets of words a word is in, as bits of one number.

A set is what a part of a pattern can begin to be found by: the forms of "source", the verbs
of speech. A sentence whose words together lack a bit holds no match of a pattern that
needs the set.
"""

import re
from collections.abc import Iterable

from annotate.suggest.tags import stop_words

_JOINT = re.compile("[/&:.,]")
_MOST_WORDS = 200_000
_LONGEST_WORD = 64  # of a word that is longer its beginning decides
ANY_WORD = 1  # the bit that every word has


class Vocabulary(dict[str, int]):
    """The bits of each word as it is written, worked out when the word is first met."""

    def __init__(self) -> None:
        """Begin without sets."""
        super().__init__()
        self._sets: dict[frozenset[str], int] = {}
        self._bits: dict[str, int] = {}
        self._shapes: dict[str, int] = {}
        self._count = 0

    def bits(self, sets: Iterable[frozenset[str]]) -> int:
        """Give the bits of sets of lower-case words, which are added if they are new."""
        joined = 0
        for words in sets:
            if words not in self._sets:
                self._add(words)
            joined |= self._sets[words]
        return joined

    def shapes(self, written: Iterable[str]) -> int:
        """Give the bits of expressions that tagged words may begin with."""
        joined = 0
        for shape in written:
            if shape not in self._shapes:
                self._shapes[shape] = self._new()
            joined |= self._shapes[shape]
        return joined

    def _add(self, words: frozenset[str]) -> None:
        bit = self._sets[words] = self._new()
        for word in words:
            self._bits[word] = self._bits.get(word, 0) | bit

    def _new(self) -> int:
        self._count += 1
        self.clear()
        return 1 << self._count

    def __missing__(self, word: str) -> int:
        """Give the bits of a word; "and/or" is also "and", where a match may end."""
        if len(word) > _LONGEST_WORD:
            return self[word[:_LONGEST_WORD]]
        if len(self) >= _MOST_WORDS:
            self.clear()
        lower = word.lower()
        bits = ANY_WORD | self._bits.get(lower, 0)
        for joint in _JOINT.finditer(lower):
            bits |= self._bits.get(lower[: joint.start()], 0)
        tagged = stop_words().tagged.get(word, word)
        for shape, bit in self._shapes.items():
            if re.match(shape, tagged, re.IGNORECASE):
                bits |= bit
        self[word] = bits
        return bits
