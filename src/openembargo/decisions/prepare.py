"""From a deal to the facts that one regime is asked about: defaults filled in, derived facts computed, names screened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from openembargo.law.model import Regime
from openembargo.lists.printed import birth_date
from openembargo.screening.births import compare
from openembargo.screening.names import Alert, Listed, NameIndex
from openembargo.terms.deal import Deal, Row, Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.numbers import fault, plain
from openembargo.terms.vocabulary import FACTS, TABLES, facts_of

from .looking import Look

GOODS_CONDUCTS = frozenset({"import", "export", "transit", "return_for_repair", "ship_to_ship_transfer", "carry_cargo"})
"""Conducts that move goods: without a line of goods the deal does not say which."""

VESSEL_CONDUCTS = frozenset(
    {
        "ship_to_ship_transfer",
        "charter_vessel",
        "crew_vessel",
        "insure_vessel",
        "classify_vessel",
        "register_vessel",
        "own_vessel",
        "service_vessel",
        "bunker_vessel",
        "port_call",
    }
)
"""Conducts about a ship: without a vessel the deal does not say which."""

MOST_AHEAD = 100
"""Rows that may be left empty before one that is set."""
PIECES = frozenset({"piece", "pair", "head"})


@dataclass(frozen=True, slots=True)
class Screened:
    """What screening found for one party or vessel."""

    path: str
    how: str
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A deal ready to be judged under one regime."""

    deal: Deal
    screened: tuple[Screened, ...]


Days = tuple[date, date | None]
"""As of which day a party must have been listed, and by which day people must have decided about hits."""


