"""The dataset card: README.md with the metadata that Hugging Face reads."""

from collections import Counter
from typing import TYPE_CHECKING

from annotate.config import Release as Said
from annotate.model import Record
from annotate.pages import environment
from annotate.release.contents import LAYERS, LEFT_OUT, ReleasedDocument, Summary
from annotate.release.layers import Layers
from annotate.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))
_USES = {
    "train": "to train on",
    "validation": "to choose settings on: it shares publishers and time with train",
    "test_unseen_publisher": "the headline: no publisher of any copy trains, itself or by a copy",
    "test_later": "not earlier than any dated training document",
    "test_random": "an upper reference only: it may share publishers and time with train",
}


class Card(Record, frozen=True, kw_only=True):
    """What the card is written from; `name` is the project's, `said` from annotate.toml."""

    name: str
    said: Said
    summary: Summary
    layers: Layers
    taxonomy: Taxonomy

    @property
    def title(self) -> str:
        """The data set's title."""
        return self.said.title or self.name

    @property
    def documents(self) -> list[ReleasedDocument]:
        """The documents of all splits."""
        return [item for rows in self.layers.gold.values() for item in rows]


def render_card(card: Card) -> str:
    """Give the text of README.md; the same rows and settings give the same text."""
    return (
        environment()
        .get_template("card.md.j2")
        .render(
            front=_front(card),
            title=" ".join(card.title.split()),
            said=card.said,
            summary=card.summary,
            gold=card.layers.gold,
            splits=list(card.layers.gold),
            markers=card.taxonomy.markers,
            uses=_USES,
            left_out=LEFT_OUT,
            **_counts(card),
        )
    )


def _counts(card: Card) -> dict[str, object]:
    spans = [(split, span) for split, rows in card.layers.spans().items() for span in rows]
    annotations = [item for rows in card.layers.annotations.values() for item in rows]
    reasons = (span.reason.split(":")[0] for item in card.documents for span in item.open)
    status = Counter(span.status for _, span in spans)
    return {
        "counted": Counter((span.marker, split) for split, span in spans),
        "judged": Counter(span.judgement for _, span in spans if span.judgement),
        "status": {name: status[name] for name in ("consensus", "adjudicated", "single")},
        "reasons": Counter(reasons),
        "licences": Counter(item.licence or "not known" for item in card.documents),
        "dates": sorted(item.submitted_at[:10] for item in annotations),
        "skipped": sum(item.skipped for item in annotations),
    }


def _front(card: Card) -> str:
    """Give the YAML of the card."""
    import yaml

    front = {
        "pretty_name": card.title,
        "license": card.said.licence or "unknown",
        "language": sorted({item.language for item in card.documents if item.language}) or ["und"],
        "annotations_creators": [card.said.annotations_creators],
        "language_creators": [card.said.language_creators],
        "source_datasets": ["original"],
        "task_categories": ["token-classification"],
        "size_categories": [_size(len(card.documents))],
        "tags": ["rhetorical-markers", "spans", "news", "attribution", "hedging"],
        "configs": _configs(card.layers),
    }
    return str(yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=100))


def _configs(layers: Layers) -> list[dict[str, object]]:
    rows: tuple[Mapping[str, Sequence[Record]], ...] = (
        layers.gold,
        layers.annotations,
        layers.spans(),
    )
    configs: list[dict[str, object]] = [
        {
            "config_name": layer,
            "data_files": [
                {"split": split, "path": f"data/{layer}/{split}-*.parquet"}
                for split, of_split in by_split.items()
                if of_split
            ],
        }
        for layer, by_split in zip(LAYERS, rows, strict=True)
    ]
    configs[0]["default"] = True
    return [config for config in configs if config["data_files"]]


def _size(count: int) -> str:
    return next((name for limit, name in _SIZES if count < limit), "n>1M")
