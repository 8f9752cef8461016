"""Names of others that stand near a listed name: a brother, a father, a second company, the next vessel of a class."""

import re

from rapidfuzz.distance import OSA

from openembargo.screening.anatomy import LINKS
from openembargo.screening.given_names import groups
from openembargo.screening.korean import korean
from openembargo.screening.sounds import sound
from training.east_asian import arrange, spell_chinese, spell_korean, to_hangul
from training.spellings import GIVEN, natural, titled

START, LEAST_LETTERS, LEAST_EDITS = 2, 5, 3
NUMBER = re.compile(r"\b(\d{1,3}|I{1,3}|IV|V|VI{1,3}|IX)\b")
NUMERALS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "II", "III", "IV", "V"]
PATRONYMIC = re.compile(r"(?:ov|ev|y|i)(?:ich|na)$", re.IGNORECASE)
PATRONYMICS = ["Ivanovich", "Petrovich", "Sergeevich", "Aleksandrovich", "Nikolaevich", "Vladimirovich", "Mikhailovich", "Viktorovich", "Magomedovich", "Andreevich", "Yurievich", "Anatolievich", "Borisovich", "Ibragimovich", "Olegovich", "Ivanovna", "Petrovna", "Nikolaevna", "Vladimirovna"]  # fmt: skip


class Neighbours:
    """Words of listed persons by their first letters, for names that begin alike and are not the same."""

    def __init__(self, persons):
        self.by_start, self.all = {}, []
        for word in sorted({w.lower() for name in persons for w in re.findall(r"[A-Za-z]+", name)}):
            if len(word) >= LEAST_LETTERS:
                self.by_start.setdefault(word[:START], []).append(word)
                self.all.append(word)

    def of(self, rng, word):
        """Return another known name that begins like a word, three letters or more away from it, or None."""
        low = word.lower()
        held = self.by_start.get(low[:START], ())
        for _ in range(12):
            other = rng.choice(held) if held else ""
            if other and OSA.distance(low, other) >= LEAST_EDITS and differs(low, other):
                return other
        return None


def differs(one, other):
    """Tell whether two words are two names: neither the same sound nor one name in two languages."""
    same_group = groups().get(one) and groups().get(one) == groups().get(other)
    return not same_group and sound(one).main != sound(other).main and sound(one).skeleton != sound(other).skeleton


def person(rng, persons, neighbours):
    """Return a listed person's name in which one word is another name: of any sound, of like beginning, or with another end."""
    for _ in range(50):
        name = natural(rng.choice(persons)).split()
        places = [i for i, w in enumerate(name) if len(w) > 3]
        if len(name) < 2 or not places:
            continue
        place = rng.choice(places)
        word, pick = name[place], rng.random()
        fathers = [i for i in range(1, len(name)) if PATRONYMIC.search(name[i])]
        links = [i for i in range(1, len(name) - 1) if name[i].lower() in LINKS]
        if links and pick < 0.4 and differs(name[links[0] - 1].lower(), name[links[0] + 1].lower()):
            place = links[0]
            name[place - 1], name[place + 1] = name[place + 1], name[place - 1]
            return titled(" ".join(name))
        if fathers and pick < 0.5:
            place, other = fathers[0], rng.choice(PATRONYMICS)
        elif len(name) < 3 or pick < 0.4:
            other = neighbours.of(rng, word)
        elif pick < 0.6:
            other = rng.choice(GIVEN)
        elif pick < 0.75:
            end = rng.choice(neighbours.all)
            keep = rng.randint(1, max(1, len(word) - 3))
            other = word[:keep] + end[-rng.randint(3, 5) :].lower()
        else:
            other = rng.choice(neighbours.all)
        if (
            other
            and OSA.distance(name[place].lower(), other.lower()) >= LEAST_EDITS
            and differs(name[place].lower(), other.lower())
        ):
            name[place] = other
            return titled(" ".join(name).upper() if rng.random() < 0.5 else " ".join(name).title())
    return "Nobody Whosoever Atall"


def syllable(rng, maker, pinyin):
    """Return a listed Korean or Chinese name in which one syllable of the given name is another one."""
    if rng.random() < 0.7:
        parts = list(maker.korean_parts(maker.rows[rng.choice(maker.korean_rows)]))
        place = rng.randrange(1, len(parts))
        other = rng.choice(maker.syllables)
        if korean().same(parts[place], other) > 0:
            return ""
        parts[place] = other
        written = to_hangul(rng, parts, maker.likely)
        if not written:
            return ""
        if rng.random() < 0.25:
            return written
        return arrange(rng, spell_korean(rng, written, rng.choice(["dprk", "dprk", "mr", "rr", "free"])))
    parts = list(maker.chinese_parts(maker.rows[rng.choice(maker.chinese_rows)]))
    if len(parts) < 2:
        return ""
    place, other = rng.randrange(1, len(parts)), rng.choice(pinyin)
    if OSA.distance(parts[place], other) < 2:
        return ""
    parts[place] = other
    letters = [maker.mandarin.get(p) for p in parts]
    if all(letters) and rng.random() < 0.3:
        return "".join(rng.choice(x) for x in letters)
    return arrange(rng, spell_chinese(rng, parts, rng.choice(["pinyin", "pinyin", "wade", "canton"])))


def renumbered(rng, names):
    """Return a listed company's or vessel's name with another number, or with one that it does not bear."""
    for _ in range(50):
        name = rng.choice(names)
        found = NUMBER.search(name, 1)
        if found and found.group() not in ("I", "V"):
            number = rng.choice([n for n in NUMERALS if n.isdigit() == found.group().isdigit() and n != found.group()])
            return titled(name[: found.start()] + number + name[found.end() :])
        words = name.split()
        if len(words) > 1 and rng.random() < 0.15:
            return titled(
                " ".join(
                    [*words[:-1], rng.choice(NUMERALS[1:]), words[-1]]
                    if rng.random() < 0.5
                    else [*words, rng.choice(NUMERALS)]
                )
            )
    return "Nobody Whosoever Atall"
