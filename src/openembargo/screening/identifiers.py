"""Numbers that name a party alone: cleaned, checked by their check digits, and looked up before any name."""

import re
from collections.abc import Iterable

from stdnum import bic, imo, lei
from stdnum.exceptions import ValidationError

from openembargo.lists.entry import Entry, Identifier

STRONG = frozenset({"imo", "bic", "lei", "wallet", "aircraft_serial", "aircraft_tail", "mmsi"})
"""Numbers that are unique in the world; the others are unique within a country and document type only."""
SHORTEST = 5
"""Shorter numbers name nobody alone."""
_NOISE = re.compile(r"[^0-9A-Z]")
BIC_HEAD = 8
"""The first eight letters of a BIC name the institution, the rest its branch. Source: ISO 9362."""


def plain(kind: str, value: str) -> str:
    """Return a number without spaces, marks and case; a BIC without its branch, an IMO number without its letters."""
    if kind == "wallet":
        return value.strip()
    bare = _NOISE.sub("", value.upper())
    if kind == "imo":
        return bare.removeprefix("IMO")
    return bare[:BIC_HEAD] if kind == "bic" else bare


def fault(kind: str, value: str) -> str:
    """Return what is wrong with a number by its own check digits, or an empty text.

    Source: python-stdnum (IMO resolution A.1117(30), ISO 17442, ISO 9362).
    """
    checks = {"imo": imo, "lei": lei, "bic": bic}
    module = checks.get(kind)
    if module is None:
        return ""
    try:
        module.validate(value)
    except ValidationError as error:
        return f"{kind.upper()} {value!r}: {error}"
    return ""


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
