"""The span tagger as a `.npz` file: plain arrays, checked when they are read."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from annotate.errors import InvalidFile
from annotate.learn.tagger import LABELS, SpanTagger

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def to_npz(tagger: SpanTagger) -> bytes:
    """Give the tagger as a `.npz` file without objects; the same tagger, the same bytes."""
    import numpy as np

    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        markers=_packed(tagger.markers),
        features=_packed(tagger.features),
        state=tagger.state,
        transition=tagger.transition,
    )
    return buffer.getvalue()


def from_npz(data: bytes, *, place: str) -> SpanTagger:
    """Give the tagger that `to_npz` wrote; raises InvalidFile naming `place`."""
    import numpy as np

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            tagger = SpanTagger(
                markers=_unpacked(file["markers"]),
                features=_unpacked(file["features"]),
                state=file["state"],
                transition=file["transition"],
            )
    except Exception as error:  # zip, deflate and header each raise errors of their own
        raise _invalid(place, "not the arrays of a span tagger") from error
    _check(tagger, place)
    return tagger


def _check(tagger: SpanTagger, place: str) -> None:
    import numpy as np

    shapes = {
        "state": (len(tagger.features) + 1, len(tagger.markers), len(LABELS)),
        "transition": (len(tagger.markers), len(LABELS), len(LABELS)),
    }
    for name, shape in shapes.items():
        array = getattr(tagger, name)
        if array.shape != shape:
            raise _invalid(place, f"{name} has the shape {array.shape}, expected {shape}")
        if array.dtype != np.float64 or not np.isfinite(array).all():
            raise _invalid(place, f"{name} holds something else than finite float64 numbers")


def _invalid(place: str, reason: str) -> InvalidFile:
    return InvalidFile(
        f"{place}: {reason}", hint="Train the model anew with `annotate train --force`"
    )


def _packed(names: Sequence[str]) -> "NDArray[np.uint8]":
    import numpy as np

    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def _unpacked(packed: "NDArray[np.uint8]") -> tuple[str, ...]:
    joined = packed.tobytes().decode()
    return tuple(joined.split("\n")) if joined else ()
