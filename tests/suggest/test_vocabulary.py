"""The vocabulary: which sets a word is in."""

from annotate.suggest.vocabulary import ANY_WORD, Vocabulary

SOURCE = frozenset({"source", "sources"})
SPEECH = frozenset({"said", "source"})


def test_a_word_has_the_bits_of_its_sets_in_any_case() -> None:
    """Each set has a bit of its own, and each word the bit of all words."""
    vocabulary = Vocabulary()
    source, speech = vocabulary.bits([SOURCE]), vocabulary.bits([SPEECH])
    assert vocabulary["Source"] == source | speech | ANY_WORD
    assert vocabulary["SAID"] == speech | ANY_WORD
    assert vocabulary["resource"] == ANY_WORD
    assert vocabulary.bits([SOURCE, SPEECH]) == source | speech


def test_a_new_set_reaches_words_that_were_met_before() -> None:
    """What was worked out for a word is forgotten when a set is added."""
    vocabulary = Vocabulary()
    assert vocabulary["said"] == ANY_WORD
    assert vocabulary.bits([SPEECH]) & vocabulary["said"]


def test_a_word_of_several_parts_is_also_its_beginning() -> None:
    """A match can end at "source" in "source/agent", but not in "source's"."""
    vocabulary = Vocabulary()
    source = vocabulary.bits([SOURCE])
    assert vocabulary["source/agent"] & source
    assert not vocabulary["source's"] & source
    assert not vocabulary["open/source"] & source


def test_shapes_look_at_the_word_as_it_is_written() -> None:
    """A shape tells capitals, which sets of words do not."""
    vocabulary = Vocabulary()
    capital = vocabulary.shapes(["(?-i:[A-Z])"])
    assert vocabulary["Tarn"] & capital
    assert not vocabulary["tarn"] & capital
