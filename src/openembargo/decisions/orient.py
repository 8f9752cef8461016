"""Which way the goods of a paper go: a paper has a from and a to; whether that is import or export hangs on who looks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from openembargo.terms.deal import Deal, Row
from openembargo.terms.origin import Origin

DIRECTIONS = ("import", "export", "transit")
SENDERS = ("seller", "supplier", "shipper")
RECEIVERS = ("buyer", "consignee", "recipient", "end_user")


def oriented(deal: Deal, targets: frozenset[str]) -> Deal:
    """Add to a deal's conduct which way its goods go, where the paper does not say.

    The State from which the deal is seen imports what ends there, exports what begins there, and sees the rest pass. Where nobody
    looks, goods out of a target are procured from it and goods into one are supplied to it; between others they are both.

    Args:
        deal: A deal read from a paper; one without goods, or with a direction, is returned as it is.
        targets: Countries that a regime targets.
    """
    conduct = deal.top.get("conduct", ())
    known = tuple(conduct) if isinstance(conduct, tuple) else ()
    if not deal.goods or set(known) & set(DIRECTIONS):
        return deal
    begins, ends = _begins(deal), _ends(deal)
    words = _words(str(deal.top.get("seen_from", "")), begins, ends, targets)
    how = f"the goods go from {begins or 'an unknown place'} to {ends or 'an unknown place'}"
    origins = {**deal.origins, "conduct": deal.origins.get("conduct", Origin("the paper as a whole", "", how))}
    return replace(deal, top={**deal.top, "conduct": (*known, *words)}, origins=origins)


def _words(seen_from: str, begins: str, ends: str, targets: frozenset[str]) -> tuple[str, ...]:
    if seen_from and seen_from in (begins, ends):
        return tuple(word for word, place in (("import", ends), ("export", begins)) if place == seen_from)
    if begins in targets or ends in targets:
        return tuple(word for word, place in (("import", begins), ("export", ends)) if place in targets)
    return ("import", "export")


def _begins(deal: Deal) -> str:
    places = (deal.route.get("from"), deal.route.get("loaded_at"))
    return _first((*_countries(places), *_homes(deal.party, SENDERS)))


def _ends(deal: Deal) -> str:
    return _first((*_countries((deal.route.get("to"),)), *_homes(deal.party, RECEIVERS)))


def _countries(places: Iterable[object]) -> list[str]:
    return [str(place)[:2] for place in places if place]


def _homes(parties: Iterable[Row], roles: tuple[str, ...]) -> list[str]:
    return [str(_home(row)) for role in roles for row in parties if row.get("role") == role and _home(row)]


def _home(row: Mapping[str, object]) -> object:
    return row.get("located_in") or row.get("country")


def _first(found: Iterable[str]) -> str:
    return next(iter(found), "")
