"""Decode files into typed structs and say everything that is wrong with them at once.

msgspec stops at the first error and names no legal values; the walk here collects all
of them as `file: path: problem; legal values`, then msgspec builds the value.
"""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import msgspec.inspect as shape

from annotate.errors import InvalidFile

T = TypeVar("T")
_MOST_LISTED, _NEAREST = 60, 8


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong: where in the file, and what with its legal values."""

    path: str
    message: str

    def __str__(self) -> str:
        """Give `path: message`, or the message alone for the whole file."""
        return f"{self.path}: {self.message}" if self.path else self.message


def decode(value: object, into: type[T], *, place: str) -> T:
    """Give `value` as an instance of the struct `into`.

    Raises InvalidFile in one line that names `place`, and for each problem its path
    and the legal values.
    """
    problems = list(_walk(value, shape.type_info(into), path=""))
    if not problems:
        try:
            return msgspec.convert(value, into)
        except msgspec.ValidationError as error:
            problems = [Problem(path="", message=str(error))]
    raise invalid(place, problems)


def invalid(place: str, problems: Iterable[Problem]) -> InvalidFile:
    """Give the error that names the file and all of its problems in one line."""
    return InvalidFile(
        f"{place}: " + "; ".join(str(problem) for problem in problems),
        hint="Correct the file and run the command again",
    )


def read_yaml(path: Path, into: type[T], *, place: str | None = None) -> T:
    """Give the YAML file as `into`; raises InvalidFile naming line and column."""
    import yaml

    place = place or path.name
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both loaders are safe ones
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        reason = getattr(error, "problem", None) or "not valid YAML in UTF-8"
        raise invalid(place, [Problem(path="", message=where + reason)]) from error
    return decode(value, into, place=place)


def read_toml(path: Path, into: type[T]) -> T:
    """Give the TOML file as `into`; raises InvalidFile naming the place."""
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise invalid(path.name, [Problem(path="", message=f"not valid TOML: {error}")]) from error
    return decode(value, into, place=path.name)


def legal(name: str, allowed: Iterable[object]) -> str:
    """Give `"name" is not known; legal: a, b` with the nearest legal value first named.

    Of more legal values than a line can hold it gives the nearest, and how many there are.
    """
    values = [str(value) for value in allowed]
    near = difflib.get_close_matches(name, values, n=1)
    guess = f" (did you mean {near[0]}?)" if near else ""
    listed = ", ".join(values)
    if len(values) > _MOST_LISTED:
        nearest = difflib.get_close_matches(name, values, n=_NEAREST, cutoff=0)
        listed = f"{', '.join(nearest)} and {len(values) - _NEAREST} more"
    return f'"{name}" is not known{guess}; legal: {listed}'


def _walk(value: object, kind: shape.Type, *, path: str) -> Iterator[Problem]:
    walker = _WALKERS.get(type(kind))
    if walker is not None:
        yield from walker(value, kind, path)


def _struct(value: object, kind: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path=path, message=f"expected a table, found {_named(value)}")
        return
    fields = {field.encode_name: field for field in kind.fields}
    for key, item in value.items():
        if key in fields:
            yield from _walk(item, fields[key].type, path=_join(path, key))
        else:
            yield Problem(path=path, message="key " + legal(str(key), fields))
    for name, field in fields.items():
        if field.required and name not in value:
            yield Problem(path=path, message=f'key "{name}" is missing')


def _list(value: object, kind: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, list | tuple):
        yield Problem(path=path, message=f"expected a list, found {_named(value)}")
        return
    for number, item in enumerate(value):
        yield from _walk(item, kind.item_type, path=f"{path}[{number}]")


def _dict(value: object, kind: Any, path: str) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        yield Problem(path=path, message=f"expected a table, found {_named(value)}")
        return
    for key, item in value.items():
        yield from _walk(key, kind.key_type, path=_join(path, str(key)))
        yield from _walk(item, kind.value_type, path=_join(path, str(key)))


def _literal(value: object, kind: Any, path: str) -> Iterator[Problem]:
    if not any(value == item and type(value) is type(item) for item in kind.values):
        yield Problem(path=path, message=legal(str(value), kind.values))


def _union(value: object, kind: Any, path: str) -> Iterator[Problem]:
    tries = [list(_walk(value, option, path=path)) for option in kind.types]
    if all(tries):
        mentioned = [
            found
            for found, option in zip(tries, kind.types, strict=True)
            if not isinstance(option, shape.NoneType)
        ]
        yield from min(mentioned, key=len)


def _scalar(kind_name: str, accepted: tuple[type, ...]) -> Callable[..., Iterator[Problem]]:
    def walk(value: object, kind: Any, path: str) -> Iterator[Problem]:
        wrong_bool = isinstance(value, bool) and bool not in accepted
        if wrong_bool or not isinstance(value, accepted):
            yield Problem(path=path, message=f"expected {kind_name}, found {_named(value)}")
            return
        try:
            msgspec.convert(value, _annotated(kind))
        except msgspec.ValidationError as error:
            yield Problem(path=path, message=f"{error}, found {_named(value)}")

    return walk


def _annotated(kind: Any) -> Any:
    bases: dict[Any, Any] = {
        shape.StrType: str,
        shape.IntType: int,
        shape.FloatType: float,
        shape.BoolType: bool,
        shape.NoneType: None,
    }
    base = bases[type(kind)]
    names = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern")
    limits = {name: getattr(kind, name) for name in names if getattr(kind, name, None) is not None}
    return Annotated[base, msgspec.Meta(**limits)] if limits else base


def _named(value: object) -> str:
    names = {dict: "a table", list: "a list", str: f'"{value}"', type(None): "nothing"}
    return names.get(type(value), str(value))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


_WALKERS: dict[type, Callable[..., Iterator[Problem]]] = {
    shape.StructType: _struct,
    shape.ListType: _list,
    shape.VarTupleType: _list,
    shape.DictType: _dict,
    shape.LiteralType: _literal,
    shape.UnionType: _union,
    shape.StrType: _scalar("text", (str,)),
    shape.IntType: _scalar("a whole number", (int,)),
    shape.FloatType: _scalar("a number", (int, float)),
    shape.BoolType: _scalar("true or false", (bool,)),
    shape.NoneType: _scalar("nothing", (type(None),)),
}
