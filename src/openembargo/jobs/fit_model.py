"""Fit one of the effect's models on any table: what handbooks print can be checked with the same code that `impact run` uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

from openembargo.impact.gravity import ols, ppml
from openembargo.impact.interrupted import step_in_rate
from openembargo.impact.synthetic import Panel, synthetic_control
from openembargo.storage.model_tables import read_columns
from openembargo.terms.errors import InputError, Mistake

Columns = Mapping[str, list[str]]
_LOG = "log("
_TOO_LONG = 5


@dataclass(frozen=True, slots=True)
class Gravity:
    """A model with fixed effects: outcome, regressors (`log(x)` for a logarithm), effects and cluster (`a+b`: both together), rows."""

    outcome: str
    on: Sequence[str]
    effects: Sequence[str]
    cluster: str
    only: Mapping[str, str]
    least_squares: bool = False


def fit_gravity(path: Path, asked: Gravity) -> dict[str, object]:
    """Return coefficients with errors and the correction that they have.

    Raises:
        InputError: When a column is missing or a cell is no number.
    """
    table = read_columns(path, asked.only)
    numbers = {f"x{n}": _numbers(path, table, name) for n, name in enumerate((asked.outcome, *asked.on))}
    groups = {f"g{n}": _joined(path, table, name) for n, name in enumerate((*asked.effects, asked.cluster))}
    effects = [f"g{n}" for n in range(len(asked.effects))]
    fit = ols if asked.least_squares else ppml
    regressors = [f"x{n}" for n in range(1, len(numbers))]
    found = fit({**numbers, **groups}, "x0", regressors, effects, f"g{len(effects)}")
    names = dict(zip(regressors, asked.on, strict=True)) | {"Intercept": "intercept"}
    told = {names[key]: one.plain() for key, one in found.estimates.items()}
    for one in told.values():
        for n, name in reversed(list(enumerate((*asked.effects, asked.cluster)))):
            one["method"] = str(one["method"]).replace(f"g{n}", name)
    return {"table": path.name, "rows": dict(asked.only), "observations": found.observations, "estimates": told}


@dataclass(frozen=True, slots=True)
class Mixture:
    """A synthetic control: columns of unit, time and outcome, the treated unit, the first treated time, the times that are fitted.

    Predictors are columns with the span of times over which they are averaged, empty cells left out; none: the outcome itself.
    """

    unit: str
    time: str
    outcome: str
    treated: str
    since: float
    fit: tuple[float, float] | None
    predictors: Sequence[tuple[str, float, float]]
    left_out: Sequence[str]
    placebo: bool


def fit_mixture(path: Path, asked: Mixture) -> dict[str, object]:
    """Return weights, gaps and the place among placebos.

    Raises:
        InputError: When a column, the treated unit or a unit's time is missing.
    """
    table = read_columns(path, {})
    units, times = _joined(path, table, asked.unit), _numbers(path, table, asked.time)
    rows = {(u, t): n for n, (u, t) in enumerate(zip(units, times, strict=True)) if u not in asked.left_out}
    names, order = sorted({u for u, _ in rows}), sorted({t for _, t in rows})
    if asked.treated not in names:
        raise InputError([Mistake(path.name, f"no unit {asked.treated!r}", f"one of: {', '.join(names)}")])
    lacks = [f"{u} {t:g}" for u in names for t in order if (u, t) not in rows]
    if lacks:
        raise InputError(
            [Mistake(path.name, f"has no row for {', '.join(lacks[:_TOO_LONG])}", "a row a unit and time")]
        )
    series = _cells(path, table, asked.outcome)
    outcomes = {u: [_told(path, series, rows[u, t], asked.outcome) for t in order] for u in names}
    averages = {
        u: [_mean(path, table, name, [rows[u, t] for t in order if a <= t <= b]) for name, a, b in asked.predictors]
        for u in names
    }
    before = [t for t in order if t < asked.since]
    first, last = asked.fit or (before[0], before[-1])
    panel = Panel(
        outcomes,
        averages if asked.predictors else {},
        [f"{t:g}" for t in order],
        [f"{t:g}" for t in before if first <= t <= last],
        [f"{t:g}" for t in before],
    )
    found = synthetic_control(panel, asked.treated, placebo=asked.placebo)
    return {
        "table": path.name,
        "treated": asked.treated,
        "fitted_over": [first, last],
        "weights": {name: round(weight, 4) for name, weight in found.weights.items()},
        "gaps": {time: round(gap, 8) for time, gap in found.gaps.items()},
        "error_before": round(found.error_before, 8),
        "effect": round(found.effect, 8),
        "ratio": round(found.ratio, 4),
        "placebo_rank": found.rank or None,
        "placebo_units": found.units or None,
        "placebo_p": round(found.placebo_p, 4) if found.placebo_p is not None else None,
    }


def fit_step(path: Path, columns: tuple[str, str, str], month: str, harmonics: int) -> dict[str, object]:
    """Return the step of a rate after an interruption.

    Args:
        path: The table, its rows in the order of time.
        columns: Count, what it is a rate of, and whether the row lies after (0 or 1).
        month: Column of the month, 1 to 12, where there are harmonics.
        harmonics: Pairs of sine and cosine of the year.
    """
    table = read_columns(path, {})
    counts, exposed, after = (_numbers(path, table, name) for name in columns)
    if harmonics and not month:
        raise InputError([Mistake("--month", "is missing", "a column of months, for harmonics")])
    months = [int(m) for m in _numbers(path, table, month)] if harmonics else []
    found, dispersion = step_in_rate(counts, exposed, [bool(a) for a in after], harmonics=harmonics, months=months)
    ratio = {"rate_ratio": exp(found.effect), "low": exp(found.low), "high": exp(found.high), "dispersion": dispersion}
    return {"table": path.name} | {k: round(v, 4) for k, v in ratio.items()} | found.plain()


def _cells(path: Path, table: Columns, name: str) -> list[str]:
    if name not in table:
        raise InputError([Mistake(path.name, f"has no column {name}", f"columns: {', '.join(table)}")])
    return table[name]


def _joined(path: Path, table: Columns, name: str) -> list[str]:
    """Return the values of a column; of several joined by `+` together."""
    parts = [_cells(path, table, part) for part in name.split("+")]
    return ["/".join(cells) for cells in zip(*parts, strict=True)]


def _numbers(path: Path, table: Columns, name: str) -> list[float]:
    inner = name[len(_LOG) : -1] if name.startswith(_LOG) else name
    column = _cells(path, table, inner)
    values = [_told(path, column, n, inner) for n in range(len(column))]
    if inner == name:
        return values
    wrong = next((n for n, value in enumerate(values, start=1) if value <= 0), None)
    if wrong:
        raise InputError(
            [Mistake(path.name, f"{inner} is {values[wrong - 1]:g} in row {wrong}", "above nothing, for its logarithm")]
        )
    return [log(value) for value in values]


def _told(path: Path, column: Sequence[str], row: int, name: str) -> float:
    try:
        return float(column[row])
    except ValueError:
        raise InputError([Mistake(path.name, f"{name} is {column[row]!r} in row {row + 1}", "a number")]) from None


def _mean(path: Path, table: Columns, name: str, rows: Sequence[int]) -> float:
    column = _cells(path, table, name)
    held = [_told(path, column, n, name) for n in rows if column[n]]
    if not held:
        raise InputError([Mistake(path.name, f"{name} is empty over its whole span for a unit", "another span")])
    return sum(held) / len(held)
