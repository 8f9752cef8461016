"""US lists beside OFAC's: the Consolidated Screening List (CSV) and the BIS Denied Persons List (tab-separated)."""

import re
from hashlib import sha256

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, BirthDate, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day, identifier_kind
from openembargo.lists.tables import rows_of, text_of

CSL_COLUMNS = tuple(
    [
        "_id",
        "source",
        "entity_number",
        "type",
        "programs",
        "name",
        "title",
        "addresses",
        "federal_register_notice",
        "start_date",
        "end_date",
        "standard_order",
        "license_requirement",
        "license_policy",
        "call_sign",
        "vessel_type",
        "gross_tonnage",
        "gross_registered_tonnage",
        "vessel_flag",
        "vessel_owner",
        "remarks",
        "source_list_url",
        "alt_names",
        "citizenships",
        "dates_of_birth",
        "nationalities",
        "places_of_birth",
        "source_information_url",
        "ids",
    ]
)
DPL_COLUMNS = (
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
)
KINDS = {"individual": "person", "entity": "entity", "vessel": "vessel", "aircraft": "aircraft", "": "entity"}
_SOURCE = re.compile(r"\(([A-Z\-]+)(?: List)?\)| ([A-Z\-]+) List ")
_ISSUER = re.compile(r"^[A-Z]{2}$")
_ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
SILENT = frozenset({"Additional Sanctions Information -", "Secondary sanctions risk:"})
"""Labels that stand among the numbers and say nothing that names the party."""


def read_csl(content: bytes) -> Publication:
    """Read the Consolidated Screening List; an entry's programme begins with the source list.

    Raises:
        SourceError: Not this list, unknown columns, a row of another width.
    """
    entries, faults = [], []
    for line, row in rows_of(text_of(content, "us.csl"), "us.csl", CSL_COLUMNS):
        if not row["name"]:
            faults.append(f"line {line}: record {row['_id']} of {row['source']} has no name, left out")
            continue
        numbers = _numbers(row["ids"], row["call_sign"])
        names = [ListedName(row["name"]), *(ListedName(n, "good") for n in _several(row["alt_names"]))]
        nationalities = [*_several(row["nationalities"]), *_several(row["citizenships"])]
        codes = [country_code(n) for n in [*nationalities, *_several(row["vessel_flag"])]]
        addresses = tuple(Address(a, country_code(a.rpartition(",")[2])) for a in _several(row["addresses"]))
        entries.append(
            Entry(
                id=_source(row["source"]) + row["_id"], kind=KINDS.get(row["type"].lower(), row["type"]), names=tuple(dict.fromkeys(names)), programmes=(row["source"], *_several(row["programs"])), births=_births(row["dates_of_birth"]),
                birth_places=tuple(_several(row["places_of_birth"])), countries=tuple(dict.fromkeys(c for c in codes or [a.country for a in addresses] if c)), nationalities=tuple(nationalities), titles=tuple(_several(row["title"])),
                gender=next((n.value.lower() for n in numbers if n.note == "Gender"), ""), identifiers=tuple(n for n in numbers if n.note != "Gender"), addresses=addresses, listed_on=day(row["start_date"]), delisted_on=day(row["end_date"]), remarks=row["remarks"],
            )
        )  # fmt: skip
    return published("us.csl", None, entries, faults)


def _source(printed: str) -> str:
    """Return the abbreviation of the source list and a hyphen: one party may be on several."""
    found = _SOURCE.search(printed)
    return f"{found[1] or found[2]}-" if found else ""


def _several(printed: str) -> list[str]:
    return [p.strip() for p in printed.split(";") if p.strip()]


def _births(printed: str) -> tuple[BirthDate, ...]:
    return tuple(birth_date(p) for p in _several(printed))


def _numbers(printed: str, call_sign: str) -> tuple[Identifier, ...]:
    """Return numbers; each is printed as `issuer, expiry, issue, number, label`, of which the first three may be missing."""
    numbers = []
    for part in _several(printed):
        *held, label = (p.strip() for p in part.split(","))
        issuer = held.pop(0) if len(held) > 1 and _ISSUER.match(held[0]) else ""
        while len(held) > 1 and _ISO_DAY.match(held[0]):
            held.pop(0)
        value = ", ".join(held)
        bare = value.removeprefix("IMO ").strip()
        if bare and label not in SILENT:
            kind = identifier_kind(label) if bare == value else "imo"
            numbers.append(Identifier(kind, bare, country_code(issuer), label))
    return (*numbers, *((Identifier("call_sign", call_sign),) if call_sign else ()))


def read_dpl(content: bytes) -> Publication:
    """Read the Denied Persons List; it prints no reference, so a digest of name, day and address stands for one.

    Raises:
        SourceError: Not this list, unknown columns, a row of another width.
    """
    held: dict[str, Entry] = {}
    faults = []
    for line, row in rows_of(text_of(content, "us.bis.dpl"), "us.bis.dpl", DPL_COLUMNS, delimiter="\t"):
        address = ", ".join(t for c in ("Street_Address", "City", "State", "Postal_Code", "Country") if (t := row[c]))
        ref = sha256(f"{row['Name']}|{row['Effective_Date']}|{address}".encode()).hexdigest()[:12]
        if ref in held:
            faults.append(f"line {line}: {row['Name']} with the same day and address stands twice, read once")
            continue
        country = country_code(row["Country"])
        held[ref] = Entry(
            ref, "entity", (ListedName(row["Name"]),), ("Denied Persons List",), countries=(country,) if country else (), addresses=(Address(address, country),) if address else (),
            listed_on=day(row["Effective_Date"], month_first=True), delisted_on=day(row["Expiration_Date"], month_first=True), remarks="; ".join(t for t in (row["Action"], row["FR_Citation"]) if t),
        )  # fmt: skip
    return published("us.bis.dpl", None, list(held.values()), faults)
