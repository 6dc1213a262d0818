"""The agreement stage on a workspace: what is measured, on what, and what is refused."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.agreement.resample import Values
from annotate.errors import InvalidFile, NothingToDo
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Condition,
    Document,
    Duplicate,
    document_id,
    text_sha256,
)
from annotate.pipeline.agreement import agreement
from annotate.pipeline.agreement_metrics import METRICS, OVERALL, Agreed, measured
from annotate.pipeline.import_ import import_
from annotate.scores import VOICES
from annotate.workspace import Workspace

TEXTS = tuple(
    f"Quay {at} was shut 🚧. A clerk at the Marne office said it had sunk. Critics doubt it.\n"
    for at in range(6)
)
DOCUMENTS = tuple(
    Document(doc_id=document_id(it), text=it, text_sha256=text_sha256(it), canonicaliser="test@1")
    for it in TEXTS
)
SOURCE, VAGUE = "unnamed_source", "vague_collective_source"
CLERK, CRITICS = TEXTS[0].index("A clerk"), TEXTS[0].index("Critics")
ANSWERS = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}
UNREAD = "no document was read by two annotators"


def by(
    person: str, number: int, *, size: int = 26, condition: Condition = "blind", **said: str
) -> Annotation:
    """Give a clerk and critics, marked by a person in the document of that number."""
    spans = ((SOURCE, CLERK, CLERK + size, ANSWERS | said), (VAGUE, CRITICS, CRITICS + 7, {}))
    return Annotation(
        annotation_id=f"{person}-{number}",
        assignment_id=f"{person}-{number}",
        doc_id=DOCUMENTS[number].doc_id,
        text_sha256=DOCUMENTS[number].text_sha256,
        annotator=person,
        round=1,
        condition=condition,
        guideline_version="1.0",
        taxonomy_version="1",
        submitted_at="2031-02-03T10:00:00Z",
        spans=tuple(
            AnnotatedSpan(
                start=start,
                end=end,
                marker=marker,
                attributes=attributes,
                span_id=f"{person}-{number}-{start}",
                origin="manual",
            )
            for marker, start, end, attributes in spans
        ),
    )


def workspace(folder: Path, *rows: Annotation, gate: str = "") -> Workspace:
    made = Workspace.create(folder / "w", name="test", annotators=["ana", "ben"])
    config = made.path("annotate.toml")
    config.write_text(config.read_text().replace("[agreement]", f"[agreement]\n{gate}"))
    made.append(Document, DOCUMENTS)
    made.write(Duplicate, [Duplicate(doc_id=it.doc_id, cluster=it.doc_id) for it in DOCUMENTS])
    made.write(Annotation, rows)
    return Workspace(made.root)


def usual(condition: Condition = "blind") -> list[Annotation]:
    """Give three documents of ana and ben, who differ in one boundary and one attribute."""
    ben = [
        by("ben", 0, condition=condition),
        by("ben", 1, condition=condition, size=7),
        by("ben", 2, condition=condition, corroboration="independent_named"),
    ]
    return [*(by("ana", at, condition=condition) for at in range(3)), *ben]


def every(part: Mapping[str, Any]) -> Sequence[Values]:
    return [part["overall"], *part["markers"].values(), *part["pairs"].values()]


def test_the_json_has_every_metric(tmp_path: Path) -> None:
    """By marker, pair and overall, each with value, interval and reason; the names are these."""
    result = json.loads(msgspec.json.encode(agreement(workspace(tmp_path, *usual()))))
    assert tuple(result["overall"]) == OVERALL
    assert set(OVERALL) == {*METRICS, "cu_alpha"}
    for part in (result, result["assisted"]):
        for values in (*part["markers"].values(), *part["pairs"].values()):
            assert tuple(values) == METRICS
        for value in (item for values in every(part) for item in values.values()):
            assert set(value) == {"value", "low", "high", "reason"}
            assert (value["value"] is None) == (value["reason"] is not None)
    assert set(result["pairs"]) == {"ana, ben"}
    assert (result["documents"], result["annotators"], result["voices"]) == (3, 2, list(VOICES))
    assert result["overall"]["exact_f1"]["value"] == pytest.approx(5 / 6)
    assert result["overall"]["exact_f1"]["low"] is not None
    pooled = result["pooled"]
    assert set(pooled["markers"]) == set(result["markers"])
    for values in (pooled["overall"], *pooled["markers"].values()):
        assert set(values) == {"exact_f1", "overlap_f1"}
    assert result["gates"] == result["rejects"] == []
    assert result["overall"]["gamma"]["reason"] == "not measured without --gamma"


def test_blind_and_test_documents_are_the_headline(tmp_path: Path) -> None:
    """Assisted ones stand apart: suggestions make people agree."""
    rows = [
        *(by(who, at, condition="assisted") for who in ("ana", "ben") for at in (3, 4)),
        *(by(who, 5, condition="test", size=size) for who, size in (("ana", 7), ("ben", 26))),
        *usual(),
    ]
    result = agreement(workspace(tmp_path, *rows))
    assert (result.documents, result.assisted.documents) == (4, 2)
    assert result.overall["exact_f1"].value == pytest.approx(6 / 8)
    assert result.assisted.overall["exact_f1"].value == 1
    assert result.assisted.overall["alpha"].value == 1


def test_f1_is_the_mean_over_documents(tmp_path: Path) -> None:
    """A document with one span weighs as much as one with two; pooled, spans weigh the same."""
    alone = by("ben", 0)
    rows = [*usual(), by("cem", 0).replace(spans=alone.spans[:1])]
    rows = [it.replace(spans=it.spans[:1]) if it.doc_id == alone.doc_id else it for it in rows]
    result = agreement(workspace(tmp_path, *rows, gate="overall.exact_f1 = 0.9"))
    assert result.overall["exact_f1"].value == pytest.approx((3 * 1 + 1 / 2 + 1) / 5)
    assert result.pairs["ana, ben"]["exact_f1"].value == pytest.approx((1 + 1 / 2 + 1) / 3)
    assert result.markers[SOURCE]["exact_f1"].value == pytest.approx((3 * 1 + 0 + 1) / 5)
    assert result.pooled.overall["exact_f1"].value == pytest.approx((3 + 1 + 2) / (3 + 2 + 2))
    assert [it.value for it in result.gates] == [result.overall["exact_f1"].value]


def test_gamma_is_measured_when_asked_for(tmp_path: Path) -> None:
    """By marker, pair and overall, the same each time."""
    made = workspace(tmp_path, *usual())
    first, again = (agreement(made, gamma=True) for _ in range(2))
    assert first == again
    for values in (first.overall, first.markers[SOURCE], first.pairs["ana, ben"]):
        gamma = values["gamma"]
        assert gamma.value is not None
        assert 0 < gamma.value <= 1
        assert gamma.low is not None
    assert first.assisted.overall["gamma"].reason == UNREAD


def test_attributes_and_judgements_are_compared(tmp_path: Path) -> None:
    """On the same spans, also where their boundaries differ."""
    result = agreement(workspace(tmp_path, *usual()))
    corroboration = result.attributes[SOURCE]["corroboration"]
    assert corroboration.spans == 3
    assert corroboration.confusion == {
        "none": {"none": 2, "independent_named": 1},
        "independent_named": {"none": 1, "independent_named": 0},
    }
    assert corroboration.alpha.value == pytest.approx(0)
    assert result.judgements[SOURCE].spans == 3
    assert result.attributes[SOURCE]["interest"].alpha.value is None
    assert result.assisted.judgements[SOURCE].alpha.reason == UNREAD


def test_what_does_not_fit_is_left_out_and_named(tmp_path: Path) -> None:
    """Annotations of a text that changed, and spans of markers that are not in use."""
    stale = by("cem", 0).replace(text_sha256="0" * 64)
    odd = by("cem", 1)
    odd = odd.replace(spans=(odd.spans[0].replace(marker="shouting"),))
    result = agreement(workspace(tmp_path, *usual(), stale, odd))
    assert sorted((item.place, item.reason) for item in result.rejects) == [
        ("annotation cem-0", "its document's text is another"),
        (f"annotation cem-1, span cem-1-{CLERK}", "marker shouting is not in use here"),
    ]
    assert set(result.pairs) == {"ana, ben", "ana, cem", "ben, cem"}


@pytest.mark.parametrize(
    ("rows", "pairs", "note"),
    [
        ([by("ana", 0)], 0, "only ana submitted any"),
        ([by("ana", 0), by("ben", 1)], 1, "ana and ben read different ones"),
        ([by(who, at) for at, who in enumerate(("ana", "ben", "cem"))], 3, "ana, ben and cem read"),
        ([by("ana", 0, condition="assisted")], 0, "nobody submitted one"),
        ([by("ana", 0), by("ben", 0).replace(skipped=True)], 0, "only ana submitted any"),
    ],
)
def test_nothing_to_compare_is_a_sentence(
    tmp_path: Path, rows: list[Annotation], pairs: int, note: str
) -> None:
    """One annotator, disjoint documents, none: everything undefined, with the reason."""
    result = agreement(workspace(tmp_path, *rows), gamma=True)
    assert result.note is not None
    assert result.note.startswith(f"{UNREAD}: {note}")
    for value in (*result.overall.values(), *result.markers[SOURCE].values()):
        assert (value.value, value.reason) == (None, UNREAD)
    for values in result.pairs.values():
        assert {it.reason for it in values.values()} == {"they read no document both"}
    assert len(result.pairs) == pairs


def test_without_annotations_there_is_nothing_to_do(tmp_path: Path) -> None:
    """One line that says what to run."""
    with pytest.raises(NothingToDo, match="nothing is annotated yet"):
        agreement(workspace(tmp_path))


def test_a_pair_without_a_document_in_common_is_undefined(tmp_path: Path) -> None:
    """It is named, with the reason; the others are measured."""
    result = agreement(workspace(tmp_path, *usual(), by("cem", 0), by("dea", 5)))
    assert set(result.pairs) == {
        "ana, ben", "ana, cem", "ana, dea", "ben, cem", "ben, dea", "cem, dea",
    }  # fmt: skip
    assert result.pairs["ana, cem"]["exact_f1"].value == 1
    assert {it.reason for it in result.pairs["cem, dea"].values()} == {"they read no document both"}


def test_imported_labels_are_measured_beside_the_markers(tmp_path: Path) -> None:
    """Documents without a recorded condition count as blind, foreign labels in overall."""
    start = TEXTS[0].index("A clerk")
    value = {"start": start, "end": start + 7, "text": "A clerk", "labels": ["Who"]}
    part = {"id": "r", "from_name": "l", "to_name": "t", "type": "labels", "value": value}
    task = {
        "id": 1,
        "data": {"text": TEXTS[0]},
        "annotations": [
            {"id": n, "completed_by": n, "result": [part], "updated_at": "2031-01-01"}
            for n in (1, 2)
        ],
    }
    (tmp_path / "export.json").write_text(json.dumps([task]), encoding="utf-8")
    made = Workspace.create(tmp_path / "w", name="test")
    import_(made, "label-studio", tmp_path / "export.json")
    config = made.path("annotate.toml")
    config.write_text(config.read_text().replace("[agreement]", "[agreement]\nWho.alpha = 0.9"))
    result = agreement(Workspace(made.root), gamma=True)
    assert result.documents == 1
    for values in (result.markers["Who"], result.overall):
        assert {it.value for name, it in values.items() if name != "cu_alpha"} == {1}
    assert [gate.passed for gate in result.gates] == [True]
    assert result.rejects == ()


def test_a_gate_holds_values_against_what_is_asked(tmp_path: Path) -> None:
    """Passed, under it, undefined; a gate on gamma measures gamma."""
    gate = (
        f"{SOURCE}.overlap_f1 = 0.5\noverall.exact_f1 = 0.9\n"
        "motive_imputation.alpha = 0.1\noverall.gamma = -1"
    )
    found = agreement(workspace(tmp_path, *usual(), gate=gate)).gates
    assert [(it.marker, it.metric, it.passed) for it in found] == [
        (SOURCE, "overlap_f1", True),
        ("overall", "exact_f1", False),
        ("overall", "gamma", True),
        ("motive_imputation", "alpha", False),
    ]
    assert str(found[1]) == "overall.exact_f1 is 0.833, asked: 0.9"
    assert "motive_imputation.alpha is undefined (no spans in these voices)" in str(found[3])


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        ("unnamed_sauce.alpha = 0.5", ("did you mean unnamed_source?", "legal: overall, ")),
        ("overall.kappa = 0.5", ("agreement.overall.kappa", "legal: alpha, ")),
        (f"{SOURCE}.cu_alpha = 0.5", (f"agreement.{SOURCE}", "legal: exact_f1, ")),
        ("overall.alpha = 70", ("agreement.overall.alpha", "<= 1.0", "found 70")),
        ("overall = 0.5", ("agreement.overall: expected a table, found 0.5",)),
        ('overall.alpha = "high"', ('expected a number, found "high"',)),
    ],
)
def test_a_gate_on_nothing_is_refused(tmp_path: Path, gate: str, words: tuple[str, ...]) -> None:
    """An unknown marker, metric or value: one line with the place and the legal ones."""
    made = workspace(tmp_path, *usual(), gate=gate)
    with pytest.raises(InvalidFile) as caught:
        agreement(made)
    line = str(caught.value)
    assert line.startswith("annotate.toml: ")
    assert "\n" not in line
    for word in words:
        assert word in line


def test_near_duplicates_bring_no_certainty(tmp_path: Path) -> None:
    """Clusters are resampled whole for every metric; of a single one there is no interval."""
    made = workspace(tmp_path, *usual())
    first = DOCUMENTS[0].doc_id
    made.write(Duplicate, [Duplicate(doc_id=it.doc_id, cluster=first) for it in DOCUMENTS])
    result = agreement(made, gamma=True)
    for name, value in result.overall.items():
        assert value.low is None, name
    assert result.attributes[SOURCE]["corroboration"].alpha.low is None


MARKERS = taxonomy.load().select((SOURCE, VAGUE, "named_attribution"))
SPANS = st.lists(
    st.tuples(st.sampled_from(MARKERS.names), st.integers(0, 60), st.integers(1, 12)), max_size=4
)


def marked(person: str, spans: Sequence[tuple[str, int, int]]) -> Annotation:
    row = by(person, 0)
    first = row.spans[0].replace(attributes={})
    return row.replace(
        spans=tuple(
            first.replace(marker=marker, start=start, end=start + size, span_id=f"{at}")
            for at, (marker, start, size) in enumerate(spans)
        )
    )


def of(*rows: Annotation) -> Agreed:
    texts = {DOCUMENTS[0].doc_id: TEXTS[0]}
    return measured(rows, texts, MARKERS, voices=VOICES, groups={}, seed=1, with_gamma=False)


@given(SPANS, SPANS, SPANS)
@settings(max_examples=50, deadline=None)
def test_nothing_depends_on_names_or_order(
    one: list[tuple[str, int, int]],
    two: list[tuple[str, int, int]],
    three: list[tuple[str, int, int]],
) -> None:
    """Every metric is symmetric in annotators and invariant to the order of what is given."""
    there = of(marked("ana", one), marked("ben", two), marked("cem", three))
    back = of(marked("cem", one[::-1]), marked("ana", three[::-1]), marked("ben", two[::-1]))
    for values, others in (
        (there.overall, back.overall),
        *zip(there.markers.values(), back.markers.values(), strict=True),
    ):
        for name, value in values.items():
            assert value.value == pytest.approx(others[name].value), name
            assert value.reason == others[name].reason


@given(SPANS)
@settings(max_examples=50, deadline=None)
def test_perfect_agreement_is_one_and_duplicates_change_nothing(
    spans: list[tuple[str, int, int]],
) -> None:
    """The same spans, given twice by one of three: 1 wherever a metric is defined."""
    found = of(marked("ana", spans), marked("ben", spans * 2), marked("cem", spans[::-1]))
    assert found == of(marked("ana", spans), marked("ben", spans), marked("cem", spans))
    for values in (found.overall, *found.markers.values(), *found.pairs.values()):
        for name, value in values.items():
            assert value.value is None or value.value == pytest.approx(1), name
    assert (found.overall["exact_f1"].value is None) == (not spans)
