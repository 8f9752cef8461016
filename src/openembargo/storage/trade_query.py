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


@dataclass(frozen=True, slots=True)
class Mirror:
    """What two sides record of the same trade: exports of one (usually fob) and imports of the other (usually cif), in US dollars."""

    exporter: str
    importer: str
    hs: str
    period: str
    exported: Decimal | None
    imported: Decimal | None


MIRROR_SQL = """SELECT coalesce(x.reporter, m.partner) AS exporter, coalesce(x.partner, m.reporter) AS importer, coalesce(x.hs, m.hs) AS code,
    coalesce(x.period, m.period) AS told, x.value, m.value FROM
    (SELECT reporter, partner, hs[1:$2] AS hs, period, sum(value_usd) AS value FROM flows WHERE fault IS NULL AND flow = 'export'
        AND NOT reconciled AND ($1 = '' OR $1 IN (reporter, partner)) GROUP BY ALL) x FULL JOIN
    (SELECT reporter, partner, hs[1:$2] AS hs, period, sum(value_usd) AS value FROM flows WHERE fault IS NULL AND flow = 'import'
        AND NOT reconciled AND ($1 = '' OR $1 IN (reporter, partner)) GROUP BY ALL) m
    ON x.reporter = m.partner AND x.partner = m.reporter AND x.hs = m.hs AND x.period = m.period
    ORDER BY abs(coalesce(x.value, 0) - coalesce(m.value, 0)) DESC, exporter, importer, code, told LIMIT $3"""


def mirror_gaps(table: TradeTable, area: str, digits: int, most: int) -> tuple[Mirror, ...]:
    """Return the largest differences between what exporters and importers record, at so many digits of the code.

    A side that is missing did not record it, or did not report at all; it is told as None, never as zero.
    """
    found = table.db.execute(MIRROR_SQL, [area, digits, most]).fetchall()
    return tuple(Mirror(*row) for row in found)
