"""Decide a table of goods lines, or a file of whole deals, line by line."""

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openembargo.decisions.amounts import amount_tests
from openembargo.decisions.columns import KEPT, Column, Regions, deal_of, read_cell, read_columns
from openembargo.decisions.decide import Decider, Options, Verdict
from openembargo.law.book import Book
from openembargo.storage.amount_sql import AmountSql
from openembargo.storage.deal_files import parse_table
from openembargo.storage.deal_lines import DealLines, is_whole_deals, read_deal_lines
from openembargo.storage.line_tables import Answered, LineTable, suffix_of
from openembargo.terms.errors import InputError, OpenembargoError, OutsideCoverage
from openembargo.terms.outcome import outcome_word
from openembargo.terms.read_deal import read_deal

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


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


def decide_batch(
    source: Path, target: Path, book: Book, options: Options, rejects: Path, progress: Progress = lambda *_: None
) -> BatchSummary:
    """Decide every row of a file.

    Args:
        source: CSV or Parquet of goods lines; JSON Lines of goods lines or whole deals.
        target: Where the answers go: CSV, Parquet or JSON Lines, by its name.
        book: The law.
        options: How to judge.
        rejects: Where wrong cells go, as CSV.
        progress: Told how far it is.

    Raises:
        InputError: When the file is no table, or a column is no fact.
    """
    began = time.monotonic()
    suffix_of(target)
    decider = Decider(book)
    with tempfile.TemporaryDirectory(prefix="openembargo-") as scratch:
        if is_whole_deals(source):
            found = _deals(source, target, decider, options, rejects, progress)
        else:
            with LineTable(Path(scratch)) as table:
                found = _lines(table, source, target, decider, options, rejects, progress)
    rows, rejected, situations, outcomes = found
    return BatchSummary(rows, rejected, situations, outcomes, time.monotonic() - began)


Found = tuple[int, int, int, dict[str, int]]


def _lines(  # noqa: PLR0913 - the parts of one batch
    table: LineTable, source: Path, target: Path, decider: Decider, options: Options, rejects: Path, progress: Progress
) -> Found:
    progress("reading", 0, 4)
    names = table.read(source)
    columns = read_columns(names, str(source))
    progress("telling situations apart", 1, 4)
    mapped = _tell_apart(table, columns, decider)
    progress("deciding", 2, 4)
    answers, refused = _decide(table.shown_rows(), columns, decider, options, progress)
    table.answer(answers)
    rejected = table.reject(mapped, [column.name for column in columns if column.is_number], refused)
    progress("writing", 3, 4)
    ident = "id" if "id" in names else ""
    table.write(target, ident, [name for name in names if name.startswith(KEPT)])
    table.write_rejects(rejects, ident)
    progress("written", 4, 4)
    return table.rows, rejected, len(answers) + len(refused), table.counts()


def _tell_apart(table: LineTable, columns: Sequence[Column], decider: Decider) -> list[tuple[str, int]]:
    """Give every value its region and every row its situation; return the columns with their maps."""
    has_notice = any(column.fact.path == "facts.notified_by" for column in columns)
    regions = [
        Regions(regime, decider.judge_of(regime).scope, decider.preparer_of(regime), has_notice)
        for regime in decider.book.regimes
    ]
    mapped = [(column.name, number) for number, column in enumerate(columns) if not column.is_number]
    spans: dict[int, date] = {}
    for name, number in mapped:
        values, days = _regions_of(columns[number], table.distinct(name), regions)
        table.map_column(number, values)
        spans |= days
    by_path = {c.fact.path: c.name for c in columns if c.is_number or c.fact.path in ("goods.unit", "deal.on")}
    on_map = next((number for _, number in mapped if columns[number].fact.path == "deal.on"), None)
    tests = amount_tests(decider.book.regimes, spans)
    table.map_spans(tests.caps)
    amounts = AmountSql(tests, by_path, on_map)
    table.tell_apart(mapped, amounts.expressions(), amounts.joins())
    return mapped


def _regions_of(
    column: Column, texts: Sequence[str], regions: Sequence[Regions]
) -> tuple[list[tuple[str, int, str | None]], dict[int, date]]:
    """Return what each text of a column stands for, and a day of each span when the column holds days."""
    codes: dict[str, int] = {}
    days: dict[int, date] = {}
    values: list[tuple[str, int, str | None]] = []
    for text in texts:
        try:
            value = read_cell(column, text)
        except InputError as error:
            values.append((text, -1, "; ".join(f"{m.found}: {m.allowed}" for m in error.mistakes)))
            continue
        code = codes.setdefault("\0".join(one.region(column, value) for one in regions), len(codes) + 1)
        values.append((text, code, None))
        if column.fact.path == "deal.on" and isinstance(value, date):
            days[code] = value
    return values, days


def _decide(
    rows: Sequence[tuple[int, int, dict[str, str | None]]], columns: Sequence[Column], decider: Decider,
    options: Options, progress: Progress,
) -> tuple[list[Answered], list[tuple[int, str, str]]]:  # fmt: skip
    answers: list[Answered] = []
    refused: list[tuple[int, str, str]] = []
    for done, (situation, _, cells) in enumerate(rows):
        if done % 500 == 0:
            progress("deciding", done, len(rows))
        try:
            verdict = decider.verdict(deal_of(columns, cells), options)
        except InputError as error:
            if not any(mistake.where == "on" for mistake in error.mistakes):
                answers.append(Answered(situation, "", "", "", ()))
                continue
            refused.append((situation, "on", "the row has no day"))
        except OutsideCoverage as error:
            refused.append((situation, "on", str(error)))
        else:
            answers.append(_answered(situation, verdict))
    return answers, refused


def _answered(situation: int, verdict: Verdict) -> Answered:
    outcome = outcome_word(verdict.best, verdict.worst)
    return Answered(situation, outcome, verdict.best.word, verdict.worst.word, verdict.cites)


def _deals(
    source: Path, target: Path, decider: Decider, options: Options, rejects: Path, progress: Progress
) -> Found:
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
