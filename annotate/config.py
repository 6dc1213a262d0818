"""`annotate.toml`: what the lead writes, decoded once; nothing else is configuration."""

from typing import Annotated, Literal

import msgspec

from annotate.model import Record, Unit

VERSION = 1
Language = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}$")]
Seed = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
Texts = Literal["licensed", "all", "none"]
PERSON = r"^[a-z][a-z0-9_-]{0,30}$"
Person = Annotated[str, msgspec.Meta(pattern=PERSON)]
Metric = Literal[
    "exact_f1", "overlap_f1", "alpha", "token_alpha", "alpha_u", "u_alpha", "cu_alpha", "gamma"
]
Least = Annotated[float, msgspec.Meta(ge=-1.0, le=1.0)]


class Project(Record, frozen=True, kw_only=True):
    """What the project is called, its languages (ISO 639-1) and the seed of all chance."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=30)] = "markers"
    languages: Annotated[tuple[Language, ...], msgspec.Meta(min_length=1)] = ("en",)
    seed: Seed = 1


class Markers(Record, frozen=True, kw_only=True):
    """Which markers are in use: a tier with those below it, or names."""

    tier: Annotated[int, msgspec.Meta(ge=1, le=2)] = 1
    names: tuple[str, ...] = ()


class Suggest(Record, frozen=True, kw_only=True):
    """Which rules suggest, and on how many processes.

    `candidates` are markers whose candidate rules count too: these find much and are often
    wrong. `retired` are rules, `marker/rule`, that count no longer; `annotate rules` advises
    it where the precision is below `retire_below` beyond doubt.
    """

    candidates: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    retire_below: Unit = 0.5
    jobs: Annotated[int, msgspec.Meta(ge=1)] = 1


class Columns(Record, frozen=True, kw_only=True):
    """Names of the columns or keys to read; None means guessed from usual names."""

    text: str | None = None
    html: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    licence: str | None = None


class Ingest(Record, frozen=True, kw_only=True):
    """How articles are read; a document of fewer words is rejected."""

    columns: Columns = Columns()
    minimum_words: Annotated[int, msgspec.Meta(ge=1)] = 20
    licence: str | None = None
    publisher: str | None = None


class Team(Record, frozen=True, kw_only=True):
    """Who annotates; e-mail addresses are made up as `name@<email_domain>` unless given."""

    annotators: tuple[Person, ...] = ()
    emails: dict[str, str] = {}
    email_domain: str = "annotate.invalid"


class Assign(Record, frozen=True, kw_only=True):
    """How documents are spread; shares are of all documents, drawn by hash of the seed.

    `test` documents are blind and have `test_annotators`; `blind` ones show no
    suggestions; `overlap` is the share of the others that two annotators read.
    """

    round: Annotated[int, msgspec.Meta(ge=1)] = 1
    overlap: Unit = 0.3
    blind: Unit = 0.15
    test: Unit = 0.2
    overlap_annotators: Annotated[int, msgspec.Meta(ge=2)] = 2
    test_annotators: Annotated[int, msgspec.Meta(ge=2)] = 2


class Studio(Record, frozen=True, kw_only=True):
    """Which Label Studio: none named means the embedded server of this workspace.

    The token of a server of your own comes from the environment variable `token_env`.
    """

    url: str | None = None
    token_env: str = "ANNOTATE_STUDIO_TOKEN"  # noqa: S105 - the name of a variable
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0


class Adjudicate(Record, frozen=True, kw_only=True):
    """Who decides what annotators differ on: another person, unless `also_annotates`."""

    adjudicator: Person | None = None
    also_annotates: bool = False


class Datasheet(Record, frozen=True, kw_only=True):
    """What only people can answer; the card names the questions without an answer.

    `published` is a date, YYYY-MM-DD; `citation` how the data set is to be cited.
    """

    purpose: str | None = None
    funding: str | None = None
    creators: str | None = None
    collection: str | None = None
    consent: str | None = None
    ethical_review: str | None = None
    annotator_demographics: str | None = None
    annotator_pay: str | None = None
    uses: str | None = None
    misuse: str | None = None
    biases: str | None = None
    maintenance: str | None = None
    contact: str | None = None
    citation: str | None = None
    published: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None


class Release(Record, frozen=True, kw_only=True):
    """What the release's card says that cannot be computed, and how it is made.

    `texts` go along where their licence is known to allow it (`licensed`), all of them, or
    none.
    """

    title: str | None = None
    licence: str | None = None
    description: str | None = None
    annotations_creators: str = "expert-generated"
    language_creators: str = "found"
    validation: Unit = 0.15
    unseen_publishers: Unit = 0.2
    texts: Texts = "licensed"
    datasheet: Datasheet = Datasheet()


class Config(Record, frozen=True, kw_only=True):
    """The whole of annotate.toml.

    `agreement` is the gate: by marker, or for `overall`, the least value of each metric on
    blind and test documents.
    """

    version: int = VERSION
    project: Project = Project()
    markers: Markers = Markers()
    suggest: Suggest = Suggest()
    ingest: Ingest = Ingest()
    team: Team = Team()
    assign: Assign = Assign()
    studio: Studio = Studio()
    agreement: dict[str, dict[Metric, Least]] = {}
    adjudicate: Adjudicate = Adjudicate()
    release: Release = Release()


TEMPLATE = """\
# What annotate does in this workspace. Every key has a default; delete what you do not need.
version = 1

[project]
name = {name}         # the tasks on the server carry it: keep it after the first push
languages = ["en"]
seed = 1              # all chance comes from here: who reads what, and which documents are tests

[markers]
tier = 1              # 2 adds the second tier

[suggest]
# candidates = ["unattributed_claim"]     # rules that find much and are often wrong; tier 2
# retired = ["marker/rule"]               # rules that are wrong too often: see `annotate rules`
# jobs = 2                                # processes on this machine

[team]
annotators = [{annotators}]      # for example ["ana", "ben"]

[assign]
overlap = 0.3         # share of the other documents that two annotators read
blind = 0.15          # share of documents shown without suggestions
test = 0.2            # share of documents kept as tests: blind, two annotators

[studio]
# url = "https://labels.example.org"      # a server of your own; its token in ANNOTATE_STUDIO_TOKEN

[agreement]
# unnamed_source.overlap_f1 = 0.7         # `annotate agreement` exits 1 below it
# overall.alpha = 0.5

[adjudicate]
# adjudicator = "dana"                    # decides what annotators differ on; none of them

[release]
# title = "Markers in regional news"
# licence = "cc-by-4.0"
# texts = "licensed"    # withholds texts without a licence that allows to pass them on; all, none

# [release.datasheet]   # what only people know; the card names what is not answered
# purpose = "..."
# citation = "..."
# published = "2026-12-31"
"""
