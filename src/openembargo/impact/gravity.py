"""Poisson pseudo-maximum likelihood with fixed effects: gravity of trade, and a ban as an event in a panel of lines.

Sources: Santos Silva and Tenreyro 2006; Correia, Guimaraes, Zylkin 2020 (ppmlhdfe); Yotov et al. 2016, An Advanced Guide to Trade Policy
Analysis. Estimated by pyfixest.

Small-sample correction: clustered errors are multiplied by sqrt(G / (G - 1) x (n - 1) / (n - k)), G the number of clusters, with k the
regressors without the fixed effects, and, where there are more ways of clustering, the least G. That is how ppmlhdfe prints where the effects are
nested in the clusters; pyfixest's own default counts effects that are not nested, and gives larger errors (.0432 for .0420 in the
public example of three-way effects).
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .estimate import Estimate

CORRECTION = "clustered errors, corrected by sqrt(G/(G-1) x (n-1)/(n-k)) without the fixed effects in k"
_LEAST_CLUSTERS = 20


@dataclass(frozen=True, slots=True)
class Fitted:
    """Coefficients of a model, by name, each with its error and interval."""

    estimates: Mapping[str, Estimate]
    observations: int


def ppml(
    columns: Mapping[str, Sequence[object]],
    outcome: str,
    regressors: Sequence[str],
    effects: Sequence[str],
    cluster: str,
) -> Fitted:
    """Fit a model; rows that the fixed effects fit alone (only zeros) are left out, as they must be.

    Args:
        columns: Columns of the panel by name.
        outcome: Column that is explained; never negative.
        regressors: Columns that explain it.
        effects: Columns whose values each have an effect of their own.
        cluster: Column by which errors are clustered.
    """
    return _fit("fepois", columns, outcome, regressors, effects, cluster)


def ols(
    columns: Mapping[str, Sequence[object]],
    outcome: str,
    regressors: Sequence[str],
    effects: Sequence[str],
    cluster: str,
) -> Fitted:
    """Fit the same by least squares, for the comparison that handbooks print."""
    return _fit("feols", columns, outcome, regressors, effects, cluster)


def _fit(
    kind: str,
    columns: Mapping[str, Sequence[object]],
    outcome: str,
    regressors: Sequence[str],
    effects: Sequence[str],
    cluster: str,
) -> Fitted:
    import pandas as pd
    import pyfixest as pf

    frame = pd.DataFrame(dict(columns))
    formula = f"{outcome} ~ {' + '.join(regressors)}" + (f" | {' + '.join(effects)}" if effects else "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they tell, rows left out, is told by the method
        done: Any = getattr(pf, kind)(
            formula, frame, vcov={"CRV1": cluster}, ssc=pf.ssc(k_adj=True, k_fixef="none", G_adj=True, G_df="min")
        )
    coefs, errors, ends = done.coef(), done.se(), done.confint()
    used = int(done._N)
    clusters = int(frame[cluster].nunique())
    few = (f"{clusters} clusters: intervals are too narrow",) if clusters < _LEAST_CLUSTERS else ()
    name = "PPML" if kind == "fepois" else "least squares"
    method = f"{name}, fixed effects {', '.join(effects) or 'none'}; by {cluster}: {CORRECTION}"
    left_out = len(frame) - used
    method += f"; {left_out} rows left out that the effects alone fit" if left_out else ""
    found = {
        str(key): Estimate(
            method,
            float(coefs[key]),
            float(errors[key]),
            float(ends.loc[key].iloc[0]),
            float(ends.loc[key].iloc[1]),
            used,
            few,
        )
        for key in coefs.index
    }
    return Fitted(found, used)
