"""Listings as FollowTheMoney entities, and FollowTheMoney examples as questions about names.

Source: the FollowTheMoney model (schemata and properties).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import product

from openembargo.lists.entry import BirthDate, Entry
from openembargo.lists.followthemoney import NATIONS, NUMBERS
from openembargo.lists.printed import country_code
from openembargo.screening.births import span
from openembargo.screening.hits import Query
from openembargo.terms.countries import country_codes

Plain = dict[str, object]
Properties = Mapping[str, Sequence[str]]

SCHEMA = {"person": "Person", "entity": "Organization", "vessel": "Vessel", "aircraft": "Airplane"}
"""Schema of a kind; lists do not tell companies from other organisations."""
KIND = {
    "Person": "person", "Organization": "entity", "Company": "entity", "PublicBody": "entity", "Vessel": "vessel",
    "Airplane": "aircraft", "LegalEntity": "", "Thing": "", "Vehicle": "", "Asset": "", "CryptoWallet": "",
}  # fmt: skip
"""Kind of a schema that can be looked for; empty when it may be several."""
ABOVE = {
    "Person": ("LegalEntity", "Thing"),
    "Organization": ("Company", "PublicBody", "LegalEntity", "Thing"),
    "Vessel": ("Vehicle", "Asset", "Thing"),
    "Airplane": ("Vehicle", "Asset", "Thing"),
}
"""Schemata that a listing may be asked for by, beside its own."""
OF_LEGAL = {
    "national_id": "idNumber", "registration": "registrationNumber", "tax": "taxNumber", "bic": "swiftBic",
    "lei": "leiCode", "website": "website", "email": "email", "phone": "phone",
}  # fmt: skip
PROPERTY = {
    "person": {**OF_LEGAL, "passport": "passportNumber"},
    "entity": OF_LEGAL,
    "vessel": {"imo": "imoNumber", "mmsi": "mmsi", "call_sign": "callSign", "registration": "registrationNumber"},
    "aircraft": {"aircraft_serial": "serialNumber", "aircraft_tail": "registrationNumber", "registration": "registrationNumber"},
}  # fmt: skip
OTHER_NUMBER = {
    "person": "idNumber",
    "entity": "idNumber",
    "vessel": "registrationNumber",
    "aircraft": "registrationNumber",
}
NATION = {"person": "nationality", "entity": "country", "vessel": "flag", "aircraft": "country"}
NAMES = ("name", "alias", "previousName", "weakAlias")
MOST_WAYS = 60
MOST_YEARS = 5


def entity_id(list_id: str, ref: str) -> str:
    """Return the id of a listing as an entity."""
    return f"{list_id}:{ref}"


def entity_of(entry: Entry, list_id: str, authority: str, official: bool) -> Plain:
    """Return a listing as an entity, with its listing nested in it.

    Args:
        entry: The listing.
        list_id: Its list.
        authority: Who publishes it.
        official: Whether it is an official list, rather than a watch list of the user's own.
    """
    ident = entity_id(list_id, entry.id)
    changed = max((*entry.amended_on, *([entry.listed_on] if entry.listed_on else [])), default=None)
    plain: Plain = {
        "id": ident, "caption": entry.name, "schema": SCHEMA[entry.kind], "datasets": [list_id], "referents": [],
        "target": True, "first_seen": _time(entry.listed_on), "last_seen": None, "last_change": _time(changed),
    }  # fmt: skip
    properties = _properties(entry)
    properties["topics"] = ["sanction" if official else "poi"]
    properties["sanctions"] = [_sanction(entry, ident, list_id, authority)]
    plain["properties"] = properties
    return plain


def _properties(entry: Entry) -> dict[str, list[object]]:
    held: dict[str, list[object]] = {}

    def put(name: str, *values: str) -> None:
        for value in values:
            if value and value not in held.setdefault(name, []):
                held[name].append(value)

    put("name", entry.name)
    for name in entry.names[1:]:
        put("weakAlias" if name.quality == "low" else "alias", name.text)
    for birth in entry.births:
        put("birthDate", *_birth_dates(birth))
    if entry.kind == "person":
        put("birthPlace", *entry.birth_places)
        put("gender", entry.gender)
        put("position", *entry.titles)
    put(NATION[entry.kind], *(code.lower() for code in entry.countries))
    for number in entry.identifiers:
        put(PROPERTY[entry.kind].get(number.kind, OTHER_NUMBER[entry.kind]), number.value)
    put("address", *(address.text for address in entry.addresses))
    put("notes", entry.remarks, *entry.refs)
    return {name: values for name, values in held.items() if values}


def _birth_dates(birth: BirthDate) -> list[str]:
    first, last = birth.first, birth.last
    if first is None or last is None:
        return []
    if first == last:
        return [first.isoformat()]
    if (first.year, first.month) == (last.year, last.month):
        return [first.isoformat()[:7]]
    years = range(first.year, last.year + 1)
    return [str(year) for year in years] if len(years) <= MOST_YEARS else []


def _sanction(entry: Entry, ident: str, list_id: str, authority: str) -> Plain:
    listed = [entry.listed_on.isoformat()] if entry.listed_on else []
    properties = {
        "entity": [ident], "authority": [authority], "program": list(entry.programmes), "authorityId": [entry.id],
        "listingDate": listed, "startDate": listed,
        "endDate": [entry.delisted_on.isoformat()] if entry.delisted_on else [],
    }  # fmt: skip
    return {
        "id": f"{ident}:listing", "caption": f"Listing {entry.id}", "schema": "Sanction", "datasets": [list_id],
        "referents": [], "target": False, "first_seen": None, "last_seen": None, "last_change": None,
        "properties": {name: values for name, values in properties.items() if values},
    }  # fmt: skip


def _time(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00" if day else None


def is_a(entity: Plain, schema: str) -> bool:
    """Tell whether an entity may be meant by a schema."""
    own = str(entity["schema"])
    return schema == own or schema in ABOVE[own]


class NoQuestion(ValueError):  # noqa: N818 - the state
    """An example that cannot be looked for, and why."""


def queries_of(schema: str, properties: Properties) -> tuple[Query, ...]:
    """Return the questions that an example asks: each of its names with each of its birth dates and countries.

    Raises:
        NoQuestion: A schema that is no party, nothing to look for, or too many ways to ask.
    """
    if schema not in KIND:
        raise NoQuestion(f"schema {schema!r} is no party that is listed; one of {', '.join(KIND)}")
    names = _texts(properties, *NAMES)
    if not names:
        names = _whole_names(properties)
    numbers = tuple((kind, value) for name, kind in NUMBERS.items() for value in _texts(properties, name))
    names = [name for name in names if any(letter.isalnum() for letter in name)]
    if not names and not numbers:
        raise NoQuestion("nothing to look for: a name, or a number such as imoNumber, passportNumber or swiftBic")
    births = [text for text in _texts(properties, "birthDate") if span(text) is not None]
    countries = _nations(properties)
    ways = list(product(names or [""], births or [""], countries or [""]))
    if len(ways) > MOST_WAYS:
        raise NoQuestion(f"{len(ways)} ways to combine names, birth dates and countries; at most {MOST_WAYS}")
    return tuple(Query(name, KIND[schema], born, country, numbers) for name, born, country in ways)


def _whole_names(properties: Properties) -> list[str]:
    parts = [_texts(properties, name) for name in ("firstName", "secondName", "middleName", "lastName")]
    whole = " ".join(part[0] for part in parts if part)
    return [whole] if whole else []


def _nations(properties: Properties) -> list[str]:
    found = []
    for text in _texts(properties, *NATIONS):
        code = text.upper() if text.upper() in country_codes() else country_code(text)
        if code:
            found.append(code)
    return list(dict.fromkeys(found))


def _texts(properties: Properties, *names: str) -> list[str]:
    found: Iterable[str] = (text.strip() for name in names for text in properties.get(name, ()))
    return list(dict.fromkeys(text for text in found if text))
