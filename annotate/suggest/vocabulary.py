"""The words met so far, by number, and which sets that patterns ask for they are in."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotate.suggest.words import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_WORDS = 200_000


class Vocabulary(dict[str, int]):
    """The number of each word as it is written, counting from 1; 0 is no word.

    `sets` are numbered from 0. `within` are for each word the listed sets it is in, `shaped`
    for each set of a shape a byte for each word, 1 if it is in the set.
    """

    def __init__(self) -> None:
        """Begin without words and sets."""
        super().__init__()
        self.sets: dict[Words, int] = {}
        self.within: list[tuple[int, ...]] = [()]
        self.shaped: dict[int, bytearray] = {}
        self._listed: dict[str, list[tuple[Words, int]]] = {}
        self._shapes: list[tuple[Words, bytearray]] = []

    def set_of(self, words: Words) -> int:
        """Give the number of a set, which is added if it is new."""
        number = self.sets.get(words)
        if number is None:
            number = self.sets[words] = len(self.sets)
            if words.shape:
                held = self.shaped[number] = bytearray([0, *map(words.hold, self)])
                self._shapes.append((words, held))
            for word in (*words.listed, *(word.lower() for word in words.exact)):
                self._listed.setdefault(word, []).append((words, number))
            for word, at in self.items():
                if not words.shape and words.hold(word):
                    self.within[at] += (number,)
        return number

    def numbers(self, words: Sequence[str]) -> "NDArray[np.int32]":
        """Give the words' numbers; words not met before get one."""
        import numpy as np

        if len(self) > _MOST_WORDS:
            self._forget()
        return np.fromiter(map(self.__getitem__, words), np.int32, len(words))

    def __missing__(self, word: str) -> int:
        """Give a new word a number and enter it in its sets."""
        number = self[word] = len(self) + 1
        listed = self._listed.get(word.lower(), ())
        self.within.append(tuple(at for words, at in listed if words.hold(word)))
        for words, held in self._shapes:
            held.append(words.hold(word))
        return number

    def _forget(self) -> None:
        self.clear()
        del self.within[1:]
        for _, held in self._shapes:
            del held[1:]
