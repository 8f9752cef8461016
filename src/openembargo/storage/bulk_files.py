"""Folders of bulk runs: the file that arrived as plain CSV, how far the run is, and the file that goes back with the answers beside each row."""

import csv
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from openembargo.papers.table_source import TableSource
from openembargo.terms.errors import InputError, Mistake

from .name_batches import COLUMNS as NAME_COLUMNS
from .safe_cells import neutral_row
from .settings import home

FOLDER, NOTE = "bulk", "run.json"
PLAIN, NAMES, ANSWERS, CANDIDATES, REJECTS, BACK = (
    "rows.csv", "names.csv", "answers.jsonl", "candidates.csv", "rejects.csv", "annotated.csv",
)  # fmt: skip
DEAL_ANSWERS = ("outcome", "best", "worst", "cites", "rejected")
NAME_ANSWERS = ("alert", "hits", "score", "listed", "list", "reference", "rejected")
PREFIX = "openembargo_"
"""Stands before the names of the columns that are added, so that none takes the place of the sender's own."""


@dataclass(frozen=True, slots=True)
class Run:
    """A bulk run.

    Attributes:
        id: Its id.
        kind: `names` or `deals`.
        source: Name of the file that arrived.
        actor: Who sent it.
        at: When, UTC, ISO 8601.
        state: `waiting`, `running`, `done` or `failed`.
        stage: What is being done.
        done, total: How far; total is 0 while it is not known.
        summary: What came of it: counts by word.
        faults: Why it failed, line by line.
        notes: What was noticed while reading.
    """

    id: str
    kind: str
    source: str
    actor: str
    at: str
    state: str = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    summary: Mapping[str, int] | None = None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def folder_of(run_id: str) -> Path:
    """Return the folder of a run; it is made where there is none."""
    folder = home() / FOLDER / run_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(run: Run) -> None:
    """Keep how a run stands."""
    path = folder_of(run.id) / NOTE
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(run), ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def kept() -> tuple[Run, ...]:
    """Return the runs that are kept, the newest first."""
    found = []
    for path in (home() / FOLDER).glob(f"*/{NOTE}"):
        row = json.loads(path.read_text(encoding="utf-8"))
        found.append(Run(**{**row, "faults": tuple(row["faults"]), "notes": tuple(row["notes"])}))
    return tuple(sorted(found, key=lambda run: run.at, reverse=True))


def write_plain(table: TableSource, target: Path) -> int:
    """Write a table as plain CSV and return how many rows it has.

    Raises:
        InputError: A row that cannot be read, or a heading that stands twice.
    """
    twice = sorted({name for name in table.headings if table.headings.count(name) > 1})
    if twice:
        raise InputError([Mistake(table.source, f"two columns are called {', '.join(twice)}", "each name once")])
    rows = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(table.headings)
        for row in table.rows():
            if row.wrong:
                raise InputError([Mistake(f"{table.source} row {row.number}", row.wrong, "a row as the heading says")])
            out.writerow(["" if cell is None else str(cell) for cell in row.cells])
            rows += 1
    return rows


def write_names(plain: Path, target: Path, source: str) -> None:
    """Write the names of a plain CSV file as screening reads them, each with the number of its row.

    Raises:
        InputError: There is no column `name`.
    """
    with plain.open(encoding="utf-8", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        reader = csv.reader(file)
        heading = [name.strip().lower() for name in next(reader, [])]
        if "name" not in heading:
            found = ", ".join(heading[:12]) or "nothing"
            allowed = "a column `name`, and if known kind, dob, country"
            raise InputError([Mistake(source, f"no column name; found {found}", allowed)])
        places = {name: heading.index(name) for name in NAME_COLUMNS[1:] if name in heading}
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(NAME_COLUMNS)
        for number, cells in enumerate(reader, start=1):
            writer.writerow([number, *(cells[places[n]] if n in places else "" for n in NAME_COLUMNS[1:])])


def annotate(plain: Path, target: Path, columns: Sequence[str], answer: Callable[[int], Sequence[object]]) -> str:
    """Write the rows that arrived with the answers beside them; what a spreadsheet would run is written as text.

    Args:
        plain: The rows.
        target: Where they go.
        columns: Names of what is added.
        answer: Gives what is added to a row by its number, from 1.

    Returns:
        The digest of what was written.
    """
    with plain.open(encoding="utf-8", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        rows = csv.reader(file)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(neutral_row([*next(rows), *(PREFIX + name for name in columns)]))
        for number, cells in enumerate(rows, start=1):
            writer.writerow(neutral_row([*cells, *answer(number)]))
    return sha256(target.read_bytes()).hexdigest()


def deal_answers(path: Path) -> Callable[[int], Sequence[object]]:
    """Return what gives the answer of a row of deals; rows are asked for in their order."""
    with path.open(encoding="utf-8") as lines:
        found = {int(row["row"]): row for row in map(json.loads, lines)}

    def answer(number: int) -> Sequence[object]:
        row = found.get(number, {})
        cites = row.get("cites") or ""
        told = {**row, "cites": "|".join(cites) if isinstance(cites, list) else cites}
        return [told.get(name) if told.get(name) is not None else "" for name in DEAL_ANSWERS]

    return answer


def name_answers(candidates: Path, rejects: Path, level: float) -> Callable[[int], Sequence[object]]:
    """Return what gives the answer of a row of names: whether it alerts, and the best hit."""
    best: dict[int, dict[str, str]] = {}
    hits: dict[int, int] = {}
    for row in _rows(candidates):
        number = int(row["query_id"])
        hits[number] = hits.get(number, 0) + 1
        best.setdefault(number, row)
    wrong = {int(row["row"]): row["reason"] for row in _rows(rejects)}

    def answer(number: int) -> Sequence[object]:
        if number in wrong:
            return ["", "", "", "", "", "", wrong[number]]
        hit = best.get(number)
        if hit is None:
            return ["no", 0, "", "", "", "", ""]
        alerts = hit["by"] == "identifier" or float(hit["score"]) >= level
        return ["yes" if alerts else "no", hits[number], hit["score"], hit["name"], hit["list"], hit["target_id"], ""]

    return answer


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def remove(run_id: str) -> None:
    """Delete a run with its files; one that is not there is deleted already."""
    shutil.rmtree(home() / FOLDER / run_id, ignore_errors=True)


def read_back(run_id: str, name: str) -> bytes:
    """Return a file of a run.

    Raises:
        InputError: There is none.
    """
    path = home() / FOLDER / run_id / name
    if not path.is_file():
        raise InputError([Mistake("file", "is not there", "a run that is done")])
    return path.read_bytes()


def digest_of_file(paths: Iterable[Path]) -> str:
    """Return the digest of some files, one after the other."""
    whole = sha256()
    for path in paths:
        whole.update(path.read_bytes())
    return whole.hexdigest()
