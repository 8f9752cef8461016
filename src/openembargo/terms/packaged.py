"""Words that regimes bring into the vocabulary, and names under which countries are printed: facts packaged beside the law."""

import csv
from functools import cache
from importlib.resources import files
from io import StringIO


@cache
def country_aliases() -> dict[str, str]:
    """Return codes by printed names of countries and adjectives that ISO 3166 does not have; an empty code is none of today's."""
    return {row["printed"]: row["code"] for row in packaged_rows("country-names.csv")}


@cache
def shown_names() -> dict[str, str]:
    """Return the names under which some countries are shown, by code, where it is not ISO's."""
    return {row["code"]: row["shown"] for row in packaged_rows("country-names.csv") if row["shown"]}


@cache
def words_of(path: str) -> tuple[str, ...]:
    """Return the words that the regimes give a fact."""
    return tuple(row["word"] for row in packaged_rows("words.csv") if row["fact"] == path)


def packaged_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table that stands beside the law."""
    text = files("openembargo").joinpath("regimes", name).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text)))
