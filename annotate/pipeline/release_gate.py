"""The safety gate over drafted rows: what could identify protected sources is masked.

Words that many documents have, such as a country, identify nobody: they stay, and are
reported. Documents with a mask get another id, so their rows come in a stretch of their own,
behind the others.
"""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from annotate import tables
from annotate.errors import DataError
from annotate.model import Record
from annotate.pipeline.release_rows import KEPT, Drafted, layered
from annotate.release.assemble import Rows
from annotate.release.contents import ReleasedAnnotation, ReleasedDocument
from annotate.release.lineage import Lineage
from annotate.release.masking import Masks
from annotate.release.safety import Contacts, Gate, contacts
from annotate.release.writing import LINE, with_lines
from annotate.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

R = TypeVar("R", bound=Record)

KEY = ("keys", "release.key")
_COMMON, _SHARE = 20, 0.05
_SURE = 8  # shorter words stand in compressed bytes by chance


class Hidden(Record, frozen=True, kw_only=True):
    """What the gate did: `masked` documents, and the words that were masked or are common.

    `emails` and `phones` count what looks like one: flagged, not masked.
    """

    masked: int = 0
    words: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    emails: int = 0
    phones: int = 0


def hide(workspace: Workspace, drafted: Drafted, *, dry_run: bool = False) -> Hidden:
    """Mask the drafted rows in place; give what was done.

    Makes the workspace's key once; a dry run does with a passing one.
    """
    seen, found = _look(drafted)
    most = max(_COMMON, round(_SHARE * len(drafted.candidates)))
    common = {name for name, count in seen.items() if count > most}
    words = sorted(drafted.names - common)
    masked = 0
    if words:
        masked = _mask(drafted, Gate(words, key=_key(workspace, dry_run=dry_run)))
    return Hidden(
        masked=masked,
        words=tuple(words),
        common=tuple(sorted(common)),
        emails=found.emails,
        phones=found.phones,
    )


def refuse_left(folder: Path, words: tuple[str, ...]) -> None:
    """Search every file as bytes; raises DataError naming the files that still hold a word."""
    masks = Masks(words)
    left = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found = masks.left(path.read_bytes())
            packed = path.suffix == ".parquet"
            if any(not packed or len(word.encode()) >= _SURE for word in found):
                left.append(path.relative_to(folder).as_posix())
    if left:
        raise DataError(
            f"names of protected sources are left in {', '.join(left)}",
            hint="Take them out of [project] and [release] in annotate.toml, or release --private",
        )


def _look(drafted: Drafted) -> tuple[Counter[str], Contacts]:
    """Count the documents that hold each word, and all e-mail addresses and numbers."""
    seen: Counter[str] = Counter()
    emails = phones = 0
    for stretch in range(drafted.stretches):
        for text in drafted.table("gold", stretch).column("text").to_pylist():
            seen.update(name for name in drafted.names if name in text)
            flagged = contacts(text)
            emails, phones = emails + flagged.emails, phones + flagged.phones
    return seen, Contacts(emails=emails, phones=phones)


def _mask(drafted: Drafted, gate: Gate) -> int:
    """Mask in every stretch, and give how many documents have a mask."""
    keyed = _keyed_clusters(drafted, gate)
    moved: list[Rows] = []
    for stretch in range(drafted.stretches):
        stored = {layer: drafted.table(layer, stretch) for layer in KEPT}
        gone: set[str] = set()
        stay: list[Rows] = []
        for document in _records(stored["gold"], ReleasedDocument):
            if not (document.cluster in keyed or _holds(document, gate)):
                continue
            shown = gate.rows(_of(document, stored), keyed_cluster=document.cluster in keyed)
            gone.add(document.doc_id)
            same = shown.document is not None and shown.document.doc_id == document.doc_id
            (stay if same else moved).append(shown)
            if shown.document is not None and not same:
                drafted.renamed[document.doc_id] = shown.document.doc_id
        if gone:
            _replace(drafted, stretch, stored, gone=gone, rows=stay)
    if moved:
        # Keyed ids sort behind all others.
        drafted.keep(sorted(moved, key=lambda it: it.document.doc_id if it.document else ""))
    return len(moved)


def _replace(
    drafted: Drafted,
    stretch: int,
    stored: "Mapping[str, pa.Table]",
    *,
    gone: Collection[str],
    rows: Sequence[Rows],
) -> None:
    """Write a stretch without some documents, and with other rows for some of them."""
    import numpy as np
    import pyarrow as pa
    from pyarrow.compute import field

    for layer, of_layer in layered(rows).items():
        others = ~field("doc_id").isin(pa.array(sorted(gone), pa.string()))
        new = with_lines(of_layer, KEPT[layer])
        table = pa.concat_tables([stored[layer].filter(others), new])
        order = np.argsort(table.column("doc_id").to_numpy(), kind="stable")
        drafted.store(layer, stretch, table.take(order).combine_chunks())


def _of(document: ReleasedDocument, stored: "Mapping[str, pa.Table]") -> Rows:
    from pyarrow.compute import field

    own = {
        layer: stored[layer].filter(field("doc_id") == document.doc_id)
        for layer in ("annotations", "lineage")
    }
    return Rows(
        document=document,
        annotations=tuple(_records(own["annotations"], ReleasedAnnotation)),
        lineage=tuple(_records(own["lineage"], Lineage)),
    )


def _records(table: "pa.Table", record: type[R]) -> list[R]:
    return tables.from_table(table.drop_columns([LINE]), record, place="drafted rows")


def _holds(document: ReleasedDocument, gate: Gate) -> bool:
    said = (document.text, document.title, document.url, *document.cluster_publishers)
    if any(gate.masks.hide(text).cuts for text in said if text):
        return True
    return bool(document.url and gate.holds(document.url))


def _keyed_clusters(drafted: Drafted, gate: Gate) -> set[str]:
    """Give the near-duplicate clusters with a document whose text is masked."""
    found: set[str] = set()
    for stretch in range(drafted.stretches):
        table = drafted.table("gold", stretch).select(["text", "cluster"])
        pairs = zip(table["text"].to_pylist(), table["cluster"].to_pylist(), strict=True)
        found.update(cluster for text, cluster in pairs if gate.masks.hide(text).cuts)
    return found


def _key(workspace: Workspace, *, dry_run: bool) -> bytes:
    """Give the workspace's secret, made when it is first needed and readable by its owner."""
    path = workspace.path(*KEY)
    if path.is_file():
        return path.read_bytes()
    made = secrets.token_hex(32).encode()
    if not dry_run:
        workspace.write_bytes(path, made)
        path.chmod(0o600)
    return made
