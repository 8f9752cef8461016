"""The threshold tried on alerts that people have decided: what would have alerted at another one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JudgedAlert:
    """An alert that somebody decided.

    Attributes:
        score: Its score when it alerted, from 0 to 1; None where no score decided, as with an identifier.
        is_match: Whether it was a true match.
    """

    score: float | None
    is_match: bool


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What of the decided alerts a threshold keeps.

    Attributes:
        threshold: The score from which a hit is an alert.
        matches: True matches that alert.
        lost: True matches that do not.
        false_positives: False positives that alert.
        spared: False positives that do not.
        is_whole: Whether every alert at this threshold was seen; below the highest one ever set, hits were not kept.
    """

    threshold: float
    matches: int
    lost: int
    false_positives: int
    spared: int
    is_whole: bool


def alerts_at(threshold: float, score: float | None) -> bool:
    """Tell whether a hit is an alert at a threshold; one that no score decided always is."""
    return score is None or score >= threshold


def backtest(judged: Sequence[JudgedAlert], thresholds: Iterable[float], whole_from: float) -> tuple[AtThreshold, ...]:
    """Try thresholds on decided alerts.

    Args:
        judged: The alerts.
        thresholds: Scores from 0 to 1.
        whole_from: The highest threshold under which the alerts arose.

    Returns:
        One row a threshold, in rising order, each threshold once.
    """
    matches = [one.score for one in judged if one.is_match]
    others = [one.score for one in judged if not one.is_match]
    rows = []
    for threshold in sorted(set(thresholds)):
        kept = sum(alerts_at(threshold, score) for score in matches)
        told = sum(alerts_at(threshold, score) for score in others)
        rows.append(
            AtThreshold(threshold, kept, len(matches) - kept, told, len(others) - told, threshold >= whole_from)
        )
    return tuple(rows)
