"""Which deals the law does not tell apart: deals with the same key have the same answer, whatever else they say.

The regions of single facts are those of tables (`columns.Regions`); amounts count only where a cap or a threshold asks for them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from openembargo.law.book import STALE_AFTER_DAYS, Book
from openembargo.law.conditions import WithinCap, walk
from openembargo.law.joined import joined
from openembargo.law.model import Regime
from openembargo.terms.deal import Deal, Row, Value
from openembargo.terms.fact import Fact, FactType
from openembargo.terms.numbers import fault, plain
from openembargo.terms.vocabulary import FACTS, SECTIONS, TABLES, facts_of

from .amounts import amount_tests
from .columns import IDENTIFYING, UNREAD, Column, Regions, turning_days
from .decide import Decider
from .determination import Determination
from .judge import Judge
from .prepare import PIECES
from .sieve import GOODS_AMOUNTS, WHAT_GOODS
from .standing import FLAGS

NAMES = ("name", "imo")
EXACT = frozenset({"deal.seen_from", "deal.known_on", "deal.regimes"})
"""Facts of which each value counts by itself."""
DAYS = frozenset(
    (fact.section, fact.name) for fact in FACTS.values() if fact.type is FactType.DATE and fact.path != "deal.on"
)
LEFT_OUT = WHAT_GOODS | {"piece"}
SKIPPED = {
    section: frozenset(
        name for name in facts_of(section)
        if (f"{section}.{name}" in UNREAD and f"{section}.{name}" not in EXACT)
        or (section == "goods" and name in GOODS_AMOUNTS)
    )
    for section in SECTIONS
}  # fmt: skip
"""Facts of each section that no key holds."""
TELLING = {section: frozenset(flags) | {"former_names"} for section, flags in FLAGS.items()}
"""Facts by which a row of parties or vessels may be a listed one without a name that is."""
MOST_ROWS = 200_000
Key = tuple[object, ...]
IsListed = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """A deal as the law sees it.

    Attributes:
        key: The same for deals that the law does not tell apart.
        bare: The key with what the goods are left out.
        places: For each line of goods which line of `deal` stands for it.
        deal: The deal with each kind of goods once.
        nameless: Whether none of its parties and vessels can be a listed one, and none is said to be.
    """

    key: Key
    bare: Key
    places: tuple[int, ...]
    deal: Deal
    nameless: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as the law sees it.

    Attributes:
        key: The same for rows that the law does not tell apart.
        nameless: Whether nobody in it can be a listed one, or is said to be.
        dated: Whether it tells a day.
    """

    key: Key
    nameless: bool
    dated: bool


