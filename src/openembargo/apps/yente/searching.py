"""Searching by text: listings that hold its words, or whose names it resembles."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anyascii import anyascii

from openembargo.apps.doors.desks import Desks
from openembargo.lists.entry import Entry
from openembargo.terms.countries import country_name

from .entities import NATION, Plain, is_a
from .matching import resembling
from .scope import Scope, Shown, refused

FACETS = {"countries": "Countries", "topics": "Topics", "datasets": "Data sources", "schema": "Schemata"}
SORTS = ("caption", "first_seen", "last_change", "id")
FUZZY_SHARE = 0.5
"""Share of the alert threshold from which a name is found that is only asked for loosely."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is searched for.

    Attributes:
        text: Words; none finds everything.
        schema: Schema that a listing must be.
        countries: Codes of which it must have one.
        fuzzy: Whether names that are only somewhat alike are found too.
        sort: `field:asc` or `field:desc`.
    """

    text: str
    schema: str
    countries: tuple[str, ...]
    fuzzy: bool
    sort: tuple[str, ...]


def sought(desks: Desks, held: Shown, asked: Sought, scope: Scope, threshold: float) -> list[Plain]:
    """Return the listings that are searched for, best first."""
    entries = held.desk.screener.entries
    words = _folded(asked.text).split()
    found = {str(entity["id"]): entity for entity in (held.entity(e) for e in entries if _holds(e, words))}
    if words:
        floor = threshold * FUZZY_SHARE if asked.fuzzy else threshold
        near = {str(entity["id"]): entity for _, entity in resembling(desks, held, asked.text, floor)}
        found = near | found
    wanted = {code.lower() for code in asked.countries}
    rows = [
        entity
        for entity in found.values()
        if is_a(entity, asked.schema) and scope.holds(entity) and (not wanted or wanted & set(countries_of(entity)))
    ]
    for one in reversed(asked.sort):
        rows = _sorted(rows, one)
    return rows


def _sorted(rows: list[Plain], one: str) -> list[Plain]:
    field, _, way = one.partition(":")
    if field not in SORTS or way not in ("", "asc", "desc"):
        raise refused(f"sort: found {one!r}; {', '.join(SORTS)}, with :asc or :desc")
    return sorted(rows, key=lambda entity: str(entity[field] or ""), reverse=way == "desc")


def _holds(entry: Entry, words: Sequence[str]) -> bool:
    """Tell whether one name, reference or number of a listing holds all words."""
    said = (*(name.text for name in entry.names), entry.id, *(number.value for number in entry.identifiers))
    return not words or any(all(word in text for word in words) for text in map(_folded, said))


def _folded(text: str) -> str:
    return anyascii(text).casefold()


def countries_of(entity: Plain) -> list[str]:
    """Return the codes of an entity's countries, small letters."""
    properties = entity["properties"]
    assert isinstance(properties, dict)
    return [code for name in dict.fromkeys(NATION.values()) for code in properties.get(name, [])]


def faceted(rows: Iterable[Plain], names: Iterable[str]) -> Plain:
    """Return how many listings have which countries, topics, datasets and schemata."""
    held = list(rows)
    facets: Plain = {}
    for name in names:
        if name not in FACETS:
            raise refused(f"facets: found {name!r}; one of {', '.join(FACETS)}")
        counts = Counter(value for entity in held for value in _values(entity, name))
        facets[name] = {
            "label": FACETS[name],
            "values": [
                {"name": value, "label": country_name(value.upper()) if name == "countries" else value, "count": count}
                for value, count in counts.most_common(20)
            ],
        }
    return facets


def _values(entity: Plain, name: str) -> list[str]:
    properties = entity["properties"]
    assert isinstance(properties, dict)
    if name == "countries":
        return countries_of(entity)
    if name == "topics":
        return list(properties["topics"])
    if name == "datasets":
        held = entity["datasets"]
        assert isinstance(held, list)
        return held
    return [str(entity["schema"])]
