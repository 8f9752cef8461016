"""Decide the cargo of a manifest: consignment by consignment and craft by craft."""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from openembargo.decisions.cargo import Card, cards_of, craft_decision, under_suspicion
from openembargo.decisions.decide import Decider
from openembargo.papers.table_mapping import TableMapping
from openembargo.papers.table_rows import Consignment, Reject, RowReader
from openembargo.papers.table_source import TableRow
from openembargo.papers.tables import mapping_notes
from openembargo.storage.cargo_rows import CargoRows, check_suffix
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.row_groups import census, rows_together
from openembargo.storage.table_files import is_table, open_table
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, Mistake

from .cargo_crew import Crew
from .cargo_desk import CargoRequest, Craft, Decided, Part
from .map_columns import mapping_of
from .read_paper import read_any

Progress = Callable[[str, int, int], None]
CHUNK = 20_000
MOST_CRAFTS = 10_000
MOST_REJECTS = 5
MOST_SUSPECTED = 200
NOTICE = "facts.notified_by"
KIND = "party.kind"
NAMES = {"party.name": "party", "vessel.name": "vessel", "vessel.imo": "vessel"}


@dataclass(slots=True)
class CargoRun:
    """What came of a manifest.

    Attributes:
        source: File name.
        notes: How it was read.
        rows: Rows of the table; 0 for other papers.
        consignments: Consignments found.
        rejects: The first cells and rows that were not read.
        rejected_rows: Rows with a cell that was not read, or that were not read at all.
        undecided: Consignments that could not be decided, such as those without a day.
        situations: How many different ones the law told apart.
        names: Names that were looked for.
        counts: Consignments by inspection and outcome.
        open_facts: How many consignments hang on each fact that is not known.
        crafts: Ships and aircraft by number or name, and day.
        top: Those with most at stake, ranked.
        wanted: Those that were asked for by number.
        warnings: Of the determinations.
        cards: The provisions of the book.
        seconds: Time taken.
    """

    source: str
    cards: dict[str, Card]
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    consignments: int = 0
    rejects: list[Reject] = field(default_factory=list)
    rejected_rows: int = 0
    undecided: int = 0
    situations: int = 0
    names: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    open_facts: Counter[str] = field(default_factory=Counter)
    crafts: dict[tuple[str, str], Craft] = field(default_factory=dict)
    top: list[Decided] = field(default_factory=list)
    wanted: list[Decided] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, part: Part, top: int) -> None:
        """Add what came of some consignments."""
        self.consignments += len(part.rows)
        self.undecided += part.undecided
        self.situations += part.situations
        self.counts += part.counts
        self.open_facts += part.open_facts
        self.warnings |= part.warnings
        self.wanted += part.wanted
        self.rejects += part.rejects[: max(0, MOST_REJECTS - len(self.rejects))]
        self.top = sorted((*self.top, *part.top), key=lambda one: one.place)[:top]
        for key, craft in part.crafts.items():
            if key in self.crafts:
                self.crafts[key].join(craft)
            elif len(self.crafts) < MOST_CRAFTS:
                self.crafts[key] = craft


def decide_cargo(
    name: str,
    decider: Decider,
    request: CargoRequest,
    out: Path | None = None,
    rejects: Path | None = None,
    progress: Progress = lambda *_: None,
) -> CargoRun:
    """Decide every consignment of a manifest.

    Args:
        name: CSV, XLSX, Parquet, or any paper that is read.
        decider: The decider.
        request: How to decide.
        out: Where a row a consignment goes, ranked: CSV, JSON Lines or Parquet.
        rejects: Where cells and rows that were not read go, as CSV.
        progress: Told how far it is.

    Raises:
        InputError: When the manifest cannot be read, or a consignment that is wanted is not in it.
        SourceError: When it is damaged.
    """
    began = time.monotonic()
    if out:
        check_suffix(out)
    run = CargoRun(name, cards_of(decider.book))
    with tempfile.TemporaryDirectory(prefix="openembargo-") as scratch, closing(CargoRows(Path(scratch))) as kept:
        found = (
            _table(name, decider, request, Path(scratch), run, progress)
            if is_table(name)
            else _paper(name, decider, request, run)
        )
        for part in found:
            kept.add(part.rows)
            kept.reject(part.rejects)
            run.add(part, request.top)
        _suspect(run, decider, request)
        run.rejected_rows = kept.rejected()
        run.top = [replace(one, rank=rank) for rank, one in enumerate(run.top, start=1)]
        lost = [number for number in request.wanted if all(one.number != number for one in run.wanted)]
        if lost:
            raise InputError([Mistake(name, f"has no consignment {one!r}", "a number of the manifest") for one in lost])
        progress("writing", run.consignments, run.consignments)
        if out:
            kept.write(out)
        if rejects and run.rejected_rows:
            kept.write_rejects(rejects)
    run.seconds = time.monotonic() - began
    return run


