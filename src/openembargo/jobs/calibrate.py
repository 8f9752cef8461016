"""Set the threshold by what it costs: the share of one's own clean names that alert at each score."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from openembargo.screening.hits import Query
from openembargo.terms.errors import InputError, Mistake

from .screen_names import Desk

RATES = (0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
SHOWN = 15
LEAST = 100
MANY = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a clean sample says.

    Attributes:
        names: Size of the sample.
        thresholds: For each share of false alerts the lowest score that keeps to it; None where the sample is too small to tell.
        now: Share that alerts at the score in use.
        worst: The names that score highest, with score, listed name and reference.
    """

    names: int
    thresholds: tuple[tuple[float, float | None], ...]
    now: float
    worst: tuple[tuple[str, float, str, str], ...]


def read_names(path: Path) -> tuple[Query, ...]:
    """Read a sample: a CSV with a column `name`, and if known `kind`, `dob`, `country`.

    Raises:
        InputError: No such file, no such column, or fewer than 100 names.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            [
                Mistake(
                    str(path),
                    getattr(error, "strerror", None) or str(error),
                    "a CSV file in UTF-8 with a column `name`",
                )
            ]
        ) from error
    if not rows or "name" not in rows[0]:
        raise InputError(
            [
                Mistake(
                    str(path),
                    f"columns {', '.join(rows[0]) if rows else 'none'}",
                    "a column `name`; `kind`, `dob` and `country` if known",
                )
            ]
        )
    found = tuple(
        Query(r["name"], r.get("kind") or "", r.get("dob") or "", r.get("country") or "")
        for r in rows
        if (r["name"] or "").strip()
    )
    if len(found) < LEAST:
        raise InputError(
            [Mistake(str(path), f"{len(found)} names", f"at least {LEAST}; for a rate of 1 in 1,000 some 10,000")]
        )
    return found


def calibrate(desk: Desk, sample: Sequence[Query], threshold: float) -> Calibration:
    """Return what share of a clean sample alerts at which score."""
    hits = desk.screener.screen(sample, top=1)
    best = sorted(
        (
            (found[0].score, query.name, found[0].name.text, found[0].entry.id)
            for query, found in zip(sample, hits, strict=True)
            if found
        ),
        reverse=True,
    )
    scores = [score for score, _, _, _ in best] + [0.0] * (len(sample) - len(best))
    rows = []
    for rate in RATES:
        allowed = int(rate * len(sample))
        rows.append((rate, scores[allowed] if allowed and allowed < len(scores) else None))
    alerting = sum(score >= threshold for score in scores) / len(sample)
    return Calibration(
        len(sample),
        tuple(rows),
        alerting,
        tuple((name, score, listed, ref) for score, name, listed, ref in best[:SHOWN]),
    )
