"""Why people disagree, gathered from a real workspace and told in lines."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from annotate.agreement.explain import Explained
from annotate.cli.agreement_explained import lines
from annotate.model import (
    FOREIGN,
    AnnotatedSpan,
    Annotation,
    Assignment,
    AssignmentKind,
    Condition,
    Document,
    Duplicate,
    Suggestion,
    assignment_id,
    document_id,
    text_sha256,
)
from annotate.pipeline.agreement import independent
from annotate.pipeline.explained import explained
from annotate.workspace import Workspace

SOURCE, CUE = "unnamed_source", "agentless_attribution"
SENTENCE = "A clerk at the harbour office said that ferry {} was late because of the fog. "
Spans = Sequence[tuple[int, int]]


def document(number: int) -> Document:
    text = SENTENCE.format(number) * 4
    return Document(
        doc_id=document_id(text),
        text=text,
        text_sha256=text_sha256(text),
        title=f"Ferry {number}",
        canonicaliser="test@1",
    )


DOCUMENTS = [document(number) for number in range(12)]


def given(
    at: int, person: str, condition: Condition, *, kind: AssignmentKind = "label", round_: int = 1
) -> Assignment:
    doc_id = DOCUMENTS[at].doc_id
    return Assignment(
        assignment_id=assignment_id(doc_id=doc_id, annotator=person, round=round_, kind=kind),
        doc_id=doc_id,
        annotator=person,
        round=round_,
        condition=condition,
        kind=kind,
    )


def done(item: Assignment, *ranges: tuple[int, int], marker: str = SOURCE) -> Annotation:
    number = next(at for at, it in enumerate(DOCUMENTS) if it.doc_id == item.doc_id)
    return Annotation(
        annotation_id=item.assignment_id.replace("a-", "n-"),
        assignment_id=item.assignment_id,
        doc_id=item.doc_id,
        text_sha256=DOCUMENTS[number].text_sha256,
        annotator=item.annotator,
        round=item.round,
        condition=item.condition,
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at=f"2026-02-{1 + number:02}T10:00:00Z",
        lead_time_s=30.0,
        spans=tuple(
            AnnotatedSpan(start=start, end=end, marker=marker, span_id=f"{start}", origin="manual")
            for start, end in ranges
        ),
    )


def suggested(at: int, start: int, end: int, *, suggester: str = "rules@1") -> Suggestion:
    return Suggestion(
        start=start,
        end=end,
        marker=SOURCE,
        suggestion_id=f"s-{at}-{start}",
        doc_id=DOCUMENTS[at].doc_id,
        score=0.5,
        suggester=suggester,
        rule="clerk",
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Give a workspace with twelve documents, the last two of one cluster, and suggestions."""
    made = Workspace.create(tmp_path / "project", name="try", annotators=["ana", "ben", "cem"])
    made.append(Document, DOCUMENTS)
    made.append(Suggestion, [suggested(at, 0, 7) for at in range(12)])
    made.append(Suggestion, [suggested(at, 20, 30, suggester="tagger:t") for at in range(12)])
    pair = sorted(item.doc_id for item in DOCUMENTS[10:])
    made.write(Duplicate, [Duplicate(doc_id=doc_id, cluster=pair[0]) for doc_id in pair])
    return made


def filled(
    workspace: Workspace, annotations: Iterable[Annotation], assignments: Iterable[Assignment]
) -> None:
    workspace.write(Annotation, annotations)
    workspace.write(Assignment, assignments)


def usual(workspace: Workspace, extra: Iterable[Annotation] = ()) -> list[Assignment]:
    """Fill it: ana and ben read six blind and six assisted documents, ben marks less."""
    assignments = [
        given(at, person, "assisted" if at % 2 else "blind")
        for at in range(12)
        for person in ("ana", "ben")
    ]
    annotations = [
        done(item, (0, 7), *([(8, 11)] if item.annotator == "ana" else []))
        if item.condition == "assisted" or item.annotator == "ana"
        else done(item)
        for item in assignments
    ]
    filled(workspace, [*annotations, *extra], assignments)
    return assignments


def result(workspace: Workspace, *, seed: int | None = 1) -> Explained:
    rng = None if seed is None else np.random.default_rng(seed)
    return explained(workspace, independent(workspace, foreign=True), rng=rng)


def test_assisted_documents_are_told_apart(workspace: Workspace) -> None:
    """Blind and assisted disagreement stand apart; the most contested come of both."""
    usual(workspace)
    found = result(workspace)
    assert (found.differences.documents, found.assisted.documents) == (6, 6)
    assert found.differences.overall.kinds["missed"].count == 12
    assert found.assisted.overall.kinds["missed"].count == 6
    assert found.assisted.overall.agreed == 6
    assert len(found.contested) == 10
    assert found.contested[0].title in {item.title for item in DOCUMENTS}
    (passage,) = found.contested[0].passages
    assert [mark.words for mark in passage.annotators["ana"]] == ["A clerk", "at "]


