"""Which deals the law does not tell apart: deals with the same key have the same answer, whatever else they say.

The regions of single facts are those of tables (`columns.Regions`); amounts count only where a cap or a threshold asks for them.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from openembargo.law.book import Book
from openembargo.law.conditions import Found, GoodsIn, Node, Not, WithinCap, facts_in, walk
from openembargo.law.joined import joined
from openembargo.terms.deal import Deal, Row, Value
from openembargo.terms.fact import Fact, FactType
from openembargo.terms.vocabulary import FACTS, SECTIONS, TABLES, facts_of

from .amounts import amount_tests
from .columns import IDENTIFYING, UNREAD, Column, Regions
from .decide import Decider
from .determination import Determination
from .judge import Judge
from .prepare import PIECES

NAMES = ("name", "imo")
GOODS_AMOUNTS = frozenset({"quantity", "value_usd", "unit_value_usd"})
EXACT = frozenset({"deal.seen_from", "deal.known_on"})
"""Facts of which each value counts by itself."""
DAYS = frozenset(
    (fact.section, fact.name) for fact in FACTS.values() if fact.type is FactType.DATE and fact.path != "deal.on"
)
WHAT_GOODS = frozenset({"hs", "product", "material"})
"""Facts that say what goods are."""
LEFT_OUT = WHAT_GOODS | {"piece"}
Key = tuple[object, ...]
IsListed = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """A deal as the law sees it.

    Attributes:
        key: The same for deals that the law does not tell apart.
        places: For each line of goods which line of `deal` stands for it.
        deal: The deal with each kind of goods once.
        bare: The key with what the goods are left out.
    """

    key: Key
    bare: Key
    places: tuple[int, ...]
    deal: Deal


class Situations:
    """Gives deals their keys."""

    def __init__(self, decider: Decider, is_listed: IsListed, *, has_notice: bool = True) -> None:
        """Collect what the law tells apart.

        Args:
            decider: Whose answers are to be shared.
            is_listed: Tells whether a name or number of a party or vessel may be a listed one.
            has_notice: Whether deals may say who notified.
        """
        law = joined(decider.book.regimes)
        judge = Judge(Book((law,)), law)
        preparers = [decider.preparer_of(regime) for regime in decider.book.regimes]
        self._regions = Regions(law, judge.scope, preparers, has_notice)
        self._is_listed = is_listed
        tests = amount_tests((law,), {})
        self._pieces = tests.piece_values
        self._memory: dict[tuple[str, Value], int] = {}
        self._capped = frozenset(
            route.id for m in law.measures for route in m.exemptions
            if route.cap or _asks_cap(route.when)
        ) | frozenset(g.id for g in law.general if any(_asks_cap(r.when) for r in g.routes))  # fmt: skip
        amounts = {f"goods.{name}" for name in GOODS_AMOUNTS}
        sums = [{str(path) for path in (*test.terms, test.right)} for test in tests.sums]
        self._beside_amounts = [parts - amounts for parts in sums if parts & amounts]
        self._asks_caps = any(_asks_cap(version.when) for m in law.measures for version in m.versions)
        self._codes: dict[str, int] = {}
        conditions = [version.when for measure in law.measures for version in measure.versions]
        presumed = [node for one in conditions for node in walk(one) if isinstance(node, Found)]
        presumed = [node for node in presumed if _asks_goods(node)]
        self._presumes = any(not _is_plain(node) for node in presumed)
        self._presumed_lists = frozenset(
            part.goods_list for node in presumed for part in walk(node) if isinstance(part, GoodsIn)
        )
        self._judge = judge
        self._readings = judge.readings()
        self._plain_goods: dict[Key, bool] = {}

    def told(self, deal: Deal) -> "Told":
        """Return what the law sees of a deal, its amounts apart; lines of goods that it does not tell apart count once."""
        goods = [self._row("goods", row) for row in deal.goods]
        first: dict[Key, int] = {}
        for place, row in enumerate(goods):
            first.setdefault(row, place)
        kept = sorted(first, key=_order)
        parts: list[object] = [self._row("deal", deal.top), tuple(kept)]
        for section in TABLES[1:]:
            parts.append(tuple(self._row(section, row) for row in deal.rows(section)))
        parts += [self._row(s, deal.rows(s)[0]) for s in ("route", "finance", "undertaking", "facts")]
        if self._asks_caps or any(all(_says(deal, path) for path in paths) for paths in self._beside_amounts):
            parts.append(self.amounts(deal))
        if any((section, name) in DAYS for section in SECTIONS for row in deal.rows(section) for name in row):
            parts.append(deal.on)
        places = tuple(kept.index(row) for row in goods)
        like = replace(deal, goods=tuple(deal.goods[first[row]] for row in kept))
        bare = frozenset(tuple(pair for pair in row if pair[0] not in LEFT_OUT) for row in kept)  # type: ignore[index]
        plain = all(self._is_on_no_presumed_list(row) for row in like.goods)
        return Told(tuple(parts), (parts[0], bare, plain, *parts[2:]), places, like)

    def without_goods(self, deal: Deal) -> Deal | None:
        """Return a deal that does not say what its goods are; None where that could change what the law presumes.

        A condition that is false of it is false of every deal that says more: unknown facts leave it open, not false. Only
        `found` takes what is unknown as not so: goods that may be on a list that it asks about are not left out.
        """
        if self._presumes or not all(self._is_on_no_presumed_list(row) for row in deal.goods):
            return None
        rows = ({name: value for name, value in row.items() if name not in WHAT_GOODS} for row in deal.goods)
        return replace(deal, goods=tuple(rows))

    def _is_on_no_presumed_list(self, row: Row) -> bool:
        """Tell whether goods are surely on none of the lists that `found` asks about."""
        known = {name: value for name, value in row.items() if name in WHAT_GOODS}
        key = tuple(known.items())
        if key not in self._plain_goods:
            holds = self._judge.scope.holds
            self._plain_goods[key] = all(holds(name, known, self._readings) is False for name in self._presumed_lists)
        return self._plain_goods[key]

    def amounts(self, deal: Deal) -> Key:
        """Return the amounts of a deal line by line, for answers that hang on a cap."""
        lines = tuple(self._row("goods", row) for row in deal.goods)
        return (lines, *(tuple(row.get(name) for name in sorted(GOODS_AMOUNTS)) for row in deal.goods))

    def hangs_on_cap(self, answer: Determination) -> bool:
        """Tell whether a cap took part in an answer."""
        return any(tried.provision in self._capped for finding in answer.findings for tried in finding.exemptions)

    def _row(self, section: str, row: Row) -> Key:
        facts = facts_of(section)
        exact = any(f"{section}.{name}" in IDENTIFYING for name in row)
        found: list[object] = []
        for name, value in row.items():
            path = f"{section}.{name}"
            if path in UNREAD and path not in EXACT:
                continue
            if section == "goods" and name in GOODS_AMOUNTS:
                continue
            if section in ("party", "vessel") and name in NAMES:
                found.append((name, value if exact or self._is_listed(section, str(value)) else ""))
            elif path in EXACT or path in IDENTIFYING or facts[name].type is FactType.DECIMAL:
                found.append((name, value))
            else:
                found.append((name, self._region(facts[name], value)))
        if section == "goods":
            found.append(("piece", self._piece(row)))
        found.sort(key=lambda pair: pair[0])  # type: ignore[index]
        return tuple(found)

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


def _asks_goods(node: Found) -> bool:
    return any(isinstance(part, GoodsIn) or _names_goods(part) for part in walk(node))


def _is_plain(node: Found) -> bool:
    """Tell whether a `found` has the same answer for goods on none of its lists as for goods of which nothing is said."""
    return not any(isinstance(part, Not) or _names_goods(part) for part in walk(node))


def _names_goods(node: Node) -> bool:
    return any(ref.section == "goods" and ref.name in WHAT_GOODS for ref in facts_in(node))


def _says(deal: Deal, path: str) -> bool:
    """Tell whether a deal says a fact; a number stands for itself."""
    section, _, name = path.partition(".")
    return section not in SECTIONS or any(name in row for row in deal.rows(section))


def _asks_cap(node: object) -> bool:
    return any(isinstance(part, WithinCap) for part in walk(node))  # type: ignore[arg-type]
