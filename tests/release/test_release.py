"""A release: what the workspace settled, on disk, as everybody loads it."""

import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import msgspec
import pandas as pd
import pytest
import yaml

from annotate.errors import (
    AnnotateError,
    DataError,
    InvalidFile,
    NothingToDo,
    UsageError,
)
from annotate.model import (
    AnnotatedSpan,
    Annotation,
    Appearance,
    Assignment,
    Condition,
    Document,
    Duplicate,
    Zone,
    document_id,
    text_sha256,
)
from annotate.pipeline.release import ReleaseResult, release
from annotate.release import Release, load
from annotate.release.splits import WAITS
from annotate.workspace import Workspace

KNOWN = {
    "identity_form": "role_only",
    "specificity": "2",
    "reason_for_anonymity": "none",
    "basis_of_knowledge": "unstated",
    "corroboration": "none",
}
DISPUTED = (4, 11)  # assisted ones that two people read
OUTLETS = ("Marlow Courier", "Velden Post", "Harbour Wire", "Tarn Echo")


def document(number: int) -> Document:
    text = f"A clerk 👩‍👩‍👧 said so in case {number}. Critics say it was late, number {number}."
    return Document(
        doc_id=document_id(text),
        text=text,
        text_sha256=text_sha256(text),
        language="en",
        canonicaliser="1",
    )


def marked(item: Document, *, person: str, words: str, marker: str) -> AnnotatedSpan:
    start = item.text.index(words)
    return AnnotatedSpan(
        start=start,
        end=start + len(words),
        marker=marker,
        attributes=KNOWN if marker == "unnamed_source" else {},
        span_id=f"{person}-{item.doc_id}-{start}",
        origin="manual",
    )


def annotation(item: Document, person: str, condition: Condition, **more: object) -> Annotation:
    spans = [marked(item, person=person, words="A clerk", marker="unnamed_source")]
    if person == "ana" or condition == "test":
        spans.append(marked(item, person=person, words="Critics", marker="vague_collective_source"))
    given: dict[str, object] = {"spans": tuple(spans), **more}
    return msgspec.convert(
        {
            "annotation_id": f"n-{person}-{item.doc_id}",
            "assignment_id": f"a-{person}-{item.doc_id}",
            "doc_id": item.doc_id,
            "text_sha256": item.text_sha256,
            "annotator": person,
            "round": 1,
            "condition": condition,
            "guideline_version": "1.0",
            "taxonomy_version": "1",
            "submitted_at": "2026-02-03T10:00:00Z",
            **{key: msgspec.to_builtins(value) for key, value in given.items()},
        },
        Annotation,
    )


def condition_of(number: int) -> Condition:
    return "test" if number % 3 == 0 else "assisted"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """24 documents of four outlets; two people agree on the tests, a third, and differ on two."""
    made = Workspace.create(tmp_path / "w", name="w", annotators=["ana", "ben"])
    documents = [document(number) for number in range(24)]
    made.append(Document, documents)
    made.write(
        Appearance,
        [
            Appearance(
                doc_id=item.doc_id,
                publisher=OUTLETS[number % 4],
                published=f"2026-01-{number + 1:02}",
                licence="cc-by-4.0",
                source="pile",
            )
            for number, item in enumerate(documents)
        ],
    )
    made.write(
        Zone,
        [Zone(doc_id=it.doc_id, start=0, end=len(it.text), zone="body") for it in documents],
    )
    made.write(Duplicate, [Duplicate(doc_id=it.doc_id, cluster=it.doc_id) for it in documents])
    rows = [
        annotation(item, person, condition_of(number))
        for number, item in enumerate(documents)
        for person in ("ana", "ben")
        if person == "ana" or condition_of(number) == "test" or number in DISPUTED
    ]
    rows[1] = rows[1].replace(spans=())
    made.write(Annotation, rows)
    return made


def released(workspace: Workspace) -> tuple[ReleaseResult, Release]:
    result = release(workspace)
    return result, load(result.path)


def test_every_annotated_document_is_in_a_split_or_counted_as_left_out(
    workspace: Workspace,
) -> None:
    """Documents in splits and left out are all documents, and both ends are not empty."""
    result, made = released(workspace)
    assert result.version == "0.1.0"
    assert sum(result.splits.values()) + sum(result.left_out.values()) == 24
    assert {"train", "test_unseen_publisher"} <= set(made.splits)


