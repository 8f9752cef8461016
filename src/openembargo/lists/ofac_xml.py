"""OFAC's SDN and non-SDN lists as one XML file (sdn.xml, consolidated.xml)."""

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day, identifier_kind
from openembargo.lists.xml_tree import Fields, local, root_of, text_of
from openembargo.terms.errors import Mistake

KINDS = {"individual": "person", "entity": "entity", "vessel": "vessel", "aircraft": "aircraft"}


def read(content: bytes, list_id: str = "us.ofac.sdn") -> Publication:
    """Read the file.

    Raises:
        SourceError: Not this list, an element that the schema does not have, or fewer records than the file says it has.
    """
    root = root_of(content, "OFAC XML", ("sdnList",))
    mistakes: list[Mistake] = []
    entries = []
    stamp, said = None, None
    for element in root:
        if local(element.tag) == "publshInformation":
            held = {local(c.tag): text_of(c) for c in element}
            stamp, said = day(held.get("Publish_Date", ""), month_first=True), held.get("Record_Count", "")
            continue
        if local(element.tag) != "sdnEntry":
            mistakes.append(
                Mistake("sdnList", f"unknown element <{local(element.tag)}>", "known here: publshInformation, sdnEntry")
            )
            continue
        uid = next((text_of(c) for c in element if local(c.tag) == "uid"), "")
        fields = Fields(element, f"record {uid}", mistakes)
        entries.append(_entry(fields))
        fields.close()
    if said and said.isdigit() and int(said) != len(entries):
        mistakes.append(
            Mistake(list_id, f"{len(entries)} records", f"the file says {said}; it may be cut short - fetch it again")
        )
    return published(list_id, stamp, entries, (), mistakes)


def _entry(fields: Fields) -> Entry:
    uid, kind = fields.text("uid"), fields.text("sdnType")
    names = [ListedName(_named(fields.text("firstName"), fields.text("lastName")), "primary", "")]
    for group in fields.each("akaList"):
        for aka in group.each("aka"):
            quality = "low" if aka.text("category") == "weak" else "good"
            names.append(ListedName(_named(aka.text("firstName"), aka.text("lastName")), quality))
            aka.skip("uid", "type")
    programmes = [t for group in fields.each("programList") for t in group.texts("program")]
    numbers = [n for group in fields.each("idList") for one in group.each("id") for n in _number(one)]
    addresses = [a for group in fields.each("addressList") for one in group.each("address") for a in _address(one)]
    births = [birth_date(t) for t in _items(fields, "dateOfBirthList", "dateOfBirthItem", "dateOfBirth")]
    places = _items(fields, "placeOfBirthList", "placeOfBirthItem", "placeOfBirth")
    nationalities = [
        *_items(fields, "nationalityList", "nationality", "country"),
        *_items(fields, "citizenshipList", "citizenship", "country"),
    ]
    for vessel in fields.each("vesselInfo"):
        flag, sign = vessel.text("vesselFlag"), vessel.text("callSign")
        nationalities += [flag] if flag else []
        numbers += [Identifier("call_sign", sign)] if sign else []
        vessel.skip("vesselType", "vesselOwner", "tonnage", "grossRegisteredTonnage")
    codes = [country_code(n) for n in nationalities] or [a.country for a in addresses]
    genders = [n.value.lower() for n in numbers if n.note == "Gender"]
    return Entry(
        id=uid, kind=KINDS.get(kind.lower(), kind), names=tuple(dict.fromkeys(n for n in names if n.text)), programmes=tuple(programmes), births=tuple(births), birth_places=tuple(places),
        countries=tuple(dict.fromkeys(c for c in codes if c)), nationalities=tuple(nationalities), gender=genders[0] if genders else "", titles=tuple(fields.texts("title")),
        identifiers=tuple(n for n in numbers if n.note not in ("Gender", "Secondary sanctions risk:", "Additional Sanctions Information -")), addresses=tuple(addresses), remarks=fields.text("remarks"),
    )  # fmt: skip


def _named(first: str, last: str) -> str:
    return f"{last}, {first}" if first else last


def _items(fields: Fields, group: str, item: str, value: str) -> list[str]:
    found = []
    for each in fields.each(group):
        for one in each.each(item):
            found += one.texts(value)
            one.skip("uid", "mainEntry")
    return found


def _number(fields: Fields) -> list[Identifier]:
    label, value, issuer = fields.text("idType"), fields.text("idNumber"), fields.text("idCountry")
    fields.skip("uid", "issueDate", "expirationDate")
    bare = value.removeprefix("IMO ").strip()  # a vessel's number stands under `Vessel Registration Identification`
    kind = identifier_kind(label) if bare == value else "imo"
    return [Identifier(kind, bare, country_code(issuer), label)] if value else []


def _address(fields: Fields) -> list[Address]:
    country = fields.text("country")
    parts = [fields.text(n) for n in ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode")]
    fields.skip("uid")
    text = ", ".join(t for t in (*parts, country) if t)
    return [Address(text, country_code(country))] if text else []
