"""How fast agreement is measured, alone and beside `krippendorff` and `pygamma-agreement`.

Run by name, on one core: `taskset -c 0 python tests/bench/agreement.py [SITE-PACKAGES]`.
1,000 invented documents, 3 annotators, 5 spans each: all metrics but gamma with 2,000
rounds, through the stage's own function. Where the two packages can be imported, here or
from the folder given: alpha on characters of one marker, from the finished matrix there,
from merged units and from the annotations here; and gamma of the same documents with the
same number of samples, with the 95% interval of resampled documents. Medians, with their
spread.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotate import taxonomy
from annotate.agreement.alpha import Alpha
from annotate.agreement.continuum import Continua, continua
from annotate.agreement.gamma import SAMPLES, gamma
from annotate.agreement.resample import ROUNDS, corrected, drawn, value
from annotate.model import Annotation
from annotate.pipeline.agreement_metrics import measured
from annotate.scores import VOICES

_TAXONOMY = taxonomy.load()
_TIER_1 = _TAXONOMY.tier(1).names
_PEOPLE = ("ana", "ben", "cem")
_WORDS = ("officials", "said", "the", "bridge", "of", "Tarvel", "is", "shut", ",", "again", ".")
_ALIGNED = 40
Marked = tuple[str, int, int]
# What the tests of the stage make their annotations with.
sys.path.append(str(Path(__file__).parents[1] / "agreement"))


@dataclass(frozen=True)
class Corpus:
    """Invented documents and what three people marked in them."""

    texts: Mapping[str, str]
    annotations: Sequence[Annotation]

    @property
    def lengths(self) -> dict[str, int]:
        """The documents' sizes in code points."""
        return {name: len(text) for name, text in self.texts.items()}


def corpus(documents: int) -> Corpus:
    """Give documents of 900 words with five spans a person, mostly the same ones."""
    from conftest import annotation

    chance = random.Random(1)
    texts = {f"d{at:04}": " ".join(chance.choices(_WORDS, k=900)) for at in range(documents)}
    annotations = []
    for name, text in texts.items():
        true = []
        for _ in range(6):
            start, size = chance.randrange(len(text) - 200), chance.randrange(5, 120)
            true.append((chance.choice(_TIER_1), start, start + size))
        annotations += [
            _answered(annotation(person, name, *_marked(true, chance)), chance)
            for person in _PEOPLE
        ]
    return Corpus(texts, annotations)


def _marked(true: Sequence[Marked], chance: random.Random) -> Iterator[Marked]:
    for marker, start, end in chance.sample(true, 5):
        begin = start + chance.choice([0, 0, 0, 1, 5])
        yield marker, begin, end - start + begin


def _answered(annotation: Annotation, chance: random.Random) -> Annotation:
    """Give the annotation with an answer to every question about its spans."""
    return annotation.replace(
        spans=tuple(
            span.replace(
                attributes={
                    item.name: chance.choice(item.values[:3]).value
                    for item in _TAXONOMY.marker(span.marker).attributes
                }
            )
            for span in annotation.spans
        )
    )


def seconds(work: Callable[[], object], *, runs: int) -> list[float]:
    """Give the time of each run, sorted."""
    taken = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return sorted(taken)


def told(taken: Sequence[float]) -> str:
    """Give median and spread."""
    return f"{statistics.median(taken):.4f} s (spread {taken[0]:.4f} to {taken[-1]:.4f})"


def everything(found: Corpus) -> None:
    """Print what all metrics but gamma take, as the stage measures them."""

    def measure() -> None:
        measured(found.annotations, found.texts, _TAXONOMY, voices=VOICES, groups={}, seed=1)

    taken = seconds(measure, runs=5)
    print(f"{len(found.texts)} documents, all metrics but gamma, {ROUNDS} rounds: {told(taken)}")
    print("  with attributes and judgements, by marker, pair and overall; asked: 3 s")


