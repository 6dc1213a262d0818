"""`annotate agreement` on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotate.pipeline.import_ import import_
from annotate.workspace import Workspace

STORIES = [
    f"Lock {at} jammed\n\nA welder 🚪 in the Ostby yard said the bolt was old. Nobody else spoke.\n"
    for at in range(4)
]
WORDS = "A welder 🚪 in the Ostby yard"
METRICS = ["exact_f1", "overlap_f1", "alpha", "token_alpha", "alpha_u", "u_alpha", "gamma"]


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


def export(*people: int) -> str:
    """Give four tasks that these people did; the second begins two characters later."""
    tasks = []
    for number, story in enumerate(STORIES):
        start = story.index(WORDS)
        done = []
        for person in people:
            begin = start + 2 * (person == 2 and number == 0)
            value = {"start": begin, "end": start + len(WORDS), "labels": ["unnamed_source"]}
            value["text"] = story[begin : start + len(WORDS)]
            part = {"id": "r", "from_name": "l", "to_name": "t", "type": "labels", "value": value}
            done.append(
                {"id": 10 * number + person, "completed_by": person, "result": [part],
                 "updated_at": "2031-01-01"}
            )  # fmt: skip
        tasks.append({"id": number, "data": {"text": story}, "annotations": done})
    return json.dumps(tasks)


def workspace(folder: Path, *people: int, gate: str = "") -> Path:
    """Give a workspace into which these people's export was brought."""
    made = Workspace.create(folder / "w", name="test")
    if people:
        (folder / "export.json").write_text(export(*people), encoding="utf-8")
        import_(made, "label-studio", folder / "export.json")
    config = made.path("annotate.toml")
    config.write_text(config.read_text().replace("[agreement]", f"[agreement]\n{gate}"))
    return made.root


def test_the_table_has_values_intervals_and_reasons(tmp_path: Path) -> None:
    """Two lines for each row, one for each reason; no gamma unless it was asked for."""
    done = annotate("agreement", cwd=workspace(tmp_path, 1, 2))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1] == "blind and test documents: 4, annotators: 2"
    assert lines[2].split() == [
        "exact", "F1", "overlap", "F1", "alpha", "token", "alpha", "alpha_u", "u_alpha",
    ]  # fmt: skip
    assert lines[3].split()[:2] == ["overall", "0.750"]
    assert lines[4].split()[:3] == [".25", "to", "1.00"]
    assert any(line.split()[:1] == ["unnamed_source"] for line in lines)
    assert any(line.startswith("  undefined, no spans in these voices: vague") for line in lines)
    assert "gamma" not in done.stdout
    assert max(len(line) for line in lines if "undefined" not in line) <= 120


def test_the_json_is_for_programs(tmp_path: Path) -> None:
    """Markers, pairs and overall, each metric with value, low, high and reason."""
    place = workspace(tmp_path, 1, 2)
    done = annotate("agreement", "--json", "--gamma", cwd=place)
    found = json.loads(done.stdout)
    assert list(found["markers"]["unnamed_source"]) == METRICS
    assert list(found["pairs"]) == ["user-1, user-2"]
    assert list(found["overall"]) == [*METRICS[:-1], "cu_alpha", "gamma"]
    assert set(found["overall"]["alpha"]) == {"value", "low", "high", "reason"}
    assert found["overall"]["gamma"]["value"] > 0.5
    assert found["gates"] == []
    assert found["explained"]["differences"]["documents"] == 4
    short = annotate("agreement", "--json", "--no-explain", cwd=place)
    assert json.loads(short.stdout)["explained"] is None


def test_a_gate_decides_the_exit_code(tmp_path: Path) -> None:
    """0 when it is reached; 1 under it or undefined, saying which; the values are printed."""
    place = workspace(tmp_path, 1, 2, gate="unnamed_source.overlap_f1 = 0.9")
    assert annotate("agreement", cwd=place).returncode == 0
    config = place / "annotate.toml"
    config.write_text(config.read_text().replace("= 0.9", "= 0.999\nnamed_attribution.alpha = 0.1"))
    done = annotate("agreement", "--json", cwd=place)
    assert done.returncode == 1
    gates = json.loads(done.stdout)["gates"]
    assert [(gate["marker"], gate["passed"]) for gate in gates] == [
        ("unnamed_source", False),
        ("named_attribution", False),
    ]
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: agreement is under the gate: unnamed_source.overlap_f1 is 0.9")
    assert "named_attribution.alpha is undefined (no spans in these voices), asked: 0.1" in line
    assert "gate failed: unnamed_source.overlap_f1" in annotate("agreement", cwd=place).stdout


def test_the_report_is_a_page_of_its_own(tmp_path: Path) -> None:
    """With plots, nothing from outside, and the same bytes each time."""
    place = workspace(tmp_path, 1, 2)
    for name in ("one.html", "sub/two.html"):
        done = annotate("agreement", "--html", tmp_path / name, cwd=place)
        assert done.returncode == 0, done.stderr
        assert done.stderr.splitlines()[-1] == f"report: {tmp_path / name}"
    page = (tmp_path / "one.html").read_bytes()
    assert page == (tmp_path / "sub/two.html").read_bytes()
    assert page.count(b"<svg") >= 3
    assert b"--gamma" not in page
    for outside in (b"<script", b"http", b"@import", b"<link"):
        assert outside not in page


@pytest.mark.parametrize(
    ("people", "gate", "code", "words"),
    [
        ((), "", 1, "nothing is annotated yet"),
        ((1, 2), "unnamed_sauce.alpha = 0.5", 1, "did you mean unnamed_source?"),
        ((1, 2), "overall.kappa = 0.5", 1, "legal: alpha, "),
        ((1, 2), "overall.alpha = 7", 1, "found 7"),
        ((1,), "overall.alpha = 0.1", 1, "overall.alpha is undefined"),
    ],
)
def test_what_is_wrong_is_one_line(
    tmp_path: Path, people: tuple[int, ...], gate: str, code: int, words: str
) -> None:
    """On stderr, with the legal values or what to do; no traceback."""
    done = annotate("agreement", cwd=workspace(tmp_path, *people, gate=gate))
    assert done.returncode == code, done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert words in line


def test_one_annotator_is_a_sentence(tmp_path: Path) -> None:
    """Nothing to compare is said, and no error without a gate."""
    done = annotate("agreement", cwd=workspace(tmp_path, 1))
    assert done.returncode == 0, done.stderr
    assert "  no document was read by two annotators: only user-1 submitted any\n" in done.stdout


def test_a_page_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """The environment's fault: exit 3, with the file and the reason."""
    (tmp_path / "file").write_text("")
    done = annotate("agreement", "--html", "../file/x.html", cwd=workspace(tmp_path, 1, 2))
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert "x.html: cannot be written" in line
