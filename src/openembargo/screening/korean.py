"""Korean names: the Hangul syllables that a spelling can stand for.

The spellings are those of the North's own system, McCune-Reischauer, the Revised Romanisation, common free spellings,
and Kontsevich's system in Cyrillic letters read over into Latin ones. The dropped initial r and n of southern usage
(Ri and I, Ro and No) are taken in. Source: the published tables of these systems.
"""

from functools import cache
from itertools import product

from openembargo.screening.syllables import Lattice

_BASE = 0xAC00
_LAST = 0xD7A3
_VOWELS_A_ROW = 21
_FINALS_A_ROW = 28
_SECOND = 0.9
_FREE = 0.75
_FAR = 0.5
INITIALS: dict[int, dict[str, float]] = {
    0: {"k": 1, "g": 1}, 1: {"kk": 1, "gg": _FREE}, 2: {"n": 1}, 3: {"t": 1, "d": 1}, 5: {"r": 1, "l": _SECOND},
    6: {"m": 1}, 7: {"p": 1, "b": 1}, 9: {"s": 1}, 11: {"": 1}, 12: {"j": 1, "ch": 1, "dj": _FREE, "dzh": _FREE, "chzh": _FREE},
    14: {"ch": 1, "chh": _FREE, "tch": _FREE, "chkh": 1}, 15: {"k": 1, "kh": _SECOND, "kkh": 1}, 16: {"t": 1, "th": _SECOND, "tkh": 1}, 17: {"p": 1, "ph": _SECOND, "pkh": 1}, 18: {"h": 1, "kh": _FAR},
}  # fmt: skip
"""Initial consonants by their place in Unicode's Hangul block: spelling -> weight."""
VOWELS: dict[int, dict[str, float]] = {
    0: {"a": 1, "ah": _FREE}, 1: {"ae": 1, "e": _FREE, "ai": _FREE, "ay": _FREE}, 2: {"ya": 1}, 4: {"o": 1, "eo": 1, "u": _FREE, "uh": _FREE},
    5: {"e": 1}, 6: {"yo": 1, "yeo": 1, "you": _SECOND, "yu": _FREE, "yuh": _FAR}, 7: {"ye": 1, "e": _FAR}, 8: {"o": 1, "oh": _FREE},
    9: {"wa": 1, "va": _FREE, "oa": _FAR}, 10: {"wae": 1}, 11: {"oe": 1, "oi": _FREE, "we": _FREE}, 12: {"yo": 1}, 13: {"u": 1, "oo": _SECOND, "woo": _FREE, "ou": _FREE},
    14: {"wo": 1, "weo": _FREE, "vo": _FREE}, 16: {"wi": 1, "vi": _FREE, "ui": _FAR}, 17: {"yu": 1, "yoo": _SECOND, "you": _FREE}, 18: {"u": 1, "eu": 1, "y": _FREE, "oo": _FAR},
    19: {"ui": 1, "eui": _FREE, "i": _FREE, "ee": _FREE}, 20: {"i": 1, "ee": _SECOND},
}  # fmt: skip
"""Vowels by their place in Unicode's Hangul block."""
FINALS: dict[int, dict[str, float]] = {
    0: {"": 1}, 1: {"k": 1, "g": _FREE, "ck": _FAR}, 4: {"n": 1}, 8: {"l": 1, "r": _FREE}, 16: {"m": 1}, 17: {"p": 1, "b": _FREE}, 19: {"t": 1, "s": _FAR}, 21: {"ng": 1},
}  # fmt: skip
"""Final consonants by their place in Unicode's Hangul block."""
FREE_SPELLINGS: dict[str, dict[str, float]] = {
    "이": {"lee": 1, "rhee": _FREE, "yi": 1, "rhie": _FAR, "li": _SECOND, "ri": 1}, "리": {"lee": 1, "rhee": _FREE, "yi": _SECOND, "i": 1, "li": 1},
    "박": {"park": 1}, "최": {"choi": 1, "choy": _FREE, "chwe": _FREE, "chey": _FAR, "tsoy": _FREE, "tskhwe": _FREE}, "신": {"shin": 1}, "심": {"shim": 1}, "우": {"wu": _FREE},
    "백": {"paik": _SECOND, "baik": _SECOND, "baeg": _SECOND}, "허": {"hur": _FREE, "heo": 1, "huh": 1, "her": _FREE}, "노": {"roh": _SECOND, "noh": 1, "ro": 1}, "로": {"roh": 1, "noh": _SECOND, "no": 1},
    "유": {"yoo": 1, "ryu": 1, "ryoo": _FREE, "lyu": _FREE}, "류": {"yoo": 1, "yu": 1, "ryoo": _FREE, "you": _FREE}, "임": {"lim": 1, "rim": 1, "yim": _SECOND, "im": 1}, "림": {"lim": 1, "im": 1, "yim": _SECOND},
    "양": {"ryang": 1, "yang": 1}, "량": {"yang": 1}, "나": {"ra": 1, "na": 1}, "라": {"na": 1}, "안": {"ahn": 1}, "오": {"oh": 1}, "서": {"seo": 1, "suh": 1}, "석": {"suk": _FREE, "seok": 1},
    "영": {"young": 1, "ryong": _SECOND}, "령": {"young": _SECOND, "yong": 1, "yeong": 1}, "룡": {"yong": 1}, "용": {"ryong": 1}, "연": {"youn": _FREE, "yeon": 1, "ryon": _SECOND}, "련": {"yon": 1, "yeon": 1},
    "희": {"hee": 1, "hui": 1, "hi": _SECOND}, "현": {"hyun": 1, "hyon": 1}, "경": {"kyung": 1, "gyung": _SECOND}, "정": {"jung": 1, "chung": 1}, "성": {"sung": 1}, "명": {"myung": 1}, "병": {"byung": 1, "pyung": _SECOND},
    "철": {"chul": 1, "chol": 1, "cheol": 1}, "혁": {"hyuk": 1, "hyok": 1, "hyuck": _FREE}, "식": {"shik": 1, "sik": 1}, "시": {"shi": 1}, "구": {"koo": 1, "goo": 1}, "국": {"kook": 1, "gook": 1}, "문": {"moon": 1}, "주": {"joo": 1, "choo": _SECOND},
    "수": {"soo": 1}, "순": {"soon": 1}, "준": {"joon": 1, "june": _FREE}, "훈": {"hoon": 1}, "윤": {"yoon": 1}, "훤": {"hwon": 1}, "위": {"wi": 1}, "건": {"gun": 1, "kun": 1, "kon": 1}, "선": {"sun": 1, "seon": 1}, "은": {"eun": 1, "un": 1},
    "녀": {"yo": 1}, "여": {"ryo": _SECOND}, "년": {"yon": 1}, "승": {"seung": 1, "sung": 1}, "흥": {"heung": 1, "hung": 1}, "광": {"kwang": 1}, "관": {"kwan": 1}, "원": {"won": 1}, "월": {"wol": 1}, "권": {"kwon": 1, "gwon": 1, "kon": _SECOND},
    "김": {"gim": 1, "kim": 1}, "길": {"gil": 1, "kil": 1}, "금": {"keum": 1, "kum": 1, "geum": 1, "kim": _FAR},
}  # fmt: skip
"""Spellings of single syllables that follow no table."""


