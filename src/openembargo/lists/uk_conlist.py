"""The UK's older consolidated list of financial sanctions targets (OFSI ConList), CSV.

The first line says when it was last updated; a row is a name, and the rows of one party share a Group ID.
"""

import re
from collections.abc import Mapping

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, BirthDate, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day
from openembargo.lists.tables import rows_of, text_of
from openembargo.terms.errors import Mistake, SourceError

LIST_ID = "uk.ofsi.conlist"
NAME_COLUMNS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
ADDRESS_COLUMNS = (
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Address 5",
    "Address 6",
    "Post/Zip Code",
    "Country",
)
REQUIRED = (
    *NAME_COLUMNS,
    "Title",
    "DOB",
    "Nationality",
    "Group Type",
    "Alias Type",
    "Regime",
    "Listed On",
    "Last Updated",
    "Group ID",
    "Other Information",
    "Country",
)
COLUMNS = (
    *REQUIRED, *ADDRESS_COLUMNS, "Town of Birth", "Country of Birth", "Passport Details", "NI Number", "Position", "Passport Number", "National Identification Number", "National Identification Details",
    "Name Non-Latin Script", "Non-Latin Script Type", "Non-Latin Script Language", "Alias Quality", "UK Sanctions List Date Designated", "UK Sanctions List Ref", "UN Ref",
)  # fmt: skip
KINDS = {"individual": "person", "entity": "entity", "ship": "vessel"}
UN_REF = re.compile(r"UN Ref(?:erence)?[:.\s]*(?:No\.?\s*)?([A-Z]{1,3}[ie]?\.[\w.]*\d)")
_NUMBERED = re.compile(r"\(\d+\)|\b\d{1,2}\)")


def read(content: bytes) -> Publication:
    """Read the list.

    Raises:
        SourceError: Not this list, unknown columns, a row without group, an unknown group type.
    """
    text = text_of(content, LIST_ID)
    first, _, rest = text.partition("\n")
    if not first.lower().startswith("last updated"):
        raise SourceError(
            [Mistake(f"{LIST_ID} line 1", f"{first[:60]!r}", "the words 'Last Updated' and a day, then the head")]
        )
    updated = day(first.split(",")[1]) if "," in first else None
    groups: dict[str, list[Mapping[str, str]]] = {}
    mistakes = []
    for line, row in rows_of(rest, LIST_ID, COLUMNS, required=REQUIRED):
        if row["Group Type"].lower() not in KINDS:
            mistakes.append(
                Mistake(f"{LIST_ID} line {line + 1}", f"Group Type {row['Group Type']!r}", "Individual, Entity or Ship")
            )
            continue
        groups.setdefault(row["Group ID"], []).append(row)
    return published(LIST_ID, updated, [_entry(ref, rows) for ref, rows in groups.items()], (), mistakes)


def _entry(ref: str, rows: list[Mapping[str, str]]) -> Entry:
    ranked = sorted(rows, key=lambda r: 0 if r["Alias Type"].lower() in ("prime alias", "primary name", "") else 1)
    names = [n for place, row in enumerate(ranked) for n in _names(row, place == 0)]
    first = ranked[0]
    births = [b for row in rows for b in _births(row["DOB"])]
    nationalities = list(dict.fromkeys(p for row in rows for p in _parts(row["Nationality"])))
    addresses = list(dict.fromkeys(a for row in rows if (a := _address(row)).text))
    codes = [country_code(n) for n in nationalities] or [a.country for a in addresses]
    remarks = " ".join(dict.fromkeys(row["Other Information"] for row in rows if row["Other Information"]))
    places = (
        ", ".join(t for t in (row.get("Town of Birth", ""), row.get("Country of Birth", "")) if t) for row in rows
    )
    refs = [*UN_REF.findall(remarks), *(row["UN Ref"] for row in rows if row.get("UN Ref"))]
    return Entry(
        id=ref, kind=KINDS[first["Group Type"].lower()], names=_distinct(names), programmes=tuple(dict.fromkeys(r["Regime"] for r in rows)), births=tuple(dict.fromkeys(births)),
        birth_places=tuple(dict.fromkeys(p for p in places if p)), countries=tuple(dict.fromkeys(c for c in codes if c)), nationalities=tuple(nationalities),
        titles=tuple(dict.fromkeys(t for r in rows for t in (r["Title"], r.get("Position", "")) if t)), identifiers=tuple(dict.fromkeys(n for r in rows for n in _numbers(r))),
        addresses=tuple(addresses), listed_on=day(first["Listed On"]), amended_on=tuple(sorted({d for r in rows if (d := day(r["Last Updated"]))})), remarks=remarks, refs=tuple(dict.fromkeys(refs)),
    )  # fmt: skip


def _distinct(names: list[ListedName]) -> tuple[ListedName, ...]:
    """Return names without repetitions; a party has a row for each address, and each repeats the primary name."""
    held: dict[str, ListedName] = {}
    for name in names:
        held.setdefault(name.text, name)
    return tuple(held.values())


def _names(row: Mapping[str, str], primary: bool) -> list[ListedName]:
    text = " ".join(row[c] for c in NAME_COLUMNS if row[c])
    low = "low" in row.get("Alias Quality", "").lower() or "low quality" in row["Alias Type"].lower()
    found = [ListedName(text, "primary" if primary else "low" if low else "good", row["Name 6"])] if text else []
    native = row.get("Name Non-Latin Script", "")
    return [*found, *([ListedName(native, "good")] if native else [])]


def _parts(printed: str) -> list[str]:
    return [p.strip(" .;,") for p in _NUMBERED.split(printed) if p.strip(" .;,")]


def _births(printed: str) -> list[BirthDate]:
    return [birth_date(p) for p in _parts(printed)]


def _address(row: Mapping[str, str]) -> Address:
    return Address(", ".join(row[c] for c in ADDRESS_COLUMNS if row.get(c)), country_code(row["Country"]))


def _numbers(row: Mapping[str, str]) -> list[Identifier]:
    held = (
        ("passport", "Passport Details"),
        ("passport", "Passport Number"),
        ("national_id", "NI Number"),
        ("national_id", "National Identification Number"),
    )
    return [Identifier(kind, row[column]) for kind, column in held if row.get(column)]
