"""Decoding says everything that is wrong with a file at once, in one line."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.decode import decode, legal, read_toml, read_yaml
from annotate.errors import InvalidFile
from annotate.model import Record


class Leg(Record):
    length: Annotated[int, msgspec.Meta(ge=0, le=99)]
    material: Literal["oak", "steel"] = "oak"


class Table(Record):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    legs: tuple[Leg, ...]
    weight: float = 1.0
    folded: bool = False
    note: str | None = None
    prices: dict[str, float] = {}


LEGS = st.builds(Leg, length=st.integers(0, 99), material=st.sampled_from(["oak", "steel"]))
TABLES = st.builds(
    Table,
    name=st.text(min_size=1),
    legs=st.lists(LEGS).map(tuple),
    weight=st.floats(allow_nan=False, allow_infinity=False),
    folded=st.booleans(),
    note=st.none() | st.text(),
    prices=st.dictionaries(st.text(), st.floats(0, 9)),
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
KEYS = st.sampled_from(["name", "legs", "length", "material", "weight", "prices"]) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(TABLES)
def test_valid_value_round_trips(table: Table) -> None:
    """What the type allows decodes to itself."""
    assert decode(msgspec.to_builtins(table), Table, place="t.yaml") == table


@given(VALUES)
def test_any_value_decodes_or_is_one_line(value: object) -> None:
    """Whatever a file holds, it decodes or raises InvalidFile in one line naming the file."""
    try:
        decode(value, Table, place="t.yaml")
    except InvalidFile as error:
        assert str(error).startswith("t.yaml: ")  # noqa: PT017 - decoding may succeed
        assert "\n" not in str(error)  # noqa: PT017


def test_all_problems_come_at_once() -> None:
    """Several problems at different depths are all named, each with its path."""
    value = {
        "nam": "x",
        "legs": [{"length": 5, "material": "stel"}, {"length": 100}, 7],
        "weight": "heavy",
        "folded": 1,
        "prices": {"shop": "cheap"},
    }
    with pytest.raises(InvalidFile) as caught:
        decode(value, Table, place="t.yaml")
    for part in (
        'key "nam" is not known (did you mean name?); legal: name, legs, weight, folded',
        'key "name" is missing',
        'legs[0].material: "stel" is not known (did you mean steel?); legal: oak, steel',
        "legs[1].length: ",
        "legs[2]: expected a table, found 7",
        'weight: expected a number, found "heavy"',
        "folded: expected true or false, found 1",
        'prices.shop: expected a number, found "cheap"',
    ):
        assert part in caught.value.message


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (["a"], "t.yaml: expected a table, found a list"),
        (None, "t.yaml: expected a table, found nothing"),
        ({"name": "x", "legs": {}}, "t.yaml: legs: expected a list, found a table"),
        ({"name": True, "legs": []}, "t.yaml: name: expected text, found True"),
        ({"name": "x", "legs": [{"length": True}]}, "length: expected a whole number, found True"),
        ({"name": "x", "legs": [], "note": 5}, "t.yaml: note: expected text, found 5"),
        ({"name": "", "legs": []}, "t.yaml: name: "),
    ],
)
def test_wrong_kind_is_named(value: object, says: str) -> None:
    """A value of the wrong kind is named with what was expected and what was found."""
    with pytest.raises(InvalidFile) as caught:
        decode(value, Table, place="t.yaml")
    assert says in caught.value.message


def test_error_line_ends_with_the_hint() -> None:
    """The line that is printed ends with what to do, and the exit code is that of bad data."""
    with pytest.raises(InvalidFile) as caught:
        decode({}, Leg, place="leg.yaml")
    assert str(caught.value) == (
        'leg.yaml: key "length" is missing. Correct the file and run the command again'
    )
    assert caught.value.exit_code == 1


def test_yaml_file_gives_its_value(tmp_path: Path) -> None:
    """A YAML file in UTF-8 decodes into the type."""
    path = tmp_path / "t.yaml"
    path.write_text("name: Küchentisch 🪑\nlegs: [{length: 70}]\n", encoding="utf-8")
    assert read_yaml(path, Table) == Table(name="Küchentisch 🪑", legs=(Leg(length=70),))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name: [x\n", "t.yaml: line 2, column 1: "),
        (b"name: \xff\xfe\n", "t.yaml: not valid YAML in UTF-8"),
        (b"name: x\nlegs: !!python/object:os.system []\n", "t.yaml: line 2, column 7: "),
        (b"", "t.yaml: expected a table, found nothing"),
    ],
)
def test_broken_yaml_names_the_place(tmp_path: Path, content: bytes, says: str) -> None:
    """Broken YAML names line and column; tags that build objects are refused."""
    path = tmp_path / "t.yaml"
    path.write_bytes(content)
    with pytest.raises(InvalidFile) as caught:
        read_yaml(path, Table)
    assert says in caught.value.message


def test_toml_file_gives_its_value(tmp_path: Path) -> None:
    """A TOML file decodes into the type."""
    path = tmp_path / "t.toml"
    path.write_text('name = "desk"\nlegs = [{length = 70}]\n', encoding="utf-8")
    assert read_toml(path, Table) == Table(name="desk", legs=(Leg(length=70),))


def test_broken_toml_names_the_place(tmp_path: Path) -> None:
    """Broken TOML names the file and the line."""
    path = tmp_path / "t.toml"
    path.write_text('name = "desk\n', encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"t\.toml: not valid TOML: .*line 1"):
        read_toml(path, Table)


def test_legal_guesses_only_what_is_near() -> None:
    """A near miss gets a guess, a far one only the legal values."""
    assert legal("stel", ["oak", "steel"]) == (
        '"stel" is not known (did you mean steel?); legal: oak, steel'
    )
    assert legal("glass", ["oak", "pine"]) == '"glass" is not known; legal: oak, pine'


def test_of_hundreds_of_legal_values_the_nearest_are_listed() -> None:
    """A line stays readable, and says how many values it leaves out."""
    said = legal("tree07x", [f"tree{number:02}" for number in range(100)])
    assert said.startswith('"tree07x" is not known (did you mean tree07?); legal: tree07, ')
    assert said.endswith(" and 92 more")
