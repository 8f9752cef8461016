"""Opens the lexicon of the press: words of goods, measures, parties and places that come with the program."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from openembargo.papers.lexicon import Entry, Grammar, Lexicon, Sense, folded_word, folded_words
from openembargo.terms.packaged import country_aliases

from .place_files import country_names
from .regime_files import BUILT_IN

FOLDER = BUILT_IN / "lexicon"
FILES = ("goods", "measures", "parties", "places", "claims")
Named = tuple[str, Entry]
CODE_LETTERS = 3
"""Codes of countries of so many letters are words too (ARE, PER, CAN); they are no names of the press."""


def open_lexicon(listed: Iterable[Named] = ()) -> Lexicon:
    """Return the lexicon.

    Args:
        listed: Names of listed parties and vessels, which the law holds.
    """
    tables = _tables()
    return Lexicon.of(_grammar(tables["claims"]), (*_entries(), *listed))


@cache
def _tables() -> Mapping[str, dict[str, Any]]:
    return {name: tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")) for name in FILES}


@cache
def _entries() -> tuple[Named, ...]:
    tables = _tables()
    return (
        *_rows("goods", tables["goods"]["goods"]),
        *_rows("measure", tables["measures"]["measure"]),
        *_rows("party", tables["parties"]["party"]),
        *_rows("claim", tables["claims"]["claim"]),
        *_places(tables["places"]),
    )


def _rows(kind: str, rows: Iterable[dict[str, Any]]) -> Iterator[Named]:
    for row in rows:
        senses = tuple(Sense(**sense) for sense in row.get("means", ()))
        for printed in row["words"]:
            yield (
                printed,
                Entry(
                    kind=kind,
                    name=printed,
                    senses=senses,
                    kinds=tuple(row.get("kinds", ())),
                    regimes=tuple(row.get("regimes", ())),
                    says=row.get("says", ""),
                    needs=_folded(row.get("needs", ())),
                    before=_folded(row.get("unless_before", ())),
                    after=_folded(row.get("unless_after", ())),
                    proper=printed[:1].isupper(),
                ),
            )


def _places(table: dict[str, Any]) -> Iterator[Named]:
    persons = set(table["person_too"][0]["words"])
    named = [(printed, row["code"]) for row in table["place"] for printed in row["words"]]
    named += country_aliases().items()
    named += [row for row in country_names().items() if not (row[0].isupper() and len(row[0]) == CODE_LETTERS)]
    for printed, code in named:
        if code and len(printed) > 1:
            entry = Entry("place", printed, country=code, proper=True, person_too=printed in persons)
            yield printed, entry


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(" ".join(folded_words(word)) for word in words)


def _grammar(table: dict[str, Any]) -> Grammar:
    said = table["clauses"]
    sets = {
        name: _folded(words)
        for name, words in said.items()
        if name not in ("words", "resolution", "symbols", "abbreviations")
    }
    return Grammar(
        negations=_folded(table["negations"]["words"]),
        clauses=_folded(said["words"]),
        abbreviations=frozenset(map(folded_word, said["abbreviations"])),
        resolution=tuple(said["resolution"]),
        symbols=tuple(said["symbols"]),
        **sets,
    )
