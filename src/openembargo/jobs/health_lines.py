"""How something stands, in one line: fine, look, or bad, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum


class State(Enum):
    """How something stands; in rising order of trouble."""

    FINE = "fine"
    LOOK = "look"
    BAD = "bad"


ORDER = tuple(State)


@dataclass(frozen=True, slots=True)
class Line:
    """How one thing stands.

    Attributes:
        group: What it belongs to: `lists`, `law`, `work`, `alerts` or `log`.
        subject: The thing.
        state: How it stands.
        says: Why, with the figures, in words.
        figures: The figures by name.
    """

    group: str
    subject: str
    state: State
    says: str
    figures: Mapping[str, int | float | str | None] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "group": self.group, "subject": self.subject, "state": self.state.value, "says": self.says,
            "figures": dict(self.figures),
        }  # fmt: skip


def worst(states: Iterable[State]) -> State:
    """Return the state with the most trouble; fine where there is none."""
    return max(states, key=ORDER.index, default=State.FINE)


def graded(value: float, look_above: float, bad_above: float) -> State:
    """Return the state of a figure that should be low."""
    return State.BAD if value > bad_above else State.LOOK if value > look_above else State.FINE


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun: `1 day`, `2 days`."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"
