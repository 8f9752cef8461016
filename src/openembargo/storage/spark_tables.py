"""Tables of a run in Apache Spark: the same statements, translated; every kept table is a Parquet folder of the run's scratch."""

import json
import shutil
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from pathlib import Path
from typing import Any

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as Spark's own documentation names it
from pyspark.sql.types import ArrayType, StringType, StructField, StructType

from openembargo.law.sql import in_dialect, literal_sql
from openembargo.terms.errors import InputError, Mistake

from .amount_sql import quoted
from .line_sources import LOST, MOST_SHOWN, ROW
from .safe_cells import neutral_sql
from .scratch_tables import DuckTables, ScratchTables, suffix_of

LOST_COLUMNS = {"row_number": "BIGINT", "found": "VARCHAR", "reason": "VARCHAR"}
UNEVEN = "has more or fewer cells than the heading"
CSV_FORM = {"header": "true", "multiLine": "true", "escape": '"', "encoding": "UTF-8"}
PART_BITS = 33
"""Spark's increasing number of a row holds the row's place in its partition in the lower 33 bits."""


class SparkTables:
    """Tables of a run in Spark.

    Files are read and written where driver and executors see the same folder.
    """

    def __init__(self, spark: SparkSession, scratch: Path) -> None:
        """Take a session and the folder of the run."""
        self._spark = spark
        self._scratch = scratch
        self._folders: dict[str, list[str]] = {}
        self._given: dict[str, DataFrame] = {}
        self._written = 0

    def close(self) -> None:
        """Forget the tables; the session stays, for it may be somebody else's."""
        for name in self._folders:
            self._spark.catalog.dropTempView(name)
        self._spark.catalog.dropTempView("lines")

    def read(self, source: Path) -> tuple[str, ...]:
        """Read a file into the table `lines`, every cell as text, with the row's number from 1; return its columns.

        CSV and JSON Lines are read once, by one task a file, for a quoted cell may hold line ends; Parquet is split. A row of a CSV
        that has more or fewer cells than the heading is lost, and told by its number.

        Raises:
            InputError: When the file cannot be read as a table.
        """
        try:
            return self._read(source, suffix_of(source))
        except (PySparkException, Py4JError) as error:
            raise InputError(
                [
                    Mistake(
                        str(source), f"cannot be read as a table: {_first_words(error)}", "CSV, Parquet or JSON Lines"
                    )
                ]
            ) from None

    def _read(self, source: Path, suffix: str) -> tuple[str, ...]:
        if suffix == ".csv":
            found = self._csv(str(source))
        elif suffix == ".parquet":
            found = self._spark.read.parquet(str(source))
        else:
            found = self._spark.read.json(str(source), primitivesAsString=True, mode="FAILFAST")
        names = tuple(name for name in found.columns if name != LOST)
        lines = found.select(*(_as_text(found, name).alias(name) for name in found.columns))
        if suffix != ".parquet":
            lines = self._spark.read.parquet(self._write("lines", lines))
        numbered = self._number(lines)
        if suffix != ".csv":
            numbered.createOrReplaceTempView("lines")
            self.put(LOST, LOST_COLUMNS, ())
            return names
        lost = F.col(LOST).isNotNull()
        told = F.substring(F.col(LOST), 1, MOST_SHOWN).alias("found")
        self._folders[LOST] = [
            self._write(
                LOST, numbered.where(lost).select(F.col(ROW).alias("row_number"), told, F.lit(UNEVEN).alias("reason"))
            )
        ]
        self._show(LOST)
        cells = (F.when(~lost, F.col(f"`{name}`")).alias(name) for name in names)
        numbered.select(ROW, *cells).createOrReplaceTempView("lines")
        return names

    def _csv(self, source: str) -> DataFrame:
        """Return the rows of a CSV, those that have more or fewer cells than the heading whole in a column of their own."""
        names = self._spark.read.options(**CSV_FORM).csv(source).columns
        schema = StructType([StructField(name, StringType()) for name in (*names, LOST)])
        return self._spark.read.options(**CSV_FORM).schema(schema).csv(source, columnNameOfCorruptRecord=LOST)

    def _number(self, lines: DataFrame) -> DataFrame:
        """Return the rows with their numbers, in the order of the file; no row is moved for it."""
        sizes: dict[int, int] = dict(lines.groupBy(F.spark_partition_id().alias("part")).count().collect())
        before, offsets = 0, []
        for part in range(max(sizes, default=-1) + 1):
            offsets.append(before)
            before += sizes.get(part, 0)
        place = F.monotonically_increasing_id().bitwiseAND(F.lit(2**PART_BITS - 1))
        start = F.element_at(F.array(*(F.lit(n).cast("bigint") for n in offsets or [0])), F.spark_partition_id() + 1)
        return lines.select((start + place + 1).alias(ROW), *(F.col(f"`{name}`") for name in lines.columns))

    def keep(self, name: str, select: str) -> None:
        """Keep the rows of a query as a table; one of that name is replaced, even if the query reads it."""
        self._folders[name] = [self._write(name, self._query(select))]
        self._given.pop(name, None)
        self._show(name)

    def view(self, name: str, select: str) -> None:
        """Name the rows of a query; they are asked anew each time, for writing them costs more."""
        self._query(select).createOrReplaceTempView(name)

    def drop(self, name: str) -> None:
        """Throw one table or view away."""
        self._spark.catalog.dropTempView(name)

    def add(self, name: str, select: str) -> None:
        """Add the rows of a query to a table; its columns are those of the table, in order."""
        held = self._spark.table(name)
        fresh = self._query(select).toDF(*held.columns)
        typed = fresh.select(*(F.col(f.name).cast(f.dataType) for f in held.schema.fields))
        self._folders[name].append(self._write(name, typed))
        self._show(name)

    def put(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> None:
        """Keep rows as a table; columns are name and SQL type, in order."""
        path = self._fresh(name)
        path.mkdir()
        with (path / "rows.json").open("w", encoding="utf-8") as file:
            for row in rows:
                cells = {c: str(v) if isinstance(v, Decimal) else v for c, v in zip(columns, row, strict=True)}
                file.write(json.dumps(cells, ensure_ascii=False) + "\n")
        kinds = {c: kind.replace("VARCHAR", "STRING") for c, kind in columns.items()}
        schema = ", ".join(f"{c} {'STRING' if kind.startswith('DECIMAL') else kind}" for c, kind in kinds.items())
        held = self._spark.read.schema(schema).json(str(path))
        typed = held.select(*(F.col(c).cast(kind.lower()).alias(c) for c, kind in kinds.items()))
        self._folders[name] = []
        self._given[name] = typed
        self._show(name)

    def near(self, names: Sequence[str]) -> ScratchTables:
        """Return tables of DuckDB in this process with copies of some tables."""
        folder = self._fresh("near")
        folder.mkdir()
        tables = DuckTables(folder)
        for name in names:
            path = self._write(name, self._spark.table(name))
            tables.keep(name, f"SELECT * FROM read_parquet({literal_sql(f'{path}/*.parquet')})")
        return tables

    def bring(self, near: ScratchTables, name: str) -> None:
        """Keep a table of those in this process, and close them."""
        path = self._scratch / f"{self._fresh(name).name}.parquet"
        near.copy(f"SELECT * FROM {name}", path)
        near.close()
        self._folders[name] = [str(path)]
        self._given.pop(name, None)
        self._show(name)

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.named_rows(select)[1]

    def named_rows(self, select: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the names of a query's columns, and its rows."""
        found = self._query(select)
        return found.columns, [tuple(row) for row in found.collect()]

    def copy(self, select: str, target: Path, order_by: str = "") -> None:
        """Write a query's rows whole or not at all: one file in order, or a folder of parts when no order is asked for."""
        suffix = suffix_of(target)
        if suffix == ".csv":
            kinds = self._query(select).schema.fields
            cells = (neutral_sql(quoted(f.name)) if f.dataType == StringType() else quoted(f.name) for f in kinds)
            select = f"SELECT {', '.join(cells)} FROM ({select}) AS found"
        found = self._query(select + (f" ORDER BY {order_by}" if order_by else ""))
        if order_by:
            found = found.coalesce(1)
        fresh = target.with_name(f".{target.name}.new")
        try:
            self._write_out(found, fresh, suffix)
            _put_in_place(fresh, target, one_file=bool(order_by))
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _write_out(self, found: DataFrame, folder: Path, suffix: str) -> None:
        out = found.write.mode("overwrite")
        if suffix == ".csv":
            out.csv(str(folder), header=True, escape='"', emptyValue="", encoding="UTF-8")
        elif suffix == ".parquet":
            out.parquet(str(folder), compression="zstd")
        else:
            out.json(str(folder), ignoreNullFields=False)

    def _query(self, select: str) -> DataFrame:
        return self._spark.sql(in_dialect(select, "spark"))

    def _fresh(self, name: str) -> Path:
        self._written += 1
        return self._scratch / f"{name}.{self._written}"

    def _write(self, name: str, rows: DataFrame) -> str:
        path = str(self._fresh(name))
        rows.write.parquet(path)
        return path

    def _show(self, name: str) -> None:
        parts = [self._given[name]] if name in self._given else []
        if self._folders[name]:
            parts.append(self._spark.read.parquet(*self._folders[name]))
        reduce(DataFrame.unionAll, parts).createOrReplaceTempView(name)


def _as_text(rows: DataFrame, name: str) -> Any:  # noqa: ANN401 - Spark's column
    column = F.col(f"`{name}`")
    if isinstance(rows.schema[name].dataType, ArrayType):
        return F.array_join(column, "|")
    return column.cast("string")


def _first_words(error: Exception) -> str:
    told = error.java_exception.toString() if isinstance(error, Py4JJavaError) else error
    return str(told).splitlines()[0][:300]


def _put_in_place(fresh: Path, target: Path, one_file: bool) -> None:
    """Replace the target by what was written: the one part of a folder, or the folder."""
    if one_file:
        part = next(path for path in sorted(fresh.iterdir()) if path.name.startswith("part-"))
        if target.is_dir():
            shutil.rmtree(target)
        part.replace(target)
        return
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
    fresh.replace(target)
