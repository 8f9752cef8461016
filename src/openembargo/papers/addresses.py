"""The country of an address as papers print it."""

from .places import Gazetteer

MOST_WORDS = 5
SHORTEST = 4
"""Letters of a name that is looked for at the end of a line; shorter ones are words of other meanings too."""


def country_of_address(gazetteer: Gazetteer, text: str) -> str:
    """Return the code of the country that an address names: as a part of its own, else at the end of a line.

    The country may stand after a comma or without one, and before a postcode; the last word of `NEW SOMEWHERE` is none.
    """
    found = gazetteer.country_within(text)
    if found:
        return found
    for line in reversed(text.splitlines()):
        words = line.replace(",", " ").replace("/", " ").split()
        while words and any(c.isdigit() for c in words[-1]):
            words.pop()
        found = _at_end(gazetteer, words)
        if found:
            return found
    return ""


def _at_end(gazetteer: Gazetteer, words: list[str]) -> str:
    """Return the country that the longest last words name, with at least one word before them."""
    for count in range(min(MOST_WORDS, len(words) - 1), 0, -1):
        phrase = " ".join(words[-count:])
        if len(phrase) >= SHORTEST and words[-count - 1].upper() != "NEW":
            code = gazetteer.country(phrase)
            if code:
                return code
    return ""
