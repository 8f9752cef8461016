"""How screening stands: how often it alerts, what people decided of its alerts, and what another threshold had done."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openembargo.screening.backtest import AtThreshold, JudgedAlert, backtest
from openembargo.storage import health_rows, screening_settings
from openembargo.storage.health_rows import Verdict
from openembargo.storage.store import Connection

from .health_lines import Line, State, counted

LATEST_DECISIONS, MOST_JUDGED = 200, 2000
MANY_NAMES, MUCH = 50, 0.1
"""From so many names on, a share of more than this that alert is to be looked at."""
ENOUGH = 10
"""True matches, and false positives, from which a higher threshold is worth a look."""
STEP = 0.05


@dataclass(frozen=True, slots=True)
class Backtest:
    """Thresholds tried on the alerts that were decided.

    Attributes:
        rows: One for each threshold.
        current: The threshold that is set.
        judged: How many decided alerts were tried.
        left_out: How many could not be: no decision with their score is kept, or it holds several scores for the listing.
    """

    rows: tuple[AtThreshold, ...]
    current: float
    judged: int
    left_out: int


def rate_line(connection: Connection) -> Line:
    """Return how many of the names in the latest decisions alerted."""
    names = alerting = taken = 0
    for answer in health_rows.latest_answers(connection, LATEST_DECISIONS):
        rows = json.loads(answer)["screened"]
        taken += 1
        names += len(rows)
        alerting += sum(bool(row["alerts"]) for row in rows)
    share = alerting / names if names else 0.0
    is_much = names >= MANY_NAMES and share > MUCH
    says = f"{alerting} of {counted(names, 'name')} in the latest {counted(taken, 'decision')} alerted"
    says += f" ({share:.1%})" if names else ""
    if is_much:
        says += f"; more than {MUCH:.0%}: look at the threshold, and at what was loaded last"
    figures = {"decisions": taken, "names": names, "alerting": alerting, "share": round(share, 4)}
    return Line("alerts", "rate", State.LOOK if is_much else State.FINE, says, figures)


def verdict_line(connection: Connection) -> Line:
    """Return what people decided of alerts."""
    found = health_rows.verdict_counts(connection)
    wrong, right = found.get("false_positive", 0), found.get("true_match", 0)
    share = wrong / (wrong + right) if wrong + right else None
    says = f"{counted(wrong, 'false positive')} and {counted(right, 'true match', 'true matches')} decided in cases"
    says += f": {share:.0%} false" if share is not None else ""
    figures = {
        "false_positives": wrong,
        "true_matches": right,
        "false_share": None if share is None else round(share, 4),
    }
    return Line("alerts", "dispositions", State.FINE, says, figures)


def tried(connection: Connection) -> Backtest:
    """Try thresholds on the alerts that were decided, by the scores that their decisions keep."""
    found = [
        one for one in health_rows.verdicts(connection, MOST_JUDGED) if one.verdict in ("true_match", "false_positive")
    ]
    judged = _judged(connection, found)
    current, highest = screening_settings.threshold(), _highest()
    scores = [one.score for one in judged if one.score is not None]
    lowest = min((*scores, current))
    grid = [round(STEP * step, 2) for step in range(1, round(1 / STEP))]
    thresholds = [current, *(one for one in grid if one >= lowest)] if judged else []
    return Backtest(backtest(judged, thresholds, highest), current, len(judged), len(found) - len(judged))


def backtest_line(found: Backtest) -> Line:
    """Return what the trial of thresholds says of the one that is set."""
    figures: dict[str, int | float | str | None] = {"judged": found.judged, "left_out": found.left_out}
    now = next((row for row in found.rows if row.threshold == found.current), None)
    if now is None:
        return Line("alerts", "back-test", State.FINE, "no alert with a score was decided yet: nothing to try", figures)
    figures |= {"threshold": found.current, "lost": now.lost, "better": None}
    says = f"{counted(found.judged, 'decided alert')} tried at other thresholds than {found.current}"
    if now.lost:
        says += f"; {counted(now.lost, 'true match', 'true matches')} of the past would not alert any more at {found.current}"
        return Line("alerts", "back-test", State.BAD, says, figures)
    better = _better(found.rows, now)
    if better is None:
        return Line("alerts", "back-test", State.FINE, says, figures)
    figures["better"] = better.threshold
    says += (
        f"; at {better.threshold} all {better.matches} true matches alert too, and {better.spared} of "
        f"{better.spared + better.false_positives} false positives do not"
    )
    return Line("alerts", "back-test", State.LOOK, says, figures)


def _better(rows: Sequence[AtThreshold], now: AtThreshold) -> AtThreshold | None:
    """Return the highest threshold that loses no true match and spares half of the false positives, where enough were decided."""
    if now.matches < ENOUGH or now.false_positives < ENOUGH:
        return None
    fit = [
        row for row in rows
        if row.is_whole and row.threshold > now.threshold and not row.lost and 2 * row.spared >= now.false_positives
    ]  # fmt: skip
    return fit[-1] if fit else None


def _judged(connection: Connection, found: Sequence[Verdict]) -> tuple[JudgedAlert, ...]:
    ids = list(dict.fromkeys(one.decision for one in found if one.decision))
    wanted = {(one.decision, one.entry) for one in found}
    scores: dict[tuple[str, str], set[float | None]] = {}
    for decision, answer in health_rows.answers(connection, ids):
        for ref, score in _alerts(answer):
            if (decision, ref) in wanted:
                scores.setdefault((decision, ref), set()).add(score)
    each = ((one, tuple(scores.get((one.decision, one.entry), ()))) for one in found)
    return tuple(JudgedAlert(held[0], one.verdict == "true_match") for one, held in each if len(held) == 1)


def _alerts(answer: bytes) -> Iterator[tuple[str, float | None]]:
    for row in json.loads(answer)["screened"]:
        for alert in row["alerts"]:
            yield alert["ref"], alert.get("score")


def _highest() -> float:
    """Return the highest threshold that was ever set here: above it, every hit alerted and its score was kept."""
    changed = [float(str(row[side])) for row in screening_settings.log() for side in ("old", "new")]
    return max((screening_settings.DEFAULT, screening_settings.threshold(), *changed))
