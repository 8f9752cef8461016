"""What the law asks of amounts, so that a batch can judge them by arithmetic: caps, sums, and values of one piece."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openembargo.law.caps import period_on
from openembargo.law.conditions import Compare, FactRef, Sum, walk
from openembargo.law.model import Regime
from openembargo.law.regime_conditions import conditions_of
from openembargo.terms.fact import FactType
from openembargo.terms.vocabulary import FACTS

from .prepare import PIECES


@dataclass(frozen=True, slots=True)
class CapTest:
    """One limit of a cap: the cap, its unit, and the limit in each span of days."""

    cap: str
    unit: str
    limits: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class SumTest:
    """`sum of terms op right`: paths of number facts, and a path or number."""

    terms: tuple[str, ...]
    op: str
    right: str | Decimal


@dataclass(frozen=True, slots=True)
class AmountTests:
    """All that the law asks of amounts.

    Attributes:
        caps: The limits of caps.
        sums: Comparisons of amounts.
        piece_values: Thresholds of the value of one piece.
        pieces: Units of which the value of one piece follows from value and quantity.
    """

    caps: tuple[CapTest, ...]
    sums: tuple[SumTest, ...]
    piece_values: tuple[Decimal, ...]
    pieces: tuple[str, ...] = tuple(sorted(PIECES))


def amount_tests(regimes: Iterable[Regime], spans: Mapping[int, date]) -> AmountTests:
    """Collect what the regimes ask of amounts.

    Args:
        regimes: The regimes.
        spans: A day of each span of days within which nothing changes.
    """
    caps: list[CapTest] = []
    sums: list[SumTest] = []
    values: set[Decimal] = set()
    for regime in regimes:
        for cap in regime.caps:
            units = sorted({unit for period in cap.periods for unit, _ in period.limits})
            for unit in units:
                found = ((span, period_on(cap, day)) for span, day in spans.items())
                limits = tuple((s, dict(p.limits)[unit]) for s, p in found if p and unit in dict(p.limits))
                caps.append(CapTest(cap.id, unit, limits))
        values |= {
            r.over_unit_value_usd for g in regime.goods_lists for r in g.rows if r.over_unit_value_usd is not None
        }
        for node in conditions_of(regime):
            sums += [test for part in walk(node) if isinstance(part, Compare) for test in _sum(part)]
    return AmountTests(tuple(caps), tuple(dict.fromkeys(sums)), tuple(sorted(values)))


def _sum(part: Compare) -> tuple[SumTest, ...]:
    terms = part.left.terms if isinstance(part.left, Sum) else ((part.left,) if isinstance(part.left, FactRef) else ())
    if not terms or any(FACTS[term.path].type is not FactType.DECIMAL for term in terms):
        return ()
    right = part.right.path if isinstance(part.right, FactRef) else part.right
    if not isinstance(right, str):
        right = Decimal(str(right))
    return (SumTest(tuple(term.path for term in terms), part.op, right),)
