"""Places by name: ports, border crossings and towns with their UN/LOCODE, and countries as papers print them.

An ambiguous name is a question, not a guess: look-ups return every candidate.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openembargo.terms.countries import country_codes

APOSTROPHES = "['`\u2018\u2019\u02bc\u00b4]"


@dataclass(frozen=True, slots=True)
class Place:
    """A place with a UN/LOCODE.

    Attributes:
        code: UN/LOCODE, five letters.
        name: Its usual name.
        aliases: Other names and spellings.
        kind: port, airport, rail, road, town; several parted by spaces.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = ""

    @property
    def country(self) -> str:
        """Two-letter code of its country."""
        return self.code[:2]


def folded(text: str) -> str:
    """Return a name without case, accents and marks, as it is compared."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(APOSTROPHES, "", kept)).split())


class Gazetteer:
    """Finds places and countries by what papers call them."""

    def __init__(self, places: Iterable[Place], countries: Mapping[str, str]) -> None:
        """Take places, and codes of countries by printed name in any case."""
        self.places = {place.code: place for place in places}
        self._countries = {folded(name): code for name, code in countries.items() if code}
        self._names: dict[str, list[Place]] = {}
        for place in self.places.values():
            for name in dict.fromkeys(folded(n) for n in (place.name, *place.aliases)):
                self._names.setdefault(name, []).append(place)

    def country(self, text: str) -> str:
        """Return the code of a country by code or name; empty when it is none."""
        plain = text.strip()
        if plain.upper() in country_codes() and len(plain) == 2:  # noqa: PLR2004 - ISO 3166-1 alpha-2
            return plain.upper()
        return self._countries.get(folded(plain), "")

    def country_within(self, text: str) -> str:
        """Return the code of the one country that the end of an address names; empty when none, or more than one, is named."""
        parts = [part for part in re.split(r"[,;\n/]", text) if part.strip()]
        for part in reversed(parts):
            found = self.country(part) if len(part.strip()) > 2 else ""  # noqa: PLR2004 - two letters may be a state
            if found:
                return found
        return ""

    def named(self, text: str, country: str = "") -> tuple[Place, ...]:
        """Return the places that a text may mean: by UN/LOCODE, else by name, in one country if that is known.

        A name, a comma and a country are read as such.
        """
        code = re.sub(r"\s", "", text.strip().upper())
        if code in self.places:
            return (self.places[code],)
        name, _, rest = text.partition(",")
        where = country or (self.country_within(rest) if rest else "")
        found = self._names.get(folded(text)) or self._names.get(folded(name)) or []
        return tuple(place for place in found if not where or place.country == where)
