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
from annotate.pipeline.release_rows import KEPT, Drafted, layered, store
from annotate.release.assemble import Rows
from annotate.release.contents import ReleasedAnnotation, ReleasedDocument
from annotate.release.lineage import Lineage
from annotate.release.masking import Masks
from annotate.release.safety import Gate
from annotate.release.writing import LINE, with_lines
from annotate.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa

R = TypeVar("R", bound=Record)

KEY = ("keys", "release.key")
_COMMON, _SHARE = 20, 0.05
_PIECE = 1 << 20
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
    seen = _seen(drafted)
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
        emails=drafted.contacts.emails,
        phones=drafted.contacts.phones,
    )


def refuse_left(folder: Path, words: tuple[str, ...]) -> None:
    """Search every file as bytes; raises DataError naming the files that still hold a word."""
    if not words:
        return
    masks = Masks(words)
    left = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            packed = path.suffix == ".parquet"
            if any(not packed or len(word.encode()) >= _SURE for word in _left(path, masks)):
                left.append(path.relative_to(folder).as_posix())
    if left:
        raise DataError(
            f"names of protected sources are left in {', '.join(left)}",
            hint="Take them out of [project] and [release] in annotate.toml, or release --private",
        )


def _left(path: Path, masks: Masks) -> set[str]:
    """Give the words that a file holds; it is read piece by piece."""
    found: set[str] = set()
    longest = max(len(form.encode()) for form in masks.forms)
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            read = tail + piece
            found.update(masks.left(read))
            tail = read[-longest:]
    return found


def _seen(drafted: Drafted) -> Counter[str]:
    """Count the documents that hold each word."""
    seen: Counter[str] = Counter()
    for stretch in range(drafted.stretches if drafted.names else 0):
        for text in drafted.table("gold", stretch).column("text").to_pylist():
            seen.update(name for name in drafted.names if name in text)
    return seen


def _mask(drafted: Drafted, gate: Gate) -> int:
    """Mask in every stretch, and give how many documents have a mask."""
    keyed = _keyed_clusters(drafted, gate)
    moved: list[Rows] = []
    for stretch in range(drafted.stretches):
        gone = _touched(drafted.table("gold", stretch), gate, keyed)
        if not gone:
            continue
        stored = {layer: drafted.table(layer, stretch) for layer in KEPT}
        stay: list[Rows] = []
        for document in _records(_only(stored["gold"], gone), ReleasedDocument):
            shown = gate.rows(_of(document, stored), keyed_cluster=document.cluster in keyed)
            same = shown.document is not None and shown.document.doc_id == document.doc_id
            (stay if same else moved).append(shown)
            if shown.document is not None and not same:
                drafted.renamed[document.doc_id] = shown.document.doc_id
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
        store(drafted.folder, layer, stretch, table.take(order).combine_chunks())


def _of(document: ReleasedDocument, stored: "Mapping[str, pa.Table]") -> Rows:
    own = {layer: _only(stored[layer], {document.doc_id}) for layer in ("annotations", "lineage")}
    return Rows(
        document=document,
        annotations=tuple(_records(own["annotations"], ReleasedAnnotation)),
        lineage=tuple(_records(own["lineage"], Lineage)),
    )


def _records(table: "pa.Table", record: type[R]) -> list[R]:
    return tables.from_table(table.drop_columns([LINE]), record, place="drafted rows")


def _only(table: "pa.Table", doc_ids: Collection[str]) -> "pa.Table":
    import pyarrow as pa
    from pyarrow.compute import field

    return table.filter(field("doc_id").isin(pa.array(sorted(doc_ids), pa.string())))


def _touched(gold: "pa.Table", gate: Gate, keyed: Collection[str]) -> set[str]:
    """Give the documents of which a row says what is to be hidden."""
    said = ("text", "title", "url")
    rows = gold.select(["doc_id", "cluster", "cluster_publishers", *said]).to_pylist()
    return {
        row["doc_id"]
        for row in rows
        if row["cluster"] in keyed
        or any(_masked(text, gate) for text in (*map(row.get, said), *row["cluster_publishers"]))
        or (row["url"] and gate.holds(row["url"]))
    }


def _masked(text: str | None, gate: Gate) -> bool:
    return bool(text and gate.masks.hide(text).cuts)


def _keyed_clusters(drafted: Drafted, gate: Gate) -> set[str]:
    """Give the near-duplicate clusters with a document whose text is masked."""
    found: set[str] = set()
    for stretch in range(drafted.stretches):
        table = drafted.table("gold", stretch).select(["text", "cluster"])
        pairs = zip(table["text"].to_pylist(), table["cluster"].to_pylist(), strict=True)
        found.update(cluster for text, cluster in pairs if _masked(text, gate))
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
