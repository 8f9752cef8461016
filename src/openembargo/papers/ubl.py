"""What UBL documents share: parties, places, goods, measures, amounts.

Source: OASIS Universal Business Language 2.1 (ISO/IEC 19845), common aggregate components. UBL is open: elements that are not
known are told, not refused; mandatory ones that are missing are mistakes.
"""

import re
from decimal import Decimal

from stdnum import imo

from openembargo.terms.errors import Mistake, SourceError
from openembargo.terms.origin import Origin

from .draft import Draft, DraftRow, paper_of
from .goods_words import put_imo, put_words
from .identities import put_bic
from .iso20022 import day_of, decimal_of
from .paper import Paper
from .places import Gazetteer
from .route import Stop
from .swift_parties import BIC
from .units import REC20
from .xml_paper import Node, leave_the_rest, root_node

SCHEMA = "urn:oasis:names:specification:ubl:schema:xsd:"
SHARED = (f"{SCHEMA}CommonAggregateComponents-2", f"{SCHEMA}CommonBasicComponents-2")
DOLLAR = "USD"
HARMONISED = re.compile(r"^(?:HS|HTS|HSC|CN|TARIC|CN8)\b|HARMONI[SZ]ED|TARIFF|\bHS\b", re.IGNORECASE)
TARIFF = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,3}")
LOCODE_SCHEMES = ("UN/LOCODE", "UNLOCODE", "LOCODE")
ROLES = {
    "AccountingSupplierParty": "seller",
    "SellerSupplierParty": "seller",
    "AccountingCustomerParty": "buyer",
    "BuyerCustomerParty": "buyer",
    "PayeeParty": "payee",
    "DespatchSupplierParty": "shipper",
    "DeliveryCustomerParty": "consignee",
    "OriginatorCustomerParty": "recipient",
    "ConsignorParty": "shipper",
    "ExporterParty": "shipper",
    "DespatchParty": "shipper",
    "ConsigneeParty": "consignee",
    "ImporterParty": "consignee",
    "DeliveryParty": "recipient",
    "FinalDeliveryParty": "recipient",
    "NotifyParty": "recipient",
    "CarrierParty": "carrier",
    "PerformingCarrierParty": "carrier",
    "SubstituteCarrierParty": "carrier",
}
"""Roles by element. A party in any other element is an agent: it is screened all the same."""


def is_document(head: bytes, name: str) -> bool:
    """Tell from the first bytes of a file whether its root is a UBL document of a name."""
    plain = re.sub(r"<!--.*?-->", "", head.replace(b"\x00", b"").decode("latin-1"), flags=re.DOTALL)
    root = re.search(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)", plain)
    return bool(root and root.group(1) == name and f"{SCHEMA}{name}-2" in plain)


def opened(content: bytes, source: str, names: tuple[str, ...]) -> Node:
    """Return the root of a UBL document.

    Raises:
        SourceError: When it is not whole and safe XML, or another document.
    """
    spaces = frozenset((*SHARED, *(f"{SCHEMA}{name}-2" for name in names)))
    root = root_node(content, source, spaces)
    if root.name not in names or root.namespace != f"{SCHEMA}{root.name}-2":
        found = f"the document is <{root.name}> of {root.namespace or 'no namespace'}"
        raise SourceError([Mistake(source, found, f"<{names[0]}> of {SCHEMA}{names[0]}-2")])
    return root


def begun(root: Node, source: str, gazetteer: Gazetteer, wanted: tuple[str, ...]) -> Draft:
    """Begin the deal of a document: number, day, notes. Every mandatory element that is missing is a mistake."""
    draft = Draft(source, gazetteer)
    require(draft, root, ("ID", "IssueDate", *wanted))
    number, day = root.first("ID"), root.first("IssueDate")
    if number and number.text:
        draft.top.put("id", number.text, number.origin())
    if day:
        found = day_of(day.text)
        if found is None:
            wrong(draft, day, "a day such as 2017-02-03")
        else:
            draft.top.put("on", found, day.origin("day of issue"))
    notes = [note for note in root.all("Note") if note.text]
    if notes:
        said = " / ".join(note.text for note in notes)
        draft.top.put("notes", said, Origin(notes[0].path, said))
    return draft


def finished(source: str, form: tuple[str, str], draft: Draft, root: Node) -> Paper:
    """Return the paper, with all that was not read.

    Raises:
        SourceError: With every mistake.
    """
    leave_the_rest(draft, root)
    return paper_of(source, form, [draft])


def require(draft: Draft, node: Node, names: tuple[str, ...]) -> None:
    """Record a mistake for each mandatory element that is missing."""
    for name in names:
        if node.first(name) is None:
            draft.mistakes.append(Mistake(f"{draft.source}: {node.path}", f"no <{name}>", "it is mandatory"))


