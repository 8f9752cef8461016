"""Is a claim about an effect borne out? Part by part, with the reason, and never more than the figures bear."""

from collections.abc import Sequence
from dataclasses import dataclass

from .estimate import Estimate

SUPPORTED, PARTLY, NOT_SUPPORTED, CANNOT_SAY = "supported", "partly", "not supported", "cannot say"
FELL, MORE, WENT_ON = (
    "trade fell in prohibited lines",
    "it fell more than in lines never prohibited",
    "allowed trade went on",
)
TOTAL_FELL = "trade fell"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a claim: what is asked, the verdict, why."""

    asks: str
    verdict: str
    says: str

    def plain(self) -> dict[str, str]:
        """Return it as JSON holds it."""
        return {"asks": self.asks, "verdict": self.verdict, "says": self.says}


def of_lines(banned: Estimate | None, allowed: Estimate | None, apart: Estimate | None) -> tuple[Part, ...]:
    """Judge by line: the change of prohibited lines, of lines never prohibited, and the difference of the two."""
    fell = _falls(FELL, banned)
    more = _falls(MORE, apart)
    if allowed is None:
        on = Part(WENT_ON, CANNOT_SAY, "too few lines that were never prohibited")
    elif allowed.high < 0:
        on = Part(WENT_ON, PARTLY, f"it fell too: {words(allowed)}. What fell with it is not the measures' doing alone")
    else:
        on = Part(WENT_ON, SUPPORTED, f"no fall that can be told from chance: {words(allowed)}")
    return fell, more, on


def _falls(asks: str, found: Estimate | None) -> Part:
    if found is None:
        return Part(asks, CANNOT_SAY, "too few lines or periods")
    if found.high < 0:
        return Part(asks, SUPPORTED, words(found))
    if found.low >= 0:
        return Part(asks, NOT_SUPPORTED, words(found))
    return Part(asks, CANNOT_SAY, f"{words(found)}: the interval holds no change")


def of_totals(least: float, most: float) -> tuple[Part, ...]:
    """Judge by totals: only whether they fell, by the publishers' figures that bear the most and the least.

    Args:
        least: Least that the last period may be of the baseline, in per cent.
        most: Most.
    """
    span = f"{least:.0f} % to {most:.0f} % of the baseline, by whichever publisher's figures"
    if most < 100:  # noqa: PLR2004 - per cent of the baseline
        fell = Part(TOTAL_FELL, SUPPORTED, span)
    else:
        fell = Part(TOTAL_FELL, NOT_SUPPORTED if least >= 100 else CANNOT_SAY, span)  # noqa: PLR2004
    lines = "totals do not tell lines apart"
    return fell, Part(MORE, CANNOT_SAY, lines), Part(WENT_ON, CANNOT_SAY, lines)


def overall(parts: Sequence[Part]) -> str:
    """Return the verdict on the whole claim; a fall is credited to measures only as far as other lines did not fall too."""
    fell, more, on = parts
    if NOT_SUPPORTED in (fell.verdict, more.verdict):
        return NOT_SUPPORTED
    if fell.verdict == CANNOT_SAY:
        return CANNOT_SAY
    if more.verdict == SUPPORTED:
        return SUPPORTED if on.verdict == SUPPORTED else PARTLY
    if fell.asks == TOTAL_FELL:
        return PARTLY
    return NOT_SUPPORTED if on.verdict == PARTLY else CANNOT_SAY


def words(found: Estimate) -> str:
    """Return an effect in words, with its interval of 95 %."""
    effect, low, high = found.percent
    return f"{effect:+.0f} % (95 %: {low:+.0f} % to {high:+.0f} %)"
