"""The 1718 Committee's list of designated vessels, as a table: imo, name, other_names, designated, measures."""

from stdnum import imo as imo_number

from openembargo.lists.checking import published
from openembargo.lists.entry import Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import day
from openembargo.lists.tables import rows_of, text_of
from openembargo.terms.errors import Mistake

LIST_ID = "un.1718.vessels"
MEASURES = ("p8d_1718_p12_2270", "p12a_2321", "p12d_2321", "p6_2371_p6_2375", "omm_economic_resource")
COLUMNS = ("imo", "name", "other_names", "designated", *MEASURES, "mmsi")
MEASURE_WORDS = {
    "p8d_1718_p12_2270": "1718, 8 (d); 2270, 12",
    "p12a_2321": "2321, 12 (a)",
    "p12d_2321": "2321, 12 (d)",
    "p6_2371_p6_2375": "2371, 6; 2375, 6",
    "omm_economic_resource": "OMM economic resource",
}


def read(content: bytes) -> Publication:
    """Read the list.

    Raises:
        SourceError: Unknown columns, an IMO number whose check digit is wrong, a vessel twice.
    """
    entries, mistakes = [], []
    for line, row in rows_of(text_of(content, LIST_ID), LIST_ID, COLUMNS):
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
        under = tuple(MEASURE_WORDS[m] for m in MEASURES if row[m].lower() in ("yes", "y", "true", "x"))
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
