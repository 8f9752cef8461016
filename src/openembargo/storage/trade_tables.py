"""Tables of trade in DuckDB: read as the publisher prints them, made flows of one shape, kept as Parquet.

One plan of SQL, whatever the layout: a layout only says which column holds what. A row that must not be summed keeps its place and
says why (`fault`).
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import duckdb

from openembargo.terms.errors import InputError, Mistake
from openembargo.trade.areas import area
from openembargo.trade.faults import FAULTS, NOTES
from openembargo.trade.layouts import EDITIONS, FLOWS, UNITS, Layout, detect, vintage_of

from .amount_sql import quoted
from .scratch_tables import put_rows

MEMORY_LIMIT = "3GB"
COLUMNS = (
    "period", "year", "month", "reporter", "partner", "flow", "hs", "edition", "value_usd", "valuation", "quantity", "unit", "net_kg",
    "reconciled", "source", "source_row", "vintage", "fault", "note",
)  # fmt: skip
"""Columns of a table of flows: value in US dollars, quantity in `unit`, `edition` a year, `fault` and `note` words of `trade.faults`."""
AMOUNT = "DECIMAL(18, 3)"
KEY = "reporter, partner, flow, period, hs, edition, vintage"


@dataclass(frozen=True, slots=True)
class TradeSource:
    """A file as it is to be read: where it lies, how, and of which vintage."""

    path: Path
    layout: Layout
    vintage: str


def trade_source(path: Path, mapping: Layout | None, vintage: str) -> TradeSource:
    """Look at a file's head and say how it is read; the vintage is the given one, else what its name tells.

    Raises:
        InputError: When it cannot be read or fits no layout.
    """
    with TradeTable() as table:
        header = table.header(path)
    layout = mapping or detect(header, path.name)
    missing = [column for column in layout.columns.values() if column not in header]
    if missing:
        raise InputError([Mistake(path.name, f"has no column {', '.join(missing)}", f"it has: {', '.join(header)}")])
    return TradeSource(path, layout, vintage or vintage_of(path.name))


class TradeTable:
    """A scratch database with the flows of some files."""

    def __init__(self) -> None:
        """Open an empty one in a folder that is thrown away with it."""
        self._folder = tempfile.TemporaryDirectory(prefix="openembargo-trade-")
        self.scratch = Path(self._folder.name)
        self.db = duckdb.connect(str(self.scratch / "trade.duckdb"))
        self.db.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
        self.db.execute(f"SET temp_directory = '{self.scratch}'")
        self.db.execute("SET enable_progress_bar = false")
        self._numbers = 0

    def __enter__(self) -> "TradeTable":
        """Return the table."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the scratch database and throw it away."""
        self.db.close()
        self._folder.cleanup()

    def header(self, path: Path) -> tuple[str, ...]:
        """Return the columns of a file."""
        return self._put(path, "head", limit=1)

    def _put(self, path: Path, table: str, limit: int | None = None) -> tuple[str, ...]:
        """Read a file, every cell as text."""
        reader, found = "read_csv(?, all_varchar = true, header = true, null_padding = true)", path
        if path.suffix.lower() == ".json":
            reader, found = "read_json(?, format = 'newline_delimited')", self._json_rows(path)
        elif path.suffix.lower() == ".parquet":
            reader = "read_parquet(?)"
        tail = f" LIMIT {limit}" if limit else ""
        try:
            self.db.execute(
                f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT row_number() OVER () AS openembargo_row, "
                f"CAST(COLUMNS(*) AS VARCHAR) FROM {reader}{tail}",
                [str(found)],
            )
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            raise InputError(
                [Mistake(path.name, f"cannot be read as a table: {first}", "CSV (also .gz), JSON of the API, Parquet")]
            ) from None
        described = self.db.execute(f"DESCRIBE {table}").fetchall()
        return tuple(str(row[0]) for row in described if row[0] != "openembargo_row")

    def _json_rows(self, path: Path) -> Path:
        """Write the rows of an answer of the API as lines."""
        try:
            rows = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)
        except (OSError, ValueError) as error:
            raise InputError([Mistake(path.name, f"is no JSON: {error}")]) from None
        rows = rows.get("data") if isinstance(rows, dict) else rows
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            raise InputError([Mistake(path.name, "has no rows", "an answer of the API: `data` with at least one row")])
        self._numbers += 1
        out = self.scratch / f"rows-{self._numbers}.jsonl"
        out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return out

    def read(self, sources: Sequence[TradeSource], has_code: Callable[[str, int], bool | None]) -> int:
        """Read files into one table of flows and mark what is to be kept out of sums.

        Args:
            sources: The files.
            has_code: Whether an HS edition has a code; None when that edition is not held.

        Returns:
            How many rows were read.
        """
        for number, source in enumerate(sources):
            self._put(source.path, "raw")
            self._map("areas", ("reporter", "partner"), source.layout, _area_cells)
            self._map("flows_named", ("flow",), source.layout, lambda text: (FLOWS.get(text.strip().lower()),))
            self._map("editions", ("classification",), source.layout, _edition_cells)
            self._map("units", ("unit",), source.layout, lambda text: (UNITS.get(text.strip().lower(), text.strip()),))
            verb = "INSERT INTO flows BY NAME" if number else "CREATE OR REPLACE TABLE flows AS"
            self.db.execute(f"{verb} {normal_sql(source.layout)}", [source.path.name, source.vintage])
        self._check_codes(has_code)
        return self._mark()

    def _map(
        self, table: str, roles: Iterable[str], layout: Layout, cells: Callable[[str], Sequence[str | int | None]]
    ) -> None:
        """Keep what each distinct text of a column stands for."""
        columns = [layout.columns[role] for role in roles if role in layout.columns]
        union = " UNION ".join(f"SELECT DISTINCT {quoted(c)} FROM raw WHERE {quoted(c)} IS NOT NULL" for c in columns)
        texts = sorted(str(row[0]) for row in self.db.execute(union).fetchall()) if columns else []
        self.db.execute(f"CREATE OR REPLACE TEMP TABLE {table} (text VARCHAR, c1 VARCHAR, c2 VARCHAR)")
        rows = [(text, *cells(text)) for text in texts]
        put_rows(self.db, self.scratch, table, [(*row, None, None)[:3] for row in rows])

    def _check_codes(self, has_code: Callable[[str, int], bool | None]) -> None:
        """Mark codes that their stated edition does not have."""
        found = self.db.execute("SELECT DISTINCT hs, edition FROM flows WHERE fault IS NULL AND edition IS NOT NULL")
        wrong = sorted((hs, edition) for hs, edition in found.fetchall() if has_code(hs, int(edition)) is False)
        self.db.execute("CREATE OR REPLACE TEMP TABLE wrong (hs VARCHAR, edition VARCHAR)")
        put_rows(self.db, self.scratch, "wrong", wrong)
        self.db.execute(
            "UPDATE flows SET fault = 'wrong_edition' FROM wrong WHERE flows.fault IS NULL AND flows.hs = wrong.hs "
            "AND CAST(flows.edition AS VARCHAR) = wrong.edition"
        )

    def _mark(self) -> int:
        """Mark, rule by rule, what must not be summed; the first rule that applies is kept."""
        for fault, rule in RULES:
            self.db.execute(
                f"UPDATE flows SET fault = '{fault}' WHERE fault IS NULL AND rowid IN (SELECT r FROM ({rule}))"
            )
        self.db.execute("ALTER TABLE flows DROP COLUMN kind")
        self.db.execute("ALTER TABLE flows DROP COLUMN part")
        found = self.db.execute("SELECT count(*) FROM flows").fetchone()
        return int(found[0]) if found else 0

    def write(self, out: Path) -> None:
        """Write the flows as Parquet, in an order that follows from them alone."""
        out.parent.mkdir(parents=True, exist_ok=True)
        self.db.execute(
            f"COPY (SELECT {', '.join(COLUMNS)} FROM flows ORDER BY source, vintage, source_row) TO '{_text(str(out))}' "
            "(FORMAT parquet, COMPRESSION zstd)"
        )

    def open(self, path: Path) -> None:
        """Open a table of flows that was kept.

        Raises:
            InputError: When it is none.
        """
        try:
            described = self.db.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        except duckdb.Error as error:
            raise InputError(
                [Mistake(str(path), f"is no table of flows: {str(error).splitlines()[0]}", "what `trade load` wrote")]
            ) from None
        missing = set(COLUMNS) - {row[0] for row in described}
        if missing:
            raise InputError([Mistake(str(path), f"lacks {', '.join(sorted(missing))}", "what `trade load` wrote")])
        self.db.execute(f"CREATE OR REPLACE VIEW flows AS SELECT * FROM read_parquet('{_text(str(path))}')")

    def counts(self) -> dict[str, dict[str, int]]:
        """Count rows by fault and by note, in the order in which the words are told."""
        found: dict[str, dict[str, int]] = {}
        for column, words in (("fault", FAULTS), ("note", NOTES)):
            rows = dict(self.db.execute(f"SELECT {column}, count(*) FROM flows GROUP BY 1").fetchall())
            found[column] = {word: int(rows[word]) for word in words if word in rows}
        return found


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"'{_text(value)}'" for value in values)


