"""A measure that touches a heading: what flags and listings say of the law, without knowing the law."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Touch:
    """A measure that hangs on goods of a heading, between two days.

    Attributes:
        regime: Id of the regime.
        target: Country that the regime targets; empty when none.
        measure: Id of the measure.
        title: What it is called.
        effect: `prohibits`, `conditions`, `requires_authorisation` and so on.
        direction: `from_target`, `to_target`, `both`, `in_state`, `all`.
        heading: Heading of the law's list under which the goods come; empty when a word places them.
        label: What the list calls them.
        basis: Whether the act names the heading, or it is inferred.
        sure: Whether the code alone puts the goods on the list.
        hangs_on: Facts of the line on which it hangs where the code alone does not tell: `hs` (the code is too coarse), `product`,
            `material`, `unit_value_usd`.
        reading: The doubtful point on whose other reading alone it hangs; empty when it hangs on none.
        first_day: First day.
        last_day: Last day; None while it is in force.
    """

    regime: str
    target: str
    measure: str
    title: str
    effect: str
    direction: str
    heading: str
    label: str
    basis: str
    sure: bool
    hangs_on: tuple[str, ...]
    reading: str
    first_day: date
    last_day: date | None

    def holds(self, on: date) -> bool:
        """Tell whether it touches the goods on a day."""
        return self.first_day <= on and (self.last_day is None or on <= self.last_day)

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "regime": self.regime,
            "measure": self.measure,
            "title": self.title,
            "effect": self.effect,
            "direction": self.direction,
            "heading": self.heading or None,
            "label": self.label,
            "basis": self.basis,
            "sure": self.sure,
            "hangs_on": list(self.hangs_on),
            "reading": self.reading or None,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat() if self.last_day else None,
        }
