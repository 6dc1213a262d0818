"""A model on disk: a folder whose model.json names every other file with its sha256."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from annotate.decode import decode
from annotate.errors import InvalidFile, UsageError
from annotate.files import write_folder
from annotate.learn.sentence import SentenceModel, Threshold
from annotate.learn.tagger import SpanTagger
from annotate.model import Record

Level = Literal["span", "sentence", "both"]
FORMAT = 1
CARD = "model.json"
REPORT = "report.json"
SPANS = "spans.npz"
SENTENCES = "sentences.skops"
TRAINED_ON = "train.txt"
TUNED_ON = "validation.txt"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")
ModelName = Annotated[str, msgspec.Meta(pattern=f"^{NAME.pattern}$")]


class TrainedOn(Record, frozen=True, kw_only=True):
    """The release behind a model; `sha256` is the hash of its SHA256SUMS."""

    version: str
    sha256: str


class MarkerCard(Record, frozen=True, kw_only=True):
    """What there was to learn of a marker in train, and why it was not learnt, if so."""

    spans: int
    documents: int
    sentences: int
    span_not_learnt: str | None = None
    sentence_not_learnt: str | None = None
    threshold: Threshold | None = None


class ModelCard(Record, frozen=True, kw_only=True):
    """What `model.json` says: where the model comes from, and its files by sha256.

    `native/` holds each tagger as python-crfsuite wrote it, for other programs: this one
    never opens them again.
    """

    format: int = FORMAT
    name: ModelName
    level: Level
    release: TrainedOn
    taxonomy_version: str
    seed: int
    documents: int
    validation_documents: int
    sentences: int
    tokens: int
    markers: dict[str, MarkerCard]
    settings: dict[str, float]
    versions: dict[str, str]
    files: dict[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class Model:
    """A model read from disk, with the documents that it was trained and tuned on."""

    card: ModelCard
    tagger: SpanTagger | None
    sentences: SentenceModel | None
    trained_on: frozenset[str]
    tuned_on: frozenset[str]


def write_model(
    folder: Path, card: ModelCard, files: Mapping[str, bytes], *, replace: bool = False
) -> ModelCard:
    """Write the model as a folder, whole or not at all, and give its card with the hashes.

    Raises UsageError when the folder exists and `replace` is not set, NotWritable when
    the disk does not take it. A replaced model's report goes with it.
    """
    if folder.exists() and not replace:
        raise UsageError(
            f"{folder}: there is a model of that name",
            hint="Give another name with --name, or replace it with --force",
        )
    hashes = {name: sha256(files[name]).hexdigest() for name in sorted(files)}
    card = card.replace(files=hashes)
    content = {**files, CARD: msgspec.json.format(msgspec.json.encode(card), indent=1)}
    write_folder(folder, content)
    return card


def read_card(folder: Path) -> ModelCard:
    """Give what model.json says; raises InvalidFile naming every problem in one line."""
    place = f"{folder.name}/{CARD}"
    try:
        content = msgspec.json.decode((folder / CARD).read_bytes())
    except FileNotFoundError as error:
        raise InvalidFile(
            f"{folder}: not a model: {CARD} is not there",
            hint="Name a folder of models/, or train one with `annotate train`",
        ) from error
    except (OSError, msgspec.DecodeError) as error:
        raise _invalid(place, f"cannot be read: {error}") from error
    card = decode(content, ModelCard, place=place)
    if card.format > FORMAT:
        raise InvalidFile(
            f"{place}: format {card.format} is newer than this program knows ({FORMAT})",
            hint="Upgrade with `pip install --upgrade annotate-markers`",
        )
    return card


def load_model(folder: Path) -> Model:
    """Give the model in that folder, each file checked against its sha256.

    Raises InvalidFile when a file is missing, was changed or is not what it should be.
    """
    from annotate.learn.sentence_file import from_skops
    from annotate.learn.tagger_file import from_npz

    card = read_card(folder)
    data = {name: _checked(folder, name, digest) for name, digest in card.files.items()}
    thresholds = {marker: item.threshold for marker, item in card.markers.items() if item.threshold}
    return Model(
        card=card,
        tagger=from_npz(data[SPANS], place=f"{folder.name}/{SPANS}") if SPANS in data else None,
        sentences=from_skops(
            data[SENTENCES], thresholds=thresholds, place=f"{folder.name}/{SENTENCES}"
        )
        if SENTENCES in data
        else None,
        trained_on=frozenset(data.get(TRAINED_ON, b"").decode().split()),
        tuned_on=frozenset(data.get(TUNED_ON, b"").decode().split()),
    )


def _checked(folder: Path, name: str, digest: str) -> bytes:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise _invalid(f"{folder.name}/{CARD}", f"names a file outside of the model: {name}")
    data = path.read_bytes() if path.is_file() else None
    if data is None or sha256(data).hexdigest() != digest:
        raise _invalid(f"{folder.name}/{name}", f"missing, or not what {CARD} says")
    return data


def _invalid(place: str, reason: str) -> InvalidFile:
    return InvalidFile(
        f"{place}: {reason}",
        hint="Restore it from a copy, or train it anew with `annotate train --force`",
    )
