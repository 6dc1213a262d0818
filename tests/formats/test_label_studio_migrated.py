"""Results under a migration say what the migrated rows say, region by region."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.errors import DataError
from annotate.formats.label_studio import Identity
from annotate.formats.label_studio_marks import Mark, Marks, as_submitted, digest
from annotate.formats.label_studio_migrated import moved_annotation, moved_regions
from annotate.formats.label_studio_results import parse_annotation
from annotate.migrated import moved
from annotate.migration import Migration
from annotate.model import Annotation, Assignment
from annotate.taxonomy import Taxonomy

TEXT = "abcdefghij" * 4
KNOWN = taxonomy.load()
IDENTITY = Identity(
    assignment=Assignment(
        assignment_id="a-1", doc_id="d-1", annotator="ana", round=1, condition="blind"
    ),
    text_sha256="0",
    project="p",
    guideline_version="1.0",
    taxonomy_version="1",
)
ANSWERS: dict[str, list[str]] = {
    "unnamed_source": ["identity_form:role_only", "identity_form:anaphor", "interest:rival"],
    "named_attribution": ["form:institution", "form:full"],
}
MARKERS = ("unnamed_source", "named_attribution", "motive_imputation", "agentless_attribution")
STEPS: list[dict[str, Any]] = [
    {"rename": {"marker": "motive_imputation", "to": "threat_amplification"}},
    {"merge": {"markers": ["motive_imputation", "agentless_attribution"], "to": "loaded_language"}},
    {"rename": {"marker": "unnamed_source", "to": "opaque_evidence"}},
    {"retire": {"marker": "agentless_attribution"}},
    {"values": {"marker": "unnamed_source", "attribute": "interest", "to": {"rival": None}}},
    {
        "split": {
            "marker": "named_attribution",
            "by": "form",
            "into": {"full": "opaque_evidence"},
            "otherwise": "named_attribution",
        }
    },
]


def migration(steps: list[dict[str, Any]]) -> Migration:
    told = {"name": "try", "since": "1", "to": "2", "why": "x", "steps": steps}
    return msgspec.convert(told, Migration)


def item(region: str, start: int, end: int, name: str, value: str) -> dict[str, Any]:
    kind = "labels" if name == "marker" else "choices"
    place = {"start": start, "end": end, "text": TEXT[start:end]}
    where = {"id": region, "from_name": name, "to_name": "text", "type": kind}
    return {**where, "value": {**place, kind: [value]}, "origin": "manual"}


@st.composite
def results(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Give regions that may overlap, with answers, and links between some of them."""
    made: list[dict[str, Any]] = []
    count = draw(st.integers(0, 5))
    for number in range(count):
        start = draw(st.integers(0, 30))
        end = start + draw(st.integers(1, 9))
        marker = draw(st.sampled_from(MARKERS))
        made.append(item(f"r{number}", start, end, "marker", marker))
        if draw(st.booleans()):
            made.append(item(f"r{number}", start, end, "voice", "headline"))
        answers = draw(st.sets(st.sampled_from(ANSWERS.get(marker, [""]))))
        told = dict(answer.split(":") for answer in sorted(answers) if answer)
        made += [item(f"r{number}", start, end, name, value) for name, value in told.items()]
    for _ in range(draw(st.integers(0, 2)) if count > 1 else 0):
        ends = draw(st.permutations(range(count)))
        link = {"from_id": f"r{ends[0]}", "to_id": f"r{ends[1]}", "direction": "right"}
        made.append({**link, "type": "relation", "labels": ["same_source"]})
    return made


def read(result: list[Any], known: Taxonomy) -> Annotation:
    told = {"id": 1, "updated_at": "2026-01-01T00:00:00Z", "result": result}
    return parse_annotation(
        told, identity=IDENTITY, text=TEXT, taxonomy=known, place="x"
    ).annotation


def points_ahead(row: Annotation) -> bool:
    """Tell whether an anaphor stands before its source: only `unnamed_source` knows these."""
    return any(span.referent and span.referent.start > span.start for span in row.spans)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(results(), st.lists(st.sampled_from(STEPS), max_size=4))
def test_a_migrated_result_reads_as_the_migrated_row(
    result: list[dict[str, Any]], steps: list[dict[str, Any]]
) -> None:
    """Reading and then migrating is migrating and then reading."""
    row = read(result, KNOWN)
    assume(STEPS[2] not in steps or not points_ahead(row))
    course = migration(steps)
    after = moved_annotation(result, text=TEXT, migration=course, taxonomy=KNOWN).result
    stored = [it.after for it in moved(row.spans, course, KNOWN) if it.after]
    assert list(read(after, KNOWN).spans) == stored


@given(results())
def test_without_a_step_a_result_stays(result: list[dict[str, Any]]) -> None:
    """What no step touches is not rewritten."""
    course = migration([])
    assert moved_annotation(result, text=TEXT, migration=course, taxonomy=KNOWN).result == result
    assert moved_regions(result, migration=course, taxonomy=KNOWN).result == result


def test_what_cannot_be_read_stays_but_for_its_label() -> None:
    """A region without bounds, one of two labels, and what is no table."""
    broken = item("r1", 0, 3, "marker", "motive_imputation")
    broken["value"]["end"] = None
    both = [item("r2", 0, 3, "marker", it) for it in ("motive_imputation", "loaded_language")]
    course = migration(STEPS[:1])
    found = moved_annotation(["x", broken, *both], text=TEXT, migration=course, taxonomy=KNOWN)
    labels = [it["value"]["labels"] for it in found.result[1:]]
    assert labels == [["threat_amplification"], ["threat_amplification"], ["loaded_language"]]
    assert found.result[0] == "x"


def test_predictions_get_the_usual_answers() -> None:
    """What the page requires of the new marker is filled in, as when they were pushed."""
    course = migration([{"rename": {"marker": "motive_imputation", "to": "unnamed_source"}}])
    given = [item("s-1", 0, 3, "marker", "motive_imputation") | {"score": 0.5}]
    found = moved_regions(given, migration=course, taxonomy=KNOWN, fill=True).result
    required = {it.name for it in KNOWN.marker("unnamed_source").attributes if it.required}
    assert {it["from_name"] for it in found} == {"marker", *required}
    assert {(it["id"], it["score"]) for it in found} == {("s-1", 0.5)}


def test_a_migrated_annotation_is_its_annotators() -> None:
    """By the hash of the result as it was written: by whom else, or changed since, it is not."""
    result = [item("r1", 0, 3, "marker", "loaded_language")]
    mark = Mark(before="b", after=digest(result), submitted_at="2026-01-01")
    marks = Marks(annotations={"7": mark})
    task = {"meta": {"migrated": msgspec.to_builtins(marks)}}
    mine = {"id": 7, "completed_by": 2, "updated_by": 1, "updated_at": "later", "result": result}
    (found,) = as_submitted({**task, "annotations": [mine]}, lead=1)
    assert (found["updated_by"], found["updated_at"]) == (2, "2026-01-01")
    (found,) = as_submitted({**task, "annotations": [mine | {"updated_by": 3}]}, lead=1)
    assert found["updated_by"] == 3
    (found,) = as_submitted({**task, "annotations": [mine | {"result": []}]}, lead=1)
    assert (found["updated_by"], found["updated_at"]) == (1, "later")
    cut = Marks(annotations={"7": Mark(before=digest(result), after="a")})
    with pytest.raises(DataError, match="was cut"):
        as_submitted(
            {"meta": {"migrated": msgspec.to_builtins(cut)}, "annotations": [mine]}, lead=1
        )
