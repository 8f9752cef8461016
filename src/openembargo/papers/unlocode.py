"""UN/LOCODE as the UNECE publishes it: CSV parts without a header, one place a line, twelve columns.

Source: UNECE Recommendation 16, UN/LOCODE manual, part 2 (columns, functions, reference entries).
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from openembargo.terms.countries import country_codes
from openembargo.terms.errors import Mistake, SourceError

from .decoding import decoded
from .place_names import folded
from .places import Place

COLUMNS = (
    "change", "country", "location", "name", "name without marks", "subdivision", "function", "status", "date", "IATA",
    "coordinates", "remarks",
)  # fmt: skip
LOCATION = re.compile(r"^[A-Z2-9]{3}$")
FUNCTION = re.compile(r"^[0-7-]{1,7}[B-]?$")
CHANGES = frozenset("+#X|=!*¦") | {""}
KINDS = {"1": "port", "2": "rail", "3": "road", "4": "airport", "6": "depot", "7": "pipeline", "B": "border"}
REMOVED = "X"
MOST_WRONG = 0.01
"""Share of lines that may be wrong; beyond it the file is something else."""
TOLD = 20
_SUFFIX = re.compile(r"(?i)[ ,]+(?:pt|port|apt|int apt|intl apt|international apt|international airport)$")


@dataclass(frozen=True, slots=True)
class Published:
    """The places of some parts of UN/LOCODE.

    Attributes:
        places: With every spelling as an alias.
        wrong: Lines that were left out, each with its place and reason.
        notes: What was assumed: an encoding.
    """

    places: tuple[Place, ...]
    wrong: tuple[Mistake, ...]
    notes: tuple[str, ...]


def read_unlocode(parts: Iterable[tuple[str, bytes]], regions: frozenset[str]) -> Published:
    """Read the parts together.

    Args:
        parts: File name and content of each.
        regions: Today's ISO 3166-2 codes; a subdivision that is none of them is not kept, for it may have been divided since.

    Raises:
        SourceError: When a file is not UN/LOCODE: no text, other columns, or more than one line in a hundred wrong.
    """
    places: dict[str, Place] = {}
    also_called: list[tuple[str, str, str]] = []
    wrong: list[Mistake] = []
    notes: list[str] = []
    for source, content in parts:
        text, note = decoded(content, source)
        notes += [note] if note else []
        lines, faults = 0, []
        for number, row in _rows(text, source):
            lines += 1
            fault = _fault(row)
            if fault:
                faults.append(Mistake(f"{source}: line {number}", *fault))
            elif row[2]:
                place = _place(row, regions)
                places[place.code] = place
            elif " = " in row[3]:
                called, _, name = row[3].partition(" = ")
                also_called.append((row[1], called, name))
        if lines == 0 or len(faults) > max(1, lines * MOST_WRONG):
            raise SourceError(faults[:TOLD] or [Mistake(source, "holds no line", "the lines of a part of UN/LOCODE")])
        wrong += faults
    return Published(_with_names(places, also_called), tuple(wrong), tuple(notes))


def _rows(text: str, source: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            header = [cell.strip().lower() for cell in row[1:3]] == ["country", "location"]
            if any(cell.strip() for cell in row) and not header:
                yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise SourceError([Mistake(f"{source}: line {reader.line_num}", str(error), "a line of CSV")]) from None


def _fault(row: list[str]) -> tuple[str, str] | None:
    """Return what is wrong with a line and what is allowed."""
    if len(row) != len(COLUMNS):
        return f"{len(row)} columns", f"{len(COLUMNS)}: {', '.join(COLUMNS)}"
    change, country, location, name, _, _, function = row[:7]
    if change not in CHANGES:
        return f"change {change!r}", "nothing, or one of + # X | = !"
    if country not in country_codes() and country != "XZ":
        return f"country {country!r}", "a two-letter code of ISO 3166-1, or XZ for international waters"
    if not name:
        return "no name", "the name of a country, or of a place"
    if location and not LOCATION.match(location):
        return f"location {location!r}", "three letters or digits from 2 to 9"
    if location and function and not FUNCTION.match(function):
        return f"function {function!r}", "up to seven digits or hyphens, and B for a border crossing"
    return None


def _place(row: list[str], regions: frozenset[str]) -> Place:
    change, country, location, name, without_marks, subdivision, function = row[:7]
    region = f"{country}-{subdivision}" if f"{country}-{subdivision}" in regions else ""
    kinds = [kind for sign, kind in KINDS.items() if sign in function]
    aliases = tuple(dict.fromkeys(form for one in (name, without_marks) for form in _forms(one) if form != name))
    kind = " ".join([*kinds, *(["removed"] if change == REMOVED else [])])
    return Place(f"{country}{location}", name, aliases, kind, region)


def _forms(name: str) -> tuple[str, ...]:
    """Return a printed name and its parts: `Rajin (Najin)`, `Okpo/Geoje`, `Nagoya, Aichi`, `Dalian Pt`."""
    inside = re.findall(r"\((?:ex\.? )?([^)]*)\)", name)
    bare = re.sub(r"\s*\([^)]*\)", "", name).strip()
    first = re.split(r"[/,]", bare)[0].strip()
    forms = [name, bare, first, _SUFFIX.sub("", bare), _SUFFIX.sub("", first), *inside]
    return tuple(form for form in dict.fromkeys(forms) if form)


def _with_names(places: dict[str, Place], also_called: list[tuple[str, str, str]]) -> tuple[Place, ...]:
    """Return the places with the names of reference entries, such as `Leghorn = Livorno`."""
    by_name = {
        (place.country, folded(name)): place.code for place in places.values() for name in (place.name, *place.aliases)
    }
    for country, called, name in also_called:
        code = by_name.get((country, folded(name)))
        if code:
            places[code] = replace(places[code], aliases=(*places[code].aliases, called))
    return tuple(places.values())
