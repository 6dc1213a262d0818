"""The leakage certificate: what splits share, how near their texts come, and what leaks.

It is computed from the rows of the release and believes nothing that was found before. A
pair of splits leaks when it shares what its names do not allow.
"""

import re
from collections.abc import Iterator
from itertools import chain, combinations

from annotate.model import Record
from annotate.release.layers import Layers
from annotate.release.leakage import Leakage, Shared, leakage
from annotate.release.nearness import Nearest, nearest
from annotate.release.probes import Marks, Probe, probes, sampled

NEAR = 0.5
_TRAINS = ("train", "validation")
_WORD = re.compile(r"\w+")


class Titles(Record, frozen=True, kw_only=True):
    """How many documents of the second split have a title that one of the first has too."""

    first: str
    second: str
    shared: int


class Certificate(Leakage, frozen=True, kw_only=True):
    """What is shared, by pair of splits; `leaks` says what should not be, in sentences.

    `nearest` has the highest Jaccard index of word 5-grams of each pair. `probes` ask what a
    model could learn beside the wording. `asked` names the splits that the probes were asked
    of: one to learn from and one to test on.
    """

    nearest: tuple[Nearest, ...] = ()
    titles: tuple[Titles, ...] = ()
    leaks: tuple[str, ...] = ()
    probes: tuple[Probe, ...] = ()
    asked: tuple[str, ...] = ()


def certificate(layers: Layers) -> Certificate:
    """Compare every pair of splits of the data files."""
    found = leakage(layers)
    near = nearest(lambda split: chain.from_iterable(layers.iter_texts(split)), _sizes(layers))
    return Certificate(
        pairs=found.pairs,
        unknown_publisher=found.unknown_publisher,
        undated=found.undated,
        nearest=near,
        titles=tuple(_titles(layers)),
        leaks=(*_shared_leaks(found.pairs), *_near_leaks(near)),
    )


def probed(found: Certificate, layers: Layers, *, marks: Marks | None) -> Certificate:
    """Give the certificate with its probes; `marks` is what a suggester marks in a text."""
    test = next((name for name in layers.splits if name not in _TRAINS), None)
    if "train" not in layers.splits or test is None:
        return found
    train, asked = (
        sampled(chain.from_iterable(layers.iter_documents(name))) for name in ("train", test)
    )
    return found.replace(probes=probes(train, asked, marks=marks), asked=("train", test))


def _sizes(layers: Layers) -> dict[str, int]:
    return {
        split: sum(table.num_rows for table in layers.columns("gold", split, ["doc_id"]))
        for split in layers.splits
    }


def _titles(layers: Layers) -> Iterator[Titles]:
    titles = {split: list(_normal(layers, split)) for split in layers.splits}
    for first, second in combinations(layers.splits, 2):
        known = set(titles[first])
        shared = sum(title in known for title in titles[second])
        yield Titles(first=first, second=second, shared=shared)


def _normal(layers: Layers, split: str) -> Iterator[str]:
    for table in layers.columns("gold", split, ["title"]):
        for title in table.column("title").drop_null().to_pylist():
            words = _WORD.findall(title.casefold())
            if words:
                yield " ".join(words)


def _shared_leaks(pairs: tuple[Shared, ...]) -> Iterator[str]:
    for pair in pairs:
        names = f"{pair.first} and {pair.second}"
        if pair.documents:
            yield f"{names} share {pair.documents} documents"
        if pair.clusters:
            yield f"{names} share {pair.clusters} near-duplicate clusters"
        if pair.publishers and "publishers" not in pair.may_share:
            yield f"{names} share publishers: {', '.join(pair.publishers)}"
        if pair.first_not_before_second and "time" not in pair.may_share:
            count = pair.first_not_before_second
            yield f"{count} documents of {pair.first} are not earlier than all of {pair.second}"


def _near_leaks(near: tuple[Nearest, ...]) -> Iterator[str]:
    for item in near:
        if item.jaccard >= NEAR:
            names = f"{item.first} and {item.second}"
            pair = f"{item.first_document} and {item.second_document}"
            yield f"{names} have near-duplicates: {pair}, Jaccard {item.jaccard:.2f}"
