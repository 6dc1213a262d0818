"""The README's code blocks run as they stand, in their order."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotate import resources
from annotate.pipeline import Workspace
from annotate.pipeline.demo import submit_sample

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)
SHELL = [code for language, code in BLOCKS if language == "sh"]
PYTHON = [code for language, code in BLOCKS if language == "python"]
INSTALLS = [code.strip() for code in SHELL if ".venv/bin/pip" in code]
WALK = [code for code in SHELL if ".venv/bin/pip" not in code]


def ran(code: str, folder: Path) -> str:
    """Run a shell block with our commands on the path; give what it printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_every_block_is_one_that_is_run() -> None:
    """Shell and Python alone, so that nothing in the README is left untried."""
    assert {language for language, _ in BLOCKS} == {"sh", "python"}
    assert (len(INSTALLS), len(WALK), len(PYTHON)) == (2, 3, 3)


def test_the_two_command_lines_are_what_ci_runs() -> None:
    """`.ci/run` takes them from the README word for word."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"grep -E '(\S+ ?.*?)' README\.md", script)
    assert pattern is not None
    found = [line for line in README.splitlines() if re.search(pattern[1], line)]
    assert found == INSTALLS
    assert [line.rsplit("&& ", 1)[1] for line in found] == [
        ".venv/bin/annotate demo",
        ".venv/bin/pytest",
    ]


@pytest.mark.studio
def test_the_walk_from_articles_to_a_model(
    tmp_path: Path, prepare_studio: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each block goes on where the one before it ended; two people label in between."""
    (tmp_path / "articles").symlink_to(resources.sample() / "articles")
    prepare, push, rest = WALK
    assert "next" in ran(prepare, tmp_path)
    corpus = tmp_path / "corpus"
    prepare_studio(corpus)
    assert "/projects/" in ran(push, corpus)
    assert submit_sample(Workspace(corpus))
    assert "stopped" in ran(rest, corpus)
    monkeypatch.chdir(corpus)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    for code in PYTHON:
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip(), code
