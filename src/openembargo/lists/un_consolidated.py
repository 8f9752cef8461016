"""The Security Council's Consolidated List, XML.

Source: the published schema sc-sanctions.xsd; real files of 2015 to 2026 load.
"""

import re
from datetime import date

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, BirthDate, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day, identifier_kind, years
from openembargo.lists.xml_tree import Fields, local, root_of, text_of
from openembargo.terms.errors import Mistake

LIST_ID = "un.consolidated"
STRAY = frozenset({"DATAID", "VERSIONNUM"})
"""Fields that some copies hold outside the records."""
QUALITY = {
    "good": "good",
    "low": "low",
    "": "good",
    "a.k.a.": "good",
    "f.k.a.": "good",
    "a.k.a": "good",
    "f.k.a": "good",
}
NUMBERS = (
    ("imo", re.compile(r"\bIMO(?:\s+(?:number|no\.?))?\s*[:#]?\s*(\d{7})\b", re.IGNORECASE)),
    (
        "bic",
        re.compile(r"\b(?:SWIFT(?:\s*/\s*BIC)?|BIC)(?:\s+code)?\s*[:#]?\s*([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b"),
    ),
    ("mmsi", re.compile(r"\bMMSI\s*[:#]?\s*(\d{9})\b", re.IGNORECASE)),
)
_PERSON_SKIPS = (
    "VERSIONNUM",
    "DATAID",
    "SORT_KEY",
    "SORT_KEY_LAST_MOD",
    "LIST_TYPE",
    "SUBMITTED_ON",
    "SUBMITTED_BY",
    "HAS_INTERPOL_LINK",
    "INTERPOL_LINK",
)


def read(content: bytes) -> Publication:
    """Read the list.

    Raises:
        SourceError: Not this list, cut short, or a field that the schema of today does not have.
    """
    root = root_of(content, "UN Consolidated List", ("CONSOLIDATED_LIST",))
    mistakes: list[Mistake] = []
    entries: list[Entry] = []
    faults: list[str] = []
    for group in root:
        if local(group.tag) in STRAY:
            faults.append(f"a stray <{local(group.tag)}> outside the records is passed over")
            continue
        kind = {"INDIVIDUALS": "person", "ENTITIES": "entity"}.get(local(group.tag))
        if kind is None:
            mistakes.append(
                Mistake(
                    "CONSOLIDATED_LIST", f"unknown element <{local(group.tag)}>", "known here: INDIVIDUALS, ENTITIES"
                )
            )
            continue
        for element in group:
            if local(element.tag) in STRAY:
                faults.append(f"a stray <{local(element.tag)}> among the records is passed over")
                continue
            reference = next((text_of(c) for c in element if local(c.tag) == "REFERENCE_NUMBER"), "")
            fields = Fields(element, f"record {reference or '(no reference)'}", mistakes)
            entries.append(_entry(fields, kind))
            fields.close()
    stamp = day(root.get("dateGenerated", ""))
    return published(LIST_ID, stamp, entries, faults, mistakes)


