"""FollowTheMoney entities as JSON lines, plain or nested: the way to load data from an OpenSanctions licence.

Parties are read with the identifications, addresses and sanctions that point to them; edges between parties are not.
Source: the FollowTheMoney model (schemata and properties).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from openembargo.lists.checking import published
from openembargo.lists.entry import Address, Entry, Identifier, ListedName, Publication
from openembargo.lists.printed import birth_date, country_code, day
from openembargo.terms.errors import Mistake

PARTIES = {
    "Person": "person", "LegalEntity": "entity", "Organization": "entity", "Company": "entity", "PublicBody": "entity", "Vessel": "vessel", "Airplane": "aircraft", "CryptoWallet": "", "Asset": "",
}  # fmt: skip
"""Schema -> kind of party; an empty kind is not a party that is screened by name."""
BESIDE = frozenset({"Address", "Identification", "Passport", "Sanction"})
EDGES = frozenset(
    [
        "Associate",
        "Family",
        "Ownership",
        "Directorship",
        "Membership",
        "Employment",
        "Representation",
        "UnknownLink",
        "Succession",
        "Debt",
        "Occupancy",
        "Position",
        "ProjectParticipant",
        "Interest",
        "Similar",
        "Documentation",
        "Security",
        "Event",
        "Trip",
        "Article",
        "Mention",
        "Note",
        "Value",
        "Thing",
        "Interval",
        "Vehicle",
        "RealEstate",
        "License",
        "Permit",
        "Payment",
        "BankAccount",
        "Contract",
        "ContractAward",
        "Project",
        "Call",
        "Message",
        "Analyzable",
        "Document",
    ]
)
NUMBERS = {"imoNumber": "imo", "mmsi": "mmsi", "callSign": "call_sign", "swiftBic": "bic", "leiCode": "lei", "registrationNumber": "registration", "ogrnCode": "registration", "uscCode": "registration", "taxNumber": "tax", "innCode": "tax", "vatCode": "tax", "passportNumber": "passport", "idNumber": "national_id", "socialSecurityNumber": "national_id", "serialNumber": "aircraft_serial", "website": "website", "email": "email", "phone": "phone", "publicKey": "wallet"}  # fmt: skip
NATIONS = ("nationality", "citizenship", "flag", "country", "jurisdiction", "mainCountry")
Properties = Mapping[str, Sequence[Any]]


def read(content: bytes, list_id: str) -> Publication:
    """Read a file of one entity a line.

    Raises:
        SourceError: A line that is not an entity, or a schema that the model does not have; all at once.
    """
    parties: dict[str, tuple[str, Properties]] = {}
    beside: list[tuple[str, Properties]] = []
    mistakes: list[Mistake] = []
    for number, line in enumerate(content.decode("utf-8-sig", errors="replace").splitlines(), 1):
        if not line.strip():
            continue
        entity = _entity(line, f"{list_id} line {number}", mistakes)
        if entity is None:
            continue
        schema = entity["schema"]
        if PARTIES.get(schema):
            if entity["id"] in parties:
                mistakes.append(
                    Mistake(f"{list_id} line {number}", f"entity {entity['id']} stands twice", "one line an entity")
                )
            parties[entity["id"]] = (schema, entity["properties"])
        elif schema in BESIDE:
            beside.append((schema, entity["properties"]))
        elif schema not in EDGES and schema not in PARTIES:
            mistakes.append(
                Mistake(
                    f"{list_id} line {number}",
                    f"schema {schema!r}",
                    f"a party ({', '.join(k for k, v in PARTIES.items() if v)}), {', '.join(sorted(BESIDE))}, or an edge of the model",
                )
            )
    held: dict[str, list[tuple[str, Properties]]] = {}
    for schema, properties in beside:
        for holder in [*properties.get("holder", ()), *properties.get("entity", ())]:
            held.setdefault(holder if isinstance(holder, str) else str(holder.get("id", "")), []).append(
                (schema, properties)
            )
    entries = [_party(ref, schema, properties, held.get(ref, [])) for ref, (schema, properties) in parties.items()]
    return published(
        list_id, None, [e for e in entries if e.names], [f"{e.id}: no name" for e in entries if not e.names], mistakes
    )


def _entity(line: str, where: str, mistakes: list[Mistake]) -> dict[str, Any] | None:
    try:
        entity = json.loads(line)
    except ValueError as error:
        mistakes.append(
            Mistake(where, f"not JSON ({error})", "one FollowTheMoney entity a line; is the file cut short?")
        )
        return None
    whole = isinstance(entity, dict) and isinstance(entity.get("id"), str) and isinstance(entity.get("schema"), str)
    properties = entity.get("properties") if isinstance(entity, dict) else None
    if not whole or not isinstance(properties, dict) or not all(isinstance(v, list) for v in properties.values()):
        mistakes.append(
            Mistake(where, "not an entity", "an object with id, schema and properties, each property a list")
        )
        return None
    return dict(entity)


def _texts(properties: Properties, *names: str) -> list[str]:
    return list(dict.fromkeys(v for name in names for v in properties.get(name, ()) if isinstance(v, str) and v))


def _nested(properties: Properties, name: str) -> list[Properties]:
    return [
        v["properties"]
        for v in properties.get(name, ())
        if isinstance(v, dict) and isinstance(v.get("properties"), dict)
    ]


def _party(ref: str, schema: str, properties: Properties, beside: list[tuple[str, Properties]]) -> Entry:
    sanctions = [*(p for s, p in beside if s == "Sanction"), *_nested(properties, "sanctions")]
    papers = [
        *(p for s, p in beside if s in ("Identification", "Passport")),
        *_nested(properties, "identificiation"),
        *_nested(properties, "passport"),
        *_nested(properties, "identification"),
    ]
    places = [*(p for s, p in beside if s == "Address"), *_nested(properties, "addressEntity")]
    names = [ListedName(t, "primary" if not place else "good") for place, t in enumerate(_texts(properties, "name"))]
    names += [ListedName(t, "good") for t in _texts(properties, "alias", "previousName")] + [
        ListedName(t, "low") for t in _texts(properties, "weakAlias")
    ]
    nations = [n.upper() if len(n) == 2 else country_code(n) for n in _texts(properties, *NATIONS)]  # noqa: PLR2004 - a code of two letters
    numbers = [Identifier(kind, value) for name, kind in NUMBERS.items() for value in _texts(properties, name)]
    numbers += [
        Identifier(
            "passport" if "passport" in " ".join(_texts(p, "type")).lower() else "other",
            v,
            note=" ".join(_texts(p, "type")),
        )
        for p in papers
        for v in _texts(p, "number", "passportNumber")
    ]
    starts = [d for p in sanctions for t in _texts(p, "startDate", "listingDate") if (d := day(t))]
    ends = [d for p in sanctions for t in _texts(p, "endDate") if (d := day(t))]
    addresses = [Address(t) for t in _texts(properties, "address")] + [
        Address(t) for p in places for t in _texts(p, "full")
    ]
    return Entry(
        id=ref, kind=PARTIES[schema], names=tuple(dict.fromkeys(names)), programmes=tuple(dict.fromkeys([*_texts(properties, "programId", "topics"), *(t for p in sanctions for t in _texts(p, "program", "programId"))])),
        births=tuple(birth_date(t) for t in _texts(properties, "birthDate")), birth_places=tuple(_texts(properties, "birthPlace")), countries=tuple(dict.fromkeys(n for n in nations if n)), nationalities=tuple(_texts(properties, "nationality", "citizenship", "flag")),
        gender=next(iter(_texts(properties, "gender")), ""), titles=tuple(_texts(properties, "title", "position")), identifiers=tuple(dict.fromkeys(numbers)), addresses=tuple(dict.fromkeys(addresses)),
        listed_on=min(starts, default=None), delisted_on=max(ends) if ends and len(ends) == len(sanctions) else None, remarks=" ".join(_texts(properties, "notes")),
    )  # fmt: skip
