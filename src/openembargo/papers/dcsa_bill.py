"""Bill of lading as JSON, in the shape of the Digital Container Shipping Association: one deal a document.

Source: DCSA Bill of Lading 2.0 and 3.0, transport document (issued bills and sea waybills). Both shapes are taken: parties by name
of their part (3.0) or as a list with functions (2.0), places in `transports` (3.0) or as `shipmentLocations` (2.0).
"""

import re
from datetime import date

from openembargo.terms.errors import Mistake, SourceError

from .addresses import country_of_address
from .draft import Draft, DraftRow, paper_of
from .edifact_parts import ROLES as FUNCTIONS
from .edifact_parts import TO_ORDER
from .goods_words import put_imo, put_words
from .json_paper import JsonNode, json_node, leave_the_rest, wrong
from .paper import Paper
from .places import Gazetteer
from .route import Stop, Way
from .units import REC20

FORM = ("dcsa.bill", "DCSA bill of lading (JSON)")
KEYS = re.compile(
    rb'"(?:transportDocumentReference|transportDocumentTypeCode|shippingInstructionsReference|documentParties|consignmentItems)"'
)
MANDATORY = ("transportDocumentReference", "documentParties", "consignmentItems")
PARTS = {
    "shipper": "shipper",
    "consignee": "consignee",
    "endorsee": "recipient",
    "issueTo": "recipient",
    "seller": "seller",
    "buyer": "buyer",
    "notifyParties": "recipient",
    "shippingAgent": "agent",
}
"""Roles by the name of a part (3.0). A party of any other part or function is an agent: it is screened all the same."""
DAYS = (
    ("shippedOnBoardDate", "day on which the goods were shipped on board"),
    ("receivedForShipmentDate", "day on which the goods were received for shipment"),
    ("issueDate", "day of issue"),
)
TRANSPORTS = {
    "placeOfReceipt": "begins",
    "portOfLoading": "loaded",
    "portOfDischarge": "landed",
    "placeOfDelivery": "ends",
}
LOCATIONS = {"PRE": "begins", "POL": "loaded", "POD": "landed", "PDE": "ends"}
TARIFF = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,3}")
LEI_ISSUER = "GLEIF"
TOGETHER = 2
"""A name in one place and a number in another are one ship where there are no others."""


