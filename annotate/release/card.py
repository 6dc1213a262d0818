"""The dataset card: README.md with the metadata that Hugging Face reads."""

from dataclasses import dataclass

from annotate.config import Release as Said
from annotate.pages import environment
from annotate.release.certificate import Certificate
from annotate.release.contents import LEFT_OUT, Summary
from annotate.release.counts import Counts
from annotate.release.datasheet import answers
from annotate.release.layers import RECORDS, Layers
from annotate.taxonomy import Taxonomy

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))
_USES = {
    "train": "to train on",
    "validation": "to choose settings on: it shares publishers and time with train",
    "test_unseen_publisher": "the headline: no publisher of any copy trains, itself or by a copy",
    "test_later": "not earlier than any dated training document",
    "test_random": "an upper reference only: it may share publishers and time with train",
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the card is written from; `name` is the project's, `said` from annotate.toml."""

    name: str
    said: Said
    summary: Summary
    counts: Counts
    layers: Layers
    taxonomy: Taxonomy
    certificate: Certificate

    @property
    def title(self) -> str:
        """The data set's title."""
        return self.said.title or self.name


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
            counts=card.counts,
            splits=card.layers.splits,
            markers=card.taxonomy.markers,
            uses=_USES,
            left_out=LEFT_OUT,
            certificate=card.certificate,
            answers=answers(card.said.datasheet),
        )
    )


def _front(card: Card) -> str:
    """Give the YAML of the card."""
    import yaml

    front = {
        "pretty_name": card.title,
        "license": card.said.licence or "unknown",
        "language": sorted(card.counts.languages) or ["und"],
        "annotations_creators": [card.said.annotations_creators],
        "language_creators": [card.said.language_creators],
        "source_datasets": ["original"],
        "task_categories": ["token-classification"],
        "size_categories": [_size(card.counts.documents)],
        "tags": ["rhetorical-markers", "spans", "news", "attribution", "hedging"],
        "configs": _configs(card.layers),
    }
    return str(yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=100))


def _configs(layers: Layers) -> list[dict[str, object]]:
    configs: list[dict[str, object]] = [
        {
            "config_name": layer,
            "data_files": [
                {"split": split, "path": f"data/{layer}/{split}-*.parquet"}
                for split in layers.offered(layer)
            ],
        }
        for layer in RECORDS
    ]
    configs[0]["default"] = True
    return [config for config in configs if config["data_files"]]


def _size(count: int) -> str:
    return next((name for limit, name in _SIZES if count < limit), "n>1M")
