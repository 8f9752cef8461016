"""Judge a table of goods lines: SQL settles what it can, the exact evaluator decides one of each kind of the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from openembargo.decisions.amounts import AmountTests, amount_tests
from openembargo.decisions.columns import IDENTIFYING, Column, Regions, deal_of, read_cell
from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.judge import Judge
from openembargo.decisions.named_regimes import LISTED, NAMING, slips
from openembargo.law.book import Book
from openembargo.law.joined import joined
from openembargo.storage.amount_sql import AmountSql
from openembargo.storage.law_query import Held, LawQuery, RowNames, cap_sql, typed_names
from openembargo.storage.law_run import GoodsKind, LawRun, cites_of
from openembargo.storage.line_tables import Answered, LineTable
from openembargo.storage.possible_answers import NEVER, Answers, Domains, possible
from openembargo.terms.deal import Value
from openembargo.terms.errors import InputError, OutsideCoverage
from openembargo.terms.outcome import Level, outcome_word

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

NOT_LISTED = "not listed"
GOODS_FACTS = ("goods.hs", "goods.product", "goods.material")
OVER, UNKNOWN = 2, 3
SQL_FROM = 20_000
"""Situations from which it pays to plan the whole law as SQL; fewer are decided one by one."""


@dataclass(frozen=True, slots=True)
class Told:
    """A table told apart.

    Attributes:
        columns: Its columns.
        mapped: (column, number of its map) of those whose values are mapped.
        tests: What the law asks of amounts.
        on_map: Number of the map of the days, if there is one.
        not_listed: (map, code) of the columns of names: the code that stands for a name on no list.
        keys: How many keys tell situations apart.
        judge: The judge of all regimes joined.
    """

    columns: tuple[Column, ...]
    mapped: list[tuple[str, int]]
    tests: AmountTests
    on_map: int | None
    not_listed: tuple[tuple[int, int], ...]
    keys: int
    judge: Judge

    def key_of(self, number: int) -> str:
        """Return the column of `typed` that holds a mapped column's region."""
        return f"t.k{[n for _, n in self.mapped].index(number)}"

    def amount_key(self, index: int) -> str:
        """Return the column of `typed` that holds one of the amounts' expressions."""
        return f"t.k{len(self.mapped) + index}"


def tell_apart(table: LineTable, columns: tuple[Column, ...], decider: Decider) -> Told:
    """Give every value its region and every row its situation."""
    has_notice = any(column.fact.path == "facts.notified_by" for column in columns)
    identified = any(column.fact.path in IDENTIFYING for column in columns)
    law = joined(decider.book.regimes)
    preparers = [decider.preparer_of(regime) for regime in decider.book.regimes]
    judge = Judge(Book((law,)), law)
    regions = Regions(law, judge.scope, preparers, has_notice, identified)
    mapped = [(c.name, number) for number, c in enumerate(columns) if not (c.is_number or c.is_free)]
    spans: dict[int, date] = {}
    not_listed = []
    for name, number in mapped:
        values, days, codes = _regions_of(columns[number], table.distinct(name), regions, decider.book)
        table.map_column(number, values)
        spans |= days
        if columns[number].fact.name in ("name", "imo"):
            not_listed.append((number, codes.get(NOT_LISTED, 0)))
    by_path = {c.fact.path: c.name for c in columns if c.is_number or c.fact.path in ("goods.unit", "deal.on")}
    on_map = next((number for _, number in mapped if columns[number].fact.path == "deal.on"), None)
    tests = amount_tests((law,), spans)
    table.map_spans(tests.caps)
    amounts = AmountSql(tests, by_path, on_map)
    expressions = amounts.expressions()
    table.tell_apart(mapped, expressions, amounts.joins())
    return Told(columns, mapped, tests, on_map, tuple(not_listed), len(mapped) + len(expressions), judge)


def _regions_of(
    column: Column, texts: Sequence[str], regions: Regions, book: Book
) -> tuple[list[tuple[str, int, str | None, str | None]], dict[int, date], dict[str, int]]:
    """Return what each text of a column stands for, a day of each span when it holds days, and the codes by region."""
    codes: dict[str, int] = {}
    days: dict[int, date] = {}
    values: list[tuple[str, int, str | None, str | None]] = []
    for text in texts:
        try:
            value = read_cell(column, text)
            if column.fact.name in (*NAMING, LISTED) and isinstance(value, tuple):
                wrong = [one for name in value for one in slips(column.name, str(name), book)]
                if wrong:
                    raise InputError(wrong)
        except InputError as error:
            values.append((text, -1, "; ".join(f"{m.found}: {m.allowed}" for m in error.mistakes), None))
            continue
        code = codes.setdefault(regions.region(column, value), len(codes) + 1)
        values.append((text, code, None, _clean(value)))
        if column.fact.path == "deal.on" and isinstance(value, date):
            days[code] = value
    return values, days, codes


