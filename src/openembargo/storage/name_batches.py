"""Files of names in, files of candidates out: read in pieces, written so that a broken run goes on where it stopped."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

from openembargo.terms.errors import InputError, Mistake

from .safe_cells import neutral_row

COLUMNS = ("query_id", "name", "kind", "dob", "country")
OUT_COLUMNS = ("query_id", "target_id", "score", "list", "kind", "name", "matched", "quality", "by", "birth")
REJECT_COLUMNS = ("row", "query_id", "name", "reason")
SUFFIXES = (".csv", ".jsonl", ".ndjson", ".parquet")
Row = dict[str, str]


def read_rows(path: Path, skip: int, size: int) -> Iterator[list[tuple[int, Row]]]:
    """Return pieces of numbered rows, the first row is 1.

    Args:
        path: CSV, JSON Lines or Parquet with columns query_id, name and if known kind, dob, country.
        skip: Rows to leave out at the start.
        size: Rows a piece.

    Raises:
        InputError: The file is not of these kinds, or has no query_id or name.
    """
    rows = iter(enumerate(_rows(path), 1))
    next(islice(rows, skip, skip), None)
    while piece := list(islice(rows, size)):
        yield piece


def _rows(path: Path) -> Iterator[Row]:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError([Mistake(str(path), f"ends in {suffix or 'nothing'}", f"one of: {', '.join(SUFFIXES)}")])
    if not path.exists():
        raise InputError([Mistake(str(path), "no such file")])
    if suffix == ".parquet":
        return _parquet(path)
    return _csv(path) if suffix == ".csv" else _json_lines(path)


def _checked(path: Path, columns: Sequence[str]) -> None:
    missing = [c for c in COLUMNS[:2] if c not in columns]
    if missing:
        raise InputError(
            [
                Mistake(
                    str(path),
                    f"no column {', '.join(missing)}; found {', '.join(columns[:12])}",
                    f"columns {', '.join(COLUMNS)}",
                )
            ]
        )


def _csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        reader = csv.DictReader(file)
        _checked(path, reader.fieldnames or ())
        for row in reader:
            yield {c: (row.get(c) or "").strip() for c in COLUMNS}


def _json_lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for line in file:
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if isinstance(row, dict):
                yield {c: str(row.get(c) if row.get(c) is not None else "").strip() for c in COLUMNS}
            else:
                yield {"query_id": "", "name": line.strip()[:80], "kind": "not an object", "dob": "", "country": ""}


def _parquet(path: Path) -> Iterator[Row]:
    try:
        import duckdb
    except ImportError as error:
        raise InputError([Mistake(str(path), "Parquet needs DuckDB", "pip install 'openembargo[batch]'")]) from error
    with duckdb.connect() as db:
        try:
            found = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
        except duckdb.Error as error:
            raise InputError([Mistake(str(path), str(error).splitlines()[0], "a Parquet file")]) from error
        columns = [d[0] for d in found.description or ()]
        _checked(path, columns)
        while piece := found.fetchmany(10_000):
            for values in piece:
                row = dict(zip(columns, values, strict=True))
                yield {c: str(row[c]).strip() if row.get(c) is not None else "" for c in COLUMNS}


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run has come: rows read, and bytes of the two files that are whole."""

    rows: int = 0
    out_bytes: int = 0
    reject_bytes: int = 0
    candidates: int = 0
    alerting: int = 0
    rejected: int = 0


class CandidateFile:
    """The output of a run: a part file that grows piece by piece, and a note of how far it is."""

    def __init__(self, target: Path, rejects: Path, run: str) -> None:
        """Open or continue a run.

        Args:
            target: Where the candidates go in the end.
            rejects: Where rows that could not be screened go.
            run: What makes runs the same: input, lists, day, settings.
        """
        if target.suffix.lower() not in SUFFIXES:
            raise InputError(
                [Mistake(str(target), f"ends in {target.suffix or 'nothing'}", f"one of: {', '.join(SUFFIXES)}")]
            )
        self.target, self.rejects = target, rejects
        self.part = target.with_name(target.name + ".part")
        self.note = target.with_name(target.name + ".progress")
        self.run = sha256(run.encode()).hexdigest()
        self.standing = self._continued()
        for path, size in ((self.part, self.standing.out_bytes), (self.rejects, self.standing.reject_bytes)):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.truncate(size)
        if not self.standing.rows:
            self.part.write_text(_line(OUT_COLUMNS), encoding="utf-8")
            self.rejects.write_text(_line(REJECT_COLUMNS), encoding="utf-8")

    def _continued(self) -> Standing:
        try:
            held = json.loads(self.note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Standing()
        whole = held.get("run") == self.run and self.part.exists() and self.rejects.exists()
        if (
            not whole
            or self.part.stat().st_size < held["standing"]["out_bytes"]
            or self.rejects.stat().st_size < held["standing"]["reject_bytes"]
        ):
            return Standing()
        return Standing(**held["standing"])

    def add(
        self, rows: int, found: Sequence[Sequence[object]], rejected: Sequence[Sequence[object]], alerting: int
    ) -> None:
        """Add one piece: its candidates, its rejected rows, and how many names alert."""
        with self.part.open("ab") as file:
            csv_target = self.target.suffix.lower() == ".csv"
            file.write("".join(_line(neutral_row(cells) if csv_target else cells) for cells in found).encode())
            out_bytes = file.tell()
        with self.rejects.open("ab") as file:
            file.write("".join(_line(neutral_row(cells)) for cells in rejected).encode())
            reject_bytes = file.tell()
        last = self.standing
        self.standing = Standing(
            last.rows + rows,
            out_bytes,
            reject_bytes,
            last.candidates + len(found),
            last.alerting + alerting,
            last.rejected + len(rejected),
        )
        held = {"run": self.run, "standing": {name: getattr(self.standing, name) for name in Standing.__slots__}}
        fresh = self.note.with_name(self.note.name + ".new")
        fresh.write_text(json.dumps(held), encoding="utf-8")
        fresh.replace(self.note)

    def finish(self) -> None:
        """Turn the part file into the target and forget the note."""
        suffix = self.target.suffix.lower()
        if suffix == ".csv":
            self.part.replace(self.target)
        elif suffix == ".parquet":
            self._to_parquet()
        else:
            with self.part.open(encoding="utf-8", newline="") as file, self.target.open("w", encoding="utf-8") as out:
                for row in csv.DictReader(file):
                    out.write(json.dumps({**row, "score": float(row["score"])}, ensure_ascii=False) + "\n")
            self.part.unlink()
        self.note.unlink(missing_ok=True)

    def _to_parquet(self) -> None:
        import duckdb

        with duckdb.connect() as db:
            db.execute(
                "CREATE TABLE found AS SELECT * REPLACE (score::DOUBLE AS score) FROM read_csv(?, header = true, all_varchar = true)",
                [str(self.part)],
            )
            target = str(self.target).replace("'", "''")
            db.execute(f"COPY found TO '{target}' (FORMAT parquet)")
        self.part.unlink()


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
