"""The only reader of the files that ship with the program.

`schemas/` stands at the top of a checkout and inside a wheel as `annotate/_schemas`.
"""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def schemas() -> Path:
    """Give the folder of the shipped schemas, in a wheel or in a checkout."""
    installed = _PACKAGE / "_schemas"
    return installed if installed.is_dir() else _PACKAGE.parent / "schemas"


def sample() -> Path:
    """Give the folder of the demo's sample."""
    return _PACKAGE / "sample"


def template(name: str) -> str:
    """Give the text of a page template that ships with the program."""
    return (_PACKAGE / "report" / "templates" / name).read_text(encoding="utf-8")


def listed(folder: str, suffix: str) -> tuple[Path, ...]:
    """Give the files of a schemas folder with that suffix, sorted by name."""
    return tuple(sorted((schemas() / folder).glob(f"*{suffix}")))
