"""A target's trade in codes of one edition of the Harmonized System, with the rows that each line came from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from openembargo.goods.carrying import carried
from openembargo.goods.nomenclature import SUBHEADING
from openembargo.storage.tariff_shelf import has_tariff, open_tariff
from openembargo.storage.trade_lines import LineAt
from openembargo.storage.trade_query import Sum
from openembargo.terms.errors import InputError, Mistake

Rows = tuple[tuple[str, tuple[int, ...]], ...]
Origins = Mapping[LineAt, tuple[LineAt, ...]]
"""Lines as the rows tell them, by the line that they went into."""


def in_one_edition(sums: Sequence[Sum], edition: int | None, caveats: list[str]) -> tuple[list[Sum], Origins]:
    """Return sums by line, carried to an edition where one is wanted; what was shared out or found no place is added to the caveats.

    Raises:
        InputError: When an edition is wanted and the tables of editions are not installed.
    """
    told = sorted({s.edition for s in sums if s.edition})
    if edition is None:
        if len(told) > 1:
            caveats.append(
                f"Codes are of the HS editions {', '.join(map(str, told))}, in which one code may mean other goods; `edition` in the study carries them to one."
            )
        return _joined([(s, _at(s)) for s in sums])
    if not has_tariff():
        raise InputError([Mistake("edition", "the tables of editions are not there", "install openembargo[goods]")])
    tables = open_tariff().concordance
    if any(s.edition is None for s in sums):
        caveats.append("Rows whose HS edition is not told keep their codes.")
    split = unplaced = Decimal()
    moved: list[tuple[Sum, LineAt]] = []
    for s in sums:
        if s.edition is None or s.edition == edition or s.edition not in tables.editions:
            moved.append((replace(s, hs=s.hs[:SUBHEADING] if s.edition == edition else s.hs), _at(s)))
            continue
        found = carried(tables, {s.hs: s.value_usd}, s.edition, edition)
        split, unplaced = split + found.split, unplaced + found.unplaced
        moved += [
            (Sum(s.counterpart, s.direction, hs, s.period, value, s.rows, edition), _at(s))
            for hs, value in sorted(found.values.items())
        ]
    old = [str(e) for e in told if e not in tables.editions]
    if old:
        caveats.append(f"Codes of the HS editions {', '.join(old)} are not carried: no tables of them are held.")
    if split:
        caveats.append(
            f"{split:,.0f} US dollars are shared out by equal weights among codes of the HS edition {edition}."
        )
    if unplaced:
        caveats.append(f"{unplaced:,.0f} US dollars have no code in the HS edition {edition} and keep theirs.")
    return _joined(moved)


def _at(one: Sum) -> LineAt:
    return one.counterpart, one.direction, one.hs, one.period


def _joined(moved: Sequence[tuple[Sum, LineAt]]) -> tuple[list[Sum], Origins]:
    values: dict[LineAt, Decimal] = {}
    rows: dict[LineAt, int] = {}
    origins: dict[LineAt, tuple[LineAt, ...]] = {}
    for one, came_from in moved:
        key = _at(one)
        values[key] = values.get(key, Decimal()) + one.value_usd
        rows[key] = rows.get(key, 0) + one.rows
        origins[key] = tuple(dict.fromkeys((*origins.get(key, ()), came_from)))
    return [Sum(*key, value, rows[key]) for key, value in sorted(values.items())], origins


def sources_of(rows: Mapping[LineAt, Rows], origins: Origins) -> Mapping[LineAt, Rows]:
    """Return the rows of the files by line, where lines were carried those of all lines that went into it."""
    return {key: tuple(one for line in lines for one in rows.get(line, ())) for key, lines in origins.items()}
