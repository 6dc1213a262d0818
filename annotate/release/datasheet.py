"""The questions of a datasheet that only people can answer, with their answers."""

from annotate.config import Datasheet
from annotate.model import Record

QUESTIONS = {
    "purpose": "For what purpose was the data set made?",
    "creators": "Who made it, on behalf of whom?",
    "funding": "Who paid for it?",
    "collection": "How were the articles chosen and collected?",
    "consent": "Were the people in the articles, or their publishers, asked or told?",
    "ethical_review": "Was there an ethical review, and what came of it?",
    "annotator_demographics": "Who are the annotators: languages, training, backgrounds?",
    "annotator_pay": "How were the annotators paid or otherwise thanked?",
    "uses": "What should it be used for?",
    "misuse": "What should it not be used for, and whom could that harm?",
    "biases": "Which biases are known to those who made it?",
    "maintenance": "Who keeps it, until when, and how are errors reported?",
    "contact": "Who answers questions about it?",
    "citation": "How should it be cited?",
    "published": "When was it published?",
}


class Answer(Record, frozen=True, kw_only=True):
    """A question, and what annotate.toml answers, if anything."""

    key: str
    question: str
    answer: str | None


def answers(said: Datasheet) -> tuple[Answer, ...]:
    """Give every question with its answer, in order."""
    return tuple(
        Answer(key=key, question=question, answer=getattr(said, key))
        for key, question in QUESTIONS.items()
    )


def unanswered(said: Datasheet) -> tuple[str, ...]:
    """Give the keys of the questions that annotate.toml leaves open."""
    return tuple(item.key for item in answers(said) if not item.answer)
