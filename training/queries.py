"""Training queries made from a list's own names: a spelling, the entries that it means, the row that it must not see."""

from dataclasses import dataclass

from hanja.table import hanja_table

from openembargo.screening.chinese import chinese, pinyin_of, pinyin_syllables
from openembargo.screening.korean import korean
from training import spellings as sp
from training.east_asian import arrange, spell_chinese, spell_korean, to_hangul

FAMILIES = [
    "kim",
    "ri",
    "pak",
    "choe",
    "jong",
    "kang",
    "jo",
    "cho",
    "yun",
    "jang",
    "chang",
    "han",
    "o",
    "so",
    "sin",
    "hwang",
    "an",
    "song",
    "ryu",
    "hong",
    "jon",
    "ko",
    "mun",
    "ryang",
    "son",
    "pae",
    "paek",
    "ho",
    "sim",
    "ro",
    "u",
    "chu",
    "ju",
    "kwak",
    "na",
    "ra",
    "min",
    "nam",
    "ha",
    "cha",
    "ku",
    "jin",
    "chi",
    "om",
    "won",
    "chae",
    "chon",
    "kwon",
    "im",
    "rim",
    "ham",
    "hyon",
    "pyon",
    "pang",
]
EAST = ("DPRK", "NPWMD")


@dataclass(frozen=True)
class Query:
    """A query, its kind and manner, the entry meant (or -1), and the row that is hidden from it (or -1)."""

    text: str
    kind: str
    manner: str
    entry: int = -1
    hidden: int = -1


def by_reading():
    """Return pinyin -> letters and Hangul -> letters of Han, from the letters that have a Korean reading."""
    mandarin, sino = {}, {}
    for letter, read in hanja_table.items():
        ways = pinyin_of(letter)
        if ways and len(ways[0]) == 1:
            mandarin.setdefault(ways[0][0], []).append(letter)
        if len(read) == 1:
            sino.setdefault(read, []).append(letter)
    return mandarin, sino


