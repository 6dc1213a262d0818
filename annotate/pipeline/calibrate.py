"""`annotate suggest --calibrate`: what is settled gives the rules their scores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import time

from annotate.files import as_json
from annotate.ingest.zones import find_zones
from annotate.model import Annotation, Document, Suggestion, Zone
from annotate.pipeline.gold import gold, refuse_none
from annotate.pipeline.rows import rows_of
from annotate.pipeline.suggest_rules import STORED, as_written
from annotate.scores import ALL_VOICES, Tally, tally
from annotate.suggest import calibration
from annotate.suggest.calibration import Calibration, Judged, Truth
from annotate.suggest.engine import suggest_documents
from annotate.suggest.lexicons import phrases
from annotate.suggest.rules import load_rules
from annotate.taxonomy import Taxonomy
from annotate.workspace import Workspace


def calibrate(  # noqa: PLR0913 - keyword-only options of one stage
    workspace: Workspace,
    *,
    candidates: Sequence[str] | None = None,
    adjudicator: str | None = None,
    reviews: Iterable[Annotation] = (),
    dry_run: bool = False,
    wait: bool = False,
) -> Calibration:
    """Estimate each rule's precision and keep it in tables/calibration.json.

    The rules are measured as they are in use and with their written scores, so that the same
    rules and gold give the same calibration. Raises NothingToDo, and changes
    nothing, where no document is settled.
    """
    started = time()
    with workspace.writing("suggest", wait=wait, dry_run=dry_run):
        found = gold(workspace, adjudicator=adjudicator, reviews=reviews)
        refuse_none(found)
        known = as_written(workspace, candidates)
        truths = found.evidence
        documents = [found.documents[doc_id] for doc_id in truths]
        measured = measure(suggested(workspace, documents, known), truths, known)
        result = calibration.calibrate(
            measured.rules, known, documents=found.counts, phrases=phrases
        )
        path = workspace.path(*STORED)
        data = as_json(result)
        if not dry_run and not (path.exists() and path.read_bytes() == data):
            workspace.write_bytes(path, data)
            counts = {**result.documents, "rules": len(result.rules)}
            workspace.record_run("calibrate", started=started, counts=counts, rejects=found.rejects)
    return result


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The rules against gold: what was judged by `marker/rule`, and agreed spans by marker."""

    rules: dict[str, Judged]
    markers: dict[str, Tally]


def measure(
    suggestions: Mapping[str, Sequence[Suggestion]],
    truths: Mapping[str, Truth],
    taxonomy: Taxonomy,
) -> Measured:
    """Hold suggestions, by document, against what annotators say of these documents."""
    rules: dict[str, Judged] = {}
    markers = dict.fromkeys(taxonomy.names, Tally())
    for doc_id, truth in truths.items():
        found = suggestions[doc_id]
        for name, judged in calibration.judge(found, truth).items():
            rules[name] = rules.get(name, Judged()) + judged
        for name in markers:
            markers[name] += tally(found, truth.agreed, marker=name, voices=ALL_VOICES)
    return Measured(rules=rules, markers=markers)


def suggested(
    workspace: Workspace, documents: Sequence[Document], taxonomy: Taxonomy
) -> dict[str, list[Suggestion]]:
    """Give what the taxonomy's rules suggest for documents of the workspace."""
    rules = load_rules(taxonomy)
    found = suggest_documents(documents, zones_of(workspace, documents), rules)
    return {item.doc_id: rows for item, rows in zip(documents, found, strict=True)}


def zones_of(workspace: Workspace, documents: Sequence[Document]) -> list[list[Zone]]:
    """Give each document's zones, found in the text where none are stored."""
    known: dict[str, list[Zone]] = {item.doc_id: [] for item in documents}
    for zone in rows_of(workspace, Zone, known):
        known[zone.doc_id].append(zone)
    return [sorted(known[item.doc_id]) or find_zones(item) for item in documents]
