"""The language check."""

from annotate.ingest import language

_ENGLISH = (
    "The council closed the old bridge on Tuesday after the river rose by two metres overnight."
)
_SWEDISH = (
    "Kommunen stängde den gamla bron på tisdagen efter att vattnet hade stigit två meter under "
    "natten, och ingen vet när den kan öppnas igen för trafik."
)


def test_project_language_is_accepted_and_named() -> None:
    """A text in a language of the project gets its code."""
    assert language.accepted(_ENGLISH, ("en",)) == ("en", None)
    assert language.accepted(_SWEDISH, ("en", "sv")) == ("sv", None)


def test_other_language_is_refused_with_its_name() -> None:
    """A text in another language is refused, and the reason names both."""
    assert language.accepted(_SWEDISH, ("en", "de")) == (None, "language sv is not in en, de")


def test_unsure_text_is_let_in_without_a_language() -> None:
    """A few names are no evidence of a language: the text passes, its language is open."""
    spoken, refusal = language.accepted("Lind Vries Norwick Haddad 12 14", ("en",))
    assert refusal is None
    assert spoken in (None, "en")
