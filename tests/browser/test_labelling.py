"""The whole way through a real browser: suggestions shown, spans dragged, work pulled."""

from collections.abc import Callable
from typing import Any

import pytest

from annotate.model import Annotation, Range, Suggestion, document_id, suggestion_id
from annotate.pipeline.pull import pull
from annotate.pipeline.push import push

pytestmark = [pytest.mark.studio, pytest.mark.browser]

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
FLAG, CAFE = "\U0001f1f3\U0001f1f1", "cafe\u0301\u0323"
TEXT = (
    f"Fees to rise in Tarn\n\n{FAMILY} and {FLAG} met; the {CAFE} was full. "
    "A clerk in the town hall said so.\n“Nobody asked us,” the clerk added. "
    "Critics say the mayor knows better. Residents disagreed."
)


def proposed(words: str, marker: str, **fields: Any) -> Suggestion:
    start = TEXT.index(words)
    place: dict[str, Any] = {
        "doc_id": document_id(TEXT),
        "start": start,
        "end": start + len(words),
        "marker": marker,
        "suggester": "rules@1",
        "rule": "test",
    }
    return Suggestion(suggestion_id=suggestion_id(**place), score=0.75, **place, **fields)


def at_work(team: Any, window: Any, name: str, url: str) -> Any:
    """Give the person's window with the label stream open."""
    account = team.accounts[name]
    window.log_in(account.email, account.password)
    window.open(url)
    return window


def test_two_people_mark_and_it_comes_back_exact(team: Any, annotator: Callable[[], Any]) -> None:
    """Suggestions stand in their place; dragged spans come back to the character."""
    clerk = proposed("A clerk in the town hall", "unnamed_source", attributes={"specificity": "2"})
    critics = proposed("Critics", "vague_collective_source")
    team.add(TEXT, condition="assisted", people=("ana", "ben"), suggestions=(clerk, critics))
    urls = {item.annotator: item.url for item in push(team.workspace).projects}
    ana = at_work(team, annotator(), "ana", urls["ana"])
    assert ana.highlighted() == ["A clerk in the town hall", "Critics"]
    ana.mark(FLAG, "3", "shift+k")
    ana.mark("the clerk", "1", "0", "f", "q")
    ana.mark(CAFE, "2", "p")
    ana.submit()
    ben = at_work(team, annotator(), "ben", urls["ben"])
    assert ben.highlighted() == ["A clerk in the town hall", "Critics"]
    ben.mark(FAMILY, "2")
    ben.mark("Residents", "2")
    ben.submit()
    result = pull(team.workspace)
    assert (result.annotations, result.rejects) == (2, ())
    rows = {item.annotator: item for item in team.workspace.rows(Annotation)}
    spans = {TEXT[item.start : item.end]: item for item in rows["ana"].spans}
    assert list(spans) == [FLAG, CAFE, "A clerk in the town hall", "the clerk", "Critics"]
    assert spans[FLAG].attributes == {"form": "spokesperson"}
    assert spans[CAFE].confidence == 2
    assert spans["Critics"].origin == "prediction"
    assert spans["Critics"].suggestion_id == critics.suggestion_id
    again = spans["the clerk"]
    assert (again.origin, again.voice) == ("manual", "quoted_source")
    assert again.referent == Range(start=clerk.start, end=clerk.end)
    assert again.attributes["identity_form"] == "anaphor"
    assert again.judgement == spans["A clerk in the town hall"].judgement
    assert rows["ana"].shown == (clerk.suggestion_id, critics.suggestion_id)
    theirs = [TEXT[item.start : item.end] for item in rows["ben"].spans]
    assert theirs == [FAMILY, "A clerk in the town hall", "Critics", "Residents"]
    assert all(0 < (item.lead_time_s or 0) < 120 for item in rows.values())


def test_nothing_to_mark_and_skipped(team: Any, annotator: Callable[[], Any]) -> None:
    """Submitting without a span is an explicit empty annotation; skipping is none."""
    first, second = team.add(TEXT, "The council of Tarn met on Monday and went home early.")
    (project,) = push(team.workspace).projects
    ana = at_work(team, annotator(), "ana", project.url)
    assert ana.highlighted() == []
    ana.submit()
    ana.skip()
    result = pull(team.workspace)
    rows = {item.doc_id: item for item in team.workspace.rows(Annotation)}
    assert (result.annotations, result.empty, result.skipped) == (2, 1, 1)
    assert (rows[first.doc_id].skipped, rows[first.doc_id].spans) == (False, ())
    assert rows[second.doc_id].skipped


def test_a_changed_and_a_deleted_suggestion(team: Any, annotator: Callable[[], Any]) -> None:
    """Relabelling drops the old answers; a deleted suggestion was shown and is no span."""
    clerk = proposed("A clerk in the town hall", "unnamed_source")
    critics = proposed("Critics", "vague_collective_source")
    team.add(TEXT, condition="assisted", suggestions=(clerk, critics))
    (project,) = push(team.workspace).projects
    ana = at_work(team, annotator(), "ana", project.url)
    ana.page.locator(".htx-highlight", has_text="A clerk").click()
    ana.page.keyboard.press("3")
    ana.page.keyboard.press("Escape")
    ana.page.locator(".htx-highlight", has_text="Critics").click()
    ana.page.keyboard.press("Backspace")
    ana.submit()
    pull(team.workspace)
    (annotation,) = team.workspace.rows(Annotation)
    (span,) = annotation.spans
    assert (span.marker, span.attributes) == ("named_attribution", {})
    assert (span.origin, span.suggestion_id) == ("prediction-changed", clerk.suggestion_id)
    assert set(annotation.shown) == {clerk.suggestion_id, critics.suggestion_id}


def test_a_relation_drawn_in_the_page(team: Any, annotator: Callable[[], Any]) -> None:
    """Alt+R and a click connect a later mention with the first, over one in between."""
    text = "A guard spoke first. A cook agreed. Then the guard left the mill."
    team.add(text)
    (project,) = push(team.workspace).projects
    ana = at_work(team, annotator(), "ana", project.url)
    ana.mark("A guard", "1", "0", "d")
    ana.mark("A cook", "1", "0", "d", "h")
    ana.mark("the guard", "1", "0", "f")
    ana.page.keyboard.press("Alt+r")
    ana.page.locator(".htx-highlight", has_text="A guard").click()
    ana.submit()
    assert pull(team.workspace).rejects == ()
    (annotation,) = team.workspace.rows(Annotation)
    first, cook, again = annotation.spans
    assert text[again.start : again.end] == "the guard"
    assert again.referent == Range(start=first.start, end=first.end)
    assert cook.attributes["basis_of_knowledge"] == "documents"
    assert again.attributes == first.attributes | {"identity_form": "anaphor"}
