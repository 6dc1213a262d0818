"""Differences between two releases, counted; CHANGES.md; and the version that they ask for."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from annotate.model import Record
from annotate.release.contents import Summary
from annotate.release.diff import DocumentChange

Kind = Literal["major", "minor", "patch"]


class Differences(Record, frozen=True, kw_only=True):
    """Counts of what differs; `meaning` says what gives the labels another meaning.

    Spans that came or went with their documents are counted apart from spans of documents
    that both releases have. `by` counts the latter by who decided them, `why` those that an
    adjudicator gave a reason for, and those that are open in one of the releases, by reason.
    """

    meaning: tuple[str, ...] = ()
    documents_added: int = 0
    documents_removed: int = 0
    documents_moved: int = 0
    documents_corrected: int = 0
    spans_with_documents_added: int = 0
    spans_with_documents_removed: int = 0
    spans_added: int = 0
    spans_removed: int = 0
    spans_changed: int = 0
    fields: dict[str, int] = {}
    by: dict[str, int] = {}
    why: dict[str, int] = {}
    markers: dict[str, int] = {}

    @property
    def kind(self) -> Kind:
        """Give the number of the version that rises.

        Major: the labels mean something else. Minor: documents came, went or changed their
        split. Patch: corrections alone.
        """
        if self.meaning:
            return "major"
        moved = self.documents_added or self.documents_removed or self.documents_moved
        return "minor" if moved else "patch"


def counted(changes: Iterable[DocumentChange], *, meaning: tuple[str, ...]) -> Differences:
    """Count changes, one at a time."""
    total: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    by: Counter[str] = Counter()
    why: Counter[str] = Counter()
    markers: Counter[str] = Counter()
    for change in changes:
        total.update(_counts(change))
        fields.update(f"document {name}" for name in change.fields)
        for span in change.spans:
            total[f"spans_{span.what}"] += 1
            fields.update(f"span {name}" for name in span.fields)
            by[f"{span.what}, {span.by}"] += 1
            markers[f"{span.what}, {span.marker}"] += 1
            if span.why:
                why[f"{span.what}, {_where(span.what)}: {span.why.split(':')[0]}"] += 1
            if span.reason:
                why[f"{span.what}, {span.by}: {span.reason}"] += 1
    return Differences(
        meaning=meaning,
        fields=dict(sorted(fields.items())),
        by=dict(sorted(by.items())),
        why=dict(sorted(why.items())),
        markers=dict(sorted(markers.items())),
        **total,
    )


def meaning(before: Summary, after: Summary) -> tuple[str, ...]:
    """Say what gives labels another meaning: taxonomy, derivation rules, markers asked for."""
    found = []
    if before.taxonomy_version != after.taxonomy_version:
        found.append(f"taxonomy {before.taxonomy_version} is now {after.taxonomy_version}")
    for name in sorted({*before.derivations, *after.derivations}):
        was, now = before.derivations.get(name), after.derivations.get(name)
        if was != now:
            found.append(f"derivation {name} is now {_version(now)}, it was {_version(was)}")
    asked, told = {*after.markers}, {*before.markers}
    found += [f"marker {name} is asked for now" for name in sorted(asked - told)]
    found += [f"marker {name} is no longer asked for" for name in sorted(told - asked)]
    return tuple(found)


def render(version: str, *, since: str | None, differences: Differences) -> str:
    """Give the text of CHANGES.md."""
    if since is None:
        return f"# {version}\n\nThe first release.\n"
    return "\n".join([f"# {version}", "", f"Since {since}:", "", *lines(differences), ""])


def lines(found: Differences) -> list[str]:
    """Give the counts as the lines of a Markdown list."""
    spans = {
        "gold spans that came with their documents": found.spans_with_documents_added,
        "gold spans that went with their documents": found.spans_with_documents_removed,
        "gold spans added": found.spans_added,
        "gold spans removed": found.spans_removed,
        "gold spans with other values": found.spans_changed,
    }
    documents = {
        "documents added": found.documents_added,
        "documents removed": found.documents_removed,
        "documents in another split": found.documents_moved,
        "documents in the same split with anything else changed": found.documents_corrected,
    }
    listed = [f"- {text}" for text in found.meaning]
    listed += [f"- {name}: {count}" for name, count in {**documents, **spans}.items()]
    parts = {
        "by marker": found.markers,
        "by who decided": found.by,
        "by why": found.why,
        "by what changed": found.fields,
    }
    for title, counts in parts.items():
        if counts:
            listed.append(f"- {title}:")
            listed += [f"  - {name}: {count}" for name, count in counts.items()]
    return listed


def _counts(change: DocumentChange) -> dict[str, int]:
    if change.was is None:
        return {"documents_added": 1, "spans_with_documents_added": change.count}
    if change.now is None:
        return {"documents_removed": 1, "spans_with_documents_removed": change.count}
    return {"documents_moved": 1} if change.was != change.now else {"documents_corrected": 1}


def _where(what: str) -> str:
    return "was open" if what == "added" else "is open"


def _version(number: int | None) -> str:
    return "not there" if number is None else f"version {number}"
