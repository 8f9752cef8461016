"""The UK Sanctions List (FCDO) as XML and CSV.

Element and column names are those of the published format; no whole file of today's edition was at hand to check them
against, so a name that this reader does not know is an error that shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, BirthDate, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day
from openembargo.lists.tables import rows_of, text_of
from openembargo.lists.xml_tree import Fields, local, root_of
from openembargo.lists.xml_tree import text_of as element_text
from openembargo.terms.errors import Mistake, SourceError

LIST_ID = "uk.fcdo"
KINDS = {"individual": "person", "entity": "entity", "ship": "vessel"}
NAME_PARTS = ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6")
ADDRESS_PARTS = (
    "AddressLine1",
    "AddressLine2",
    "AddressLine3",
    "AddressLine4",
    "AddressLine5",
    "AddressLine6",
    "AddressPostalCode",
    "AddressCountry",
)
IGNORED = (
    "SanctionsImposed",
    "SanctionsImposedIndicators",
    "UKStatementofReasons",
    "DesignationSource",
    "IsCurrentDesignation",
    "DateTrustImposed",
    "PhoneNumbers",
    "EmailAddresses",
    "Websites",
    "Businesses",
    "ParentCompanies",
    "Subsidiaries",
    "TypeOfEntity",
)
SHIP_IGNORED = (
    "CurrentOwnerOperators",
    "PreviousOwnerOperators",
    "PreviousFlags",
    "TypeOfShip",
    "TonnageOfShip",
    "LengthOfShip",
    "YearBuilt",
    "HINs",
)
PAPERS = (
    ("PassportDetails", "Passport", "PassportNumber", "passport"),
    ("NationalIdentifierDetails", "NationalIdentifier", "NationalIdentifierNumber", "national_id"),
)
"""Group, item and number element of a person's papers, and the kind of number."""
CSV_NAMES = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
CSV_ADDRESS = (*(f"Address Line {n}" for n in range(1, 7)), "Address Postal Code", "Address Country")
CSV_REQUIRED = ("Unique ID", "Name 6", "Name type", "Regime Name", "Designation Type")
CSV_COLUMNS = (
    *CSV_REQUIRED, *CSV_NAMES, *CSV_ADDRESS, "Last Updated", "OFSI Group ID", "UN Reference Number", "Alias strength", "Title", "Name non-latin script", "Non-latin script type", "Non-latin script language", "Designation source", "Sanctions Imposed", "Other Information", "UK Statement of Reasons",
    "Phone number", "Website", "Email address", "Date Designated", "D.O.B", "Nationality(/ies)", "National Identifier number", "National Identifier additional information", "Passport number", "Passport additional information", "Position", "Gender", "Town of birth", "Country of birth", "Type of entity", "Subsidiaries", "Parent company",
    "Business registration number (s)", "IMO number", "Current owner/operator (s)", "Previous owner/operator (s)", "Current believed flag of ship", "Previous flags", "Type of ship", "Tonnage of ship", "Length of ship", "Year Built", "Hull identification number (HIN)",
)  # fmt: skip


def read_xml(content: bytes) -> Publication:
    """Read the XML edition.

    Raises:
        SourceError: Not this list, cut short, or an element that this reader does not know.
    """
    root = root_of(content, "UK Sanctions List", ("Designations",))
    mistakes: list[Mistake] = []
    entries, stamp = [], None
    for element in root:
        if local(element.tag) == "DateGenerated":
            stamp = day(element_text(element))
            continue
        ref = next((element_text(c) for c in element if local(c.tag) == "UniqueID"), "")
        fields = Fields(element, f"record {ref}", mistakes)
        entries.append(_entry(fields))
        fields.close()
    return published(LIST_ID, stamp, entries, (), mistakes)


def _entry(fields: Fields) -> Entry:
    fields.skip(*IGNORED)
    names = [
        ListedName(
            " ".join(t for p in NAME_PARTS if (t := n.text(p))), _quality(n.text("NameType"), n.text("AliasStrength"))
        )
        for g in fields.each("Names")
        for n in g.each("Name")
    ]
    names += [
        ListedName(t, "good")
        for g in fields.each("NonLatinNames")
        for n in g.each("NonLatinName")
        for t in _non_latin(n)
    ]
    names.sort(key=lambda n: n.quality != "primary")
    addresses = [
        Address(", ".join(t for p in ADDRESS_PARTS if (t := a.text(p))))
        for g in fields.each("Addresses")
        for a in g.each("Address")
    ]
    held = _Details(titles=fields.texts("Titles"))
    for details in fields.each("IndividualDetails"):
        for person in details.each("Individual"):
            _person(person, held)
    for details in fields.each("ShipDetails"):
        for ship in details.each("Ship"):
            held.numbers += [Identifier("imo", t) for t in ship.texts("IMONumbers")]
            held.nationalities += ship.texts("CurrentBelievedFlagOfShip")
            ship.skip(*SHIP_IGNORED)
    for details in fields.each("EntityDetails"):
        for body in details.each("Entity"):
            held.numbers += [Identifier("registration", t) for t in body.texts("BusinessRegistrationNumbers")]
            body.skip("TypeOfEntities", "ParentCompanies", "Subsidiaries")
    kind = fields.text("IndividualEntityShip")
    codes = [country_code(n) for n in held.nationalities] or [
        country_code(a.text.rpartition(", ")[2]) for a in addresses
    ]
    refs = [t for n in ("UNReferenceNumber", "OFSIGroupID") if (t := fields.text(n))]
    return Entry(
        id=fields.text("UniqueID"), kind=KINDS.get(kind.lower(), kind), names=tuple(dict.fromkeys(n for n in names if n.text)), programmes=(fields.text("RegimeName"),), births=tuple(dict.fromkeys(held.births)), birth_places=tuple(p for p in held.places if p),
        countries=tuple(dict.fromkeys(c for c in codes if c)), nationalities=tuple(held.nationalities), gender=held.gender, titles=tuple(held.titles), identifiers=tuple(dict.fromkeys(held.numbers)), addresses=tuple(a for a in addresses if a.text),
        listed_on=day(fields.text("DateDesignated")), amended_on=tuple(d for t in [fields.text("LastUpdated")] if (d := day(t))), remarks=fields.text("OtherInformation"), refs=tuple(refs),
    )  # fmt: skip


