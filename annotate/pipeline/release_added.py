"""The files of a release that are computed from its data files and the workspace."""

from collections.abc import Mapping
from hashlib import sha256
from heapq import nsmallest
from pathlib import Path

from annotate.adjudicate.fitting import fitting
from annotate.config import Config
from annotate.files import as_json
from annotate.model import Annotation, Condition, Document, Duplicate
from annotate.pipeline.agreement import latest
from annotate.pipeline.agreement_metrics import Agreed, measured
from annotate.pipeline.release_survey import Survey
from annotate.pipeline.rows import rows_of
from annotate.release.build import Draft
from annotate.release.croissant import Facts, croissant
from annotate.release.layers import RECORDS, Layers
from annotate.scores import VOICES
from annotate.workspace import Workspace

AGREEMENT, CROISSANT = "agreement.json", "croissant.json"
MOST = 5_000
_LIMITS = (
    "Gold is what annotators agree on or an adjudicator decided; what is open is no example.",
    "What every annotator missed is not in the data set.",
    "Markers tag wording; they say nothing of truth, and score no outlet.",
)


def described(draft: Draft, version: str, *, said: Config) -> bytes:
    """Give croissant.json, which names the version."""
    layers, counts = draft.layers, draft.counts
    facts = Facts(
        name=said.project.name,
        version=version,
        said=said.release,
        languages=tuple(sorted(counts.languages)),
        layers=tuple(layer for layer in RECORDS if layers.offered(layer)),
        documents=counts.documents,
        spans=counts.spans,
        annotations=counts.annotations,
        annotators=len(counts.annotators),
        dates=tuple(sorted({min(counts.dates), max(counts.dates)} - {""})) if counts.dates else (),
        guideline_versions=tuple(sorted(counts.guidelines)),
        taxonomy_version=draft.taxonomy.version,
        suggesters=_suggesters(layers),
        masked=draft.masked,
        limits=_LIMITS,
    )
    return as_json(croissant(facts))


def _suggesters(layers: Layers) -> tuple[str, ...]:
    """Give the suggesters behind gold spans."""
    found: set[str] = set()
    for table in layers.lineage(["proposals.list.element.suggester"]):
        names = table.column(0).combine_chunks().flatten()
        found.update(names.flatten()[0].to_pylist())
    return tuple(sorted(found))


def write_agreement(workspace: Workspace, known: Survey, path: Path) -> None:
    """Measure agreement of the annotations behind the release, under pseudonyms.

    Of a large corpus `MOST` documents, drawn by a hash of their ids.
    """
    chosen = nsmallest(MOST, known.doc_ids, key=lambda it: sha256(it.encode()).digest())
    rows = [
        item
        for item in rows_of(workspace, Annotation, chosen)
        if not item.foreign
        and item.assignment_id not in known.unlike
        and item.annotator != known.adjudicator
    ]
    documents = {item.doc_id: item for item in rows_of(workspace, Document, chosen)}
    kept = fitting(latest(rows), documents, workspace.taxonomy).annotations
    clusters = rows_of(workspace, Duplicate, chosen)
    groups = {item.doc_id: item.cluster for item in clusters}
    texts = {doc_id: document.text for doc_id, document in documents.items()}

    def agreed(*conditions: Condition) -> Agreed:
        return measured(
            [_hidden(item, known.names) for item in kept if item.condition in conditions],
            texts,
            workspace.taxonomy,
            voices=VOICES,
            groups=groups,
            seed=workspace.config.project.seed,
        )

    said = {
        "documents_of": len(known.doc_ids),
        "documents_asked": len(chosen),
        "blind_and_test": agreed("blind", "test"),
        "assisted": agreed("assisted"),
    }
    path.write_bytes(as_json(said))


def _hidden(item: Annotation, names: Mapping[str, str]) -> Annotation:
    return item.replace(annotator=names[item.annotator])