def _text(value: str) -> str:
    return value.replace("'", "''")


def _area_cells(text: str) -> tuple[str, str]:
    found = area(text)
    return found.code, found.kind


def _edition_cells(text: str) -> tuple[str, str | None]:
    """Return whether a classification is the Harmonized System, and the edition that it names."""
    word = text.strip().upper()
    if word in EDITIONS:
        return "hs", str(EDITIONS[word])
    if word.startswith("HS"):
        years = [year for year in EDITIONS.values() if word.endswith((str(year), str(year)[2:]))]
        return "hs", str(years[0]) if years and word != "HS" else None
    return "other", None


def normal_sql(layout: Layout) -> str:
    """Return the SQL that makes rows of a layout flows; parameters: source, vintage."""

    def cell(role: str) -> str:
        column = layout.columns.get(role)
        return f"nullif(trim(r.{quoted(column)}), '')" if column else "CAST(NULL AS VARCHAR)"

    def join(table: str, role: str, alias: str) -> str:
        column = layout.columns.get(role)
        on = f"r.{quoted(column)} = {alias}.text" if column else "false"
        return f"LEFT JOIN {table} AS {alias} ON {on}"

    hs = f"replace(replace({cell('hs')}, '.', ''), ' ', '')"
    if layout.hs_digits:
        hs = f"CASE WHEN regexp_full_match({hs}, '[0-9]+') THEN lpad({hs}, CAST(greatest({layout.hs_digits}, length({hs})) AS INTEGER), '0') ELSE {hs} END"
    currency = cell("currency") if "currency" in layout.columns else f"nullif('{_text(layout.currency)}', '')"
    flow = "fl.c1" if "flow" in layout.columns else f"'{layout.flow}'"
    classed = "ed.c1" if "classification" in layout.columns else "'hs'"
    edition = "ed.c2" if "classification" in layout.columns else f"'{layout.edition}'" if layout.edition else "NULL"
    unit = "un.c1" if "unit" in layout.columns else f"'{_text(layout.quantity_unit)}'"
    parts = [
        f"({cell(role)} IS NOT NULL AND {cell(role)} NOT IN ({_listed(values)}))"
        for role, values in layout.totals.items()
        if role in layout.columns
    ]
    valued = {"by_flow": "CASE WHEN value = fob AND value IS DISTINCT FROM cif THEN 'fob' WHEN value = cif AND value IS DISTINCT FROM fob "
              "THEN 'cif' WHEN flow LIKE '%import' THEN 'cif' WHEN flow LIKE '%export' THEN 'fob' END"}  # fmt: skip
    valuation = valued.get(layout.valuation, f"nullif('{layout.valuation}', '')")
    inner = f"""SELECT r.openembargo_row AS source_row, {_period_sql(cell)} AS period, rp.c1 AS reporter, pt.c1 AS partner,
        rp.c2 AS reporter_kind, pt.c2 AS partner_kind, {flow} AS flow, {hs} AS hs, {classed} AS classed, CAST({edition} AS INTEGER) AS edition,
        {_amount(cell("value"))} * {layout.value_factor} AS value, {_amount(cell("value_cif"))} AS cif, {_amount(cell("value_fob"))} AS fob,
        upper({currency}) AS currency, TRY_CAST({cell("quantity")} AS DOUBLE) AS quantity, nullif({unit}, '') AS unit,
        TRY_CAST({cell("net_kg")} AS DOUBLE) AS net_kg, {" OR ".join(parts) or "false"} AS part, coalesce({cell("vintage")}, ?2) AS vintage
        FROM raw r {join("areas", "reporter", "rp")} {join("areas", "partner", "pt")} {join("flows_named", "flow", "fl")}
        {join("editions", "classification", "ed")} {join("units", "unit", "un")}"""
    return f"""SELECT period, TRY_CAST(period[1:4] AS INTEGER) AS year, TRY_CAST(period[6:7] AS INTEGER) AS month, reporter, partner, flow, hs,
        edition, CAST(value AS {AMOUNT}) AS value_usd, {valuation} AS valuation,
        CASE WHEN unit IS NULL OR isnan(quantity) THEN NULL ELSE quantity END AS quantity, unit, net_kg,
        {str(layout.reconciled).lower()} AS reconciled, ?1 AS source, source_row, vintage, {_ROW_FAULT} AS fault,
        CASE WHEN quantity > 0 AND unit IS NULL THEN 'quantity_without_unit' WHEN edition IS NULL AND classed = 'hs' THEN 'edition_not_stated' END
        AS note, CASE WHEN 'aggregate' IN (reporter_kind, partner_kind) THEN 'aggregate' ELSE coalesce(nullif(reporter_kind, 'country'),
        partner_kind) END AS kind, part FROM ({inner})"""


