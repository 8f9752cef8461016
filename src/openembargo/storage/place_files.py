"""Opens the gazetteer: places and printed names of countries that come with the program."""

import csv
from functools import cache

import pycountry

from openembargo.papers.places import Gazetteer, Place
from openembargo.terms.packaged import country_aliases

from .regime_files import BUILT_IN


@cache
def open_gazetteer() -> Gazetteer:
    """Return the places and countries that papers may name."""
    with (BUILT_IN / "places.csv").open(encoding="utf-8", newline="") as file:
        places = [
            Place(row["code"], row["name"], tuple(a for a in row["aliases"].split("|") if a), row["kind"])
            for row in csv.DictReader(file)
        ]
    return Gazetteer(places, country_names())


def country_names() -> dict[str, str]:
    """Return codes of countries by the names under which papers print them."""
    names: dict[str, str] = {}
    for country in pycountry.countries:
        for name in ("name", "official_name", "common_name", "alpha_3"):
            if hasattr(country, name):
                names[getattr(country, name)] = country.alpha_2
    return names | country_aliases()
