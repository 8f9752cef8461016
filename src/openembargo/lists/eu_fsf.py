"""The EU's consolidated list of financial sanctions (FSF): XML 1.1 and the semicolon CSV."""

import csv
import io
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, BirthDate, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day, identifier_kind
from openembargo.lists.tables import rows_of, text_of
from openembargo.lists.xml_tree import local, root_of
from openembargo.lists.xml_tree import text_of as element_text
from openembargo.terms.errors import Mistake

LIST_ID = "eu.fsf"
KINDS = {"person": "person", "enterprise": "entity", "p": "person", "e": "entity", "n": "entity"}
CHILDREN = frozenset(
    {
        "remark",
        "regulation",
        "subjectType",
        "nameAlias",
        "citizenship",
        "birthdate",
        "identification",
        "address",
        "contactInfo",
    }
)
BLOCKS = {
    "Naal": "lastname firstname middlename wholename gender title function language",
    "Addr": "number street zipcode city country other",
    "Birt": "date place country",
    "Iden": "number country",
    "Citi": "country",
}
LEGAL = ["leba_numtitle", "leba_publication_date", "leba_url", "programme"]
CSV_COLUMNS = (
    "Date_file", "Date_filexxxx", "Entity_logical_id", "Subject_type", "Leba_numtitle", "Leba_publication_date", "Leba_url", "Programme", "Entity_remark", "EU_ref_num", "Entity_logical_id",
    *(f"{block}_{name}" for block, names in BLOCKS.items() for name in ["logical_id", *LEGAL, *names.split()]),
)  # fmt: skip


def read_xml(content: bytes) -> Publication:
    """Read the XML export (namespace http://eu.europa.ec/fpi/fsd/export).

    Raises:
        SourceError: Not this list, cut short, or an element that the export does not have.
    """
    root = root_of(content, "EU FSF", ("export",))
    mistakes: list[Mistake] = []
    entries = []
    for element in root:
        if local(element.tag) != "sanctionEntity":
            mistakes.append(Mistake("export", f"unknown element <{local(element.tag)}>", "known here: sanctionEntity"))
            continue
        entries.append(_entity(element, mistakes))
    return published(LIST_ID, day(root.get("generationDate", "")), entries, (), mistakes)


def _entity(element: Element, mistakes: list[Mistake]) -> Entry:
    ref = element.get("logicalId", "")
    held: dict[str, list[Element]] = {name: [] for name in CHILDREN}
    for child in element:
        if local(child.tag) not in CHILDREN:
            mistakes.append(
                Mistake(
                    f"record {ref}",
                    f"unknown element <{local(child.tag)}>",
                    f"known here: {', '.join(sorted(CHILDREN))}",
                )
            )
            continue
        held[local(child.tag)].append(child)
    aliases = held["nameAlias"]
    names = [
        ListedName(
            a.get("wholeName", "").strip(),
            "primary" if not place else "good" if a.get("strong", "true") == "true" else "low",
            a.get("lastName", ""),
        )
        for place, a in enumerate(aliases)
    ]
    nationalities = [c.get("countryDescription", "") for c in held["citizenship"]]
    codes = [c.get("countryIso2Code", "") for c in held["citizenship"]] or [
        a.get("countryIso2Code", "") for a in held["address"]
    ]
    code = held["subjectType"][0].get("code", "") if held["subjectType"] else ""
    genders = {"M": "male", "F": "female"}
    listed = [
        d
        for d in (
            day(element.get("designationDate", "")),
            *(day(r.get("publicationDate", "")) for r in held["regulation"]),
        )
        if d
    ]
    return Entry(
        id=ref, kind=KINDS.get(code.lower(), code), names=tuple(dict.fromkeys(n for n in names if n.text)), programmes=tuple(dict.fromkeys(r.get("programme", "") for r in held["regulation"])),
        births=tuple(_birth(b) for b in held["birthdate"]), birth_places=tuple(p for b in held["birthdate"] if (p := ", ".join(t for t in (b.get("city", ""), b.get("countryDescription", "")) if t))),
        countries=tuple(dict.fromkeys(c for c in codes if c and c != "00")), nationalities=tuple(n for n in nationalities if n),
        gender=next((genders[a.get("gender", "")] for a in aliases if a.get("gender") in genders), ""), titles=tuple(dict.fromkeys(t for a in aliases for t in (a.get("title", ""), a.get("function", "")) if t)),
        identifiers=tuple(_number(i) for i in held["identification"] if i.get("number")), addresses=tuple(_address(a) for a in held["address"]), listed_on=min(listed, default=None),
        remarks=" ".join(t for r in held["remark"] if (t := element_text(r))), refs=tuple(t for t in (element.get("euReferenceNumber", ""), element.get("unitedNationId", "")) if t),
    )  # fmt: skip


