"""An effect with its interval, its method, and what must be said beside it."""

from dataclasses import dataclass
from math import exp


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect in logarithms.

    Attributes:
        method: How it was found, with the standard errors and their correction.
        effect: Difference of logarithms; negative is a fall.
        error: Standard error.
        low: Lower end of the interval of 95 %.
        high: Upper end.
        observations: Observations that it rests on.
        caveats: What must be said beside it.
    """

    method: str
    effect: float
    error: float
    low: float
    high: float
    observations: int
    caveats: tuple[str, ...] = ()

    @property
    def percent(self) -> tuple[float, float, float]:
        """Return the effect and its interval in per cent."""
        effect, low, high = (100 * (exp(value) - 1) for value in (self.effect, self.low, self.high))
        return effect, low, high

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it: logarithms to eight places, so that printed tables can be compared."""
        effect, low, high = self.percent
        return {
            "method": self.method,
            "log_effect": round(self.effect, 8),
            "standard_error": round(self.error, 8),
            "percent": round(effect, 1),
            "percent_interval": [round(low, 1), round(high, 1)],
            "observations": self.observations,
            "caveats": list(self.caveats),
        }
