"""The rules' suggester: a document in, suggestions out; pure."""

from collections.abc import Iterable, Iterator, Sequence

from annotate import taxonomy as taxonomies
from annotate.model import (
    Document,
    Range,
    Suggestion,
    Voice,
    Zone,
    document_id,
    suggestion_id,
)
from annotate.spans import trim
from annotate.suggest import page as pages
from annotate.suggest.attributes import Describer
from annotate.suggest.mention import Mention
from annotate.suggest.page import Page
from annotate.suggest.referents import SOURCE, groups, link
from annotate.suggest.resolve import resolve
from annotate.suggest.rules import SUGGESTER, Rules, Sights, load_rules
from annotate.suggest.voice import Voices, headline_repeats

_MOTIVE = "motive_imputation"
_NAMELESS = (SOURCE, "vague_collective_source")


def suggest_document(document: Document, zones: Sequence[Zone], rules: Rules) -> list[Suggestion]:
    """Give the suggestions for title and body, sorted by start, end and marker.

    Without zones all is body. Offsets are code points of the document's text.
    """
    text = document.text
    page = pages.read(text, zones, rules.vocabulary)
    bodies = [zone.start for zone in zones if zone.zone == "body"]
    repeats = headline_repeats(text, document.title, min(bodies)) if bodies else []
    return _suggest(page, document.doc_id, Voices(page, repeats), rules)


def suggest_text(
    text: str, zones: Sequence[Zone] | None = None, rules: Rules | None = None
) -> list[Suggestion]:
    """Give the suggestions for a string as it stands; offsets count its code points."""
    rules = rules or load_rules(taxonomies.load().tier(1))
    page = pages.read(text, zones, rules.vocabulary)
    return _suggest(page, document_id(pages.whole(text)), Voices(page), rules)


def _suggest(page: Page, doc_id: str, voices: Voices, rules: Rules) -> list[Suggestion]:
    yields_to = {marker.marker: marker.yields_to for marker in rules.taxonomy.markers}
    mentions = link(resolve(_ordered(_matches(page, rules), page), yields_to), page)
    describer = Describer(page, rules)
    for group in groups(item for item in mentions if item.marker == SOURCE):
        describer.describe(group)
    for mention in mentions:
        if mention.marker != SOURCE:
            describer.describe([mention])
    return [
        _suggestion(mention, doc_id, _voice(mention, mentions, voices), rules)
        for mention in mentions
    ]


def _voice(mention: Mention, mentions: Sequence[Mention], voices: Voices) -> Voice:
    """Give the voice; a motive beside an unnamed or vague source is that source's."""
    if mention.marker == _MOTIVE and any(
        other.marker in _NAMELESS and other.sentence == mention.sentence for other in mentions
    ):
        return "quoted_source"
    return voices.of(mention.start, mention.end, mention.sentence)


def _matches(page: Page, rules: Rules) -> Iterator[Mention]:
    sights = Sights(page)
    for rule in rules.rules:
        for sentence in page.holding(rule.expression.needs):
            for found in rule.expression.find_around(page, sentence):
                start, end = rule.expression.marked_range(found)
                span = trim(page.text, Range(start=start, end=end))
                whole = Range(start=found.start(), end=found.end())
                if span is not None and rule.allows(sights, sentence, whole):
                    yield Mention(
                        start=span.start,
                        end=span.end,
                        rule=rule,
                        sentence=sentence,
                        match=whole,
                        attributes=dict(rule.attributes),
                    )


def _ordered(mentions: Iterable[Mention], page: Page) -> list[Mention]:
    """Sort by where the text first holds a word of the rule: of equal matches the first stands."""
    first: dict[int, int] = {}

    def place(mention: Mention) -> int:
        rank = mention.rule.expression.rank
        if rank not in first:
            first[rank] = page.first(rank)
        return first[rank]

    return sorted(mentions, key=place)


def _suggestion(mention: Mention, doc_id: str, voice: Voice, rules: Rules) -> Suggestion:
    rule = mention.rule
    place = {"start": mention.start, "end": mention.end}
    return Suggestion(
        start=mention.start,
        end=mention.end,
        marker=rule.marker,
        voice=voice,
        attributes=mention.attributes,
        judgement=rules.taxonomy.judge(rule.marker, mention.attributes),
        referent=mention.referent,
        suggestion_id=suggestion_id(
            doc_id=doc_id, marker=rule.marker, suggester=SUGGESTER, rule=rule.name, **place
        ),
        doc_id=doc_id,
        score=rule.score,
        suggester=SUGGESTER,
        rule=rule.name,
    )
