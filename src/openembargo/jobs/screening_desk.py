"""Questions about names, vessels and banks: screeners stay open between them, one for each choice of lists and day, and are built anew when a list changes."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

from openembargo.lists.entry import KINDS
from openembargo.screening.births import span
from openembargo.screening.hits import Hit, Query
from openembargo.screening.scripts import is_mixed
from openembargo.storage import list_archive
from openembargo.storage.screening_settings import threshold
from openembargo.terms.countries import country_codes, nearest_country
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.numbers import fault

from .screen_names import Desk, open_desk, screen

MOST_OPEN = 6
Choice = tuple[tuple[str, ...], date, date | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is looked for, as typed.

    Attributes:
        name: Name in any script; may be empty beside a number.
        kind: One of `KINDS`, or empty.
        born: Birth date or year, or empty.
        country: Country code, or empty.
        number: Kind and number, such as `imo:1234567`, or empty.
    """

    name: str = ""
    kind: str = ""
    born: str = ""
    country: str = ""
    number: str = ""

    def query(self) -> Query:
        """Return what is looked for.

        Raises:
            InputError: With everything that is wrong.
        """
        wrong = []
        if self.kind and self.kind not in KINDS:
            wrong.append(Mistake("kind", repr(self.kind), f"one of {', '.join(KINDS)}"))
        if self.born and span(self.born) is None:
            wrong.append(Mistake("birth date", repr(self.born), "a year or a day such as 1970, 1970-05 or 1970-05-01"))
        if self.country and self.country.upper() not in country_codes():
            near = nearest_country(self.country)
            hint = f"; did you mean {near}?" if near else ""
            wrong.append(Mistake("country", repr(self.country), f"a country code of two letters{hint}"))
        pairs = []
        if self.number:
            kind, _, value = (part.strip() for part in self.number.partition(":"))
            told = fault(kind.lower(), value) if value else f"{self.number!r} names no kind"
            pairs = [(kind.lower(), value)]
            if told:
                wrong.append(Mistake("number", told, "kind and number with a valid check digit, such as imo:9074729"))
        if not any(sign.isalnum() for sign in self.name) and not pairs:
            wrong.append(Mistake("name", repr(self.name[:40]), "a name with letters or figures, or a number"))
        if wrong:
            raise InputError(wrong)
        return Query(self.name, self.kind, self.born, self.country.upper(), tuple(pairs))


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening one name found.

    Attributes:
        desk: Which lists were examined, and of which each hit is.
        hits: Best first, with their reasons.
        level: Score from which a hit is an alert.
        mixed: Whether a word mixes scripts that look alike.
    """

    desk: Desk
    hits: tuple[Hit, ...]
    level: float
    mixed: bool

    @property
    def alerts(self) -> bool:
        """Whether any hit is an alert."""
        return any(self.is_alert(hit) for hit in self.hits)

    def is_alert(self, hit: Hit) -> bool:
        """Tell whether a hit is an alert."""
        return hit.by == "identifier" or hit.score >= self.level


class ScreenDesk:
    """Answers questions about names from screeners that are kept open."""

    def __init__(self) -> None:
        """Start with none open."""
        self._open: OrderedDict[Choice, tuple[object, Desk]] = OrderedDict()
        self._busy = Lock()

    def desk(self, list_ids: Iterable[str], on: date, known_on: date | None = None) -> Desk:
        """Return the screener over chosen lists as of a day; see `screen_names.open_desk`.

        Raises:
            InputError: A list that is not loaded, or no entry on that day.
        """
        choice = (tuple(dict.fromkeys(list_ids)), on, known_on)
        stamp = list_archive.stamp()
        with self._busy:
            kept = self._open.get(choice)
            if kept is None or kept[0] != stamp:
                kept = (stamp, open_desk(*choice))
                self._open[choice] = kept
            self._open.move_to_end(choice)
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
        return kept[1]

    def screen(
        self, desk: Desk, queries: Sequence[Query], top: int, floor: float, explain: bool
    ) -> list[tuple[Hit, ...]]:
        """Return the hits of each query; one question at a time, for what a screener keeps is one thread's."""
        with self._busy:
            return screen(desk, queries, top, floor, explain)

    def ask(
        self, asked: Asked, on: date, known_on: date | None = None, top: int = 10, floor: float | None = None
    ) -> Screened:
        """Screen one name over the regimes' designations and every list that is loaded.

        Args:
            asked: Who is looked for.
            on: Day as of which a party must have been listed.
            known_on: Day by which it had to be published.
            top: Most hits.
            floor: Lowest score that is shown; None for the threshold.

        Raises:
            InputError: What is asked for is wrong.
        """
        query, level = asked.query(), threshold()
        desk = self.desk((), on, known_on)
        hits = self.screen(desk, [query], top, level if floor is None else floor, explain=True)[0]
        return Screened(desk, hits, level, is_mixed(asked.name))
