"""`annotate train`: a release becomes a model."""

from collections.abc import Callable
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Literal

from annotate.errors import NothingToDo, UsageError
from annotate.learn.storage import (
    NAME,
    Level,
    MarkerCard,
    ModelCard,
    TrainedOn,
    read_card,
    write_model,
)
from annotate.learn.text import LabelledDocument
from annotate.model import Record, Zone
from annotate.pipeline.texts import filled
from annotate.release.contents import ReleasedDocument
from annotate.release.reader import Release, load
from annotate.release.versions import latest
from annotate.workspace import Workspace

if TYPE_CHECKING:
    from annotate.learn.training import Training

TRAIN = "train"
VALIDATION = "validation"


class TrainResult(Record, frozen=True, kw_only=True):
    """A model on disk; `trained` is false where one from the same input was there already."""

    path: str
    name: str
    trained: bool
    release: str
    level: Level
    documents: int
    sentences: int
    tokens: int
    markers: dict[str, MarkerCard]
    seconds: float


def train(  # noqa: PLR0913 - keyword-only options of one command
    workspace: Workspace,
    *,
    release: str | None = None,
    name: str | None = None,
    level: Level = "both",
    seed: int | None = None,
    force: bool = False,
    wait: bool = False,
    progress: Callable[[str], None] | None = None,
) -> TrainResult:
    """Train on a release's train split, the latest release by default, as models/NAME.

    Where the model of that name came from the same release, level and seed, nothing is
    done. Raises NothingToDo without a release or without spans to learn from, UsageError
    when the name is taken by another model and `force` is not set. `progress` hears each
    marker as its turn comes.
    """
    started = time()
    source = open_release(workspace, release)
    seed = workspace.config.project.seed if seed is None else seed
    name = _named(name, level=level, version=source.version)
    on = TrainedOn(version=source.version, sha256=source.sha256)
    folder = workspace.path("models", name)
    with workspace.writing("train", wait=wait):
        if not force and (there := _same(folder, on=on, level=level, seed=seed)):
            return _result(folder, there, started=started, trained=False)
        trained = _train(
            workspace, source, on=on, name=name, level=level, seed=seed, progress=progress
        )
        card = write_model(folder, trained.card, trained.files, replace=force)
        counts = {"documents": card.documents, "tokens": card.tokens}
        workspace.record_run(
            "train", started=started, counts=counts, inputs={source.version: source.sha256}
        )
    return _result(folder, card, started=started, trained=True)


def _train(  # noqa: PLR0913 - what a model is made from
    workspace: Workspace,
    source: Release,
    *,
    on: TrainedOn,
    name: str,
    level: Level,
    seed: int,
    progress: Callable[[str], None] | None,
) -> "Training":
    from annotate.learn import training

    if TRAIN not in source.splits:
        raise NothingToDo(
            f"release {source.version} has no train split",
            hint="Annotate more documents, then run `annotate release` again",
        )
    return training.train(
        labelled(workspace, source, TRAIN),
        validation=labelled(workspace, source, VALIDATION) if VALIDATION in source.splits else (),
        markers=source.markers,
        level=level,
        name=name,
        release=on,
        taxonomy_version=source.taxonomy_version,
        seed=seed,
        progress=progress,
    )


def _named(name: str | None, *, level: Level, version: str) -> str:
    if name is None:
        return f"{'baseline' if level == 'both' else level}-{version}"
    if not NAME.fullmatch(name):
        raise UsageError(
            f'"{name}" is no name for a model',
            hint="Use up to 61 letters, digits, dots, dashes and underscores, no dot first",
        )
    return name


def open_release(workspace: Workspace, version: str | None) -> Release:
    """Give the release of that version, or the latest; raises NothingToDo without any."""
    folder = workspace.path("releases")
    chosen = version or latest(folder)
    if chosen is None:
        raise NothingToDo("there is no release yet", hint="Make one with `annotate release`")
    if not (folder / chosen).is_dir():
        known = sorted(path.name for path in folder.glob("*.*.*"))
        raise UsageError(
            f"there is no release {chosen}; there are: {', '.join(known) or 'none'}",
            hint="Choose one of these, or make one with `annotate release`",
        )
    return load(folder / chosen)


def labelled(
    workspace: Workspace,
    release: Release,
    split: str,
    *,
    group: Literal["cluster", "publisher"] = "cluster",
) -> list[LabelledDocument]:
    """Give a split's documents as a model reads them, grouped for resampling.

    Texts that the release withholds come from the workspace; documents whose text is not
    there, such as masked ones, are left out.
    """
    return [
        LabelledDocument(
            doc_id=row.doc_id,
            text=row.text,
            zones=tuple(
                Zone(doc_id=row.doc_id, start=zone.start, end=zone.end, zone=zone.zone)
                for zone in row.zones
            ),
            spans=row.spans,
            open=row.open,
            title=row.title,
            group=_group(row, group),
        )
        for row in filled(workspace, release.documents(split))
        if row.text is not None
    ]


def _group(row: ReleasedDocument, group: str) -> str:
    # By all publishers of its near-duplicates, so that a cluster stays whole.
    known = row.cluster_publishers or row.publishers
    return min(known) if group == "publisher" and known else row.cluster


def _same(folder: Path, *, on: TrainedOn, level: Level, seed: int) -> ModelCard | None:
    """Give the card of the model that is there, if it came from the same input."""
    if not folder.exists():
        return None
    card = read_card(folder)
    if (card.release, card.level, card.seed) == (on, level, seed):
        return card
    raise UsageError(
        f"models/{folder.name} is another model: of release {card.release.version}, "
        f"level {card.level}, seed {card.seed}",
        hint="Give another name with --name, or replace it with --force",
    )


def _result(folder: Path, card: ModelCard, *, started: float, trained: bool) -> TrainResult:
    return TrainResult(
        path=str(folder),
        name=card.name,
        trained=trained,
        release=card.release.version,
        level=card.level,
        documents=card.documents,
        sentences=card.sentences,
        tokens=card.tokens,
        markers=card.markers,
        seconds=round(time() - started, 3),
    )
