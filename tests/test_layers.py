"""Who may import whom."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "annotate"
GROUND = ("errors", "model")
CORE = (
    "columns",
    "contracts",
    "decode",
    "docket",
    "files",
    "marker",
    "migrated",
    "migration",
    "pages",
    "shingles",
    "spans",
    "stored",
    "resources",
    "taxonomy",
    "config",
    "tables",
    "workspace",
    "scores",
    "formats",
)
STAGES = ("ingest", "suggest", "studio", "agreement", "adjudicate", "release", "learn", "report")
HEAVY = (
    "httpx", "jinja2", "label_studio_sdk", "matplotlib", "numpy", "nupunkt", "pandas", "py3langid",
    "pyarrow", "pycrfsuite", "rich", "sklearn", "skops", "trafilatura", "yaml",
)  # fmt: skip


def layer(part: str) -> int:
    """Give the height of a top-level module of the package."""
    for height, names in enumerate((GROUND, CORE, STAGES, ("pipeline",), ("cli", ""))):
        if part in names:
            return height
    message = f"{part} stands in no layer"
    raise AssertionError(message)


def files() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it goes"
            names = [name.name for name in node.names]
            whole = node.module == "annotate"
            found += [f"annotate.{name}" for name in names] if whole else [node.module or ""]
    return found


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    """A module imports its own layer or lower ones; a stage never another stage."""
    own = part_of(path)
    for name in imported(path):
        if name.split(".")[0] != "annotate":
            continue
        other = [*name.split("."), ""][1]
        assert layer(other) <= layer(own), f"{own} imports {name} from above"
        if own in STAGES and other in STAGES:
            assert own == other, f"stage {own} imports stage {other}"


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_libraries_load_when_they_are_used(path: Path) -> None:
    """No module imports a heavy library at its top, so that the command line stays instant."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            assert name.split(".")[0] not in HEAVY, f"{path}: {name} at the top"


def test_only_the_client_makes_requests() -> None:
    """Among the stages only studio/client.py and what stands on it know HTTP."""
    for path in files():
        if "httpx" in " ".join(imported(path)) or "label_studio_sdk" in " ".join(imported(path)):
            assert part_of(path) == "studio", path


def test_nothing_unsafe_is_used() -> None:
    """No pickle, eval, exec or shell anywhere in the package."""
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec"}, path
            if isinstance(node, ast.keyword) and node.arg == "shell":
                assert isinstance(node.value, ast.Constant), path
                assert node.value.value is False, path
        assert not {"pickle", "joblib", "dill"} & set(imported(path)), path


def test_the_package_never_validates_by_assert() -> None:
    """Asserts vanish under -O, so the package has none."""
    for path in files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree)), path
