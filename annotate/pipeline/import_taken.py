"""What can be taken of an export: documents, and one annotation for each who submitted them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotate.config import Config
from annotate.formats.foreign import Export, Submission
from annotate.formats.foreign_spans import Legend, fit
from annotate.model import FOREIGN, Annotation, Document, Reject, assignment_id, hashed_id
from annotate.pipeline.import_documents import Imported, imported

IMPORTED = "imported"


@dataclass(kw_only=True)
class Taken:
    """What could be taken of an export; `annotations` by the id of their assignment.

    Their guideline is `imported`, and their taxonomy `foreign` unless every label in use is
    a marker: such documents say nothing about the markers.
    """

    export: Export
    found: list[Imported] = field(default_factory=list)
    annotations: dict[str, Annotation] = field(default_factory=dict)
    merged: list[Reject] = field(default_factory=list)

    @property
    def documents(self) -> dict[str, Document]:
        """Give the documents by their id."""
        return {item.document.doc_id: item.document for item in self.found}

    @property
    def labels(self) -> Counter[str]:
        """Count the spans of each marker or label."""
        return Counter(span.marker for item in self.annotations.values() for span in item.spans)

    def foreign(self, legend: Legend) -> tuple[str, ...]:
        """Give the labels that are no markers, sorted."""
        return tuple(sorted(set(self.labels) - set(legend.taxonomy.names)))


@dataclass(frozen=True, kw_only=True)
class _Chosen:
    """A submission that counts, of that document and by that annotator."""

    item: Imported
    submission: Submission
    annotator: str

    @property
    def assignment_id(self) -> str:
        """Give an id that no assignment of ours has, and that another name does not change."""
        return assignment_id(
            doc_id=self.item.document.doc_id,
            annotator=self.submission.person,
            round=self.submission.round,
            kind=IMPORTED,
        )

    def annotation(self, legend: Legend, ignored: Counter[str]) -> Annotation:
        """Give the annotation, still without its spans; unknown answers are counted."""
        return Annotation(
            annotation_id=hashed_id("n", self.assignment_id),
            assignment_id=self.assignment_id,
            doc_id=self.item.document.doc_id,
            text_sha256=self.item.document.text_sha256,
            annotator=self.annotator,
            round=self.submission.round,
            condition=self.submission.condition,
            guideline_version=IMPORTED,
            taxonomy_version=legend.taxonomy.version,
            submitted_at=self.submission.submitted_at,
            lead_time_s=self.submission.lead_time_s,
            skipped=self.submission.skipped,
            document_attributes=_legal(self.submission, legend, ignored),
        )


def _legal(submission: Submission, legend: Legend, ignored: Counter[str]) -> dict[str, str]:
    """Give the answers about the document that the taxonomy asks for; others are counted."""
    asked = {it.name: it.values for it in legend.taxonomy.frame.document_attributes}
    kept = {}
    for name, value in submission.document_attributes.items():
        if value in [item.value for item in asked.get(name, ())]:
            kept[name] = value
        else:
            ignored[f"answers to {name}"] += 1
    return kept


def take(  # noqa: PLR0913 - what an export is read with
    export: Export,
    *,
    config: Config,
    key: str | None,
    names: Mapping[str, str],
    legend: Legend,
    forgotten: Mapping[str, str],
) -> Taken:
    """Give documents and annotations; what does not fit goes to the export's rejects.

    So does a document that was `forgotten`, with the reason for it.
    """
    taken = Taken(export=export)
    for task in export.tasks:
        found = imported(task, key=key, config=config)
        if isinstance(found, Reject):
            export.rejects.append(found)
        elif found.document.doc_id in forgotten:
            export.refuse(task.place, f"it was forgotten: {forgotten[found.document.doc_id]}")
        else:
            taken.found.append(found)
    for chosen in _last(taken, names):
        assignment = chosen.assignment_id
        fitted = fit(
            chosen.submission,
            text=chosen.item.text,
            offset=chosen.item.offset,
            legend=legend,
            assignment_id=assignment,
        )
        export.rejects += fitted.rejects
        export.ignored += fitted.ignored
        taken.merged += fitted.merged
        if fitted.lost:
            reason = "none of its regions fits the text, so nobody knows what was submitted"
            export.refuse(chosen.submission.place, reason)
            continue
        annotation = chosen.annotation(legend, export.ignored)
        taken.annotations[assignment] = annotation.replace(spans=tuple(fitted.spans))
    if not taken.labels or taken.foreign(legend):
        taken.annotations = {
            key: item.replace(taxonomy_version=FOREIGN) for key, item in taken.annotations.items()
        }
    return taken


def _last(taken: Taken, names: Mapping[str, str]) -> list[_Chosen]:
    """Give what counts for each document, annotator and round: what was submitted last."""
    last: dict[tuple[str, str, int], _Chosen] = {}
    given = [
        _Chosen(item=item, submission=each, annotator=names[each.person])
        for item in taken.found
        for each in item.task.submissions
    ]
    for chosen in sorted(given, key=lambda each: each.submission.submitted_at):
        key = (chosen.item.document.doc_id, chosen.annotator, chosen.submission.round)
        earlier = last.get(key)
        if earlier is not None:
            place = chosen.submission.place
            reason = f"{chosen.annotator} submitted the same text again later, at {place}"
            taken.export.refuse(earlier.submission.place, reason)
        last[key] = chosen
    return list(last.values())
