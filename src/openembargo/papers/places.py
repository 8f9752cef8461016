"""Places by name: ports, border crossings and towns with their UN/LOCODE, and countries as papers print them.

An ambiguous name is a question, not a guess: look-ups return every candidate, and a likeness is a suggestion at most.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from rapidfuzz import fuzz, process

from openembargo.terms.countries import country_codes

from .place_names import LONGEST, PlaceWords, folded, heads, named_parts, splits

CODE = re.compile(r"^([A-Z]{2})[ -]?([A-Z2-9]{3})$")
CODE_LENGTH = 5
SUGGESTIONS, LIKE_ENOUGH = 5, 84


@dataclass(frozen=True, slots=True)
class Place:
    """A place that papers name.

    Attributes:
        code: UN/LOCODE, five letters; of a place that UN/LOCODE does not have, the country's two letters alone.
        name: Its usual name.
        aliases: Other names and spellings.
        kind: port, airport, rail, road, town; several parted by spaces.
        region: ISO 3166-2 code of the region that it lies in; empty when it is not told.
        also: Other UN/LOCODEs of the same place: its port, its airport, an older code.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    region: str = ""
    also: tuple[str, ...] = ()

    @property
    def country(self) -> str:
        """Two-letter code of its country."""
        return self.code[:2]

    @property
    def has_code(self) -> bool:
        """Whether UN/LOCODE has it."""
        return len(self.code) == CODE_LENGTH


class PlaceSource(Protocol):
    """More places than come with the program, looked up one by one: the whole UN/LOCODE where it is loaded."""

    def coded(self, code: str) -> Place | None:
        """Return the place of a UN/LOCODE."""

    def named(self, name: str) -> tuple[Place, ...]:
        """Return the places of a folded name."""


