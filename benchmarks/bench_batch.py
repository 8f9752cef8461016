"""Goods lines a second, beside a plain scan and projection of the same file by DuckDB.

`python benchmarks/bench_batch.py [ROWS]`; default two million. Prints medians, ratios and peak memory.
"""

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from openembargo.decisions.decide import Options
from openembargo.jobs.decide_batch import decide_batch
from openembargo.storage.book_shelf import open_book

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
RUNS = 3 if ROWS <= 2_000_000 else 1

MADE_UP = """
SELECT 'L' || i AS id, DATE '2006-07-15' + CAST(hash(i) % 7430 AS INTEGER) AS "on",
  ['RU','CN','KR','DE','IN'][1 + CAST(hash(i, 1) % 5 AS INTEGER)] AS seen_from,
  ['import','export','import','export','transit'][1 + CAST(hash(i, 2) % 5 AS INTEGER)] AS conduct,
  ['2701.11','2601.11','7108.12','2710.19','2709.00','8471.30','1006.30','6203.33','0307.43','7403.11','3004.20','8703.23',
   '2530.90','9703.00','8901.20','1101.00','4407.11','2844.10','9506.11','8803.30'][1 + CAST(hash(i, 3) % 20 AS INTEGER)] AS hs,
  ['KP','KP','RU','CN','JP','BR'][1 + CAST(hash(i, 4) % 6 AS INTEGER)] AS origin,
  1 + hash(i, 5) % 30000 AS quantity, ['t','kg','bbl','piece'][1 + CAST(hash(i, 6) % 4 AS INTEGER)] AS unit, 100 + hash(i, 7) % 5000000 AS value_usd,
  ['KP','CN','RU','JP'][1 + CAST(hash(i, 8) % 4 AS INTEGER)] AS seller_country, ['KP','CN','RU','DE'][1 + CAST(hash(i, 9) % 4 AS INTEGER)] AS buyer_country,
  ['RUVVO','KPNAM','CNDLC','KPRJN', NULL][1 + CAST(hash(i, 10) % 5 AS INTEGER)] AS loaded_at,
  ['RU','CN','KP', NULL][1 + CAST(hash(i, 11) % 4 AS INTEGER)] AS route_to,
  [true, false, NULL][1 + CAST(hash(i, 12) % 3 AS INTEGER)] AS livelihood_finding, [false, NULL][1 + CAST(hash(i, 13) % 2 AS INTEGER)] AS revenue_for_programmes,
  [250000, 499000, NULL][1 + CAST(hash(i, 14) % 3 AS INTEGER)] AS total_used_bbl
FROM range({rows}) t(i)
"""


def scan(path: Path) -> float:
    began = time.perf_counter()
    with duckdb.connect() as db:
        db.execute(
            f"COPY (SELECT row_number() OVER () AS row, id, hs, origin, conduct FROM '{path}') TO '{path}.scan' (FORMAT parquet, COMPRESSION zstd)"
        )
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "lines.parquet", Path(folder) / "answers.parquet"
        with duckdb.connect() as db:
            db.execute(f"COPY ({MADE_UP.format(rows=ROWS)}) TO '{source}' (FORMAT parquet)")
        book = open_book()
        scans, batches = [], []
        for _ in range(RUNS):
            scans.append(scan(source))
            summary = decide_batch(source, target, book, Options(), Path(folder) / "rejects.csv")
            batches.append(summary.seconds)
        batch, plain = statistics.median(batches), statistics.median(scans)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
        print(
            f"rows {ROWS:,}; situations {summary.situations:,}; outcomes {summary.outcomes}; rejected {summary.rejected:,}"
        )
        print(f"decide-batch: median {batch:.2f} s, {ROWS / batch:,.0f} rows a second")
        print(
            f"plain scan and projection: median {plain:.2f} s, {ROWS / plain:,.0f} rows a second; decide-batch reaches {plain / batch:.0%} of it"
        )
        print(f"peak memory of the process: {peak:.2f} GiB")


if __name__ == "__main__":
    main()
