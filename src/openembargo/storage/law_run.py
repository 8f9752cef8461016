"""Runs a regime's law over the situations of a table: SQL settles every situation whose bounds meet, the rest is told apart for the exact evaluator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openembargo.decisions.columns import Column
from openembargo.decisions.standing import FLAGS
from openembargo.law.model import Regime
from openembargo.terms.fact import FactType
from openembargo.terms.outcome import Level

from .amount_sql import quoted
from .law_query import Asked, Held, LawQuery, column_of, extreme_sql
from .line_sources import ROW
from .possible_answers import Answers, Domains
from .scratch_tables import ScratchTables

TYPES = {
    FactType.BOOLEAN: "BOOLEAN",
    FactType.DATE: "DATE",
    FactType.INTEGER: "BIGINT",
    FactType.DECIMAL: "DECIMAL(30, 8)",
}
NOT_REACHED = "-"
MOST_VALUES = 5000
SIGNED_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class GoodsKind:
    """One combination of what tells goods apart, with the number it has in SQL."""

    number: int
    cells: dict[str, str | None]
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """How all measures stood to a situation: which reached it, at which level, in which span of days."""

    number: int
    text: str
    day: date
    level: int


class LawRun:
    """One run of a law over the situations of a table."""

    def __init__(self, tables: ScratchTables) -> None:
        """Take the tables that hold `lines`, `situations` and the maps."""
        self._tables = tables

    def type_cells(
        self, columns: Sequence[Column], keys: int, exact: Sequence[tuple[int, int]], regime: Regime
    ) -> None:
        """Give each situation its cells with their types.

        Args:
            columns: The columns.
            keys: How many keys tell situations apart.
            exact: (map, code): names that are on a list must be judged one by one, all codes of the map but this one.
            regime: The regime: days that it does not cover are judged one by one, too.
        """
        cells, joins = [], []
        for number, column in enumerate(columns):
            if column.is_free:
                cells.append(f"l.{quoted(column.name)} AS v{number}")
                continue
            if column.is_number:
                cells.append(f"TRY_CAST(l.{quoted(column.name)} AS DECIMAL(30, 8)) AS v{number}")
                continue
            clean = f"m{number}.clean"
            if column.fact.type.is_list:
                clean = f"CASE WHEN {clean} = '' THEN CAST([] AS VARCHAR[]) ELSE string_split({clean}, '|') END"
            elif column.fact.type in TYPES:
                clean = f"CAST({clean} AS {TYPES[column.fact.type]})"
            cells.append(f"{clean} AS v{number}")
            joins.append(f"LEFT JOIN map_{number} m{number} ON l.{quoted(column.name)} = m{number}.text")
        on = next((f"m{i}.clean" for i, c in enumerate(columns) if c.fact.path == "deal.on"), "NULL")
        alone = [f"coalesce(m{number}.code, {code}) <> {code}" for number, code in exact]
        alone += [
            f"coalesce(m{n}.code, 0) = -1"
            for n, column in enumerate(columns)
            if not (column.is_number or column.is_free)
        ]
        alone += [
            f"(coalesce(trim(l.{quoted(c.name)}), '') <> '' AND coalesce(TRY_CAST(l.{quoted(c.name)} AS DECIMAL(30, 8)) < 0, true))"
            for c in columns
            if c.is_number
        ]
        alone += [f"coalesce({cell}, FALSE)" for cell in _said_to_be_listed(columns)]
        outside = f"{on} < '{regime.covered_from}' OR {on} > '{regime.checked}'"
        alone += [f"{on} IS NULL", f"coalesce({outside}, TRUE)"]
        kept = "".join(f", s.k{i}" for i in range(keys))
        self._tables.keep(
            "typed",
            f"SELECT s.situation{kept}, {', '.join(cells)}, coalesce({' OR '.join(alone)}, FALSE) AS alone "
            f"FROM situations s JOIN lines l ON l.{ROW} = s.situation {' '.join(joins)}",
        )

    def goods_kinds(self, cells: Sequence[tuple[str, str, str]], pieces: Sequence[str]) -> list[GoodsKind]:
        """Number the combinations of what tells goods apart, and return them.

        Args:
            cells: (fact, expression of its region, expression of its value) over `typed t`.
            pieces: Columns that tell how the value of one piece stands to each threshold.
        """
        keys = ", ".join(f"{region} AS g{i}" for i, (_, region, _) in enumerate(cells)) or "0 AS g0"
        shown = (
            ", ".join(f"CAST(min({value}) AS VARCHAR) AS s{i}" for i, (_, _, value) in enumerate(cells)) or "NULL AS s0"
        )
        steps = "".join(f", {piece} AS p{i}" for i, piece in enumerate(pieces))
        by = ", ".join([f"g{i}" for i in range(max(len(cells), 1))] + [f"p{i}" for i in range(len(pieces))])
        self._tables.keep(
            "goods_kinds",
            f"SELECT row_number() OVER (ORDER BY {by}) AS kind, g.* FROM "
            f"(SELECT {keys}{steps}, {shown} FROM typed t GROUP BY {by}) g",
        )
        same = " AND ".join(
            [f"({region}) IS NOT DISTINCT FROM k.g{i}" for i, (_, region, _) in enumerate(cells)]
            + [f"({piece}) IS NOT DISTINCT FROM k.p{i}" for i, piece in enumerate(pieces)]
        ) or "TRUE"  # fmt: skip
        self._tables.keep("typed", f"SELECT t.*, k.kind FROM typed t JOIN goods_kinds k ON {same}")
        count, found = len(cells), []
        columns = ["kind", *(f"s{i}" for i in range(max(count, 1))), *(f"p{i}" for i in range(len(pieces)))]
        for row in self._tables.rows(f"SELECT {', '.join(columns)} FROM goods_kinds ORDER BY kind"):
            texts = {fact: row[1 + i] for i, (fact, _, _) in enumerate(cells)}
            found.append(GoodsKind(int(row[0]), texts, tuple(int(p) for p in row[1 + max(count, 1) :])))
        return found

    def map_goods(self, lists: Sequence[str], answers: Sequence[tuple[int, Sequence[bool | None]]]) -> None:
        """Keep which goods lists each kind of goods is on."""
        columns = {"kind": "BIGINT", **{column_of(name): "BOOLEAN" for name in lists}}
        self._tables.put("goods_map", columns, [(kind, *found) for kind, found in answers])

    def judge(self, query: LawQuery, span: str, day: str, conduct: str) -> list[Asked]:
        """Judge every situation: best and worst level, how each measure stands, and what is open.

        Args:
            query: The law as SQL, with what no row can reach left out.
            span: Column of `typed` that holds the span of days.
            day: Column of `typed` that holds the day.
            conduct: Column of `typed` that holds what is done, or empty.
        """
        defined = "".join(f", {text} AS {column_of(name)}" for name, text in query.definitions())
        goods = "FROM typed t JOIN goods_map USING (kind)"
        self._tables.keep("defined", f"SELECT t.situation{defined} {goods} WHERE NOT t.alone")
        asked = list(query.asked())
        whole = f"{goods} JOIN defined d USING (situation)"
        reach = ", ".join(["0 AS untold", *(f"{one.reach} AS r{i}" for i, one in enumerate(asked))])
        self._tables.keep("reached", f"SELECT t.situation, {reach} {whole}")
        asked = self._reaching(asked)
        levels = "0 AS nothing" + "".join(
            f", CASE WHEN r{i} THEN {one.best} ELSE 0 END AS b{i}, CASE WHEN r{i} IS NOT FALSE THEN {one.worst} ELSE 0 END AS w{i}"
            for i, one in enumerate(asked)
        )
        self._tables.keep("levels", f"SELECT t.situation, {levels} {whole} JOIN reached r USING (situation)")
        marks = " || ".join(["''", *(_mark(i, one) for i, one in enumerate(asked))])
        best, worst = (extreme_sql("greatest", 0, [f"{side}{i}" for i in range(len(asked))]) for side in ("b", "w"))
        self._tables.keep(
            "stood",
            f"SELECT t.situation, {best} AS best, {worst} AS worst, "
            f"{marks} AS mark, {span} AS span, {day} AS day FROM typed t JOIN reached USING (situation) JOIN levels USING (situation)",
        )
        self._sign(asked)
        return asked

    def _sign(self, asked: Sequence[Asked]) -> None:
        """Tell how the conditions of open measures stand in each unsettled situation, a few measures at a time.

        The text of all signatures together would take a planner minutes. They are written on this machine, whatever engine holds
        the table: only the situations that are open are looked at, and few are.
        """
        tests = ", ".join(["TRUE", *(f"bool_or(b{i} < w{i})" for i in range(len(asked)))])
        found = self._tables.rows(f"SELECT {tests} FROM levels")[0][1:]
        still_open = [i for i, is_open in enumerate(found) if is_open]
        self._tables.keep(
            "unsettled",
            "SELECT s.situation, s.mark || '/' || CAST(s.span AS VARCHAR) || '/' || CAST(t.kind AS VARCHAR) || '/' AS sign "
            "FROM stood s JOIN typed t USING (situation) WHERE s.best < s.worst",
        )
        for name in ("typed", "defined", "levels"):
            self._tables.keep(f"open_{name}", f"SELECT o.* FROM {name} o JOIN unsettled USING (situation)")
        whole = "FROM open_typed t JOIN goods_map USING (kind) JOIN open_defined d USING (situation)"
        near = self._tables.near(("unsettled", "open_typed", "open_defined", "open_levels", "goods_map"))
        for first in range(0, len(still_open), SIGNED_AT_ONCE):
            signs = " || ".join(
                f"CASE WHEN b{i} < w{i} THEN '{i}:' || {asked[i].signature} ELSE '' END"
                for i in still_open[first : first + SIGNED_AT_ONCE]
            )
            near.keep("signed", f"SELECT t.situation, {signs} AS part {whole} JOIN open_levels l USING (situation)")
            near.keep(
                "unsettled",
                "SELECT u.situation, u.sign || p.part AS sign FROM unsettled u JOIN signed p USING (situation)",
            )
        self._tables.bring(near, "unsettled")

    def _reaching(self, asked: Sequence[Asked]) -> list[Asked]:
        """Return the measures that reach some situation, or may; the columns of the others are dropped."""
        if not asked:
            return []
        tests = ", ".join(f"bool_or(r{i} IS NOT FALSE)" for i in range(len(asked)))
        found = self._tables.rows(f"SELECT {tests} FROM reached")[0]
        kept = [i for i, reaches in enumerate(found) if reaches]
        columns = "".join(f", r{old} AS r{new}" for new, old in enumerate(kept))
        self._tables.keep("reached", f"SELECT situation, untold{columns} FROM reached")
        return [asked[i] for i in kept]

    def domains(self, columns: Sequence[Column], goods: Mapping[str, Answers]) -> Domains:
        """Return what the typed cells of the situations hold, amounts and free text left out."""
        values: dict[str, frozenset[object]] = {}
        for number, column in enumerate(columns):
            if column.is_number or column.is_free:
                continue
            rows = self._tables.rows(f"SELECT DISTINCT v{number} FROM typed WHERE NOT alone LIMIT {MOST_VALUES + 1}")
            if len(rows) <= MOST_VALUES:
                values[f"t.v{number}"] = frozenset(tuple(v) if isinstance(v, list) else v for (v,) in rows)
        return Domains(values, goods)

    def held(self, conduct: str, day: str) -> Held:
        """Return what the situations hold at all."""
        first, last = self._tables.rows(f"SELECT min({day}), max({day}) FROM typed t WHERE NOT alone")[0]
        conducts = None
        if conduct:
            unsaid = self._tables.rows(f"SELECT count(*) FROM typed t WHERE {conduct} IS NULL")[0][0]
            found = self._tables.rows(f"SELECT DISTINCT unnest({conduct}) AS conduct FROM typed t")
            conducts = frozenset(str(row[0]) for row in found) if unsaid == 0 else None
        return Held(conducts, first or date.max, last or date.min)

    def settled(self) -> list[Mark]:
        """Number the ways in which measures stood to settled situations, by span of days, and return them."""
        self._tables.keep(
            "marks",
            "SELECT row_number() OVER (ORDER BY mark, span, best) AS number, m.* FROM (SELECT mark, span, min(day) AS day, best "
            "FROM stood WHERE best = worst GROUP BY mark, span, best) m",
        )
        found = self._tables.rows("SELECT number, mark, day, best FROM marks ORDER BY number")
        return [Mark(int(number), str(mark), day, int(best)) for number, mark, day, best in found]

    def answer_settled(self, cites: Sequence[tuple[int, str, str]]) -> None:
        """Keep the answers to settled situations: (number of the mark, outcome, cited provisions)."""
        columns = {"number": "BIGINT", "outcome": "VARCHAR", "cites": "VARCHAR"}
        self._tables.put("mark_answers", columns, cites)
        self._tables.add(
            "answers",
            "SELECT s.situation, a.outcome, a.outcome, a.outcome, a.cites FROM stood s "
            "JOIN marks m ON m.mark = s.mark AND m.span = s.span AND m.best = s.best JOIN mark_answers a USING (number) "
            "WHERE s.best = s.worst",
        )

    def to_decide(self) -> list[tuple[int, dict[str, str | None]]]:
        """Return one row of each group of open situations that completing leads to the same answer, and of each that stands alone."""
        self._tables.keep(
            "groups",
            "SELECT min(situation) AS shown, sign FROM unsettled GROUP BY sign "
            "UNION ALL SELECT situation, 'alone ' || CAST(situation AS VARCHAR) FROM typed WHERE alone",
        )
        names, rows = self._tables.named_rows(
            f"SELECT g.shown, l.* FROM groups g JOIN situations s ON s.situation = g.shown JOIN lines l ON l.{ROW} = s.situation ORDER BY 1"
        )
        return [(int(row[0]), dict(zip(names[1:], row[1:], strict=True))) for row in rows]

    def spread(self) -> None:
        """Give every open situation the answer of the one that was decided for its group."""
        self._tables.add(
            "answers",
            "SELECT u.situation, a.outcome, a.best, a.worst, a.cites FROM unsettled u "
            "JOIN groups g USING (sign) JOIN answers a ON a.situation = g.shown WHERE u.situation <> g.shown",
        )


def _said_to_be_listed(columns: Sequence[Column]) -> list[str]:
    """Return the cells that call somebody listed: under which regime is told one by one."""
    flags = {f"{section}.{flag}" for section, names in FLAGS.items() for flag in names}
    return [f"CAST(m{number}.clean AS BOOLEAN)" for number, column in enumerate(columns) if column.fact.path in flags]


def _mark(number: int, one: Asked) -> str:
    return f"CASE WHEN r{number} IS FALSE THEN '{NOT_REACHED}' ELSE CAST(w{number} AS VARCHAR) END"


def cites_of(mark: Mark, asked: Sequence[Asked]) -> tuple[str, ...]:
    """Return the provisions that took part, from how the measures stood; the same as the single evaluator names."""
    found: set[str] = set()
    for char, one in zip(mark.text, asked, strict=True):
        if char == NOT_REACHED:
            continue
        found.add(one.measure.id)
        if one.measure.effect != "prohibits":
            continue
        found |= {
            r.id for r in one.routes if r.first_day <= mark.day and (r.last_day is None or mark.day <= r.last_day)
        }
        if int(char) >= Level.AUTHORISATION_REQUIRED:
            owed = (c for c in one.measure.consequences if c.first_day is None or c.first_day <= mark.day)
            found |= {c.by or one.measure.id for c in owed}
    return tuple(sorted(found))