def wrong(draft: Draft, node: Node, allowed: str) -> None:
    """Record that an element is not as prescribed."""
    draft.mistakes.append(Mistake(f"{draft.source}: {node.path}", f"found {node.text[:80]!r}", allowed))


def put_parties(draft: Draft, node: Node) -> None:
    """Put every party that stands directly in an element."""
    for child in node.children():
        if child.name.endswith("Party"):
            put_party(draft, ROLES.get(child.name, "agent"), child.first("Party") or child, child.name)


def put_party(draft: Draft, role: str, node: Node, element: str) -> None:
    """Put a party under the name it goes by, and under its registered name where that is another.

    Args:
        draft: The deal.
        role: Its role.
        node: The party.
        element: Name of the element that gives the role.
    """
    names = [*node.all("PartyName", "Name"), *node.all("PartyLegalEntity", "RegistrationName"),
             *node.all("PartyTaxScheme", "RegistrationName")]  # fmt: skip
    printed = list({name.text.casefold(): name for name in reversed(names) if name.text}.values())[::-1]
    if not printed:
        _person(draft, role, node, element)
        return
    for name in printed:
        row = draft.add("party")
        row.put("role", role, node.origin(f"what {element} means", element))
        row.put("name", name.text, name.origin("" if name is printed[0] else "registered name"))
        _address(draft, row, node)
        _numbers(draft, row, node)


def _person(draft: Draft, role: str, node: Node, element: str) -> None:
    for person in node.all("Person"):
        parts = [person.first(name) for name in ("FirstName", "MiddleName", "FamilyName")]
        name = " ".join(part.text for part in parts if part and part.text)
        if name:
            row = draft.add("party")
            row.put("role", role, node.origin(f"what {element} means", element))
            row.put("name", name, person.origin(text=name))
            row.put("kind", "person", person.origin("it is a person", name))
            _address(draft, row, node)
            return


def _address(draft: Draft, row: DraftRow, node: Node) -> None:
    for path, fact, how in (
        (("PostalAddress",), "located_in", "country of the address"),
        (("PhysicalLocation", "Address"), "located_in", "country of the place"),
        (("PartyLegalEntity", "RegistrationAddress"), "country", "country of registration"),
    ):
        for address in node.all(*path):
            code, found = country_of(draft, address)
            if code and found:
                row.put(fact, code, found.origin(how))
    lines = [line.text for address in node.all("PostalAddress") for line in address.all("AddressLine", "Line")]
    city = node.said("PostalAddress", "CityName")
    if "located_in" not in row.cells and (lines or city):
        text = " / ".join(part for part in (*lines, city) if part)
        draft.ask(f"{row.path}.located_in", "In which country is this address?", node.origin(text=text))


def country_of(draft: Draft, address: Node) -> tuple[str, Node | None]:
    """Return the country of an address, by code or name, and where it stands."""
    for name in ("IdentificationCode", "Name"):
        node = address.first("Country", name)
        code = draft.gazetteer.country(node.text) if node else ""
        if code:
            return code, node
    return "", None


def _numbers(draft: Draft, row: DraftRow, node: Node) -> None:
    company = node.first("PartyLegalEntity", "CompanyID")
    if company and company.text:
        row.put("registration", company.text, company.origin())
    for number in node.all("PartyIdentification", "ID"):
        scheme = number.attribute("schemeID").upper()
        if scheme == "LEI":
            row.put("lei", number.text, number.origin())
        elif scheme == "BIC" and BIC.match(number.text):
            put_bic(draft, row, number.origin())


def put_banks(draft: Draft, root: Node) -> None:
    """Put the banks of the accounts that are named for payment."""
    for account in ("PayeeFinancialAccount", "PayerFinancialAccount"):
        for branch in root.all("PaymentMeans", account, "FinancialInstitutionBranch"):
            numbers = [*branch.all("FinancialInstitution", "ID"), *branch.all("ID")]
            names = [*branch.all("FinancialInstitution", "Name"), *branch.all("Name")]
            bics = [number for number in numbers if BIC.match(number.text)]
            if not bics and not names:
                continue
            row = draft.add("party")
            row.put("role", "bank", branch.origin("bank of an account", branch.name))
            row.put("kind", "bank", branch.origin("bank of an account", branch.name))
            for name in names[:1]:
                row.put("name", name.text, name.origin())
            for bic in bics[:1]:
                put_bic(draft, row, bic.origin())


def location(draft: Draft, node: Node | None) -> Stop | None:
    """Return the place of a location or address: its UN/LOCODE, else its name with its country."""
    if node is None:
        return None
    number = node.first("ID")
    code = number.text if number and number.attribute("schemeID").upper().replace(" ", "") in LOCODE_SCHEMES else ""
    address = node.first("Address") or node
    country, _ = country_of(draft, address)
    name = node.said("Name") or node.said("Description") or address.said("CityName")
    if not (code or country or name):
        return None
    return Stop(node.origin(text=name or code or country), code, name, country)


