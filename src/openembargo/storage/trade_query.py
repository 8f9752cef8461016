"""Questions to a table of flows: a target's trade by line, who reported when, profiles by partner."""

from dataclasses import dataclass
from decimal import Decimal

from openembargo.terms.errors import InputError, Mistake

from .trade_tables import TradeTable


@dataclass(frozen=True, slots=True)
class Sum:
    """The counted trade of a counterpart with a target: direction, code, period, value in US dollars, rows summed, HS edition if told."""

    counterpart: str
    direction: str
    hs: str
    period: str
    value_usd: Decimal
    rows: int
    edition: int | None = None


def sums_with(table: TradeTable, target: str, *, monthly: bool) -> tuple[Sum, ...]:
    """Return a target's trade as its partners recorded it; of reconciled tables, as they hold it.

    Raises:
        InputError: When reconciled and recorded figures are in one table: two publishers in one series.
    """
    kinds = table.db.execute("SELECT min(reconciled) <> max(reconciled) FROM flows WHERE fault IS NULL").fetchone()
    if kinds and kinds[0]:
        raise InputError(
            [Mistake("flows", "holds reconciled and recorded figures", "load one publisher's files alone")]
        )
    found = table.db.execute(
        """SELECT CASE WHEN partner = $1 THEN reporter ELSE partner END AS counterpart,
        CASE WHEN (partner = $1) = (flow = 'import') THEN 'from_target' ELSE 'to_target' END AS direction, hs, period,
        sum(value_usd), count(*), edition FROM flows WHERE fault IS NULL AND (partner = $1 OR (reconciled AND reporter = $1))
        AND reporter <> partner AND (month IS NOT NULL) = $2 GROUP BY ALL ORDER BY ALL""",
        [target, monthly],
    )
    return tuple(Sum(c, d, h, p, Decimal(v), int(n), e) for c, d, h, p, v, n, e in found.fetchall())


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


_TOLD = "FROM flows WHERE fault IS NULL AND NOT reconciled AND ($area = '' OR $area IN (reporter, partner))"
_NUMBERED = (
    f"""CREATE OR REPLACE TEMP TABLE areas AS SELECT code, row_number() OVER (ORDER BY code) AS id FROM
    (SELECT DISTINCT reporter AS code {_TOLD} UNION SELECT DISTINCT partner {_TOLD})""",
    f"""CREATE OR REPLACE TEMP TABLE codes AS SELECT hs, hs[1:$digits] AS short, dense_rank() OVER (ORDER BY hs[1:$digits]) AS id FROM
    (SELECT DISTINCT hs {_TOLD})""",
    f"""CREATE OR REPLACE TEMP TABLE periods AS SELECT period, row_number() OVER (ORDER BY period) AS id FROM (SELECT DISTINCT period {_TOLD})""",
)
"""Numbers for texts, in the order of the texts."""
MIRROR_SQL = f"""WITH told AS (SELECT (CASE WHEN flow = 'export' THEN r.id ELSE p.id END << 46)
        + (CASE WHEN flow = 'export' THEN p.id ELSE r.id END << 32) + (c.id << 12) + t.id AS trade, flow = 'export' AS sold,
        round(CAST(value_usd AS DOUBLE) * 1000) AS value
        FROM (SELECT reporter, partner, hs, period, flow, value_usd {_TOLD} AND flow IN ('export', 'import')) f
        JOIN areas r ON f.reporter = r.code JOIN areas p ON f.partner = p.code JOIN codes c USING (hs) JOIN periods t USING (period)),
    sides AS (SELECT trade, sum(CASE WHEN sold THEN value END) AS exported, sum(CASE WHEN NOT sold THEN value END) AS imported
        FROM told GROUP BY trade),
    largest AS (SELECT * FROM sides ORDER BY abs(coalesce(exported, 0) - coalesce(imported, 0)) DESC, trade LIMIT $most)
    SELECT x.code, m.code, c.short, t.period, exported, imported FROM largest
    JOIN areas x ON x.id = trade >> 46 JOIN areas m ON m.id = (trade >> 32) & 16383
    JOIN (SELECT DISTINCT short, id FROM codes) c ON c.id = (trade >> 12) & 1048575 JOIN periods t ON t.id = trade & 4095
    ORDER BY abs(coalesce(exported, 0) - coalesce(imported, 0)) DESC, trade"""
"""Both sides' records of a trade are one group: exporter, importer, code and period as one number, so that no text is grouped by.

17 bits the exporter, 14 the importer, 20 a code, 12 a period. Values are summed as whole thousandths of a dollar, which numbers of 53 bits hold
exactly up to nine million million dollars.
"""


def mirror_gaps(table: TradeTable, area: str, digits: int, most: int) -> tuple[Mirror, ...]:
    """Return the largest differences between what exporters and importers record, at so many digits of the code.

    A side that is missing did not record it, or did not report at all; it is told as None, never as zero.
    """
    asked = {"area": area, "digits": digits}
    for number, plan in enumerate(_NUMBERED):
        table.db.execute(plan, asked if number == 1 else {"area": area})
    found = table.db.execute(MIRROR_SQL, {"area": area, "most": most}).fetchall()
    return tuple(Mirror(*row[:4], *(_dollars(side) for side in row[4:])) for row in found)


def _dollars(thousandths: float | None) -> Decimal | None:
    return None if thousandths is None else (Decimal(int(thousandths)) / 1000).quantize(Decimal("0.001"))
