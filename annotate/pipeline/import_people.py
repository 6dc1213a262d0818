"""Who made the annotations of an export: names that an annotator of the team could have."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from annotate.config import PERSON, Team
from annotate.errors import UsageError

_NO_NAME = re.compile(r"[^a-z0-9_-]+")
_LONGEST = 31


def annotator_names(
    persons: Iterable[str], *, given: Mapping[str, str], team: Team
) -> dict[str, str]:
    """Give each person of an export a name that depends on nothing but who they are.

    What is `given` counts first, then the addresses of the team. Others are called after
    their e-mail address, in full where two would share a name; numbers become `user-7`.
    Raises UsageError for a given name that no annotator can have, or for nobody.
    """
    from annotate.pipeline.people import emails

    found = sorted(set(persons))
    _check(given, found)
    addresses = {email.lower(): name for name, email in emails(team, team.annotators).items()}
    known = {
        person: given.get(person) or addresses.get(person.lower(), "")
        for person in found
        if person in given or person.lower() in addresses
    }
    short = {person: _slug(person.partition("@")[0]) for person in found if person not in known}
    shared = Counter([*short.values(), *set(known.values()), *team.annotators])
    long = {person: _slug(person) if shared[name] > 1 else name for person, name in short.items()}
    return {person: {**known, **long}[person] for person in found}


def _check(given: Mapping[str, str], found: list[str]) -> None:
    from annotate.decode import legal

    for person, name in given.items():
        if person not in found:
            raise UsageError(f"--person: {legal(person, found)}", hint="Choose one of these")
        if not re.fullmatch(PERSON, name):
            raise UsageError(
                f"--person {person}={name}: no name of an annotator",
                hint="Take small letters, digits, - and _, a letter first, at most 31",
            )


def _slug(person: str) -> str:
    slug = _NO_NAME.sub("-", person.lower()).strip("-")
    return (slug if slug[:1].isalpha() else f"user-{slug}")[:_LONGEST]
