"""Places where two annotators agree or not: each counted once, alike from both sides."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.adjudicate.clusters import clusters
from annotate.agreement.contested import ReadDocument, contested, most_contested
from annotate.agreement.differences import BINS, differences
from annotate.agreement.explain import Differences
from annotate.agreement.places import Place, places
from annotate.model import AnnotatedSpan, Annotation, Document, Voice, text_sha256
from annotate.scores import ALL_VOICES, VOICES

MARKERS = taxonomy.load()
SOURCE, CUE, GUESS = "unnamed_source", "agentless_attribution", "speculative_attribution"
PEOPLE = ("ana", "ben", "cem")
TEXT = "The quay at Orlen was shut again on Monday, two harbour officials said. " * 12


def span(
    start: int,
    end: int,
    marker: str = SOURCE,
    voice: Voice = "reporter",
    **attributes: str,
) -> AnnotatedSpan:
    return AnnotatedSpan(
        start=start,
        end=end,
        marker=marker,
        voice=voice,
        attributes=attributes,
        span_id=f"{start}-{end}-{marker}",
        origin="manual",
    )


def by(person: str, *spans: AnnotatedSpan, doc_id: str = "d") -> Annotation:
    return Annotation(
        annotation_id=f"{person}-{doc_id}",
        assignment_id=f"{person}-{doc_id}",
        doc_id=doc_id,
        text_sha256=text_sha256(TEXT),
        annotator=person,
        round=1,
        condition="blind",
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at="2026-02-03T10:00:00Z",
        spans=spans,
    )


def read(*annotations: Annotation, voices: Sequence[Voice] = VOICES) -> ReadDocument:
    readers = tuple(sorted(item.annotator for item in annotations))
    found = clusters(annotations, MARKERS)
    return ReadDocument(
        doc_id=annotations[0].doc_id,
        condition="blind",
        words=len(TEXT.split()),
        readers=readers,
        clusters=found,
        places=places(found, readers, voices=voices),
    )


def met(
    one: Sequence[AnnotatedSpan], two: Sequence[AnnotatedSpan], voices: Sequence[Voice] = VOICES
) -> list[Place]:
    found = read(by("ana", *one), by("ben", *two), voices=voices).places
    return list(found["ana", "ben"])


def counted(*documents: ReadDocument) -> Differences:
    return differences([item.places for item in documents], markers=(SOURCE, CUE, GUESS))


@pytest.mark.parametrize(
    ("one", "two", "kinds"),
    [
        ([span(0, 9)], [span(0, 9)], ["agreed"]),
        ([span(0, 9)], [], ["missed"]),
        ([span(0, 9)], [span(9, 12)], ["missed", "missed"]),
        ([span(0, 9)], [span(0, 8)], ["boundary"]),
        ([span(0, 9)], [span(0, 4), span(5, 9)], ["boundary"]),
        ([span(0, 9)], [span(0, 9, CUE)], ["other_marker"]),
        ([span(0, 9)], [span(2, 9, CUE)], ["other_marker"]),
        ([span(0, 9)], [span(5, 12, CUE)], ["missed", "missed"]),
        ([span(0, 9), span(0, 9, GUESS)], [span(0, 9, GUESS)], ["agreed", "missed"]),
        ([span(0, 9, specificity="1")], [span(0, 9, specificity="2")], ["attribute"]),
        ([span(0, 9, specificity="1")], [span(0, 9)], ["attribute"]),
        ([span(0, 9, interest="rival")], [span(0, 9, interest="unstated")], ["agreed"]),
        ([span(0, 9, specificity="1")], [span(0, 8, specificity="2")], ["boundary"]),
        ([span(0, 9)], [span(0, 9, voice="quoted_source")], ["attribute"]),
        ([span(0, 9)], [span(0, 9, voice="headline")], ["agreed"]),
        ([span(0, 9, voice="quoted_source")], [], []),
    ],
)
def test_each_place_is_of_one_kind(
    one: list[AnnotatedSpan], two: list[AnnotatedSpan], kinds: list[str]
) -> None:
    """The first kind that fits counts, once, whoever of the two comes first."""
    assert sorted(place.kind for place in met(one, two)) == sorted(kinds)
    assert sorted(place.kind for place in met(two, one)) == sorted(kinds)


def test_the_closest_other_marker_is_the_one_taken_for_it() -> None:
    """Of two spans of other markers on the same words the one that shares most is matched."""
    found = met([span(0, 10)], [span(0, 6, CUE), span(0, 9, GUESS)])
    kinds = {place.kind: place.markers for place in found}
    assert kinds == {"other_marker": (GUESS, SOURCE), "missed": (CUE,)}


def test_a_third_reader_joins_nothing_for_two() -> None:
    """Spans that only somebody else's span connects are two misses between these two."""
    found = read(by("ana", span(0, 5)), by("ben", span(6, 10)), by("cem", span(0, 10)))
    kinds = {pair: [it.kind for it in of_pair] for pair, of_pair in found.places.items()}
    assert kinds == {
        ("ana", "ben"): ["missed", "missed"],
        ("ana", "cem"): ["boundary"],
        ("ben", "cem"): ["boundary"],
    }