class _Nothing:
    def coded(self, code: str) -> Place | None:
        return None

    def named(self, name: str) -> tuple[Place, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class Names:
    """What countries and regions are called.

    Attributes:
        countries: Codes by printed name in any case, or by three capital letters. An empty code is no country of today.
        shared: Names that several countries are called by, such as the name of a divided land.
        translated: Opens the names in other languages; asked only when a name is not known.
        regions: Opens the ISO 3166-2 codes by name of region; asked only when a word beside a place is not known.
        not_last: Folded names of countries that towns and regions bear too: the last word of a line does not tell them.
    """

    countries: Mapping[str, str]
    shared: Mapping[str, tuple[str, ...]]
    translated: Callable[[], Mapping[str, str]] = dict
    regions: Callable[[], Mapping[str, frozenset[str]]] = dict
    not_last: frozenset[str] = frozenset()


class Gazetteer:
    """Finds places and countries by what papers call them."""

    def __init__(
        self,
        places: Iterable[Place],
        names: Names,
        words: PlaceWords | None = None,
        more: PlaceSource | None = None,
    ) -> None:
        """Take places, names of countries and regions, the words around names of places, and where more places are."""
        self._rows = tuple(places)
        self._given = names
        self._words = words or PlaceWords((), ())
        self._more = more or _Nothing()
        self._alpha3 = {n: c for n, c in names.countries.items() if re.fullmatch(r"[A-Z]{3}", n)}
        self._countries = {folded(n): c for n, c in names.countries.items() if c and n not in self._alpha3}
        self._shared = {folded(name): codes for name, codes in names.shared.items()}

    @cached_property
    def places(self) -> dict[str, Place]:
        """The places that come with the program, by UN/LOCODE; other codes of a place lead to it."""
        found = {code: replace(place, code=code) for place in self._rows for code in place.also}
        return found | {place.code: place for place in self._rows if place.has_code}

    @cached_property
    def _names(self) -> dict[str, tuple[Place, ...]]:
        found: dict[str, dict[Place, None]] = {}
        for place in self._rows:
            for name in (place.name, *place.aliases):
                found.setdefault(folded(name), {})[place] = None
        return {name: tuple(held) for name, held in found.items()}

    @cached_property
    def _translated(self) -> dict[str, str]:
        return {folded(name): code for name, code in self._given.translated().items()}

    @cached_property
    def _regions(self) -> Mapping[str, frozenset[str]]:
        return self._given.regions()

    def country(self, text: str) -> str:
        """Return the code of a country by code or name; empty when it is none, or a name that several are called by."""
        meant = self.countries(text)
        return next(iter(meant)) if len(meant) == 1 else ""

    def countries(self, text: str) -> frozenset[str]:
        """Return the codes of the countries that a code or name may mean: several for the name of a divided land."""
        bare = text.strip().strip(".,;:()[] ")
        if len(bare) == 2 and bare.upper() in country_codes():  # noqa: PLR2004 - ISO 3166-1 alpha-2
            return frozenset({bare.upper()})
        if bare in self._alpha3:
            return frozenset({self._alpha3[bare]})
        name = folded(bare)
        without = re.sub(r"^the | the$", "", name)
        joined = name.replace(" ", "") if all(len(word) == 1 for word in name.split()) else name
        for one in (name, without, joined):
            if one in self._shared:
                return frozenset(self._shared[one])
            if one in self._countries:
                return frozenset({self._countries[one]})
        if joined.upper() in self._alpha3 and joined != name:
            return frozenset({self._alpha3[joined.upper()]})
        return frozenset({self._translated[name]}) if len(name) > 1 and name in self._translated else frozenset()

    def country_within(self, text: str) -> str:
        """Return the code of the one country that the end of an address names; empty when none, or more than one, is named."""
        parts = [part for part in re.split(r"[,;\n/()]", text) if part.strip()]
        for part in reversed(parts):
            found = self.countries(part) if len(part.strip()) > 2 else frozenset()  # noqa: PLR2004 - may be a state
            found = found or self._last_words(part)
            if found:
                return next(iter(found)) if len(found) == 1 else ""
        return ""

    def _last_words(self, part: str) -> frozenset[str]:
        """Return the countries that the last words of a line name, as in `BUSAN KOREA`; not of names that towns and States bear."""
        name = folded(part[-LONGEST:])
        if not name or self._called(name):
            return frozenset()
        for before, last in splits(name, at_end=True):
            word_before = before.rsplit(" ", 1)[-1]
            if len(last) > 2 and last not in self._given.not_last and word_before not in self._words.joining:  # noqa: PLR2004
                found = self.countries(last)
                if found:
                    return found
        return frozenset()

    def coded(self, code: str) -> Place | None:
        """Return the place of a UN/LOCODE, as `KPRJN`, `KP RJN` or `KP-RJN`."""
        found = CODE.match(code.strip())
        if not found:
            return None
        whole = "".join(found.groups())
        return self.places.get(whole) or self._more.coded(whole)

    def named(self, text: str, country: str = "") -> tuple[Place, ...]:
        """Return the places that a text may mean: by UN/LOCODE, else by name, in one country if that is known.

        `Rajin, Korea`, `Port of Nampo`, `BUSAN KOREA` and `Vancouver, BC` are read as a name and where it
        lies. A name beside which stands something that does not fit any candidate gives none: see `suggested`.
        """
        return tuple(place for place, sure in self._found(text, country) if sure)

    def called(self, text: str) -> tuple[Place, ...]:
        """Return the places that bear the name in a text, wherever the text says that they lie."""
        return tuple(dict.fromkeys(place for place, _ in self._found(text, "")))

    def suggested(self, text: str, country: str = "") -> tuple[Place, ...]:
        """Return places to offer where `named` finds none: those of the name elsewhere, and those of a like name."""
        unsure = dict.fromkeys(self.called(text))
        if not unsure:
            name = folded(named_parts(text)[0])
            like = process.extract(
                name, self._names.keys(), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=SUGGESTIONS
            )
            unsure = dict.fromkeys(place for key, _, _ in like for place in self._names[key])
        in_country = [place for place in unsure if not country or place.country == country]
        return tuple(in_country or unsure)[:SUGGESTIONS]

    def _found(self, text: str, country: str) -> tuple[tuple[Place, bool], ...]:
        """Return candidates, and whether all that stands beside the name fits them."""
        by_code = self.coded(text)
        whole = self._called(folded(text))
        if by_code:
            return tuple((place, True) for place in dict.fromkeys((by_code, *whole)))
        head, beside = named_parts(text)
        candidates, told = (whole, ()) if whole else self._by_parts(head, beside)
        if country:
            told = (*told, country)
        return self._fitting(candidates, told)

    def _by_parts(
        self, head: str, beside: tuple[str, ...], depth: int = 1
    ) -> tuple[tuple[Place, ...], tuple[str, ...]]:
        for name in heads(head, self._words):
            found = self._called(name)
            if found:
                return found, beside
        found, told = self._by_last_words(folded(head), beside, depth)
        if found:
            return found, told
        for part in beside:
            found = () if self.countries(part) else self._called(folded(part))
            if found and not self._called(folded(head)):
                return found, tuple(other for other in (head, *beside) if other != part)
        return (), ()

    def _by_last_words(
        self, head: str, beside: tuple[str, ...], depth: int
    ) -> tuple[tuple[Place, ...], tuple[str, ...]]:
        """Read the last or first words of a name as where it lies: `BUSAN KOREA`, `VANCOUVER BC`."""
        for name, rest in splits(head):
            short = len(rest) == 2  # noqa: PLR2004 - a country or a region of one
            if short or self.countries(rest) or self.countries(rest.upper()):
                told = rest if self.countries(rest) and not short else rest.upper()
                for inner in heads(name, self._words):
                    found = self._called(inner)
                    if found:
                        return found, (*beside, told)
                if depth:
                    found, more = self._by_parts(name, (*beside, told), depth - 1)
                    if found:
                        return found, more
        return (), ()

    def _called(self, name: str) -> tuple[Place, ...]:
        if not name:
            return ()
        own = self._names.get(name, ())
        more = tuple(place for place in self._more.named(name) if place.code not in self.places)
        return tuple(dict.fromkeys((*own, *more)))

    def _fitting(self, candidates: tuple[Place, ...], told: tuple[str, ...]) -> tuple[tuple[Place, bool], ...]:
        """Keep the candidates that lie where the text says; where something said is not understood, none is sure."""
        kept, understood = candidates, True
        placed = False
        for part in told:
            fits = [place for place in candidates if self._lies_in(place, part)]
            if fits:
                kept, placed = tuple(place for place in kept if place in fits), True
            elif self._means_something(part):
                return tuple((place, False) for place in candidates)
            else:
                understood = False
        sure = understood or placed
        return tuple((place, sure) for place in kept) or tuple((place, False) for place in candidates)

    def _lies_in(self, place: Place, part: str) -> bool:
        bare = part.strip(" .")
        tail = place.region.partition("-")[2]
        if tail and bare == tail:
            return True
        if place.country in self.countries(part) or place in self._called(folded(part)):
            return True
        regions = self._regions.get(folded(part), frozenset())
        return place.region in regions if place.region else place.country in {code[:2] for code in regions}

    def _means_something(self, part: str) -> bool:
        return bool(self.countries(part) or self._regions.get(folded(part)))
