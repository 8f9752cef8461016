"""Numbers that name a party alone, looked up before any name."""

from collections.abc import Iterable

from openembargo.lists.entry import Entry, Identifier
from openembargo.terms.numbers import plain

STRONG = frozenset({"imo", "bic", "lei", "wallet", "aircraft_serial", "aircraft_tail", "mmsi"})
"""Numbers that are unique in the world; the others are unique within a country and document type only."""
SHORTEST = 5
"""Shorter numbers name nobody alone."""


class IdentifierIndex:
    """Finds entries by number."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Index every number of the entries."""
        self._held: dict[str, list[tuple[int, Identifier]]] = {}
        for place, entry in enumerate(entries):
            for identifier in entry.identifiers:
                key = plain(identifier.kind, identifier.value)
                if len(key) >= SHORTEST:
                    self._held.setdefault(key, []).append((place, identifier))

    def find(self, kind: str, value: str) -> tuple[tuple[int, Identifier], ...]:
        """Return places of entries with this number; of the same kind where both kinds are known."""
        found = self._held.get(plain(kind, value), ())
        return tuple((place, held) for place, held in found if not kind or held.kind in (kind, "other"))
