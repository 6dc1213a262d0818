"""All metrics of agreement on some annotations, put together by marker, pair and overall."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from annotate.agreement.attributes import Compared, answers
from annotate.agreement.chance import Beyond, beyond_chance
from annotate.agreement.continuum import Continua, continua
from annotate.agreement.gamma import gamma
from annotate.agreement.pairwise import Measured, foreign_labels, pairwise
from annotate.agreement.resample import UNREAD, Value, Values
from annotate.model import Annotation, Voice
from annotate.taxonomy import Taxonomy

if TYPE_CHECKING:
    import numpy as np

METRICS = ("exact_f1", "overlap_f1", "alpha", "token_alpha", "alpha_u", "u_alpha", "gamma")
Progress = Callable[[int], None]
OVERALL = (*METRICS[:-1], "cu_alpha", "gamma")
UNASKED = "not measured without --gamma"
APART = "they read no document both"


class Agreed(Measured, frozen=True, kw_only=True):
    """Agreement with every metric of `METRICS`, overall also with cu_alpha.

    `pairs` names every two annotators, also those who share no document. `attributes` and
    `judgements` compare what was said of the same spans. `note` says why nothing is defined.
    """

    attributes: dict[str, dict[str, Compared]]
    judgements: dict[str, Compared]
    note: str | None = None


def measured(  # noqa: PLR0913 - keyword-only, each of another kind
    annotations: Sequence[Annotation],
    texts: Mapping[str, str],
    taxonomy: Taxonomy,
    *,
    voices: Sequence[Voice],
    groups: Mapping[str, str],
    seed: int,
    with_gamma: bool = False,
    progress: Progress | None = None,
) -> Agreed:
    """Measure agreement on one annotation per document and annotator, with 95% intervals.

    `groups` names each document's near-duplicate cluster. Every metric draws the same
    documents anew, from `seed`. `progress` is told how many values of gamma are there.
    """
    import numpy as np

    def rng() -> "np.random.Generator":
        return np.random.default_rng(seed)

    foreign = foreign_labels(annotations, taxonomy)
    tier_1 = (*taxonomy.tier(1).names, *foreign)
    lengths = {doc_id: len(text) for doc_id, text in texts.items()}
    found = continua(annotations, lengths, markers=(*taxonomy.names, *foreign), voices=voices)
    pairs = pairwise(annotations, taxonomy, voices=voices, groups=groups, rng=rng())
    beyond = beyond_chance(found, texts, tier_1=tier_1, groups=groups, rng=rng())
    aligned = None
    if with_gamma:
        aligned = _Aligned(found, tier_1, groups=groups, seed=seed, progress=progress)
    said = answers(annotations, taxonomy, voices=voices, groups=groups, rng=rng())
    people = sorted({item.annotator for item in annotations if not item.skipped})
    return Agreed(
        voices=pairs.voices,
        documents=pairs.documents,
        annotators=pairs.annotators,
        markers={
            name: _joined(values, beyond.markers[name], aligned.marker(name) if aligned else None)
            for name, values in pairs.markers.items()
        },
        pairs=_pairs(people, pairs, beyond, aligned),
        overall=_joined(
            pairs.overall, beyond.overall, aligned.overall() if aligned else None, OVERALL
        ),
        pooled=pairs.pooled,
        attributes=said.attributes,
        judgements=said.judgements,
        note=None if pairs.documents else _note(people),
    )


class _Aligned:
    """gamma by marker, pair and overall."""

    def __init__(
        self,
        found: Continua,
        tier_1: Sequence[str],
        *,
        groups: Mapping[str, str],
        seed: int,
        progress: Progress | None,
    ) -> None:
        self._found, self._tier_1 = found, tier_1
        self._groups, self._seed = groups, seed
        self._done, self._progress = 0, progress

    def marker(self, name: str) -> Value:
        return self._of(self._found.only([name]))

    def pair(self, *annotators: str) -> Value:
        return self._of(self._found.only(self._tier_1).of(*annotators))

    def overall(self) -> Value:
        return self._of(self._found.only(self._tier_1))

    def _of(self, found: Continua) -> Value:
        import numpy as np

        value = gamma(found, np.random.default_rng(self._seed), groups=self._groups)
        self._done += 1
        if self._progress:
            self._progress(self._done)
        return value


def _joined(
    pairs: Values, beyond: Values, aligned: Value | None, names: Sequence[str] = METRICS
) -> Values:
    """Give the values in the order of `names`."""
    values = {**pairs, **beyond, "gamma": aligned or Value(value=None, reason=UNASKED)}
    return {name: values[name] for name in names}


def _pairs(
    people: Sequence[str], pairs: Measured, beyond: Beyond, aligned: _Aligned | None
) -> dict[str, Values]:
    """Give the values of every two annotators; undefined where they share no document."""
    joined = {}
    for pair in combinations(people, 2):
        name = ", ".join(pair)
        if name in pairs.pairs:
            found = aligned.pair(*pair) if aligned else None
            joined[name] = _joined(pairs.pairs[name], beyond.pairs[name], found)
        else:
            joined[name] = dict.fromkeys(METRICS, Value(value=None, reason=APART))
    return joined


def _note(people: Sequence[str]) -> str:
    """Say why no document was read by two."""
    if not people:
        return f"{UNREAD}: nobody submitted one"
    if len(people) == 1:
        return f"{UNREAD}: only {people[0]} submitted any"
    return f"{UNREAD}: {', '.join(people[:-1])} and {people[-1]} read different ones"
