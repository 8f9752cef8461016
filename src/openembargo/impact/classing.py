"""Was a line of trade banned, capped or allowed in a period? By the law's own book; mixed where the data are coarser than the law.

A class is an interval on allowed < capped < banned over the days of the period and over what the code leaves open. Equal ends give the
class; otherwise it is `mixed`, with both ends and the reason.
"""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from openembargo.goods.touch import Touch
from openembargo.law.conditions import GoodsIn, walk
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.model import Exemption, Regime

ALLOWED, CAPPED, BANNED, MIXED = "allowed", "capped", "banned", "mixed"
CLASSES = (BANNED, CAPPED, MIXED, ALLOWED)
_LEVELS = (ALLOWED, CAPPED, BANNED)
_NOTHING, _CAP, _BAN = range(3)
TOTAL = "TOTAL"
_RESERVED = 77
_CHAPTERS = tuple(f"{n:02}" for n in range(1, 98) if n != _RESERVED)
_BINDS = ("prohibits", "requires_authorisation")
_OPEN = ("exempt", "grace")
_ELSEWHERE = ("goods.origin", "route.")
"""Facts by which a route is for goods of third States."""


@dataclass(frozen=True, slots=True)
class Classed:
    """How a line stands to the law in a period.

    Attributes:
        name: `banned`, `capped`, `allowed` or `mixed`.
        low: The mildest that it may be.
        high: The severest that it may be.
        reasons: Why: measures with their days, and what the code leaves open.
    """

    name: str
    low: str
    high: str
    reasons: tuple[str, ...]

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {"class": self.name, "between": [self.low, self.high], "reasons": list(self.reasons)}


def days_of(period: str) -> tuple[date, date]:
    """Return the first and last day of a period, `2016` or `2016-11`."""
    year, _, month = period.partition("-")
    first = date(int(year), int(month or 1), 1)
    last = int(month or 12)
    return first, date(int(year), last, calendar.monthrange(int(year), last)[1])