@dataclass
class _Details:
    """What the details of a person, ship or body hold."""

    titles: list[str]
    births: list[BirthDate] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    numbers: list[Identifier] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    gender: str = ""


def _person(person: Fields, held: _Details) -> None:
    held.births += [birth_date(t.replace("dd/mm/", "00/00/").replace("dd/", "00/")) for t in person.texts("DOBs")]
    held.nationalities += person.texts("Nationalities")
    held.titles += person.texts("Positions")
    held.gender = next(iter(person.texts("Genders")), held.gender).lower()
    for group, item, number, kind in PAPERS:
        held.numbers += [
            Identifier(kind, t) for g in person.each(group) for p in g.each(item) for t in _document(p, number)
        ]
    for details in person.each("BirthDetails"):
        for place in details.each("Location"):
            held.places.append(", ".join(t for n in ("TownOfBirth", "CountryOfBirth") if (t := place.text(n))))


def _quality(kind: str, strength: str) -> str:
    if kind.lower().startswith("primary name") and "variation" not in kind.lower():
        return "primary"
    return "low" if strength.lower().startswith("low") else "good"


def _non_latin(fields: Fields) -> list[str]:
    fields.skip("NonLatinScriptType", "NonLatinScriptLanguage")
    return fields.texts("NameNonLatinScript")


def _document(fields: Fields, name: str) -> list[str]:
    fields.skip("PassportAdditionalInformation", "NationalIdentifierAdditionalInformation")
    return fields.texts(name)


def read_csv(content: bytes) -> Publication:
    """Read the CSV edition: a line with the report's day, the head, and rows that share a Unique ID.

    Raises:
        SourceError: Not this list or unknown columns.
    """
    text = text_of(content, LIST_ID)
    first, _, rest = text.partition("\n")
    stamp = day(first.split(":")[-1].split(",")[-1].strip())
    if "Unique ID" in first:
        stamp, rest = None, text
    groups: dict[str, list[Mapping[str, str]]] = {}
    for _, row in rows_of(rest, LIST_ID, CSV_COLUMNS, required=CSV_REQUIRED):
        groups.setdefault(row["Unique ID"], []).append(row)
    bad = [
        Mistake(f"{LIST_ID} {ref}", f"Designation Type {rows[0]['Designation Type']!r}", "Individual, Entity or Ship")
        for ref, rows in groups.items()
        if rows[0]["Designation Type"].lower() not in KINDS
    ]
    if bad:
        raise SourceError(bad[:10])
    return published(LIST_ID, stamp, [_grouped(ref, rows) for ref, rows in groups.items()])


def _grouped(ref: str, rows: list[Mapping[str, str]]) -> Entry:
    def every(column: str) -> list[str]:
        return list(dict.fromkeys(row[column] for row in rows if row.get(column)))

    names = [
        ListedName(
            " ".join(row[c] for c in CSV_NAMES if row.get(c)),
            _quality(row["Name type"], row.get("Alias strength", "")),
            row["Name 6"],
        )
        for row in rows
    ]
    names += [ListedName(t, "good") for t in every("Name non-latin script")]
    names.sort(key=lambda n: n.quality != "primary")
    nationalities = [*every("Nationality(/ies)"), *every("Current believed flag of ship")]
    seats = every("Address Country")
    numbers = [
        Identifier(kind, t)
        for kind, column in (
            ("passport", "Passport number"),
            ("national_id", "National Identifier number"),
            ("imo", "IMO number"),
            ("registration", "Business registration number (s)"),
        )
        for t in every(column)
    ]
    addresses = dict.fromkeys(
        Address(text, country_code(row.get("Address Country", "")))
        for row in rows
        if (text := ", ".join(row[c] for c in CSV_ADDRESS if row.get(c)))
    )
    return Entry(
        id=ref, kind=KINDS[rows[0]["Designation Type"].lower()], names=tuple(dict.fromkeys(n for n in names if n.text)), programmes=tuple(every("Regime Name")), births=tuple(birth_date(t.replace("dd/mm/", "00/00/").replace("dd/", "00/")) for t in every("D.O.B")),
        birth_places=tuple(every("Town of birth")), countries=tuple(dict.fromkeys(c for n in (nationalities or seats) if (c := country_code(n)))), nationalities=tuple(nationalities), gender=next(iter(every("Gender")), "").lower(),
        titles=(*every("Title"), *every("Position")), identifiers=tuple(numbers), addresses=tuple(addresses), listed_on=min((d for t in every("Date Designated") if (d := day(t))), default=None),
        amended_on=tuple(sorted({d for t in every("Last Updated") if (d := day(t))})), remarks=" ".join(every("Other Information")), refs=tuple([*every("UN Reference Number"), *every("OFSI Group ID")]),
    )  # fmt: skip