def test_datasets_loads_every_layer_with_the_counts_of_the_result(
    workspace: Workspace, tmp_path: Path
) -> None:
    """`datasets.load_dataset(path, layer)` needs nothing of ours and drops nothing."""
    import datasets

    result, made = released(workspace)
    for layer in ("gold", "annotations", "spans"):
        loaded = datasets.load_dataset(result.path, layer, cache_dir=str(tmp_path / "cache"))
        frames = {
            split: pd.read_parquet(f"{result.path}/data/{layer}/{split}-00000-of-00001.parquet")
            for split in loaded
        }
        assert {name: len(rows) for name, rows in loaded.items()} == {
            name: len(frame) for name, frame in frames.items()
        }
        assert len({str(rows.features) for rows in loaded.values()}) == 1
        lines = {name: Path(result.path, f"jsonl/{layer}/{name}.jsonl") for name in loaded}
        assert {name: len(path.read_text().splitlines()) for name, path in lines.items()} == {
            name: len(frame) for name, frame in frames.items()
        }
    gold = datasets.load_dataset(result.path, cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in gold.items()} == result.splits
    row = gold["train"][0]
    span = row["spans"][0]
    assert row["text"][span["start"] : span["end"]] == "A clerk"
    assert span["attributes"]["specificity"] == "2"
    assert made.splits == tuple(gold)


