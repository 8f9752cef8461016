"""Goods lines as flat rows: which fact a column holds, how its cells are read, and which values the law tells apart."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from openembargo.law.conditions import Compare, DaysSince, FactRef, Mentions, Sum, walk
from openembargo.law.evaluate import fold
from openembargo.law.goods_scope import GoodsScope, under
from openembargo.law.model import Regime
from openembargo.law.regime_conditions import conditions_of
from openembargo.terms.deal import Deal, Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.fact import Fact, FactType
from openembargo.terms.numbers import fault, plain
from openembargo.terms.read_deal import read_fact
from openembargo.terms.vocabulary import FACTS, by_bare_name, facts_of

from .completions import Completions
from .prepare import Preparer

KEPT = "x_"
"""Columns with this prefix are the user's own: carried along, never read."""
SEPARATORS = re.compile(r"[|;]")
TRUE_WORDS = frozenset({"true", "yes", "1"})
FALSE_WORDS = frozenset({"false", "no", "0"})
IDENTIFYING = frozenset({"party.born", "party.passport", "party.registration", "party.bic", "party.lei"})
"""Facts that tell namesakes apart: each value is a region of its own."""
UNREAD = frozenset(
    {"deal.id", "deal.notes", "goods.description", "deal.known_on", "deal.regimes", "goods.hs_edition", "party.iban"}
    | {"vessel.mmsi", "vessel.call_sign", "vessel.aircraft_mark"}
)
"""Facts that no condition reads."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of goods lines.

    Attributes:
        name: Its name in the file.
        fact: The fact that it holds.
        role: For a party's fact, the role of the party.
    """

    name: str
    fact: Fact
    role: str = ""

    @property
    def is_free(self) -> bool:
        """Whether its cells are free text that no condition reads."""
        return self.fact.type is FactType.TEXT and self.fact.path in UNREAD

    @property
    def is_number(self) -> bool:
        """Whether its cells are amounts, judged by arithmetic and not one by one."""
        return self.fact.type is FactType.DECIMAL


def read_columns(names: Iterable[str], source: str) -> tuple[Column, ...]:
    """Return the facts that a table's columns hold.

    Raises:
        InputError: With every column that is no fact, and the nearest name that is.
    """
    known = {name: found for name, found in _column_names()}
    columns, mistakes = [], []
    for name in names:
        if name.startswith(KEPT):
            continue
        if name in known:
            columns.append(Column(name, *known[name]))
            continue
        close = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]!r}? " if close else ""
        mistakes.append(
            Mistake(f"{source}: column {name!r}", "is no fact", f"{hint}name columns of your own with {KEPT} in front")
        )
    if mistakes:
        raise InputError(mistakes)
    return tuple(columns)


def _column_names() -> Iterable[tuple[str, tuple[Fact, str]]]:
    for role in FACTS["party.role"].one_of:
        for name, fact in facts_of("party").items():
            if name != "role" and not fact.derived:
                yield f"{role}_{name}", (fact, str(role))
    for fact in FACTS.values():
        if fact.section not in ("deal", "party") and not fact.derived:
            yield f"{fact.section}_{fact.name}", (fact, "")
    for name, fact in by_bare_name().items():
        if fact.section != "party" and not fact.derived:
            yield name, (fact, "")
    for section in ("deal", "goods"):
        for name, fact in facts_of(section).items():
            yield name, (fact, "")


def read_cell(column: Column, text: str) -> Value:
    """Read one cell.

    Raises:
        InputError: When it is no value of the column's fact; the same words as for a deal file.
    """
    return read_fact(column.fact, _typed(column.fact, text.strip()), f"column {column.name}")


def _typed(fact: Fact, text: str) -> object:
    if fact.type is FactType.BOOLEAN:
        word = text.lower()
        return word in TRUE_WORDS if word in TRUE_WORDS | FALSE_WORDS else text
    if fact.type.is_list:
        return [part.strip() for part in SEPARATORS.split(text.strip("[]")) if part.strip()]
    if fact.type in (FactType.DECIMAL, FactType.INTEGER):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        whole = number.is_finite() and number == number.to_integral_value()
        return int(number) if whole and fact.type is FactType.INTEGER else number
    return text[:10] if fact.type is FactType.DATE and re.match(r"\d{4}-\d\d-\d\d 00:00:00", text) else text


def deal_of(columns: Iterable[Column], cells: Mapping[str, str | None]) -> Deal:
    """Return the deal of one row."""
    parts: dict[str, dict[str, Value]] = {}
    parties: dict[str, dict[str, Value]] = {}
    for column in columns:
        text = cells.get(column.name)
        if text is None or not text.strip():
            continue
        row = (
            parties.setdefault(column.role, {"role": column.role})
            if column.role
            else parts.setdefault(column.fact.section, {})
        )
        row[column.fact.name] = read_cell(column, text)
    return Deal(
        top=parts.get("deal", {}),
        goods=(parts["goods"],) if "goods" in parts else (),
        party=tuple(parties.values()),
        vessel=(parts["vessel"],) if "vessel" in parts else (),
        route=parts.get("route", {}),
        finance=parts.get("finance", {}),
        undertaking=parts.get("undertaking", {}),
        facts=parts.get("facts", {}),
    )


