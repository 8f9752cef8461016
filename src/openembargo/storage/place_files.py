"""Opens the gazetteer: places and printed names of countries that come with the program, and UN/LOCODE where it is loaded."""

import csv
import gettext
from collections.abc import Mapping
from functools import cache

import pycountry

from openembargo.papers.place_names import PlaceWords, folded
from openembargo.papers.places import Gazetteer, Names, Place
from openembargo.terms.packaged import country_aliases, packaged_rows

from .place_archive import loaded_places
from .regime_files import BUILT_IN

LANGUAGES = (
    "fr",
    "es",
    "ru",
    "zh_CN",
    "ar",
    "de",
    "it",
    "pt",
    "ko",
    "ja",
    "tr",
    "vi",
    "id",
    "nl",
    "fa",
    "uk",
    "pl",
    "ms",
)
"""Those of the United Nations, and those of the ports around the targets."""
WHERE = ("before", "after", "ending", "joining")


@cache
def open_gazetteer() -> Gazetteer:
    """Return the places and countries that papers may name."""
    printed = {row["printed"]: tuple(row["codes"].split()) for row in packaged_rows("printed-countries.csv")}
    alone = {name: codes[0] for name, codes in printed.items() if len(codes) == 1}
    shared = {name: codes for name, codes in printed.items() if len(codes) > 1}
    names = Names({**country_names(), **country_aliases(), **alone}, shared, _translated, _regions, _not_last())
    return Gazetteer(_places(), names, _words(), loaded_places())


def _places() -> list[Place]:
    with (BUILT_IN / "places.csv").open(encoding="utf-8", newline="") as file:
        return [
            Place(
                row["code"],
                row["name"],
                tuple(a for a in row["aliases"].split("|") if a),
                row["kind"],
                row["region"],
                tuple(row["also"].split()),
            )
            for row in csv.DictReader(file)
        ]


def _words() -> PlaceWords:
    rows = packaged_rows("place-words.csv")
    stand = {at: tuple(folded(row["word"]) for row in rows if row["stands"] == at) for at in WHERE}
    return PlaceWords(stand["before"], stand["after"], stand["ending"], frozenset(stand["joining"]))


def _not_last() -> frozenset[str]:
    return frozenset(folded(row["printed"]) for row in packaged_rows("printed-countries.csv") if row["last"] == "no")


def country_names() -> dict[str, str]:
    """Return codes of countries by the names under which papers print them."""
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for name in ("name", "official_name", "common_name", "alpha_3"):
            if hasattr(country, name):
                names[getattr(country, name)] = country.alpha_2
    return names


def _translated() -> Mapping[str, str]:
    """Return names of countries in other languages; a name that languages give to different countries is left out."""
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        words = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        for country in pycountry.countries:
            for name in ("name", "official_name", "common_name"):
                if hasattr(country, name):
                    found.setdefault(words.gettext(getattr(country, name)), set()).add(country.alpha_2)
    return {name: next(iter(codes)) for name, codes in found.items() if len(codes) == 1}


def _regions() -> Mapping[str, frozenset[str]]:
    """Return ISO 3166-2 codes by folded name, with and without the word for its rank."""
    found: dict[str, set[str]] = {}
    for region in pycountry.subdivisions:
        for name in (part.strip() for part in region.name.replace("[", ",").split(",")):
            whole = folded(name)
            for one in {whole, whole.rsplit(" ", 1)[0], f"{whole} {folded(region.type)}"}:
                if one:
                    found.setdefault(one, set()).add(region.code)
    return {name: frozenset(codes) for name, codes in found.items()}
