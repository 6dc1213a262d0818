"""Why annotators disagree: everything that explains an agreement, gathered from a workspace."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from annotate.adjudicate.clusters import clusters
from annotate.adjudicate.consensus import Consensus
from annotate.adjudicate.fitting import fitting
from annotate.agreement.anchoring import anchoring
from annotate.agreement.checks import Settled, checks, repeats
from annotate.agreement.contested import ReadDocument, contested, most_contested
from annotate.agreement.differences import differences
from annotate.agreement.explain import Contested, Differences, Explained
from annotate.agreement.held import Ranges, merged
from annotate.agreement.places import places
from annotate.agreement.profiles import Reading, profiles
from annotate.agreement.reliability import reliability
from annotate.model import (
    Annotation,
    Assignment,
    AssignmentKind,
    Document,
    Duplicate,
    Span,
    Suggestion,
    Voice,
)
from annotate.pipeline.agreement import latest
from annotate.pipeline.gold import gold
from annotate.pipeline.rows import rows_of
from annotate.scores import VOICES
from annotate.spans import overlaps
from annotate.suggest.rules import SUGGESTER
from annotate.taxonomy import Taxonomy
from annotate.workspace import Workspace

if TYPE_CHECKING:
    import numpy as np

RULES = SUGGESTER.partition("@")[0] + "@"  # of any version


def explained(
    workspace: Workspace,
    annotations: Iterable[Annotation],
    *,
    voices: Sequence[Voice] = VOICES,
    rng: "np.random.Generator | None" = None,
    adjudicator: str | None = None,
) -> Explained:
    """Explain the disagreement among annotations that fit the workspace's documents.

    Takes one annotation for each document and annotator; skipped ones are left out. Repeats
    and hidden checks are read from the workspace; `adjudicator` and its verdicts settle what
    checks are held against. Without `rng` there are no intervals.
    """
    read = [item for item in annotations if not item.skipped]
    groups = {item.doc_id: item.cluster for item in workspace.rows(Duplicate)}
    kinds = {item.assignment_id: item.kind for item in workspace.rows(Assignment)}
    markers = workspace.taxonomy.names
    words = _words(workspace, {item.doc_id for item in read})
    readings = [_reading(item, words, voices) for item in read]
    documents = list(_documents(read, words, workspace.taxonomy, voices))
    # Only an assignment's condition was drawn by chance; what was imported has none.
    drawn = [of for it, of in zip(read, readings, strict=True) if it.assignment_id in kinds]
    suggested = _suggested(workspace, {item.doc_id for item in drawn}, voices)
    repeated = _special(workspace, kinds, "repeat")
    hidden = _special(workspace, kinds, "check")
    settled = _settled(workspace, adjudicator) if hidden else {}
    return Explained(
        voices=tuple(voices),
        differences=_differences(documents, markers, assisted=False),
        assisted=_differences(documents, markers, assisted=True),
        contested=tuple(_contested(workspace, documents)),
        profiles=profiles(readings, documents, markers=markers, groups=groups, rng=rng),
        repeats=repeats(repeated, read, voices=voices, groups=groups, rng=rng),
        checks=checks(hidden, settled, voices=voices, groups=groups, rng=rng),
        anchoring=anchoring(drawn, suggested, groups=groups, rng=rng),
        reliability=reliability(documents, voices=voices),
    )


def _words(workspace: Workspace, doc_ids: Collection[str]) -> dict[str, int]:
    """Count the words of each document; no text is kept."""
    return {it.doc_id: len(it.text.split()) for it in rows_of(workspace, Document, doc_ids)}


def _reading(item: Annotation, words: Mapping[str, int], voices: Sequence[Voice]) -> Reading:
    return Reading(
        doc_id=item.doc_id,
        annotator=item.annotator,
        condition=item.condition,
        submitted_at=item.submitted_at,
        lead_time_s=item.lead_time_s,
        words=words[item.doc_id],
        marked=merged(item.spans, voices=voices),
    )


def _documents(
    read: Iterable[Annotation],
    words: Mapping[str, int],
    taxonomy: Taxonomy,
    voices: Sequence[Voice],
) -> Iterator[ReadDocument]:
    """Give the documents that two or more read under like conditions, place by place."""
    grouped: defaultdict[tuple[str, bool], list[Annotation]] = defaultdict(list)
    for item in read:
        grouped[item.doc_id, item.condition == "assisted"].append(item)
    for (doc_id, _), found in sorted(grouped.items()):
        if len(found) < 2:  # noqa: PLR2004 - nobody to disagree with
            continue
        readers = tuple(sorted(item.annotator for item in found))
        together = clusters(found, taxonomy)
        yield ReadDocument(
            doc_id=doc_id,
            condition=found[0].condition,
            words=words[doc_id],
            readers=readers,
            clusters=together,
            places=places(together, readers, voices=voices),
        )


def _differences(
    documents: Iterable[ReadDocument], markers: Sequence[str], *, assisted: bool
) -> Differences:
    chosen = [it.places for it in documents if (it.condition == "assisted") == assisted]
    return differences(chosen, markers=markers)


def _contested(workspace: Workspace, documents: Iterable[ReadDocument]) -> Iterator[Contested]:
    worst = most_contested(documents)
    wanted = {item.doc_id for item in worst}
    texts = {item.doc_id: item for item in rows_of(workspace, Document, wanted)}
    for item in worst:
        yield contested(item, texts[item.doc_id])


def _special(
    workspace: Workspace, kinds: Mapping[str, AssignmentKind], kind: AssignmentKind
) -> list[Annotation]:
    """Give the annotations of assignments of that kind; one of another text is as if skipped."""
    if kind not in kinds.values():
        return []
    found = [
        item
        for batch in workspace.batches(Annotation)
        for item in batch
        if kinds.get(item.assignment_id) == kind and not item.foreign
    ]
    wanted = {item.doc_id for item in found}
    documents = {item.doc_id: item for item in rows_of(workspace, Document, wanted)}
    fit = fitting(found, documents, workspace.taxonomy).annotations
    whole = {item.annotation_id: item for item in fit}
    return [whole.get(it.annotation_id, it.replace(skipped=True)) for it in latest(found)]


def _settled(workspace: Workspace, adjudicator: str | None) -> dict[str, Settled]:
    found = gold(workspace, adjudicator=adjudicator)
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for item in found.annotations:
        readers[item.doc_id].add(item.annotator)
    return {
        doc_id: _blameless(outcome, frozenset(readers[doc_id]))
        for doc_id, outcome in found.settled.items()
    }


def _blameless(outcome: Consensus, readers: frozenset[str]) -> Settled:
    """Leave open what was found to be ambiguous, whatever was decided: it counts for nobody."""
    gold = tuple(
        span
        for span in outcome.gold
        if not any(it.marker == span.marker and overlaps(it, span) for it in outcome.spared)
    )
    places = (*outcome.open, *outcome.spared)
    return Settled(gold=gold, open=places, readers=readers)


def _suggested(
    workspace: Workspace, doc_ids: Collection[str], voices: Sequence[Voice]
) -> dict[str, Ranges]:
    """Give what the rules suggest for each document, shown or not."""
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for item in rows_of(workspace, Suggestion, doc_ids):
        if item.suggester.startswith(RULES) and item.marker in workspace.taxonomy.names:
            found[item.doc_id].append(item)
    return {doc_id: merged(spans, voices=voices) for doc_id, spans in found.items()}
