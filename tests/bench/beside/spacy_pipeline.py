"""A spaCy pipeline that is given the same patterns as the rules: what `suggest.py` is beside.

A blank English, a sentencizer, a PhraseMatcher with the phrases of every lexicon, and a Matcher
with every pattern, veto, cue and naming. A part of a pattern becomes a token: a word or a
lexicon one of its words, a class the flag nearest to it. What would make spaCy slower or run out
of memory is left out in its favour: a lexicon or alternative takes one token however long its
phrases are, a gap at most four, and matches are neither cut at sentences nor made into
suggestions.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from annotate import resources
from annotate.suggest import lexicons
from annotate.suggest.pattern import (
    Choice,
    Class,
    Gap,
    Item,
    Lexicon,
    Maybe,
    Stop,
    Word,
    parse,
)
from annotate.suggest.pattern import Sequence as Items
from annotate.taxonomy import Taxonomy

Token = dict[str, Any]
_WIDEST = 4
_CLASSES: dict[str, Token] = {
    "number": {"LIKE_NUM": True},
    "acronym": {"IS_UPPER": True},
    "cap": {"IS_TITLE": True},
    "owner": {"LOWER": "'s"},
    "name": {"IS_TITLE": True, "OP": "+"},
}


class SpacyPipeline:
    """The pipeline; `count` is how many patterns its Matcher has."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        """Take the taxonomy whose patterns are given to spaCy; raises ImportError without it."""
        import spacy
        from spacy.matcher import Matcher, PhraseMatcher

        self._pipeline = spacy.blank("en")
        self._pipeline.add_pipe("sentencizer")
        vocabulary = self._pipeline.vocab
        self._phrases = PhraseMatcher(vocabulary, attr="LOWER")
        for path in resources.listed("lexicons", ".txt"):
            phrases = lexicons.parted(path.stem, lexicons.phrases)[0]
            if phrases:
                self._phrases.add(path.stem, [self._pipeline.make_doc(each) for each in phrases])
        self._matcher = Matcher(vocabulary)
        self.count = 0
        for pattern in patterns(taxonomy):
            self.count += 1
            self._matcher.add(f"p{self.count}", [_sequence(parse(pattern).body)])

    def found(self, texts: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
        """Give for each text where patterns match, as tokens."""
        for doc in self._pipeline.pipe(texts):
            self._phrases(doc)
            yield [(start, end) for _, start, end in self._matcher(doc)]


def patterns(taxonomy: Taxonomy) -> Iterator[str]:
    """Give every pattern that the rules of a taxonomy look for."""
    for marker in taxonomy.markers:
        for rule in marker.patterns:
            yield rule.pattern
            yield from (*rule.unless, *rule.unless_sentence, *rule.unless_near, *rule.after)
        for cue in marker.cues:
            yield from (*cue.patterns, *cue.only)
        for naming in marker.named_by:
            yield from (*naming.mentions, *naming.by, *naming.unless_near)


def _sequence(items: Items) -> list[Token]:
    return [token for item in items.items for token in _tokens(item)]


def _tokens(item: Item) -> list[Token]:  # noqa: PLR0911 - one line for each kind of item
    match item:
        case Word():
            return [{"ORTH": item.text} if item.exact else {"LOWER": item.text.lower()}]
        case Lexicon() | Choice():
            words = sorted(_words(item))
            return [{"LOWER": {"IN": words}} if words else {"IS_ALPHA": True}]
        case Class():
            return [_CLASSES[item.kind]]
        case Gap():
            but = {"LOWER": {"NOT_IN": sorted(lexicons.phrases(item.but))}} if item.but else {}
            least, most = min(item.least, _WIDEST), min(item.most, _WIDEST)
            return [{"IS_PUNCT": False, **but, "OP": f"{{{least},{most}}}"}]
        case Stop():
            return [{"IS_PUNCT": True}]
        case Items():
            return _sequence(item)
        case Maybe():
            return [{**token, "OP": "*" if "OP" in token else "?"} for token in _tokens(item.item)]


def _words(item: Item) -> set[str]:
    """Give the words that an item is made of; names and gaps in it have none."""
    match item:
        case Word():
            return {item.text.lower()}
        case Lexicon():
            plain, written = lexicons.parted(item.name, lexicons.phrases)
            words = {word for line in plain for word in line.split()}
            return words.union(*map(_words, written))
        case Choice():
            return set[str]().union(*map(_words, item.options))
        case Items():
            return set[str]().union(*map(_words, item.items))
        case Maybe():
            return _words(item.item)
        case _:
            return set()
