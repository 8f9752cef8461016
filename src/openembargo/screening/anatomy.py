"""The anatomy of a name: its words with their sounds and weight, its syllables, its numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from openembargo.screening.chinese import chinese, korean_of, pinyin_of
from openembargo.screening.company_words import form_phrases, general_words, longest_form
from openembargo.screening.given_names import figures, groups
from openembargo.screening.korean import is_hangul, korean, romanised
from openembargo.screening.scripts import latin, script, words
from openembargo.screening.sounds import Sound, sound
from openembargo.screening.syllables import Sequence

MOST_WORDS = 10
PARTICLE_SHARE, FORM_SHARE, LIGHT_SHARE, GENERIC_SHARE = 0.2, 0.05, 0.35, 0.6
INITIAL_SHARE, PATRONYMIC_SHARE = 0.3, 0.5
_PATRONYMIC = re.compile(
    r"(?:[oe]v|v|ow|ew)(?:i|y)(?:ch|c|tch|tsch|cz)$|(?:ov|ev|ow|iv)na$|ovych$|evych$|avich$|awna$|auna$|yevich$"
)
COMPANY, TITLE = "SYMBOL:CO", "SYMBOL:GENERAL"
_LINKING = (
    "al el ul ad as an ar az ash the of and und et y e i de del della di da das do dos du la las le les los van von der "
    "den bin ben ibn bint binti wa va for in to ould u mv mt ms ss m v vessel"
)
_TITLES = (
    "dr mr mrs ms miss mister sir prof professor engineer eng general gen colonel col major maj captain capt commander "
    "lieutenant lt president prasident presidente minister ambassador admiral marshal brigadier sergeant sgt judge senator "
    "ayatollah"
)
_TITLES_AND_NAMES = "haji hajji hajj sheikh shaykh sheik mullah mawlawi maulavi qari sayyid sayed syed"
PARTICLES = frozenset(_LINKING.split()) | frozenset(_TITLES_AND_NAMES.split())
"""Articles, links, and titles that are names as well: they weigh little."""
TITLES = frozenset(_TITLES.split())
"""Titles that are no names: they weigh next to nothing, and so does a title that is a name where it leads a long name."""
LEADING_TITLES = frozenset(_TITLES_AND_NAMES.split())
LONG_NAME = 3
MOST_ENDS = 3
"""Words of a name in Cyrillic letters whose final n is read as ng as well."""
VESSEL_PREFIX = re.compile(
    r"^\s*(?:m\s*[./]?\s*[vts]|s\s*[./]?\s*s|f\s*[./]\s*v|lpg\s*/\s*c|lng\s*/\s*c|tanker|vessel)\b[\s.:\"'«“]+",
    re.IGNORECASE,
)
IMO = re.compile(r"\(?\bIMO[\s:#.no]*(\d{7})\b\)?", re.IGNORECASE)
TENS = frozenset({"20", "30", "40", "50", "60", "70", "80", "90"})
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
_SERVANT = re.compile(r"^abd(?:[aeiou](?:l|r|s|sh|n|z|d|t))?(.{3,})$")
_FAITH = re.compile(r"^(.{2,}?)(?:[aeiou][ld]{1,2}|[aeiou])?d[eiou]{1,2}n+e?$")
_ARTICLES = frozenset({"al", "el", "ul", "ad", "ed", "ud", "ar", "ur", "as", "us", "es", "an", "az", "il", "ol"})
LINKS = frozenset({"bin", "ben", "ibn", "bint", "binti", "ould"})
"""Words between a child's name and its father's."""
_SINGLE = re.compile(r"\b([^\W\d_])\.(?=\s?[^\W\d_])")
_LETTERED = (frozenset({"hangul"}), frozenset({"han"}))
_GOD = frozenset({"allah", "ullah", "ollah", "ulla", "alla", "llah", "lah"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name.

    Attributes:
        sound: Spelling in Latin letters and sounds.
        share: How much of its rarity counts: 1 for a word that names, less for particles, forms, general words.
        group: What the word stands for where that is known (`ORGCLS:LLC`, `SYMBOL:INTL`), or empty.
        native: Script in which it was written.
        written: Its letters where they are Hangul or Han, to be compared with others of that script; else empty.
    """

    sound: Sound
    share: float = 1.0
    group: str = ""
    native: str = "latin"
    written: str = ""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """A name taken apart.

    Attributes:
        words: At most ten words, forms of companies included.
        korean: Syllable sequences that it can be in Korean; empty if it can not.
        chinese: Syllable sequences in pinyin or another spelling of Chinese.
        solid: Spelling without spaces.
        solid_sound: Sounds without spaces.
        turned: Spelling without spaces, the last word first.
        turned_sound: Sounds without spaces, the last word first.
        numbers: Numbers in the name, Roman ones as figures.
        scripts: Scripts in which it was written.
        fathers: Sounds of a child's and its father's name where a link such as `bin` stands between them.
        imo: IMO number that stands in the text.
        letters: The name in Hangul or Han letters where it is written in nothing else; else empty.
    """

    words: tuple[Word, ...]
    korean: tuple[Sequence, ...]
    chinese: tuple[Sequence, ...]
    solid: str
    solid_sound: str
    turned: str
    turned_sound: str
    numbers: frozenset[str]
    scripts: frozenset[str]
    imo: str = ""
    letters: str = ""
    fathers: frozenset[tuple[str, str]] = frozenset()