@dataclass(slots=True)
class Classer:
    """Classes lines of trade with a regime's target.

    Attributes:
        regime: The regime.
        touching: Measures that touch a code of two to six digits, such as `decisions.goods_reach` tells.
    """

    regime: Regime
    touching: Callable[[str], tuple[Touch, ...]]
    _kept: dict[tuple[str, str, date, date], Classed] = field(default_factory=dict)
    _caps: dict[str, tuple[Exemption, ...]] = field(default_factory=dict)
    _scope: GoodsScope | None = None
    _judged: dict[str, str] = field(default_factory=dict)

    def of(self, hs: str, direction: str, first: date, last: date) -> Classed:
        """Return the class of a code over some days.

        Args:
            hs: Code of two digits or more, or `TOTAL`.
            direction: `from_target`, `to_target`, or `both` where the figures do not tell.
            first: First day.
            last: Last day.
        """
        key = (self._known(hs), direction, first, last)
        if key not in self._kept:
            self._kept[key] = self._class(*key)
        return self._kept[key]

    def chapters(self, first: date, last: date) -> dict[str, dict[str, int]]:
        """Return how many chapters of the tariff are of each class over some days, by direction."""
        found: dict[str, dict[str, int]] = {}
        for way in ("from_target", "to_target"):
            names = [self.of(code, way, first, last).name for code in _CHAPTERS]
            found[way] = {name: names.count(name) for name in CLASSES}
        return found

    def first_banned(self, hs: str, direction: str) -> date | None:
        """Return the first day from which a code is surely banned without end, times of grace over; None when it never is."""
        held = [
            t
            for t in self.touching(hs[:6])
            if t.sure and t.effect == "prohibits" and t.last_day is None and _meets(t, direction)
        ]
        days = {t.first_day for t in held}
        days |= {x.last_day + timedelta(days=1) for t in held for x in self._routes(t.measure) if x.last_day}
        return next((day for day in sorted(days) if self.of(hs, direction, day, day).name == BANNED), None)

    def _known(self, hs: str) -> str:
        """Return the code by which a line is judged: the first asked of those that the law's headings do not tell apart."""
        if hs not in self._judged:
            self._judged[hs] = hs if hs == TOTAL else self._held().alike(hs[:6])
        return self._judged[hs]

    def _touches(self, hs: str) -> tuple[Touch, ...]:
        """Return the measures that touch a code; those of its chapter or heading where they surely reach all of it, or none may."""
        for size in (2, 4):
            coarse = self.touching(hs[:size]) if len(hs) > size else None
            if coarse is not None and all(touch.sure and not touch.reading for touch in coarse):
                return coarse
        return self.touching(hs)

    def _class(self, hs: str, direction: str, first: date, last: date) -> Classed:
        if hs == TOTAL or direction == "both":
            ways = ("from_target", "to_target") if direction == "both" else (direction,)
            codes = _CHAPTERS if hs == TOTAL else (hs,)
            parts = [self.of(code, way, first, last) for code in codes for way in ways]
            low, high = _ends((_LEVELS.index(p.low), _LEVELS.index(p.high)) for p in parts)
            why = ("a total holds every line",) if hs == TOTAL else ("imports and exports are not told apart",)
            return _classed(low, high, why if low != high else ())
        held = [t for t in self._touches(hs) if t.effect in _BINDS and _meets(t, direction)]
        held = [t for t in held if t.first_day <= last and (t.last_day is None or first <= t.last_day)]
        spans = [self._on(held, hs, day) for day in self._turns(held, first, last)]
        low, high = _ends(spans)
        reasons = [_why(t, first, last) for t in held]
        reasons += [
            f"{t.measure}: {paragraph} lets some through on grounds that the data do not hold"
            for t in held
            if t.effect == "prohibits"
            for paragraph in self.opened_by(t.measure, hs, max(first, t.first_day), min(last, t.last_day or last))
        ]
        reasons += ["it changed within the period"] if len(set(spans)) > 1 else []
        return _classed(low, high, tuple(dict.fromkeys(reasons)))

    def _turns(self, held: Iterable[Touch], first: date, last: date) -> list[date]:
        days = {first}
        for touch in held:
            spans = [(touch.first_day, touch.last_day)]
            spans += [(x.first_day, x.last_day) for x in self._routes(touch.measure)]
            days |= {start for start, _ in spans} | {end + timedelta(days=1) for _, end in spans if end}
        return sorted(day for day in days if first <= day <= last)

    def _on(self, held: Iterable[Touch], hs: str, on: date) -> tuple[int, int]:
        low = high = _NOTHING
        for touch in held:
            if touch.holds(on):
                mild, severe = self._severity(touch, hs, on)
                low, high = max(low, mild), max(high, severe)
        return low, high

    def _severity(self, touch: Touch, hs: str, on: date) -> tuple[int, int]:
        mild, severe = _BAN, _BAN
        for route in self._routes(touch.measure):
            if not _holds(route, on):
                continue
            if route.grants == CAPPED:
                counts = self._under_cap(route.cap, hs)
                mild = mild if counts is False else min(mild, _CAP)
                severe = _CAP if counts else severe
            elif self._unseen(route, hs):
                mild = _NOTHING
        sure = touch.sure and not touch.reading and touch.effect == "prohibits"
        return (mild if sure else _NOTHING), severe

    def _routes(self, measure: str) -> tuple[Exemption, ...]:
        """Return the routes of a measure by which goods may go: under a cap, exempt, or in a time of grace."""
        if measure not in self._caps:
            self._caps[measure] = tuple(
                x for m in self.regime.measures if m.id == measure for x in m.exemptions if x.grants in (CAPPED, *_OPEN)
            )
        return self._caps[measure]

    def _unseen(self, route: Exemption, hs: str) -> bool:
        """Tell whether goods of a code may go by a route on grounds that trade data do not hold, such as livelihood or an old contract.

        A route for goods of third States is left aside: they are recorded as theirs.
        """
        named = [part.goods_list for part in walk(route.when) if isinstance(part, GoodsIn)]
        elsewhere = any(word in route.text for word in _ELSEWHERE)
        return not elsewhere and all(self._on_list(name, hs) for name in named)

    def opened_by(self, measure: str, hs: str, first: date, last: date) -> tuple[str, ...]:
        """Return the paragraphs of the unseen routes of a measure that hold in some days."""
        routes = [x for x in self._routes(measure) if x.grants in _OPEN and self._unseen(x, hs)]
        return tuple(x.paragraph for x in routes if x.first_day <= last and (x.last_day is None or first <= x.last_day))

    def _under_cap(self, cap: str, hs: str) -> bool | None:
        goods = next((one.goods for one in self.regime.caps if one.id == cap), "")
        return self._on_list(goods, hs)

    def _on_list(self, goods: str, hs: str) -> bool | None:
        scope = self._held()
        rows = scope.lists[goods].rows if goods in scope.lists else ()
        answers = [scope.matches(row, {"hs": hs}) for row in rows]
        return True if True in answers else None if None in answers else False

    def _held(self) -> GoodsScope:
        if self._scope is None:
            self._scope = GoodsScope.of(self.regime.goods_lists, self.regime.placing)
        return self._scope


def _holds(route: Exemption, on: date) -> bool:
    return route.first_day <= on and (route.last_day is None or on <= route.last_day)


def _meets(touch: Touch, direction: str) -> bool:
    return touch.direction not in ("from_target", "to_target") or touch.direction == direction


def _ends(spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    held = list(spans)
    return min(low for low, _ in held), max(high for _, high in held)


def _classed(low: int, high: int, reasons: tuple[str, ...]) -> Classed:
    name = _LEVELS[low] if low == high else MIXED
    return Classed(name, _LEVELS[low], _LEVELS[high], reasons or ("no measure touches the code",))


def _why(touch: Touch, first: date, last: date) -> str:
    days = "" if touch.first_day <= first else f" from {touch.first_day}"
    days += f" until {touch.last_day}" if touch.last_day and touch.last_day < last else ""
    code = f" ({touch.heading})" if touch.heading else ""
    if touch.sure and not touch.reading:
        return f"{touch.measure}{code}{days}"
    hangs = ["a finer code" if fact == "hs" else fact.replace("_", " ") for fact in touch.hangs_on]
    hangs += [f"a disputed reading ({touch.reading})"] if touch.reading else []
    return f"{touch.measure}{code}{days} hangs on {', '.join(hangs) or 'more than the code'}"
