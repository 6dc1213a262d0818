"""Who marked what, in one line, under letters that name nobody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, product
from string import ascii_uppercase

from annotate.adjudicate.acceptance import core
from annotate.adjudicate.clusters import Cluster, Vote
from annotate.marker import Marker
from annotate.model import Range, hashed_id

SHOWN = 40


def letters(doc_id: str, annotators: Iterable[str]) -> dict[str, str]:
    """Give each annotator of the document a letter, by a hash of both.

    It is the same for every span of the document, and another one in other documents, so that
    nobody learns to know the hand behind A.
    """
    order = sorted(set(annotators), key=lambda name: hashed_id("l", doc_id, name))
    return dict(zip(order, _names(), strict=False))


def _names() -> Iterator[str]:
    for length in count(1):
        yield from ("".join(each) for each in product(ascii_uppercase, repeat=length))


def support(
    text: str, cluster: Cluster, marker: Marker, *, called: Mapping[str, str], annotators: int
) -> str:
    """Give `2 of 3; reason: A none, B formula_only`: how many, and what they differ in."""
    votes = sorted(cluster.votes, key=lambda vote: (called[vote.annotator], vote.start))
    parts = [f"{cluster.support} of {annotators}"]
    if len({core(text, vote) for vote in votes}) > 1:
        parts.append(
            _told("words", votes, [f"“{shortened(text, vote)}”" for vote in votes], called)
        )
    if len({vote.voice for vote in votes}) > 1:
        parts.append(_told("voice", votes, [vote.voice for vote in votes], called))
    for item in sorted(marker.attributes, key=lambda item: item.name not in cluster.inputs):
        values = [vote.attributes.get(item.name, "not said") for vote in votes]
        if len(set(values)) > 1:
            parts.append(_told(item.title.rstrip(".").lower(), votes, values, called))
    return "; ".join(parts)


def _told(
    title: str, votes: Sequence[Vote], values: Sequence[str], called: Mapping[str, str]
) -> str:
    pairs = zip(votes, values, strict=True)
    return f"{title}: " + ", ".join(f"{called[vote.annotator]} {value}" for vote, value in pairs)


def shortened(text: str, stretch: Range, *, most: int = SHOWN) -> str:
    """Give the words of a range on one line; of many, the first and the last characters."""
    words = " ".join(text[stretch.start : stretch.end].split())
    half = most // 2 - 1
    return words if len(words) <= most else f"{words[:half].rstrip()} … {words[-half:].lstrip()}"