@lru_cache(maxsize=4096)
def take_apart(name: str, kind: str = "") -> Anatomy:
    """Return the anatomy of a name of a person, entity, vessel or aircraft, or of unknown kind."""
    found = IMO.search(name)
    bare = IMO.sub(" ", name) if found else name
    if kind == "vessel":
        bare = VESSEL_PREFIX.sub("", bare)
    elif kind == "person":
        bare = _SINGLE.sub(r"\1 ", bare)
    native = words(bare)
    scripts = frozenset(script(w) for w in native)
    korean_ways, chinese_ways = _syllables(native, scripts) if kind in ("person", "") else ((), ())
    if kind == "entity" or (kind == "" and _has_form(native)):
        parts = _organisation(native)
    else:
        parts = _plain(native, kind, bool(korean_ways))
    parts = parts[:MOST_WORDS]
    naming = [w for w in parts if w.share > FORM_SHARE] or list(parts)
    turned = naming[-1:] + naming[:-1]
    numbers = frozenset(
        ROMAN.get(w.sound.text, w.sound.text) for w in parts[1:] if w.sound.text.isdigit() or w.sound.text in ROMAN
    )
    return Anatomy(
        tuple(parts), korean_ways, chinese_ways,
        "".join(w.sound.text for w in naming), "".join(w.sound.main for w in naming),
        "".join(w.sound.text for w in turned), "".join(w.sound.main for w in turned),
        numbers, scripts, found.group(1) if found else "",
        "".join(native) if scripts in _LETTERED else "", _fathers(parts) if kind == "person" else frozenset(),
    )  # fmt: skip


def _fathers(parts: list[Word]) -> frozenset[tuple[str, str]]:
    """Return child and father, as sounds or groups, around every link."""
    said = [w.group or w.sound.main for w in parts]
    links = [place for place, w in enumerate(parts[:-1]) if w.sound.text in LINKS and place]
    return frozenset((said[place - 1], said[place + 1]) for place in links)


def _has_form(native: tuple[str, ...]) -> bool:
    """Tell whether a name of unknown kind has a legal form at its start or end, or a word that companies bear."""
    plain = tuple(latin(w) for w in native)
    sizes = range(1, min(len(plain), longest_form() + 1))
    if any(plain[-n:] in form_phrases() or plain[:n] in form_phrases() for n in sizes):
        return True
    return any(general_words().get(w, TITLE) != TITLE for w in plain)


