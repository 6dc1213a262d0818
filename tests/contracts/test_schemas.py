"""The exported JSON Schemas are the checked-in ones, and describe what is written."""

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from annotate import contracts, resources
from annotate.model import AnnotatedSpan, Annotation, Range


@pytest.mark.parametrize("name", sorted(contracts.exported()))
def test_the_checked_in_schema_is_what_the_types_say(name: str) -> None:
    """A change of a type shows as a change of the public contract."""
    shipped = (resources.schemas() / name).read_bytes()
    assert shipped == contracts.exported()[name], (
        f"run `python -m annotate.contracts {Path('schemas')}`"
    )


@pytest.mark.parametrize("name", sorted(contracts.exported()))
def test_every_schema_is_valid_json_schema(name: str) -> None:
    """Each file is a legal 2020-12 schema."""
    schema = json.loads(contracts.exported()[name])
    jsonschema.Draft202012Validator.check_schema(schema)


def test_no_schema_file_is_left_over() -> None:
    """A type that is no longer exported leaves no file behind."""
    there = {path.name for path in resources.schemas().glob("*.schema.json")}
    assert there == set(contracts.exported())


def test_an_annotation_passes_its_schema_and_a_stranger_does_not() -> None:
    """What the program writes as JSON is what the schema allows, and nothing more."""
    span = AnnotatedSpan(
        start=3, end=9, marker="unnamed_source", span_id="r1", origin="manual",
        attributes={"specificity": "1"}, referent=Range(start=0, end=2),
    )  # fmt: skip
    annotation = Annotation(
        annotation_id="1", assignment_id="a-1", doc_id="d-1", text_sha256="0" * 64, annotator="ana",
        round=1, condition="blind", guideline_version="1.0", taxonomy_version="1",
        submitted_at="2025-01-01T00:00:00Z", spans=(span,),
    )  # fmt: skip
    validator = jsonschema.Draft202012Validator(
        json.loads(contracts.exported()["annotation.schema.json"])
    )
    value = json.loads(msgspec.json.encode(annotation))
    assert not list(validator.iter_errors(value))
    assert list(validator.iter_errors(value | {"surprise": 1}))