_ROW_FAULT = """CASE
    WHEN period IS NULL THEN 'no_period'
    WHEN coalesce(classed, 'hs') <> 'hs' THEN 'not_hs'
    WHEN hs IS NULL OR NOT (regexp_full_match(hs, '[0-9]{2,12}') OR hs IN ('TOTAL', 'AG2', 'AG4', 'AG6')) THEN 'no_code'
    WHEN coalesce(reporter_kind, 'unknown') = 'unknown' OR coalesce(partner_kind, 'unknown') = 'unknown' THEN 'unknown_area'
    WHEN flow IS NULL THEN 'unknown_flow'
    WHEN value IS NULL THEN 'no_value'
    WHEN currency IS NULL THEN 'currency_missing'
    WHEN currency <> 'USD' THEN 'other_currency'
    WHEN value < 0 THEN 'negative' END"""


def _amount(text: str) -> str:
    return f"coalesce(TRY_CAST({text} AS DECIMAL(30, 6)), TRY_CAST(TRY_CAST({text} AS DOUBLE) AS DECIMAL(30, 6)))"


def _period_sql(cell: Callable[[str], str]) -> str:
    """Return the SQL of a period, `2016` or `2016-11`; NULL when there is none that can be read."""
    text = f"coalesce({cell('period')}, {cell('year')})"
    month = f"lpad({cell('month')}, 2, '0')"
    return f"""CASE WHEN regexp_full_match({text}, '(19|20)[0-9]{{2}}') AND {cell("month")} IS NOT NULL THEN
        CASE WHEN regexp_full_match({month}, '0[1-9]|1[0-2]') THEN {text} || '-' || {month} END
        WHEN regexp_full_match({text}, '(19|20)[0-9]{{2}}') THEN {text}
        WHEN regexp_full_match({text}, '(19|20)[0-9]{{2}}-?(0[1-9]|1[0-2])(-[0-9]{{2}})?') THEN {text}[1:4] || '-' || replace({text}, '-', '')[5:6]
        WHEN regexp_full_match({text}, '(0[1-9]|1[0-2])/(19|20)[0-9]{{2}}') THEN {text}[4:7] || '-' || {text}[1:2] END"""