def _organisation(native: tuple[str, ...]) -> list[Word]:
    """Return the words of a company's name: forms under their class, general words under their group."""
    plain = [(latin(w), w) for w in native]
    plain = [(text, w) for text, w in plain if text]
    plain = _counted(plain)
    listed: list[Word] = []
    place = 0
    while place < len(plain):
        size = _form_at([text for text, _ in plain], place)
        if size:
            spelled = "".join(text for text, _ in plain[place : place + size])
            group = form_phrases()[tuple(text for text, _ in plain[place : place + size])]
            listed.append(Word(sound(spelled), FORM_SHARE, group, script(plain[place][1])))
            place += size
            continue
        text, word = plain[place]
        group = general_words().get(text, "")
        share = PARTICLE_SHARE if text in PARTICLES else _share(group)
        listed.append(Word(sound(text), share, group or groups().get(word, groups().get(text, "")), script(word)))
        place += 1
    return listed


def _counted(plain: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return words with numbers as figures: `Forty-Four`, `First`, and `IV` where it is not the first word."""
    listed: list[tuple[str, str]] = []
    for text, word in plain:
        figure = figures().get(text, ROMAN.get(text, text) if listed and len(text) > 1 else text)
        before = listed[-1][0] if listed else ""
        if before in TENS and len(figure) == 1 and figure.isdigit():
            listed[-1] = (before[0] + figure, word)
        else:
            listed.append((figure, word))
    return listed


def _form_at(words_of: list[str], place: int) -> int:
    """Return how many words from a place on are a legal form; 0 when none, or when nothing else would be left."""
    for size in range(min(longest_form(), len(words_of) - place), 0, -1):
        phrase = tuple(words_of[place : place + size])
        if phrase in form_phrases() and size < len(words_of) and not (size == 1 and place == 0 and len(phrase[0]) <= 2):  # noqa: PLR2004 - two letters at the start are a name more often than a form
            return size
    return 0


def _share(group: str) -> float:
    if group == COMPANY:
        return FORM_SHARE
    if group.startswith("SYMBOL:"):
        return LIGHT_SHARE
    return GENERIC_SHARE if group else 1.0


def _plain(native: tuple[str, ...], kind: str, korean_like: bool) -> list[Word]:
    """Return the words of a person, vessel or aircraft."""
    listed: list[Word] = []
    for word in native:
        latin_words = _latin_words(word)
        lettered = _lettered(word, len(latin_words))
        for place, plain in enumerate(latin_words):
            share = 1.0 if korean_like else _plain_share(plain, len(native))
            if kind in ("person", "") and not korean_like and _is_title(plain, len(native), not listed):
                share = FORM_SHARE
            group = groups().get(word, groups().get(plain, "")) if kind != "vessel" else ""
            listed.append(
                Word(
                    sound(plain if kind == "person" else figures().get(plain, plain)),
                    share,
                    group,
                    script(word),
                    lettered[place],
                )
            )
    return joined(listed) if kind != "vessel" else listed


def _is_title(plain: str, count: int, leads: bool) -> bool:
    return count > 1 and (plain in TITLES or (leads and count >= LONG_NAME and plain in LEADING_TITLES))


def _plain_share(plain: str, count: int) -> float:
    """Return how much a word of a person's or vessel's name counts: articles, initials and patronymics less."""
    if count > 1 and plain in PARTICLES:
        return PARTICLE_SHARE
    if count > 1 and len(plain) == 1 and not plain.isdigit():
        return INITIAL_SHARE
    return PATRONYMIC_SHARE if count > 2 and _PATRONYMIC.search(plain) else 1.0  # noqa: PLR2004 - given name, patronymic, family name


def _latin_words(word: str) -> tuple[str, ...]:
    kind = script(word)
    if kind == "han":
        ways = pinyin_of(word)
        if ways:
            return (ways[0][0], "".join(ways[0][1:])) if len(ways[0]) > 1 else ways[0]
    if is_hangul(word):
        spelled = [romanised(c) for c in word]
        return (spelled[0], "".join(spelled[1:])) if len(spelled) > 1 else tuple(spelled)
    plain = latin(word)
    return (plain,) if plain else ()


def _lettered(word: str, parts: int) -> tuple[str, ...]:
    """Return the Hangul or Han letters of the parts that a word was read as, family name and given name."""
    if script(word) not in ("hangul", "han") or len(word) < parts:
        return ("",) * parts
    return (word,) if parts == 1 else (word[:1], word[1:])


def joined(listed: list[Word]) -> list[Word]:
    """Return words with the parts of one Arabic name joined: `Abd al-Rahman`, `Hizb Ullah`, `Nur ad-Din`."""
    result: list[Word] = []
    place = 0
    while place < len(listed):
        word = listed[place]
        text = word.sound.text
        following = listed[place + 1].sound.text if place + 1 < len(listed) else ""
        after = listed[place + 2].sound.text if place + 2 < len(listed) else ""
        if text in ("abd", "abdul", "abdel", "abdal", "abdol", "abdil", "abdur", "abed", "abdus") and following:
            takes = 2 if following in _ARTICLES and after else 1
            rest = after if takes == 2 else following  # noqa: PLR2004 - the article and the word after it
            result.append(_merged("abd" + (rest[1:] if rest in _GOD else rest), word))
            place += takes + 1
            continue
        if following in _GOD and len(text) > 1:
            result.append(_merged(text + "ulah", word))
            place += 2
            continue
        if following in _ARTICLES and after in ("din", "deen", "dine", "dien") and len(text) > 1:
            result.append(_merged(text + "din", word))
            place += 3
            continue
        if word.native == "arabic" and following in ("din", "dyn") and len(text) > 1:
            result.append(_merged(text + "din", word))
            place += 2
            continue
        result.append(
            _merged(_unjoined(text), word) if word.share >= PATRONYMIC_SHARE and word.native != "han" else word
        )
        place += 1
    return result


def _unjoined(text: str) -> str:
    servant = _SERVANT.match(text)
    if servant and servant.group(1) not in ("ulla", "ullah"):
        return "abd" + servant.group(1)
    if len(text) > 5 and text.endswith(("allah", "ullah", "ollah", "ulla")):  # noqa: PLR2004 - a name and the name of God
        return re.sub(r"[auo]lla?h?$", "ulah", text)
    faith = _FAITH.match(text) if len(text) > 6 else None  # noqa: PLR2004 - a name and `din`
    return faith.group(1) + "din" if faith else text


def _merged(text: str, first: Word) -> Word:
    return (
        Word(sound(text), first.share, groups().get(text, ""), first.native, first.written)
        if text != first.sound.text
        else first
    )


def _syllables(native: tuple[str, ...], scripts: frozenset[str]) -> tuple[tuple[Sequence, ...], tuple[Sequence, ...]]:
    whole = "".join(native)
    if scripts == {"hangul"}:
        return (tuple(whole),), ()
    if scripts == {"han"}:
        read = korean_of(whole)
        return ((read,) if read else ()), pinyin_of(whole)
    if not scripts <= {"latin", "cyrillic"}:
        return (), ()
    plain = tuple(latin(w) for w in native)
    if not all(plain):
        return (), ()
    if "cyrillic" in scripts:
        ways = (
            way
            for spelled in _with_ng(tuple(latin(w.replace("ё", "yo")) for w in native))
            for way in korean().sequences(spelled)
        )
        return tuple(dict.fromkeys(ways)), chinese().sequences(plain)
    return korean().sequences(plain), chinese().sequences(plain)


def _with_ng(plain: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return the ways to read Korean in Cyrillic letters: a final n is n or ng there (`Чан` is Chan or Jang)."""
    ends = [(w, w + "g") if w.endswith("n") else (w,) for w in plain[:MOST_ENDS]]
    return product(*ends, *((w,) for w in plain[MOST_ENDS:]))
