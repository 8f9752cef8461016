"""Letters: which script a word is in, and how it reads in Latin letters.

Latin, Cyrillic, Greek, Hebrew and others go through anyascii; Arabic and Persian through a table of consonants and
long vowels, for short vowels are not written; Hangul and Han are read by the Korean and Chinese lattices.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

LONGEST_NAME = 300
"""Letters of a name that are read; the rest of an overlong text is not a name."""

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʻ`´ʿʾ′‛ˈ＇"))
_LOOKALIKES = str.maketrans("авсеԁһіјкмнорԛѕтԝхуѵ", "abcedhijkmhopqstwxyv")
_TO_CYRILLIC = str.maketrans("abcehikmopstxy", "авсенікморѕтху")
_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ء": "", "ؤ": "u", "ئ": "i", "ب": "b", "پ": "p", "ت": "t", "ٹ": "t",
    "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ڈ": "d", "ذ": "dh", "ر": "r", "ڑ": "r", "ز": "z",
    "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q",
    "ڤ": "v", "ك": "k", "ک": "k", "ڪ": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ں": "n", "ه": "h", "ہ": "h", "ھ": "h", "ۀ": "h",
    "ة": "a", "ۃ": "a", "و": "w", "ي": "y", "ی": "y", "ى": "a", "ې": "y", "ۍ": "y", "ے": "y", "ـ": "", "ځ": "dz", "څ": "ts", "ښ": "sh", "ږ": "g", "ړ": "r", "ډ": "d", "ټ": "t", "ڼ": "n", "ګ": "g",
}  # fmt: skip
_PERSIAN = {"ض": "z", "ذ": "z", "ث": "s"}
_PERSIAN_LETTERS = frozenset("پچژگیک")
_CARONS = str.maketrans(
    {
        "č": "ch",
        "ć": "ch",
        "š": "sh",
        "ž": "zh",
        "ş": "sh",
        "ș": "sh",
        "ç": "ch",
        "ğ": "g",
        "ı": "i",
        "ß": "ss",
        "ł": "l",
        "đ": "d",
    }
)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_DOTTED = re.compile(r"\b(?:(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?|(?:[^\W\d_]\.\s)+[^\W\d_](?!\w))\.?", re.UNICODE)
SCRIPT_RANGES = (
    ("hangul", 0xAC00, 0xD7A3), ("han", 0x4E00, 0x9FFF), ("han", 0x3400, 0x4DBF), ("han", 0xF900, 0xFAFF), ("cyrillic", 0x0400, 0x052F),
    ("arabic", 0x0600, 0x06FF), ("arabic", 0x0750, 0x077F), ("arabic", 0xFB50, 0xFDFF), ("arabic", 0xFE70, 0xFEFF),
)  # fmt: skip
"""Blocks of letters that need a reading of their own. Source: Unicode 15.1, blocks."""


def script_of(letter: str) -> str:
    """Return `latin`, `hangul`, `han`, `cyrillic`, `arabic` or `other` for a letter."""
    code = ord(letter)
    if code < SCRIPT_RANGES[4][1]:
        return "latin"
    return next((name for name, low, high in SCRIPT_RANGES if low <= code <= high), "other")


@lru_cache(maxsize=4096)
def cleaned(name: str) -> str:
    """Return a name without control characters, marks of direction, apostrophes and case; dotted letters are joined."""
    text = unicodedata.normalize("NFKC", name[:LONGEST_NAME]).casefold().translate(_APOSTROPHES)
    if text.isascii() and text.isprintable():
        return _DOTTED.sub(_without_dots, text)
    text = "".join(
        " " if unicodedata.category(c) in ("Cc", "Zs", "Zl", "Zp") else c
        for c in text
        if unicodedata.category(c) not in ("Cf", "Co", "Cs")
    )
    return _DOTTED.sub(_without_dots, text)


def _without_dots(found: re.Match[str]) -> str:
    return found.group().replace(".", "").replace(" ", "") + " "


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in their own script, accents kept apart from Latin letters."""
    return tuple(w for word in _WORD.findall(cleaned(name)) if (w := unmixed(word)))


def unmixed(word: str) -> str:
    """Return a word in one script: letters of Cyrillic that stand in a Latin word for their likeness are folded."""
    if word.isascii():
        return word
    scripts = {script_of(c) for c in word if c.isalpha()}
    if scripts >= {"latin", "cyrillic"}:
        latin = sum(script_of(c) == "latin" for c in word)
        return word.translate(_LOOKALIKES) if latin * 2 >= len(word) else word.translate(_TO_CYRILLIC)
    return word


def is_mixed(name: str) -> bool:
    """Tell whether a word of the name mixes Latin and Cyrillic letters, as a disguise does."""
    return any({script_of(c) for c in w if c.isalpha()} >= {"latin", "cyrillic"} for w in _WORD.findall(cleaned(name)))


@lru_cache(maxsize=65536)
def latin(word: str) -> str:
    """Return a word in the letters a to z and digits, without accents."""
    if word.isascii():
        return word
    if script_of(word[0]) == "arabic":
        return _arabic(word)
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.translate(_CARONS)) if not unicodedata.combining(c))
    if plain.isascii():
        return plain
    return re.sub(r"[^a-z0-9]", "", anyascii(word).lower())


def _arabic(word: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFC", word) if not unicodedata.combining(c))
    if bare in ("الله", "اللہ"):
        return "allah"
    if len(bare) > 4 and bare.startswith("ال"):  # noqa: PLR2004 - the article is dropped from words that keep three letters
        bare = bare[2:]
    table = _ARABIC | _PERSIAN if _PERSIAN_LETTERS & set(bare) else _ARABIC
    letters = [table.get(c, c if c.isdigit() else "") for c in bare]
    for place in range(1, len(letters)):
        letters[place] = {"w": "u", "y": "i"}.get(letters[place], letters[place])
    return "".join(letters)


def script(word: str) -> str:
    """Return the script of a word by its first letter."""
    return "latin" if word.isascii() else next((script_of(c) for c in word if c.isalpha()), "latin")