def is_it(head: bytes, name: str) -> bool:
    """Tell a DCSA bill by the keys of its first bytes."""
    plain = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").lstrip()
    return plain[:1] in (b"{", b"[") and KEYS.search(plain) is not None


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the transport documents of a file.

    Raises:
        SourceError: When it is no whole JSON, or something mandatory is missing or not as prescribed.
    """
    root, note = json_node(content, source)
    documents = list(root.inner()) if isinstance(root.value, list) else [root]
    if not documents:
        raise SourceError([Mistake(source, "holds no document", "a transport document")])
    drafts: list[Draft] = []
    for document in documents:
        draft = Draft(source, gazetteer, len(drafts))
        drafts.append(draft)
        if not isinstance(document.value, dict):
            wrong(draft, document, "a transport document: a JSON object")
            continue
        _document(draft, document)
    leave_the_rest(drafts[-1], root)
    return paper_of(source, FORM, drafts, (note,) if note else ())


def _document(draft: Draft, node: JsonNode) -> None:
    draft.mistakes += [
        Mistake(f"{draft.source}: {node.pointer or '/'}", f"no {name}", "it is mandatory")
        for name in MANDATORY
        if not node.each(name)
    ]
    number = node.get("transportDocumentReference")
    if number:
        draft.top.put("id", number.text(draft), number.origin())
    draft.top.put("conduct", ["carry_cargo"], node.origin("goods that are carried", "bill of lading"))
    _day(draft, node)
    _parties(draft, node)
    _vessels(draft, node)
    _route(draft, node)
    for item in node.each("consignmentItems"):
        _item(draft, item)


def _day(draft: Draft, node: JsonNode) -> None:
    for name, how in DAYS:
        day = node.get(name)
        if day is None:
            continue
        printed = day.text(draft)
        try:
            draft.top.put("on", date.fromisoformat(printed[:10]), day.origin(how))
        except ValueError:
            wrong(draft, day, "a day such as 2018-05-20")
        return


def _parties(draft: Draft, node: JsonNode) -> None:
    named = node.get("documentParties")
    if named is None:
        return
    if isinstance(named.value, list):
        for one in named.inner():
            _by_function(draft, one)
    else:
        for part in named.inner():
            name = part.pointer.rpartition("/")[2]
            for party in named.each(name):
                if name == "other":
                    _by_function(draft, party)
                else:
                    _party(draft, PARTS.get(name, "agent"), party)
    for name, role in (("issuingParty", "carrier"), ("carrierParty", "carrier")):
        for party in node.each(name):
            _party(draft, role, party)
    if not any(row.cells.get("role") == "consignee" for row in draft.rows("party")):
        draft.ask("party", "Who receives the goods? The bill names no consignee.", named.origin())


def _by_function(draft: Draft, node: JsonNode) -> None:
    role = FUNCTIONS.get(node.said(draft, "partyFunction"), "agent")
    _party(draft, role, node.get("party") or node, node)


def _party(draft: Draft, role: str, node: JsonNode, around: JsonNode | None = None) -> None:
    if not isinstance(node.value, dict):
        wrong(draft, node, "a party: a JSON object")
        return
    name = node.get("partyName")
    said = name.text(draft) if name else ""
    ordered = TO_ORDER.match(said)
    if ordered and not ordered.group(1):
        said = ""
    if not said:
        draft.ask("party", f"Who is the {role}? The bill names nobody.", node.origin())
        return
    assert name is not None
    row = draft.add("party")
    row.put("role", role, node.origin("what the part means", role))
    row.put("name", ordered.group(1) if ordered else said, name.origin())
    for code in node.each("identifyingCodes"):
        if code.said(draft, "codeListProvider") == LEI_ISSUER or code.said(draft, "DCSAResponsibleAgencyCode") == "LEI":
            lei = code.get("partyCode")
            if lei:
                row.put("lei", lei.text(draft), lei.origin())
    _address(draft, row, node, around)


def _address(draft: Draft, row: DraftRow, node: JsonNode, around: JsonNode | None) -> None:
    for path in (("address", "countryCode"), ("address", "country"), ("partyAddress", "countryCode")):
        land = node.get(*path)
        code = draft.gazetteer.country(land.text(draft)) if land else ""
        if land and code:
            row.put("located_in", code, land.origin("country of the address"))
            return
    lines = [*node.each("displayedAddress"), *(around.each("displayedAddress") if around else [])]
    text = "\n".join(line.text(draft) for line in lines)
    found = country_of_address(draft.gazetteer, text)
    if found:
        row.put("located_in", found, lines[0].origin("country of the address"))
    elif text.strip() or node.get("address"):
        draft.ask(f"{row.path}.located_in", "In which country is this address?", (lines or [node])[0].origin())


def _vessels(draft: Draft, node: JsonNode) -> None:
    """Put the ships: of the document, of its transports, of their voyages; each name or number once."""
    places = [node, *node.each("vessel"), *node.each("vesselVoyages"), *node.each("vesselVoyage")]
    for transport in node.each("transports"):
        places += [transport, *transport.each("vessel")]
        places += [*transport.each("vesselVoyages"), *transport.each("vesselVoyage")]
    ships: list[list[JsonNode | None]] = []
    seen: set[str] = set()
    for place in places:
        ship = [place.get("vesselName") or _own_name(place), place.get("vesselIMONumber"), place.get("vesselFlag")]
        told = repr([part.value if part else None for part in ship[:2]])
        if any(ship[:2]) and told not in seen:
            seen.add(told)
            ships.append(ship)
    if len(ships) == TOGETHER and all(a is None or b is None for a, b in zip(*ships, strict=True)):
        ships = [[a or b for a, b in zip(*ships, strict=True)]]
    for name, number, flag in ships:
        _ship(draft, name, number, flag)


def _ship(draft: Draft, name: JsonNode | None, number: JsonNode | None, flag: JsonNode | None) -> None:
    row = draft.add("vessel")
    if name:
        row.put("name", name.text(draft), name.origin())
    said = number.text(draft) if number else ""
    if number and re.fullmatch(r"(?:IMO)?\s*[0-9]{7}", said, re.ASCII):
        put_imo(draft, row, said, number.origin())
    elif number:
        wrong(draft, number, "an IMO number of seven digits")
    code = draft.gazetteer.country(flag.text(draft)) if flag else ""
    if flag and code:
        row.put("flag", code, flag.origin("flag of the ship"))


def _own_name(place: JsonNode) -> JsonNode | None:
    return place.get("name") if place.pointer.endswith("/vessel") else None


def _route(draft: Draft, node: JsonNode) -> None:
    way = Way()
    for transport in (node, *node.each("transports")):
        for name, held in TRANSPORTS.items():
            _add(draft, getattr(way, held), transport.get(name))
    for one in node.each("shipmentLocations"):
        kind = LOCATIONS.get(one.said(draft, "locationTypeCode") or one.said(draft, "shipmentLocationTypeCode"))
        if kind:
            _add(draft, getattr(way, kind), one.get("location") or one)
    way.put(draft)
    if way.loaded or way.landed:
        first = (way.loaded + way.landed)[0]
        draft.section("route").put("mode", "sea", first.origin)


def _add(draft: Draft, held: list[Stop], node: JsonNode | None) -> None:
    if node is None:
        return
    if not isinstance(node.value, dict):
        wrong(draft, node, "a place: a JSON object")
        return
    code = node.said(draft, "UNLocationCode") or node.said(draft, "facility", "UNLocationCode")
    name = node.said(draft, "locationName") or node.said(draft, "address", "city")
    country = draft.gazetteer.country(
        node.said(draft, "address", "countryCode") or node.said(draft, "address", "country")
    )
    if code or name or country:
        held.append(Stop(node.origin(text=name or code or country), code, name, country))


def _item(draft: Draft, node: JsonNode) -> None:
    if not isinstance(node.value, dict):
        wrong(draft, node, "a consignment item: a JSON object")
        return
    row = draft.add("goods")
    lines = node.each("descriptionOfGoods")
    text = " ".join(line.text(draft) for line in lines)
    if text.strip():
        row.put("description", " ".join(text.split()), lines[0].origin(text=text))
    codes = [code for name in ("HSCodes", "HSCode") for code in node.each(name)]
    _tariff(draft, row, codes)
    _weight(draft, row, node)
    if text.strip():
        put_words(draft, row, text, lines[0].origin(text=text))


def _tariff(draft: Draft, row: DraftRow, nodes: list[JsonNode]) -> None:
    """Put the tariff code; several of one item are asked, for one line has one."""
    codes: dict[str, JsonNode] = {}
    for node in nodes:
        digits = re.sub(r"[. ]", "", node.text(draft))
        if TARIFF.fullmatch(digits):
            codes.setdefault(digits, node)
        else:
            wrong(draft, node, "a tariff code of 4, 6, 8 or 10 digits")
    if len(codes) == 1:
        ((code, node),) = codes.items()
        row.put("hs", code, node.origin())
    elif codes:
        draft.ask(f"{row.path}.hs", "Which of these tariff codes has this line?", nodes[0].origin(), tuple(codes))


def _weight(draft: Draft, row: DraftRow, node: JsonNode) -> None:
    """Put the weight: net where it is told, else gross; of the item, else the sum of its cargo items."""
    for name, how in (("cargoNetWeight", "net weight"), ("cargoGrossWeight", "gross weight; no net weight is told")):
        single = node.get(name)
        held = [single] if single else [one for item in node.each("cargoItems") if (one := item.get(name))]
        parts = [(one.get("value"), one.said(draft, "unit"), one) for one in held]
        if _summed(draft, row, parts, how):
            return
    for place in ([node], node.each("cargoItems")):
        parts = [(one.get("weight"), one.said(draft, "weightUnit"), one) for one in place if one.get("weight")]
        if _summed(draft, row, parts, "weight"):
            return


def _summed(draft: Draft, row: DraftRow, parts: list[tuple[JsonNode | None, str, JsonNode]], how: str) -> bool:
    units = {unit for _, unit, _ in parts}
    if len(units) != 1 or not units <= set(REC20):
        return False
    (code,) = units
    amounts = [value.number(draft) if value else None for value, _, _ in parts]
    if None in amounts:
        return False
    total = sum((amount for amount in amounts if amount is not None), start=REC20[code].times * 0)
    said = how if len(parts) == 1 else f"{how}, sum of {len(parts)} cargo items"
    origin = parts[0][2].origin(said, f"{total} {code}")
    row.put("quantity", REC20[code].amount(total), origin)
    row.put("unit", REC20[code].name, origin)
    return True