def _clean(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "|".join(value) if isinstance(value, tuple) else str(value)


def judge_lines(
    table: LineTable, told: Told, decider: Decider, options: Options, progress: Progress, sql_from: int = SQL_FROM
) -> list[tuple[int, str, str]]:
    """Answer every situation; return those that no law answers: (situation, column, reason)."""
    plain = options.known_on is None and told.on_map is not None
    few = table.situations() < sql_from
    if few or not plain or any(column.fact.path == "deal.regimes" for column in told.columns):
        rows = [(situation, cells) for situation, _, cells in table.shown_rows()]
        answers, refused = _decide(rows, told.columns, decider, options, progress)
        table.answer(answers)
        return refused
    run = LawRun(table.tables)
    run.type_cells(told.columns, told.keys, told.not_listed, told.judge.regime)
    domains = run.domains(told.columns, _map_goods(run, told))
    on = told.on_map or 0
    conduct = next((f"t.v{n}" for n, c in enumerate(told.columns) if c.fact.path == "deal.conduct"), "")
    query = _query(told, run.held(conduct, f"t.v{on}"), domains)
    asked = run.judge(query, told.key_of(on), f"t.v{on}", conduct)
    answers, refused = _decide(run.to_decide(), told.columns, decider, options, progress)
    table.answer(answers)
    run.answer_settled([(m.number, Level(m.level).word, "|".join(cites_of(m, asked))) for m in run.settled()])
    run.spread()
    return refused


def _query(told: Told, held: Held, domains: Domains) -> LawQuery:
    """Return the law as SQL, with what no row can reach left out."""
    query = LawQuery(told.judge, _names(told))
    query.keep(held, lambda node, names: possible(node, names, domains) != NEVER)
    defined = frozenset(name for name, _ in query.definitions())
    query.names = replace(query.names, definitions=defined)
    return query


def _names(told: Told) -> RowNames:
    plain, roles = typed_names(told.columns)
    bare = RowNames(plain, roles, told.judge.readings(), {})
    caps = {}
    for cap in told.judge.regime.caps:
        codes = [told.amount_key(1 + i) for i, test in enumerate(told.tests.caps) if test.cap == cap.id]
        caps[cap.id] = cap_sql(cap, codes, bare)
    return RowNames(plain, roles, bare.readings, caps)


def _map_goods(run: LawRun, told: Told) -> dict[str, Answers]:
    """Keep which goods lists each kind of goods is on; return the answers that each list has at all."""
    cells = []
    for number, column in enumerate(told.columns):
        if column.fact.path in GOODS_FACTS:
            cells.append((column.fact.path, told.key_of(number), f"t.v{number}"))
    count = len(told.tests.piece_values)
    pieces = [f"t.k{told.keys - count + i}" for i in range(count)]
    judge = told.judge
    lists = sorted(judge.scope.lists)
    readings = judge.readings()
    answers = [
        (kind.number, [judge.scope.holds(name, _goods_row(kind, told.tests), readings) for name in lists])
        for kind in run.goods_kinds(cells, pieces)
    ]
    run.map_goods(lists, answers)
    return {name: frozenset(found[i] for _, found in answers) for i, name in enumerate(lists)}


def _goods_row(kind: GoodsKind, tests: AmountTests) -> dict[str, Value]:
    row: dict[str, Value] = {path.partition(".")[2]: text for path, text in kind.cells.items() if text is not None}
    if kind.pieces and UNKNOWN not in kind.pieces:
        over = [value for value, stands in zip(tests.piece_values, kind.pieces, strict=True) if stands == OVER]
        row["unit_value_usd"] = max(over) + Decimal("0.001") if over else Decimal(0)
    return row


def _decide(
    rows: Sequence[tuple[int, dict[str, str | None]]], columns: Sequence[Column], decider: Decider, options: Options,
    progress: Progress,
) -> tuple[list[Answered], list[tuple[int, str, str]]]:  # fmt: skip
    answers: list[Answered] = []
    refused: list[tuple[int, str, str]] = []
    for done, (situation, cells) in enumerate(rows):
        if done % 500 == 0:
            progress("deciding", done, len(rows))
        try:
            verdict = decider.verdict(deal_of(columns, cells), options)
        except InputError as error:
            if any(mistake.where == "on" for mistake in error.mistakes):
                refused.append((situation, "on", "the row has no day"))
            else:
                answers.append(Answered(situation, "", "", "", ()))
        except OutsideCoverage as error:
            refused.append((situation, "on", str(error)))
        else:
            outcome = outcome_word(verdict.best, verdict.worst)
            answers.append(Answered(situation, outcome, verdict.best.word, verdict.worst.word, verdict.cites))
    return answers, refused