def test_what_a_voice_decides_is_named() -> None:
    """Where one's span counts and the other's does not, the voice is what differs."""
    (place,) = met([span(0, 9)], [span(0, 9, voice="quoted_source")])
    assert place.attributes == ("voice",)
    (place,) = met([span(0, 9)], [span(0, 9, voice="quoted_source")], ALL_VOICES)
    assert place.kind == "agreed"


SPANS = st.lists(
    st.builds(
        lambda at, size, marker, value: span(at, at + size, marker, specificity=value),
        st.integers(0, 40),
        st.integers(1, 12),
        st.sampled_from([SOURCE, CUE, GUESS]),
        st.sampled_from(["1", "2"]),
    ),
    max_size=6,
)


@given(SPANS, SPANS)
def test_kinds_are_the_same_from_both_sides(
    one: list[AnnotatedSpan], two: list[AnnotatedSpan]
) -> None:
    """Exchanging two annotators changes no count; every marked span is in one place."""
    there, back = (
        counted(read(by("ana", *first), by("ben", *second)))
        for first, second in ((one, two), (two, one))
    )
    assert there.overall == back.overall
    assert there.markers == back.markers
    assert there.offsets == back.offsets
    found = read(by("ana", *one), by("ben", *two))
    marks = [mark for place in found.places["ana", "ben"] for mark in place.marks]
    votes = [vote for cluster in found.clusters for vote in cluster.votes]
    assert sorted(map(repr, marks)) == sorted(map(repr, votes))


@given(SPANS)
def test_the_same_spans_agree_throughout(spans: list[AnnotatedSpan]) -> None:
    """Somebody who marks exactly the same, some of it twice, disagrees nowhere."""
    found = counted(read(by("ana", *spans), by("ben", *spans, *spans[:2])))
    assert found.overall.disagreements == 0
    assert found.overall.reason is not None
    assert all(part.share is None for part in found.overall.kinds.values())


def test_counts_are_by_pair_and_marker() -> None:
    """A marker taken for another stands under both, once overall, and by its pair."""
    found = counted(
        read(
            by("ana", span(0, 9), span(20, 30, CUE)),
            by("ben", span(0, 9), span(20, 30, GUESS)),
            by("cem", span(0, 8)),
        )
    )
    kinds = {kind: part.count for kind, part in found.overall.kinds.items()}
    assert kinds == {"missed": 2, "boundary": 2, "other_marker": 1, "attribute": 0}
    assert (found.overall.agreed, found.overall.disagreements) == (1, 5)
    assert sum(part.share or 0 for part in found.overall.kinds.values()) == pytest.approx(1)
    assert found.markers[CUE].kinds["other_marker"].count == 1
    assert found.markers[GUESS].kinds["other_marker"].count == 1
    assert found.pairs["ana, ben"]["overall"].disagreements == 1
    assert found.confused == {f"{CUE}, {GUESS}": 1}


