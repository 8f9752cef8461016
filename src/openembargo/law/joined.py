"""Several regimes as one, so that a table of deals can be judged under all of them in one query."""

from dataclasses import replace

from .conditions import And, Defined, Exists, Found, GoodsIn, Node, Not, Or, Reads, WithinCap
from .model import Cap, Exemption, GeneralExemption, GoodsList, Measure, Regime, Version


def joined(regimes: tuple[Regime, ...]) -> Regime:
    """Return one regime with the measures, exemptions, goods lists, caps and doubts of several.

    Names that may stand in more than one regime (definitions, goods lists, caps, doubts) get the regime's id in front; what a
    general exemption lifts is written out, for it lifts nothing of another regime. Listed parties are left out.
    """
    parts = [_named_apart(regime) for regime in regimes]
    return replace(
        regimes[0],
        id="+".join(regime.id for regime in regimes),
        covered_from=min(regime.covered_from for regime in regimes),
        checked=min(regime.checked for regime in regimes),
        acts=(),
        measures=tuple(measure for part in parts for measure in part.measures),
        general=tuple(general for part in parts for general in part.general),
        provisions=(),
        doubts=tuple(doubt for part in parts for doubt in part.doubts),
        caps=tuple(cap for part in parts for cap in part.caps),
        goods_lists=tuple(goods for part in parts for goods in part.goods_lists),
        parties=(),
        vessels=(),
        events=(),
    )


def _named_apart(regime: Regime) -> Regime:
    mark = f"{regime.id}/"
    return replace(
        regime,
        measures=tuple(_measure(one, mark) for one in regime.measures),
        general=tuple(_general(one, regime, mark) for one in regime.general),
        doubts=tuple(replace(doubt, id=mark + doubt.id) for doubt in regime.doubts),
        caps=tuple(_cap(cap, mark) for cap in regime.caps),
        goods_lists=tuple(_goods(goods, mark) for goods in regime.goods_lists),
    )


def _measure(measure: Measure, mark: str) -> Measure:
    return replace(
        measure,
        versions=tuple(_version(version, mark) for version in measure.versions),
        exemptions=tuple(_route(route, mark) for route in measure.exemptions),
    )


def _version(version: Version, mark: str) -> Version:
    return replace(version, when=renamed(version.when, mark))


def _route(route: Exemption, mark: str) -> Exemption:
    return replace(route, when=renamed(route.when, mark), cap=mark + route.cap if route.cap else "")


def _general(general: GeneralExemption, regime: Regime, mark: str) -> GeneralExemption:
    lifted = tuple(f"{one.id}/{one.part}" for one in regime.measures if general.reaches(one))
    return replace(general, lifts=lifted, spares=(), routes=tuple(_route(route, mark) for route in general.routes))


def _goods(goods: GoodsList, mark: str) -> GoodsList:
    rows = tuple(replace(row, doubt=mark + row.doubt if row.doubt else "") for row in goods.rows)
    return GoodsList(mark + goods.name, rows)


def _cap(cap: Cap, mark: str) -> Cap:
    alternatives = tuple((mark + doubt, reading, rule) for doubt, reading, rule in cap.alternatives)
    return replace(cap, id=mark + cap.id, goods=mark + cap.goods, alternatives=alternatives)


def renamed(node: Node, mark: str) -> Node:
    """Return a condition in which whatever the regime names itself has a mark in front."""
    if isinstance(node, GoodsIn):
        return GoodsIn(mark + node.goods_list)
    if isinstance(node, WithinCap):
        return WithinCap(mark + node.cap)
    if isinstance(node, Reads):
        return Reads(mark + node.doubt, node.reading)
    if isinstance(node, Defined):
        return Defined(mark + node.name, renamed(node.of, mark))
    if isinstance(node, And | Or):
        return type(node)(tuple(renamed(part, mark) for part in node.parts))
    if isinstance(node, Not | Found):
        return type(node)(renamed(node.of, mark))
    return Exists(node.section, renamed(node.of, mark)) if isinstance(node, Exists) else node