class Preparer:
    """Prepares deals for one regime."""

    def __init__(self, regime: Regime, look: Look | None = None) -> None:
        """Index the regime's own annexes.

        Args:
            regime: The regime.
            look: Finds listings under other spellings and in loaded lists; without it only exact names are found.
        """
        self.regime = regime
        self._look = look
        self._seen: dict[tuple[str, str], bool] = {}
        self._parties = {party.ref: party for party in regime.parties}
        self._vessels = {_vessel_ref(v.imo, v.names[0]): v for v in regime.vessels}
        self._party_index = NameIndex(
            Listed(p.ref, p.names, p.weak_names, p.listed_on, p.delisted_on) for p in regime.parties
        )
        self._vessel_index = NameIndex(
            Listed(ref, v.names, (), v.designated_on, v.delisted_on, v.imo) for ref, v in self._vessels.items()
        )

    def days(self) -> tuple[date, ...]:
        """Return the days on which the loaded lists of this regime changed."""
        return self._look.days(self.regime) if self._look else ()

    def lists(self, on: date) -> tuple[str, ...]:
        """Return the lists that names are looked up in."""
        own = (f"{self.regime.id}.annexes",) if self._parties or self._vessels else ()
        return (*own, *(self._look.lists(self.regime, on) if self._look else ()))

    def is_named(self, section: str, text: str) -> bool:
        """Tell whether a name or number stands on the regime's lists, on whatever day."""
        index = self._party_index if section == "party" else self._vessel_index
        return index.knows(text) or self._resembles(section, text)

    def knows(self, section: str, keys: Iterable[str]) -> bool:
        """Tell whether one of the keys of a name or number stands in the regime's annexes, on whatever day."""
        return (self._party_index if section == "party" else self._vessel_index).holds(keys)

    def _resembles(self, section: str, text: str) -> bool:
        """Tell whether a name resembles a listing's, on whatever day; remembered, for batches ask again and again."""
        if self._look is None or (text.isdigit() and section != "vessel"):
            return False
        if (section, text) not in self._seen:
            self._seen[section, text] = self._look.resembles(self.regime, section, text)
        return self._seen[section, text]

    def has_lists(self, on: date) -> bool:
        """Tell whether there is any list in which names are looked up for this regime."""
        return bool(self._parties or self._vessels or (self._look and self._look.lists(self.regime, on)))

    def holds(self, section: str, row: Row, on: date, known_on: date | None = None) -> bool:
        """Tell whether the regime's lists surely hold the name or number of a row on a day."""
        name, imo, _ = _ship(row)
        if not name and not imo:
            return False
        index = self._party_index if section == "party" else self._vessel_index
        alerts = self._not_ruled_out(section, row, index.find(on, name, imo), known_on)
        if not alerts and self._look:
            alerts = self._look.alerts(self.regime, section, row, on, known_on)
        return any(alert.certain for alert in alerts)

    def _not_ruled_out(
        self, section: str, row: Row, alerts: tuple[Alert, ...], known_on: date | None
    ) -> tuple[Alert, ...]:
        """Return alerts without the listings that a person has told apart from the party; a number that agrees stays."""
        if not alerts or not self._look:
            return alerts
        apart = self._look.ruled_out(self.regime, section, row, known_on)
        return tuple(alert for alert in alerts if alert.by == "identifier" or alert.ref not in apart)

    def prepare(self, deal: Deal, on: date) -> Prepared:
        """Fill in defaults and derived facts, and screen parties and vessels that say nothing on designation."""
        return self.screen(fill(deal), on)

    def screen(self, filled: Deal, on: date, known_on: date | None = None) -> Prepared:
        """Screen the parties and vessels of a deal that is filled in already.

        Args:
            filled: The deal.
            on: Day as of which they must have been listed.
            known_on: Day by which people must have decided about hits.
        """
        screened: list[Screened] = []
        prepared = replace(
            filled,
            party=tuple(self.party(i, row, (on, known_on), screened) for i, row in enumerate(filled.party)),
            vessel=tuple(self.vessel(i, row, (on, known_on), screened) for i, row in enumerate(filled.vessel)),
        )
        return Prepared(prepared, tuple(screened))

    def party(self, index: int, row: Row, days: Days, screened: list[Screened]) -> Row:
        """Screen one party."""
        path, name = f"party[{index}]", str(row.get("name", ""))
        on, known_on = days
        alerts = self._party_index.find(on, name) if name else ()
        alerts = self._not_ruled_out("party", row, alerts, known_on)
        if row.get("born"):
            alerts = tuple(self._born_otherwise(alert, str(row["born"])) for alert in alerts)
        if self._look and not any(a.certain for a in alerts) and "designated" not in row:
            known = {alert.ref for alert in alerts}
            alerts = (*alerts, *(a for a in self._look.alerts(self.regime, "party", row, *days) if a.ref not in known))
            alerts = tuple(sorted(alerts, key=lambda alert: not alert.certain))
        if "designated" not in row:
            screened.append(Screened(path, "by name" if name else "no name given", alerts))
            certain = next((alert for alert in alerts if alert.certain), None)
            if alerts and certain is None:
                return row
            row = {**row, "designated": certain is not None}
        else:
            screened.append(Screened(path, "as the deal says", alerts))
        if row["designated"] and alerts:
            party = self._parties.get(alerts[0].ref)
            by = {"designated_by": party.provision} if party else {}
            return {**row, **by, "designation_ref": alerts[0].ref}
        return row

    def _born_otherwise(self, alert: Alert, born: str) -> Alert:
        """Return an alert that is no longer certain when the listed party was born on another day."""
        printed = self._parties[alert.ref].birth_dates.split("|")
        listed = [birth_date(text.strip()) for text in printed if text.strip()]
        if compare(born, listed) != "conflicts":
            return alert
        told = f"birth date (listed: {', '.join(b.printed for b in listed)}; it conflicts)"
        return replace(alert, by=f"{alert.by}, birth date conflicts", certain=False, tells=(told,))

    def _once_named(self, row: Row, on: date) -> tuple[Alert, ...]:
        """Return the listed ships whose names a ship without a number once bore: likenesses, for names are not unique."""
        former = row.get("former_names")
        names = former if isinstance(former, tuple) else ()
        found = {alert.ref: alert for name in names for alert in self._vessel_index.find(on, name)}
        return tuple(
            replace(alert, by="likeness", certain=False, tells=(f"former name {alert.matched}",))
            for alert in found.values()
        )

    def vessel(self, index: int, row: Row, days: Days, screened: list[Screened]) -> Row:
        """Look one vessel up by IMO number and name; another number tells ships of the same name apart."""
        path = f"vessel[{index}]"
        on, known_on = days
        name, imo, wrong = _ship(row)
        alerts = self._vessel_index.find(on, name, imo) if name or imo else ()
        if imo:
            alerts = tuple(a for a in alerts if a.by == "identifier" or not self._vessels[a.ref].imo)
        if not alerts and not imo:
            alerts = self._once_named(row, on)
        alerts = self._not_ruled_out("vessel", row, alerts, known_on)
        if self._look and not alerts and (name or imo) and "designated" not in row:
            found = self._look.alerts(self.regime, "vessel", row, on, known_on)
            own = {ref for ref, vessel in self._vessels.items() if vessel.imo}
            alerts = tuple(a for a in found if not imo or a.by == "identifier" or a.ref not in own)
        if "designated" not in row:
            how = "by IMO number and name" if name or imo else "no name or number given"
            screened.append(Screened(path, f"by name; {wrong}" if wrong else how, alerts))
            if wrong and not alerts:
                return row
            if alerts and not any(a.certain or a.by != "likeness" for a in alerts):
                return row
            row = {**row, "designated": bool(alerts)}
        else:
            screened.append(Screened(path, "as the deal says", alerts))
        if not row["designated"]:
            return row
        if alerts:
            listed = self._vessels.get(alerts[0].ref)
            if listed is None:
                return {**row, "designation_ref": alerts[0].ref} if "vessel.designation_ref" in FACTS else row
            row = {"designated_measures": listed.measures, **row, "designated_by": listed.provision}
        return row


