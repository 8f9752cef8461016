"""Interrupted time series: what a series would have been without the interruption, and how far it fell from it.

Sources: Bernal, Cummins, Gasparrini 2017 (segmented regression, step in a Poisson model with offset and harmonics, dispersion by Pearson's
chi-square); Newey and West 1987, lags by 4 (n / 100)^(2/9), correction n / (n - k).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .estimate import Estimate

FEWEST_BEFORE, FEWEST_AFTER = 8, 4
"""Fewest observations before and after; below, nothing is estimated."""
_NORMAL = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An interrupted series.

    Attributes:
        estimate: Mean difference of logarithms from the counterfactual after the interruption.
        fitted: Fitted value of each observation.
        counterfactual: What each observation would have been without the interruption.
    """

    estimate: Estimate
    fitted: tuple[float, ...]
    counterfactual: tuple[float, ...]


def segmented(values: Sequence[float], after: Sequence[bool | None]) -> Interrupted | None:
    """Fit level and slope before and after on the logarithm of a series.

    Args:
        values: Values in the order of time, all positive.
        after: For each, whether it lies after the interruption; None for the period of the interruption itself, which is neither.

    Returns:
        None when there are too few observations, or a value is not positive.
    """
    import statsmodels.api as sm

    used = [i for i, side in enumerate(after) if side is not None]
    before_count, after_count = sum(after[i] is False for i in used), sum(after[i] is True for i in used)
    if before_count < FEWEST_BEFORE or after_count < FEWEST_AFTER or min(values[i] for i in used) <= 0:
        return None
    start = next(i for i in used if after[i])
    step = np.array([1.0 if side or (side is None and i >= start) else 0.0 for i, side in enumerate(after)])
    time = np.arange(len(values), dtype=float)
    design = np.column_stack([np.ones(len(values)), time, step, step * (time - start)])
    lags = int(4 * (len(used) / 100) ** (2 / 9))
    done = sm.OLS(np.log(np.array([values[i] for i in used])), design[used]).fit(
        cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True}, use_t=True
    )
    mean_time = np.mean([time[i] - start for i in used if after[i]])
    contrast = done.t_test(np.array([[0.0, 0.0, 1.0, mean_time]]))
    low, high = contrast.conf_int()[0]
    bare = design.copy()
    bare[:, 2:] = 0.0
    method = (
        f"segmented regression on logarithms, mean over the {after_count} periods after; Newey-West with {lags} lags, "
        f"corrected by n/(n-k), t with {len(used) - design.shape[1]} degrees of freedom"
    )
    estimate = Estimate(
        method,
        float(contrast.effect[0]),
        float(contrast.sd.item()),
        float(low),
        float(high),
        len(used),
        ("one series: whatever else changed at the same time is in it",),
    )
    return Interrupted(
        estimate, tuple(map(float, np.exp(design @ done.params))), tuple(map(float, np.exp(bare @ done.params)))
    )


def step_in_rate(
    counts: Sequence[float],
    exposed: Sequence[float],
    after: Sequence[bool],
    *,
    harmonics: int = 0,
    months: Sequence[int] = (),
) -> tuple[Estimate, float]:
    """Fit a step and a slope of a rate by a quasi-Poisson model; return the step and the dispersion.

    Args:
        counts: Counts or values.
        exposed: What they are rates of.
        after: Whether each lies after the interruption.
        harmonics: Pairs of sine and cosine of the year.
        months: Month of each observation, 1 to 12, where there are harmonics.
    """
    import statsmodels.api as sm

    size = len(counts)
    columns = [np.ones(size), np.array(after, dtype=float), np.arange(1, size + 1, dtype=float)]
    turn = 2 * np.pi * np.array(months or [0] * size, dtype=float) / 12
    for wave in range(1, harmonics + 1):
        columns += [np.sin(wave * turn), np.cos(wave * turn)]
    model = sm.GLM(
        np.array(counts, dtype=float),
        np.column_stack(columns),
        family=sm.families.Poisson(),
        offset=np.log(np.array(exposed, dtype=float)),
    )
    done = model.fit(scale="X2")
    effect, error = float(done.params[1]), float(done.bse[1])
    method = f"quasi-Poisson step with slope, {harmonics} harmonics, dispersion by Pearson's chi-square"
    low, high = effect - _NORMAL * error, effect + _NORMAL * error
    return Estimate(method, effect, error, low, high, size), float(done.scale)
