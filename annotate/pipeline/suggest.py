"""`annotate suggest`: documents become suggestions, part by part."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from time import time

import msgspec

from annotate import tables
from annotate.errors import DataError, NothingToDo
from annotate.model import Document, Record, Suggestion, Zone, document_id, text_sha256
from annotate.workspace import BATCH, Workspace


class SuggestResult(Record, frozen=True, kw_only=True):
    """What `suggest` found; counts are of all documents, also those done before."""

    documents: int
    suggestions: int
    written_parts: int
    markers: dict[str, int]
    judgements: dict[str, int]


def suggest(
    workspace: Workspace,
    *,
    dry_run: bool = False,
    wait: bool = False,
    progress: Callable[[int], None] | None = None,
) -> SuggestResult:
    """Suggest spans for every document; parts whose input has not changed are kept.

    Raises NothingToDo when nothing is ingested, and DataError when an ingest was cut short:
    without zones, boilerplate would be suggested too.
    """
    parts = workspace.parts(Document)
    if not parts:
        raise NothingToDo("no documents here", hint="Bring some in with `annotate ingest FOLDER`")
    started, run = time(), _Run(workspace, dry_run=dry_run, progress=progress)
    with workspace.writing("suggest", wait=wait, dry_run=dry_run):
        for number, part in enumerate(parts):
            run.part(
                number, [row for batch in tables.scan(part, Document, size=BATCH) for row in batch]
            )
        result = run.result()
        if not dry_run and result.written_parts:
            counts = {"documents": result.documents, "suggestions": result.suggestions}
            workspace.record_run("suggest", started=started, counts=counts, inputs=run.fingerprints)
    return result


def suggest_string(text: str) -> list[Suggestion]:
    """Give the suggestions of the rules for tier 1; offsets are into `text` as given."""
    from annotate import taxonomy
    from annotate.ingest.zones import find_zones
    from annotate.suggest.engine import suggest_document
    from annotate.suggest.rules import load_rules

    whole = text.encode("utf-8", "replace").decode("utf-8")  # a lone surrogate has no hash
    document = Document(
        doc_id=document_id(whole), text=text, text_sha256=text_sha256(whole), canonicaliser=""
    )
    return suggest_document(document, find_zones(document), load_rules(taxonomy.load().tier(1)))


class _Run:
    """One run over all parts: what was done before, and what is counted."""

    def __init__(
        self, workspace: Workspace, *, dry_run: bool, progress: Callable[[int], None] | None
    ) -> None:
        from annotate.suggest.rules import load_rules

        self.workspace = workspace
        self.dry_run = dry_run
        self.progress = progress
        self.rules = load_rules(workspace.taxonomy)
        self.zones = _by_document(workspace.rows(Zone))
        before = workspace.last_run("suggest")
        self.before = before.inputs if before else {}
        self.fingerprints: dict[str, str] = {}
        self.documents = self.written = 0
        self.markers: Counter[str] = Counter()
        self.judgements: Counter[str] = Counter()

    def part(self, number: int, documents: Sequence[Document]) -> None:
        """Suggest for one part, unless its input is what it was."""
        bare = sum(item.doc_id not in self.zones for item in documents)
        if bare:
            raise DataError(
                f"documents without zones: {bare}, since an ingest was cut short",
                hint="Run the same `annotate ingest` again",
            )
        zones = [zone for item in documents for zone in self.zones[item.doc_id]]
        content = msgspec.json.encode([[item.doc_id for item in documents], zones])
        name = f"part-{number:05d}"
        self.fingerprints[name] = sha256(self.rules.fingerprint.encode() + content).hexdigest()
        path = self.workspace.table(Suggestion) / f"{name}.parquet"
        if path.exists() and self.before.get(name) == self.fingerprints[name]:
            self._count(tables.read(path, Suggestion))
        else:
            rows = self._suggested(documents)
            self._count(rows)
            self.written += 1
            if not self.dry_run:
                self.workspace.write_part(Suggestion, number=number, rows=rows)
        self.documents += len(documents)
        if self.progress:
            self.progress(self.documents)

    def _suggested(self, documents: Sequence[Document]) -> list[Suggestion]:
        from annotate.suggest.engine import suggest_document

        rows: list[Suggestion] = []
        for number, document in enumerate(documents):
            rows += suggest_document(document, self.zones[document.doc_id], self.rules)
            if self.progress and number % 100 == 0:
                self.progress(self.documents + number)
        return rows

    def _count(self, rows: Iterable[Suggestion]) -> None:
        for row in rows:
            self.markers[row.marker] += 1
            if row.judgement:
                self.judgements[row.judgement] += 1

    def result(self) -> SuggestResult:
        """Give the counts so far."""
        return SuggestResult(
            documents=self.documents,
            suggestions=self.markers.total(),
            written_parts=self.written,
            markers=dict(sorted(self.markers.items())),
            judgements=dict(sorted(self.judgements.items())),
        )


def _by_document(zones: Iterable[Zone]) -> defaultdict[str, list[Zone]]:
    grouped: defaultdict[str, list[Zone]] = defaultdict(list)
    for zone in zones:
        grouped[zone.doc_id].append(zone)
    return grouped
