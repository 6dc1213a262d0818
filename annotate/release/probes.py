"""Probes: what a model could learn of a data set that is not the wording of its spans.

Each asks one question of documents that train and of documents that test. A task stands
in for span tagging: does a document hold a gold span of each marker? It is scored by F1
over documents and markers. Words are counted as TF-IDF for a logistic regression; who
published them is told by naive Bayes, since outlets are many. At most
`MOST` documents of a side are asked, drawn by a hash of their ids, and at most `SWAPPED` take
another outlet's boilerplate.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from heapq import nsmallest

from annotate.model import Record
from annotate.release.contents import ReleasedDocument, ReleasedZone
from annotate.release.nearness import words

MOST = 2_000
SWAPPED = 200
FEWEST = 10
_NAME = re.compile(
    r"(?<![.!?:\n“\"] )(?<!^)\b[A-Z][\w'\u2019-]*(?:\s+(?:(?:of|the|and)\s+)?[A-Z][\w'\u2019-]*)*"
)
_MASK = "Xname"

Text = Callable[[ReleasedDocument], str]
Marked = frozenset[tuple[int, int, str]]
Marks = Callable[[str, Sequence[ReleasedZone]], Marked]


class Probe(Record, frozen=True, kw_only=True):
    """A question with its answer, `value`, and what it is to be held against, `beside`.

    `value` is null with the reason where the question cannot be asked.
    """

    name: str
    question: str
    value: float | None = None
    beside: dict[str, float] = {}
    documents: int = 0
    reason: str | None = None


def sampled(documents: Iterable[ReleasedDocument], *, most: int = MOST) -> list[ReleasedDocument]:
    """Give at most so many documents, drawn by a hash of their ids, in order of it."""
    return nsmallest(most, documents, key=lambda item: sha256(item.doc_id.encode()).digest())


def probes(
    train: Sequence[ReleasedDocument], test: Sequence[ReleasedDocument], *, marks: Marks | None
) -> tuple[Probe, ...]:
    """Ask every question; `marks` gives what a suggester marks in a text with its zones."""
    return (
        publisher_from_spans([*train, *test]),
        *shortcuts(train, test),
        masking(train, test),
        swapping([*train, *test], marks),
    )


def publisher_from_spans(documents: Sequence[ReleasedDocument]) -> Probe:
    """Ask whether the words of the gold spans give their publisher away."""
    name, question = "publisher_from_spans", "how often do the marked words name the publisher"
    known = [item for item in documents if len(item.publishers) == 1 and item.spans]
    often = Counter(item.publishers[0] for item in known)
    known = [item for item in known if often[item.publishers[0]] > 1]
    labels = [item.publishers[0] for item in known]
    if len(known) < FEWEST or len(set(labels)) < 2:  # noqa: PLR2004 - two to tell apart
        reason = "fewer than two publishers with documents enough"
        return Probe(name=name, question=question, documents=len(known), reason=reason)
    marked_words = [
        " ".join(item.full_text[span.start : span.end] for span in item.spans) for item in known
    ]
    right = _cross_validated(marked_words, labels, groups=[item.cluster for item in known])
    if right is None:
        reason = "too few near-duplicate clusters to hold some out"
        return Probe(name=name, question=question, documents=len(known), reason=reason)
    most = Counter(labels).most_common(1)[0][1] / len(labels)
    return Probe(
        name=name,
        question=question,
        value=right,
        beside={"most frequent publisher": most},
        documents=len(known),
    )


def shortcuts(
    train: Sequence[ReleasedDocument], test: Sequence[ReleasedDocument]
) -> tuple[Probe, ...]:
    """Ask how far boilerplate, title and publisher alone get, beside title and body."""
    views: dict[str, Text] = {
        "boilerplate": lambda item: _zoned(item, "boilerplate"),
        "title": lambda item: _zoned(item, "title"),
        "publisher": lambda item: " ".join(
            re.sub(r"\W+", "_", publisher) for publisher in item.publishers
        ),
    }
    whole, reason = _score(train, test, words)
    majority, _ = _score(train, test, lambda _: "")
    beside = {
        name: value
        for name, value in (("title and body", whole), ("majority", majority))
        if value is not None
    }
    found = []
    for name, view in views.items():
        value, why = _score(train, test, view) if reason is None else (None, reason)
        found.append(
            Probe(
                name=f"{name}_only",
                question=f"how far does a model get that sees the {name} alone",
                value=value,
                beside=beside,
                documents=len(test),
                reason=why,
            )
        )
    return tuple(found)


def masking(train: Sequence[ReleasedDocument], test: Sequence[ReleasedDocument]) -> Probe:
    """Ask whether the score survives when names, outlets and places are masked."""
    value, reason = _score(train, test, masked)
    whole, _ = _score(train, test, words)
    return Probe(
        name="masked_names",
        question="how far does a model get that sees no name of a person, outlet or place",
        value=value,
        beside={} if whole is None else {"title and body": whole},
        documents=len(test),
        reason=reason,
    )


def swapping(documents: Sequence[ReleasedDocument], marks: Marks | None) -> Probe:
    """Ask how many suggested spans survive when documents take another outlet's boilerplate."""
    name = "boilerplate_swap"
    question = "what share of spans survives the head and foot of another outlet"
    dressed = [item for item in documents if _zoned(item, "boilerplate").strip()][:SWAPPED]
    if marks is None or len({item.publishers for item in dressed}) < 2:  # noqa: PLR2004 - to swap
        reason = "fewer than two publishers with boilerplate"
        return Probe(name=name, question=question, reason=reason)
    kept = total = asked = 0
    for number, item in enumerate(dressed):
        others = (dressed[(number + step) % len(dressed)] for step in range(1, len(dressed)))
        other = next((it for it in others if it.publishers != item.publishers), None)
        if other is None:
            continue
        before = _quotes(item.full_text, marks(item.full_text, item.zones))
        text, zones = swapped(item, other)
        kept += (before & _quotes(text, marks(text, zones))).total()
        total += before.total()
        asked += 1
    if not total:
        return Probe(name=name, question=question, documents=asked, reason="nothing is suggested")
    return Probe(name=name, question=question, value=kept / total, documents=asked)


