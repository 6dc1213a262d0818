"""The files of an export, read as tasks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from annotate.errors import InvalidFile, UsageError
from annotate.formats import label_studio_export, polnear
from annotate.formats.foreign import Export, Submission, Task
from annotate.pipeline.import_forms import FORMS, Form, person


@dataclass(kw_only=True)
class Source:
    """What was read, and the files that it was read from; `names` are not the files' own."""

    export: Export
    files: list[Path] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def hashes(self) -> dict[str, str]:
        """Give the sha256 of each file's bytes by its name."""
        names = self.names or [path.name for path in self.files]
        return {
            name: sha256(path.read_bytes()).hexdigest()
            for name, path in zip(names, self.files, strict=True)
        }


def read(form: str, path: Path) -> Source:
    """Give the tasks of an export.

    Raises UsageError for a format that is not known or a path that is not there, and
    InvalidFile for one that holds no such export.
    """
    from annotate.decode import legal

    if form not in FORMATS:
        raise UsageError(f"format {legal(form, FORMATS)}", hint="Choose one of these")
    if not path.exists():
        raise UsageError(f"{path}: no such file or folder", hint="Name an export")
    return _READERS[form](path) if form in _READERS else _of_form(FORMS[form], path)


def _of_form(form: Form, path: Path) -> Source:
    files = form.files(path)
    content = {name: file.read_bytes() for name, file in files.items()}
    export = form.read(content, person=person(path))
    return Source(export=export, files=list(files.values()), names=list(files))


def _label_studio(path: Path) -> Source:
    if path.is_dir():
        raise InvalidFile(
            f"{path}: a folder, and an export is one file",
            hint="Name the JSON file that Label Studio exported",
        )
    export = label_studio_export.read(path.read_bytes(), place=path.name)
    return Source(export=export, files=[path])


def _polnear(folder: Path) -> Source:
    source = Source(export=Export())
    files = sorted(folder.rglob("attributions/*.ann")) if folder.is_dir() else []
    if not files:
        raise InvalidFile(
            f"{folder}: no folder with attributions/*.ann in it",
            hint="Name PolNeAR's data folder, or one of its compartments, such as data/train",
        )
    by_text: dict[Path, list[Submission]] = {}
    texts: dict[Path, str] = {}
    for file in files:
        place = file.relative_to(folder).as_posix()
        try:
            article, annotator = _named(file)
            text_file = file.parent.parent / "text" / f"{article}.txt"
            if text_file not in texts:
                texts[text_file] = _text(text_file)
                source.files.append(text_file)
            submission = polnear.submission(
                source.export,
                _text(file),
                text=texts[text_file],
                annotator=annotator,
                place=place,
            )
        except ValueError as error:
            source.export.refuse(place, str(error))
            continue
        source.files.append(file)
        by_text.setdefault(text_file, []).append(submission)
    source.export.tasks = [
        Task(
            place=file.relative_to(folder).as_posix(),
            data=dict(polnear.data(file.stem, texts[file])),
            submissions=tuple(submissions),
        )
        for file, submissions in by_text.items()
    ]
    return source


def _named(file: Path) -> tuple[str, str]:
    parts = polnear.parted(file.name)
    if parts is None:
        message = "its name does not end in an annotator: ARTICLE_ANNOTATOR.ann"
        raise ValueError(message)
    return parts


def _text(file: Path) -> str:
    """Give a file's text as it stands, line ends and all: offsets count each of them."""
    try:
        return file.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        message = f"its text {file.parent.name}/{file.name} is not there"
        raise ValueError(message) from error
    except UnicodeDecodeError as error:
        message = f"{file.name} is not UTF-8"
        raise ValueError(message) from error


_READERS: dict[str, Callable[[Path], Source]] = {
    "label-studio": _label_studio,
    "polnear": _polnear,
}
FORMATS = (*_READERS, *FORMS)
