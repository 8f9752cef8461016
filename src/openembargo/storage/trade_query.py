"""Questions to a table of flows: a target's trade by line, who reported when, profiles by partner."""

from dataclasses import dataclass
from decimal import Decimal

from openembargo.terms.errors import InputError, Mistake

from .trade_tables import TradeTable


@dataclass(frozen=True, slots=True)
class Sum:
    """The counted trade of a counterpart with a target: direction, code, period, value in US dollars, rows summed."""

    counterpart: str
    direction: str
    hs: str
    period: str
    value_usd: Decimal
    rows: int


def sums_with(table: TradeTable, target: str, *, monthly: bool) -> tuple[Sum, ...]:
    """Return a target's trade as its partners recorded it; of reconciled tables, as they hold it.

    Raises:
        InputError: When reconciled and recorded figures are in one table: two publishers in one series.
    """
    kinds = table.db.execute("SELECT count(DISTINCT reconciled) FROM flows WHERE fault IS NULL").fetchone()
    if kinds and kinds[0] > 1:
        raise InputError(
            [Mistake("flows", "holds reconciled and recorded figures", "load one publisher's files alone")]
        )
    found = table.db.execute(
        """SELECT CASE WHEN partner = $1 THEN reporter ELSE partner END AS counterpart,
        CASE WHEN (partner = $1) = (flow = 'import') THEN 'from_target' ELSE 'to_target' END AS direction, hs, period,
        sum(value_usd), count(*) FROM flows WHERE fault IS NULL AND (partner = $1 OR (reconciled AND reporter = $1))
        AND reporter <> partner AND (month IS NOT NULL) = $2 GROUP BY ALL ORDER BY ALL""",
        [target, monthly],
    )
    return tuple(Sum(c, d, h, p, Decimal(v), int(n)) for c, d, h, p, v, n in found.fetchall())


def reported(table: TradeTable, *, monthly: bool) -> dict[str, frozenset[str]]:
    """Return the periods of which each reporter reported anything; of reconciled tables all periods, under an empty name."""
    found = table.db.execute(
        """SELECT CASE WHEN reconciled THEN '' ELSE reporter END AS who, list(DISTINCT period) FROM flows WHERE period IS NOT NULL
        AND (month IS NOT NULL) = $1 AND coalesce(fault, '') NOT IN ('unknown_area', 'other_vintage', 'two_vintages') GROUP BY ALL ORDER BY ALL""",
        [monthly],
    )
    return {str(who): frozenset(periods) for who, periods in found.fetchall()}


def profiles(table: TradeTable, partner: str) -> dict[tuple[str, str], dict[int, dict[str, float]]]:
    """Return value by chapter, by reporter and flow and year, of the trade with a partner."""
    found = table.db.execute(
        """SELECT reporter, flow, year, hs[1:2], CAST(sum(value_usd) AS DOUBLE) FROM flows WHERE fault IS NULL AND partner = $1
        AND regexp_full_match(hs, '[0-9]+') GROUP BY ALL ORDER BY ALL""",
        [partner],
    )
    held: dict[tuple[str, str], dict[int, dict[str, float]]] = {}
    for reporter, flow, year, chapter, value in found.fetchall():
        held.setdefault((reporter, flow), {}).setdefault(int(year), {})[chapter] = value
    return held
