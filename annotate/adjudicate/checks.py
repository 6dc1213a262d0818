"""What an accepted span must be: inside the text, of legal values, with what is required."""

from collections.abc import Iterable, Iterator, Sequence

from annotate.adjudicate.values import given_most
from annotate.adjudicate.verdicts import plain
from annotate.decode import legal
from annotate.docket import Case
from annotate.marker import Marker
from annotate.model import Document, Span
from annotate.spans import components, overlap
from annotate.taxonomy import Taxonomy


def problem(span: Span, document: Document, taxonomy: Taxonomy, *, case: Case | None) -> str | None:
    """Say what is wrong with an accepted span, with the legal values; None when nothing is."""
    return next(_problems(span, document, taxonomy, case), None)


def _problems(
    span: Span, document: Document, taxonomy: Taxonomy, case: Case | None
) -> Iterator[str]:
    length = len(document.text)
    furthest = max(span.end, span.referent.end if span.referent else 0)
    if furthest > length:
        yield f"end {furthest} is behind the text's end {length}"
        return
    if not any(map(str.isalnum, document.text[span.start : span.end])):
        yield f"{span.start}-{span.end} holds no word"
    if span.marker not in taxonomy.names:
        yield "marker " + legal(span.marker, taxonomy.names)
        return
    marker = taxonomy.marker(span.marker)
    yield from _illegal(span, marker)
    unknown = [item.name for item in marker.attributes if item.required]
    excused = _undecided(taxonomy, case) if case and case.marker == span.marker else set[str]()
    for name in unknown:
        if name not in span.attributes and name not in excused:
            attribute = marker.attribute(name)
            values = ", ".join(item.value for item in attribute.values) if attribute else ""
            yield f"{name} is not known; legal: {values}"


def _illegal(span: Span, marker: Marker) -> Iterator[str]:
    for name, value in span.attributes.items():
        attribute = marker.attribute(name)
        if attribute is None:
            names = [item.name for item in marker.attributes]
            yield "attribute " + legal(name, names or ["none: this marker has no attributes"])
        elif value not in (values := [item.value for item in attribute.values]):
            yield f"{name} {legal(value, values)}"


def _undecided(taxonomy: Taxonomy, case: Case) -> set[str]:
    """Give what may stay unknown: what no rule reads and annotators did not settle either."""
    derivation = taxonomy.derivation(case.marker)
    read = derivation.inputs if derivation else ()
    settled = given_most([vote.attributes for vote in case.votes])
    names = {item.name for item in taxonomy.marker(case.marker).attributes}
    return names - set(read) - set(settled) if case.votes else set()


def complete(span: Span, others: Iterable[Span], taxonomy: Taxonomy) -> Span:
    """Give the span with what a re-mention takes from its first mention, and its judgement."""
    attributes, referent = span.attributes, span.referent
    if referent is not None:
        mentions = (it for it in others if it.marker == span.marker and overlap(it, referent))
        first = max(mentions, key=lambda it: overlap(it, referent), default=None)
        attributes = {**first.attributes, **attributes} if first else attributes
    judgement = taxonomy.judge(span.marker, attributes)
    return plain(span.replace(attributes=attributes, judgement=judgement))


def joined(spans: Sequence[Span]) -> list[Span]:
    """Give spans of one marker that overlap and say the same as one; others stay as they are."""
    whole: list[Span] = []
    for marker in sorted({span.marker for span in spans}):
        for group in components(span for span in spans if span.marker == marker):
            alike = all(same_said(group[0], span) for span in group)
            furthest = max(span.end for span in group)
            whole += [group[0].replace(end=furthest)] if alike else group
    return sorted(whole, key=lambda span: (span.start, span.end, span.marker))


def clashing(spans: Iterable[Span], others: Iterable[Span]) -> str | None:
    """Name two spans of one marker that overlap and say different things; None without any."""
    beside = list(others)
    for span in spans:
        for other in beside:
            same = span.marker == other.marker and not same_said(span, other)
            if span is not other and same and overlap(span, other):
                places = f"{span.start}-{span.end} and {other.start}-{other.end}"
                return f"spans {places} of {span.marker} overlap and differ; make them one"
    return None


def same_said(first: Span, second: Span) -> bool:
    """Tell whether two spans say the same but for their range."""
    return (first.voice, first.confidence, first.attributes, first.referent) == (
        second.voice,
        second.confidence,
        second.attributes,
        second.referent,
    )
