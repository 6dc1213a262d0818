"""Which mentions speak of the same source: anaphors, and names that stand for a person."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from annotate.model import Range
from annotate.suggest.elsewhere import elsewhere
from annotate.suggest.expression import Expression
from annotate.suggest.mention import Mention
from annotate.suggest.page import Page
from annotate.suggest.sights import Sights

SOURCE = "unnamed_source"
_SPEAKERS = (SOURCE, "named_attribution", "vague_collective_source")
_FORM = "identity_form"
_PRONOUN = re.compile(r"(?<!\w)(?:he|she|they|his|her|their|i|we|my|our)(?!\w)", re.IGNORECASE)
_TIE = re.compile(
    r"(?<!\w)(?:he|she|they|him|her|them|his|hers|their|i|we|me|us|my|our|mine|one of"
    r"|both(?! sides| parties)|the (?:wo)?man"
    r"|(?:seen|viewed|reviewed|obtained|examined|heard|read) by)(?!\w)"
    r"|(?:newspaper|reporters?|magazine|website)(?!\w)",
    re.IGNORECASE,
)
_ELSE = re.compile(
    "(?:^|[,\"\u201d\u2019]\\s*)(?:the|his|her|their) (?:[\\w'\u2019-]+ ){0,2}([\\w'\u2019-]+) "
    "(?:said|says|told|insisted)(?!\\w)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    "[\\s\"'\u201c\u2018\u00ab]*(?:he|she|they|i|we|his|her|my|our|the \\d+-year-old"
    "|both(?! sides| parties)|all (?:two|three|four|five|six|of them)|each of them|none of them"
    "|neither of them)(?!\\w)",
    re.IGNORECASE,
)
_QUOTES = '"\u201c\u00ab'
_ANYBODY = ("man", "woman", "source", "person")
_TAIL = re.compile(
    r",| (?:aboard|at|based|briefed|by|close|employed|familiar|for|formerly|from|in|inside"
    r"|involved|living|near|of|on|posted|to|who|whose|with|working) "
)
_AHEAD = 6
_NAME = re.compile("[^\\W\\d_][\\w'\u2019-]*(?: (?=[^\\W\\d_a-z]|al-|el-)[\\w'\u2019-]+)*")


def link(mentions: Sequence[Mention], sights: Sights, speech: Expression) -> list[Mention]:
    """Give the mentions, sorted, with anaphors and pseudonyms tied to their first mention.

    An anaphor belongs to the nearest unnamed source before it; one without any stands
    for itself. Where a pseudonym or protected first name speaks again, that is a
    mention of its own, in place of a named attribution there.
    """
    page = sights.page
    again = _again(mentions, sights, speech)
    found = [item for item in again if not any(map(item.overlaps, _pseudonyms(mentions)))]
    kept = [item for item in mentions if not any(map(item.overlaps, found))]
    ordered = sorted([*kept, *found], key=lambda m: (m.start, m.end, m.marker))
    return list(_anchored(ordered, page.text))


def _pseudonyms(mentions: Iterable[Mention]) -> list[Mention]:
    return [item for item in mentions if item.attributes.get(_FORM) == "pseudonym"]


def surround(mentions: Sequence[Mention], page: Page) -> None:
    """Tell each source which sentences may speak of it: up to where somebody else speaks."""
    speakers: dict[int, set[Range]] = {}
    for mention in mentions:
        if mention.marker in _SPEAKERS:
            speakers.setdefault(mention.sentence, set()).add(mention.referent or _range(mention))
    for mention in mentions:
        if mention.marker == SOURCE:
            own = mention.referent or _range(mention)
            others = {number for number, said in speakers.items() if own not in said}
            again = _again_named(mention, page.text)
            around = tuple(_around(mention, others, page, again))
            beside = sorted({*around, *page.near(mention.sentence)})
            mention.elsewhere = tuple(elsewhere(beside, mention.sentence, page, again))
            mention.around = tuple(at for at in around if at not in mention.elsewhere)
            mention.about = tuple(_about(mention, page, again))
            mention.again = tuple(_named_again(mention, page, again))


def _about(mention: Mention, page: Page, again: re.Pattern[str]) -> Iterator[int]:
    """Give its own sentence, and those beside it that a pronoun or its name ties to it.

    Where "the mayor said" stands, "I" is the mayor, also in a quotation that goes on.
    """
    told_by_another = False
    for number in mention.around:
        here = page.sentences[number]
        told_here = number == mention.sentence
        start = mention.end if told_here else here.start
        own = again.search(page.text, start, here.end)
        teller = _ELSE.search(page.text[start : here.end])
        if teller and not own and teller[1].lower() not in _ANYBODY:
            told_by_another = True
        elif told_here or page.text[start] not in _QUOTES:
            told_by_another = False
        tied = own or _TIE.search(page.text, start, here.end)
        if told_here or (tied and not told_by_another):
            yield number


def _around(
    mention: Mention, others: Container[int], page: Page, again: re.Pattern[str]
) -> Iterator[int]:
    """Beyond what is near, a sentence must hold a pronoun; one that opens with it goes on.

    So does one that names it again by its head or its name.
    """
    number = mention.sentence
    near = page.near(number)
    if number - 1 in near and number - 1 not in others:
        yield number - 1
    yield number
    for after in range(number + 1, min(number + _AHEAD, page.document(number).stop)):
        here = page.sentences[after]
        goes_on = _GOES_ON.match(page.text, here.start, here.end) or again.search(
            page.text, here.start, here.end
        )
        if (after in others and not goes_on) or here.title != page.sentences[number].title:
            return
        if (
            after not in near
            and not goes_on
            and not _PRONOUN.search(page.text, here.start, here.end)
        ):
            return
        yield after


def _named_again(mention: Mention, page: Page, again: re.Pattern[str]) -> Iterator[int]:
    for number in mention.around:
        here = page.sentences[number]
        if number != mention.sentence and again.search(page.text, here.start, here.end):
            yield number


def _again_named(mention: Mention, text: str) -> re.Pattern[str]:
    """Find "the clerk" for "a clerk in the port", and "Milo" for "Milo, a clerk"."""
    head = _TAIL.split(text[mention.start : mention.end], maxsplit=1)[0].split()[-1]
    told = f"(?:[Tt]he|[Tt]his|[Tt]hat) (?:{re.escape(head)}|(?:wo)?man)"
    name = re.escape(head) if head[0].isupper() else told
    return re.compile(rf"(?<!\w){name}(?!\w)")


def _anchored(ordered: Iterable[Mention], text: str) -> Iterator[Mention]:
    """Tie each anaphor to a source before it; "the official" needs an official there."""
    before: list[Mention] = []
    for mention in ordered:
        if mention.marker == SOURCE:
            if _may_refer(mention, text):
                first = _antecedent(mention, before, text) or _by_another_noun(
                    mention, before, text
                )
                if first is not None:
                    mention.attributes = {**mention.attributes, _FORM: "anaphor"}
                    mention.referent = first.referent or _range(first)
                elif mention.attributes[_FORM] != "anaphor":
                    pass
                elif _head(mention, text) == "source":
                    mention.attributes = {**mention.attributes, _FORM: "no_name"}
                else:
                    continue
            before.append(mention)
        yield mention


def _may_refer(mention: Mention, text: str) -> bool:
    """Tell whether a mention is an anaphor, or a short one that an article makes definite."""
    if mention.attributes.get(_FORM) == "role_only":
        words = _said(mention, text).split()
        return words[0] in _DEFINITE and len(words) <= _SHORT
    return mention.attributes.get(_FORM) == "anaphor"


def _antecedent(anaphor: Mention, before: Sequence[Mention], text: str) -> Mention | None:
    head = _head(anaphor, text)
    for mention in reversed(before[-_FARTHEST:]):
        if head == "source" or re.search(rf"\b{re.escape(head)}s?\b", _said(mention, text)):
            return mention
    return None


def _by_another_noun(mention: Mention, before: Sequence[Mention], text: str) -> Mention | None:
    """Give the single person just before for whom "the pupil, who asked not to be named" stands."""
    if not before or mention.attributes[_FORM] == "anaphor" or _said(mention, text).endswith("s"):
        return None
    last = before[-1]
    alone = _said(last, text).split()[0] in _ONE or last.attributes[_FORM] in _NAMED_FORMS
    return last if alone and mention.sentence - last.sentence <= _JUST else None


def _head(mention: Mention, text: str) -> str:
    return _said(mention, text).split()[-1].removesuffix("s")


def _said(mention: Mention, text: str) -> str:
    return text[mention.start : mention.end].lower()


def groups(mentions: Iterable[Mention]) -> list[list[Mention]]:
    """Give the unnamed sources, the mentions of one together, the first mention in front."""
    by_first: dict[tuple[int, int], list[Mention]] = {}
    for mention in mentions:
        first = mention.referent or _range(mention)
        by_first.setdefault((first.start, first.end), []).append(mention)
    return list(by_first.values())


def _again(mentions: Sequence[Mention], sights: Sights, speech: Expression) -> list[Mention]:
    found: dict[tuple[int, int], Mention] = {}
    for first in mentions:
        if first.marker != SOURCE or first.attributes.get(_FORM) not in _NAMED_FORMS:
            continue
        for start, end, sentence in _spoken(first, sights, speech):
            found.setdefault(
                (start, end),
                Mention(
                    start=start,
                    end=end,
                    rule=first.rule,
                    sentence=sentence,
                    match=Range(start=start, end=end),
                    attributes={_FORM: first.attributes[_FORM]},
                    referent=_range(first),
                ),
            )
    return list(found.values())


_NAMED_FORMS = ("pseudonym", "first_name_only")
_MOST_MENTIONS = 200
_FARTHEST = 6
_DEFINITE = ("the", "that", "this")
_ONE = ("a", "an", "one", "another")
_JUST = 2
_SHORT = 3
_ASIDE = 2


def _spoken(first: Mention, sights: Sights, speech: Expression) -> Iterator[tuple[int, int, int]]:
    """Where the name, or its last part, stands beside a verb of speech after `first`."""
    page = sights.page
    name = _NAME.match(page.text, first.start, first.end)
    if name is None:
        return
    parts = name.group().replace("\u2019", "'").lower().split(" ")
    behind, _ = page.numbers(first.end, first.end)
    count = 0
    for number in range(first.sentence, page.document(first.sentence).stop):
        start, end = page.edges[number]
        start = max(start, behind)
        words = [word.lower() for word in page.words[start:end]]
        if parts[-1] not in words:
            continue
        spoken = sights.of(speech, number)
        for last in (at for at, word in enumerate(words, start) if word == parts[-1]):
            whole = words[max(0, last - start - len(parts) + 1) : last - start + 1] == parts
            at = last - len(parts) + 1 if whole else last
            if any(_speaks(page, at, last, *verb) for verb in spoken):
                place = page.stretch(at, last)
                yield place.start, place.end, number
        count += 1
        if count >= _MOST_MENTIONS:
            return


def _speaks(page: Page, first: int, last: int, verb: int, verb_end: int) -> bool:
    """Tell whether a verb stands before words, or behind them with a word between at most."""
    start, end = (last, verb) if verb > last else (verb_end, first)
    near = 0 < end - start <= (_ASIDE if verb > last else 1)
    return near and not "".join(page.between[start:end]).strip()


def _range(mention: Mention) -> Range:
    return Range(start=mention.start, end=mention.end)
