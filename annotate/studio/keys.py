"""Hotkeys of the labelling page: given ones checked, missing ones assigned.

A control without a key gets one from the editor, which collides with ours; so every
control has one.
"""

from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase, digits

from annotate.decode import Problem, invalid

DEFAULTS_KEY, NEXT_KEY = "0", "alt+."
RESERVED = frozenset(
    {"u", "escape", "enter", "backspace", "delete", "space", "ctrl+enter", "ctrl+space"}
    | {"ctrl+z", "ctrl+d", "alt+h", "alt+l", "alt+m", "alt+r", "alt+."}
)
_MODIFIERS = ("ctrl", "alt", "shift", "cmd", "command", "meta", "option")


def assign_keys(wanted: Mapping[str, str | None]) -> dict[str, str]:
    """Give every control a key: the one that it asks for, or the next free one.

    `wanted` is control to key, in the order in which free keys are given out. Raises
    InvalidFile naming every key that is taken twice, is the editor's, or is none.
    """
    problems = list(_problems(wanted))
    if problems:
        raise invalid("markers", problems)
    free = _free(normalised(key) for key in wanted.values() if key)
    keys: dict[str, str] = {}
    for control, key in wanted.items():
        chosen = key or next(free, None)
        if chosen is None:
            reason = "no key is left for it; give one with two modifiers, such as ctrl+shift+f"
            raise invalid("markers", [Problem(path=control, message=reason)])
        keys[control] = chosen
    return keys


def normalised(key: str) -> str:
    """Give a key in one spelling: lower case, modifiers sorted in front."""
    *modifiers, letter = (part.strip() for part in key.lower().split("+"))
    return "+".join([*sorted(modifiers), letter])


def _problems(wanted: Mapping[str, str | None]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for control, key in wanted.items():
        if not key:
            continue
        name = normalised(key)
        *modifiers, letter = name.split("+")
        if not letter or "," in key or any(item not in _MODIFIERS for item in modifiers):
            yield Problem(
                path=control, message=f'hotkey "{key}" is no key such as "f" or "shift+f"'
            )
        elif name in RESERVED:
            yield Problem(path=control, message=f'hotkey "{key}" belongs to the editor')
        elif name == DEFAULTS_KEY:
            yield Problem(path=control, message=f'hotkey "{key}" sets all defaults at once')
        elif name in owner:
            yield Problem(path=control, message=f'hotkey "{key}" belongs to {owner[name]}')
        else:
            owner[name] = control


def _free(taken: Iterable[str]) -> Iterator[str]:
    gone = {*taken, *RESERVED, DEFAULTS_KEY}
    for modifiers in ("", "shift+", "alt+shift+", "ctrl+shift+"):
        for letter in (digits + ascii_lowercase) if not modifiers else ascii_lowercase:
            if modifiers + letter not in gone:
                yield modifiers + letter