class Situations:
    """Gives deals their keys."""

    def __init__(
        self,
        decider: Decider,
        is_listed: IsListed,
        *,
        has_notice: bool = True,
        stale_after: int = STALE_AFTER_DAYS,
    ) -> None:
        """Collect what the law tells apart.

        Args:
            decider: Whose answers are to be shared.
            is_listed: Tells whether a name or number of a party or vessel may be a listed one; its answers are remembered.
            has_notice: Whether deals may say who notified.
            stale_after: Days after which the book is too old.
        """
        law = joined(decider.book.regimes)
        judge = Judge(Book((law,)), law)
        preparers = [decider.preparer_of(regime) for regime in decider.book.regimes]
        self._regions = Regions(law, judge.scope, preparers, has_notice)
        self._law_days = _law_days(law, decider.book.regimes, stale_after)
        self._days = tuple(sorted({*self._law_days, *self._regions.days}))
        self._is_listed = is_listed
        tests = amount_tests((law,), {})
        self._pieces = tests.piece_values
        self._memory: dict[tuple[str, Value], int] = {}
        self._rows: dict[Key, Seen] = {}
        self._capped = frozenset(
            route.id for m in law.measures for route in m.exemptions
            if route.cap or _asks_cap(route.when)
        ) | frozenset(g.id for g in law.general if any(_asks_cap(r.when) for r in g.routes))  # fmt: skip
        amounts = {f"goods.{name}" for name in GOODS_AMOUNTS}
        sums = [{str(path) for path in (*test.terms, test.right)} for test in tests.sums]
        self._beside_amounts = [parts - amounts for parts in sums if parts & amounts]
        self._asks_caps = any(_asks_cap(version.when) for m in law.measures for version in m.versions)
        self._codes: dict[str, int] = {}

    def told(self, deal: Deal) -> "Told":
        """Return what the law sees of a deal, its amounts apart; lines of goods that it does not tell apart count once."""
        seen = {section: [self._row(section, row) for row in deal.rows(section)] for section in SECTIONS}
        goods = [one.key for one in seen["goods"]]
        first: dict[Key, int] = {}
        for place, row in enumerate(goods):
            first.setdefault(row, place)
        kept = sorted(first, key=_order) if len(first) > 1 else list(first)
        parts: list[object] = [seen["deal"][0].key, tuple(kept)]
        parts += [tuple(one.key for one in seen[section]) for section in TABLES[1:]]
        parts += [seen[section][0].key for section in ("route", "finance", "undertaking", "facts")]
        nameless = all(one.nameless for section in TABLES[1:] for one in seen[section])
        parts.append(self._day(deal, nameless=nameless))
        if self._asks_caps or any(all(_says(deal, path) for path in paths) for paths in self._beside_amounts):
            parts.append(self.amounts(deal))
        if any(one.dated for rows in seen.values() for one in rows):
            parts.append(deal.on)
        places = tuple(kept.index(row) for row in goods)
        like = (
            deal
            if len(kept) == len(goods) and places == tuple(range(len(kept)))
            else replace(deal, goods=tuple(deal.goods[first[row]] for row in kept))
        )
        bare = frozenset(tuple(pair for pair in row if pair[0] not in LEFT_OUT) for row in kept)  # type: ignore[index]
        return Told(tuple(parts), (parts[0], bare, *parts[2:]), places, like, nameless)

    def _day(self, deal: Deal, *, nameless: bool) -> int | None:
        """Return the span in which a day lies: of the law alone where nobody can be a listed one, else of law and lists."""
        return None if deal.on is None else bisect_right(self._law_days if nameless else self._days, deal.on)

    def amounts(self, deal: Deal) -> Key:
        """Return the amounts of a deal line by line, for answers that hang on a cap."""
        lines = tuple(self._row("goods", row).key for row in deal.goods)
        return (lines, *(tuple(row.get(name) for name in sorted(GOODS_AMOUNTS)) for row in deal.goods))

    def hangs_on_cap(self, answer: Determination) -> bool:
        """Tell whether a cap took part in an answer."""
        return any(tried.provision in self._capped for finding in answer.findings for tried in finding.exemptions)

    def _row(self, section: str, row: Row) -> "Seen":
        """Return what the law sees of a row; remembered."""
        skipped = SKIPPED[section]
        piece = self._piece(row) if section == "goods" else 0
        asked: Key = (section, piece, *[pair for pair in row.items() if pair[0] not in skipped])
        found = self._rows.get(asked)
        if found is None:
            if len(self._rows) > MOST_ROWS:
                self._rows.clear()
            found = self._rows[asked] = self._seen(section, row, piece)
        return found

    def _seen(self, section: str, row: Row, piece: int) -> "Seen":
        facts = facts_of(section)
        exact = any(f"{section}.{name}" in IDENTIFYING for name in row)
        nameless = not exact and not any(name in TELLING.get(section, ()) for name in row)
        found: list[tuple[str, object]] = []
        for name, value in row.items():
            path = f"{section}.{name}"
            if name in SKIPPED[section] or path == "deal.on":
                continue
            if section in ("party", "vessel") and name in NAMES:
                counts = exact or self._counts(section, name, str(value))
                nameless = nameless and not counts
                found.append((name, value if counts else ""))
            elif path in EXACT or path in IDENTIFYING or facts[name].type is FactType.DECIMAL:
                found.append((name, value))
            else:
                found.append((name, self._region(facts[name], value)))
        if section == "goods":
            found.append(("piece", piece))
        key = tuple(sorted(found, key=lambda pair: pair[0]))
        return Seen(key, nameless, any((section, name) in DAYS for name in row))

    def _counts(self, section: str, name: str, text: str) -> bool:
        """Tell whether a name or number counts by itself: it may be a listed one, it is no number, or a condition asks for its words."""
        if name == "imo":
            number = plain("imo", text)
            return bool(fault("imo", number)) or self._is_listed(section, text) or self._is_listed(section, number)
        return self._is_listed(section, text) or self._regions.mentions(f"{section}.name", text)

    def _region(self, fact: Fact, value: Value) -> int:
        """Return the number of the region that a value lies in."""
        key = (fact.path, value)
        found = self._memory.get(key)
        if found is None:
            if fact.type is FactType.PLACES and isinstance(value, tuple):
                text = "|".join(self._regions.place(fact, one) for one in value)
            else:
                text = self._regions.region(Column(fact.name, fact), value)
            found = self._memory[key] = self._codes.setdefault(text, len(self._codes))
        return found

    def _piece(self, row: Row) -> int:
        """Return between which thresholds the value of one piece lies; -1 when it is not known."""
        each = row.get("unit_value_usd")
        if each is None and row.get("unit") in PIECES and row.get("value_usd") is not None and row.get("quantity"):
            each = Decimal(str(row["value_usd"])) / Decimal(str(row["quantity"]))
        return -1 if each is None else bisect_left(self._pieces, Decimal(str(each)))


def _order(row: Key) -> str:
    return repr(row)


def _law_days(law: Regime, regimes: tuple[Regime, ...], stale_after: int) -> tuple[date, ...]:
    """Return the first days of the spans within which neither the law nor its being covered changes."""
    day = timedelta(days=1)
    marks = {*turning_days(law)}
    for regime in regimes:
        marks |= {regime.covered_from, regime.checked + day, regime.checked + day * (stale_after + 1)}
        marks |= {regime.began} if regime.began else set()
    return tuple(sorted(marks))


def _says(deal: Deal, path: str) -> bool:
    """Tell whether a deal says a fact; a number stands for itself."""
    section, _, name = path.partition(".")
    return section not in SECTIONS or any(name in row for row in deal.rows(section))


def _asks_cap(node: object) -> bool:
    return any(isinstance(part, WithinCap) for part in walk(node))  # type: ignore[arg-type]
