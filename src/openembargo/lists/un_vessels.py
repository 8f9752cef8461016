"""A Committee's list of designated vessels, as a table: imo, name, other_names, designated, measures.

A measure's column is named by its paragraphs: `p8d_1234` is paragraph 8 (d) of resolution 1234.
"""

import re

from stdnum import imo as imo_number

from openembargo.lists.checking import published
from openembargo.lists.entry import Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import day
from openembargo.lists.tables import rows_of, text_of
from openembargo.terms.errors import Mistake

LIST_ID = "un.vessels"
FIRST, LAST = ("imo", "name", "other_names", "designated"), ("mmsi",)
PARAGRAPH = re.compile(r"p(\d+)([a-z]?)_(\d+)")
RESOURCE = "omm_economic_resource"


def read(content: bytes) -> Publication:
    """Read the list.

    Raises:
        SourceError: Unknown columns, an IMO number whose check digit is wrong, a vessel twice.
    """
    entries, mistakes = [], []
    text = text_of(content, LIST_ID)
    measures = measures_of(text)
    for line, row in rows_of(text, LIST_ID, (*FIRST, *measures, *LAST)):
        if not imo_number.is_valid(row["imo"]):
            mistakes.append(
                Mistake(
                    f"{LIST_ID} line {line}",
                    f"IMO number {row['imo']!r}",
                    "seven figures of which the last is the check digit",
                )
            )
        names = [
            ListedName(row["name"]),
            *(ListedName(n.strip(), "good") for n in row["other_names"].replace("|", ";").split(";") if n.strip()),
        ]
        numbers = [Identifier("imo", row["imo"]), *([Identifier("mmsi", row["mmsi"])] if row["mmsi"] else [])]
        under = tuple(words for m, words in measures.items() if row[m].lower() in ("yes", "y", "true", "x"))
        entries.append(
            Entry(
                f"IMO{row['imo']}",
                "vessel",
                tuple(names),
                under,
                identifiers=tuple(numbers),
                listed_on=day(row["designated"]),
            )
        )
    return published(LIST_ID, None, entries, (), mistakes)


def measures_of(text: str) -> dict[str, str]:
    """Return the columns of measures in a table's header, with the paragraphs that each stands for."""
    header = [cell.strip() for cell in text.partition("\n")[0].split(",")]
    found = {}
    for column in header:
        parts = PARAGRAPH.findall(column)
        if column == RESOURCE:
            found[column] = "OMM economic resource"
        elif parts and PARAGRAPH.sub("", column).strip("_") == "":
            found[column] = "; ".join(
                f"{act}, {number}" + (f" ({part})" if part else "") for number, part, act in parts
            )
    return found
