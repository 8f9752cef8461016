"""What in the records deserves a look: recorded trade in a prohibited line, and partners that may have been mixed up.

Each has its evidence and a benign reading. None is a finding of law: records hold errors, and exemptions are not seen in them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

from .classing import BANNED
from .index import Cell

PROHIBITED = "recorded trade in a prohibited line"
MIXED_UP = "a partner that may be another"
_CLEAR, _BESIDE = 0.5, 2
"""Likeness from which a profile is the neighbour's, and years on each side that are looked at."""
Profile = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something that deserves a look.

    Attributes:
        kind: What it is.
        where: Counterpart, direction, code, period.
        value_usd: Value at stake.
        evidence: What speaks for it.
        benign: How it may be harmless.
    """

    kind: str
    where: str
    value_usd: Decimal
    evidence: str
    benign: str

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "kind": self.kind,
            "where": self.where,
            "value_usd": str(self.value_usd),
            "evidence": self.evidence,
            "benign_reading": self.benign,
        }


def prohibited(cells: Iterable[Cell]) -> list[Anomaly]:
    """Return recorded trade in lines that were prohibited all through their period, the largest first."""
    found = [
        Anomaly(
            PROHIBITED,
            f"{c.counterpart} {c.direction} {c.hs} {c.period}",
            c.value_usd,
            f"{c.rows} row{'s' if c.rows > 1 else ''}; {'; '.join(c.then.reasons)}",
            "a wrong partner or code, goods under an exemption or the Committee's approval, or goods that only passed through",
        )
        for c in cells
        if c.then.name == BANNED and c.value_usd > 0
    ]
    return sorted(found, key=lambda a: (-a.value_usd, a.where))


def mixed_up(
    target: Mapping[int, Profile], neighbour: Mapping[int, Profile], names: tuple[str, str, str]
) -> list[Anomaly]:
    """Return the years in which trade with one partner looks like the trade with another in the years around it.

    The year itself does not show it: the mixed-up trade is missing at the neighbour. So it is compared with both partners' profiles
    (value by code) in the two years on each side.

    Args:
        target: Profile by year with the partner as recorded.
        neighbour: Profile by year with the partner that it may be.
        names: Reporter, partner, other partner.
    """
    found = []
    for year, profile in sorted(target.items()):
        around = [y for y in range(year - _BESIDE, year + _BESIDE + 1) if y != year]
        own = likeness(profile, _joined([target[y] for y in around if y in target]))
        other = likeness(profile, _joined([neighbour[y] for y in around if y in neighbour]))
        usual = sorted(sum(target[y].values()) for y in around if y in target)
        worth = sum(profile.values())
        middle = usual[len(usual) // 2] if usual else 0.0
        if other >= _CLEAR and other > own and worth > 10 * middle:
            found.append(
                Anomaly(
                    MIXED_UP,
                    f"{names[0]} with {names[1]} {year}",
                    Decimal(round(worth)),
                    f"goods are like those with {names[2]} in the years around ({other:.2f}) more than like its own ({own:.2f}); value is "
                    f"{worth / middle:.0f} times its own" if middle else f"goods are like those with {names[2]} ({other:.2f}); no trade around",
                    f"a real change of trade in {year}; ask the reporter",
                )
            )  # fmt: skip
    return sorted(found, key=lambda a: (-a.value_usd, a.where))


def _joined(profiles: Sequence[Profile]) -> dict[str, float]:
    joined: dict[str, float] = {}
    for profile in profiles:
        whole = sum(profile.values()) or 1.0
        for code, value in profile.items():
            joined[code] = joined.get(code, 0.0) + value / whole
    return joined


def likeness(one: Profile, other: Profile) -> float:
    """Return the cosine of two profiles, 0 to 1."""
    lengths = sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return sum(value * other.get(code, 0.0) for code, value in one.items()) / lengths if lengths else 0.0
