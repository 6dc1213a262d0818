"""Who reads which document, and under which condition: drawn by hash, never redrawn.

Every draw depends on the seed and the document alone, so that adding documents changes
nothing for those that are there.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from annotate.config import Assign
from annotate.errors import UsageError
from annotate.model import Assignment, Condition, assignment_id


def assign(  # noqa: PLR0913
    doc_ids: Iterable[str],
    *,
    clusters: Mapping[str, str],
    existing: Sequence[Assignment],
    settings: Assign,
    people: Sequence[str],
    seed: int,
    limit: int | None = None,
) -> list[Assignment]:
    """Give the assignments that are missing; `limit` is the most new documents.

    Near-duplicates (`clusters`: document to cluster) share a condition, so that no
    test document has a twin that was read with suggestions. Documents of an earlier
    round are left to it. Each document goes to those with the fewest; with a limit,
    the documents taken are a random sample. Raises UsageError for a team too small.
    """
    _check(settings, people)
    conditions = _Conditions(existing, clusters=clusters, settings=settings, seed=seed)
    readers: dict[str, list[str]] = defaultdict(list)
    elsewhere = set()
    for item in existing:
        if item.round == settings.round and item.kind == "label":
            readers[item.doc_id].append(item.annotator)
        elsewhere.add(item.doc_id)
    load = Counter(name for names in readers.values() for name in names)
    fresh = sorted(
        (doc_id for doc_id in doc_ids if doc_id not in elsewhere or doc_id in readers),
        key=lambda doc_id: (doc_id not in elsewhere, _draw(seed, "order", doc_id), doc_id),
    )
    made: list[Assignment] = []
    for doc_id in _limited(fresh, set(readers), limit):
        condition = conditions.of(doc_id)
        wanted = _readers_wanted(doc_id, condition, settings, seed) - len(readers.get(doc_id, ()))
        free = [name for name in dict.fromkeys(people) if name not in readers.get(doc_id, ())]
        free.sort(key=lambda name: (load[name], _draw(seed, "who", doc_id, name)))
        for name in free[: max(0, wanted)]:
            load[name] += 1
            made.append(_made(doc_id, name, condition, settings.round))
    return made


def _check(settings: Assign, people: Sequence[str]) -> None:
    if not people:
        raise UsageError("no annotators", hint='Name them in annotate.toml: annotators = ["ana"]')
    if settings.test + settings.blind > 1:
        raise UsageError(
            f"the shares test {settings.test:g} and blind {settings.blind:g} are over 1 together",
            hint="Lower one of them under [assign] in annotate.toml",
        )
    needed = {
        "test": (settings.test, settings.test_annotators),
        "overlap": (settings.overlap * (1 - settings.test), settings.overlap_annotators),
    }
    for name, (share, number) in needed.items():
        if share > 0 and len(set(people)) < number:
            raise UsageError(
                f"{name} documents need {number} annotators, and the team has {len(set(people))}",
                hint=f"Add annotators under [team] in annotate.toml, or set {name} = 0 in [assign]",
            )


class _Conditions:
    """Conditions by document, the same for all of a cluster where nothing stands yet."""

    def __init__(
        self,
        existing: Iterable[Assignment],
        *,
        clusters: Mapping[str, str],
        settings: Assign,
        seed: int,
    ) -> None:
        self.clusters, self.settings, self.seed = clusters, settings, seed
        self.by_document: dict[str, Condition] = {item.doc_id: item.condition for item in existing}
        found: dict[str, set[Condition]] = defaultdict(set)
        for doc_id, condition in self.by_document.items():
            found[clusters.get(doc_id, doc_id)].add(condition)
        order: tuple[Condition, ...] = ("test", "blind", "assisted")
        self.by_cluster = {
            cluster: min(conditions, key=order.index) for cluster, conditions in found.items()
        }

    def of(self, doc_id: str) -> Condition:
        cluster = self.clusters.get(doc_id, doc_id)
        known = self.by_document.get(doc_id) or self.by_cluster.get(cluster)
        if known:
            return known
        drawn = _draw(self.seed, "condition", cluster)
        if drawn < self.settings.test:
            return "test"
        return "blind" if drawn < self.settings.test + self.settings.blind else "assisted"


def _readers_wanted(doc_id: str, condition: Condition, settings: Assign, seed: int) -> int:
    if condition == "test":
        return settings.test_annotators
    overlapping = _draw(seed, "overlap", doc_id) < settings.overlap
    return settings.overlap_annotators if overlapping else 1


def _limited(ordered: Sequence[str], begun: set[str], limit: int | None) -> list[str]:
    old = [doc_id for doc_id in ordered if doc_id in begun]
    new = [doc_id for doc_id in ordered if doc_id not in begun]
    return old + (new if limit is None else new[:limit])


def _draw(seed: int, *parts: str) -> float:
    """Give a number in [0, 1) that depends on the seed and the parts alone."""
    joined = "\x1f".join([str(seed), *parts])
    return int.from_bytes(sha256(joined.encode()).digest()[:8]) / 2**64


def _made(doc_id: str, annotator: str, condition: Condition, number: int) -> Assignment:
    return Assignment(
        assignment_id=assignment_id(doc_id=doc_id, annotator=annotator, round=number),
        doc_id=doc_id,
        annotator=annotator,
        round=number,
        condition=condition,
    )
