"""Looking for listed parties beyond their exact names: what the decision asks of screening."""

from datetime import date
from typing import Protocol

from openembargo.law.model import Regime
from openembargo.screening.names import Alert
from openembargo.terms.deal import Row


class Look(Protocol):
    """Finds listings that a party or vessel may be."""

    def alerts(
        self, regime: Regime, section: str, row: Row, on: date, known_on: date | None = None
    ) -> tuple[Alert, ...]:
        """Return the listings of a regime that a row of a deal resembles on a day, best first.

        An alert that is `certain` makes the party the listed one (a number agrees, or a person said so); one that is
        not leaves it open. A listing that a person has told apart from this party is not returned.

        Args:
            regime: Under which regime.
            section: `party` or `vessel`.
            row: What the deal says of it.
            on: The day as of which a party must have been listed.
            known_on: Day by which people must have decided; None takes every decision, for who somebody is hangs on no day.
        """
        ...  # pragma: no cover

    def ruled_out(self, regime: Regime, section: str, row: Row, known_on: date | None = None) -> frozenset[str]:
        """Return the listings that a person has told apart from the party of a row, also where the names are the same."""
        ...  # pragma: no cover

    def resembles(self, regime: Regime, section: str, name: str) -> bool:
        """Tell whether a name, or a ship's number, resembles a listing on whatever day, whatever the kind of party and whatever people decided."""
        ...  # pragma: no cover

    def days(self, regime: Regime) -> tuple[date, ...]:
        """Return the days on which the loaded lists of a regime changed, so far as they are known."""
        ...  # pragma: no cover

    def lists(self, regime: Regime, on: date) -> tuple[str, ...]:
        """Return the loaded lists that are looked at beside the regime's annexes, with day and digest."""
        ...  # pragma: no cover

    def settings(self) -> tuple[str, ...]:
        """Return what else an answer hangs on: the threshold, and a digest of the decisions that people took."""
        ...  # pragma: no cover