def swapped(
    item: ReleasedDocument, other: ReleasedDocument
) -> tuple[str, tuple[ReleasedZone, ...]]:
    """Give the document's title and body between the other's head and foot, with its zones."""
    pieces = [(zone.zone, item.full_text[zone.start : zone.end]) for zone in item.zones]
    pieces = [piece for piece in pieces if piece[0] != "boilerplate"]
    head, foot = _edges(other)
    text, zones = "", []
    for kind, piece in (("boilerplate", head), *pieces, ("boilerplate", foot)):
        if not piece:
            continue
        text += "\n\n" if text else ""
        zones.append(ReleasedZone(start=len(text), end=len(text) + len(piece), zone=kind))
        text += piece
    return text, tuple(zones)


def masked(document: ReleasedDocument) -> str:
    """Give the title and body with capitalised words inside sentences and outlets masked."""
    text = words(document)
    for publisher in document.publishers:
        text = text.replace(publisher, _MASK)
    return _NAME.sub(_MASK, text)


def _zoned(document: ReleasedDocument, kind: str) -> str:
    zones = (zone for zone in document.zones if zone.zone == kind)
    return "\n".join(document.full_text[zone.start : zone.end] for zone in zones)


def _edges(document: ReleasedDocument) -> tuple[str, str]:
    """Give a document's boilerplate before its body, and behind it."""
    body = min((zone.start for zone in document.zones if zone.zone == "body"), default=0)
    parts: tuple[list[str], list[str]] = ([], [])
    for zone in document.zones:
        if zone.zone == "boilerplate":
            parts[zone.start >= body].append(document.full_text[zone.start : zone.end].strip())
    return "\n\n".join(parts[0]), "\n\n".join(parts[1])


def _quotes(text: str, found: Marked) -> Counter[tuple[str, str]]:
    return Counter((text[start:end], marker) for start, end, marker in found)


def _score(
    train: Sequence[ReleasedDocument], test: Sequence[ReleasedDocument], view: Text
) -> tuple[float | None, str | None]:
    """Give F1 over test documents and markers of a model that sees `view`, or why there is none."""
    if len(train) < FEWEST or not test:
        return None, f"fewer than {FEWEST} training documents, or none to test on"
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(sublinear_tf=True, min_df=1, max_features=50_000)
    seen, asked = [view(item) for item in train], [view(item) for item in test]
    try:
        features = vectorizer.fit_transform(seen)
        others = vectorizer.transform(asked)
    except ValueError:  # no word at all: every document looks the same
        features = others = None
    right = predicted = true = 0
    for marker in sorted({span.marker for item in train for span in item.spans}):
        holds = [any(span.marker == marker for span in item.spans) for item in train]
        gold = [any(span.marker == marker for span in item.spans) for item in test]
        if features is None or len(set(holds)) == 1:
            said = [2 * sum(holds) > len(holds)] * len(test)
        else:
            model = LogisticRegression(solver="liblinear", class_weight="balanced", random_state=0)
            said = model.fit(features, holds).predict(others).tolist()
        right += sum(a and b for a, b in zip(said, gold, strict=True))
        predicted, true = predicted + sum(said), true + sum(gold)
    if not predicted + true:
        return None, "no document of either side has a gold span"
    return 2 * right / (predicted + true), None


def _cross_validated(
    texts: Sequence[str], labels: Sequence[str], *, groups: Sequence[str]
) -> float | None:
    """Give the share of labels told right, each text by a model that saw none of its group."""
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.model_selection import GroupKFold
    from sklearn.naive_bayes import ComplementNB

    folds = min(5, len(set(groups)))
    if folds < 2:  # noqa: PLR2004 - one to learn from, one to ask
        return None
    try:
        features = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    except ValueError:
        return None
    names, right = np.array(labels), 0
    for learnt, asked in GroupKFold(folds).split(features, names, groups):
        told = ComplementNB().fit(features[learnt], names[learnt]).predict(features[asked])
        right += int((told == names[asked]).sum())
    return right / len(names)
