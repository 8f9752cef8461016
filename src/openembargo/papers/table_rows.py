"""Rows of a table as consignments: one row a line of goods, rows with the same number one deal; each fact with its cell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from openembargo.terms.deal import Deal, Row, Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.origin import Origin

from .draft import shown
from .paper import Open
from .places import Gazetteer
from .table_cells import NOTHING, Read, read_cell
from .table_mapping import CURRENCY, ColumnUse, TableMapping
from .table_source import Cell, TableRow, TableSource

DOLLAR = "usd"
MONEY = ("goods.value_usd", "goods.unit_value_usd", "finance.amount_usd")
MOST_REMEMBERED = 200_000
MOST_NAMED = 8
KINDS_OF_CRAFT = {"air": "aircraft"}
SCALAR_SECTIONS = ("deal", "route", "finance", "undertaking", "facts")


@dataclass(frozen=True, slots=True)
class Reject:
    """A cell or row that was not read.

    Attributes:
        row: Number of the row.
        column: Heading of the column; empty when the whole row is wrong.
        found: What stands there.
        allowed: What would have been read.
        at: Where it stands, such as `Sheet1!D7`.
    """

    row: int
    column: str
    found: str
    allowed: str
    at: str

    @property
    def words(self) -> str:
        """Say it in one line."""
        return f"{self.at}: found {self.found!r}; allowed: {self.allowed}"


@dataclass(frozen=True, slots=True)
class Consignment:
    """One deal of a table.

    Attributes:
        number: Number of its bill, waybill or row.
        rows: Its rows, in the file's order.
        deal: The deal; its origins are empty unless they were asked for.
        rejects: Cells of its rows that were not read: their facts are unknown, so the deal is judged without them.
        questions: What its cells do not settle.
        notes: What was noticed.
    """

    number: str
    rows: tuple[int, ...]
    deal: Deal
    rejects: tuple[Reject, ...] = ()
    questions: tuple[Open, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Line:
    """One row, read."""

    row: TableRow
    key: str
    scalars: dict[str, Value] = field(default_factory=dict)
    goods: dict[str, Value] = field(default_factory=dict)
    vessel: dict[str, Value] = field(default_factory=dict)
    parties: dict[str, dict[str, Value]] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    asked: list[tuple[str, str, str, int, str, tuple[str, ...]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, source: TableSource, mapping: TableMapping, gazetteer: Gazetteer) -> None:
        """Take the table and how it is read.

        Raises:
            InputError: When the mapping names a column that the table does not have.
        """
        self.source = source
        self.mapping = mapping
        self.uses = mapping.in_order(source)
        self._gazetteer = gazetteer
        self._read = [(place, use) for place, use in enumerate(self.uses) if use.fact and use.fact != CURRENCY]
        self._currency = next((p for p, use in enumerate(self.uses) if use.fact == CURRENCY), None)
        self._id = next((p for p, use in enumerate(self.uses) if use.fact == "deal.id"), None)
        self._memory: dict[tuple[int, Cell], Read] = {}

    def must_know_something(self) -> None:
        """Refuse a table of which no column is read: its rows would be deals of which nothing is known.

        Raises:
            InputError: When neither headings nor cells, nor the mapping, tell what any column holds.
        """
        if self._read or self.mapping.constant:
            return
        names = ", ".join(repr(shown(use.name)) for use in self.uses[:MOST_NAMED]) + " …" * (
            len(self.uses) > MOST_NAMED
        )
        raise InputError(
            [
                Mistake(
                    self.source.source,
                    f"no column of it is known: {names or 'it has none'}",
                    "headings such as 'HS code', 'Shipper' or 'Port of loading', or a mapping that says what each column holds",
                )
            ]
        )

    def key_of(self, row: TableRow) -> str:
        """Return the number by which rows belong together; a row without one stands alone."""
        cell = row.cells[self._id] if self._id is not None and not row.wrong and self._id < len(row.cells) else None
        return f"row {row.number}" if cell is None or self.mapping.each_row else str(cell)

    def deals(self, rows: Sequence[TableRow], *, origins: bool = False) -> tuple[list[Consignment], list[Reject]]:
        """Return the deals of rows that bear the same number, and the rows that cannot be read at all.

        Rows that differ in the way, the day or another fact of the whole deal are judged apart, and it is said.
        """
        lines, lost = [], []
        for row in rows:
            if row.wrong:
                found = shown(" | ".join(str(cell) for cell in row.cells if cell is not None))
                lost.append(Reject(row.number, "", found, row.wrong, f"row {row.number}"))
            else:
                lines.append(self._line(row))
        groups: list[tuple[dict[str, Value], list[_Line]]] = []
        for line in lines:
            for scalars, held in groups:
                if all(scalars.get(path, value) == value for path, value in line.scalars.items()):
                    scalars.update(line.scalars)
                    held.append(line)
                    break
            else:
                groups.append((dict(line.scalars), [line]))
        return [self._deal(scalars, held, len(groups) > 1, origins=origins) for scalars, held in groups], lost

    def _line(self, row: TableRow) -> _Line:
        line = _Line(row, self.key_of(row))
        for place, use in self._read:
            cell = row.cells[place]
            if cell is None:
                if place in row.formulas:
                    self._reject(line, place, "a formula", "a value; the formula was never computed")
                continue
            read = self._cell(place, use, cell)
            if read is NOTHING:
                continue
            if read.wrong:
                self._reject(line, place, cell, read.wrong)
                continue
            if read.question:
                text = str(cell)
                line.asked.append((use.fact, use.role, read.question, place, text, read.answers))
            if read.value is not None:
                self._put(line, place, use, read)
        return line

    def value(self, place: int, cell: Cell) -> Value | None:
        """Return the value that a cell of a column gives; None when it gives none."""
        return self._cell(place, self.uses[place], cell).value

    def _cell(self, place: int, use: ColumnUse, cell: Cell) -> Read:
        key = (place, cell)
        read = self._memory.get(key)
        if read is None:
            if len(self._memory) > MOST_REMEMBERED:
                self._memory.clear()
            read = self._memory[key] = read_cell(use, cell, self._gazetteer)
        return read

    def _reject(self, line: _Line, place: int, cell: Cell, allowed: str) -> None:
        at = self.source.at(line.row.number, place)
        line.rejects.append(Reject(line.row.number, self.uses[place].name, shown(str(cell)), allowed, at))

    def _put(self, line: _Line, place: int, use: ColumnUse, read: Read) -> None:
        section, _, name = use.fact.partition(".")
        if use.fact in MONEY and not self._in_dollars(line, place, use, read):
            return
        assert read.value is not None
        how = read.how
        if place in line.row.formulas:
            how = f"{how}; value of a formula" if how else "value of a formula"
        if section == "goods":
            line.goods[name] = read.value
            if use.fact == "goods.quantity" and (read.unit or use.unit):
                line.goods["unit"] = read.unit or use.unit
                line.places["goods.unit", ""] = (place, "unit of the column")
        elif section == "vessel":
            line.vessel[name] = read.value
        elif section == "party":
            line.parties.setdefault(use.role, {})[name] = read.value
        else:
            line.scalars[use.fact] = read.value
        line.places[use.fact, use.role] = (place, how)

    def _in_dollars(self, line: _Line, place: int, use: ColumnUse, read: Read) -> bool:
        told = line.row.cells[self._currency] if self._currency is not None else None
        currency = read.unit or (str(told).strip().lower() if told else "") or use.currency
        if currency in (DOLLAR, "us$"):
            return True
        at = self.source.at(line.row.number, place)
        line.notes.append(f"{at}: an amount in {currency.upper() or 'an unnamed currency'} is left: no rate is held")
        return False

    def _deal(
        self, scalars: Mapping[str, Value], lines: Sequence[_Line], parted: bool, *, origins: bool
    ) -> Consignment:
        parts: dict[str, dict[str, Value]] = {section: {} for section in SCALAR_SECTIONS}
        for path, value in scalars.items():
            section, _, name = path.partition(".")
            parts[section][name] = value
        goods = [line.goods for line in lines if line.goods]
        party = _distinct({"role": role, **row} for line in lines for role, row in line.parties.items())
        vessel = _distinct(line.vessel for line in lines if line.vessel)
        self._constants(parts, goods, party, vessel)
        craft = KINDS_OF_CRAFT.get(str(parts["route"].get("mode", "")))
        if craft:
            vessel = [{"craft": craft, **row} for row in vessel]
        number = str(scalars.get("deal.id", lines[0].key))
        parts["deal"].setdefault("id", number)
        deal = Deal(
            top=parts["deal"], goods=tuple(goods), party=tuple(party), vessel=tuple(vessel), route=parts["route"],
            finance=parts["finance"], undertaking=parts["undertaking"], facts=parts["facts"],
            origins=self._origins(lines, party, vessel) if origins else {},
        )  # fmt: skip
        notes = [note for line in lines for note in line.notes]
        if parted:
            notes.append(f"{number}: rows with this number differ in facts of the whole deal and are judged apart")
        return Consignment(
            number, tuple(line.row.number for line in lines), deal,
            tuple(one for line in lines for one in line.rejects), self._questions(lines, party, vessel), tuple(notes),
        )  # fmt: skip

    def _constants(
        self,
        parts: dict[str, dict[str, Value]],
        goods: list[dict[str, Value]],
        party: list[dict[str, Value]],
        vessel: list[dict[str, Value]],
    ) -> None:
        for path, value in self.mapping.constant.items():
            section, _, name = path.partition(".")
            if section in parts:
                parts[section].setdefault(name, value)
            elif section == "party":
                role, _, fact = name.partition(".")
                rows = [row for row in party if row["role"] == role]
                if not rows:
                    rows = [{"role": role}]
                    party += rows
                for row in rows:
                    row.setdefault(fact, value)
            else:
                table = goods if section == "goods" else vessel
                if not table:
                    table.append({})
                for row in table:
                    row.setdefault(name, value)

    def _origins(self, lines: Sequence[_Line], party: Sequence[Row], vessel: Sequence[Row]) -> dict[str, Origin]:
        found: dict[str, Origin] = {}
        index = -1
        for line in lines:
            index += bool(line.goods)
            for (fact, role), (place, how) in line.places.items():
                path = _path(fact, role, line, index, party, vessel)
                if path not in found:
                    text = shown(str(line.row.cells[place]))
                    found[path] = Origin(self.source.at(line.row.number, place), text, how)
        for path, value in self.mapping.constant.items():
            found.setdefault(path.removeprefix("deal."), Origin("the mapping", str(value), "the same for every row"))
        return found

    def _questions(self, lines: Sequence[_Line], party: Sequence[Row], vessel: Sequence[Row]) -> tuple[Open, ...]:
        found: dict[tuple[str, str], Open] = {}
        index = -1
        for line in lines:
            index += bool(line.goods)
            for fact, role, question, place, text, answers in line.asked:
                path = _path(fact, role, line, index, party, vessel)
                at = self.source.at(line.row.number, place)
                found.setdefault((path, question), Open(0, path, question, at, shown(text), answers))
        return tuple(found.values())


def _path(fact: str, role: str, line: _Line, index: int, party: Sequence[Row], vessel: Sequence[Row]) -> str:
    section, _, name = fact.partition(".")
    if section == "deal":
        return name
    if section == "goods":
        return f"goods[{max(index, 0)}].{name}"
    if section == "vessel":
        return f"vessel[{_place_of(line.vessel, vessel)}].{name}"
    if section == "party":
        return f"party[{_place_of({'role': role, **line.parties.get(role, {})}, party)}].{name}"
    return fact


def _place_of(row: Row, rows: Sequence[Row]) -> int:
    return next((i for i, held in enumerate(rows) if row.items() <= held.items()), 0)


def _distinct(rows: Iterable[dict[str, Value]]) -> list[dict[str, Value]]:
    """Return the rows that differ; one that says less of the same is taken into the one that says more."""
    found: list[dict[str, Value]] = []
    for row in rows:
        for place, held in enumerate(found):
            if row.items() <= held.items():
                break
            if held.items() <= row.items():
                found[place] = dict(row)
                break
        else:
            found.append(dict(row))
    return found


def groups_of(rows: Iterable[TableRow], reader: RowReader) -> Iterator[list[TableRow]]:
    """Yield rows that bear the same number and follow each other."""
    held: list[TableRow] = []
    key = ""
    for row in rows:
        own = reader.key_of(row)
        if held and own != key:
            yield held
            held = []
        key = own
        held.append(row)
    if held:
        yield held