def _birth(element: Element) -> BirthDate:
    printed = element.get("birthdate") or element.get("year") or ""
    if element.get("yearRangeFrom") and element.get("yearRangeTo"):
        printed = f"{element.get('yearRangeFrom')} to {element.get('yearRangeTo')}"
    return birth_date(("circa " if element.get("circa") == "true" else "") + printed)


def _number(element: Element) -> Identifier:
    label = element.get("identificationTypeDescription", "") or element.get("identificationTypeCode", "")
    return Identifier(identifier_kind(label), element.get("number", ""), element.get("countryIso2Code", ""), label)


def _printed_number(printed: str, country: str) -> Identifier:
    """Return a number of the CSV, which prints its kind behind it: `A123 (passport-National passport)`."""
    number, _, label = printed.partition(" (")
    return Identifier(identifier_kind(label), number.strip(), country_code(country), label.rstrip(")"))


def _address(element: Element) -> Address:
    parts = (element.get(n, "") for n in ("street", "poBox", "zipCode", "city", "region", "countryDescription"))
    return Address(", ".join(p for p in parts if p), element.get("countryIso2Code", "").replace("00", ""))


def read_csv(content: bytes) -> Publication:
    """Read the CSV export: rows of one party share Entity_logical_id, each row holds one name, address, birth or number.

    Raises:
        SourceError: Not this list, unknown columns, a row of another width.
    """
    text = text_of(content, LIST_ID)
    head, _, rest = text.partition("\n")
    head = head.strip().strip('"').rstrip("\t")  # a spreadsheet saved each line as one quoted cell
    body = (
        "\n".join("".join(row).rstrip("\t") for row in csv.reader(io.StringIO(rest))) if text.startswith('"') else rest
    )
    columns = head.split(";")
    unique = [f"{name}@{place}" if columns.index(name) != place else name for place, name in enumerate(columns)]
    known = {*CSV_COLUMNS, *(u for u, n in zip(unique, columns, strict=True) if n == "Entity_logical_id")}
    groups: dict[str, list[Mapping[str, str]]] = {}
    stamp = None
    for _, row in rows_of(
        ";".join(unique) + "\n" + body,
        LIST_ID,
        tuple(known),
        delimiter=";",
        required=("Entity_logical_id", "Subject_type", "Naal_wholename"),
    ):
        groups.setdefault(row["Entity_logical_id"], []).append(row)
        stamp = stamp or day(row.get("Date_file", "") or row.get("Date_filexxxx", ""))
    return published(
        LIST_ID, stamp, [entry for ref, rows in groups.items() if (entry := _grouped(ref, rows)).names], ()
    )


def _grouped(ref: str, rows: list[Mapping[str, str]]) -> Entry:
    names = dict.fromkeys(row["Naal_wholename"] for row in rows if row["Naal_wholename"])
    nations = dict.fromkeys(row.get("Citi_country", "") for row in rows if row.get("Citi_country"))
    seats = dict.fromkeys(row.get("Addr_country", "") for row in rows if row.get("Addr_country"))
    first = rows[0]
    genders = {"M": "male", "F": "female"}
    addresses = [
        Address(
            ", ".join(t for c in ("number", "street", "zipcode", "city", "country") if (t := row.get(f"Addr_{c}", ""))),
            country_code(row.get("Addr_country", "")),
        )
        for row in rows
        if row.get("Addr_logical_id")
    ]
    return Entry(
        id=ref, kind=KINDS.get(first["Subject_type"].lower(), first["Subject_type"]), names=tuple(ListedName(n, "primary" if not place else "good") for place, n in enumerate(names)),
        programmes=tuple(dict.fromkeys(row["Programme"] for row in rows if row.get("Programme"))), births=tuple(dict.fromkeys(birth_date(row["Birt_date"]) for row in rows if row.get("Birt_date"))),
        birth_places=tuple(dict.fromkeys(row["Birt_place"] for row in rows if row.get("Birt_place"))), countries=tuple(dict.fromkeys(c for n in (nations or seats) if (c := country_code(n)))),
        nationalities=tuple(nations), gender=next((genders[row["Naal_gender"]] for row in rows if row.get("Naal_gender") in genders), ""),
        titles=tuple(dict.fromkeys(t for row in rows for t in (row.get("Naal_title", ""), row.get("Naal_function", "")) if t)),
        identifiers=tuple(dict.fromkeys(_printed_number(row["Iden_number"], row.get("Iden_country", "")) for row in rows if row.get("Iden_number"))),
        addresses=tuple(dict.fromkeys(a for a in addresses if a.text)), listed_on=min((d for row in rows if (d := day(row.get("Leba_publication_date", "")))), default=None),
        remarks=first.get("Entity_remark", ""), refs=tuple(dict.fromkeys(row["EU_ref_num"] for row in rows if row.get("EU_ref_num"))),
    )  # fmt: skip
