"""Who may authorise a deal under a regime, and the fact that tells that it was authorised."""

from .conditions import BoolFact, Compare, FactRef, Node, facts_in

COUNCIL = "un"
APPROVED = BoolFact(FactRef("facts", "committee_approval"))
LICENSED = FactRef("facts", "licensed_by")


def approval_of(authority: str, regime: str) -> Node:
    """Return the condition that whoever may authorise a deal under a regime has done so.

    Under the Security Council it is the Committee. A national authority licenses for itself alone: its licence is no approval of
    the Committee, and the Committee's is no licence.
    """
    return APPROVED if authority == COUNCIL else Compare("=", LICENSED, regime)


def approval_path(approved: Node) -> str:
    """Return the fact that a condition of approval asks for."""
    return next(ref.path for ref in facts_in(approved))
