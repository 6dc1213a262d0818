"""The rules' suggester: documents in, suggestions out; pure."""

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
from annotate.suggest import page as pages
from annotate.suggest.attributes import Describer
from annotate.suggest.mention import Mention, mentions_of
from annotate.suggest.naming import named_beside
from annotate.suggest.page import Page
from annotate.suggest.reading import Reading
from annotate.suggest.referents import SOURCE, groups, link, surround
from annotate.suggest.resolve import apart, longest
from annotate.suggest.rules import SUGGESTER, Rules, load_rules
from annotate.suggest.sights import Sights
from annotate.suggest.voice import Voices, headline_repeats

_BATCH = 500_000
_MOTIVE = "motive_imputation"
_NAMELESS = (SOURCE, "vague_collective_source")


def suggest_documents(
    documents: Sequence[Document], zones: Sequence[Sequence[Zone]], rules: Rules
) -> list[list[Suggestion]]:
    """Give each document's suggestions, for title and body, sorted by start, end and marker.

    `zones` are those of each document; without any all is body. Offsets are code points of
    the document's text. Many documents at once are faster; the result is the same.
    """
    found: list[list[Suggestion]] = []
    for first, last in _batches(documents):
        texts = [document.text for document in documents[first:last]]
        page = pages.read(texts, zones[first:last], rules.automaton.vocabulary)
        repeats = [
            Range(start=base + repeat.start, end=base + repeat.end)
            for number, base in enumerate(page.starts, first)
            for repeat in _repeats(documents[number], zones[number])
        ]
        names = [document.doc_id for document in documents[first:last]]
        found += _suggest(page, names, Voices(page, repeats), rules)
    return found


def suggest_document(document: Document, zones: Sequence[Zone], rules: Rules) -> list[Suggestion]:
    """Give the suggestions of one document, as `suggest_documents` does."""
    return suggest_documents([document], [zones], rules)[0]


def suggest_text(
    text: str, zones: Sequence[Zone] | None = None, rules: Rules | None = None
) -> list[Suggestion]:
    """Give the suggestions for a string as it stands; offsets count its code points."""
    rules = rules or load_rules(taxonomies.load().tier(1))
    page = pages.read([text], [zones], rules.automaton.vocabulary)
    return _suggest(page, [document_id(pages.whole(text))], Voices(page), rules)[0]


def _batches(documents: Sequence[Document]) -> Iterator[tuple[int, int]]:
    first = size = 0
    for number, document in enumerate(documents):
        if size and size + len(document.text) > _BATCH:
            yield first, number
            first, size = number, 0
        size += len(document.text)
    if documents:
        yield first, len(documents)


def _repeats(document: Document, zones: Sequence[Zone]) -> list[Range]:
    bodies = [zone.start for zone in zones if zone.zone == "body"]
    return headline_repeats(document.text, document.title, min(bodies)) if bodies else []


def _suggest(
    page: Page, names: Sequence[str], voices: Voices, rules: Rules
) -> list[list[Suggestion]]:
    sights = Sights(page, Reading(rules.automaton, page.places))
    describer = Describer(sights, rules)
    yields_to = {marker.marker: marker.yields_to for marker in rules.taxonomy.markers}
    found: list[list[Mention]] = [[] for _ in names]
    for mention in mentions_of(sights, rules):
        found[page.sentences[mention.sentence].document].append(mention)
    suggested: list[list[Suggestion]] = []
    for name, base, matches in zip(names, page.starts, found, strict=True):
        standing = longest(matches)
        named = named_beside(standing, sights, rules.namings)
        dropped = [each.mention for each in named]
        unnamed = [mention for mention in standing if mention not in dropped]
        silent = [each.mention for each in named if not each.to_others]
        mentions = apart(link(unnamed, sights, rules.speech), yields_to, silent)
        surround(mentions, page)
        _describe(mentions, describer)
        suggested.append(
            [
                _suggestion(mention, name, base, _voice(mention, mentions, voices), rules)
                for mention in mentions
                if not _answered_for(mention, mentions, voices, page)
            ]
        )
    return suggested


def _describe(mentions: Iterable[Mention], describer: Describer) -> None:
    for group in groups(item for item in mentions if item.marker == SOURCE):
        describer.describe(group)
    for mention in mentions:
        if mention.marker != SOURCE:
            describer.describe([mention])


def _voice(mention: Mention, mentions: Sequence[Mention], voices: Voices) -> Voice:
    """Give the voice; a motive beside an unnamed or vague source is that source's."""
    if mention.marker == _MOTIVE and any(
        other.marker in _NAMELESS and other.sentence == mention.sentence for other in mentions
    ):
        return "quoted_source"
    return voices.of(mention.start, mention.end, mention.sentence)


def _answered_for(
    mention: Mention, mentions: Sequence[Mention], voices: Voices, page: Page
) -> bool:
    """Tell whether a motive is quoted word for word and no source without a name is near.

    Whoever is quoted with a name answers for what he imputes.
    """
    if mention.marker != _MOTIVE:
        return False
    if voices.of(mention.start, mention.end, mention.sentence) != "quoted_source":
        return False
    near = page.near(mention.sentence)
    return not any(other.marker in _NAMELESS and other.sentence in near for other in mentions)


def _suggestion(mention: Mention, doc_id: str, base: int, voice: Voice, rules: Rules) -> Suggestion:
    rule, first = mention.rule, mention.referent
    start, end = mention.start - base, mention.end - base
    return Suggestion(
        start=start,
        end=end,
        marker=rule.marker,
        voice=voice,
        attributes=mention.attributes,
        judgement=rules.taxonomy.judge(rule.marker, mention.attributes),
        referent=first and Range(start=first.start - base, end=first.end - base),
        suggestion_id=suggestion_id(
            doc_id=doc_id,
            start=start,
            end=end,
            marker=rule.marker,
            suggester=SUGGESTER,
            rule=rule.name,
        ),
        doc_id=doc_id,
        score=rule.score,
        suggester=SUGGESTER,
        rule=rule.name,
    )
