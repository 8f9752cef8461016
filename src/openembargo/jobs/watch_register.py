"""Keep a register: the user's own deals, customers, vessels and goods, from files, from the record, or one by one."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from openembargo.decisions.columns import KEPT, Column, read_cell, read_columns
from openembargo.decisions.columns import deal_of as deal_of_cells
from openembargo.screening.anatomy import take_apart
from openembargo.screening.measured import Measured
from openembargo.screening.name_table import strengths
from openembargo.storage import decision_records, log_book, register_rows
from openembargo.storage.deal_files import parse_table
from openembargo.storage.deal_lines import LINES, is_whole_deals, read_deal_lines
from openembargo.storage.register_files import read_table
from openembargo.storage.register_rows import RegisterRow
from openembargo.storage.register_shelf import Segment, SegmentBuilder, folder_of, open_segment
from openembargo.storage.scratch_tables import suffix_of
from openembargo.storage.settings import now
from openembargo.storage.shelf import program_digest
from openembargo.storage.store import Store
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.read_deal import read_deal
from openembargo.terms.vocabulary import facts_of

from . import watch_marks
from .review_decisions import deal_of as deal_of_record
from .watch_answers import deal_of, said

KINDS = ("deal", "customer", "vessel", "goods")
SECTION_OF = {"customer": "party", "vessel": "vessel", "goods": "goods"}
WATCHED = "watch"
MOST_MISTAKES = 20
LONGEST_REFERENCE = 200
Found = Iterator[tuple[str, Deal]]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading rows: how many are new, and how many of those held before they replaced."""

    rows: int
    replaced: int
    first: int


def rows_of_file(source: Path, kind: str) -> Found:
    """Yield reference and deal of each row of a file.

    Args:
        source: CSV or Parquet, one row a deal, customer, vessel or good; or JSON Lines, one whole deal a line.
        kind: One of `KINDS`. A customer's columns are the facts of a party, a vessel's and a good's those of their sections.

    Raises:
        InputError: With every cell that is wrong, at most twenty.
    """
    if suffix_of(source) in LINES:
        yield from _lines(source)
        return
    names, rows = read_table(source)
    columns = _columns(names, kind, str(source))
    wrong: list[Mistake] = []
    for number, cells in rows:
        try:
            deal = _deal(columns, cells, kind)
            if not wrong:
                yield cells.get("id", "").strip(), deal
        except InputError as error:
            wrong += [Mistake(f"{source} row {number}: {m.where}", m.found, m.allowed) for m in error.mistakes]
            if len(wrong) >= MOST_MISTAKES:
                break
    if wrong:
        raise InputError(wrong)


def _lines(source: Path) -> Found:
    if not is_whole_deals(source):
        raise InputError([Mistake(str(source), "holds no whole deals", "one deal a line, or a CSV or Parquet file")])
    for number, text in read_deal_lines(source):
        deal = read_deal(parse_table(text, f"{source} line {number}"), f"{source} line {number}")
        yield str(deal.top.get("id") or ""), deal


def _columns(names: Iterable[str], kind: str, source: str) -> tuple[Column, ...]:
    section = SECTION_OF.get(kind)
    if section is None:
        return read_columns(names, source)
    known = {name: fact for name, fact in facts_of(section).items() if not fact.derived}
    wrong = [name for name in names if name not in known and name != "id" and not name.startswith(KEPT)]
    if wrong:
        allowed = f"id, a fact of {section} ({', '.join(sorted(known))}), or a name that begins with {KEPT}"
        raise InputError([Mistake(f"{source}: column {name!r}", "is no fact", allowed) for name in wrong])
    return tuple(Column(name, known[name]) for name in names if name in known)


def _deal(columns: Iterable[Column], cells: dict[str, str], kind: str) -> Deal:
    section = SECTION_OF.get(kind)
    if section is None:
        return deal_of_cells(columns, cells)
    row = {c.fact.name: read_cell(c, cells[c.name]) for c in columns if c.name in cells}
    top = {"id": cells["id"].strip()} if cells.get("id", "").strip() else {}
    return Deal(top=top, **{section: (row,)})  # type: ignore[arg-type]


def rows_of_record(store: Store, first: date | None = None, last: date | None = None) -> Found:
    """Yield reference and deal of each decision on the record: one a reference, the latest; decisions without one all.

    Args:
        store: The store.
        first: First day on which the decisions were taken; None for the first of all.
        last: Last day; None for the last of all.
    """
    after = 0
    while True:
        with store.read() as connection:
            page = decision_records.page(connection, after)
        if not page:
            return
        for one in page:
            taken = date.fromisoformat(one.at[:10])
            if (first is None or taken >= first) and (last is None or taken <= last):
                yield one.reference, replace(deal_of_record(one), origins={})
        after = page[-1].seq