def beside_krippendorff(found: Corpus) -> None:
    """Print how much faster alpha on characters is, and how far the values are apart."""
    import krippendorff

    marker = _TIER_1[0]

    def read() -> Continua:
        return continua(found.annotations, found.lengths, markers=[marker])

    def ours(units: Continua) -> float:
        return float(corrected(Alpha(units).at(np.ones((1, len(units.documents)))))[0, 0])

    first = dict(zip(found.texts, np.cumsum([0, *found.lengths.values()]), strict=False))
    matrix = np.zeros((len(_PEOPLE), sum(found.lengths.values())))
    for row in found.annotations:
        for span in row.spans:
            if span.marker == marker:
                at = int(first[row.doc_id])
                matrix[_PEOPLE.index(row.annotator), at + span.start : at + span.end] = 1

    def theirs() -> float:
        return float(krippendorff.alpha(matrix, level_of_measurement="nominal"))

    units = read()
    apart = abs(ours(units) - theirs())
    print(f"alpha of {marker}: {ours(units):.12f}, apart {apart:.1e}; asked: 1e-9")
    other = seconds(theirs, runs=5)
    mine = {
        "merged units": seconds(lambda: ours(units), runs=5),
        "annotations": seconds(lambda: ours(read()), runs=5),
    }
    print(f"  krippendorff from the finished matrix {told(other)}")
    for name, taken in mine.items():
        ratio = statistics.median(other) / statistics.median(taken)
        print(f"  here from {name} {told(taken)}, ratio {ratio:.0f}; asked: 100")


def beside_pygamma(found: Corpus) -> None:
    """Print how much faster gamma is, and both values with their intervals."""
    import pygamma_agreement

    units = continua(found.annotations, found.lengths, markers=_TIER_1)
    parts = np.zeros((len(units.documents), 2))

    apart = pygamma_agreement.CombinedCategoricalDissimilarity(alpha=1, beta=1)

    def theirs() -> None:
        for number in range(len(units.documents)):
            parts[number] = _pygamma(units, number, apart)

    theirs()  # compiles
    other = seconds(theirs, runs=3)
    mine = seconds(lambda: gamma(units, np.random.default_rng(1)), runs=3)
    here = gamma(units, np.random.default_rng(1))
    times = drawn(units.documents, groups={}, rng=np.random.default_rng(1))
    there = value(
        float(corrected(parts.sum(axis=0))),
        None if times is None else corrected(times @ parts),
        reason="",
    )
    print(f"gamma of {len(units.documents)} documents, {SAMPLES} samples each")
    for name, one, taken in (("here", here, mine), ("pygamma-agreement", there, other)):
        print(f"  {name} {one.value:.4f} ({one.low:.4f} to {one.high:.4f}), {told(taken)}")
    print(f"  ratio {statistics.median(other) / statistics.median(mine):.1f}; asked: 5")


def _pygamma(units: Continua, number: int, apart: object) -> tuple[float, float]:
    import pygamma_agreement as reference
    from pyannote.core import Segment

    whole = reference.Continuum()
    chosen = units.units(units.document == number)
    for person in units.annotators:
        whole.add_annotator(person)
    for at in range(len(chosen.start)):
        segment = Segment(float(chosen.start[at]), float(chosen.end[at]))
        marker = units.markers[chosen.marker[at]]
        whole.add(units.annotators[chosen.annotator[at]], segment, marker)
    whole.bound_inf, whole.bound_sup = 0.0, float(units.lengths[number])
    found = whole.compute_gamma(
        apart, n_samples=SAMPLES, sampler=reference.ShuffleContinuumSampler()
    )
    mean = whole.avg_num_annotations_per_annotator
    return mean * found.observed_disorder, mean * found.expected_disorder


def main() -> None:
    """Print all three."""
    sys.path += sys.argv[1:]
    found = corpus(1_000)
    everything(found)
    few = list(found.texts)[:_ALIGNED]
    part = Corpus(
        {name: found.texts[name] for name in few},
        [row for row in found.annotations if row.doc_id in few],
    )
    for beside, documents in ((beside_krippendorff, found), (beside_pygamma, part)):
        try:
            beside(documents)
        except ModuleNotFoundError as missing:
            print(f"not measured, since there is no {missing.name}")


if __name__ == "__main__":
    main()
