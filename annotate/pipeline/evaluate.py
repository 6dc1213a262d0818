"""`annotate evaluate`: how a model does on documents that it never saw."""

from collections.abc import Collection, Sequence
from pathlib import Path
from time import time
from typing import Literal

import msgspec

from annotate import taxonomy
from annotate.decode import legal
from annotate.errors import NothingToDo, UsageError
from annotate.learn.evaluation import Report, Rules, SplitReport, evaluate_split, not_learnt
from annotate.learn.storage import CARD, REPORT, Model, load_model
from annotate.learn.text import LabelledDocument
from annotate.model import Document, Record, Span, Voice, text_sha256
from annotate.pipeline.train import VALIDATION, labelled, open_release
from annotate.release.reader import Release
from annotate.scores import ALL_VOICES, VOICES
from annotate.workspace import Workspace

HEADLINE = "test_unseen_publisher"
_TEST = "test"


class EvaluateResult(Record, frozen=True, kw_only=True):
    """A report, and where it was written."""

    path: str
    report: Report
    seconds: float


def evaluate(  # noqa: PLR0913 - keyword-only options of one command
    workspace: Workspace,
    *,
    model: str | None = None,
    release: str | None = None,
    split: str | None = None,
    all_voices: bool = False,
    wait: bool = False,
) -> EvaluateResult:
    """Score a model beside the rules and the majority; the newest model by default.

    The release is the one that it was trained on, the splits are its test splits, and
    without any its validation split. The reporter's and the headline's voice count, what
    others are quoted as saying only with `all_voices`. The report goes to
    models/NAME/report.json. Raises NothingToDo without a model or without documents to
    score on.
    """
    import numpy as np

    started = time()
    folder = _folder(workspace, model)
    loaded = load_model(folder)
    source = open_release(workspace, release or loaded.card.release.version)
    names = _splits(source, split)
    voices = ALL_VOICES if all_voices else VOICES
    seed, rules = workspace.config.project.seed, _rules(loaded.card.markers)
    with workspace.writing("evaluate", wait=wait):
        scored = tuple(
            evaluate_split(
                name,
                labelled(workspace, source, name, group=_group(name)),
                model=loaded,
                rules=rules,
                micro=taxonomy.load().tier(1).names,
                seen=loaded.trained_on | (frozenset() if name == VALIDATION else loaded.tuned_on),
                rng=np.random.default_rng(seed),
                voices=voices,
            )
            for name in names
        )
        report = Report(
            model=folder.name,
            release=source.version,
            headline=HEADLINE if HEADLINE in names else names[0],
            splits=scored,
            not_learnt=not_learnt(loaded.card),
            notes=tuple(_notes(loaded, source, scored, voices)),
            voices=voices,
            seed=seed,
        )
        path = folder / REPORT
        workspace.write_bytes(path, msgspec.json.format(msgspec.json.encode(report), indent=1))
        counts = {item.split: item.documents for item in report.splits}
        workspace.record_run(
            "evaluate", started=started, counts=counts, inputs={source.version: source.sha256}
        )
    return EvaluateResult(path=str(path), report=report, seconds=round(time() - started, 3))


def _folder(workspace: Workspace, name: str | None) -> Path:
    cards = workspace.path("models").glob(f"[!.]*/{CARD}")
    folders = sorted((path.stat().st_mtime_ns, path.parent.name) for path in cards)
    names = [found for _, found in folders]
    if not names:
        raise NothingToDo("there is no model yet", hint="Train one with `annotate train`")
    if name is not None and name not in names:
        raise UsageError("model " + legal(name, sorted(names)), hint="Choose one of these")
    return workspace.path("models", name or names[-1])


def _splits(release: Release, split: str | None) -> list[str]:
    if split is not None:
        if split not in release.splits:
            raise UsageError("split " + legal(split, release.splits), hint="Choose one of these")
        return [split]
    tests = sorted(name for name in release.splits if name.startswith(_TEST))
    if tests:
        return sorted(tests, key=lambda name: name != HEADLINE)
    if VALIDATION in release.splits:
        return [VALIDATION]
    raise NothingToDo(
        f"release {release.version} has neither a test nor a validation split to score on",
        hint="Annotate documents in the condition test, then run `annotate release` again",
    )


def _group(split: str) -> Literal["cluster", "publisher"]:
    return "publisher" if split == HEADLINE else "cluster"


def _notes(
    model: Model, release: Release, scored: Sequence[SplitReport], voices: Sequence[Voice]
) -> list[str]:
    notes, splits = [], [item.split for item in scored]
    if VALIDATION in splits:
        notes.append("scored on validation, which may have set the thresholds: no independent test")
    elif HEADLINE not in splits:
        notes.append(f"no {HEADLINE} split here: publishers may be known from training")
    if release.sha256 != model.card.release.sha256:
        notes.append(
            f"trained on release {model.card.release.version}: documents seen there are left "
            "out, their near-duplicates are not"
        )
    left = sum(len(row.open) for name in splits for row in release.documents(name))
    if left:
        notes.append(f"{left} spans of the scored splits are not settled: they count as absent")
    missing = sum(
        release.summary.splits[item.split] - item.documents - item.left_out for item in scored
    )
    if missing:
        notes.append(f"{missing} documents have no text here and are left out")
    if model.sentences is not None and {*voices} != {*VOICES}:
        notes.append("the sentence model has learnt the reporter's and the headline's voice alone")
    return notes


def _rules(markers: Collection[str]) -> Rules:
    """Give the rules' suggester for those of the markers that the taxonomy still has."""
    from annotate.suggest.engine import suggest_document
    from annotate.suggest.rules import load_rules

    known = taxonomy.load()
    rules = load_rules(known.select(tuple(name for name in known.names if name in markers)))

    def suggest(item: LabelledDocument) -> list[Span]:
        document = Document(
            doc_id=item.doc_id,
            text=item.text,
            text_sha256=text_sha256(item.text),
            title=item.title,
            canonicaliser="",
        )
        return list(suggest_document(document, item.zones, rules))

    return suggest
