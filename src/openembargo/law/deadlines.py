"""By when a duty is to be done: the rules that a regime file may write, and the day they give."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

RULES = "before_act | on_act | act + N | month_end + N | every N from YYYY-MM-DD | YYYY-MM-DD | promptly | monthly"
WORDS = ("before_act", "on_act", "promptly", "monthly")
_PLUS = re.compile(r"(act|month_end)\s*\+\s*(\d+)")
_EVERY = re.compile(r"every\s+(\d+)\s+from\s+(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due.

    Attributes:
        day: The last day, where one can be named.
        words: The rule in words.
    """

    day: date | None
    words: str


def is_rule(text: str) -> bool:
    """Tell whether a text is a deadline rule."""
    return text in WORDS or bool(_PLUS.fullmatch(text) or _EVERY.fullmatch(text) or _day(text))


def due(rule: str, on: date) -> Due:
    """Return when a duty is due for an act on a day.

    Day counts follow the resolutions: the day of the act is day 0, the last day is inclusive.
    """
    if rule == "before_act":
        return Due(on, "before the act")
    if rule == "on_act":
        return Due(on, "on the day of the act")
    if rule in ("promptly", "monthly"):
        return Due(None, rule)
    if plus := _PLUS.fullmatch(rule):
        days = int(plus.group(2))
        if plus.group(1) == "act":
            return Due(on + timedelta(days=days), f"within {days} days of the act")
        month_end = on.replace(day=monthrange(on.year, on.month)[1])
        return Due(month_end + timedelta(days=days), f"within {days} days of the end of the month")
    if every := _EVERY.fullmatch(rule):
        step, start = int(every.group(1)), date.fromisoformat(every.group(2))
        passed = max((on - start).days, 0)
        periods = passed // step + 1
        return Due(start + timedelta(days=periods * step), f"every {step} days, counted from {start}")
    day = _day(rule)
    return Due(day, f"by {day}" if day else rule)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