def country_stop(node: Node | None) -> Stop | None:
    """Return the place of an element that names a country alone."""
    code = node.said("IdentificationCode") if node else ""
    return Stop(node.origin(text=code), code) if node and code else None


def put_item(draft: Draft, row: DraftRow, item: Node | None, before: str = "") -> None:
    """Put what an `Item` says: name, description, tariff code, country of origin."""
    parts = [*item.all("Name"), *item.all("Description")] if item else []
    texts = list(dict.fromkeys(part for part in (before, *(node.text for node in parts)) if part))
    if texts and item:
        said = ": ".join(texts)
        row.put("description", said, Origin((parts or [item])[0].path, said))
        put_words(draft, row, said, Origin((parts or [item])[0].path, said))
    if item is None:
        return
    for kind in item.all("CommodityClassification"):
        for code in (*kind.all("ItemClassificationCode"), *kind.all("CommodityCode")):
            _tariff(draft, row, code)
    for origin in item.all("OriginCountry"):
        node = origin.first("IdentificationCode") or origin.first("Name")
        land = draft.gazetteer.country(node.text) if node else ""
        if node and land:
            row.put("origin", land, node.origin("country of origin"))


def _tariff(draft: Draft, row: DraftRow, code: Node) -> None:
    """Put a classification that says it is of the Harmonized System; the other systems are left."""
    listed = " ".join(code.attribute(name) for name in ("listID", "listName"))
    if not HARMONISED.search(listed):
        return
    digits = re.sub(r"[. ]", "", code.text)
    if TARIFF.fullmatch(digits):
        row.put("hs", digits, code.origin(f"code of {listed.strip()}"))
    else:
        wrong(draft, code, "a tariff code of 4, 6, 8 or 10 digits")


def put_quantity(draft: Draft, row: DraftRow, *nodes: Node | None) -> None:
    """Put the first quantity whose unit is known; a negative one is a return and says nothing of what is sold."""
    for node in nodes:
        if node is None or "quantity" in row.cells:
            continue
        amount, unit = decimal_of(node.text), REC20.get(node.attribute("unitCode"))
        if amount is None:
            wrong(draft, node, "a number")
        elif unit and amount >= 0:
            how = "" if node.name.endswith("Quantity") else node.name
            row.put("quantity", unit.amount(amount), node.origin(how))
            row.put("unit", unit.name, node.origin(how))
        else:
            why = "unit not known" if amount >= 0 else "a negative quantity: goods that came back"
            draft.leave(node.path, f"{node.text} {node.attribute('unitCode')}", why)


def put_value(draft: Draft, row: DraftRow, fact: str, node: Node | None, divisor: Decimal = Decimal(1)) -> None:
    """Put an amount in US dollars; another currency is left, for no rate is held."""
    if node is None:
        return
    amount = decimal_of(node.text)
    if amount is None:
        wrong(draft, node, "an amount such as 18.50")
    elif node.attribute("currencyID") != DOLLAR:
        said = f"{node.attribute('currencyID')} {node.text}"
        draft.leave(node.path, said, "an amount in another currency: no rate is held")
    elif amount < 0:
        draft.leave(node.path, node.text, "a negative amount")
    elif fact not in row.cells:
        row.put(fact, amount / divisor, node.origin())


def put_means(draft: Draft, means: Node | None) -> None:
    """Put the ship or aircraft of a `TransportMeans`."""
    if means is None:
        return
    ship, plane = means.first("MaritimeTransport"), means.first("AirTransport")
    if ship:
        number, name = ship.first("VesselID"), ship.first("VesselName")
        row = draft.add("vessel")
        if name and name.text:
            row.put("name", name.text, name.origin())
        digits = number.text.upper().removeprefix("IMO").strip() if number else ""
        if (
            number
            and re.fullmatch(r"[0-9]{7}", digits)
            and (imo.is_valid(digits) or "IMO" in number.attribute("schemeID"))
        ):
            put_imo(draft, row, digits, number.origin())
        _flag(draft, row, means)
    elif plane and plane.said("AircraftID"):
        row = draft.add("vessel")
        row.put("name", plane.said("AircraftID"), plane.origin("registration", plane.said("AircraftID")))
        row.put("craft", "aircraft", plane.origin("transport by air", plane.name))
        _flag(draft, row, means)


def _flag(draft: Draft, row: DraftRow, means: Node) -> None:
    node = means.first("RegistrationNationalityID")
    land = draft.gazetteer.country(node.text) if node else ""
    if node and land:
        row.put("flag", land, node.origin("nationality of registration"))
