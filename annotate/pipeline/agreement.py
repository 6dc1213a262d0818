"""`annotate agreement`: how far independent annotators mark the same."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from annotate.adjudicate.fitting import Fitting, fitting
from annotate.agreement.explain import Explained
from annotate.agreement.pairwise import foreign_labels
from annotate.errors import NothingToDo
from annotate.model import Annotation, Assignment, Condition, Document, Duplicate, Reject, Voice
from annotate.pipeline.agreement_gates import Gate, gates, refuse_unknown
from annotate.pipeline.agreement_metrics import Agreed, Progress, measured
from annotate.pipeline.rows import rows_of
from annotate.scores import ALL_VOICES, VOICES
from annotate.taxonomy import Taxonomy
from annotate.workspace import Workspace


class AgreementResult(Agreed, frozen=True, kw_only=True):
    """Agreement on blind and test documents, and apart the assisted ones.

    Suggestions make people agree, so `assisted` is no evidence of agreement. `gates` hold
    blind and test documents against annotate.toml. `rejects` are annotations and spans that
    were left out since they do not fit the documents and markers that are here. `explained`
    says why people disagree, where that was asked for.
    """

    assisted: Agreed
    gates: tuple[Gate, ...]
    rejects: tuple[Reject, ...]
    explained: Explained | None = None


def agreement(  # noqa: PLR0913 - keyword-only options of one command
    workspace: Workspace,
    *,
    adjudicator: str | None = None,
    all_voices: bool = False,
    gamma: bool = False,
    explain: bool = False,
    progress: Progress | None = None,
) -> AgreementResult:
    """Measure agreement on spans by marker, by pair and overall, with 95% intervals.

    The reporter's and the headline's voice count, what others are quoted as saying only with
    `all_voices`. The adjudicator's annotations are left out: they were not made
    independently. `gamma` is measured when asked for here or by a gate. `explain` adds why
    people disagree. `progress` is told how many values of gamma are there. Raises
    NothingToDo when nothing is annotated, InvalidFile for a gate on what is never measured.
    """
    annotations = independent(workspace, adjudicator=adjudicator, foreign=True)
    asked = workspace.config.agreement
    taxonomy = workspace.taxonomy
    refuse_unknown(asked, (*taxonomy.names, *foreign_labels(annotations, taxonomy)))
    doc_ids = {item.doc_id for item in annotations}
    documents = {item.doc_id: item for item in rows_of(workspace, Document, doc_ids)}
    fit = _fitting(annotations, documents, taxonomy)
    groups = {item.doc_id: item.cluster for item in workspace.rows(Duplicate)}
    voices = ALL_VOICES if all_voices else VOICES

    def agreed(*conditions: Condition) -> Agreed:
        return measured(
            [item for item in fit.annotations if item.condition in conditions],
            {doc_id: document.text for doc_id, document in documents.items()},
            taxonomy,
            voices=voices,
            groups=groups,
            seed=workspace.config.project.seed,
            with_gamma=gamma or any("gamma" in metrics for metrics in asked.values()),
            progress=progress,
        )

    headline = agreed("blind", "test")
    return AgreementResult(
        **{name: getattr(headline, name) for name in headline.__struct_fields__},
        assisted=agreed("assisted"),
        gates=gates(asked, headline),
        rejects=fit.rejects,
        explained=_explained(workspace, fit, voices, adjudicator) if explain else None,
    )


def _explained(
    workspace: Workspace, fit: Fitting, voices: Sequence[Voice], adjudicator: str | None
) -> Explained:
    import numpy as np

    from annotate.pipeline.explained import explained  # it needs `latest` from here

    rng = np.random.default_rng(workspace.config.project.seed)
    return explained(workspace, fit.annotations, voices=voices, rng=rng, adjudicator=adjudicator)


def _fitting(
    annotations: Iterable[Annotation], documents: dict[str, Document], taxonomy: Taxonomy
) -> Fitting:
    """Leave out what does not fit; labels of another label set need not be markers in use."""
    found = list(annotations)
    fit = fitting(
        [it if not it.foreign else it.replace(spans=()) for it in found], documents, taxonomy
    )
    whole = {item.annotation_id: item for item in found if item.foreign}
    return fit.replace(
        annotations=tuple(whole.get(item.annotation_id, item) for item in fit.annotations)
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
