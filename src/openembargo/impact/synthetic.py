"""Synthetic control: a mixture of units without the measure that moved as the treated one did before it.

Source: Abadie, Diamond, Hainmueller 2010: weights not negative and summing to one; predictors scaled by their deviation over all units; their
importance chosen for the least error before the measure; placebo runs give each other unit's ratio of errors after and before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_SMALL = 1e-8


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A synthetic control.

    Attributes:
        weights: By unit; those that count for nothing are left out.
        gaps: Treated less synthetic, by period.
        error_before: Root of the mean squared gap before.
        effect: Mean gap after.
        ratio: Error after over error before.
        rank: Place of the treated unit's ratio among all units, 1 the largest; 0 where no placebo was run.
        units: Units in that comparison.
    """

    weights: Mapping[str, float]
    gaps: Mapping[str, float]
    error_before: float
    effect: float
    ratio: float
    rank: int = 0
    units: int = 0

    @property
    def placebo_p(self) -> float | None:
        """Share of units with as large a ratio; None where no placebo was run."""
        return self.rank / self.units if self.units else None


@dataclass(frozen=True, slots=True)
class Panel:
    """Units over time.

    Attributes:
        outcomes: Series of each unit, in the order of `periods`.
        predictors: Predictors of each unit; empty: the series before the measure itself.
        periods: Names of the periods.
        fit: Periods in which the error is made small.
        before: Periods before the measure.
    """

    outcomes: Mapping[str, Sequence[float]]
    predictors: Mapping[str, Sequence[float]]
    periods: Sequence[str]
    fit: Sequence[str]
    before: Sequence[str]


def synthetic_control(panel: Panel, treated: str, *, placebo: bool = True) -> Synthetic:
    """Fit the treated unit, and with `placebo` every other unit as if it had been treated."""
    found = _one(panel, treated, tuple(unit for unit in panel.outcomes if unit != treated))
    if not placebo:
        return found
    others = tuple(unit for unit in panel.outcomes if unit != treated)
    ratios = [_one(panel, unit, tuple(o for o in others if o != unit)).ratio for unit in others]
    rank = 1 + sum(ratio >= found.ratio for ratio in ratios)
    return Synthetic(
        found.weights, found.gaps, found.error_before, found.effect, found.ratio, rank, len(panel.outcomes)
    )


def _one(panel: Panel, treated: str, donors: Sequence[str]) -> Synthetic:
    donors = sorted(donors)
    at = {period: i for i, period in enumerate(panel.periods)}
    outcome = np.array([panel.outcomes[unit] for unit in (treated, *donors)], dtype=float).T
    fit = [at[p] for p in panel.fit]
    if panel.predictors:
        x = np.array([panel.predictors[unit] for unit in (treated, *donors)], dtype=float).T
        spread = x.std(axis=1, ddof=1)
        x = x / np.where(spread > 0, spread, 1.0)[:, None]
        weights = _nested(x, outcome[fit])
    else:
        weights = _mixture(outcome[fit, 1:], outcome[fit, 0])
    gap = outcome[:, 0] - outcome[:, 1:] @ weights
    before = [at[p] for p in panel.before]
    after = [i for i in range(len(panel.periods)) if i > max(before)]
    error = float(np.sqrt(np.mean(gap[before] ** 2)))
    late = float(np.sqrt(np.mean(gap[after] ** 2)))
    kept = {unit: float(w) for unit, w in zip(donors, weights, strict=True) if w > _SMALL}
    gaps = {period: float(g) for period, g in zip(panel.periods, gap, strict=True)}
    return Synthetic(kept, gaps, error, float(np.mean(gap[after])), late / max(error, _SMALL))


def _nested(x: Array, outcome: Array) -> Array:
    """Return the weights under the importance of predictors that gives the least error of the outcome.

    The error has several minima. The search goes down from equal importance by BFGS, as published tables do; it may stop above the least.
    """
    from scipy.optimize import minimize

    def weights(raw: Array) -> Array:
        share = np.abs(raw) / np.abs(raw).sum()
        root = np.sqrt(share)[:, None]
        return _mixture(root * x[:, 1:], (root * x[:, :1])[:, 0])

    def loss(raw: Array) -> float:
        return float(np.mean((outcome[:, 0] - outcome[:, 1:] @ weights(raw)) ** 2))

    start = np.full(x.shape[0], 1 / x.shape[0])
    done = minimize(loss, start, method="BFGS")
    return weights(done.x)


def _mixture(donors: Array, treated: Array) -> Array:
    """Return the weights, not negative and summing to one, with the least squared error.

    With C the donors less the treated, the least |Cy|^2 + (sum(y) - 1)^2 over y >= 0 lies on the ray of the least |Cw|^2 over weights: for
    y = s w the least over s is q / (1 + q), which rises with q = |Cw|^2. So no penalty has to be made large.
    """
    from scipy.optimize import nnls

    apart = donors - treated[:, None]
    scale = max(float(np.abs(apart).max()), _SMALL)
    found, _ = nnls(np.vstack([apart / scale, np.ones(donors.shape[1])]), np.append(np.zeros(len(treated)), 1.0))
    return np.asarray(found / float(found.sum()), dtype=float)
