"""Speed of trade on generated rows of BACI's shape: a target's basket and index, the mirror join; a three-way PPML on 300,000 rows.

Rows: the first argument, 2,000,000 when none is given; 20000000 is the size for which limits are set (5 s, 10 s, 10 s, 4 GiB on 2 cores).
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np

from openembargo.decisions.goods_reach import GoodsReach
from openembargo.impact.classing import Classer, days_of
from openembargo.impact.gravity import ppml
from openembargo.impact.index import Cell, index_of
from openembargo.storage.book_shelf import open_book
from openembargo.storage.trade_query import mirror_gaps, sums_with
from openembargo.storage.trade_tables import TradeTable

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
AREAS = ("CN", "RU", "KR", "JP", "DE", "US", "IN", "PK", "TH", "BR", "KP", *(f"M{n}" for n in range(100, 189)))


def generate(path: Path) -> None:
    areas = ", ".join(f"'{one}'" for one in AREAS)
    duckdb.sql(
        f"""COPY (SELECT CAST(2010 + i % 10 AS VARCHAR) AS period, CAST(2010 + i % 10 AS INTEGER) AS year, CAST(NULL AS INTEGER) AS month,
        [{areas}][1 + CAST(hash(i) % 100 AS INTEGER)] AS reporter, [{areas}][1 + CAST(hash(i + 7) % 100 AS INTEGER)] AS partner,
        CASE WHEN i % 2 = 0 THEN 'import' ELSE 'export' END AS flow, lpad(CAST(1 + hash(i + 3) % 97 AS VARCHAR), 2, '0') ||
        lpad(CAST(10 * (hash(i + 5) % 50) AS VARCHAR), 4, '0') AS hs, 2012 AS edition, CAST(hash(i + 11) % 1000000 AS DECIMAL(18, 3)) AS value_usd,
        'fob' AS valuation, 1.0::DOUBLE AS quantity, 't' AS unit, NULL::DOUBLE AS net_kg, false AS reconciled, 'generated' AS source,
        i AS source_row, 'V1' AS vintage, CAST(NULL AS VARCHAR) AS fault, CAST(NULL AS VARCHAR) AS note FROM range({ROWS}) t(i))
        TO '{path}' (FORMAT parquet)"""
    )


def _spent(start: float, used: float) -> str:
    """Say how long it took, and how much of all cores' time: on a busy machine the first is larger than it need be."""
    return f"{time.perf_counter() - start:.1f} s ({time.process_time() - used:.1f} s of processor time)"


def main() -> None:
    regime = next(r for r in open_book().regimes if r.id == "un.dprk")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "flows.parquet"
        generate(path)
        print(f"{ROWS:,} rows, {path.stat().st_size / 1e6:.0f} MB of Parquet")
        with TradeTable() as table:
            table.open(path)
            start, used = time.perf_counter(), time.process_time()
            sums = sums_with(table, regime.target, monthly=False)
            read = time.perf_counter() - start
            classer = Classer(regime, GoodsReach((regime,)).touching)
            on = days_of("2019")[1]
            cells = [
                Cell(s.counterpart, s.direction, s.hs, s.period, s.value_usd, classer.of(s.hs, s.direction, *days_of(s.period)),
                     classer.of(s.hs, s.direction, on, on), s.rows)
                for s in sums
            ]  # fmt: skip
            classed = time.perf_counter() - start
            index_of(cells, ["2013"], [str(y) for y in range(2010, 2020)])
            print(
                f"sums {read:.1f} s, classes of {len(cells):,} cells {classed - read:.1f} s, basket and index in all {_spent(start, used)}"
            )
            start, used = time.perf_counter(), time.process_time()
            mirror_gaps(table, "", 6, 100)
            print(f"mirror join {_spent(start, used)}")
    draw = np.random.default_rng(1)
    n, years = 173, 10
    rows = [(e, i, y) for e in range(n) for i in range(n) for y in range(years)][:300_000]
    e, i, y = (np.array(column) for column in zip(*rows, strict=True))
    hit = ((e + i) % 7 == 0) & (y > 5)
    value = draw.poisson(np.exp(1 + 0.3 * np.sin(e) + 0.3 * np.cos(i) - 0.5 * hit))
    columns = {"v": value, "hit": hit.astype(int), "ey": e * 100 + y, "iy": i * 100 + y, "pair": e * 1000 + i}
    start, used = time.perf_counter(), time.process_time()
    found = ppml(columns, "v", ["hit"], ["ey", "iy", "pair"], "pair").estimates["hit"]
    print(
        f"three-way PPML on {len(rows):,} rows {_spent(start, used)}: {found.effect:.3f} ({found.error:.3f}), planted -0.5"
    )
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
