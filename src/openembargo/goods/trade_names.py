"""Names of the trade: what dealers call goods, in several languages, and where the tariff has them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from openembargo.terms.errors import Mistake, SourceError

from .nomenclature import Nomenclature, plain_code
from .words import Word, folded, without_spaces, words


class TradeName(NamedTuple):
    """One name of the trade; a named tuple, for thousands of them are read at each start.

    Attributes:
        phrase: The name as it is written.
        stems: Stems of its words.
        codes: Headings or subheadings where the goods are; none for a word that only stands for others.
        means: Words of the nomenclature that it stands for.
    """

    phrase: str
    stems: tuple[str, ...]
    codes: tuple[str, ...]
    means: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class NameFound:
    """A name of the trade in a description.

    Attributes:
        name: The name.
        whole: Whether its words stand side by side.
        places: Numbers of the words that it takes.
    """

    name: TradeName
    whole: bool
    places: frozenset[int]


@dataclass(slots=True)
class TradeNames:
    """All names, by their first stem."""

    first: dict[str, list[TradeName]] = field(default_factory=dict)
    within: list[TradeName] = field(default_factory=list)

    @property
    def stems(self) -> frozenset[str]:
        """Stems of all names."""
        return frozenset(stem for names in self.first.values() for name in names for stem in name.stems)

    def found(self, description: str, said: Sequence[Word]) -> tuple[NameFound, ...]:
        """Return the names in a description, the longest first; a word that a longer name of a heading takes is not taken again."""
        plain = folded(description)
        found = [NameFound(name, True, frozenset()) for name in self.within if name.phrase in plain]
        found = [one for one in found if not any(one.name.phrase in o.name.phrase != one.name.phrase for o in found)]
        stems = [word.stem for word in said]
        near: list[NameFound] = []
        for name in {id(n): n for stem in dict.fromkeys(stems) for n in self.first.get(stem, ())}.values():
            near += _places(name, stems)
        for placed in (True, False):
            taken: set[int] = set()
            for one in sorted(near, key=lambda n: (not n.whole, -len(n.places), min(n.places))):
                if bool(one.name.codes) is placed and not one.places & taken:
                    found.append(one)
                    taken |= one.places
        return tuple(found)


def _places(name: TradeName, stems: Sequence[str]) -> list[NameFound]:
    count = len(name.stems)
    sides = [i for i in range(len(stems) - count + 1) if tuple(stems[i : i + count]) == name.stems]
    if sides:
        return [NameFound(name, True, frozenset(range(i, i + count))) for i in sides]
    if count > 1 and all(stem in stems for stem in name.stems):
        return [NameFound(name, False, frozenset(stems.index(stem) for stem in name.stems))]
    return []


def trade_names(rows: Iterable[dict[str, str]], nomenclature: Nomenclature) -> TradeNames:
    """Return the names of the rows `hs, language, names, means`; several names and codes are parted by `|`.

    Raises:
        SourceError: With every row whose heading the nomenclature does not have, or that tells neither heading nor meaning, and with
            every name that stands twice.
    """
    kept = TradeNames()
    mistakes = []
    taken: dict[tuple[str, bool], int] = {}
    for number, row in enumerate(rows, start=2):
        codes = tuple(plain_code(code) for code in row["hs"].split("|") if code.strip())
        unknown = [code for code in codes if code not in nomenclature]
        if unknown or not (codes or row["means"]) or not row["names"]:
            found = f"no code {unknown[0]}" if unknown else "no heading, meaning or name"
            mistakes.append(Mistake(f"trade-names.csv: line {number}", found, "codes of the newest edition, or words"))
            continue
        for phrase in row["names"].split("|"):
            key = (folded(phrase.strip()), bool(codes))
            if key in taken:
                found = f"{phrase!r} stands in line {taken[key]} already"
                mistakes.append(Mistake(f"trade-names.csv: line {number}", found, "each name once"))
            taken.setdefault(key, number)
            stems = tuple(word.stem for word in words(phrase))
            name = TradeName(folded(phrase.strip()), stems, codes, words(row["means"]))
            if without_spaces(phrase):
                kept.within.append(name)
            else:
                kept.first.setdefault(stems[0], []).append(name)
    if mistakes:
        raise SourceError(mistakes)
    return kept
