"""Make a release folder whole: the files beside the data files, and the sums over all.

The data files stand in the folder before anything else, written as a stream, and everything
else is computed from them through a read-only `Layers`. A further file is one more entry of
`Draft.added`: a path inside the release, and a function that is given the `Layers` and the
place to write to. It must depend on nothing but what it is given and the workspace, and not
on the release's version: without a new version a release whose content is the last one's is
not written again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from annotate.config import Release as Said
from annotate.files import as_json
from annotate.release import sums
from annotate.release.card import Card, render_card
from annotate.release.certificate import Certificate, certificate, probed
from annotate.release.contents import ReleasedDocument, Summary
from annotate.release.counts import UNKNOWN, Counts, count
from annotate.release.layers import Layers
from annotate.release.probes import Marks
from annotate.release.reader import CARD, CHANGES, LEAKAGE, SUMMARY, Release
from annotate.release.splits import Splits
from annotate.release.withholding import rewritten, without_text
from annotate.taxonomy import Taxonomy

Added = Callable[[Layers, Path], None]
Described = Callable[["Draft", str], bytes]


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A release that has its data files, whatever its version will be.

    `marks` is what a suggester marks in a text, for the probes of the certificate.
    `described` gives further files that name the version, by path. `masked` documents hide
    names of protected sources, `withheld` ones have no text.
    """

    name: str
    said: Said
    taxonomy: Taxonomy
    splits: Splits
    layers: Layers
    added: Mapping[str, Added]
    marks: Marks
    described: Mapping[str, Described] = field(default_factory=dict)
    masked: int = 0
    withheld: int = 0

    @cached_property
    def certificate(self) -> Certificate:
        """What the splits share, what leaks, and what the probes say."""
        return probed(certificate(self.layers), self.layers, marks=self.marks)

    @cached_property
    def counts(self) -> Counts:
        """What the data files hold, counted."""
        return count(self.layers)

    def summary(self, version: str) -> Summary:
        """Give the counts, and name the versions behind them."""
        return Summary(
            version=version,
            taxonomy_version=self.taxonomy.version,
            guideline_versions=tuple(sorted(self.counts.guidelines)),
            derivations={item.name: item.version for item in self.taxonomy.derivations},
            markers=self.taxonomy.names,
            splits=self.counts.documents_by_split,
            left_out={reason: len(ids) for reason, ids in self.splits.left_out.items()},
            not_written=self.splits.not_written,
            spans=self.counts.spans_by_split,
            open=self.counts.open,
            annotations=self.counts.annotations,
            annotators=len(self.counts.annotators),
            leaks=self.certificate.leaks,
            masked=self.masked,
            withheld=self.withheld,
        )

    def versioned(self, version: str) -> dict[str, bytes]:
        """Give the files that name the version, but for CHANGES.md."""
        summary = self.summary(version)
        card = Card(
            name=self.name,
            said=self.said,
            summary=summary,
            counts=self.counts,
            layers=self.layers,
            taxonomy=self.taxonomy,
            certificate=self.certificate,
        )
        others = {name: give(self, version) for name, give in self.described.items()}
        return {CARD: render_card(card).encode(), SUMMARY: as_json(summary), **others}

    def without_texts(self, folder: Path, *, withhold: Callable[[str | None], bool]) -> Self:
        """Give the draft in another folder, without texts whose licence `withhold` chooses.

        What the card and the certificate say stays as it was computed from the texts. Where
        nothing is to be withheld, it is the same draft.
        """
        licences = self.counts.licences
        chosen = {it for it in licences if withhold(None if it == UNKNOWN else it)}
        if not chosen:
            return self

        def change(document: ReleasedDocument) -> ReleasedDocument:
            gone = (document.licence or UNKNOWN) in chosen
            return without_text(document) if gone else document

        rewritten(self.layers, folder, change)
        shown = replace(
            self,
            layers=Layers(folder, self.layers.splits),
            withheld=sum(licences[it] for it in chosen),
        )
        vars(shown).update(certificate=self.certificate, counts=self.counts)
        return shown

    def write_added(self) -> None:
        """Write the files that are computed from the data files."""
        (self.layers.path / LEAKAGE).write_bytes(as_json(self.certificate))
        for name, write in self.added.items():
            path = self.layers.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write(self.layers, path)

    def finish(self, version: str, *, changes: str) -> None:
        """Write what names the version, and SHA256SUMS over everything."""
        for name, content in {**self.versioned(version), CHANGES: changes.encode()}.items():
            (self.layers.path / name).write_bytes(content)
        listed = sums.written(sums.sums(self.layers.path))
        (self.layers.path / sums.SUMS).write_text(listed, encoding="utf-8", newline="\n")


def same_as(draft: Draft, release: Release) -> bool:
    """Say whether the draft holds what the release holds, but for what changed before it."""
    versioned = draft.versioned(release.version)
    theirs = {name: digest for name, digest in release.sums.items() if name != CHANGES}
    ours = sums.sums(draft.layers.path) | {
        name: sums.sha256_of(content) for name, content in versioned.items()
    }
    return ours == theirs
