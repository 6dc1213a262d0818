"""The vocabulary: which of the words met are in which set."""

from annotate.suggest.vocabulary import Vocabulary
from annotate.suggest.words import Words

SOURCE = Words(listed=frozenset({"source", "sources"}))
SPEECH = Words(listed=frozenset({"said", "source"}))
CAPITAL = Words(shape="cap")


def held(vocabulary: Vocabulary, words: Words) -> set[str]:
    number = vocabulary.set_of(words)
    shaped = vocabulary.shaped.get(number)
    return {
        word
        for word, at in vocabulary.items()
        if (shaped[at] if shaped else number in vocabulary.within[at])
    }


def test_a_word_is_in_its_sets_in_any_case() -> None:
    """Listed words count in every case; each spelling is a word of its own."""
    vocabulary = Vocabulary()
    vocabulary.set_of(SOURCE)
    vocabulary.set_of(SPEECH)
    assert vocabulary.numbers(["Source", "SAID", "resource", "Source"]).tolist() == [1, 2, 3, 1]
    assert held(vocabulary, SOURCE) == {"Source"}
    assert held(vocabulary, SPEECH) == {"Source", "SAID"}


def test_a_new_set_holds_words_that_were_met_before() -> None:
    """A set that is added late is as full as one that was there first."""
    vocabulary = Vocabulary()
    vocabulary.numbers(["said", "Tarn", "tarn"])
    assert held(vocabulary, SPEECH) == {"said"}
    assert held(vocabulary, CAPITAL) == {"Tarn"}


def test_an_exact_word_asks_for_its_case() -> None:
    """May is the month, may is not."""
    vocabulary = Vocabulary()
    may = Words(exact=frozenset({"May"}))
    vocabulary.set_of(may)
    vocabulary.numbers(["may", "May", "MAY"])
    assert held(vocabulary, may) == {"May"}


def test_a_gap_leaves_out_stop_words_but_not_abbreviations() -> None:
    """In capitals a stop word is a name: IS, WHO."""
    vocabulary = Vocabulary()
    gap = Words(shape="any", but="np_stop")
    vocabulary.set_of(gap)
    vocabulary.numbers(["who", "Who", "WHO", "harbour"])
    assert held(vocabulary, gap) == {"WHO", "harbour"}
