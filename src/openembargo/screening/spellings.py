"""The ways in which one printed name is looked for: as printed, and apart where it holds a second one in brackets."""

import re

from openembargo.screening.scripts import script, words

BRACKETED = re.compile(r"\(([^()]*)\)")
_LEAD = re.compile(r"^\s*original script\s*:\s*", re.IGNORECASE)
_ABBREVIATION = re.compile(r"^[^\W\d_][\w.&/-]{1,9}$")
SHORTEST = 3
"""Letters that an abbreviation has at least to be looked for by itself."""


def spellings(printed: str, kind: str) -> tuple[tuple[str, bool], ...]:
    """Return the ways in which a printed name is looked for, the printed one first, and whether each is an abbreviation.

    What stands in brackets is looked for by itself where it abbreviates the name (`FOREIGN TRADE BANK (FTB)`) or is the
    name in another script (`Jin Tiesan (金铁三)`); the name without brackets, there and for persons
    (`Lom-ali Butayev (Butaev)`). A company's `(HOLDING)` or its city tells it from others and stays.
    """
    found = BRACKETED.findall(printed)
    if not found:
        return ((printed, False),)
    bare = " ".join(BRACKETED.sub(" ", printed).split())
    ways: dict[str, bool] = {printed: False}
    for part in (_LEAD.sub("", p).strip() for piece in found for p in piece.split(";")):
        if _other_script(part, bare):
            ways.setdefault(bare, False)
            ways.setdefault(part, False)
        elif kind == "entity" and abbreviates(part, bare):
            ways.setdefault(bare, False)
            ways.setdefault(part, True)
        elif kind == "person" and bare:
            ways.setdefault(bare, False)
    return tuple((way, short) for way, short in ways.items() if way)


def abbreviates(short: str, name: str) -> bool:
    """Tell whether a word can abbreviate a name: its letters stand in the name in that order, the first at a word's start."""
    if not _ABBREVIATION.match(short) or len(words(name)) < 2:  # noqa: PLR2004 - one word has no abbreviation
        return False
    letters = [c for c in short.casefold() if c.isalnum()]
    plain = " ".join(words(name)).casefold()
    if len(letters) < SHORTEST or short.casefold() in plain.split():
        return False
    starts = [place for place, c in enumerate(plain) if c == letters[0] and (place == 0 or plain[place - 1] == " ")]
    return any(_in_order(letters, plain[place:]) for place in starts)


def _in_order(letters: list[str], text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


def _other_script(part: str, bare: str) -> bool:
    one, two = {script(w) for w in words(part)}, {script(w) for w in words(bare)}
    return bool(one and two) and not one & two
