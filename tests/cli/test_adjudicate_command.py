"""`annotate adjudicate` on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STORIES = [
    f"Clerks asked\n\nA clerk 🛗 in room {number} said the lift was old. Critics agreed.\n"
    for number in range(3)
]


def annotate(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from annotate.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def region(story: str, words: str, label: str) -> dict[str, object]:
    start = story.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    return {"id": words, "from_name": "l", "to_name": "t", "type": "labels", "value": value}


def imported(folder: Path, *readers: tuple[int, ...]) -> Path:
    """Give a workspace with the stories; of each the readers, of whom the first saw critics."""
    assert annotate("init", "w", cwd=folder).returncode == 0
    tasks = []
    for number, (story, people) in enumerate(zip(STORIES, readers, strict=False)):
        clerk = region(story, "A clerk", "named_attribution")
        critics = region(story, "Critics", "vague_collective_source")
        given = [
            {
                "id": 10 * number + person,
                "completed_by": person,
                "result": [clerk, critics] if person == people[0] else [clerk],
                "updated_at": "2031-01-01",
            }
            for person in people
        ]
        tasks.append({"id": number, "data": {"text": story}, "annotations": given})
    (folder / "export.json").write_text(json.dumps(tasks), encoding="utf-8")
    done = annotate("import", "label-studio", "../export.json", cwd=folder / "w")
    assert done.returncode == 0, done.stderr
    return folder / "w"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Give a workspace where two people differ on a span in each of three documents."""
    return imported(tmp_path, (1, 2), (1, 2), (1, 2))


def decisions(workspace: Path) -> list[dict[str, object]]:
    """Export the queue, and accept what waits as it is proposed."""
    assert annotate("adjudicate", "--export", "../q.jsonl", cwd=workspace).returncode == 0
    lines = (workspace.parent / "q.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        {name: docket[name] for name in ("doc_id", "text_sha256", "ground")}
        | {
            "decided_at": "2031-02-01T10:00:00Z",
            "decisions": [
                {"case_id": case["case_id"], "outcome": "accepted"}
                for case in docket["cases"]
                if case["status"] == "contested"
            ],
        }
        for docket in map(json.loads, lines)
    ]


def written(workspace: Path, *lines: object) -> str:
    told = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (workspace.parent / "decided.jsonl").write_text("\n".join(told), encoding="utf-8")
    return "../decided.jsonl"


def test_the_queue_is_shown_decided_and_empty(workspace: Path) -> None:
    """From the report over a file to verdicts; the names of people are nowhere in it."""
    shown = annotate("adjudicate", cwd=workspace)
    assert shown.returncode == 0, shown.stderr
    for line in ("documents that wait              3", "  missed", "  vague_collective_source"):
        assert line in shown.stdout
    lines = decisions(workspace)
    assert "user-1" not in (workspace.parent / "q.jsonl").read_text(encoding="utf-8")
    name = written(workspace, *lines)
    call = ("adjudicate", "--import", name, "--adjudicator", "dana")
    dry = annotate(*call, "--dry-run", "--json", cwd=workspace)
    assert json.loads(dry.stdout)["imported"]["added"] == 3, dry.stderr
    done = annotate(*call, cwd=workspace)
    assert done.returncode == 0, done.stderr
    assert "spans that wait                  0" in done.stdout
    found = json.loads(annotate("adjudicate", "--json", cwd=workspace).stdout)
    assert (found["waiting"], found["adjudicated"], found["accepted"]) == (0, 3, 3)
    again = annotate(*call, "--json", cwd=workspace)
    assert json.loads(again.stdout)["imported"]["added"] == 0


def test_status_and_guide_know_of_it(workspace: Path) -> None:
    """What waits stands in the status, and a worksheet in the guide's command."""
    told = annotate("status", cwd=workspace)
    assert "to adjudicate       3 spans in 3 documents" in told.stdout
    assert "user-1              3 imported, 0 skipped" in told.stdout
    made = annotate("guide", "--worksheet", "../sheet.html", cwd=workspace)
    assert made.returncode == 0, made.stderr
    assert "1 markers: 0 gaps, 0 ambiguities, 3 disagreements" in made.stdout
    wrong = annotate("guide", "--worksheet", "../sheet.txt", cwd=workspace)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)


def test_one_broken_line_leaves_the_others_alone(workspace: Path) -> None:
    """The line is named with its reason; so are an unknown marker and what is left undecided."""
    first, second, third = decisions(workspace)
    span = {"start": 0, "end": 4, "marker": "unnamed_sauce"}
    wrong = second | {"decisions": [{"outcome": "accepted", "spans": [span]}]}
    empty = third | {"decisions": []}
    name = written(workspace, first, '{"doc_id": 1', wrong, empty)
    done = annotate("adjudicate", "--import", name, "--adjudicator", "dana", cwd=workspace)
    assert done.returncode == 0, done.stderr
    rejected = [line for line in done.stdout.splitlines() if "rejected: " in line]
    assert len(rejected) == 2
    assert "rejected: line 2: not JSON" in rejected[0]
    assert '"unnamed_sauce" is not known (did you mean unnamed_source?)' in rejected[1]
    assert done.stdout.count("no verdict on vague_collective_source “Critics”") == 2
    assert "verdicts                         1" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--import", "nothing.jsonl"), 2, "nothing.jsonl: no such file"),
        (("--import", "../empty.jsonl"), 1, "no decisions in it"),
        (("--import", "annotate.toml"), 1, "line 1: not JSON"),
        (("--import", "a", "--export", "b"), 2, "--export and --import at once"),
        (("--export", ".."), 2, "is a folder"),
        (("--export", "annotate.toml/q.jsonl"), 3, "cannot be"),
    ],
)
def test_what_does_not_fit_is_one_line(
    workspace: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """What, where and what to do; nothing is written and there is no traceback."""
    (workspace.parent / "empty.jsonl").write_text("\n \n")
    done = annotate("adjudicate", *arguments, cwd=workspace)
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert words in done.stderr
    assert not (workspace / "tables" / "verdicts.parquet").exists()


@pytest.mark.parametrize(
    ("readers", "words"),
    [
        (((1,), (1,), (1,)), "no document was read by two people (3 were read by one)"),
        (((1,), (2,), (3,)), "no document was read by two people (3 were read by one)"),
    ],
)
def test_one_annotator_or_disjoint_documents_leave_nothing_to_decide(
    tmp_path: Path, readers: tuple[tuple[int, ...], ...], words: str
) -> None:
    """A sentence that says so and what to change."""
    done = annotate("adjudicate", cwd=imported(tmp_path, *readers))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert words in done.stderr


def test_without_annotations_it_says_what_brings_them(tmp_path: Path) -> None:
    """An empty workspace has nothing to adjudicate."""
    assert annotate("init", "w", cwd=tmp_path).returncode == 0
    done = annotate("adjudicate", cwd=tmp_path / "w")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "nothing is annotated yet" in done.stderr
