"""croissant.json: the release described for machines, Croissant 1.1 with its RAI extension.

What it says comes from recorded facts and from annotate.toml; what neither knows is left
out, and is named as unanswered in the card.
"""

from typing import TYPE_CHECKING, Any

from annotate.config import Release as Said
from annotate.model import Record
from annotate.release.layers import RECORDS

if TYPE_CHECKING:
    import pyarrow as pa

CONFORMS = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
_TERMS = (
    "arrayShape citeAs column conformsTo containedIn data dataType equivalentProperty examples "
    "extract field fileProperty fileObject fileSet format includes isArray isLiveDataset jsonPath "
    "key md5 parentField path recordSet references regex repeated replace samplingRate separator "
    "source subField transform"
)
_ABOUT = {
    "gold": "One row a document; its spans are nested in the file, and are rows of `spans`.",
    "annotations": "One row for what one annotator submitted, the empty and skipped ones too.",
    "spans": "One row a gold span, with its words. Offsets are Unicode code points of the "
    "document's text, end-exclusive.",
}


class Facts(Record, frozen=True, kw_only=True):
    """What was recorded: counts, versions, dates, and what the safety gate did.

    `layers` are those that have files; `dates` the first and last day of annotating.
    """

    name: str
    version: str
    said: Said
    languages: tuple[str, ...]
    layers: tuple[str, ...]
    documents: int
    spans: int
    annotations: int
    annotators: int
    dates: tuple[str, ...] = ()
    guideline_versions: tuple[str, ...]
    taxonomy_version: str
    suggesters: tuple[str, ...] = ()
    masked: int = 0
    limits: tuple[str, ...] = ()


def croissant(facts: Facts) -> dict[str, Any]:
    """Give the JSON-LD; properties without a value are absent."""
    said = facts.said
    whole = {
        "@context": _context(),
        "@type": "sc:Dataset",
        "conformsTo": list(CONFORMS),
        "name": facts.said.title or facts.name,
        "description": said.description or _description(facts),
        "version": facts.version,
        "license": said.licence,
        "citeAs": said.datasheet.citation,
        "datePublished": said.datasheet.published,
        "inLanguage": list(facts.languages),
        "keywords": ["rhetorical markers", "span annotation", "news", "attribution", "hedging"],
        "isLiveDataset": False,
        "distribution": [_files(layer) for layer in facts.layers],
        "recordSet": [_records(layer) for layer in facts.layers],
        **_rai(facts),
    }
    return {key: value for key, value in whole.items() if value not in (None, [], "")}


def _context() -> dict[str, Any]:
    terms: dict[str, Any] = {term: f"cr:{term}" for term in _TERMS.split()}
    terms |= {
        "@language": "en",
        "@vocab": "https://schema.org/",
        "conformsTo": "dct:conformsTo",
        "cr": "http://mlcommons.org/croissant/",
        "rai": "http://mlcommons.org/croissant/RAI/",
        "dct": "http://purl.org/dc/terms/",
        "sc": "https://schema.org/",
        "data": {"@id": "cr:data", "@type": "@json"},
        "examples": {"@id": "cr:examples", "@type": "@json"},
        "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
        "description": {"@container": "@language"},
        "name": {"@container": "@language"},
    }
    return dict(sorted(terms.items()))


def _description(facts: Facts) -> str:
    return (
        f"{facts.documents} documents with {facts.spans} gold spans of rhetorical markers, from "
        f"{facts.annotations} annotations by {facts.annotators} annotators. Markers tag wording, "
        "never truth."
    )


def _files(layer: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{layer}-files",
        "name": f"{layer}-files",
        "description": f"The Parquet files of the layer {layer}, one a split.",
        "encodingFormat": "application/x-parquet",
        "includes": f"data/{layer}/*.parquet",
    }


def _records(layer: str) -> dict[str, Any]:
    from annotate import tables

    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{layer}/{column.name}",
            "name": column.name,
            "description": f"Column {column.name} of the layer {layer}.",
            "dataType": kind,
            "source": {
                "fileSet": {"@id": f"{layer}-files"},
                "extract": {"column": column.name},
            },
        }
        for column in tables.arrow_schema(RECORDS[layer])
        if (kind := _kind(column.type)) is not None
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": layer,
        "name": layer,
        "description": _ABOUT[layer],
        "field": fields,
    }


def _kind(column: "pa.DataType") -> str | None:
    """Give the Croissant type of a column; None for nested ones, which stay in the files."""
    import pyarrow as pa

    kinds = {
        pa.string(): "sc:Text",
        pa.int64(): "sc:Integer",
        pa.float64(): "sc:Float",
        pa.bool_(): "sc:Boolean",
    }
    return kinds.get(column)


def _rai(facts: Facts) -> dict[str, Any]:
    """Give the responsible-AI properties: facts first, then what people said."""
    sheet = facts.said.datasheet
    share = f"{facts.annotations / facts.documents:.2f}" if facts.documents else None
    guidelines = ", ".join(facts.guideline_versions)
    protocol = (
        f"Guideline {guidelines}, taxonomy {facts.taxonomy_version}. Annotators work apart, one "
        "project each; two thirds must agree on marker, range and what a judgement rests on; the "
        "rest goes to an adjudicator. Judgements are derived by versioned rules."
    )
    private = (
        f"{facts.masked} documents have names or places of protected sources masked. Texts whose "
        "licence does not allow to pass them on can be withheld. Annotators appear under "
        "pseudonyms."
    )
    properties = {
        "dataCollection": sheet.collection,
        "dataCollectionTimeFrame": list(facts.dates),
        "dataAnnotationProtocol": [protocol],
        "dataAnnotationPlatform": ["Label Studio"],
        "annotationsPerItem": share and f"{share} on average",
        "annotatorDemographics": sheet.annotator_demographics and [sheet.annotator_demographics],
        "machineAnnotationTools": list(facts.suggesters),
        "dataUseCases": sheet.uses and [sheet.uses],
        "dataBiases": sheet.biases and [sheet.biases],
        "dataLimitations": list(facts.limits),
        "dataSocialImpact": sheet.misuse,
        "personalSensitiveInformation": [private],
        "dataReleaseMaintenancePlan": sheet.maintenance,
    }
    return {f"rai:{name}": value for name, value in properties.items() if value}
