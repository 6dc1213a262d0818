"""An annotator at the labelling page: logs in, drags over text, presses keys, submits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

TEXT = ".lsf-htx-richtext"
INSTRUCTIONS = ".lsf-modal-ls_visible"
SUBMIT = "[data-testid=bottombar-submit-button]"
SKIP = "[data-testid=bottombar-skip-button]"
# "Select region after creating it" lives in the browser alone; people switch it on once.
SETTINGS = """() => {
  const name = "labelStudio:settings";
  const found = JSON.parse(localStorage.getItem(name) || "{}");
  localStorage.setItem(name, JSON.stringify({...found, selectAfterCreate: true}));
}"""
PLACE = """words => {
  const root = document.querySelector(".lsf-htx-richtext");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) {
    nodes.push([walker.currentNode, text.length]);
    text += walker.currentNode.data;
  }
  const start = text.indexOf(words);
  if (start < 0) return null;
  const at = offset => {
    const [node, from] = nodes.filter(([_, first]) => first <= offset).at(-1);
    return [node, offset - from];
  };
  const range = document.createRange();
  range.setStart(...at(start));
  const [last, behind] = at(start + words.length - 1);
  range.setEnd(last, behind + 1);
  range.startContainer.parentElement.scrollIntoView({block: "center"});
  const boxes = [...range.getClientRects()].filter(box => box.width > 0);
  const [first, end] = [boxes[0], boxes.at(-1)];
  return [first.left, first.top + first.height / 2, end.right, end.top + end.height / 2];
}"""
HANDLE = """() => {
  const end = document.querySelector(".htx-highlight area.__resize_right");
  const box = end.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}"""
# The page wraps each region's text in elements of its own, cut where regions overlap.
HIGHLIGHTED = """() => {
  const found = [];
  let open = false;
  const all = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const root = document.querySelector(".lsf-htx-richtext");
  const walker = document.createTreeWalker(root, all);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const line = node.nodeName === "BR";
    if (node.nodeType !== Node.TEXT_NODE && !line) continue;
    const text = line ? "\\n" : node.textContent.replaceAll("\\u200b", "");
    if (!text) continue;
    const inside = node.parentElement.closest(".htx-highlight") !== null;
    if (inside && open) found[found.length - 1] += text;
    if (inside && !open) found.push(text);
    open = inside;
  }
  return found;
}"""


@dataclass(frozen=True, kw_only=True)
class Annotator:
    """One person's browser window."""

    page: Any
    base_url: str

    def log_in(self, email: str, password: str) -> None:
        """Log in through the form, as people do."""
        self.page.goto(f"{self.base_url}/user/login/")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("[type=submit]")
        self.page.wait_for_url(f"{self.base_url}/**", wait_until="load")
        self.page.evaluate(SETTINGS)

    def open(self, url: str) -> None:
        """Open the label stream and put the instructions away."""
        self.page.goto(url)
        self.page.wait_for_selector(TEXT)
        self.page.wait_for_selector(INSTRUCTIONS)
        self.page.keyboard.press("Escape")
        self.page.wait_for_selector(INSTRUCTIONS, state="hidden")
        self.page.wait_for_selector(SUBMIT)

    def mark(self, words: str, *keys: str) -> None:
        """Choose a label by its key, drag over the words, answer by further keys."""
        self.page.keyboard.press("Escape")
        before = self.page.locator(".htx-highlight").count()
        for _ in range(2):
            self.page.keyboard.press(keys[0])
            left, top, right, bottom = self.page.evaluate(PLACE, words)
            self.page.mouse.move(left + 1, top)
            self.page.mouse.down()
            self.page.mouse.move((left + right) / 2, bottom, steps=4)
            self.page.mouse.move(right - 0.5, bottom, steps=4)
            self.page.mouse.up()
            self.page.wait_for_timeout(150)
            if self.page.locator(".htx-highlight").count() > before:
                break
        for key in keys[1:]:
            self.page.keyboard.press(key.replace("shift+", "Shift+"))
            self.page.wait_for_timeout(60)

    def drag_end(self, words: str) -> None:
        """Drag the end of the selected span to the end of these words."""
        _, _, right, bottom = self.page.evaluate(PLACE, words)
        self.page.mouse.move(*self.page.evaluate(HANDLE))
        self.page.mouse.down()
        self.page.mouse.move(right - 2, bottom, steps=4)
        self.page.mouse.move(right - 0.5, bottom, steps=4)
        self.page.mouse.up()
        self.page.wait_for_timeout(150)

    def highlighted(self) -> list[str]:
        """Give the stretches of text that stand highlighted, what overlaps or touches as one."""
        stretches: list[str] = self.page.evaluate(HIGHLIGHTED)
        return stretches

    def submit(self) -> None:
        """Submit and wait for the server to have it."""
        self._send(SUBMIT)

    def skip(self) -> None:
        """Skip the task and wait for the server to have it."""
        self._send(SKIP)

    def _send(self, button: str) -> None:
        with self.page.expect_response(
            lambda answer: "/annotations" in answer.url and answer.request.method == "POST"
        ):
            self.page.click(button)
        self.page.wait_for_timeout(500)


@pytest.fixture
def annotator(chromium: Any, label_studio: Any) -> Iterator[Callable[[], Annotator]]:
    """Give a maker of browser windows, each with a session of its own."""
    contexts = []

    def window() -> Annotator:
        context = chromium.new_context(viewport={"width": 1400, "height": 1000})
        contexts.append(context)
        return Annotator(page=context.new_page(), base_url=label_studio.base_url)

    yield window
    for context in contexts:
        context.close()
