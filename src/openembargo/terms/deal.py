"""A deal: goods, parties, vessels, route, money and findings, as typed facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .origin import Origin

Value = str | bool | int | Decimal | date | tuple[str, ...]
"""A known fact. An unknown one is absent."""

Row = Mapping[str, Value]
"""The known facts of one line, party, vessel or section by name."""


@dataclass(frozen=True, slots=True)
class Deal:
    """What is judged. An absent fact is unknown; a fact known to be false, none or empty is written.

    Attributes:
        top: Facts of the deal itself (`deal.` in conditions).
        goods: One row a line of goods.
        party: One row a party.
        vessel: One row a ship or aircraft.
        route: Facts of the route.
        finance: Facts of the money.
        undertaking: Facts of joint ventures, work, training, property.
        facts: Findings, notices, approvals and totals.
        origins: Where in a paper each fact was read, by path such as `goods[0].hs` or `route.to`; empty for deal files.
    """

    top: Row = field(default_factory=dict)
    goods: tuple[Row, ...] = ()
    party: tuple[Row, ...] = ()
    vessel: tuple[Row, ...] = ()
    route: Row = field(default_factory=dict)
    finance: Row = field(default_factory=dict)
    undertaking: Row = field(default_factory=dict)
    facts: Row = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False)

    @property
    def on(self) -> date | None:
        """Day of the act that is judged."""
        day = self.top.get("on")
        return day if isinstance(day, date) else None

    @property
    def known_on(self) -> date | None:
        """Day by which things had to be on record to be used."""
        day = self.top.get("known_on")
        return day if isinstance(day, date) else None

    def rows(self, section: str) -> tuple[Row, ...]:
        """Return the rows of a section; a section without rows of its own has exactly one."""
        if section == "deal":
            return (self.top,)
        found = getattr(self, section)
        return found if isinstance(found, tuple) else (found,)

    def plain(self) -> dict[str, object]:
        """Return the deal as JSON holds it: days and numbers as text, empty sections left out."""
        plain: dict[str, object] = {name: _plain(value) for name, value in self.top.items()}
        for section in ("goods", "party", "vessel"):
            rows = getattr(self, section)
            if rows:
                plain[section] = [{n: _plain(v) for n, v in row.items()} for row in rows]
        for section in ("route", "finance", "undertaking", "facts"):
            row = getattr(self, section)
            if row:
                plain[section] = {n: _plain(v) for n, v in row.items()}
        return plain


def _plain(value: Value) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole else float(value)
    return list(value) if isinstance(value, tuple) else value


def plain_value(value: Value | None) -> object:
    """Return one fact as JSON holds it."""
    return None if value is None else _plain(value)
