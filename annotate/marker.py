"""A marker file as types: definition, attributes, examples, patterns and mapping."""

from typing import Annotated, Literal

import msgspec

from annotate.model import Record, Unit

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, msgspec.Meta(min_length=1)]


class Value(Record, frozen=True, kw_only=True):
    """One legal value of an attribute, with its meaning and its hotkey."""

    value: Text
    meaning: Text
    hotkey: str | None = None


class Attribute(Record, frozen=True, kw_only=True):
    """An observable of a marker's span; `default` shares one key with all defaults."""

    name: Name
    title: Text
    question: Text
    required: bool = False
    default: str | None = None
    values: tuple[Value, ...]


class SpanRule(Record, frozen=True, kw_only=True):
    """What stretch of text carries the marker."""

    unit: Literal["noun_phrase", "cue", "clause", "predicate", "question", "words"]
    rule: Text


class Pattern(Record, frozen=True, kw_only=True):
    """One rule for suggestions, in the language that schemas/README.md describes.

    A match is dropped when a pattern of `unless` overlaps it, one of `unless_sentence`
    stands in its sentence, or one of `unless_near` there or in a sentence beside it. It
    needs one of `after` to end before it, if there are any. A `candidate` finds much and
    is often wrong: it counts only where it is asked for.
    """

    name: Name
    pattern: Text
    score: Unit
    attributes: dict[str, str] = {}
    unless: tuple[Text, ...] = ()
    unless_sentence: tuple[Text, ...] = ()
    unless_near: tuple[Text, ...] = ()
    after: tuple[Text, ...] = ()
    candidate: bool = False


class Cue(Record, frozen=True, kw_only=True):
    """What sets an attribute of suggestions: one of `patterns`, found `where`.

    `where` is inside the span, in its sentence, there or in a sentence beside it, in one
    beside it that names the source again, or in the document. `only` restricts it to
    matches that hold one of these patterns; beside a sentence, to places that do. The
    first cue that fits an attribute sets it; without one the attribute's default stands.
    """

    attribute: Name
    value: Text
    where: Literal["span", "sentence", "near", "again", "document"]
    patterns: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    only: tuple[Text, ...] = ()


class Naming(Record, frozen=True, kw_only=True):
    """What shows that a text names a source beside its mention, which is then not marked.

    A mention is meant that holds one of `mentions`; it is dropped when one of `by` stands
    behind it in its sentence or in the next, with `paragraph` also in the second and third
    after it in its paragraph. For a mention in a title the first two of the body count.
    `new` asks that the last word of what `by` marks does not stand before the mention: the
    name of somebody the text has met already tells nothing about the mention. One of
    `unless_near`, in its sentence or one beside it, keeps the mention in spite of all. With
    `to_others` a marker that yields to this one may have the place of what is dropped.
    """

    mentions: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    by: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    where: Literal["next", "paragraph", "document"] = "next"
    new: bool = False
    unless_near: tuple[Text, ...] = ()
    to_others: bool = False


class Example(Record, frozen=True, kw_only=True):
    """A text with the marker's spans in double square brackets.

    `attributes` and `judgement` belong to the first span. `rule` names the pattern that
    the example is for.
    """

    text: Text
    attributes: dict[str, str] = {}
    judgement: str | None = None
    rule: str | None = None
    why: str | None = None


class CounterExample(Record, frozen=True, kw_only=True):
    """A text without the marker, and why it is none."""

    text: Text
    why: Text


class LabelMapping(Record, frozen=True, kw_only=True):
    """How the marker relates to labels of another label set, in its official strings."""

    label_set: Text
    relation: Literal["exact", "narrower", "broader", "related", "none"]
    labels: tuple[str, ...] = ()


class Marker(Record, frozen=True, kw_only=True):
    """One entry of the taxonomy.

    A suggestion is dropped where one of a marker that this one `yields_to` overlaps it.
    """

    marker: Name
    tier: Literal[1, 2]
    family: Name
    title: Text
    good_practice: bool = False
    hotkey: str | None = None
    colour: Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-f]{6}$")]
    definition: Text
    decision_rule: tuple[Text, ...]
    span: SpanRule
    hard_negatives: tuple[Text, ...]
    attributes: tuple[Attribute, ...] = ()
    derivation: str | None = None
    mapping: tuple[LabelMapping, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    cues: tuple[Cue, ...] = ()
    named_by: tuple[Naming, ...] = ()
    yields_to: tuple[Name, ...] = ()
    examples: Annotated[tuple[Example, ...], msgspec.Meta(min_length=6)]
    counter_examples: Annotated[tuple[CounterExample, ...], msgspec.Meta(min_length=6)]

    def attribute(self, name: str) -> Attribute | None:
        """Give the attribute of that name, if the marker has it."""
        return next((item for item in self.attributes if item.name == name), None)