def test_anchoring_is_held_against_what_rules_suggest(workspace: Workspace) -> None:
    """Rules' suggestions count for blind documents too; another suggester's do not."""
    usual(workspace)
    found = result(workspace).anchoring
    words = len(DOCUMENTS[0].text.split())
    assert found.suggestions.blind.value == found.suggestions.assisted.value == 1_000 / words
    assert found.rate.blind.value == pytest.approx(1_000 / words)
    assert found.rate.assisted.value == pytest.approx(1_500 / words)
    assert found.agreement.difference.value is not None
    assert found.agreement.difference.value > 0
    assert found.annotators_on_both == 2


def test_what_was_imported_is_no_side_of_the_comparison(workspace: Workspace) -> None:
    """Without an assignment no condition was drawn: it is explained, but proves no effect."""
    extra = given(0, "dia", "blind")
    foreign = done(extra, (0, 7), marker="quelle").replace(taxonomy_version=FOREIGN)
    usual(workspace, extra=[foreign])
    found = result(workspace)
    assert found.anchoring.blind.annotations == 12
    assert found.differences.markers["quelle"].disagreements == 2
    assert found.profiles["dia"].spans == 1


def test_repeats_and_checks_are_read_from_the_workspace(workspace: Workspace) -> None:
    """Repeats stand against one's own reading, checks against what two agreed on."""
    assignments = usual(workspace)
    again = given(1, "ana", "blind", kind="repeat", round_=2)
    changed = given(5, "ben", "blind", kind="repeat", round_=2)
    hidden = [given(at, "cem", "blind", kind="check") for at in (1, 3)]
    rows = [it.replace(spans=of_cue(it)) for it in workspace.rows(Annotation)]
    rows += [done(again, (0, 7), marker=CUE), done(hidden[0], (0, 7), marker=CUE)]
    rows += [done(hidden[1], marker=CUE), done(changed, (0, 7)).replace(text_sha256="0" * 64)]
    filled(workspace, rows, [*assignments, again, changed, *hidden])
    found = result(workspace)
    assert set(found.repeats.annotators) == {"ana"}
    assert found.repeats.overall.exact_f1.value == pytest.approx(2 / 3)
    assert found.repeats.left_out == 1
    assert found.checks.annotators["cem"].exact_f1.value == pytest.approx(2 / 3)
    assert found.checks.overall.documents == 2
    assert "cem" not in found.profiles


def of_cue(item: Annotation) -> tuple[AnnotatedSpan, ...]:
    """Give its spans with a marker that settles without any attribute."""
    return tuple(span.replace(marker=CUE) for span in item.spans)


def test_one_annotator_explains_nothing_and_says_so(workspace: Workspace) -> None:
    """Every part is there, undefined with its reason; nothing is 0 or NaN in its place."""
    items = [given(at, "ana", "blind") for at in range(2)]
    filled(workspace, [done(item, (0, 7)) for item in items], items)
    found = result(workspace)
    unread = "no document was read by two annotators"
    assert found.differences.overall.reason == found.reliability.reason == unread
    assert found.contested == ()
    assert found.anchoring.rate.difference.reason == "no assisted document was annotated"
    assert found.repeats.overall.exact_f1.value is None
    told = "\n".join(lines(found))
    assert unread in told
    assert "no document was given to the same annotator again" in told


def test_the_same_input_gives_the_same_bytes(workspace: Workspace) -> None:
    """As JSON it comes back as it was, without NaN, whatever the order of annotations."""
    usual(workspace)
    rows = independent(workspace)
    first, again = (
        msgspec.json.encode(explained(workspace, order, rng=np.random.default_rng(2)))
        for order in (rows, rows[::-1])
    )
    assert first == again
    assert msgspec.json.decode(first, type=Explained) == result(workspace, seed=2)
    assert b"NaN" not in json.dumps(json.loads(first)).encode()


def test_lines_tell_it_shortly(workspace: Workspace) -> None:
    """Each part has its heading and figures, at most 120 lines for the usual project."""
    usual(workspace)
    told = list(lines(result(workspace)))
    text = "\n".join(told)
    assert told[0] == "why they disagree, on 6 blind and test documents"
    for part in (
        "12 (100%)",
        "the same on 6 assisted documents",
        "most contested documents",
        "“A clerk”",
        "ben over time, by thirds",
        "what seeing suggestions does: 6 documents without, 6 with; 2 annotators did both",
        "reliability (Dawid-Skene): undefined",
    ):
        assert part in text
    assert len(told) < 120
    assert "None" not in text
    assert "nan" not in text


def test_without_an_rng_there_are_no_intervals(workspace: Workspace) -> None:
    """Values are the same, their intervals null."""
    usual(workspace)
    bare, full = result(workspace, seed=None), result(workspace)
    assert bare.anchoring.rate.difference.low is None
    assert bare.anchoring.rate.difference.value == full.anchoring.rate.difference.value
    assert bare.differences == full.differences
