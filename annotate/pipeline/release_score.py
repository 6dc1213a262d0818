"""What a new release means for the baseline: the rules' score on its test documents."""

from itertools import chain

from annotate.model import Span
from annotate.pipeline.texts import filled
from annotate.release.layers import Layers
from annotate.release.probes import Marks, sampled
from annotate.scores import ALL_VOICES, Tally, tally
from annotate.workspace import Workspace

MOST = 500


def baseline(workspace: Workspace, layers: Layers, marks: Marks) -> float | None:
    """Give the rules' overlap F1 on the test documents, at most `MOST` drawn by a hash.

    Undefined, None, where there are none with a text, or nothing is marked in them.
    """
    tests = (name for name in layers.splits if name.startswith("test"))
    batches = chain.from_iterable(map(layers.iter_documents, tests))
    rows = sampled(chain.from_iterable(batches), most=MOST)
    found = Tally()
    for row in filled(workspace, rows):
        if row.text is not None:
            said = [Span(start=s, end=e, marker=name) for s, e, name in marks(row.text, row.zones)]
            for marker in workspace.taxonomy.tier(1).names:
                found += tally(said, row.spans, marker=marker, voices=ALL_VOICES)
    return found.overlap_score.f1


def effect(was: float | None, now: float | None) -> str:
    """Give the line of CHANGES.md."""
    shown = ["undefined" if value is None else f"{value:.3f}" for value in (was, now)]
    return (
        f"- overlap F1 of the rules on test documents, tier 1: {shown[0]} before, {shown[1]} now\n"
    )
