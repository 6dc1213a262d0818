"""The handbook and the panel say everything the taxonomy says, and nothing runs in them."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.report.guide import key_label, panel, parts, render_guide
from annotate.taxonomy import Taxonomy


@pytest.fixture(scope="module")
def markers() -> Taxonomy:
    return taxonomy.load()


class Page(HTMLParser):
    """Collects what a page holds: its text, its marked spans, tags, ids and links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self.chunks: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given[name] or "" for name in ("href", "src") if name in given]
        if tag == "mark":
            self.marked.append("")

    def handle_data(self, data: str) -> None:
        self.chunks.append(data)
        if self.tags[-1:] == ["mark"] and self.marked[-1] == "":
            self.marked[-1] = data

    @property
    def text(self) -> str:
        return " ".join("".join(self.chunks).split())


def bare(text: str) -> str:
    return text.replace("[[", "").replace("]]", "")


def test_same_taxonomy_gives_the_same_bytes(markers: Taxonomy) -> None:
    """Rendering twice gives the same pages."""
    assert render_guide(markers) == render_guide(markers)
    assert panel(markers) == panel(markers)


def test_html_says_everything(markers: Taxonomy) -> None:
    """Every text that annotators need stands in the HTML page."""
    text = Page(render_guide(markers).html).text
    for line in everything(markers):
        assert bare(line) in text


def test_markdown_says_everything(markers: Taxonomy) -> None:
    """Every text that annotators need stands in the Markdown page, spans in bold."""
    page = " ".join(render_guide(markers).markdown.split())
    for line in everything(markers):
        assert line.replace("[[", "**").replace("]]", "**") in page


def everything(markers: Taxonomy) -> list[str]:
    frame = markers.frame
    lines = [*frame.principles, *frame.boundaries, *frame.hard_cases]
    for marker in markers.markers:
        lines += [marker.title, marker.definition, marker.span.rule]
        lines += [*marker.decision_rule, *marker.hard_negatives]
        lines += [text for item in marker.examples for text in (item.text, item.why or "")]
        lines += [text for item in marker.counter_examples for text in (item.text, item.why)]
        for attribute in marker.attributes:
            lines += [attribute.question, *(value.meaning for value in attribute.values)]
    for derivation in markers.derivations:
        lines += [derivation.otherwise, *derivation.judgements.values()]
    return lines


def test_spans_of_examples_are_highlighted(markers: Taxonomy) -> None:
    """The page highlights exactly the bracketed spans, in order."""
    expected = [
        part.text
        for marker in markers.markers
        for item in marker.examples
        for part in parts(item.text)
        if part.marked
    ]
    assert Page(render_guide(markers).html).marked == expected


def test_page_is_self_contained(markers: Taxonomy) -> None:
    """No script, no font and no file from outside; every link leads to a place in the page."""
    page = render_guide(markers).html
    seen = Page(page)
    assert not {"script", "link", "img", "iframe"} & set(seen.tags)
    assert not re.search(r"url\(|@import|https?://|\son\w+=", page)
    assert len(seen.ids) == len(set(seen.ids))
    assert {link.removeprefix("#") for link in seen.links} <= set(seen.ids)


def test_taxonomy_text_is_escaped(markers: Taxonomy) -> None:
    """Markup in a marker file is shown, not run."""
    nasty = markers.markers[0].replace(definition="<script>alert('x')</script> | *a*")
    changed = markers.replace(markers=(nasty,))
    for page in (render_guide(changed).html, panel(changed)):
        assert "<script>" not in page
        assert "<script>alert('x')</script>" in unescape(page)
    assert r"\<script\>alert('x')\</script\> \| \*a\*" in render_guide(changed).markdown


def test_keys_are_shown(markers: Taxonomy) -> None:
    """The page shows each marker's key, and the key of all defaults beside each default."""
    page = render_guide(markers).html
    for marker in markers.markers:
        assert f"{marker.title} <kbd>{key_label(marker.hotkey)}</kbd>" in page
    defaults = [item for item in markers.marker("unnamed_source").attributes if item.default]
    assert page.count("<kbd>0</kbd></td>") == len(defaults) == 7


def test_subset_leaves_the_rest_out(markers: Taxonomy) -> None:
    """A guide for fewer markers has no section of the others, and no derivation without its own."""
    page = Page(render_guide(markers.select(("named_attribution",))).html)
    assert "named_attribution" in page.ids
    assert "unnamed_source" not in page.ids
    assert "derivations" not in page.ids


def test_panel_is_compact(markers: Taxonomy) -> None:
    """The panel has definition, span rule and key of each marker within a few kilobytes."""
    page = panel(markers.tier(1))
    text = Page(page).text
    for marker in markers.tier(1).markers:
        assert marker.definition in text
        assert marker.span.rule in text
        assert f"{marker.title} {marker.hotkey}" in text
    assert len(page.encode()) < 6_000


@pytest.mark.parametrize(
    ("hotkey", "label"), [(None, "—"), ("1", "1"), ("a", "a"), ("shift+a", "Shift+A")]
)
def test_key_label(hotkey: str | None, label: str) -> None:
    """A key is written as it is read on the keyboard."""
    assert key_label(hotkey) == label


@given(st.lists(st.tuples(st.text("ab é😀\n", min_size=1), st.booleans())))
def test_parts_lose_nothing(pieces: list[tuple[str, bool]]) -> None:
    """The parts of a bracketed text join to the text without brackets; marks are kept."""
    text = "".join(f"[[{piece}]]" if marked else piece for piece, marked in pieces)
    found = parts(text)
    assert "".join(part.text for part in found) == bare(text)
    assert [part.text for part in found if part.marked] == [
        piece for piece, marked in pieces if marked
    ]
