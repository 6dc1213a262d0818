"""Splits without leakage: which document trains, validates, tests, or stays out.

No near-duplicate cluster is ever cut. Test documents were drawn at random, before anybody
chose what to label, by their condition; two or more annotators read each of them, and what they
differed on was decided.

    test_unseen_publisher   no publisher of any copy of it has a copy of a training document
    test_later              the latest fifth; training documents of that time are left out
    test_random             the other test documents: an upper reference only
    validation, train       the rest, by a hash of their cluster

All chance is a hash of the seed and a name, so that adding documents moves others only
where they share a cluster with new ones, or where a share needs one more publisher.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from math import ceil

from annotate.model import Condition, Record

WAITS = "test document with spans to be decided: run `annotate adjudicate`"
TEST_SPLITS = ("test_unseen_publisher", "test_later", "test_random")
SPLITS = ("train", "validation", *TEST_SPLITS)
LATER = 0.2
COST = 0.25
NEEDED = 2
MOST = 0.5


class Candidate(Record, frozen=True, kw_only=True):
    """What splitting needs to know of an annotated document.

    `cluster_publishers` are those of the document and of all its near-duplicates,
    annotated or not; `tested` says that one of these is a test document, so that what a
    later release tests on trains nothing now. `waiting` says that a person has still to
    decide about some of its spans. `published` is an ISO date or null.
    """

    doc_id: str
    cluster: str
    condition: Condition
    tested: bool = False
    annotators: int
    waiting: bool = False
    publishers: tuple[str, ...] = ()
    cluster_publishers: tuple[str, ...] = ()
    published: str | None = None


class Splits(Record, frozen=True, kw_only=True):
    """Where each document went: `documents` by split, `left_out` by reason.

    `not_written` says of each empty split why it is. `unseen_publishers` have no training
    document and no near-duplicate of one.
    """

    documents: dict[str, tuple[str, ...]]
    left_out: dict[str, tuple[str, ...]]
    not_written: dict[str, str]
    unseen_publishers: tuple[str, ...]
    later_from: str | None


def split(
    candidates: Iterable[Candidate], *, seed: int, unseen_publishers: float, validation: float
) -> Splits:
    """Place every annotated document in one split, or leave it out with a reason.

    `unseen_publishers` is the share of test documents, to the nearest document, whose
    publishers are kept from training; `validation` is the share of clusters that validate.
    """
    items = sorted(candidates, key=lambda item: item.doc_id)
    work = _Work(items, seed=seed)
    work.separate_tests()
    work.keep_publishers_unseen(unseen_publishers)
    work.keep_the_latest()
    work.place("test_random", work.tests)
    work.divide(validation)
    return work.result()


class _Work:
    """Candidates on their way into splits."""

    def __init__(self, items: Sequence[Candidate], *, seed: int) -> None:
        self.seed = seed
        self.items = items
        self.tests: list[Candidate] = []
        self.pool: list[Candidate] = []
        self.placed: defaultdict[str, list[str]] = defaultdict(list)
        self.left_out: defaultdict[str, list[str]] = defaultdict(list)
        self.why_empty: dict[str, str] = {}
        self.unseen: set[str] = set()
        self.cut: str | None = None

    def separate_tests(self) -> None:
        """Divide tests from what may train; near-duplicates of a test do neither."""
        drawn = {item.cluster for item in self.items if item.tested or item.condition == "test"}
        for item in self.items:
            if item.cluster not in drawn:
                self.pool.append(item)
            elif item.condition != "test":
                self.left_out["near-duplicate of a test document"].append(item.doc_id)
            elif item.annotators < NEEDED:
                self.left_out["test document with fewer than two annotators"].append(item.doc_id)
            elif item.waiting:
                self.left_out[WAITS].append(item.doc_id)
            else:
                self.tests.append(item)

    def keep_publishers_unseen(self, share: float) -> None:
        """Take publishers out of training until the share of test documents is theirs."""
        self.unseen = set(self._drawn_publishers(share))
        name = "publisher kept for test_unseen_publisher"
        self._shrink_pool(
            [item for item in self.pool if self.unseen & {*item.cluster_publishers}], name
        )
        trained = {publisher for item in self.pool for publisher in item.cluster_publishers}
        unseen = [item for item in self.tests if trained and _only(item, outside=trained)]
        self.place("test_unseen_publisher", unseen)
        if not unseen:
            reason = "no test document whose publishers could be kept out of training"
            self.why_empty["test_unseen_publisher"] = reason

    def _drawn_publishers(self, share: float) -> list[str]:
        drawn: list[str] = []
        most = MOST * len(self.pool)
        by_publisher = Counter(name for item in self.pool for name in {*item.cluster_publishers})
        names = {name for item in self.tests for name in item.cluster_publishers}
        # A publisher of most training documents comes last: it would cost the most.
        order = sorted(names, key=lambda name: (by_publisher[name] > most, self._chance(name)))
        wanted = max(1, round(share * len(self.tests))) if share else 0
        trainable, covered = self.pool, 0
        waiting = [{*item.cluster_publishers} for item in self.tests]
        for name in order:
            if covered >= wanted:
                break
            gained = waiting.count({name})
            rest = [item for item in trainable if name not in item.cluster_publishers]
            if gained and len(rest) >= (most if drawn else 1):
                drawn.append(name)
                trainable, covered = rest, covered + gained
                waiting = [names - {name} for names in waiting]
        return drawn

    def keep_the_latest(self) -> None:
        """Take the latest dated tests, and keep training documents of then out."""
        dates = self._cluster_dates()
        if not dates:
            self.why_empty["test_later"] = "no dated test document was left"
            return
        ordered = sorted(dates[item.cluster] for item in self.tests if item.cluster in dates)
        longest = ceil(LATER * len(ordered))
        found = next((cut for cut in ordered[-longest:] if self._affordable(cut)), None)
        if found is None:
            reason = "training documents are as late as the latest test documents"
            self.why_empty["test_later"] = reason
            return
        self.cut = cut = found
        late = [item for item in self.pool if self._late(item, cut)]
        self._shrink_pool(late, "published in the time of test_later")
        self.place("test_later", [it for it in self.tests if dates.get(it.cluster, "") >= cut])

    def _affordable(self, cut: str) -> bool:
        """Say whether keeping that time out of training costs a quarter of it at most."""
        return sum(self._late(item, cut) for item in self.pool) <= COST * len(self.pool)

    @staticmethod
    def _late(item: Candidate, cut: str) -> bool:
        return item.published is not None and item.published >= cut

    def _cluster_dates(self) -> dict[str, str]:
        """Give the earliest date of each test cluster whose documents are all dated."""
        grouped: defaultdict[str, list[str]] = defaultdict(list)
        for item in self.tests:
            grouped[item.cluster].append(item.published or "")
        return {cluster: min(dates) for cluster, dates in grouped.items() if min(dates)}

    def divide(self, validation: float) -> None:
        """Divide what is left into validation and train, clusters whole."""
        kept = [item for item in self.pool if self._chance(item.cluster) < validation]
        if len(kept) == len(self.pool):
            kept = []
        held = {item.doc_id for item in kept}
        self.placed["validation"] = sorted(held)
        self.placed["train"] = [item.doc_id for item in self.pool if item.doc_id not in held]
        self.why_empty["train"] = "no document was left to train on"
        self.why_empty["validation"] = "the draw by cluster gave it no document"

    def place(self, name: str, items: Sequence[Candidate]) -> None:
        """Put tests into a split."""
        chosen = {item.doc_id for item in items}
        self.placed[name] = sorted(chosen)
        self.tests = [item for item in self.tests if item.doc_id not in chosen]

    def _shrink_pool(self, items: Sequence[Candidate], reason: str) -> None:
        gone = {item.doc_id for item in items}
        if gone:
            self.left_out[reason] += sorted(gone)
        self.pool = [item for item in self.pool if item.doc_id not in gone]

    def _chance(self, name: str) -> float:
        """Give a number in [0, 1) that depends on the seed and the name alone."""
        digest = sha256(f"{self.seed}\x1f{name}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64

    def result(self) -> Splits:
        """Give the splits that have documents, and why the others have none."""
        self.why_empty["test_random"] = "no other test document was left"
        return Splits(
            documents={name: tuple(self.placed[name]) for name in SPLITS if self.placed[name]},
            left_out={name: tuple(ids) for name, ids in sorted(self.left_out.items())},
            not_written={
                name: self.why_empty.get(name, "no document")
                for name in SPLITS
                if not self.placed[name]
            },
            unseen_publishers=tuple(sorted(self.unseen)),
            later_from=self.cut,
        )


def _only(item: Candidate, *, outside: set[str]) -> bool:
    return bool(item.cluster_publishers) and not {*item.cluster_publishers} & outside
