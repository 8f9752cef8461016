"""Words of descriptions and of the nomenclature: folded, told apart, stemmed, and those that say nothing of the goods.

Source: M. F. Porter, Snowball stemmers (library PyStemmer).
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

WORD = re.compile(r"[^\W_]+")
ASIDE = re.compile(r"whether or not[^;,()]*")
EXCLUDES = re.compile(
    r"\b(?:other than|excluding|except(?: for)?|excl|not(?! exceeding| less| more| over)|nor|n e c|n\.e\.c\.?)\b"
)
NON = re.compile(r"\bnon-? ?(\w+)")
ONE_THING = frozenset({"not", "nor"})
"""What excludes up to the next comma; the other words exclude to the end."""
RESIDUAL = re.compile(r"\bn\.e\.c\b|\bother than\b|\bother\b")
PART = re.compile(r"[;()]|, (?=not |other than |excluding )")
REFERENCE = re.compile(r"\b(?:in |of )?(?:item no|heading no|headings?|subheadings?|chapter|item)s?\.? ?[\d.,and to]+")
EMPTY_WORDS = """
a an and any are as at be but by cif fob for from goods having he his if in incl including into is it its kind like
new no of on or only per such than that the their them these this to type used use was which with without similar
being made product item n e c nes assorted brand quality grade prime best various spec specification standard pcs
pc piece pieces pkg pkgs packed packing bag bags bagged carton cartons ctn ctns drum drums pallet pallets sack
sacks jumbo big bulk mt mts ton tons tonne tonnes kg kgs kilo g gr gram l ltr liter litre liters litres lb lbs m mm
cm nm kw kva mva cc hp inch dwt pct percent min max approx container fcl lcl hs code lot origin spot cargo shipment
large small medium heavy light size net gross
"""
EMPTY = frozenset(EMPTY_WORDS.split())
"""Words of packing, measure and praise, and words that join others."""
HANGUL_OR_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Attributes:
        text: As it is printed, folded.
        stem: What it is compared by.
    """

    text: str
    stem: str

    @property
    def tells(self) -> bool:
        """Whether it says something of the goods: no number, no word of packing."""
        return self.text not in EMPTY and not self.text[0].isdigit() and (len(self.text) > 1 or not self.text.isascii())


def folded(text: str) -> str:
    """Return a text in small letters, without accents."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFD", plain)
    kept = "".join(c for i, c in enumerate(parts) if not (unicodedata.combining(c) and parts[i - 1].isascii()))
    return unicodedata.normalize("NFC", kept)


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text in order."""
    return tuple(Word(found, stem(found)) for found in WORD.findall(folded(text).replace("'s", "")))


@cache
def stem(word: str) -> str:
    """Return what a folded word is compared by."""
    if CYRILLIC.search(word):
        return _stemmer("russian")(word)
    return _stemmer("english")(word) if word.isascii() and word.isalpha() else word


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    from Stemmer import Stemmer  # of the extra `goods`; flags are loaded without it

    return Stemmer(language).stemWord  # type: ignore[no-any-return]


def without_spaces(text: str) -> bool:
    """Tell whether a text is in a script whose words are not parted, so that phrases are looked for within it."""
    return bool(HANGUL_OR_HAN.search(text))


@dataclass(frozen=True, slots=True)
class Said:
    """What a text of the nomenclature says of goods.

    Attributes:
        name: Words before the first semicolon: what the goods are called.
        more: The other words.
        excluded: Words of goods that are said to be elsewhere.
        residual: Whether it is a rest: what no other line names.
    """

    name: tuple[Word, ...]
    more: tuple[Word, ...]
    excluded: tuple[Word, ...]
    residual: bool


def said(text: str) -> Said:
    """Take a text of the nomenclature apart."""
    plain = REFERENCE.sub(" ", ASIDE.sub(" ", folded(text)))
    head, _, rest = plain.partition(";")
    name, gone = _apart(head)
    more, gone_too = _apart(rest)
    kept = {word.stem for word in (*name, *more)}
    excluded = tuple(word for word in (*gone, *gone_too) if word.stem not in kept)
    return Said(name, more, excluded, bool(RESIDUAL.search(plain)))


def _apart(text: str) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    kept: list[Word] = []
    gone: list[Word] = [word for found in NON.findall(text) for word in words(found)]
    for part in PART.split(NON.sub(" ", text)):
        cut = EXCLUDES.search(part)
        before, after = (part[: cut.start()], part[cut.end() :]) if cut else (part, "")
        if cut and cut.group() in ONE_THING:
            after, _, rest = after.partition(",")
            before = f"{before} {rest}"
        kept += [word for word in words(before) if word.tells]
        gone += [word for word in words(after) if word.tells]
    return tuple(kept), tuple(gone)
