"""OFAC's lists in the advanced XML format (SDN_ADVANCED.XML, CONS_ADVANCED.XML).

Everything refers to something by a number; a number that leads nowhere is an error. Source: the published schema
sdn_advanced.xsd. No whole file of this format was at hand; it is tested with small files that follow the schema.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from xml.etree.ElementTree import Element

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, BirthDate, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import CIRCA_YEARS, country_code, identifier_kind
from openembargo.lists.xml_tree import local, root_of, text_of
from openembargo.terms.errors import Mistake

LAST_MONTH = 12
SECTIONS = (
    "DateOfIssue",
    "ReferenceValueSets",
    "Locations",
    "IDRegDocuments",
    "DistinctParties",
    "ProfileRelationships",
    "SanctionsEntries",
    "SanctionsEntryLinks",
)
NATIONS = ("Nationality Country", "Citizenship Country", "Vessel Flag", "VESSEL FLAG", "Nationality of Registration")


class _File:
    """A file's sections and reference values."""

    def __init__(self, root: Element, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        self.sections = {name: Element(name) for name in SECTIONS}
        for child in root:
            if local(child.tag) not in SECTIONS:
                mistakes.append(
                    Mistake("Sanctions", f"unknown element <{local(child.tag)}>", f"known here: {', '.join(SECTIONS)}")
                )
            self.sections[local(child.tag)] = child
        self.values: dict[tuple[str, str], str] = {}
        self.types: dict[str, str] = {}
        for value_set in self.sections["ReferenceValueSets"]:
            for value in value_set:
                self.values[local(value.tag), value.get("ID", "")] = text_of(value)
                if local(value.tag) == "PartySubType":
                    self.types[value.get("ID", "")] = value.get("PartyTypeID", "")
        self.locations = {place.get("ID", ""): place for place in self.sections["Locations"]}

    def value(self, name: str, ref: str, where: str) -> str:
        """Return a reference value; a missing one is a mistake."""
        found = self.values.get((name, ref))
        if found is None:
            self.mistakes.append(
                Mistake(
                    where, f"{name} {ref!r} is not among the reference values", "a file whose references lead somewhere"
                )
            )
        return found or ""


def read(content: bytes, list_id: str = "us.ofac.sdn") -> Publication:
    """Read the file.

    Raises:
        SourceError: Not this format, cut short, or a reference that leads nowhere.
    """
    mistakes: list[Mistake] = []
    file = _File(root_of(content, "OFAC advanced XML", ("Sanctions",)), mistakes)
    listings = _listings(file)
    papers: dict[str, list[Identifier]] = {}
    for document in file.sections["IDRegDocuments"]:
        for number in _paper(file, document):
            papers.setdefault(document.get("IdentityID", ""), []).append(number)
    entries = [_party(file, party, listings, papers) for party in file.sections["DistinctParties"]]
    _astray(file, "Profile", listings)
    _astray(file, "Identity", papers)
    return published(list_id, _point(file.sections["DateOfIssue"], last=False), entries, (), mistakes)


def _children(element: Element, *path: str) -> Iterator[Element]:
    if not path:
        yield element
        return
    for child in element:
        if local(child.tag) == path[0]:
            yield from _children(child, *path[1:])


def _text(element: Element, *path: str) -> str:
    return next((text_of(e) for e in _children(element, *path)), "")


def _listings(file: _File) -> dict[str, tuple[date | None, list[str]]]:
    """Return, by profile, the first day of listing and the programmes."""
    found: dict[str, tuple[date | None, list[str]]] = {}
    for entry in file.sections["SanctionsEntries"]:
        days = [d for event in _children(entry, "EntryEvent", "Date") if (d := _point(event, last=False))]
        programmes = [t for m in _children(entry, "SanctionsMeasure", "Comment") if (t := text_of(m))]
        before, held = found.get(entry.get("ProfileID", ""), (None, []))
        first = min([*days, *([before] if before else [])], default=None)
        found[entry.get("ProfileID", "")] = (first, [*held, *programmes])
    return found


def _astray(file: _File, name: str, refs: Iterable[str]) -> None:
    """Record a mistake for every profile or identity that a listing or document names and no party has."""
    paths = {"Profile": ("Profile",), "Identity": ("Profile", "Identity")}
    held = {e.get("ID", "") for e in _children(file.sections["DistinctParties"], "DistinctParty", *paths[name])}
    file.mistakes.extend(
        Mistake("DistinctParties", f"{name} {ref!r} is not in the file", "a file whose references lead somewhere")
        for ref in sorted(set(refs) - held)
    )


def _paper(file: _File, document: Element) -> list[Identifier]:
    where = f"document {document.get('ID', '')}"
    label = file.value("IDRegDocType", document.get("IDRegDocTypeID", ""), where)
    number = _text(document, "IDRegistrationNo")
    issuer = document.get("IssuedBy-CountryID", "")
    country = country_code(file.value("Country", issuer, where)) if issuer else ""
    bare = number.removeprefix("IMO ").strip()  # a vessel's number stands under `Vessel Registration Identification`
    kind = identifier_kind(label) if bare == number else "imo"
    return [Identifier(kind, bare, country, label)] if number else []


def _party(
    file: _File, party: Element, listings: dict[str, tuple[date | None, list[str]]], papers: dict[str, list[Identifier]]
) -> Entry:
    ref = party.get("FixedRef", "")
    where = f"record {ref}"
    names: list[ListedName] = []
    numbers: list[Identifier] = []
    kind, listed_on = "entity", None
    programmes: list[str] = []
    held = _Features()
    for profile in _children(party, "Profile"):
        kind = _kind(file, profile, where)
        listed_on, programmes = listings.get(profile.get("ID", ""), (None, []))
        for identity in _children(profile, "Identity"):
            numbers += papers.get(identity.get("ID", ""), [])
            names += _names(file, identity, where)
        for feature in _children(profile, "Feature"):
            held.add(file, feature, where)
    names.sort(key=lambda name: name.quality != "primary")
    codes = [country_code(n) for n in held.nations] or [a.country for a in held.addresses]
    return Entry(
        id=ref, kind=kind, names=tuple(dict.fromkeys(n for n in names if n.text)), programmes=tuple(dict.fromkeys(programmes)), births=tuple(held.births), birth_places=tuple(held.places),
        countries=tuple(dict.fromkeys(c for c in codes if c)), nationalities=tuple(held.nations), gender=held.gender, titles=tuple(held.titles), identifiers=tuple(dict.fromkeys([*numbers, *held.numbers])),
        addresses=tuple(held.addresses), listed_on=listed_on,
    )  # fmt: skip


def _kind(file: _File, profile: Element, where: str) -> str:
    sub = profile.get("PartySubTypeID", "")
    words = (
        f"{file.value('PartySubType', sub, where)} {file.value('PartyType', file.types.get(sub, ''), where)}".lower()
    )
    return next(
        (
            kind
            for mark, kind in (("vessel", "vessel"), ("aircraft", "aircraft"), ("individual", "person"))
            if mark in words
        ),
        "entity",
    )


def _names(file: _File, identity: Element, where: str) -> list[ListedName]:
    family_groups = {
        group.get("ID", "")
        for group in _children(identity, "NamePartGroups", "MasterNamePartGroup", "NamePartGroup")
        if "last name" in file.value("NamePartType", group.get("NamePartTypeID", ""), where).lower()
    }
    found = []
    for alias in _children(identity, "Alias"):
        primary, low = alias.get("Primary") == "true", alias.get("LowQuality") == "true"
        for documented in _children(alias, "DocumentedName"):
            parts = [
                (v.get("NamePartGroupID", ""), text_of(v))
                for v in _children(documented, "DocumentedNamePart", "NamePartValue")
            ]
            family = " ".join(text for group, text in parts if group in family_groups)
            other = " ".join(text for group, text in parts if group not in family_groups)
            text = f"{family}, {other}" if family and other else family or other
            found.append(ListedName(text, "primary" if primary else "low" if low else "good", family))
    first = next((i for i, n in enumerate(found) if n.quality == "primary"), None)
    return [
        n if n.quality != "primary" or i == first else ListedName(n.text, "good", n.family) for i, n in enumerate(found)
    ]


class _Features:
    """What the features of a party say."""

    def __init__(self) -> None:
        self.births: list[BirthDate] = []
        self.places: list[str] = []
        self.nations: list[str] = []
        self.titles: list[str] = []
        self.numbers: list[Identifier] = []
        self.addresses: list[Address] = []
        self.gender = ""

    def add(self, file: _File, feature: Element, where: str) -> None:
        """Take one feature with all its versions."""
        name = file.value("FeatureType", feature.get("FeatureTypeID", ""), where)
        for version in _children(feature, "FeatureVersion"):
            said = _detail(file, version, where)
            if name == "Birthdate":
                self.births += [b for period in _children(version, "DatePeriod") if (b := _birth(period))]
            elif name == "Place of Birth":
                self.places += [said] if said else []
            elif name in NATIONS:
                self.nations += [p for p in [_place(file, version, where)[0] or said] if p]
            elif name == "Gender":
                self.gender = said.lower()
            elif name == "Location":
                text, country = _place(file, version, where)
                self.addresses += [Address(text, country)] if text else []
            elif name == "Title":
                self.titles.append(said)
            elif said:
                self.numbers += (
                    [Identifier(kind, said, note=name)] if (kind := identifier_kind(name)) != "other" else []
                )


def _detail(file: _File, version: Element, where: str) -> str:
    for detail in _children(version, "VersionDetail"):
        ref = detail.get("DetailReferenceID", "")
        return text_of(detail) or (file.value("DetailReference", ref, where) if ref else "")
    return ""


def _place(file: _File, version: Element, where: str) -> tuple[str, str]:
    for reference in _children(version, "VersionLocation"):
        place = file.locations.get(reference.get("LocationID", ""))
        if place is None:
            file.mistakes.append(
                Mistake(
                    where,
                    f"location {reference.get('LocationID', '')!r} is not in the file",
                    "a file whose references lead somewhere",
                )
            )
            continue
        parts = [t for v in _children(place, "LocationPart", "LocationPartValue", "Value") if (t := text_of(v))]
        countries = [file.value("Country", c.get("CountryID", ""), where) for c in _children(place, "LocationCountry")]
        return ", ".join([*parts, *countries]), country_code(countries[0]) if countries else ""
    return "", ""


def _birth(period: Element) -> BirthDate | None:
    starts = [d for p in _children(period, "Start", "From") if (d := _point(p, last=False))]
    ends = [
        d
        for side in (("End", "To"), ("End", "From"), ("Start", "To"))
        for p in _children(period, *side)
        if (d := _point(p, last=True))
    ]
    if not starts:
        return None
    first, last = starts[0], max([*ends, starts[0]])
    printed = first.isoformat() if first == last else f"{first} to {last}"
    if not any(b.get("Approximate") == "true" for n in ("Start", "End") for b in _children(period, n)):
        return BirthDate(printed, first, last)
    return BirthDate(f"circa {printed}", date(first.year - CIRCA_YEARS, 1, 1), date(last.year + CIRCA_YEARS, 12, 31))


def _point(point: Element, last: bool) -> date | None:
    """Return a day of year, month and day; a missing month or day means the first, or the last."""
    year, month, of_month = (_text(point, n) for n in ("Year", "Month", "Day"))
    if not year.isdigit():
        return None
    try:
        first = date(int(year), int(month or (LAST_MONTH if last else 1)), int(of_month or 1))
    except ValueError:
        return None
    return first.replace(day=monthrange(first.year, first.month)[1]) if last and not of_month else first
