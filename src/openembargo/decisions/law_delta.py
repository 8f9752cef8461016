"""Which rows of a register can a new book, or a new day, give another answer? Never too few: what cannot be told counts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

import numpy as np

from openembargo.law.book import Book, version_on
from openembargo.law.conditions import Compare, FactRef, GoodsIn, Node, Reads, WithinCap, walk
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.model import Exemption, GoodsRow, Measure, Regime

from .columns import turning_days
from .completions import Completions
from .register_index import DAY, SAID_LISTED, Mask, RegisterIndex

ONE_DAY = timedelta(days=1)
COMPARED_APART = frozenset(
    {"measures", "general", "provisions", "doubts", "caps", "goods_lists", "parties", "vessels", "events", "digest"}
    | {"parties_digest", "checked", "sources", "acts", "name", "definition_meanings"}
)
"""Fields of a regime that are compared piece by piece, or that no outcome hangs on."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A book and the day as of which rows without a day of their own are judged."""

    book: Book
    day: date


@dataclass(frozen=True, slots=True)
class _Piece:
    """What of a measure an answer can hang on, goods lists apart; and the rows of the goods lists that it names."""

    says: object
    goods: tuple[tuple[str, frozenset[GoodsRow]], ...]
    conditions: tuple[Node, ...]
    applies_to: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Rows that may be given another answer, and by the law of which regimes.

    Attributes:
        rows: The rows.
        stated: Rows that call a party listed: what other regimes say of them may change with the law of one.
        regimes: Ids of the regimes that changed for some of them.
        provisions: Ids of the provisions that changed, where they are what changed.
    """

    rows: Mask
    stated: Mask
    regimes: frozenset[str]
    provisions: tuple[str, ...]


def reached(index: RegisterIndex, old: Moment, new: Moment) -> Reached:
    """Return the rows of a register that a new book or day may give another answer.

    Args:
        index: The register's facts.
        old: The book and day of the last answers.
        new: Those of now.
    """
    floating = index.floating()
    rows = np.zeros(index.rows, dtype=np.bool_)
    names: set[str] = set()
    provisions: set[str] = set()
    before = {regime.id: regime for regime in old.book.regimes}
    after = {regime.id: regime for regime in new.book.regimes}
    if before.keys() != after.keys():
        return Reached(index.everyone(), index.everyone(), frozenset(before.keys() | after.keys()), ())
    for name, regime in after.items():
        found, told = _of_regime(index, (before[name], old.day), (regime, new.day), floating)
        if found.any():
            rows |= found
            names.add(name)
            provisions |= told
    stated = index.holding([SAID_LISTED])
    if all(before[name].digest == after[name].digest for name in after):
        stated = stated & floating if old.day != new.day else stated & False
    if old.day != new.day:
        rows |= floating & _by_own_days(index, new.book, old.day, new.day)
    return Reached(rows, stated, frozenset(names), tuple(sorted(provisions)))


Held = tuple[Regime, date]


def _of_regime(index: RegisterIndex, old: Held, new: Held, floating: Mask) -> tuple[Mask, set[str]]:
    (before, was), (after, day) = old, new
    nobody = np.zeros(index.rows, dtype=np.bool_)
    if before.digest != after.digest and _another(before, after):
        return index.everyone(), {after.id}
    rows = nobody
    told: set[str] = set()
    if before.digest != after.digest:
        rows, told = _of_pieces(index, (before, _pieces(before, None)), (after, _pieces(after, None)))
        rows = rows | _by_completions(index, before, after)
    if before.digest != after.digest or was != day:
        moved, names = _of_pieces(index, (before, _pieces(before, was)), (after, _pieces(after, day)))
        if _covers(before, was) != _covers(after, day):
            moved, names = index.everyone(), {after.id}
        rows, told = rows | (moved & floating), told | (names if (moved & floating).any() else set())
    return rows, told


def _covers(regime: Regime, on: date) -> tuple[bool, bool]:
    return on >= regime.covered_from, regime.began is not None and on < regime.began


def _another(before: Regime, after: Regime) -> bool:
    """Tell whether something of a regime changed that reaches every deal: what it covers, its placing, its target."""
    return any(
        getattr(before, field.name) != getattr(after, field.name)
        for field in fields(Regime)
        if field.name not in COMPARED_APART
    )


Pieces = dict[tuple[str, str], _Piece]


def _of_pieces(index: RegisterIndex, old: tuple[Regime, Pieces], new: tuple[Regime, Pieces]) -> tuple[Mask, set[str]]:
    rows = np.zeros(index.rows, dtype=np.bool_)
    told: set[str] = set()
    (before, was), (after, now) = old, new
    for key in was.keys() | now.keys():
        one, other = was.get(key), now.get(key)
        if one == other:
            continue
        told.add(key[0])
        sides = [(piece, regime) for piece, regime in ((one, before), (other, after)) if piece]
        mask = np.zeros(index.rows, dtype=np.bool_)
        for piece, regime in sides:
            mask |= _possible(index, piece, regime)
        if one and other and one.says == other.says:
            mask &= index.touched(_differing(one, other)) if piece.applies_to == "goods" else mask
        rows |= mask
    return rows, told


def _possible(index: RegisterIndex, piece: _Piece, regime: Regime) -> Mask:
    lists = {goods.name: goods.rows for goods in regime.goods_lists}
    about = frozenset({piece.applies_to})
    mask = np.zeros(index.rows, dtype=np.bool_)
    for condition in piece.conditions:
        mask |= index.possible(condition, about, lists)
    return mask


def _differing(one: _Piece, other: _Piece) -> Iterator[GoodsRow]:
    """Yield the rows of goods lists that only one of two pieces has."""
    theirs = dict(other.goods)
    for name, rows in one.goods:
        yield from rows ^ theirs.get(name, frozenset())
    mine = dict(one.goods)
    for name, rows in other.goods:
        if name not in mine:
            yield from rows


def _pieces(regime: Regime, on: date | None) -> Pieces:
    """Return what answers hang on, by measure: as of a day, or of all days."""
    readings = {doubt.id: doubt.primary.id for doubt in regime.doubts}
    goods = {
        one.name: frozenset(
            replace(row, label="", basis="") for row in one.rows if not row.doubt or readings.get(row.doubt) == row.reading
        )
        for one in regime.goods_lists
    }  # fmt: skip
    pieces = {}
    for measure in regime.measures:
        found = _piece(regime, measure, on, goods, readings)
        if found:
            pieces[measure.id, measure.part] = found
    return pieces


def _piece(
    regime: Regime, measure: Measure, on: date | None, goods: dict[str, frozenset[GoodsRow]], readings: dict[str, str]
) -> _Piece | None:
    versions = measure.versions
    if on is not None:
        held = version_on(measure, on, None)
        if held is None:
            return None
        versions = (held,)
    routes = [*measure.exemptions]
    if measure.effect == "prohibits":
        routes += [route for general in regime.general if general.reaches(measure) for route in general.routes]
    if on is not None:
        routes = [r for r in routes if r.first_day <= on and (r.last_day is None or on <= r.last_day)]
    dated = on is None
    says = (
        measure.effect, measure.applies_to,
        tuple((v.when, v.first_day, v.last_day) if dated else v.when for v in versions),
        tuple(_route(route, dated=dated) for route in routes),
        tuple(_standing(regime, node, on, readings) for node in _nodes(versions, routes)),
        tuple(_cap(regime, route.cap, on) for route in routes if route.cap),
    )  # fmt: skip
    named = sorted({node.goods_list for node in _nodes(versions, routes) if isinstance(node, GoodsIn)})
    named += [cap.goods for cap in regime.caps if cap.id in _caps(versions, routes)]
    return _Piece(
        says, tuple((name, goods[name]) for name in dict.fromkeys(named)), tuple(v.when for v in versions), measure.applies_to
    )  # fmt: skip


def _nodes(versions: Iterable[object], routes: Iterable[Exemption]) -> Iterator[Node]:
    for version in versions:
        yield from walk(version.when)  # type: ignore[attr-defined]
    for route in routes:
        yield from walk(route.when)
        yield from walk(route.approved)


def _caps(versions: Iterable[object], routes: Iterable[Exemption]) -> set[str]:
    listed = tuple(routes)
    within = {node.cap for node in _nodes(versions, listed) if isinstance(node, WithinCap)}
    return within | {route.cap for route in listed if route.cap}


def _route(route: Exemption, *, dated: bool) -> object:
    days = (route.first_day, route.last_day) if dated else ()
    return (route.id, route.grants, route.when, route.cap, route.advance_notice_by, route.approved, days)


def _standing(regime: Regime, node: Node, on: date | None, readings: dict[str, str]) -> object:
    """Return how a node stands that the condition names only by name, or that the day decides."""
    if isinstance(node, Reads):
        return readings.get(node.doubt)
    if isinstance(node, WithinCap):
        return _cap(regime, node.cap, on)
    if isinstance(node, Compare) and isinstance(node.right, date) and on is not None:
        return _side(node.right, on) if node.left == FactRef("deal", "on") else None
    return None


def _side(mark: date, on: date) -> int:
    return (on > mark) - (on < mark)


def _cap(regime: Regime, name: str, on: date | None) -> object:
    cap = next((one for one in regime.caps if one.id == name), None)
    if cap is None:
        return None
    readings = {doubt.id: doubt.primary.id for doubt in regime.doubts}
    chosen = tuple(rule for doubt, reading, rule in cap.alternatives if readings.get(doubt) == reading)
    if on is None:
        return (cap.rule, chosen, cap.periods)
    return (
        cap.rule,
        chosen,
        cap.periods,
        sum(day <= on for day in turning_days(replace(regime, measures=(), general=(), parties=(), vessels=()))),
    )


def _by_completions(index: RegisterIndex, before: Regime, after: Regime) -> Mask:
    """Return the rows that leave open a fact for which other values are worth trying than before."""
    sides = [(one, Completions.of(one, GoodsScope.of(one.goods_lists, one.placing))) for one in (before, after)]
    (_, was), (_, now) = sides
    paths = {
        path for path in was.literals.keys() | now.literals.keys() if was.literals.get(path) != now.literals.get(path)
    }
    if was.materials() != now.materials():
        paths.add("goods.material")
    if _named_products(before) != _named_products(after):
        paths.add("goods.product")
    if not paths:
        return np.zeros(index.rows, dtype=np.bool_)
    mask = np.zeros(index.rows, dtype=np.bool_)
    for regime, _ in sides:
        for piece in _pieces(regime, None).values():
            mask |= _possible(index, piece, regime)
    return mask & index.open_to(paths)


def _named_products(regime: Regime) -> frozenset[str]:
    return frozenset(word for goods in regime.goods_lists for row in goods.rows for word in row.products)


def _by_own_days(index: RegisterIndex, book: Book, old: date, new: date) -> Mask:
    """Return the rows that name a day from which a condition counts and that is reached between two days."""
    low, high = min(old, new), max(old, new)
    spans: set[timedelta] = {timedelta(0)}
    for regime in book.regimes:
        literals = Completions.of(regime, GoodsScope.of((), regime.placing)).literals
        spans |= {value for seen in literals.values() for value in seen if isinstance(value, timedelta)}
    marks = {step for span in spans for step in (span, span + ONE_DAY)}
    between = (high - low).days
    days = {low + ONE_DAY * number - mark for number in range(1, between + 1) for mark in marks}
    mask: Mask = index.holding(f"{DAY}{day}" for day in days)
    return mask


def change_days(book: Book, own: Iterable[date], first: date, last: date) -> tuple[date, ...]:
    """Return the days after a first one, up to a last one, on which some answer may change.

    Args:
        book: The law.
        own: Further days, such as those on which listings begin or end.
        first: The day from which is asked.
        last: The last day.
    """
    turning = {day for regime in book.regimes for day in turning_days(regime)}
    return tuple(sorted(day for day in turning | set(own) if first < day <= last))
