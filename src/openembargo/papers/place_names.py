"""Names of places as papers print them: taken apart into the name itself, words like `port of`, and where the place lies."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

APOSTROPHES = "['`\u2018\u2019\u02bb\u02bc\u00b4]"
MOST_WORDS_OF_COUNTRY = 6
LONGEST = 200
"""Characters of a text that may name a place; longer ones are cut."""


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Words that stand around names of places without being part of them, folded.

    Attributes:
        before: Such as `port of`.
        after: Such as `international airport`.
        ending: Letters that are written onto the end of a name, in scripts without spaces.
        joining: Words before the name of a country that make another name of it, such as `new`.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    ending: tuple[str, ...] = ()
    joining: frozenset[str] = frozenset()


def folded(text: str) -> str:
    """Return a name without case, accents and marks, as it is compared; `St` before it is `Saint`."""
    if text.isascii():
        kept = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text).casefold()
        kept = "".join(c for c in plain if not unicodedata.combining(c))
    words = re.sub(r"[^\w]+", " ", re.sub(APOSTROPHES, "", kept)).split()
    return " ".join(["saint", *words[1:]] if len(words) > 1 and words[0] == "st" else words)


def named_parts(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the name that a text begins with, and what stands beside it: after commas, in brackets, on other lines."""
    parts = [part.strip() for part in re.split(r"[,;\n/()\[\]\uff0c\uff08\uff09]| - ", text[:LONGEST]) if part.strip()]
    return (parts[0], tuple(parts[1:])) if parts else ("", ())


def heads(name: str, words: PlaceWords) -> Iterator[str]:
    """Yield a folded name, then the name without the words that stand around it, longest first."""
    seen = folded(name)
    yield seen
    for _ in range(2):
        bare = _without(seen, words)
        if bare == seen:
            return
        seen = bare
        yield seen


def splits(name: str, at_end: bool = False) -> Iterator[tuple[str, str]]:
    """Yield each way to part a folded name into a name and the words of a country after (or before) it, longest first."""
    words = name.split()
    for count in range(min(MOST_WORDS_OF_COUNTRY, len(words) - 1), 0, -1):
        yield " ".join(words[:-count]), " ".join(words[-count:])
        if at_end:
            continue
        yield " ".join(words[count:]), " ".join(words[:count])


def _without(name: str, words: PlaceWords) -> str:
    for word in words.before:
        if name.startswith(f"{word} "):
            return name[len(word) + 1 :]
    for word in words.after:
        if name.endswith(f" {word}"):
            return name[: -len(word) - 1]
    for letters in words.ending:
        if name.endswith(letters) and len(name) > len(letters) + 1:
            return name[: -len(letters)]
    return name
