"""Rows of some documents out of a table of many."""

from collections.abc import Collection, Iterator
from typing import TypeVar

from annotate import tables
from annotate.model import Record
from annotate.workspace import BATCH, Workspace

R = TypeVar("R", bound=Record)


def rows_of(workspace: Workspace, record: type[R], doc_ids: Collection[str]) -> Iterator[R]:
    """Give the rows of these documents in stored order; other rows are not decoded."""
    import pyarrow as pa
    from pyarrow.compute import field

    wanted = field("doc_id").isin(pa.array(sorted(doc_ids), pa.string()))
    for part in workspace.parts(record):
        place = f"{part.parent.name}/{part.name}"
        with tables.whole(part, place=place) as file:
            for batch in file.iter_batches(batch_size=BATCH):
                table = pa.Table.from_batches([batch]).filter(wanted)
                yield from tables.from_table(table, record, place=place)
