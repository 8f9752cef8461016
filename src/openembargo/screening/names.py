"""Named listed parties: recognised by their normalised name, on a day.

This is exact matching on cleaned names, in any order of the words. It finds no misspelling.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed party or vessel as screening needs it.

    Attributes:
        ref: Its reference on the list.
        names: Its names and good aliases, as printed.
        weak_names: Aliases that the list itself calls low quality.
        first_day: Day of listing.
        last_day: Last day on the list, or None.
        identifier: A number that names it alone, such as an IMO number.
    """

    ref: str
    names: tuple[str, ...]
    weak_names: tuple[str, ...]
    first_day: date
    last_day: date | None
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """A name or number that is on a list.

    Attributes:
        ref: Reference of the entry.
        matched: The printed name or number that agreed.
        by: `name`, `weak alias`, `identifier` or `likeness`, or what else was found.
        certain: Whether the match alone makes the party the listed one; a weak alias or a likeness does not.
        score: How alike the names are, between 0 and 1, where they only resemble each other.
        tells: What would tell the two parties apart.
    """

    ref: str
    matched: str
    by: str
    certain: bool
    score: float | None = None
    tells: tuple[str, ...] = ()


def name_key(name: str) -> str:
    """Return a name without case, accents, punctuation and order of words.

    Letters of other scripts are kept as they are.
    """
    plain = name.casefold()
    if not plain.isascii():
        spread = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return " ".join(sorted(words))


def solid_key(name: str) -> str:
    """Return a name's letters and digits in their order, so that `Ho-jin` and `Hojin` agree."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in spread if letter.isalnum())


def forms(name: str) -> tuple[str, ...]:
    """Return a printed name, and without what stands in brackets: `FOREIGN TRADE BANK (FTB)`."""
    bare = BRACKETS.sub(" ", name).strip()
    return (name, bare) if bare and bare != name else (name,)


def keys_of(text: str) -> tuple[str, str, str]:
    """Return the keys under which a name or identifier may stand in an index."""
    return name_key(text), solid_key(text), f"#{text}"


class NameIndex:
    """Finds the listed by name or number."""

    def __init__(self, listed: Iterable[Listed]) -> None:
        """Index the names of a list."""
        self._by_key: dict[str, list[tuple[Listed, str, str]]] = {}
        for entry in listed:
            for by, names in (("name", entry.names), ("weak alias", entry.weak_names)):
                for name in names:
                    for key in {key for form in forms(name) for key in (name_key(form), solid_key(form))}:
                        self._by_key.setdefault(key, []).append((entry, name, by))
            if entry.identifier:
                self._by_key.setdefault(f"#{entry.identifier}", []).append((entry, entry.identifier, "identifier"))

    def knows(self, text: str) -> bool:
        """Tell whether a name or identifier stands in the index, on whatever day."""
        return self.holds(keys_of(text))

    def holds(self, keys: Iterable[str]) -> bool:
        """Tell whether one of the keys of a name or identifier stands in the index; see `keys_of`."""
        return any(key in self._by_key for key in keys)

    def find(self, on: date, name: str = "", identifier: str = "") -> tuple[Alert, ...]:
        """Return the alerts for a name or identifier on a day, best first, one an entry."""
        keys = ([f"#{identifier}"] if identifier else []) + ([name_key(name), solid_key(name)] if name else [])
        found: dict[str, Alert] = {}
        for key in keys:
            for entry, printed, by in self._by_key.get(key, ()):
                on_list = entry.first_day <= on and (entry.last_day is None or on <= entry.last_day)
                if on_list and (entry.ref not in found or not found[entry.ref].certain):
                    found[entry.ref] = Alert(entry.ref, printed, by, certain=by != "weak alias")
        return tuple(sorted(found.values(), key=lambda alert: (not alert.certain, alert.ref)))


def best(alerts: Iterable[Alert], entries: Mapping[str, Listed]) -> Listed | None:
    """Return the entry of the first certain alert."""
    return next((entries[alert.ref] for alert in alerts if alert.certain), None)
