"""Which measures touch a tariff code, on which days, and whether the code alone tells.

A measure touches a code when, for some conduct that moves goods, it could reach goods of that code, and could reach nothing if they
were not on its lists: what reaches goods of any kind (a freeze, a catch-all) touches no heading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from openembargo.goods.touch import Touch
from openembargo.law.conditions import (
    And,
    Compare,
    Const,
    Defined,
    Exists,
    FactRef,
    Found,
    GoodsIn,
    InList,
    Node,
    Not,
    Or,
    Reads,
    walk,
)
from openembargo.law.evaluate import OPS
from openembargo.law.goods_scope import GoodsScope, digits, under
from openembargo.law.model import GoodsRow, Measure, Regime, Version
from openembargo.terms.deal import Deal, Row

from .orient import RECEIVERS, SENDERS

DAY, CONDUCT = "deal.on", "deal.conduct"
MOVES = (
    "import", "export", "transit", "carry_cargo", "broker", "ship_to_ship_transfer", "return_for_repair", "loan_of_works",
)  # fmt: skip
"""Conducts that move goods."""


@dataclass(frozen=True, slots=True)
class _World:
    """What is taken to be so: goods lists that hold the line, day, readings (None: whatever reading reaches most), the one conduct."""

    lists: Mapping[str, bool]
    on: date
    readings: Mapping[str, str] | None
    conduct: str
    findings: bool
    """Whether a finding may be there; without it there is none."""


@dataclass(slots=True)
class GoodsReach:
    """The measures of some regimes by tariff code."""

    regimes: tuple[Regime, ...]
    _scopes: dict[str, GoodsScope] = field(default_factory=dict)
    _bound: dict[str, tuple[tuple[Measure, Version], ...]] = field(default_factory=dict)
    _kept: dict[str, tuple[Touch, ...]] = field(default_factory=dict)

    def touching(self, code: str) -> tuple[Touch, ...]:
        """Return the measures that touch a code of two to six digits without dots, by first day."""
        if code not in self._kept:
            found = [touch for regime in self.regimes for touch in self._of_regime(regime, {"hs": code})]
            self._kept[code] = tuple(sorted(found, key=lambda t: (t.regime, t.first_day, t.measure)))
        return self._kept[code]

    def _of_regime(self, regime: Regime, row: Row) -> list[Touch]:
        if regime.id not in self._scopes:
            self._scopes[regime.id] = GoodsScope.of(regime.goods_lists, regime.placing)
            self._bound[regime.id] = tuple((m, v) for m in regime.measures for v in m.versions if _lists(v.when))
        scope = self._scopes[regime.id]
        primary = {doubt.id: doubt.primary.id for doubt in regime.doubts}
        held = {one.name: _Held.of(scope, one.rows, row, primary) for one in regime.goods_lists}
        if not any(one.may for one in held.values()):
            return []
        found = []
        for measure, version in self._bound[regime.id]:
            names = [name for name in _lists(version.when) if held[name].may]
            if names:
                found += _touches(regime, measure, version, [held[name] for name in names], held)
        return found


@dataclass(frozen=True, slots=True)
class _Held:
    """How a line stands to one goods list.

    Attributes:
        may: Whether some row could match it, under some reading.
        read: Whether some row could match it under the primary readings.
        sure: Whether some row matches it under the primary readings.
        rows: The rows that match or could.
        open: Facts on which it hangs.
    """

    may: bool
    read: bool
    sure: bool
    rows: tuple[GoodsRow, ...]
    open: tuple[str, ...]

    @classmethod
    def of(cls, scope: GoodsScope, rows: Iterable[GoodsRow], line: Row, primary: Mapping[str, str]) -> "_Held":
        found = [(row, scope.matches(row, line)) for row in rows]
        kept = [(row, answer) for row, answer in found if answer is not False]
        read = [(row, answer) for row, answer in kept if not row.doubt or primary.get(row.doubt) == row.reading]
        sure = any(answer for _, answer in read)
        best = [row for row, answer in read if answer] or [row for row, _ in read] or [row for row, _ in kept]
        hangs = (
            ()
            if sure
            else tuple(dict.fromkeys(fact for row, a in kept if a is None for fact in _open(scope, row, line)))
        )
        return cls(bool(kept), bool(read), sure, tuple(best), hangs)


def _open(scope: GoodsScope, row: GoodsRow, line: Row) -> tuple[str, ...]:
    """Return the facts on which it hangs whether a line fulfils a row."""
    parts = (
        ("hs", row.hs and under(digits(line), row.hs) is None),
        ("product", row.products and scope.product(row, line) is None),
        ("material", row.materials),
        ("unit_value_usd", row.over_unit_value_usd is not None),
    )
    return tuple(name for name, waits in parts if waits)


def _lists(node: Node) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.goods_list for part in walk(node) if isinstance(part, GoodsIn)))


def _touches(
    regime: Regime, measure: Measure, version: Version, on_lists: list[_Held], held: Mapping[str, _Held]
) -> list[Touch]:
    primary = {doubt.id: doubt.primary.id for doubt in regime.doubts}
    found: list[Touch] = []
    for first, last in _spans(version):
        how = _how(version.when, held, first, primary)
        if not how:
            continue
        rows = [row for one in on_lists for row in one.rows]
        row = max(rows, key=lambda r: len(r.hs))
        hangs = () if how == "sure" else tuple(dict.fromkeys(fact for one in on_lists for fact in one.open))
        doubts = [row.doubt for row in rows if row.doubt] + [
            p.doubt for p in walk(version.when) if isinstance(p, Reads)
        ]
        touch = Touch(
            regime.id, regime.target, measure.id, measure.title, measure.effect, measure.direction, row.hs, row.label, row.basis,
            how == "sure", hangs, ", ".join(dict.fromkeys(doubts)) if how == "read" else "", first, last,
        )  # fmt: skip
        if (
            found
            and found[-1].last_day == first - timedelta(days=1)
            and replace(found[-1], first_day=first, last_day=last) == touch
        ):
            touch = replace(touch, first_day=found.pop().first_day)
        found.append(touch)
    return found


def _how(when: Node, held: Mapping[str, _Held], on: date, primary: Mapping[str, str]) -> str:
    """Return how goods bring a measure about: `sure`, `open` (it hangs on more of the line), `read` (under another reading), or not.

    They do where it could hold with them on its lists and could not without, for some conduct, with findings or with none.
    """
    none = dict.fromkeys(held, False)
    settings = [(conduct, findings) for conduct in MOVES for findings in (False, True)]
    bound = [one for one in settings if not could(when, _World(none, on, None, *one))]
    ways = (
        ("sure", {name: one.sure for name, one in held.items()}, primary),
        ("open", {name: one.read for name, one in held.items()}, primary),
        ("read", {name: one.may for name, one in held.items()}, None),
    )
    for how, lists, readings in ways:
        if any(could(when, _World(lists, on, readings, *one)) for one in bound):
            return how
    return ""


def _spans(version: Version) -> list[tuple[date, date | None]]:
    """Return the days of a version, cut where its own condition names a day."""
    cuts = {version.first_day}
    for part in walk(version.when):
        if isinstance(part, Compare) and _day_of(part) is not None:
            day = part.right
            assert isinstance(day, date)
            cuts |= {day, day + timedelta(days=1)}
    days = sorted(
        day for day in cuts if version.first_day <= day and (version.last_day is None or day <= version.last_day)
    )
    ends = [*(day - timedelta(days=1) for day in days[1:]), version.last_day]
    return list(zip(days, ends, strict=True))


def _day_of(node: Compare) -> date | None:
    named = isinstance(node.left, FactRef) and node.left.path == DAY
    return node.right if named and isinstance(node.right, date) else None


def could(node: Node, world: _World) -> bool:
    """Tell whether a condition could hold, whatever the facts are that the world does not say."""
    if isinstance(node, And):
        return all(could(part, world) for part in node.parts)
    if isinstance(node, Or):
        return any(could(part, world) for part in node.parts)
    if isinstance(node, Exists | Found | Defined):
        return could(node.of, world) and (world.findings or not isinstance(node, Found))
    if isinstance(node, Not):
        return not must(node.of, world)
    known = _known(node, world)
    return True if known is None else known


def must(node: Node, world: _World) -> bool:
    """Tell whether a condition holds, whatever the facts are that the world does not say."""
    if isinstance(node, And):
        return all(must(part, world) for part in node.parts)
    if isinstance(node, Or):
        return any(must(part, world) for part in node.parts)
    if isinstance(node, Exists | Found | Defined):
        return must(node.of, world) and (world.findings or not isinstance(node, Found))
    if isinstance(node, Not):
        return not could(node.of, world)
    return _known(node, world) is True


def _known(node: Node, world: _World) -> bool | None:
    if isinstance(node, Const):
        return node.value
    if isinstance(node, GoodsIn):
        return world.lists.get(node.goods_list, False)
    if isinstance(node, Reads):
        return None if world.readings is None else world.readings.get(node.doubt) == node.reading
    if isinstance(node, InList) and node.fact.path == CONDUCT:
        return world.conduct in node.values
    if isinstance(node, Compare) and isinstance(node.left, FactRef) and node.left.path == CONDUCT:
        return OPS[node.op](world.conduct, node.right)
    day = _day_of(node) if isinstance(node, Compare) else None
    return OPS[node.op](world.on, day) if isinstance(node, Compare) and day is not None else None


def bears_on(touch: Touch, deal: Deal) -> bool:
    """Tell whether a measure's regime and direction fit where a deal's goods come from and go to.

    A deal that nowhere names the regime's target is left alone.
    """
    senders, receivers = _countries(deal, SENDERS, ("from", "loaded_at")), _countries(deal, RECEIVERS, ("to",))
    senders |= {str(row["origin"]) for row in deal.goods if row.get("origin")}
    if touch.target not in senders | receivers:
        return False
    if touch.direction == "from_target":
        return touch.target in senders
    return touch.target in receivers if touch.direction == "to_target" else True


def _countries(deal: Deal, roles: tuple[str, ...], places: tuple[str, ...]) -> set[str]:
    homes = {row.get(name) for row in deal.party if row.get("role") in roles for name in ("country", "located_in")}
    return {str(home) for home in homes if home} | {
        str(deal.route[name])[:2] for name in places if deal.route.get(name)
    }
