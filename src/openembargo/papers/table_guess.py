"""What the columns of a table are likely to hold: told by their headings first, by their cells where the heading tells nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from stdnum import imo

from openembargo.terms.countries import country_codes
from openembargo.terms.fact import FactType
from openembargo.terms.vocabulary import FACTS

from .places import Gazetteer
from .table_cells import NUMBER, day_of, decimal_sign
from .table_headings import Named, named
from .table_mapping import CURRENCY, ColumnUse, TableMapping
from .table_source import Cell, TableSource, letters

SAMPLE = 300
MOST = 0.8
DOTTED_CODE = re.compile(r"^\d{4}\.\d{2}(?:\.?\d{2}){0,2}$")
PLAIN_CODE = re.compile(r"^(?:0[1-9]|[1-8]\d|9[0-7])\d{4}(?:\d{2}){0,2}$")
PLACE_CODE = re.compile(r"^[A-Z]{2}[A-Z2-9]{3}$")
MEASURES = ("quantity", "net", "gross")
"""Ways to say how much, the best first."""


@dataclass(frozen=True, slots=True)
class _Column:
    """One column with its sample."""

    name: str
    named: Named | None
    cells: tuple[Cell, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(cell for cell in self.cells if isinstance(cell, str))


def guess(source: TableSource, gazetteer: Gazetteer) -> TableMapping:
    """Return the likeliest mapping of a table, each column with why it was taken so."""
    rows = [row for row in islice(source.rows(), SAMPLE) if not row.wrong]
    columns = [
        _Column(name or letters(place), named(name), tuple(c for row in rows if (c := row.cells[place]) is not None))
        for place, name in enumerate(source.headings)
    ]
    uses = [_by_heading(column) for column in columns]
    uses = _money(_amounts(uses, columns), columns)
    uses = _by_cells(uses, columns, gazetteer)
    return TableMapping(tuple(_how_written(use, column) for use, column in zip(_once(uses), columns, strict=True)))


def _by_heading(column: _Column) -> ColumnUse:
    found = column.named
    if found is None:
        return ColumnUse(column.name)
    concept = found.concept
    if "." not in concept.fact and concept.fact != CURRENCY:
        return ColumnUse(column.name, why=concept.why)
    unit = found.unit if concept.fact == "goods.quantity" else ""
    return ColumnUse(column.name, concept.fact, concept.role, unit, found.currency, why="by its heading")


def _amounts(uses: list[ColumnUse], columns: Sequence[_Column]) -> list[ColumnUse]:
    """Keep one of the columns that say how much: the one whose unit is known, the quantity before the weights."""
    has_units = any(use.fact == "goods.unit" for use in uses)
    known: list[tuple[int, int]] = []
    for place, (use, column) in enumerate(zip(uses, columns, strict=True)):
        if use.fact != "goods.quantity" or column.named is None:
            continue
        measure = column.named.concept.measure
        own = bool(use.unit) or (measure == "quantity" and has_units) or _tells_unit(column)
        known.append(
            (0 if own else len(MEASURES), place) if not measure else (MEASURES.index(measure) + 3 * (not own), place)
        )
    if not known:
        return uses
    kept = min(known)[1]
    told = []
    for place, use in enumerate(uses):
        if use.fact == "goods.quantity" and place != kept:
            told.append(ColumnUse(use.name, why=f"how much is read from {uses[kept].name!r}"))
        elif use.fact == "goods.unit" and (uses[kept].unit or uses[kept].why == ""):
            told.append(ColumnUse(use.name, why=f"the unit is that of {uses[kept].name!r}"))
        else:
            told.append(use)
    return told


def _tells_unit(column: _Column) -> bool:
    found = [NUMBER.match(text) for text in column.texts]
    return bool(found) and all(one and one.group("after") for one in found)


def _money(uses: list[ColumnUse], columns: Sequence[_Column]) -> list[ColumnUse]:
    """Leave values of which no currency is told."""
    has_currency = any(use.fact == CURRENCY for use in uses)
    told = []
    for use, column in zip(uses, columns, strict=True):
        money = use.fact in ("goods.value_usd", "goods.unit_value_usd")
        if money and not use.currency and not has_currency and not _tells_unit(column):
            told.append(ColumnUse(use.name, why='no currency is told; if it is the US dollar, write currency = "usd"'))
        else:
            told.append(use)
    return told


def _by_cells(uses: list[ColumnUse], columns: Sequence[_Column], gazetteer: Gazetteer) -> list[ColumnUse]:
    """Guess columns without a known heading by their cells; what could be several facts is said, not guessed."""
    taken = {use.fact for use in uses}
    told = []
    for use, column in zip(uses, columns, strict=True):
        if use.fact or use.why or not column.cells:
            told.append(use)
            continue
        fact, why = _looks_like(column, gazetteer)
        if fact and fact not in taken:
            taken.add(fact)
            told.append(replace(use, fact=fact, why=why))
        else:
            told.append(replace(use, why=why or "neither heading nor cells tell what it holds"))
    return told


def _looks_like(column: _Column, gazetteer: Gazetteer) -> tuple[str, str]:
    texts = [str(cell).strip() for cell in column.cells]

    def most(fits: Sequence[bool]) -> bool:
        return len(fits) > 0 and sum(fits) / len(fits) >= MOST

    if most([bool(DOTTED_CODE.match(text)) for text in texts]):
        return "goods.hs", "its cells look like tariff codes"
    if most([imo.is_valid(text.upper()) for text in texts]):
        return "vessel.imo", "its cells are numbers with the check digit of IMO numbers"
    if len({len(text) for text in texts}) == 1 and most([bool(PLAIN_CODE.match(text)) for text in texts]):
        return "", 'its cells could be tariff codes; if so, write fact = "goods.hs"'
    if most([isinstance(cell, date) or (isinstance(cell, str) and _is_day(cell)) for cell in column.cells]):
        return "deal.on", "its cells are days"
    if most([_is_place_code(text) for text in texts]):
        return (
            "",
            'its cells look like UN/LOCODEs; write fact = "route.from", "route.loaded_at", "route.via" or "route.to"',
        )
    if most([bool(gazetteer.country(text)) for text in texts]):
        return (
            "",
            'its cells are countries; write fact = "goods.origin", "route.from", "route.to" or a party\'s "party.located_in"',
        )
    return "", ""


def _is_day(text: str) -> bool:
    return day_of(text, "dmy") is not None or day_of(text, "mdy") is not None


def _is_place_code(text: str) -> bool:
    return bool(PLACE_CODE.match(text)) and text[:2] in country_codes()


def _once(uses: Sequence[ColumnUse]) -> list[ColumnUse]:
    """Leave a second column for the same fact."""
    held: dict[tuple[str, str], str] = {}
    told = []
    for use in uses:
        key = (use.fact, use.role)
        if use.fact and key in held and use.fact not in ("route.via",):
            told.append(ColumnUse(use.name, why=f"{use.fact} is read from {held[key]!r}"))
            continue
        if use.fact:
            held[key] = use.name
        told.append(use)
    return told


def _how_written(use: ColumnUse, column: _Column) -> ColumnUse:
    """Add how days and numbers are written, as far as the cells tell, and whether places are codes."""
    if use.fact not in FACTS:
        return use
    kind = FACTS[use.fact].type
    if kind is FactType.DATE:
        return replace(use, order=_order(column.texts))
    if kind is FactType.DECIMAL:
        return replace(use, decimal=decimal_sign(column.texts))
    if kind in (FactType.PLACE, FactType.PLACES):
        codes = [_is_place_code(text.strip()) for text in column.texts]
        return replace(use, codes=bool(codes) and sum(codes) / len(codes) >= MOST)
    return use


def _order(texts: Sequence[str]) -> str:
    """Return the one order of day and month in which every cell is a day; empty when the cells do not tell."""
    fits = [order for order in ("dmy", "mdy") if texts and all(day_of(text, order) for text in texts)]
    return fits[0] if len(fits) == 1 else ""
