"""Records as Arrow tables and back."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import tables
from annotate.errors import InvalidFile, NewerWorkspace
from annotate.model import AnnotatedSpan, Annotation, Document, Range, Suggestion, Zone

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
attributes = st.dictionaries(
    st.sampled_from(["specificity", "form", "basis_of_knowledge"]), texts, max_size=3
)
ranges = st.builds(
    lambda start, length: Range(start=start, end=start + length),
    st.integers(0, 10**6),
    st.integers(1, 500),
)


@st.composite
def spans(draw: st.DrawFn) -> AnnotatedSpan:
    place = draw(ranges)
    return AnnotatedSpan(
        start=place.start,
        end=place.end,
        marker="unnamed_source",
        voice=draw(st.sampled_from(["reporter", "quoted_source", "headline"])),
        confidence=draw(st.sampled_from([1, 2, 3])),
        attributes=draw(attributes),
        referent=draw(st.none() | ranges),
        span_id=draw(texts),
        origin="manual",
    )


@given(st.lists(st.lists(spans(), max_size=3), max_size=4), texts)
def test_annotations_survive_the_round_trip(nested: list[list[AnnotatedSpan]], text: str) -> None:
    """Nested spans, absent attributes, null referents and any text come back equal."""
    rows = [
        Annotation(
            annotation_id=str(number), assignment_id="a", doc_id=text, text_sha256="0",
            annotator="ana", round=1, condition="blind", guideline_version="1",
            taxonomy_version="1", submitted_at="t", spans=tuple(inner),
        )
        for number, inner in enumerate(nested)
    ]  # fmt: skip
    table = tables.to_table(rows, Annotation)
    assert table.schema == tables.arrow_schema(Annotation)
    assert tables.from_table(table, Annotation, place="x") == rows


def test_every_attribute_of_the_taxonomy_is_a_nullable_string() -> None:
    """Attributes are a struct, which `datasets` loads, and not a map."""
    kind = tables.arrow_schema(Suggestion).field("attributes").type
    assert {"identity_form", "reason_for_anonymity", "form"} <= {field.name for field in kind}
    assert all(str(field.type) == "string" and field.nullable for field in kind)


def test_a_value_that_breaks_a_rule_is_named_with_its_row(tmp_path: Path) -> None:
    """A table changed by hand is refused in one line."""
    document = Document(doc_id="d-1", text="x", text_sha256="0", canonicaliser="1")
    table = tables.to_table([document], Document)
    path = tmp_path / "documents.parquet"
    broken = table.set_column(0, "doc_id", [[None]])
    pq.write_table(broken, path)
    with pytest.raises(InvalidFile, match=r"documents\.parquet: row 0: .*doc_id"):
        tables.read(path, Document)


def test_a_table_of_a_newer_format_is_named_and_not_read(tmp_path: Path) -> None:
    """What a newer version wrote is refused in one line, before a row is read."""
    path = tmp_path / "zones.parquet"
    rows = [Zone(doc_id="d-1", start=0, end=4, zone="body")]
    table = tables.to_table(rows, Zone)
    pq.write_table(table.replace_schema_metadata({"annotate": "2"}), path)
    with pytest.raises(NewerWorkspace, match=r"zones\.parquet: its format 2 is newer"):
        tables.read(path, Zone)