def test_the_card_is_valid_and_says_what_it_is(workspace: Workspace) -> None:
    """The YAML names licence, language, size, task and every file; the text its limits."""
    result, made = released(workspace)
    text = (made.path / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["language"] == ["en"]
    assert front["license"] == "unknown"
    assert front["annotations_creators"] == ["expert-generated"]
    assert front["task_categories"] == ["token-classification"]
    assert front["size_categories"] == ["n<1K"]
    assert [config["config_name"] for config in front["configs"]] == [
        "gold",
        "annotations",
        "spans",
    ]
    for config in front["configs"]:
        for file in config["data_files"]:
            assert list(made.path.glob(file["path"]))
    assert "tags wording, not truth" in text
    assert "cc-by-4.0" in text
    for reason, count in result.left_out.items():
        assert f"{count} ({reason})" in text
    for split in result.not_written:
        assert f"Not written: `{split}`" in text


def test_the_reader_gives_typed_rows_and_frames(workspace: Workspace) -> None:
    """Documents, annotations and spans come back as they were written, exact to the character."""
    result, made = released(workspace)
    assert (made.version, made.taxonomy_version) == ("0.1.0", "1")
    rows = [item for split in made.splits for item in made.documents(split)]
    assert len(rows) == result.documents
    assert sum(len(item.spans) for item in rows) == len(made.spans) == result.spans
    assert {span.text for span in made.spans} == {"A clerk", "Critics"}
    assert {span.status for span in made.spans} == {"single", "consensus"}
    assert sum(len(item.open) for item in rows) == result.open > 0
    assert len(made.to_frame("train")) == len(made.documents("train"))
    with pytest.raises(UsageError, match="legal: train"):
        made.documents("trian")


def test_annotators_are_pseudonyms_everywhere(workspace: Workspace) -> None:
    """No file of a release holds an annotator's name, or an id computed from it."""
    _, made = released(workspace)
    submitted = [row for split in (*made.splits, "left_out") for row in made.annotations(split)]
    assert len(submitted) == 32 + len(DISPUTED)
    assert {row.annotator for row in submitted} == {"a1", "a2"}
    assert sum(not row.spans for row in submitted) == 1
    assert "annotation_id" not in made.to_frame("train").columns
    assert not any(b"a-ana-d" in path.read_bytes() for path in made.path.rglob("*.jsonl"))


def test_span_ids_lead_to_no_name(workspace: Workspace) -> None:
    """No id of the workspace's spans is in a release; gold names its annotations' new ids."""
    _, made = released(workspace)
    old = {span.span_id for row in workspace.rows(Annotation) for span in row.spans}
    content = b"".join(path.read_bytes() for path in made.path.rglob("*.jsonl"))
    assert old
    assert not any(name.encode() in content for name in old)
    rows = [row for split in (*made.splits, "left_out") for row in made.annotations(split)]
    ids = [span.span_id for row in rows for span in row.spans]
    assert len(set(ids)) == len(ids) == len(old)
    documents = [item for split in made.splits for item in made.documents(split)]
    behind = [
        member
        for item in documents
        for span in (*item.spans, *item.open)
        for member in span.members
    ]
    released_ids = {
        span.span_id
        for split in made.splits
        for row in made.annotations(split)
        for span in row.spans
    }
    assert sorted(behind) == sorted(released_ids)


def test_the_same_input_gives_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    """A copy of the workspace releases the same bytes, and SHA256SUMS is right about them."""
    shutil.copytree(workspace.root, tmp_path / "copy")
    first = Path(release(workspace).path)
    second = Path(release(Workspace(tmp_path / "copy")).path)
    sums = (first / "SHA256SUMS").read_text()
    assert sums == (second / "SHA256SUMS").read_text()
    listed = dict(reversed(line.split("  ", 1)) for line in sums.splitlines())
    files = {str(path.relative_to(first)) for path in first.rglob("*") if path.is_file()}
    assert files == {*listed, "SHA256SUMS"}
    assert all(sha256((first / name).read_bytes()).hexdigest() == listed[name] for name in listed)


def test_neither_hash_seed_nor_time_zone_nor_locale_changes_a_byte(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Another process in another folder, zone and locale releases the same bytes."""
    shutil.copytree(workspace.root, tmp_path / "é b")
    code = (
        "import sys; from annotate.workspace import Workspace; "
        "from annotate.pipeline.release import release; release(Workspace(sys.argv[1]))"
    )
    odd = {"PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    environment = {**os.environ, **odd, "PYTHONPATH": str(Path(__file__).parents[2])}
    call = [sys.executable, "-c", code, str(tmp_path / "é b")]
    subprocess.run(call, check=True, env=environment)
    there = tmp_path / "é b" / "releases" / "0.1.0" / "SHA256SUMS"
    assert there.read_bytes() == Path(release(workspace).path, "SHA256SUMS").read_bytes()


@pytest.mark.parametrize("count", [1, 24])
def test_few_documents_or_no_spans_are_a_release_too(
    workspace: Workspace, tmp_path: Path, count: int
) -> None:
    """One document, or none with a span, still loads; a layer without rows is not offered."""
    import datasets

    rows = [row.replace(spans=()) for row in workspace.rows(Annotation)]
    kept = {row.doc_id for row in rows if row.condition != "test"} if count == 1 else set()
    chosen = [row for row in rows if row.doc_id == min(kept, default=row.doc_id)]
    workspace.write(Annotation, chosen)
    result, made = released(workspace)
    assert (result.spans, made.spans) == (0, [])
    assert sum(result.splits.values()) + sum(result.left_out.values()) == count
    assert datasets.get_dataset_config_names(result.path) == ["gold", "annotations"]
    gold = datasets.load_dataset(result.path, "gold", cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in gold.items()} == result.splits


def test_releasing_again_changes_nothing_until_something_is_new(workspace: Workspace) -> None:
    """The same content is no new release; corrections are the next patch version."""
    first = release(workspace)
    again = release(workspace)
    assert (again.path, again.written) == (first.path, False)
    rows = workspace.rows(Annotation)
    workspace.write(Annotation, [row.replace(spans=row.spans[:1]) for row in rows])
    second = release(workspace)
    assert (second.version, second.written) == ("0.1.1", True)
    changed = Path(second.path, "CHANGES.md").read_text()
    assert "Since 0.1.0" in changed
    assert "documents added: 0" in changed
    assert "gold spans removed: 0" not in changed
    assert re.search(
        r"overlap F1 of the rules on test documents, tier 1: \S+ before, \S+ now", changed
    )


def test_a_version_is_never_written_twice(workspace: Workspace) -> None:
    """An existing version is refused and stays as it is; so is what is no version."""
    made = release(workspace, version="1.0.0")
    before = Path(made.path, "SHA256SUMS").read_bytes()
    with pytest.raises(DataError, match=r"1\.0\.0 exists already"):
        release(workspace, version="1.0.0")
    with pytest.raises(UsageError, match="not like"):
        release(workspace, version="one")
    assert Path(made.path, "SHA256SUMS").read_bytes() == before


def test_a_dry_run_writes_nothing(workspace: Workspace) -> None:
    """A dry run gives the counts and leaves no trace."""
    result = release(workspace, dry_run=True)
    assert not result.written
    assert result.documents
    assert not workspace.path("releases").exists()


def test_a_folder_that_cannot_be_written_leaves_no_release(workspace: Workspace) -> None:
    """What cannot be written whole is not there at all."""
    workspace.path("releases").write_text("in the way")
    with pytest.raises(AnnotateError, match="cannot be written"):
        release(workspace)
    assert workspace.path("releases").is_file()


def test_verdicts_decide_their_documents(workspace: Workspace) -> None:
    """An adjudicator's annotations become gold and close what was open."""
    rows = workspace.rows(Annotation)
    judged = [
        row.replace(annotator="judge", annotation_id=f"j-{row.doc_id}", assignment_id=row.doc_id)
        for row in rows
        if row.annotator == "ana"
    ]
    assert release(workspace, dry_run=True).open == len(DISPUTED)
    given = release(workspace, reviews=judged, dry_run=True)
    workspace.write(Annotation, [*rows, *judged])
    named = release(workspace, adjudicator="judge")
    assert given.replace(written=True) == named
    made = load(named.path)
    assert named.open == 0
    for split in (name for name in made.splits if name.startswith("test")):
        for item in made.documents(split):
            assert {span.status for span in item.spans} <= {"adjudicated"}
            assert item.annotators == 2


def test_a_test_document_waits_outside_the_tests_until_it_is_decided(workspace: Workspace) -> None:
    """A test read by two of whom one marked nothing is left out; a verdict lets it in."""
    (empty,) = (it for it in workspace.rows(Annotation) if not it.spans)
    waits = release(workspace, dry_run=True)
    assert waits.left_out[WAITS] == 1
    assert "run `annotate adjudicate`" in WAITS
    judged = empty.replace(annotator="judge", assignment_id="j", annotation_id="j")
    decided = release(workspace, reviews=[judged], dry_run=True)
    assert WAITS not in decided.left_out
    assert count_of_tests(decided) == count_of_tests(waits) + 1


def count_of_tests(result: ReleaseResult) -> int:
    return sum(count for name, count in result.splits.items() if name.startswith("test"))


def test_a_near_duplicate_of_a_test_never_trains_even_before_that_is_annotated(
    workspace: Workspace,
) -> None:
    """A test document that nobody has submitted yet keeps its near-duplicates out of training."""
    waiting = document(99)
    workspace.append(Document, [waiting])
    doc_id = load(release(workspace).path).documents("train")[0].doc_id
    pair = min(doc_id, waiting.doc_id)
    clusters = [it for it in workspace.rows(Duplicate) if it.doc_id != doc_id]
    joined = [Duplicate(doc_id=it, cluster=pair) for it in (doc_id, waiting.doc_id)]
    workspace.write(Duplicate, [*clusters, *joined])
    workspace.write(
        Assignment,
        [
            Assignment(
                assignment_id="a", doc_id=waiting.doc_id, annotator="ana", round=1, condition="test"
            )
        ],
    )
    assert release(workspace).left_out["near-duplicate of a test document"] == 1


def test_leakage_is_computed_and_none_is_found(workspace: Workspace) -> None:
    """The certificate has every pair of splits, with no shared cluster and no taught publisher."""
    _, made = released(workspace)
    pairs = json.loads((made.path / "leakage.json").read_text())["pairs"]
    assert len(pairs) == len(made.splits) * (len(made.splits) - 1) / 2
    for pair in pairs:
        assert pair["clusters"] == pair["documents"] == 0
        if pair["first"] == "train" and pair["second"] == "test_unseen_publisher":
            assert pair["publishers"] == []


def test_what_no_longer_fits_is_counted(workspace: Workspace) -> None:
    """Spans outside the text or of other markers, and other texts, are rejects with reasons."""
    rows = workspace.rows(Annotation)
    far = rows[0].spans[0].replace(end=10_000, span_id="far")
    odd = rows[0].spans[0].replace(marker="loaded_language", span_id="odd")
    workspace.write(
        Annotation,
        [
            rows[0].replace(spans=(far, odd)),
            rows[1].replace(text_sha256="0" * 64),
            rows[2].replace(doc_id="d-0"),
            *rows[3:],
        ],
    )
    reasons = [reject.reason for reject in release(workspace, dry_run=True).rejects]
    assert sorted(reason.split(" ")[0] for reason in reasons) == ["end", "its", "its", "marker"]


def test_without_annotations_it_says_what_to_run(tmp_path: Path) -> None:
    """An empty workspace is told to assign; one that is assigned is told to pull."""
    made = Workspace.create(tmp_path / "w", name="w", annotators=["ana"])
    with pytest.raises(NothingToDo) as caught:
        release(made)
    assert "annotate assign" in caught.value.hint
    item = document(1)
    made.append(Document, [item])
    made.write(
        Assignment,
        [
            Assignment(
                assignment_id="a", doc_id=item.doc_id, annotator="ana", round=1, condition="test"
            )
        ],
    )
    with pytest.raises(NothingToDo) as caught:
        release(made)
    assert "annotate pull" in caught.value.hint
    made.write(Annotation, [annotation(item, "ana", "test")])
    with pytest.raises(DataError, match="1 test document with fewer than two annotators"):
        release(made)


@pytest.mark.parametrize("broken", ["release.json", "SHA256SUMS", "both", "data"])
def test_a_folder_that_is_no_release_is_refused(workspace: Workspace, broken: str) -> None:
    """A missing, changed or foreign file is one clear error that names it."""
    _, made = released(workspace)
    if broken == "data":
        (made.path / "data/gold/train-00000-of-00001.parquet").write_bytes(b"PAR1")
        with pytest.raises(InvalidFile, match="train-00000-of-00001"):
            made.documents("train")
        return
    if broken == "both":
        (made.path / "release.json").write_text("{")
    else:
        (made.path / broken).unlink()
    with pytest.raises(InvalidFile, match=r"release\.json or SHA256SUMS"):
        load(made.path)


def test_a_changed_summary_is_refused(workspace: Workspace) -> None:
    """release.json is held against its hash as every data file is."""
    _, made = released(workspace)
    file = made.path / "release.json"
    file.write_text(file.read_text().replace('"unnamed_source"', '"named_attribution"'))
    with pytest.raises(InvalidFile, match=r"release\.json: missing, or not what SHA256SUMS says"):
        load(made.path)


@pytest.mark.parametrize(
    "title", ['Sources: "who" says\n---\nlicense: mit', "it's #1 | 100% 🧾", "- [x]: {y}", "---"]
)
def test_no_title_or_description_breaks_the_card(workspace: Workspace, title: str) -> None:
    """Quotes, colons, newlines and markup in what the lead writes stay values of the YAML."""
    file = workspace.path("annotate.toml")
    written = file.read_text(encoding="utf-8")
    quoted = json.dumps(title, ensure_ascii=False)
    said = f"[release]\ntitle = {quoted}\ndescription = {quoted}"
    assert "\n[release]" in written
    file.write_text(written.replace("[release]", said, 1), encoding="utf-8")
    made = load(release(Workspace(workspace.root)).path)
    text = (made.path / "README.md").read_text(encoding="utf-8")
    front = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    assert front
    read = yaml.safe_load(front[1])
    assert (read["pretty_name"], read["license"]) == (title, "unknown")
    assert f"# {' '.join(title.split())} {made.version}" in text.splitlines()


def test_the_certificate_says_what_the_files_say(workspace: Workspace) -> None:
    """Counted again from the Parquet files, with wire copies: all is as leakage.json says."""
    doc_ids = [item.doc_id for item in workspace.rows(Document)]
    copies = [Appearance(doc_id=it, publisher=OUTLETS[1], source="p") for it in doc_ids[::7]]
    workspace.write(Appearance, [*workspace.rows(Appearance), *copies])
    _, made = released(workspace)
    frames = {name: made.to_frame(name) for name in made.splits}
    pairs = json.loads((made.path / "leakage.json").read_text())["pairs"]
    assert len(pairs) == len(frames) * (len(frames) - 1) // 2 > 0
    for pair in pairs:
        first, second = frames[pair["first"]], frames[pair["second"]]
        reached = [
            {
                name
                for column in ("publishers", "cluster_publishers")
                for row in of[column]
                for name in row
            }
            for of in (first, second)
        ]
        assert set(pair["publishers"]) == reached[0] & reached[1]
        assert pair["clusters"] == len({*first["cluster"]} & {*second["cluster"]})
        assert pair["documents"] == len({*first["doc_id"]} & {*second["doc_id"]})
        late = (first["published"] >= second["published"].min()).sum()
        assert pair["first_not_before_second"] == late
