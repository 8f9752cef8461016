"""Names of a file answered by the workers of Apache Spark, brought back in the order of the file."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from .line_sources import ROW
from .name_batches import COLUMNS, Row
from .spark_session import open_spark
from .spark_tables import SparkTables

Piece = list[tuple[int, Row]]
Found = tuple[int, Sequence[Sequence[object]], Sequence[Sequence[object]], int]


def answer_names(source: Path, scratch: Path, skip: int, size: int, work: Callable[[Piece], Found]) -> Iterator[Found]:
    """Yield what became of each piece of a file's rows, in their order.

    Args:
        source: Columns query_id, name and if known kind, dob, country.
        scratch: Folder for what the workers write, seen by all of them.
        skip: Rows to leave out at the start.
        size: Rows a piece.
        work: What to do with a piece; it is sent to each worker once.

    Raises:
        InputError: When Spark is not there, or the file cannot be read as a table.
    """
    spark = open_spark()
    tables = SparkTables(spark, scratch)
    held = tables.read(source)
    cells = ", ".join(f"coalesce({c}, '') AS {c}" if c in held else f"'' AS {c}" for c in COLUMNS)
    tables.view("names", f"SELECT {ROW}, {cells} FROM lines WHERE {ROW} > {skip}")
    sent = spark.sparkContext.broadcast(work)

    def pieces(rows: Iterable[Any]) -> Iterator[tuple[int, bytearray]]:
        numbered = ((int(row[0]), dict(zip(COLUMNS, (cell.strip() for cell in row[1:]), strict=True))) for row in rows)
        while piece := list(islice(numbered, size)):
            yield piece[0][0], bytearray(pickle.dumps(sent.value(piece)))

    found = spark.table("names").rdd.mapPartitions(pieces).toDF("first bigint, found binary")
    path = scratch / "found"
    found.write.parquet(str(path))
    ordered = spark.read.parquet(str(path)).orderBy("first")
    for row in ordered.toLocalIterator():
        yield pickle.loads(bytes(row["found"]))
    sent.unpersist()
    tables.close()
