"""What a table of flows holds: sources, periods, gaps."""

from .trade_tables import TradeTable


def contents(table: TradeTable) -> tuple[dict[str, object], ...]:
    """Return a row a source and vintage: rows, counted rows, periods, reporters, editions, valuations, value in US dollars."""
    found = table.db.execute(
        """SELECT source, vintage, count(*) AS rows, count(*) FILTER (fault IS NULL) AS counted, min(period) AS first, max(period) AS last,
        count(DISTINCT reporter) AS reporters, list_sort(list(DISTINCT edition) FILTER (edition IS NOT NULL)) AS editions,
        list_sort(list(DISTINCT valuation) FILTER (valuation IS NOT NULL)) AS valuations,
        CAST(coalesce(sum(value_usd) FILTER (fault IS NULL), 0) AS VARCHAR) AS value_usd FROM flows GROUP BY ALL ORDER BY ALL"""
    )
    names = [one[0] for one in found.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in found.fetchall())


def gaps(table: TradeTable) -> tuple[tuple[str, int, int], ...]:
    """Return the reporters' years with monthly data that lack months, and how many months are there.

    A month that no row of the reporter tells is unknown, not zero; the first and last year of the table are told too.
    """
    found = table.db.execute(
        """SELECT reporter, year, count(DISTINCT month) AS months FROM flows WHERE month IS NOT NULL AND (fault IS NULL
        OR fault IN ('aggregate_partner', 'nes_partner', 'within_flow')) GROUP BY ALL HAVING months < 12 ORDER BY ALL"""
    )
    return tuple((str(r), int(y), int(m)) for r, y, m in found.fetchall())
