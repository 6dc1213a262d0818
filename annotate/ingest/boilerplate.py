"""The lines that outlets put around their articles, told by their wording and position.

A pattern applies to one line without its Markdown, and only to a line no longer than its
limit: a body sentence that mentions a newsletter or a copyright stays body.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

Position = Literal["anywhere", "head", "tail"]

_LONGEST = 1500
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_DECORATION = " \t*_#>|~-\u2022"
_ITALIC = re.compile(r"([*_]{1,3})[^*_].*[^*_]\1")


@dataclass(frozen=True)
class _Pattern:
    longest: int
    expression: str
    italic: bool = False


_DASH = r"[|/\u00b7\u2013\u2014-]"
_LABEL = r" ?(?:[:.\u2013\u2014\u00bb>|-]|$)"
_NETWORK = (
    r"(?:instagram|twitter|x|facebook|telegram|whatsapp|youtube|linkedin|reddit|tiktok|"
    r"pinterest|threads|mastodon|bluesky|rumble|vk)"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
)
_TRADE = (
    r"(?:journalist|reporter|writer|author|editor|columnist|correspondent|analyst|researcher|"
    r"professor|lecturer|blogger|historian|commentator|contributor|fellow|film-?maker|"
    r"photographer|freelancer?|broadcaster|activist|podcaster|academic)s?"
)
_CAREER = (
    r"(?:articles?|publish|works?|worked|cover|tweets?|books?|follow|based in|experience|award|"
    r"e-?mail|author of|speciali[sz]|contribut|writes|written|twitter|reached|freelance|staff)"
)
_ISSUED = r"(?:published|posted|printed|republished|reprinted|appeared|produced)"
_CAPITAL = r"[^\W\d_a-z\u00df-\u00f6\u00f8-\u00ff]"
_NAME = rf"(?:{_CAPITAL}[\w.'\u2019-]*|al-[\w-]+)"
_MEANS = rf"(?:{_NETWORK}|e-?mail|print|copy link|share)"
_SHARE_LINKS = rf"{_MEANS}(?:(?:[\s,|/\u00b7\u2022&]|and|or)+{_MEANS})+"
_WRITTEN = r"(?:(?:[Ww]ritten|[Rr]eported|[Ss]tory|[Ww]ords|[Tt]ext|[Pp]osted) )?"

_SHARING = (
    _Pattern(300, r"all (?:[\w.'\u2019&-]+ ){0,6}articles (?:can|may) be read in \d+ languages"),
    _Pattern(
        120,
        r"^(?:please )?(?:share|tweet|e-?mail|print|repost|like|pin|save|copy link)"
        r"(?:[\s,:!.|&]+(?:this|the|on|via|to|by|it|with|or|and|your|article|story|page|now|"
        rf"friends?|e-?mail|print|share|tweet|copy|link|save|buttons?|{_NETWORK}))*[\s:!.|]*$",
    ),
    _Pattern(400, r"\b(?:click|press|use|hit) (?:on )?(?:the|our) (?:\w+ )?share buttons?"),
    _Pattern(
        300,
        r"^(?:visit|follow|like|join|find|connect with)\b.{0,80}\b(?:us|our|me)\b"
        rf".{{0,80}}\b{_NETWORK}\b",
    ),
    _Pattern(120, r"^follow (?:us|me|him|her|them|the author)\b"),
    _Pattern(
        150,
        r"^(?:(?:follow|find|join|share) [^.!?\"\u201c]{1,60}(?::| on) ?)?"
        rf"{_SHARE_LINKS}[ .]*$",
    ),
    _Pattern(300, r"\bfeel free to (?:repost|share|republish|forward)\b"),
)
_PLEAS = (
    _Pattern(
        300,
        r"^(?:to (?:receive|get)|sign up|subscribe|get|receive|join)\b.{0,100}"
        r"\b(?:newsletter|inbox|bulletin|mailing list|e-?mail alerts?|channel)\b",
    ),
    _Pattern(600, r"^(?:editors?['\u2019]?s? )?note (?:to|for) (?:our |the )?readers?\b"),
    _Pattern(120, r"^(?:comment on|comments? (?:are )?(?:closed|off)|leave a (?:comment|reply))\b"),
    _Pattern(120, r"^join the (?:conversation|discussion)\b"),
    _Pattern(
        200,
        r"^(?:please )?(?:become a (?:paid )?(?:member|patron|supporter|subscriber)|"
        r"support (?:us|our|independent)\b|donate\b|make a donation|consider donating)",
    ),
    _Pattern(200, r"^(?:for )?(?:media|press) (?:inquir|enquir|contact)"),
    _Pattern(120, r"^(?:contact(?: us| the author)?|e-?mail) ?(?::|\bat\b)"),
)
_RIGHTS = (
    _Pattern(200, r"^(?:the )?original (?:source|version) of this (?:article|story|report)\b"),
    _Pattern(
        300,
        r"^this (?:article|story|piece|post|report|interview) "
        rf"(?:was|is|has been|first|originally)\b.{{0,40}}\b{_ISSUED}\b",
    ),
    _Pattern(200, r"^(?:featured|cover|top|lead|header) (?:image|photo|picture)s?\b"),
    _Pattern(
        200, r"^(?:image|photo|picture)s?(?: credits?)?(?: ?:| by | courtesy | is from | via )"
    ),
    _Pattern(300, r"^(?:\u00a9|\(c\) ?\d{4}|copyright(?:ed)? ?(?:\u00a9|\(c\)|\d{4}|by\b|:))"),
    _Pattern(300, r"\ball rights reserved\b"),
    _Pattern(1500, r"^(?:legal )?disclaimer ?[:.\u2013\u2014-]"),
    _Pattern(600, r"^(?:the )?(?:views?|opinions?)(?: and \w+)? (?:expressed|stated)\b"),
    _Pattern(1500, r"\bcopyrighted material\b.{0,200}\b(?:authori[sz]ed|permission|fair use)\b"),
    _Pattern(1500, r"\bprovisions of [\"\u201c']?fair use\b"),
)
_LINKS = (
    _Pattern(200, rf"^(?:read|see|watch|listen|view)(?: also| more| next| on)\b{_LABEL}"),
    _Pattern(
        200,
        r"^(?:related(?: (?:articles|stories|news|posts|links|topics))?|also (?:read|see)|"
        r"more on this(?: story)?|you (?:may|might) also like|recommended(?: for you)?|"
        r"further reading|trending(?: now)?|most (?:read|popular)|advertisements?|sponsored|"
        rf"continue reading|story continues below|read full story){_LABEL}",
    ),
    _Pattern(200, r"^(?:more )?(?:articles?|stories|posts) by\b"),
    _Pattern(
        200,
        r"^(?:tags?|topics?|categor(?:y|ies)|keywords?|region|theme|section|in-depth report|"
        r"filed under|posted in) ?:",
    ),
    _Pattern(100, r"^(?:\S+@\S+\.\S+|(?:https?://|www\.)\S+)$"),
)
_HEAD = (
    _Pattern(
        150,
        rf"^(?-i:{_WRITTEN}[Bb][Yy] {_NAME}"
        rf"(?:,? (?:{_NAME}|and|&|de|del|van|von|bin|the|of|in))*)"
        rf"(?: ?{_DASH}.*)?$",
    ),
    _Pattern(
        100,
        rf"^(?:[^.!?]{{2,60}}(?:,| {_DASH}) )?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
        rf"{_DATE}(?:[ ,|\u2013\u2014-].{{0,40}})?$",
    ),
    _Pattern(
        150,
        r"^(?:first )?(?:published|updated|last (?:updated|modified|update)|posted|date)\b"
        rf".{{0,40}}{_DATE}",
    ),
    _Pattern(120, r"^(?:authors?|byline|publisher|publication|outlet|newspaper) ?: ?\S"),
    _Pattern(60, r"^\d+ min(?:ute)?s? read$|^(?:estimated )?reading time\b"),
    _Pattern(80, r"^(?:listen to (?:this )?(?:article|story)|text size|print this page)$"),
)
_TAIL = (
    _Pattern(
        300,
        r"^[^\"\u201c\u201d]*\bif you (?:value|appreciate|like|enjoy|believe in|rely on)\b"
        r" (?:our|us|this|what)\b[^\"\u201c\u201d]{0,80}"
        r"\b(?:consider|become|support|subscribe|donat|join|contribut)",
    ),
    _Pattern(
        300,
        r"^(?:[^\"\u201c\u201d]*[.!] )?please consider "
        r"(?:becoming|subscribing|supporting|donating|making a|joining)\b",
    ),
    _Pattern(
        200,
        r"^(?:do|have) you (?:know|seen?|heard?|got|have|work)\b[^?\"\u201c]{0,100}\? .{0,40}"
        r"\b(?:write|contact|e-?mail|tell|call|get in touch|let|send)\b.{0,60}"
        r"\b(?:us|newsroom|editors?|reporters?|our)\b",
    ),
    _Pattern(
        400,
        rf"^(?-i:{_NAME}(?: {_NAME}){{1,4}}) (?:is|was|has|covers|reports|writes|works|joined)\b"
        r".{0,200}\b(?:cover(?:s|ed|ing)|report(?:s|ed|ing|er)|writ(?:es|ten|ing|er)|"
        r"work(?:s|ed)|correspondent|editor|journalist|columnist|author)\b",
        italic=True,
    ),
    _Pattern(
        700,
        rf"^(?-i:{_NAME}(?: (?:{_NAME}|de|del|van|von|bin)){{1,5}}),? "
        r"(?:is|has been|works as|writes)\b"
        rf"[^.]{{0,120}}\b{_TRADE}\b.{{0,400}}\b{_CAREER}",
    ),
    _Pattern(
        700,
        r"\b(?:his|her|their) (?:articles|works?|books|writings?|reporting)\b"
        r".{0,40}\b(?:published|appeared?|featured)\b",
    ),
    _Pattern(300, r"^about the (?:author|writer)s?\b"),
    _Pattern(300, r"^\(?(?:additional )?(?:reporting|writing|editing|compiled) by\b"),
    _Pattern(200, r"^with (?:additional )?(?:reporting|files|material) (?:by|from)\b"),
    _Pattern(400, r"^(?:if you (?:like|enjoy)(?:ed)?|thank you for reading|thanks for reading)\b"),
    _Pattern(
        1500,
        r"\bmaterial (?:available|on this site)\b.{0,300}"
        r"\b(?:fair use|without profit|educational purposes)\b",
    ),
)
_TABLE: dict[Position, tuple[_Pattern, ...]] = {
    "anywhere": (*_SHARING, *_PLEAS, *_RIGHTS, *_LINKS),
    "head": (*_SHARING, *_PLEAS, *_RIGHTS, *_LINKS, *_HEAD),
    "tail": (*_SHARING, *_PLEAS, *_RIGHTS, *_LINKS, *_TAIL),
}


def matches(line: str, position: Position) -> bool:
    """Say whether a line reads like boilerplate at that position.

    At the head and at the tail, whatever is boilerplate anywhere counts too, and so does
    a line of decoration.
    """
    words = plain(line)
    if not any(character.isalnum() for character in words):
        return position != "anywhere"
    if len(words) > _LONGEST:
        return False
    italic = _ITALIC.fullmatch(line.strip()) is not None
    return any(
        len(words) <= pattern.longest
        and (italic or not pattern.italic)
        and _compiled(pattern.expression).search(words)
        for pattern in _TABLE[position]
    )


def plain(line: str) -> str:
    """Give a line without its decoration, and of links their words."""
    return _LINK.sub(r"\1", line).strip(_DECORATION)


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)
