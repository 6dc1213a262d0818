"""`annotate agreement`: how far independent annotators mark the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from annotate.agreement.pairwise import Measured, pairwise
from annotate.errors import NothingToDo
from annotate.model import Annotation, Assignment, Condition, Duplicate
from annotate.scores import ALL_VOICES, VOICES
from annotate.workspace import Workspace


class AgreementResult(Measured, frozen=True, kw_only=True):
    """Agreement on blind and test documents, and apart the assisted ones.

    Suggestions make people agree, so `assisted` is no evidence of agreement.
    """

    assisted: Measured


def agreement(
    workspace: Workspace, *, adjudicator: str | None = None, all_voices: bool = False
) -> AgreementResult:
    """Measure agreement on spans by marker, by pair and overall, with 95% intervals.

    The reporter's and the headline's voice count, what others are quoted as saying only with
    `all_voices`. The adjudicator's annotations are left out: they were not made
    independently. Raises NothingToDo when nothing is annotated.
    """
    import numpy as np

    annotations = independent(workspace, adjudicator=adjudicator, foreign=True)
    voices = ALL_VOICES if all_voices else VOICES
    groups = {item.doc_id: item.cluster for item in workspace.rows(Duplicate)}

    def measured(*conditions: Condition) -> Measured:
        chosen = [item for item in annotations if item.condition in conditions]
        rng = np.random.default_rng(workspace.config.project.seed)
        return pairwise(chosen, workspace.taxonomy, voices=voices, groups=groups, rng=rng)

    headline = measured("blind", "test")
    return AgreementResult(
        **{name: getattr(headline, name) for name in headline.__struct_fields__},
        assisted=measured("assisted"),
    )


def independent(
    workspace: Workspace, *, adjudicator: str | None = None, foreign: bool = False
) -> list[Annotation]:
    """Give one annotation per document and annotator: the last round's, none of repeats.

    What was imported with labels of another label set says nothing of ours, so it counts only
    where `foreign`. Raises NothingToDo, saying what to run, when nothing is annotated.
    """
    annotations = [it for it in workspace.rows(Annotation) if foreign or not it.foreign]
    if not any(not item.skipped for item in annotations):
        raise _nothing(workspace)
    kinds = {item.assignment_id: item.kind for item in workspace.rows(Assignment)}
    labels = (
        item
        for item in annotations
        if kinds.get(item.assignment_id, "label") == "label" and item.annotator != adjudicator
    )
    return latest(labels)


def latest(annotations: Iterable[Annotation]) -> list[Annotation]:
    """Give each annotator's last annotation of each document, in order of document."""
    by_person: defaultdict[tuple[str, str], list[Annotation]] = defaultdict(list)
    for item in annotations:
        by_person[item.doc_id, item.annotator].append(item)
    return [max(found, key=_age) for _, found in sorted(by_person.items())]


def _age(item: Annotation) -> tuple[int, str, str]:
    return (item.round, item.submitted_at, item.annotation_id)


def _nothing(workspace: Workspace) -> NothingToDo:
    assigned: Sequence[Assignment] = workspace.rows(Assignment)
    hint = (
        "Bring in what people submitted with `annotate pull`"
        if assigned
        else "Give people documents with `annotate assign`, then `annotate push`"
    )
    return NothingToDo("nothing is annotated yet", hint=hint)
