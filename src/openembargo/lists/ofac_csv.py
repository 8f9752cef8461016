"""OFAC's SDN and non-SDN lists as the CSV triple SDN.CSV, ALT.CSV, ADD.CSV, with the comments file that continues remarks."""

import csv
import io
from collections.abc import Mapping, Sequence

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, Entry, Identifier, ListedName, Publication
from openembargo.lists.ofac_remarks import read_remarks
from openembargo.lists.printed import country_code
from openembargo.lists.tables import text_of
from openembargo.terms.errors import Mistake, SourceError

EMPTY = "-0-"
TITLE, CALL_SIGN, FLAG, REMARKS = 4, 5, 9, 11
"""Columns of SDN.CSV. Between them stand type, tonnage and gross tonnage of a vessel, after them its owner."""
KINDS = {"individual": "person", "vessel": "vessel", "aircraft": "aircraft", "": "entity", "entity": "entity"}
WIDTHS = {"SDN": 12, "ALT": 5, "ADD": 6, "SDN_COMMENTS": 2}
MOST_DANGLING = 0.02
"""Files of one day fetched minutes apart may differ by a few records; beyond this share they do not belong together."""


def read(
    sdn: bytes,
    alt: bytes | None = None,
    add: bytes | None = None,
    comments: bytes | None = None,
    list_id: str = "us.ofac.sdn",
) -> Publication:
    """Read the files of one day.

    Raises:
        SourceError: A row of another width, an unknown type, or aliases and addresses of records that are not there.
    """
    mistakes: list[Mistake] = []
    continued = {row[0]: row[1] for row in _rows(comments, "SDN_COMMENTS", mistakes)}
    aliases: dict[str, list[Sequence[str]]] = {}
    addresses: dict[str, list[Sequence[str]]] = {}
    for row in _rows(alt, "ALT", mistakes):
        aliases.setdefault(row[0], []).append(row)
    for row in _rows(add, "ADD", mistakes):
        addresses.setdefault(row[0], []).append(row)
    main, faults = _once(_rows(sdn, "SDN", mistakes))
    entries = []
    for row in main:
        if row[2].lower() not in KINDS:
            mistakes.append(
                Mistake(f"SDN record {row[0]}", f"SDN_Type {row[2]!r}", "individual, vessel, aircraft or -0-")
            )
            continue
        entries.append(_entry(row, aliases.get(row[0], ()), addresses.get(row[0], ()), continued))
    held = {row[0] for row in main}
    faults += [*_dangling("ALT", aliases, held, mistakes), *_dangling("ADD", addresses, held, mistakes)]
    return published(list_id, None, entries, faults, mistakes)


def _rows(content: bytes | None, what: str, mistakes: list[Mistake]) -> list[list[str]]:
    if content is None:
        return []
    found: list[list[str]] = []
    text = text_of(content, what).replace("\x1a", "")
    reader = csv.reader(io.StringIO(text))
    for row in reader:
        cells = ["" if (c := cell.strip()) == EMPTY else c for cell in row]
        if cells and cells[-1]:
            cells[-1] = row[
                -1
            ]  # remarks are cut anywhere and go on in the comments: a space at the cut is part of them
        if not any(cells) or (not found and not cells[0].isdigit()):
            if any(cells) and len(cells) not in (WIDTHS[what], 1):
                raise SourceError(
                    [
                        Mistake(
                            f"{what} line {reader.line_num}",
                            f"{len(cells)} columns beginning {cells[:3]}",
                            f"{WIDTHS[what]} columns, the first a number; is this the right file?",
                        )
                    ]
                )
            continue
        if len(cells) != WIDTHS[what] or not cells[0].isdigit():
            mistakes.append(
                Mistake(
                    f"{what} line {reader.line_num}",
                    f"{len(cells)} columns beginning {cells[0]!r}",
                    f"{WIDTHS[what]} columns, the first a number",
                )
            )
            continue
        found.append(cells)
    return found


def _once(rows: list[list[str]]) -> tuple[list[list[str]], list[str]]:
    """Return rows with exact repetitions left out, and a sentence for each."""
    held: dict[tuple[str, ...], list[str]] = {}
    faults = []
    for row in rows:
        if tuple(row) in held:
            faults.append(f"SDN record {row[0]}: the same row twice, read once")
        held.setdefault(tuple(row), row)
    return list(held.values()), faults


def _dangling(
    what: str, rows: Mapping[str, Sequence[Sequence[str]]], held: set[str], mistakes: list[Mistake]
) -> list[str]:
    missing = sorted(set(rows) - held, key=int)
    if len(missing) > max(3, MOST_DANGLING * len(rows)):
        mistakes.append(
            Mistake(
                what,
                f"{len(missing)} of {len(rows)} records have no row in SDN ({', '.join(missing[:5])}...)",
                "files of the same day",
            )
        )
        return []
    return [f"{what} record {ref}: no such record in SDN" for ref in missing]


def _entry(
    row: Sequence[str],
    aliases: Sequence[Sequence[str]],
    addresses: Sequence[Sequence[str]],
    continued: Mapping[str, str],
) -> Entry:
    remarks = (row[REMARKS] + continued.get(row[0], "")).strip()
    held = read_remarks(remarks)
    names = [
        ListedName(row[1]),
        *(ListedName(a[3], "low" if "weak" in a[4].lower() else "good") for a in aliases if a[3]),
    ]
    names += [ListedName(text, "low") for text in held.weak]
    nationalities = [*held.nationalities, *([row[FLAG]] if row[FLAG] else [])]
    places = tuple(Address(", ".join(t for t in a[2:5] if t), country_code(a[4])) for a in addresses if any(a[2:5]))
    codes = [country_code(n) for n in nationalities] or [p.country for p in places]
    numbers = [*held.numbers, *([Identifier("call_sign", row[CALL_SIGN])] if row[CALL_SIGN] else [])]
    return Entry(
        id=row[0], kind=KINDS[row[2].lower()], names=_distinct(names), programmes=tuple(p.strip(" []") for p in row[3].replace("] [", ";").split(";") if p.strip(" []")),
        births=tuple(dict.fromkeys(held.births)), birth_places=tuple(held.places), countries=tuple(dict.fromkeys(c for c in codes if c)), nationalities=tuple(nationalities),
        gender=held.gender, titles=(row[TITLE],) if row[TITLE] else (), identifiers=tuple(dict.fromkeys(numbers)), addresses=places, remarks=remarks,
    )  # fmt: skip


def _distinct(names: Sequence[ListedName]) -> tuple[ListedName, ...]:
    held: dict[str, ListedName] = {}
    for name in names:
        held.setdefault(name.text, name)
    return tuple(held.values())
