"""Sounds: one spelling for the many that a word has in Latin letters.

`sound` folds what romanisations of Arabic, Cyrillic, Persian and others write differently; `skeleton` keeps only
consonants. Both lose much on purpose: they say what may be the same, the spelling itself says how near it is.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_CLUSTERS = {
    "schtsch": "c", "shtch": "c", "chtch": "c", "shch": "c", "stch": "c", "tsch": "c", "tch": "c", "dzh": "j", "dsch": "j", "dj": "j",
    "sch": "s", "sh": "s", "zh": "j", "kh": "h", "gh": "g", "ph": "f", "th": "t", "dh": "d", "ck": "k", "cz": "c", "tz": "z", "ts": "z",
    "ch": "c", "x": "ks", "q": "k", "w": "v", "aou": "au", "aoo": "au", "awu": "au", "awo": "au", "ou": "u", "oo": "u", "ee": "i",
    "ei": "ai", "ey": "ai", "ay": "ai", "aj": "ai", "ij": "i", "iy": "i", "yi": "i", "yy": "i", "ii": "i", "ie": "i",
    "ce": "sa", "ci": "si", "cy": "si", "c": "k", "iou": "iu", "you": "iu", "yu": "iu", "ya": "ia", "yo": "io", "ye": "a",
}  # fmt: skip
_CLUSTER = re.compile("|".join(sorted(_CLUSTERS, key=len, reverse=True)))
_VOWELS = str.maketrans("eyo", "aiu")
_DOUBLE = re.compile(r"(.)\1+")
_FINAL_OFF = re.compile(r"(?<=[aou])f$")
_SLAVIC_J = str.maketrans("j", "i")
_NO_VOWELS = re.compile(r"(?<!^)[aeiouyhw]|^[aeiouy]")
SKELETON_CLUSTERS = {"c": "s", "z": "s", "v": "f"}
_SKELETON = str.maketrans(SKELETON_CLUSTERS)


class Sound(NamedTuple):
    """How a word sounds.

    Attributes:
        text: The word in Latin letters.
        main: Its folded sound.
        other: The sound when j is read as i, as in Slavic and German spellings; the same as `main` without a j.
        skeleton: Its consonants.
    """

    text: str
    main: str
    other: str
    skeleton: str


@lru_cache(maxsize=200_000)
def sound(text: str) -> Sound:
    """Return the sounds of a word in Latin letters."""
    if text.isdigit():
        return Sound(text, text, text, text)
    main = _fold(text)
    other = _fold(text.translate(_SLAVIC_J)) if "j" in text else main
    bare = _NO_VOWELS.sub("", main).translate(_SKELETON)
    return Sound(text, main, other, _DOUBLE.sub(r"\1", bare))


def _fold(text: str) -> str:
    folded = _CLUSTER.sub(lambda m: _CLUSTERS[m.group()], text).translate(_VOWELS)
    folded = _DOUBLE.sub(r"\1", folded)
    if len(folded) > 3 and folded.endswith("h"):  # noqa: PLR2004 - a final h is silent in all but the shortest words
        folded = folded[:-1]
    return _FINAL_OFF.sub("v", folded) if len(text) > 4 else folded  # noqa: PLR2004 - -off and -eff stand for -ov and -ev
