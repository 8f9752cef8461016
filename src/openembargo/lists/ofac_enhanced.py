"""OFAC's lists in the enhanced XML format (SDN_ENHANCED.XML, CONS_ENHANCED.XML; also in a ZIP)."""

from datetime import date

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, BirthDate, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day, identifier_kind
from openembargo.lists.xml_tree import Fields, local, root_of, text_of
from openembargo.terms.errors import Mistake

KINDS = {"individual": "person", "entity": "entity", "vessel": "vessel", "aircraft": "aircraft"}
SECTIONS = ("publicationInfo", "referenceValues", "featureTypes", "entities", "relationships")
SILENT = frozenset({"Additional Sanctions Information -", "Secondary sanctions risk:"})


def read(content: bytes, list_id: str = "us.ofac.sdn") -> Publication:
    """Read the file.

    Raises:
        SourceError: Not this format, cut short, or an element that the format does not have.
    """
    root = root_of(content, "OFAC enhanced XML", ("sanctionsData",))
    mistakes: list[Mistake] = []
    entries: list[Entry] = []
    stamp = None
    for section in root:
        name = local(section.tag)
        if name not in SECTIONS:
            mistakes.append(Mistake("sanctionsData", f"unknown element <{name}>", f"known here: {', '.join(SECTIONS)}"))
        elif name == "publicationInfo":
            stamp = next((day(text_of(c)) for c in section if local(c.tag) == "dataAsOf"), None)
        elif name == "entities":
            for element in section:
                fields = Fields(element, f"record {element.get('id', '')}", mistakes)
                entries.append(_entry(fields, element.get("id", "")))
                fields.close()
    return published(list_id, stamp, entries, (), mistakes)


def _entry(fields: Fields, ref: str) -> Entry:
    fields.skip("sanctionsTypes", "legalAuthorities", "relationships")
    kind = ""
    titles: list[str] = []
    remarks = ""
    for general in fields.each("generalInfo"):
        kind, remarks = general.text("entityType"), general.text("remarks")
        titles += general.texts("title")
        general.skip("identityId")
    listed = [
        d for group in fields.elements("sanctionsLists") for one in group if (d := day(one.get("datePublished", "")))
    ]
    programmes = [text_of(one) for group in fields.elements("sanctionsPrograms") for one in group]
    names = [n for group in fields.each("names") for one in group.each("name") for n in _names(one)]
    names.sort(key=lambda name: name.quality != "primary")
    addresses = [a for group in fields.each("addresses") for one in group.each("address") for a in _address(one)]
    held = _features(fields)
    numbers = [
        n for group in fields.each("identityDocuments") for one in group.each("identityDocument") for n in _paper(one)
    ]
    codes = [country_code(n) for n in held.nations] or [a.country for a in addresses]
    return Entry(
        id=ref, kind=KINDS.get(kind.lower(), kind), names=tuple(dict.fromkeys(n for n in names if n.text)), programmes=tuple(programmes), births=tuple(held.births), birth_places=tuple(held.places),
        countries=tuple(dict.fromkeys(c for c in codes if c)), nationalities=tuple(held.nations), gender=held.gender, titles=tuple(titles), identifiers=tuple(dict.fromkeys([*numbers, *held.numbers])),
        addresses=tuple(addresses), listed_on=min(listed, default=None), remarks=remarks,
    )  # fmt: skip


def _names(fields: Fields) -> list[ListedName]:
    primary, low = fields.text("isPrimary") == "true", fields.text("isLowQuality") == "true"
    fields.skip("aliasType", "nameId")
    found = []
    for group in fields.each("translations"):
        for translation in group.each("translation"):
            text, family = translation.text("formattedFullName"), translation.text("formattedLastName")
            first = translation.text("isPrimary") == "true"
            quality = "primary" if primary and first else "low" if low else "good"
            found.append(ListedName(text, quality, family))
            translation.skip("script", "formattedFirstName", "nameParts")
    return found


def _address(fields: Fields) -> list[Address]:
    country = fields.text("country")
    parts: list[str] = []
    for group in fields.each("translations"):
        for translation in group.each("translation"):
            for holder in translation.each("addressParts"):
                for part in holder.each("addressPart"):
                    parts.append(part.text("value"))
                    part.skip("type")
            translation.skip("isPrimary", "script")
    text = ", ".join(t for t in (*parts, country) if t)
    return [Address(text, country_code(country))] if text else []


class _Held:
    def __init__(self) -> None:
        self.births: list[BirthDate] = []
        self.places: list[str] = []
        self.nations: list[str] = []
        self.numbers: list[Identifier] = []
        self.gender = ""


def _features(fields: Fields) -> _Held:
    held = _Held()
    for group in fields.each("features"):
        for feature in group.each("feature"):
            name, value = feature.text("type"), feature.text("value")
            spans = [_span(one) for one in feature.each("valueDate")]
            feature.skip("versionId", "valueRefId", "isPrimary", "reliability", "comments")
            if name == "Birthdate":
                held.births.append(_birth(value, spans))
            elif name == "Place of Birth":
                held.places.append(value)
            elif name in ("Nationality Country", "Citizenship Country", "Vessel Flag", "VESSEL FLAG"):
                held.nations.append(value)
            elif name == "Gender":
                held.gender = value.lower()
            elif name not in SILENT and (kind := identifier_kind(name)) != "other":
                held.numbers.append(Identifier(kind, value, note=name))
    return held


def _span(fields: Fields) -> tuple[date | None, date | None]:
    first, last = day(fields.text("fromDateBegin")), day(fields.text("toDateEnd"))
    fields.skip("fromDateEnd", "toDateBegin", "isApproximate", "isDateRange")
    return first, last


def _birth(value: str, spans: list[tuple[date | None, date | None]]) -> BirthDate:
    """Return a birth date with the days of its text and of its dates: a printed circa is wider than its dates."""
    read = birth_date(value)
    first = min((d for d in (read.first, *(s[0] for s in spans)) if d), default=None)
    last = max((d for d in (read.last, *(s[1] for s in spans)) if d), default=None)
    return BirthDate(value, first, last)


def _paper(fields: Fields) -> list[Identifier]:
    label, number, issuer = fields.text("type"), fields.text("documentNumber"), fields.text("issuingCountry")
    fields.skip(
        "name", "isValid", "comments", "issueDate", "expirationDate", "issuingLocation", "issuingAuthority", "isPrimary"
    )
    bare = number.removeprefix("IMO ").strip()  # a vessel's number stands under `Vessel Registration Identification`
    kind = identifier_kind(label) if bare == number else "imo"
    return [Identifier(kind, bare, country_code(issuer), label)] if number else []