class Maker:
    """Makes queries from rows of names."""

    def __init__(self, rng, rows, programmes, countries):
        self.rng, self.rows, self.programmes, self.countries = rng, rows, programmes, countries
        self.mandarin, self.sino = by_reading()
        self.likely = {}
        for row in rows:
            if programmes[row.entry].startswith("DPRK"):
                for s in (
                    korean().sequences(sp.natural(row.text).lower().replace("-", " ").replace("'", "").split()) or [()]
                )[0]:
                    for written, weight in korean().readings(s).items():
                        if weight >= 1:
                            self.likely[written] = self.likely.get(written, 0) + 1
        self.person_words = sorted(
            {w.capitalize() for r in rows if r.kind == "person" for w in self.parts(r) if w.isalpha() and len(w) > 3}
        )
        self.syllables = sorted(
            {s for row in rows if programmes[row.entry].startswith("DPRK") for s in self._korean_words(row)}
        )
        self.korean_rows = [i for i, r in enumerate(rows) if r.kind == "person" and self.korean_parts(r)]
        self.chinese_rows = [i for i, r in enumerate(rows) if r.kind == "person" and self.chinese_parts(r)]

    def parts(self, row):
        family, comma, given = (
            row.text.lower().replace("'", "").replace("’", "").replace("‘", "").replace("-", " ").partition(",")
        )
        words = [*family.split(), *given.split()]
        return words

    def _korean_words(self, row):
        ways = korean().sequences(self.parts(row))
        return ways[0][1:] if ways else ()

    def korean_parts(self, row):
        words = self.parts(row)
        ways = korean().sequences(words)
        here = self.programmes[row.entry].startswith("DPRK") or "Korea" in self.countries[row.entry]
        return ways[0] if here and ways and ways[0][0] in FAMILIES and len(ways[0]) in (2, 3) else ()

    def chinese_parts(self, row):
        words = self.parts(row)
        if not 2 <= len(words) <= 3 or (
            "China" not in self.countries[row.entry]
            and "Hong Kong" not in self.countries[row.entry]
            and "Taiwan" not in self.countries[row.entry]
        ):
            if not (2 <= len(words) <= 3 and self.rng.random() < 0.3 and not self.korean_parts(row)):
                return ()
        found = []
        for w in words:
            ways = [p for p in chinese().parts(w) if all(s in pinyin_syllables() for s in p)]
            if not ways:
                return ()
            found.extend(ways[0])
        return tuple(found) if 2 <= len(found) <= 3 else ()

    def east_asian(self):
        """Return a query of a Korean or Chinese name."""
        rng = self.rng
        if rng.random() < 0.7 and self.korean_rows:
            i = rng.choice(self.korean_rows)
            row = self.rows[i]
            written = to_hangul(rng, self.korean_parts(row), self.likely)
            if not written:
                return None
            pick = rng.random()
            if pick < 0.3:
                if rng.random() < 0.3:
                    written = (
                        written.replace("리", "이", 1)
                        if written[0] == "리"
                        else written.replace("림", "임", 1)
                        if written[0] == "림"
                        else written
                    )
                return Query(written, "person", "hangul", row.entry)
            if pick < 0.42:
                letters = [self.sino.get(w) for w in written]
                return (
                    Query("".join(rng.choice(x) for x in letters), "person", "han_korean", row.entry)
                    if all(letters)
                    else None
                )
            return Query(
                arrange(rng, spell_korean(rng, written, rng.choice(["dprk", "mr", "rr", "free", "free"]))),
                "person",
                "korean",
                row.entry,
            )
        if not self.chinese_rows:
            return None
        row = self.rows[rng.choice(self.chinese_rows)]
        parts = self.chinese_parts(row)
        if not parts:
            return None
        if rng.random() < 0.5:
            letters = [self.mandarin.get(p) for p in parts]
            return Query("".join(rng.choice(x) for x in letters), "person", "han", row.entry) if all(letters) else None
        return Query(
            arrange(rng, spell_chinese(rng, parts, rng.choice(["pinyin", "wade", "wade", "canton"]))),
            "person",
            "chinese",
            row.entry,
        )

    def person(self, row):
        """Return a spelling of a person's name and its manner."""
        rng = self.rng
        name = sp.titled(sp.natural(row.text))
        manner = rng.choice(
            [
                "exact",
                "initials",
                "drop",
                "add",
                "typo1",
                "typo2",
                "arabic",
                "arabic",
                "cyrillic",
                "cyrillic",
                "order",
                "space",
                "to_cyrillic",
                "to_arabic",
                "two",
                "bare",
                "cut",
            ]
        )
        if manner == "initials":
            name = sp.initials(rng, name)
        elif manner == "drop":
            name = sp.middle_dropped(rng, name) if rng.random() < 0.85 else sp.middle_dropped_twice(rng, name)
        elif manner == "add":
            name = sp.middle_added(rng, name, sp.GIVEN if rng.random() < 0.8 else self.person_words)
            if rng.random() < 0.1:
                name = sp.middle_added(rng, name)
        elif manner in ("typo1", "typo2"):
            name = sp.typo(rng, name, int(manner[-1]))
        elif manner in ("arabic", "cyrillic"):
            name = sp.respell(
                rng, name, sp.ARABIC if manner == "arabic" else sp.CYRILLIC, rng.choice([0.08, 0.15, 0.25])
            )
        elif manner == "order":
            name = sp.turned(rng, name)
        elif manner == "space":
            name = sp.respaced(rng, name)
        elif manner == "to_cyrillic":
            name = sp.in_cyrillic(rng, name)
        elif manner == "to_arabic":
            name = sp.in_arabic(rng, name)
        elif manner == "bare":
            name = sp.without_vowels(rng, name)
        elif manner == "cut":
            name = sp.cut_short(rng, name if rng.random() < 0.5 else row.text)
        elif manner == "two":
            name = sp.middle_dropped(rng, sp.respell(rng, name, rng.choice([sp.ARABIC, sp.CYRILLIC]), 0.12))
        if rng.random() < 0.12:
            name = sp.turned(rng, name)
        return name, manner

    def listed(self):
        """Return one query that means a listed party, or None where the dice give nothing usable."""
        rng = self.rng
        if rng.random() < 0.2:
            return self.east_asian()
        i = rng.randrange(len(self.rows))
        row = self.rows[i]
        if rng.random() < 0.34:
            return Query(
                sp.titled(sp.natural(row.text)) if rng.random() < 0.5 else row.text, row.kind, "alias", row.entry, i
            )
        if row.quality == "low" and rng.random() < 0.6:
            return None
        if row.kind == "person":
            name, manner = self.person(row)
        elif row.kind == "entity":
            name, manner = sp.company(rng, row.text), "company"
        else:
            name, manner = sp.vessel(rng, row.text), "vessel"
        return Query(name, row.kind if rng.random() < 0.93 else "", manner, row.entry) if name.strip() else None
