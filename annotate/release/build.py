"""Every file of a release in memory, in bytes that depend on nothing but the input."""

from pathlib import Path

import msgspec

from annotate.config import Release as Said
from annotate.model import Record
from annotate.release.card import Card, render_card
from annotate.release.contents import Summary
from annotate.release.layers import Layers, layer_files
from annotate.release.leakage import leakage
from annotate.release.reader import Release
from annotate.release.splits import Splits
from annotate.release.sums import SUMS, with_sums
from annotate.release.versions import changes
from annotate.taxonomy import Taxonomy


class Build(Record, frozen=True, kw_only=True):
    """What a release is made of, whatever its version will be."""

    name: str
    said: Said
    taxonomy: Taxonomy
    layers: Layers
    splits: Splits


def files(build: Build, *, version: str, before: Release | None) -> dict[str, bytes]:
    """Give the release's files by path; `before` is the previous release, for CHANGES.md."""
    summary = summarise(build, version=version)
    card = Card(
        name=build.name,
        said=build.said,
        summary=summary,
        layers=build.layers,
        taxonomy=build.taxonomy,
    )
    return with_sums(
        {
            **layer_files(build.layers),
            "README.md": render_card(card).encode(),
            "CHANGES.md": changes(version, build.layers.gold, before).encode(),
            "leakage.json": _json(leakage(build.layers.gold)),
            "release.json": _json(summary),
        }
    )


def same_as(build: Build, release: Release) -> bool:
    """Say whether the build would hold what the release holds, but for what changed before."""
    now = files(build, version=release.version, before=None)
    ignored = {"CHANGES.md", SUMS}
    return all(
        _content(release.path / name) == content
        for name, content in now.items()
        if name not in ignored
    )


def summarise(build: Build, *, version: str) -> Summary:
    """Count what the build holds, and name the versions behind it."""
    documents = [item for rows in build.layers.gold.values() for item in rows]
    annotations = [item for rows in build.layers.annotations.values() for item in rows]
    return Summary(
        version=version,
        taxonomy_version=build.taxonomy.version,
        guideline_versions=tuple(sorted({item.guideline_version for item in annotations})),
        derivations={item.name: item.version for item in build.taxonomy.derivations},
        markers=build.taxonomy.names,
        splits={name: len(rows) for name, rows in build.layers.gold.items()},
        left_out={reason: len(ids) for reason, ids in build.splits.left_out.items()},
        not_written=build.splits.not_written,
        spans={
            name: sum(len(item.spans) for item in rows) for name, rows in build.layers.gold.items()
        },
        open=sum(len(item.open) for item in documents),
        annotations=len(annotations),
        annotators=len({item.annotator for item in annotations}),
    )


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _json(record: Record) -> bytes:
    return msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