def _entry(fields: Fields, kind: str) -> Entry:
    head = "INDIVIDUAL" if kind == "person" else "ENTITY"
    fields.skip(*_PERSON_SKIPS)
    parts = [fields.text(name) for name in ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")]
    names = [ListedName(" ".join(p for p in parts if p))]
    original = fields.text("NAME_ORIGINAL_SCRIPT")
    names += [ListedName(original, "good")] if original else []
    births: list[BirthDate] = []
    places: list[str] = []
    for alias in fields.each(f"{head}_ALIAS"):
        names += _aliases(alias)
        births += [birth_date(t) for t in alias.texts("DATE_OF_BIRTH")]
        where = ", ".join(t for t in (alias.text("CITY_OF_BIRTH"), alias.text("COUNTRY_OF_BIRTH")) if t)
        places += [where] if where else []
        alias.skip("NOTE")
    for birth in fields.each("INDIVIDUAL_DATE_OF_BIRTH"):
        births += _births(birth)
    for place in fields.each("INDIVIDUAL_PLACE_OF_BIRTH"):
        where = ", ".join(t for n in ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY") if (t := place.text(n)))
        places += [where] if where else []
        place.skip("NOTE", "ZIP_CODE")
    numbers = [n for document in fields.each("INDIVIDUAL_DOCUMENT") for n in _document(document)]
    addresses = [a for address in fields.each(f"{head}_ADDRESS") if (a := _address(address)).text]
    remarks = fields.text("COMMENTS1")
    nationalities = [*fields.texts("NATIONALITY"), *fields.texts("NATIONALITY2")]
    updated = sorted({d for t in fields.texts("LAST_DAY_UPDATED") if (d := day(t))})
    numbers += _printed_numbers(" ".join([remarks, *(a.text for a in addresses)]))
    codes = [country_code(n) for n in nationalities] or [a.country for a in addresses]
    return Entry(
        id=fields.text("REFERENCE_NUMBER"), kind=kind, names=_distinct(names), programmes=(fields.text("UN_LIST_TYPE"),), births=tuple(dict.fromkeys(births)),
        birth_places=tuple(places), countries=tuple(dict.fromkeys(c for c in codes if c)), nationalities=tuple(nationalities), gender=fields.text("GENDER").lower(),
        titles=(*fields.texts("TITLE"), *fields.texts("DESIGNATION")), identifiers=tuple(dict.fromkeys(numbers)), addresses=tuple(addresses),
        listed_on=day(fields.text("LISTED_ON")), amended_on=tuple(updated), delisted_on=_last(fields.texts("DELISTED_ON")), remarks=remarks,
    )  # fmt: skip


def _last(texts: list[str]) -> date | None:
    days = [d for t in texts if (d := day(t))]
    return max(days) if days else None


def _aliases(alias: Fields) -> list[ListedName]:
    quality, printed = alias.text("QUALITY").lower(), alias.text("ALIAS_NAME")
    return [ListedName(t, QUALITY.get(quality, "good")) for text in re.split(r";", printed) if (t := text.strip())]


def _distinct(names: list[ListedName]) -> tuple[ListedName, ...]:
    held: dict[str, ListedName] = {}
    for name in names:
        held.setdefault(name.text, name)
    return tuple(held.values())


def _births(fields: Fields) -> list[BirthDate]:
    manner = fields.text("TYPE_OF_DATE")
    single, year = fields.text("DATE"), fields.text("YEAR")
    low, high, note = fields.text("FROM_YEAR"), fields.text("TO_YEAR"), fields.text("NOTE")
    circa = "circa " if manner.upper().startswith("APPROX") else ""
    if low.isdigit() and high.isdigit():
        first, last = years(int(low), int(high))
        return [BirthDate(f"{low} to {high}", first, last)]
    text = single or year
    return [birth_date(circa + text)] if text else [birth_date(note)] if note else []


def _document(fields: Fields) -> list[Identifier]:
    label = " ".join(t for t in (fields.text("TYPE_OF_DOCUMENT"), fields.text("TYPE_OF_DOCUMENT2")) if t)
    number, note = fields.text("NUMBER"), fields.text("NOTE")
    issuer = fields.text("ISSUING_COUNTRY") or fields.text("COUNTRY_OF_ISSUE")
    fields.skip("COUNTRY_OF_ISSUE", "CITY_OF_ISSUE", "DATE_OF_ISSUE", "DATE_OF_EXPIRY")
    return (
        [Identifier(identifier_kind(label), number, country_code(issuer), "; ".join(t for t in (label, note) if t))]
        if number
        else []
    )


def _address(fields: Fields) -> Address:
    parts = [fields.text(n) for n in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")]
    country, note = fields.text("COUNTRY"), fields.text("NOTE")
    return Address(", ".join(t for t in (*parts, country, note) if t), country_code(country))


def _printed_numbers(text: str) -> list[Identifier]:
    return [
        Identifier(kind, number, note="in the remarks") for kind, pattern in NUMBERS for number in pattern.findall(text)
    ]
