"""Goods lines a second by Apache Spark on two local cores, beside DuckDB on the same file; names a second beside local processes.

`python benchmarks/bench_spark.py [ROWS [NAMES]]`; default one million lines and 20,000 names. Prints seconds and ratios.
"""

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from openembargo.decisions.decide import Options
from openembargo.jobs.decide_batch import decide_batch
from openembargo.jobs.screen_batch import BatchRequest, screen_batch
from openembargo.jobs.screen_names import open_desk, packed
from openembargo.storage.book_shelf import open_book

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
NAMES = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
sys.argv = sys.argv[:1]
os.environ.setdefault("SPARK_MASTER", "local[2]")

from bench_batch import MADE_UP  # noqa: E402

SAME = """
SELECT count(*) FROM (
  (SELECT "row", id, outcome, best, worst, cites, rejected FROM '{0}' EXCEPT SELECT "row", id, outcome, best, worst, cites, rejected FROM '{1}')
  UNION ALL
  (SELECT "row", id, outcome, best, worst, cites, rejected FROM '{1}' EXCEPT SELECT "row", id, outcome, best, worst, cites, rejected FROM '{0}'))
"""


def lines(folder: Path) -> None:
    source = folder / "lines.parquet"
    with duckdb.connect() as db:
        db.execute(f"COPY ({MADE_UP.format(rows=ROWS)}) TO '{source}' (FORMAT parquet)")
    book, seconds = open_book(), {}
    for engine in ("duckdb", "spark"):
        found = decide_batch(source, folder / f"{engine}.parquet", book, Options(), folder / "r.csv", engine=engine)
        seconds[engine] = found.seconds
        print(
            f"{engine}: {ROWS:,} lines in {found.seconds:.1f} s, {ROWS / found.seconds:,.0f} a second; {found.situations:,} situations"
        )
    print(
        f"spark takes {seconds['spark'] / seconds['duckdb']:.1f} times as long as duckdb (the first Spark run starts its session)"
    )
    spark = folder / "spark.parquet"
    parts = f"{spark}/*.parquet" if spark.is_dir() else str(spark)
    with duckdb.connect() as db:
        print(f"rows that differ: {db.execute(SAME.format(folder / 'duckdb.parquet', parts)).fetchone()[0]}")


def names(folder: Path) -> None:
    source = folder / "names.parquet"
    with duckdb.connect() as db:
        db.execute(
            "COPY (SELECT 'q' || i AS query_id, ['Ivan','Maria','Kim','Ri','Chen','Ahmed','Anna'][1 + CAST(hash(i) % 7 AS INTEGER)] || ' ' || "
            "['Petrov','Silva','Jong Il','Je Son','Wei','Hassan','Muster','Schulz'][1 + CAST(hash(i, 1) % 8 AS INTEGER)] || ' ' || i % 997 AS name "
            f"FROM range({NAMES}) t(i)) TO '{source}' (FORMAT parquet)"
        )
    print(
        f"packed index of the designations that come with the regimes: {len(packed(open_desk(('annexes',), date(2017, 2, 3)))) / 1e6:.1f} MB"
    )
    for engine in ("local", "spark"):
        began = time.perf_counter()
        request = BatchRequest(("annexes",), date(2017, 2, 3), None, 10, 0.45, 0.45, 2, engine)
        screen_batch(source, folder / f"{engine}.csv", folder / "r.csv", request)
        taken = time.perf_counter() - began
        print(f"names by {engine}: {NAMES:,} in {taken:.1f} s, {NAMES / taken:,.0f} a second")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines(Path(folder))
        names(Path(folder))


if __name__ == "__main__":
    main()
