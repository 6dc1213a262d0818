"""Columns of records are what pyarrow makes of the same rows one by one."""

import msgspec
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from annotate import columns, tables
from annotate.model import AnnotatedSpan, Annotation, Range, Verdict

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
ranges = st.builds(
    lambda start, length: Range(start=start, end=start + length),
    st.integers(0, 10**6),
    st.integers(1, 500),
)
attributes = st.dictionaries(st.sampled_from(["specificity", "form", "not_ours"]), texts)
spans = st.builds(
    lambda place, **values: AnnotatedSpan(start=place.start, end=place.end, **values),
    ranges,
    marker=texts,
    attributes=attributes,
    judgement=st.none() | texts,
    referent=st.none() | ranges,
    span_id=texts,
    origin=st.just("manual"),
)
annotations = st.builds(
    Annotation,
    **dict.fromkeys(["annotation_id", "assignment_id", "doc_id", "text_sha256"], texts),
    **dict.fromkeys(["annotator", "guideline_version", "taxonomy_version", "submitted_at"], texts),
    round=st.integers(1, 9),
    condition=st.just("blind"),
    lead_time_s=st.none() | st.floats(allow_nan=False),
    skipped=st.booleans(),
    spans=st.lists(spans, max_size=3).map(tuple),
    document_attributes=st.dictionaries(st.sampled_from(["response_sought", "x"]), texts),
    shown=st.lists(texts, max_size=2).map(tuple),
)


def by_rows(rows: list[Annotation]) -> pa.Table:
    schema = tables.arrow_schema(Annotation)
    return pa.Table.from_pylist([msgspec.to_builtins(row) for row in rows], schema=schema)


@given(st.lists(annotations, max_size=5))
def test_columns_are_what_from_pylist_makes_of_the_rows(rows: list[Annotation]) -> None:
    """Nested spans, partly null structs, absent and unknown attributes: the tables are equal."""
    table = tables.to_table(rows, Annotation)
    table.validate(full=True)
    assert table.equals(by_rows(rows), check_metadata=True)


@given(st.lists(annotations, max_size=6), st.integers(0, 3), st.integers(1, 4))
def test_rows_of_a_slice_are_what_to_pylist_gives_without_absent_attributes(
    rows: list[Annotation], first: int, size: int
) -> None:
    """Whatever part of a table it is, in one chunk or several, no row borrows from another."""
    table = tables.to_table(rows, Annotation)
    part = pa.concat_tables([table.slice(first, size), table.slice(0, first)])
    known = tables.from_table(part, Annotation, place="x")
    expected = [*rows[first : first + size], *rows[:first]]
    kept = tables.from_table(tables.to_table(expected, Annotation), Annotation, place="x")
    assert known == kept
    for row, plain in zip(columns.rows(part), part.to_pylist(), strict=True):
        assert {**row, "spans": [], "document_attributes": {}} == {
            **plain,
            "spans": [],
            "document_attributes": {},
        }


def test_a_whole_column_of_nothing_stays_nothing() -> None:
    """Verdicts on whole documents have no place: null integers come back as None."""
    verdict = Verdict(
        verdict_id="v", doc_id="d", text_sha256="0", ground="c", outcome="rejected",
        adjudicator="j", guideline_version="1", taxonomy_version="1", decided_at="t",
    )  # fmt: skip
    rows = [verdict, verdict.replace(start=0, end=3, marker="hedge")]
    assert tables.from_table(tables.to_table(rows, Verdict), Verdict, place="x") == rows
