"""All conditions of a regime."""

from collections.abc import Iterable, Iterator

from .approval import APPROVED
from .conditions import Node
from .model import Exemption, Regime


def conditions_of(regime: Regime) -> Iterator[Node]:
    """Yield every condition of a regime; those of its routes with the approval of a national authority, where one is asked for."""
    for measure in regime.measures:
        yield from (version.when for version in measure.versions)
        yield from _of_routes(measure.exemptions)
    for general in regime.general:
        yield from _of_routes(general.routes)


def _of_routes(routes: Iterable[Exemption]) -> Iterator[Node]:
    for route in routes:
        yield route.when
        if route.grants == "authorisation" and route.approved != APPROVED:
            yield route.approved