def _suspect(run: CargoRun, decider: Decider, request: CargoRequest) -> None:
    """Tell of each craft that carries prohibited cargo what becomes of it if that is reasonable grounds against it."""
    carrying = [craft for craft in run.crafts.values() if craft.prohibited]
    for craft in carrying[:MOST_SUSPECTED]:
        answer = decider.decide(under_suspicion(craft.question), replace(request.options, brief=True))
        craft.if_grounds = craft_decision(answer, run.cards)


def _paper(name: str, decider: Decider, request: CargoRequest, run: CargoRun) -> Iterator[Part]:
    paper = read_any(name)
    run.notes += paper.notes
    found = [
        Consignment(
            str(deal.top.get("id", number + 1)), (), deal, (), tuple(q for q in paper.questions if q.deal == number)
        )
        for number, deal in enumerate(paper.deals)
    ]
    crew = Crew(decider, request, None, notified=True)
    yield crew.decide(found, crew.listed(_names_of(one.deal for one in found), kinds_told=True))
    run.names = crew.screened


def _names_of(deals: Iterator[Deal]) -> dict[str, set[str]]:
    names: dict[str, set[str]] = {"party": set(), "vessel": set()}
    for deal in deals:
        for section, held in names.items():
            held |= {str(row[fact]) for row in deal.rows(section) for fact in ("name", "imo") if fact in row}
    return names


def _table(
    name: str, decider: Decider, request: CargoRequest, scratch: Path, run: CargoRun, progress: Progress
) -> Iterator[Part]:
    mapping = request.seen.mapping or mapping_of(name)
    reader = RowReader(open_table(name, mapping), mapping, open_gazetteer())
    reader.must_know_something()
    run.notes += [*reader.source.notes, *mapping_notes(reader, guessed=request.seen.mapping is None)]
    found = census(reader, lambda rows: progress("reading", rows, 0))
    run.rows = found.rows
    groups = rows_together(reader, found, scratch)
    told = {use.fact for use in mapping.columns} | {_fact_of(path) for path in mapping.constant}
    done = 0
    with closing(Crew(decider, request, reader, notified=NOTICE in told)) as crew:
        while chunk := list(islice(groups, CHUNK)):
            progress("screening names", done, found.groups)
            listed = crew.listed(_names_in(chunk, reader, mapping), kinds_told=KIND in told)
            progress("deciding", done, found.groups)
            for part in crew.decide_groups(chunk, listed):
                done += len(part.rows)
                progress("deciding", done, found.groups)
                yield part
        run.names = crew.screened


def _fact_of(path: str) -> str:
    parts = path.split(".")
    return f"{parts[0]}.{parts[-1]}"


def _names_in(groups: list[list[TableRow]], reader: RowReader, mapping: TableMapping) -> dict[str, set[str]]:
    """Return the names of parties and craft that rows bear."""
    names: dict[str, set[str]] = {"party": set(), "vessel": set()}
    for place, use in enumerate(reader.uses):
        section = NAMES.get(use.fact)
        if section:
            cells = {row.cells[place] for rows in groups for row in rows if not row.wrong}
            reads = (reader.value(place, cell) for cell in cells if cell is not None)
            names[section] |= {str(value) for value in reads if value is not None}
    for path, value in mapping.constant.items():
        section = NAMES.get(_fact_of(path))
        if section:
            names[section].add(str(value))
    return names
