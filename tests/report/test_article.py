"""An article as a page of its own."""

from hypothesis import given
from hypothesis import strategies as st

from annotate import taxonomy
from annotate.model import Suggestion, Zone
from annotate.report.article import Explained, ExplainedArticle, pieces, render_articles

MARKERS = taxonomy.load().tier(1)
TEXT = "Fees 👩‍👩‍👧 rise. <script>alert(1)</script> A source said so. Share this."


def article(text: str, *ranges: tuple[int, int, str]) -> ExplainedArticle:
    spans = tuple(
        Explained(
            suggestion=Suggestion(
                start=start, end=end, marker=marker, suggestion_id=f"s{number}", doc_id="d-1",
                score=0.5, suggester="rules@1", rule="test",
            ),
            words=text[start:end],
        )
        for number, (start, end, marker) in enumerate(ranges)
    )  # fmt: skip
    waste = Zone(doc_id="d-1", start=len(text) - 1, end=len(text), zone="boilerplate")
    return ExplainedArticle(source="a.txt", title=None, text=text, zones=(waste,), spans=spans)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(TEXT) - 2),
            st.integers(1, 20),
            st.sampled_from(MARKERS.names),
        ),
        max_size=6,
    )
)
def test_pieces_are_the_text_and_know_their_markers(found: list[tuple[int, int, str]]) -> None:
    """Cut at every edge, overlapping or not, nothing is lost, and each span ends once."""
    ranges = [(start, min(start + length, len(TEXT)), name) for start, length, name in found]
    cut = list(pieces(article(TEXT, *ranges)))
    assert "".join(piece.words for piece in cut) == TEXT
    assert sorted(number for piece in cut for number in piece.ending) == list(
        range(1, len(ranges) + 1)
    )
    at = 0
    for piece in cut:
        inside = [name for start, end, name in ranges if start <= at < end]
        assert list(piece.markers) == inside
        at += len(piece.words)


def test_a_hostile_article_stays_text() -> None:
    """Markup in an article is shown and never runs; nothing comes from outside."""
    start = TEXT.index("<script>")
    page = render_articles([article(TEXT, (start, start + 8, "unnamed_source"))], MARKERS)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http" not in page
    assert page == render_articles([article(TEXT, (start, start + 8, "unnamed_source"))], MARKERS)
