"""All conditions of a regime."""

from collections.abc import Iterator

from .conditions import Node
from .model import Regime


def conditions_of(regime: Regime) -> Iterator[Node]:
    """Yield every condition of a regime."""
    for measure in regime.measures:
        yield from (version.when for version in measure.versions)
        yield from (exemption.when for exemption in measure.exemptions)
    for general in regime.general:
        yield from (route.when for route in general.routes)
