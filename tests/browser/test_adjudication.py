"""An adjudicator in a real browser: what is contested, decided in a dozen actions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from annotate.formats.label_studio import annotation_payload
from annotate.model import Span, Verdict
from annotate.pipeline.pull import pull
from annotate.pipeline.push import push
from annotate.pipeline.push_dockets import push_dockets

pytestmark = [pytest.mark.studio, pytest.mark.browser]

MOST = 12
SUBMIT = "[data-testid=bottombar-submit-button]"
DEMANDED = "This contested span has no verdict yet"
CRITICS, NEIGHBOURS, OBSERVERS = "Critics", "Some neighbours", "observers in"
MAYOR, RESIDENTS, DRIVERS = "a former mayor", "Residents", "Two drivers"
TEXT = (
    "👨‍👩‍👧‍👦 The mill of Tarn closes. Insiders agree. Critics say the fees will rise.\n"
    "Some neighbours moved away, observers in the town noted, and a former mayor wrote a letter. "
    "Residents stayed. Two drivers parked at the bridge."
)
LISTED = """() => [...document.querySelectorAll(".lsf-outliner-item")].map(item =>
  item.innerText + " " + [...item.querySelectorAll("textarea, input")].map(x => x.value).join(" "))
"""


def on(words: str, marker: str = "vague_collective_source") -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words), marker=marker)


@dataclass(kw_only=True)
class Counted:
    """A person's window in which every key, click and drag counts as one action."""

    window: Any
    actions: int = 0

    def press(self, key: str) -> None:
        """Press a key, with its modifiers."""
        self.actions += 1
        self.window.page.keyboard.press(key)
        self.window.page.wait_for_timeout(150)

    def drag_end(self, words: str) -> None:
        """Drag the end of the selected span to the end of these words."""
        self.actions += 1
        self.window.drag_end(words)

    def submit(self) -> None:
        """Click on Submit and wait for the server to have it."""
        self.actions += 1
        self.window.submit()


@pytest.fixture
def docket(team: Any) -> Any:
    """Give a team with dana, who adjudicates six contested spans and sees one agreed."""
    config = team.workspace.path("annotate.toml")
    config.write_text(config.read_text().replace('# adjudicator = "dana"', 'adjudicator = "dana"'))
    accounts = {**team.accounts, **team.studio.sign_up("dana")}
    team.add(TEXT, people=("ana", "ben"))
    push(team.reopened())
    both = on("Insiders")
    marked = {
        "ana": [both, on(CRITICS), on(OBSERVERS), on(RESIDENTS)],
        "ben": [both, on(NEIGHBOURS), on(MAYOR), on(DRIVERS)],
    }
    for name, spans in marked.items():
        (task,) = team.tasks(name)
        team.submit(name, task["id"], **annotation_payload(spans, text=TEXT))
    pull(team.reopened())
    return replace(team, workspace=team.reopened(), accounts=accounts)


def at_work(team: Any, window: Any) -> Counted:
    """Give dana's window with the address open that the push named, as a new user has it."""
    url, account = push_dockets(team.reopened()).url, team.accounts["dana"]
    window.log_in(account.email, account.password)
    window.page.goto(url)
    window.page.wait_for_selector(".lsf-htx-richtext")
    window.page.wait_for_selector(".lsf-modal-ls_visible")
    return Counted(window=window)


def found(team: Any) -> dict[str, Any]:
    """Pull, and give the verdicts by the words where they stand."""
    result = pull(team.reopened())
    assert result.verdicts is not None
    assert result.verdicts.rejects == ()
    rows = team.workspace.rows(Verdict)
    return {TEXT[it.start : it.end]: (it.outcome, it.spans) for it in rows}


def test_six_contested_spans_in_twelve_actions(docket: Any, annotator: Callable[[], Any]) -> None:
    """Three accepted, one moved, one relabelled, one rejected: verdicts come back exactly so."""
    dana = at_work(docket, annotator())
    dana.press("Escape")
    listed = dana.window.page.evaluate(LISTED)
    contested = [CRITICS, NEIGHBOURS, OBSERVERS, MAYOR, RESIDENTS, DRIVERS]
    for words, shown in zip([*contested, "Insiders"], listed, strict=True):
        assert words in shown
        assert ("1 of 2 · missed" if words in contested else "2 of 2") in shown
    dana.press("Alt+.")
    dana.press("Alt+.")
    dana.press("Alt+.")
    dana.drag_end("observers in the town")
    dana.press("Alt+.")
    dana.press("3")
    dana.press("Alt+.")
    dana.press("Alt+.")
    dana.press("Shift+X")
    dana.submit()
    assert dana.actions <= MOST
    assert found(docket) == {
        CRITICS: ("accepted", (on(CRITICS),)),
        NEIGHBOURS: ("accepted", (on(NEIGHBOURS),)),
        OBSERVERS: ("modified", (on("observers in the town"),)),
        MAYOR: ("modified", (on(MAYOR, "named_attribution"),)),
        RESIDENTS: ("accepted", (on(RESIDENTS),)),
        DRIVERS: ("rejected", ()),
    }


def test_no_verdict_is_forgotten_and_none_taken_back(
    docket: Any, annotator: Callable[[], Any]
) -> None:
    """A span without a verdict stops the submit; going by again keeps what was said against it."""
    dana = at_work(docket, annotator())
    page = dana.window.page
    dana.press("Escape")
    page.locator(".htx-highlight", has_text=RESIDENTS).click()
    dana.press("Backspace")
    for _ in range(2):
        dana.press("Alt+.")
    dana.press("Shift+M")
    dana.press("Alt+Shift+A")
    page.click(SUBMIT)
    page.wait_for_selector(f"text={DEMANDED}")
    dana.press("Escape")
    for _ in range(8):
        dana.press("Alt+.")
    dana.window.mark("the bridge", "4", "0")
    dana.submit()
    rows = found(docket)
    assert rows[NEIGHBOURS] == ("ambiguous", ())
    assert rows[RESIDENTS] == ("rejected", ())
    assert rows["the bridge"] == ("accepted", (on("the bridge", "agentless_attribution"),))
    assert {rows[it][0] for it in (CRITICS, OBSERVERS, MAYOR, DRIVERS)} == {"accepted"}
    reasons = {TEXT[it.start : it.end]: it.reason for it in docket.workspace.rows(Verdict)}
    assert reasons[NEIGHBOURS] == "genuine_ambiguity"
    assert reasons["the bridge"] == "missed"
