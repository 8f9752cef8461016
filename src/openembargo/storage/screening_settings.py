"""The score from which a hit is an alert: the program's own, or the user's with a reason, and the log of changes."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from openembargo.terms.errors import InputError, Mistake

from .settings import home

DEFAULT = 0.45
"""Measured against 10,240 listed parties: 1 of 150 and 1 of 1,400 clean names alert, and of ordinary persons 1 of 140; docs/screening.md."""
FILE, LOG = "screening.json", "screening-settings.jsonl"


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the threshold: from, to, on which day, by whom, why, and the measured share of clean names that alert."""

    old: float
    new: float
    day: date
    by: str
    reason: str
    rate: float | None = None


def threshold() -> float:
    """Return the score from which a hit is an alert.

    Raises:
        InputError: The settings file does not hold a number between 0 and 1.
    """
    path = home() / FILE
    if not path.exists():
        return DEFAULT
    try:
        value = float(json.loads(path.read_text(encoding="utf-8"))["threshold"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError([Mistake(str(path), f"{error!r}", 'an object such as {"threshold": 0.45}')]) from error
    if not 0 < value < 1:
        raise InputError([Mistake(str(path), f"threshold {value}", "a number between 0 and 1")])
    return value


def change(one: Change) -> None:
    """Set the threshold and log the change.

    Raises:
        InputError: No reason or author, or a value that is no score.
    """
    wrong = [
        Mistake(field, "is empty", "who changes it, and why")
        for field in ("by", "reason")
        if not getattr(one, field).strip()
    ]
    if not 0 < one.new < 1:
        wrong.append(Mistake("threshold", str(one.new), "a number between 0 and 1"))
    if wrong:
        raise InputError(wrong)
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOG).open("a", encoding="utf-8") as log:
        log.write(json.dumps({**asdict(one), "day": one.day.isoformat()}, ensure_ascii=False) + "\n")
    fresh = folder / (FILE + ".new")
    fresh.write_text(json.dumps({"threshold": one.new}) + "\n", encoding="utf-8")
    fresh.replace(folder / FILE)


def log() -> tuple[dict[str, object], ...]:
    """Return the changes, oldest first."""
    path = home() / LOG
    return tuple(json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()) if path.exists() else ()
