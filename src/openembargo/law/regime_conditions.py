"""All conditions of a regime."""

from collections.abc import Iterator

from .conditions import BoolFact, Compare, FactRef, Node
from .model import Regime

APPROVED = BoolFact(FactRef("facts", "committee_approval"))
LICENSED = FactRef("facts", "licensed_by")
COUNCIL = "un"


def approval_of(regime: Regime) -> Node:
    """Return the condition that whoever may authorise a deal under a regime has done so.

    Under the Security Council it is the Committee. A national authority licenses for itself alone: its licence is no approval of
    the Committee, and the Committee's is no licence.
    """
    return APPROVED if regime.authority == COUNCIL else Compare("=", LICENSED, regime.id)


def conditions_of(regime: Regime) -> Iterator[Node]:
    """Yield every condition of a regime."""
    for measure in regime.measures:
        yield from (version.when for version in measure.versions)
        yield from (exemption.when for exemption in measure.exemptions)
    for general in regime.general:
        yield from (route.when for route in general.routes)
    if regime.authority != COUNCIL:
        yield approval_of(regime)
