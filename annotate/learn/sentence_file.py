"""The sentence model as a skops file: typed parts, no pickle, the same bytes each time."""

import io
import json
import re
import zipfile
from collections.abc import Mapping

from annotate.errors import InvalidFile
from annotate.learn.sentence import COLUMNS, SentenceModel, Threshold

TRUSTED: tuple[str, ...] = ()  # beyond what skops itself holds safe: nothing
_EPOCH = (1980, 1, 1, 0, 0, 0)
_IDENTITY = re.compile(r'("__id__": |"file": ")(\d+)')


def to_skops(model: SentenceModel) -> bytes:
    """Give vectoriser and classifiers as a skops file; the same model, the same bytes.

    skops names parts by their place in memory and stamps the time, and a vectoriser that
    was used remembers a place in memory: all are put right.
    """
    import skops.io
    from sklearn.base import clone
    from sklearn.pipeline import make_pipeline

    hashing, weighting = model.vectoriser
    unused = make_pipeline(clone(hashing), weighting)
    written = skops.io.dumps({"vectoriser": unused, "classifiers": dict(model.classifiers)})
    order: dict[str, int] = {}

    def renumber(found: re.Match[str]) -> str:
        return found[1] + str(order.setdefault(found[2], len(order)))

    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(buffer, "w") as new:
        schema = _IDENTITY.sub(renumber, old.read("schema.json").decode())
        names = {name: _renamed(name, order) for name in old.namelist() if name != "schema.json"}
        for name in sorted(names, key=names.__getitem__):
            _put(new, names[name], old.read(name))
        _put(new, "schema.json", json.dumps(json.loads(schema)).encode())
    return buffer.getvalue()


def _renamed(name: str, order: Mapping[str, int]) -> str:
    identity, _, suffix = name.partition(".")
    return f"{order[identity]}.{suffix}"


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_EPOCH)
    archive.writestr(info, data, compress_type=zipfile.ZIP_DEFLATED)


def from_skops(data: bytes, *, thresholds: Mapping[str, Threshold], place: str) -> SentenceModel:
    """Give the model that `to_skops` wrote; raises InvalidFile naming `place`.

    Only types that skops holds safe are built; a file with any other is refused.
    """
    import skops.io
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    try:
        held = skops.io.loads(data, trusted=list(TRUSTED))
    except Exception as error:  # skops raises what the broken part happens to raise
        raise _invalid(place, "not a skops file of known types") from error
    if not (
        isinstance(held, dict)
        and isinstance(held.get("vectoriser"), Pipeline)
        and isinstance(held.get("classifiers"), dict)
        and set(held["classifiers"]) == set(thresholds)
    ):
        raise _invalid(place, "not the vectoriser and the classifiers that model.json names")
    for marker, classifier in held["classifiers"].items():
        if not isinstance(classifier, LogisticRegression) or classifier.coef_.shape != (1, COLUMNS):
            raise _invalid(place, f"the classifier of {marker} has another type or shape")
    return SentenceModel(
        vectoriser=held["vectoriser"], classifiers=held["classifiers"], thresholds=thresholds
    )


def _invalid(place: str, reason: str) -> InvalidFile:
    return InvalidFile(
        f"{place}: {reason}", hint="Train the model anew with `annotate train --force`"
    )