_SAME = " AND ".join(f"a.{c} IS NOT DISTINCT FROM b.{c}" for c in ("partner", "flow", "period", "vintage", "edition"))
_KEPT = "FROM flows WHERE fault IS NULL"
RULES: tuple[tuple[str, str], ...] = (
    (
        "two_vintages",
        f"""SELECT f.rowid AS r FROM flows f JOIN (SELECT reporter, flow, period {_KEPT} GROUP BY ALL HAVING count(DISTINCT vintage) > 1)
        USING (reporter, flow, period) WHERE f.fault IS NULL""",
    ),
    (
        "breakdown",
        f"""SELECT f.rowid AS r FROM flows f JOIN (SELECT DISTINCT {KEY} {_KEPT} AND NOT part) t ON f.reporter = t.reporter
        AND f.partner = t.partner AND f.flow = t.flow AND f.period = t.period AND f.hs = t.hs AND f.edition IS NOT DISTINCT FROM t.edition
        AND f.vintage = t.vintage WHERE f.part AND f.fault IS NULL""",
    ),
    ("part_without_total", f"SELECT rowid AS r {_KEPT} AND part"),
    (
        "conflict",
        f"""SELECT r FROM (SELECT rowid AS r, min(value_usd) OVER w <> max(value_usd) OVER w AS differs {_KEPT}
        WINDOW w AS (PARTITION BY {KEY})) WHERE differs""",
    ),
    (
        "duplicate",
        f"SELECT r FROM (SELECT rowid AS r, row_number() OVER (PARTITION BY {KEY} ORDER BY source, source_row) AS n {_KEPT}) WHERE n > 1",
    ),
    (
        "aggregate_code",
        f"""SELECT a.rowid AS r FROM flows a SEMI JOIN (SELECT reporter, partner, flow, period, vintage, edition, hs[1:2] AS up {_KEPT}
        AND length(hs) > 2 AND hs[1:2] <> 'AG' AND hs <> 'TOTAL' UNION SELECT reporter, partner, flow, period, vintage, edition, hs[1:4] {_KEPT}
        AND length(hs) > 4 AND hs <> 'TOTAL' UNION SELECT reporter, partner, flow, period, vintage, edition, hs[1:6] {_KEPT} AND length(hs) > 6
        UNION SELECT reporter, partner, flow, period, vintage, edition, unnest(['TOTAL', 'AG2', 'AG4', 'AG6']) {_KEPT}
        AND regexp_full_match(hs, '[0-9]+')) b ON a.reporter = b.reporter AND {_SAME} AND a.hs = b.up WHERE a.fault IS NULL""",
    ),
    ("within_flow", f"SELECT rowid AS r {_KEPT} AND flow LIKE 're_%'"),
    ("aggregate_partner", f"SELECT rowid AS r {_KEPT} AND kind = 'aggregate'"),
    ("nes_partner", f"SELECT rowid AS r {_KEPT} AND kind = 'nes'"),
)
"""Rules over the flows that have no fault yet, in order; each yields row ids."""


def codes_known(editions: Mapping[int, frozenset[str]]) -> Callable[[str, int], bool | None]:
    """Return the test whether an edition has a code, of two, four or six digits; own-use chapters and totals always pass."""
    prefixes = {year: {c[:n] for c in codes for n in (2, 4, 6)} for year, codes in editions.items()}

    def has(code: str, edition: int) -> bool | None:
        if edition not in prefixes:
            return None
        return not code.isdigit() or code[:2] in ("98", "99") or code[:6] in prefixes[edition]

    return has