def hangul(initial: int, vowel: int, final: int) -> str:
    """Return the written syllable of its three parts. Source: Unicode 15.1, section 3.12."""
    return chr(_BASE + (initial * _VOWELS_A_ROW + vowel) * _FINALS_A_ROW + final)


def _spoken_initials(initial: int, vowel: int) -> dict[str, float]:
    spelled = dict(INITIALS[initial])
    if initial == 9 and vowel in (16, 20):  # noqa: PLR2004 - s before i
        spelled["sh"] = 1.0
    return spelled


def _readings() -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for initial, vowel, final in product(INITIALS, VOWELS, FINALS):
        written = hangul(initial, vowel, final)
        table.setdefault(written, {})[written] = 1.0
        parts = product(_spoken_initials(initial, vowel).items(), VOWELS[vowel].items(), FINALS[final].items())
        for (one, first), (two, second), (three, third) in parts:
            _add(table, one + two + three, written, first * second * third)
    for written, spellings in FREE_SPELLINGS.items():
        for spelled, weight in spellings.items():
            _add(table, spelled, written, weight)
    for written, softened in _softened():
        _add(table, written, softened, _SECOND)
        _add(table, softened, written, _SECOND)
    return table


def _add(table: dict[str, dict[str, float]], spelled: str, written: str, weight: float) -> None:
    row = table.setdefault(spelled, {})
    row[written] = max(row.get(written, 0.0), weight)


def _softened() -> list[tuple[str, str]]:
    """Return pairs of written syllables of northern and southern usage: r and n at the start fall away or change."""
    pairs = []
    for vowel, final in product(VOWELS, FINALS):
        before_i = vowel in (2, 6, 7, 12, 17, 20)
        pairs.append((hangul(5, vowel, final), hangul(11 if before_i else 2, vowel, final)))
        if before_i:
            pairs.append((hangul(2, vowel, final), hangul(11, vowel, final)))
    return pairs


@cache
def korean() -> Lattice:
    """Return the Korean lattice, built once."""
    table = _readings()
    return Lattice(table, max(len(spelled) for spelled in table))


def is_hangul(word: str) -> bool:
    """Tell whether a word is written in Hangul."""
    return bool(word) and all(_BASE <= ord(c) <= _LAST for c in word)


@cache
def romanised(syllable: str) -> str:
    """Return a Hangul syllable in the first spelling of the tables above: the North's own."""
    code = ord(syllable) - _BASE
    initial, rest = divmod(code, _VOWELS_A_ROW * _FINALS_A_ROW)
    vowel, final = divmod(rest, _FINALS_A_ROW)
    spelled = [
        next(iter(table.get(place, {"": 1.0})))
        for table, place in ((INITIALS, initial), (VOWELS, vowel), (FINALS, final))
    ]
    return "".join(spelled)
