"""The built wheel, installed elsewhere, works."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_schemas_and_sample_and_no_tests(wheel: Path) -> None:
    """What ships is the package with its schemas and the demo's sample."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "annotate/_schemas/markers/unnamed_source.yaml" in names
    assert "annotate/_schemas/annotation.schema.json" in names
    assert any(name.startswith("annotate/sample/articles/") for name in names)
    assert any(name.startswith("annotate/report/templates/") for name in names)
    assert not [name for name in names if name.startswith("tests")]


def test_an_installed_wheel_suggests_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """Command and library find their shipped files in an environment of their own."""
    home = tmp_path / "venv"
    venv.create(home, with_pip=False, system_site_packages=False)
    (site,) = home.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    ours = next(path for path in map(Path, sys.path) if (path / "msgspec").is_dir())
    (site / "dependencies.pth").write_text(f"{ours}\n")
    code = (
        "import annotate, pathlib; text = 'A source in the ministry said the bridge was unsafe.'\n"
        "found = annotate.suggest(text); assert found, 'nothing suggested'\n"
        "print([text[s.start:s.end] for s in found])\n"
        "assert pathlib.Path(annotate.__file__).is_relative_to(pathlib.Path.cwd())"
    )
    python = home / "bin" / "python"
    done = subprocess.run(
        [python, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "A source in the ministry" in done.stdout
    run = [python, "-c", "from annotate.cli import main; main()", "init", "here"]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "here" / "annotate.toml").is_file()