def load(  # noqa: PLR0913 - what a load is made of
    store: Store,
    found: Found,
    kind: str,
    source: str,
    actor: str,
    day: date,
    *,
    standing: bool = False,
    overlays: tuple[Path, ...] = (),
    progress: Progress = lambda _: None,
) -> Loaded:
    """Put rows into the register, all of them or none; a row replaces an earlier one of the same kind and reference.

    Args:
        store: The store.
        found: References and deals.
        kind: One of `KINDS`.
        source: Where they come from, for the log.
        actor: Who loads them.
        day: The day; the register is watched from it on if it was not yet.
        standing: Leave out the deals' own days, so that each is judged as of the day of each run.
        overlays: Folders with regimes of the user's own.
        progress: Told how many rows are read.

    Raises:
        InputError: A row is wrong; nothing is kept then.
    """
    if kind not in KINDS:
        raise InputError([Mistake("kind", repr(kind), f"one of {', '.join(KINDS)}")])
    with store.read() as connection:
        fresh = register_rows.mark(connection) is None
    beginning = watch_marks.moment_of_now(store, day, overlays) if fresh else None
    at = now()
    with store.write() as connection:
        log_book.lock(connection)  # numbers are given to one at a time
        first = register_rows.next_number(connection)
        counted = [0]

        def rows() -> Iterator[RegisterRow]:
            for reference, deal in found:
                counted[0] += 1
                if counted[0] % 1000 == 0:
                    progress(counted[0])
                yield _row(first + counted[0] - 1, kind, reference, _standing(deal) if standing else deal)

        register_rows.add_rows(connection, rows(), at)
        if not counted[0]:
            raise InputError([Mistake(source, "holds no row", "at least one")])
        last = first + counted[0] - 1
        replaced = register_rows.end_replaced(connection, first, at)
        register_rows.add_segment(connection, first, last, at, source)
        body = {"rows": counted[0], "replaced": replaced, "kind": kind, "source": source}
        log_book.append(connection, WATCHED, actor, at, body)
        if beginning is not None:
            register_rows.put_mark(connection, watch_marks.put(connection, beginning, overlays), at)
    segments(store)
    return Loaded(counted[0], replaced, first)


def _standing(deal: Deal) -> Deal:
    return replace(deal, top={name: value for name, value in deal.top.items() if name not in ("on", "known_on")})


def _row(number: int, kind: str, reference: str, deal: Deal) -> RegisterRow:
    if len(reference) > LONGEST_REFERENCE:
        raise InputError(
            [Mistake("id", f"{reference[:40]!r}… has {len(reference)} signs", f"at most {LONGEST_REFERENCE}")]
        )
    return RegisterRow(number, kind, reference, json.dumps(deal.plain(), ensure_ascii=False))


def take_out(store: Store, kind: str, reference: str, actor: str) -> int:
    """Take a reference out of the register; return how many rows ended.

    Raises:
        InputError: There is none.
    """
    at = now()
    with store.write() as connection:
        ended = register_rows.end(connection, kind, reference, at)
        if not ended:
            raise InputError([Mistake(f"{kind} {reference!r}", "is not in the register", "a reference as loaded")])
        log_book.append(connection, WATCHED, actor, at, {"taken_out": reference, "kind": kind})
    return ended


def segments(store: Store, progress: Progress = lambda _: None) -> tuple[tuple[int, Segment], ...]:
    """Return the indexes of the register with the number of the first row of each; those that are missing are built."""
    with store.read() as connection:
        mark = register_rows.mark(connection)
        held = register_rows.segments(connection)
        log = log_book.log_id(connection)
    if mark is None:
        return ()
    return tuple((first, _segment(store, log, str(mark["still"]), (first, last), progress)) for first, last in held)


def _segment(store: Store, log: str, still: str, ends: tuple[int, int], progress: Progress) -> Segment:
    folder = folder_of(f"{log}-{still[:12]}-{program_digest()[-12:]}", *ends)
    found = open_segment(folder)
    if found is None:
        builder = SegmentBuilder()
        with store.read() as connection:
            figures = watch_marks.figures(connection, still)
            for row in register_rows.rows_between(connection, *ends, also_ended=True):
                builder.add(said(deal_of(row)))
                if row.number % 1000 == 0:
                    progress(row.number)
        builder.write(folder, (_shares(name, kind, figures) for name, kind in builder.names))
        found = open_segment(folder)
        assert found is not None
    return found


def _shares(name: str, kind: str, figures: Measured) -> dict[str, float]:
    found, length = strengths(take_apart.__wrapped__(name, kind), figures)
    return {key: strength / length for key, strength in found.items()}


def numbers(first: int, places: Iterable[int]) -> list[int]:
    """Return the numbers of the rows at some places of a segment."""
    return [first + int(place) for place in places]
