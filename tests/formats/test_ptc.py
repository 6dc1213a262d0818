"""SemEval-2020 task 11: articles and labels, ours and as the task published its own."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.formats import ptc
from annotate.formats.labelled import Labelled, LabelledSpan

KNOWN = ptc.techniques(taxonomy.load())
TEXT = "🛳️ Quay shut\n\nThe shameful mess of the traitors.\n"


def span(words: str, marker: str) -> LabelledSpan:
    start = TEXT.index(words)
    return LabelledSpan(start=start, end=start + len(words), marker=marker)


def test_only_exact_and_narrower_techniques_are_exported() -> None:
    """What is merely related would say something else."""
    assert KNOWN == {
        "contentious_label": "Name_Calling,Labeling",
        "loaded_language": "Loaded_Language",
    }


def test_both_tasks_have_the_same_spans(grown: Any) -> None:
    """The first without technique, overlapping ones as one; ids are numbers."""
    spans = (
        span("shameful mess", "loaded_language"),
        span("mess of the traitors", "contentious_label"),
        span("traitors", "unnamed_source"),
    )
    item = Labelled(doc_id="d-00000000000000ff", text=TEXT, spans=spans)
    losses = ptc.write([item], name="dev", known=KNOWN, put=grown.put)
    start = TEXT.index("shameful")
    assert grown.files == {
        "dev-articles/article255.txt": TEXT.encode(),
        "dev-task1-SI.labels": f"255\t{start}\t{start + 29}\n".encode(),
        "dev-task2-TC.labels": (
            f"255\tLoaded_Language\t{start}\t{start + 13}\n"
            f"255\tName_Calling,Labeling\t{start + 9}\t{start + 29}\n"
        ).encode(),
    }
    (lost,) = losses.report()
    assert (lost.what, lost.count) == ("span of unnamed_source, which is no technique", 1)


def files(**labels: str) -> dict[str, bytes]:
    articles = {f"articles/article{number}.txt": TEXT.encode() for number in (7, 8)}
    return articles | {f"{name}.labels": text.encode() for name, text in labels.items()}


def test_an_article_without_labels_is_one_with_nothing_marked() -> None:
    """If there are any labels at all; the same label in two files counts once."""
    export = ptc.read(files(a="7\tDoubt\t0\t4\n", b="7\tDoubt\t0\t4\n"), person="x")
    seven, eight = export.tasks
    assert [(it.label, it.start, it.end) for it in seven.submissions[0].regions] == [
        ("Doubt", 0, 4)
    ]
    assert eight.submissions[0].regions == ()
    assert all(task.submissions == () for task in ptc.read(files(), person="x").tasks)


def test_spans_alone_are_read_where_there_are_no_techniques() -> None:
    """The first task has no names for them."""
    export = ptc.read(files(si="7\t0\t4\n"), person="x")
    assert [it.label for it in export.tasks[0].submissions[0].regions] == [ptc.UNNAMED]
    both = ptc.read(files(si="7\t0\t4\n", tc="7\tDoubt\t0\t4\n"), person="x")
    assert [it.label for it in both.tasks[0].submissions[0].regions] == ["Doubt"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9\tDoubt\t0\t4", "article9.txt is not there"),
        ("7 Doubt 0 4", "no article, technique, begin and end"),
        ("7\tDoubt\t0\t-4", "no article, technique"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(row: str, reason: str) -> None:
    """With its number; the others are read."""
    export = ptc.read(files(tc=f"\n{row}\n7\tDoubt\t0\t4\n"), person="x")
    (reject,) = export.rejects
    assert (reject.place, reason in reject.reason) == ("tc.labels:2", True)
    assert len(export.tasks[0].submissions[0].regions) == 1


@given(st.text(st.sampled_from("789\t\n\u0665a-"), max_size=40))
def test_any_labels_are_read_or_refused(rows: str) -> None:
    """No row of any file raises."""
    ptc.read(files(tc=rows), person="x")