def _ship(row: Row) -> tuple[str, str, str]:
    """Return name, IMO number and what is wrong with the number; a number that fails its check digit is not looked up."""
    name, imo = str(row.get("name", "")), plain("imo", str(row.get("imo", "")))
    wrong = fault("imo", imo) if imo else ""
    return name, "" if wrong else imo, wrong


def fill(deal: Deal) -> Deal:
    """Fill in the defaults and what follows from what a deal says; the same for every regime."""
    stated = deal.top.get("conduct")
    conducts = frozenset(stated) if isinstance(stated, tuple) else GOODS_CONDUCTS | VESSEL_CONDUCTS
    goods: tuple[Row, ...] = deal.goods or (({},) if conducts & GOODS_CONDUCTS else ())
    vessels: tuple[Row, ...] = deal.vessel or (({},) if conducts & VESSEL_CONDUCTS else ())
    return replace(
        deal,
        goods=tuple(_goods(row) for row in goods),
        party=tuple(_party(row) for row in deal.party),
        vessel=tuple(_defaults("vessel", row) for row in vessels),
        facts=_defaults("facts", deal.facts),
    )


def _vessel_ref(imo: str, name: str) -> str:
    return f"IMO {imo}" if imo else name


@cache
def _defaults_of(section: str) -> dict[str, Value]:
    return {f.name: f.default for f in facts_of(section).values() if f.default is not None}


def _defaults(section: str, row: Row) -> dict[str, Value]:
    return {**_defaults_of(section), **row}


def _goods(row: Row) -> Row:
    filled = _defaults("goods", row)
    if "unit_value_usd" not in filled and row.get("unit") in PIECES:
        value, quantity = row.get("value_usd"), row.get("quantity")
        if value is not None and quantity:
            filled["unit_value_usd"] = Decimal(str(value)) / Decimal(str(quantity))
    return filled


def _party(row: Row) -> Row:
    return {"located_in": row["country"], **row} if "country" in row else row


def changed(deal: Deal, path: str, value: Value | None) -> Deal:
    """Return the deal with one fact set, or taken away when the value is None.

    Args:
        deal: The deal.
        path: `goods[0].hs`, `facts.performed`, `deal.on`.
        value: The new value.

    Raises:
        InputError: A row so far beyond the last that no deal has it.
    """
    section, _, name = path.partition(".")
    base, _, index = section.rstrip("]").partition("[")
    if base in TABLES:
        rows = list(getattr(deal, base))
        at = int(index or 0)
        if at > len(rows) + MOST_AHEAD:
            raise InputError(
                [Mistake(path, f"there are {len(rows)} rows of {base}", "a row of the deal, or the next one")]
            )
        rows += [{}] * (at + 1 - len(rows))
        rows[at] = _with(rows[at], name, value)
        return _replaced(deal, base, tuple(rows))
    field = "top" if base == "deal" else base
    return _replaced(deal, field, _with(getattr(deal, field), name, value))


def _replaced(deal: Deal, field: str, value: object) -> Deal:
    parts: dict[str, Any] = {field: value}
    return replace(deal, **parts)


def value_at(deal: Deal, path: str) -> Value | None:
    """Return the value of a fact by its path; None when it is unknown."""
    section, _, name = path.partition(".")
    base, _, index = section.rstrip("]").partition("[")
    rows = deal.rows(base)
    at = int(index or 0)
    return rows[at].get(name) if at < len(rows) else None


def _with(row: Mapping[str, Value], name: str, value: Value | None) -> Row:
    kept = {key: old for key, old in row.items() if key != name}
    return kept if value is None else {**kept, name: value}