class Regions:
    """Which values of a fact the law tells apart: two values of one region lead to the same answer, whatever else is known."""

    def __init__(
        self,
        law: Regime,
        scope: GoodsScope,
        preparers: Sequence[Preparer],
        has_notice: bool,
        identified: bool = False,
    ) -> None:
        """Collect what the law compares facts with.

        Args:
            law: The regime, or several joined.
            scope: Its goods lists.
            preparers: Those of its regimes; they know the listed names.
            has_notice: Whether the table says who notified: then every State stands for itself.
            identified: Whether the table has birth dates or numbers of parties: then every name stands for itself.
        """
        self.scope = scope
        self.preparers = tuple(preparers)
        self.targets = frozenset(one.regime.target for one in preparers if one.regime.target)
        self.has_notice = has_notice
        self.identified = identified
        self.literals = Completions.of(law, scope).literals
        self.exact = _compared_with_facts(law)
        own = (day for one in preparers for day in (*turning_days(one.regime), *one.days()))
        self.days = tuple(sorted({*turning_days(law), *own}))
        self._mentioned = _mentioned(law)
        self._entries = [row for goods in law.goods_lists for row in goods.rows]

    def region(self, column: Column, value: Value) -> str:
        """Return a name of the region that a value lies in."""
        fact = column.fact
        if fact.path in UNREAD or column.is_number:
            return ""
        if fact.path == "deal.on":
            return str(bisect_right(self.days, value))
        if fact.path in self.exact:
            return str(value)
        if fact.type is FactType.HS:
            return self.heading(str(value))
        if fact.name in ("name", "imo"):
            text = plain("imo", str(value)) if fact.name == "imo" else str(value)
            if fact.name == "imo" and fault("imo", text):
                return f"no number {text}"
            named = self.identified or any(one.is_named(fact.section, text) for one in self.preparers)
            return text if named or self.mentions(fact.path, text) else "not listed"
        if fact.path in IDENTIFYING:
            return str(value)
        if fact.type is FactType.DATE:
            marks = sorted(d for d in self.literals.get(fact.path, set()) if isinstance(d, date))
            return f"{bisect_right(marks, value)}{value in marks}"
        if fact.type in (FactType.COUNTRY, FactType.PLACE):
            return self.place(fact, str(value))
        return str(value)

    def mentions(self, path: str, text: str) -> bool:
        """Tell whether some condition asks for words that a text holds."""
        words = self._mentioned.get(path)
        return bool(words) and any(word in fold(text) for word in words or ())

    def heading(self, code: str) -> str:
        """Return how a tariff code stands to every heading of the goods lists, and which products it allows."""
        digits = code.replace(".", "").replace(" ", "")
        signs = {True: "1", False: "0", None: "?"}
        stands = "".join(signs[under(digits, entry.hs)] if entry.hs else "-" for entry in self._entries)
        return f"{stands} {' '.join(self.scope.possible_products({'hs': code}))}"

    def place(self, fact: Fact, text: str) -> str:
        """Return a country or place, or `another` when the law names neither it nor its country."""
        named = {str(v) for v in self.literals.get(fact.path, set())} | self.targets
        named |= {
            name
            for path, values in self.literals.items()
            if FACTS[path].type is FactType.COUNTRY
            for name in map(str, values)
        }
        if text in named:
            return text
        if fact.type is FactType.PLACE:
            return text[:2] if text[:2] in named else "another"
        stands_for_itself = self.has_notice and fact.path in ("deal.seen_from", "goods.origin")
        return text if stands_for_itself else "another"


def _compared_with_facts(regime: Regime) -> frozenset[str]:
    """Return the facts, amounts apart, that some condition compares with another fact: every value is a region of its own."""
    found: set[str] = set()
    for node in conditions_of(regime):
        for part in walk(node):
            if isinstance(part, Compare) and isinstance(part.right, FactRef | Sum | DaysSince):
                found |= {ref.path for ref in (part.left, part.right) if isinstance(ref, FactRef)}
            if isinstance(part, Compare) and isinstance(part.left, DaysSince):
                found |= {part.left.fact.path, "deal.on"}
    return frozenset(path for path in found if FACTS[path].type is not FactType.DECIMAL)


def _mentioned(regime: Regime) -> dict[str, frozenset[str]]:
    """Return the words that conditions look for in texts, by fact."""
    found: dict[str, frozenset[str]] = {}
    for node in conditions_of(regime):
        for part in walk(node):
            if isinstance(part, Mentions):
                words = frozenset(fold(word) for word in part.words)
                found[part.fact.path] = found.get(part.fact.path, frozenset()) | words
    return found


def turning_days(regime: Regime) -> tuple[date, ...]:
    """Return the first days of the spans within which no law, list or cap changes."""
    day = timedelta(days=1)
    marks: set[date] = {regime.covered_from}
    spans = [(v.first_day, v.last_day) for m in regime.measures for v in m.versions]
    spans += [(e.first_day, e.last_day) for m in regime.measures for e in m.exemptions]
    spans += [(r.first_day, r.last_day) for g in regime.general for r in g.routes]
    spans += [(p.listed_on, p.delisted_on) for p in regime.parties]
    spans += [(v.designated_on, v.delisted_on) for v in regime.vessels]
    for first, last in spans:
        marks |= {first} | ({last + day} if last else set())
    for cap in regime.caps:
        for period in cap.periods:
            marks |= {period.first_day} | ({period.last_day + day} if period.last_day else set())
            if period.repeats:
                years = range(period.first_day.year, regime.checked.year + 3)
                marks |= {period.first_day.replace(year=year) for year in years}
    for node in conditions_of(regime):
        for part in walk(node):
            if isinstance(part, Compare) and isinstance(part.right, date):
                marks |= {part.right, part.right + day}
    return tuple(sorted(marks))
