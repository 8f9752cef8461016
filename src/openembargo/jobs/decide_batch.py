"""Decide a table of goods lines, or a file of whole deals, line by line."""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openembargo.decisions.columns import KEPT, read_columns
from openembargo.decisions.decide import Decider, Options, Verdict
from openembargo.law.book import Book
from openembargo.storage.deal_files import parse_table
from openembargo.storage.deal_lines import DealLines, is_whole_deals, read_deal_lines
from openembargo.storage.deal_writer import check_writable
from openembargo.storage.line_tables import LineTable
from openembargo.storage.scratch_tables import DuckTables, ScratchTables, suffix_of
from openembargo.terms.errors import InputError, Mistake, OpenembargoError
from openembargo.terms.outcome import outcome_word
from openembargo.terms.read_deal import read_deal

from .judge_lines import SQL_FROM, Progress, judge_lines, tell_apart
from .look_up import ListLook

DUCKDB, SPARK = "duckdb", "spark"
ENGINES = (DUCKDB, SPARK)


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """What became of a batch.

    Attributes:
        rows: Rows read.
        rejected: Rows that could not be judged; each is in the output and in the reject file.
        situations: Different situations that the law told apart.
        outcomes: Rows by outcome.
        seconds: Time taken.
    """

    rows: int
    rejected: int
    situations: int
    outcomes: dict[str, int]
    seconds: float


def decide_batch(  # noqa: PLR0913 - the parts of one batch
    source: Path,
    target: Path,
    book: Book,
    options: Options,
    rejects: Path,
    progress: Progress = lambda *_: None,
    sql_from: int = SQL_FROM,
    look: ListLook | None = None,
    engine: str = DUCKDB,
) -> BatchSummary:
    """Decide every row of a file.

    Args:
        source: CSV or Parquet of goods lines; JSON Lines of goods lines or whole deals.
        target: Where the answers go: CSV, Parquet or JSON Lines, by its name.
        book: The law.
        options: How to judge.
        rejects: Where wrong cells go, as CSV.
        progress: Told how far it is.
        sql_from: Situations from which the law is run as SQL.
        look: How names are looked up; None looks with what is loaded and set now.
        engine: What runs the tables: `duckdb` in this process, `spark` on the session that Spark finds or starts.

    Raises:
        InputError: When the engine is not there, the file is no table, a column is no fact, or the answers cannot be written.
    """
    began = time.monotonic()
    suffix_of(target)
    for path in (target, rejects):
        check_writable(path)
    if engine not in ENGINES:
        raise InputError([Mistake("--engine", f"is {engine}", f"one of: {', '.join(ENGINES)}")])
    decider = Decider(book, look or ListLook())
    with tempfile.TemporaryDirectory(prefix="openembargo-") as scratch:
        if is_whole_deals(source):
            found = _deals(source, target, decider, options, rejects, progress)
        else:
            with LineTable(open_tables(engine, Path(scratch))) as table:
                found = _lines(table, source, target, decider, options, rejects, progress, sql_from)
    rows, rejected, situations, outcomes = found
    return BatchSummary(rows, rejected, situations, outcomes, time.monotonic() - began)


def open_tables(engine: str, scratch: Path) -> ScratchTables:
    """Open the tables of a run.

    Raises:
        InputError: When Spark is asked for and is not there.
    """
    if engine == DUCKDB:
        return DuckTables(scratch)
    from openembargo.storage.spark_session import open_spark
    from openembargo.storage.spark_tables import SparkTables

    return SparkTables(open_spark(), scratch)


Found = tuple[int, int, int, dict[str, int]]


def _lines(  # noqa: PLR0913 - the parts of one batch
    table: LineTable,
    source: Path,
    target: Path,
    decider: Decider,
    options: Options,
    rejects: Path,
    progress: Progress,
    sql_from: int,
) -> Found:
    progress("reading", 0, 4)
    names = table.read(source)
    columns = read_columns(names, str(source))
    progress("telling situations apart", 1, 4)
    told = tell_apart(table, columns, decider)
    progress("deciding", 2, 4)
    refused = judge_lines(table, told, decider, options, progress, sql_from)
    rejected = table.reject(told.mapped, [column.name for column in columns if column.is_number], refused)
    progress("writing", 3, 4)
    ident = "id" if "id" in names else ""
    table.write(target, ident, [name for name in names if name.startswith(KEPT)])
    table.write_rejects(rejects, ident)
    progress("written", 4, 4)
    return table.rows, rejected, table.situations(), table.counts()


def _deals(source: Path, target: Path, decider: Decider, options: Options, rejects: Path, progress: Progress) -> Found:
    """Decide whole deals one by one; deals that differ only in what the law never reads are decided once."""
    known: dict[str, Verdict] = {}
    outcomes: Counter[str] = Counter()
    counts = Counter[str]()

    def answers() -> Iterator[dict[str, object]]:
        for number, text in read_deal_lines(source):
            counts["rows"] += 1
            if number % 500 == 0:
                progress("deciding", number, 0)
            row: dict[str, object] = {
                "row": number,
                "id": None,
                "outcome": None,
                "best": None,
                "worst": None,
                "cites": None,
                "rejected": None,
            }
            try:
                deal = read_deal(_parsed(text, number), f"line {number}")
                row["id"] = deal.top.get("id")
                plain = deal.plain()
                key = json.dumps({k: v for k, v in plain.items() if k not in ("id", "notes")}, sort_keys=True)
                if key not in known:
                    known[key] = decider.verdict(deal, options)
                verdict = known[key]
                outcome = outcome_word(verdict.best, verdict.worst)
                row |= {
                    "outcome": outcome,
                    "best": verdict.best.word,
                    "worst": verdict.worst.word,
                    "cites": "|".join(verdict.cites),
                }
                outcomes[outcome] += 1
            except OpenembargoError as error:
                row["rejected"] = "; ".join(str(m) for m in error.mistakes)
                counts["rejected"] += 1
            yield row

    DealLines(target, rejects).write(answers())
    return counts["rows"], counts["rejected"], len(known), dict(outcomes)


def _parsed(text: str, number: int) -> dict[str, object]:
    return parse_table(text if text.lstrip().startswith("{") else "{" + text, f"line {number}")