def test_offsets_are_distances_in_bins() -> None:
    """Starts and ends are counted apart, spans in pieces not at all."""
    found = counted(
        read(
            by("ana", span(100, 140), span(200, 220), span(300, 330)),
            by("ben", span(103, 140), span(200, 290), span(300, 310), span(315, 330)),
        )
    ).offsets
    assert (found.spans, found.pieces) == (2, 1)
    assert dict(zip(BINS, found.starts, strict=True)) == dict.fromkeys(BINS, 0) | {0: 1, 2: 1}
    assert dict(zip(BINS, found.ends, strict=True)) == dict.fromkeys(BINS, 0) | {0: 1, 64: 1}


def test_nothing_read_together_is_undefined_not_agreement() -> None:
    """No documents, one reader and no spans each have a reason of their own."""
    assert counted().overall.reason == "no document was read by two annotators"
    assert counted(read(by("ana", span(0, 9)))).documents == 0
    nothing = counted(read(by("ana"), by("ben")))
    assert nothing.overall.reason == "no spans in these voices"
    assert nothing.offsets.reason is not None


def test_the_most_contested_come_first() -> None:
    """By disagreements of each pair, so that more readers alone do not make it contested."""
    many = [span(at * 40, at * 40 + 9) for at in range(4)]
    calm = read(*(by(who, *many, doc_id="calm") for who in PEOPLE))
    three = read(*(by(who, *many[:at], doc_id="three") for at, who in enumerate(PEOPLE)))
    two = read(by("ana", *many[:2], doc_id="two"), by("ben", doc_id="two"))
    assert three.disagreements == 4
    assert three.per_pair == pytest.approx(4 / 3)
    assert [item.doc_id for item in most_contested([calm, three, two])] == ["two", "three"]
    assert most_contested([three, two], number=1) == [two]


def test_passages_show_every_reader_and_cut_no_span() -> None:
    """Each contested stretch has its text and, for each reader, whole spans or none."""
    far = span(700, 720)
    found = read(
        by("ana", span(300, 309), far), by("ben", span(300, 315), far), by("cem", span(340, 400))
    )
    document = Document(
        doc_id="d", text=TEXT, text_sha256=text_sha256(TEXT), title="Quay", canonicaliser="t@1"
    )
    result = contested(found, document)
    assert (result.title, result.annotators, result.left_out) == ("Quay", PEOPLE, 0)
    first, last = result.passages
    assert first.kinds == {"missed": 4, "boundary": 1}
    assert first.text == TEXT[first.start : first.end]
    for passage in result.passages:
        for marks in passage.annotators.values():
            for mark in marks:
                assert passage.start <= mark.start < mark.end <= passage.end
                assert mark.words == TEXT[mark.start : mark.end]
    assert [mark.start for mark in last.annotators["ana"]] == [700]
    assert last.annotators["cem"] == ()


def test_near_places_share_a_passage_that_stays_short() -> None:
    """Places next to each other are read together, but no passage grows without end."""
    near = [span(at, at + 20, CUE) for at in range(0, 800, 40)]
    found = read(by("ana", *near), by("ben"))
    document = Document(doc_id="d", text=TEXT, text_sha256="0" * 64, canonicaliser="t@1")
    result = contested(found, document)
    assert [sum(it.kinds.values()) for it in result.passages] == [10, 10]
    assert all(passage.end - passage.start <= 400 + 2 * 90 for passage in result.passages)


def test_long_lists_of_passages_say_what_is_left_out() -> None:
    """The worst passages are shown, in the order of the text, and the others counted."""
    text = "A pier stood empty. " * 400
    marked = [span(at * 400, at * 400 + 6) for at in range(14)]
    found = read(by("ana", *marked), by("ben", marked[13]), by("cem"))
    document = Document(doc_id="d", text=text, text_sha256="0" * 64, canonicaliser="t@1")
    result = contested(found, document)
    assert (len(result.passages), result.left_out) == (12, 2)
    starts = [passage.start for passage in result.passages]
    assert starts == sorted(starts)
