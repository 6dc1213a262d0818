"""Head and foot lines that a publisher repeats."""

from annotate.ingest.article import Article
from annotate.ingest.canonical import canonicalise
from annotate.ingest.repeated import Learned, Learner
from annotate.ingest.zones import find_zones

_NEWS = frozenset({"Valley News"})


def _story(number: int) -> str:
    opening = f"Keeper{number} walked to the weir. "
    return opening + " ".join(f"He saw gate{number} open, said hand{number}." for _ in range(12))


def _learned(texts: list[str]) -> Learned:
    learner = Learner()
    for text in texts:
        learner.add(text, _NEWS)
    return learner.learned()


def _kinds(text: str, learned: Learned, publisher: str = "Valley News") -> list[tuple[str, str]]:
    document = canonicalise(Article(body=text, source="a"))
    zones = find_zones(document, learned.of(publisher))
    return [(zone.zone, text[zone.start : zone.end].strip()) for zone in zones]


def test_repeated_lines_become_boilerplate_for_their_publisher_only() -> None:
    """A head or foot line of most documents is boilerplate there, and body elsewhere."""
    head, foot = "The valley wakes with us.", "Ring the desk with what you saw."
    texts = [f"{head}\n{_story(number)}\n{foot}" for number in range(6)]
    learned = _learned(texts)
    assert _kinds(texts[0], learned) == [
        ("boilerplate", head),
        ("body", _story(0)),
        ("boilerplate", foot),
    ]
    assert _kinds(texts[0], learned, "Hill Post") == [("body", texts[0])]


def test_dates_in_repeated_lines_may_differ() -> None:
    """Days, months and years do not tell lines apart."""
    days = ["Monday 2 March", "Friday 13 November", "Sunday 4 May", "Tuesday 28 April"]
    texts = [f"Seen on {day} at the weir.\n{_story(at)}" for at, day in enumerate(days)]
    assert _kinds(texts[1], _learned(texts))[0] == (
        "boilerplate",
        f"Seen on {days[1]} at the weir.",
    )


def test_two_documents_or_a_small_share_teach_nothing() -> None:
    """A line must recur in at least 3 documents and in a fifth of the publisher's."""
    foot = "Ring the desk with what you saw."
    twice = [f"{_story(number)}\n{foot}" for number in range(2)]
    assert _kinds(twice[0], _learned([*twice, _story(3), _story(4)])) == [("body", twice[0])]
    thrice = [f"{_story(number)}\n{foot}" for number in range(3)]
    rare = _learned([*thrice, *(_story(number) for number in range(10, 30))])
    assert _kinds(thrice[0], rare) == [("body", thrice[0])]


def test_repeated_words_at_the_end_of_one_paragraph_are_cut_off() -> None:
    """A footer glued to the only paragraph is boilerplate, from its first repeated word."""
    foot = "Valley News Home Contact Desk Terms Of Use"
    texts = [f"{_story(number)} {foot}" for number in range(5)]
    assert _kinds(texts[2], _learned(texts)) == [("body", _story(2)), ("boilerplate", foot)]


def test_repeated_dates_at_the_head_of_one_paragraph_are_cut_off() -> None:
    """A date line glued to the paragraph is boilerplate; the number that follows is not."""
    heads = ["Published March 2 2026", "Published May 30 2026", "Published July 4 2025"]
    texts = [f"{head} {at + 4} gates opened. {_story(at)}" for at, head in enumerate(heads)]
    assert [_kinds(text, _learned(texts))[0] for text in texts] == [
        ("boilerplate", head) for head in heads
    ]


def test_repeated_prose_in_one_paragraph_stays_body() -> None:
    """A closing sentence that several reports share reads like prose and is not cut."""
    closing = "More than forty people have moved away since the first flood hit the lower town."
    texts = [f"{_story(number)} {closing}" for number in range(5)]
    assert [kind for kind, _ in _kinds(texts[0], _learned(texts))] == ["body"]
