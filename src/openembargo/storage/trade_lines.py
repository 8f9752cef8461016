"""Lines of a table of flows beside a target's: rows that a sum holds, quantities, and trade with all partners by class."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .scratch_tables import put_rows
from .trade_tables import TradeTable

_SIDES = """CASE WHEN partner = $target THEN reporter ELSE partner END AS counterpart,
    CASE WHEN (partner = $target) = (flow = 'import') THEN 'from_target' ELSE 'to_target' END AS direction"""
_WITH = """FROM flows WHERE fault IS NULL AND (partner = $target OR (reconciled AND reporter = $target)) AND reporter <> partner
    AND (month IS NOT NULL) = $monthly"""
LineAt = tuple[str, str, str, str]
"""Counterpart, direction, code, period."""


def rows_of(
    table: TradeTable, target: str, *, monthly: bool
) -> Mapping[LineAt, tuple[tuple[str, tuple[int, ...]], ...]]:
    """Return the rows that each sum of a target's trade holds: file and row numbers, counted from 1 after the header."""
    found = table.db.execute(
        f"""SELECT counterpart, direction, hs, period, source, list(source_row ORDER BY source_row) FROM
        (SELECT {_SIDES}, hs, period, source, source_row {_WITH}) GROUP BY ALL ORDER BY ALL""",
        {"target": target, "monthly": monthly},
    )
    held: dict[LineAt, tuple[tuple[str, tuple[int, ...]], ...]] = {}
    for counterpart, direction, hs, period, source, rows in found.fetchall():
        key = (counterpart, direction, hs, period)
        held[key] = (*held.get(key, ()), (str(source), tuple(map(int, rows))))
    return held


@dataclass(frozen=True, slots=True)
class Measured:
    """Value in US dollars and quantity of a target's line in one period and unit; rows without a quantity are left out."""

    at: LineAt
    unit: str
    value_usd: Decimal
    quantity: float


def quantities(table: TradeTable, target: str, *, monthly: bool) -> tuple[Measured, ...]:
    """Return a target's lines with their quantities; net weight in kg where no quantity in a unit is told."""
    found = table.db.execute(
        f"""SELECT counterpart, direction, hs, period, unit, sum(value_usd), sum(quantity) FROM (SELECT {_SIDES}, hs, period, value_usd,
        CASE WHEN quantity > 0 AND unit IS NOT NULL THEN unit WHEN net_kg > 0 THEN 'kg' END AS unit,
        CASE WHEN quantity > 0 AND unit IS NOT NULL THEN quantity WHEN net_kg > 0 THEN net_kg END AS quantity {_WITH})
        WHERE unit IS NOT NULL GROUP BY ALL ORDER BY ALL""",
        {"target": target, "monthly": monthly},
    )
    return tuple(Measured((c, d, h, p), u, Decimal(v), float(q)) for c, d, h, p, u, v, q in found.fetchall())


def codes_by_flow(table: TradeTable, *, monthly: bool) -> tuple[tuple[str, str], ...]:
    """Return every code that counts with the flow, `import` or `export`, in which it is told."""
    found = table.db.execute(
        "SELECT DISTINCT hs, flow FROM flows WHERE fault IS NULL AND NOT reconciled AND (month IS NOT NULL) = $1 ORDER BY ALL",
        [monthly],
    )
    return tuple((str(hs), str(flow)) for hs, flow in found.fetchall())


def sums_by_class(
    table: TradeTable,
    classes: Iterable[tuple[str, str, str]],
    reporters: Sequence[str],
    *,
    monthly: bool,
) -> tuple[tuple[str, str, str, str, str, Decimal], ...]:
    """Return trade of reporters with all their partners by class: reporter, partner, flow, class, period, US dollars.

    Args:
        table: The flows.
        classes: Code, flow, class.
        reporters: Codes of the reporters.
        monthly: Whether periods are months.
    """
    for name, columns in (("line_class", "hs VARCHAR, flow VARCHAR, basket VARCHAR"), ("asked", "reporter VARCHAR")):
        table.db.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
    put_rows(table.db, table.scratch, "line_class", list(classes))
    put_rows(table.db, table.scratch, "asked", [(one,) for one in reporters])
    found = table.db.execute(
        """SELECT reporter, partner, flow, basket, period, sum(value_usd) FROM flows JOIN line_class USING (hs, flow)
        SEMI JOIN asked USING (reporter) WHERE fault IS NULL AND NOT reconciled AND reporter <> partner AND (month IS NOT NULL) = $1
        GROUP BY ALL ORDER BY ALL""",
        [monthly],
    )
    return tuple((r, p, f, b, t, Decimal(v)) for r, p, f, b, t, v in found.fetchall())
