"""What ISO 20022 payment messages share: the message in its envelope, parties, agents, amounts, remittance.

Source: ISO 20022 message definition reports of payments initiation (pain) and payments clearing and settlement (pacs).
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from openembargo.terms.errors import Mistake, SourceError
from openembargo.terms.origin import Origin

from .addresses import country_of_address
from .draft import Draft, DraftRow, paper_of
from .identities import put_account, put_bic
from .paper import Paper
from .swift_parties import BIC, INSTITUTION_IN_BIC
from .xml_paper import Node, leave_the_rest, root_node

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
DOLLAR = "USD"
NOT_PROVIDED = ("NOTPROVIDED", "NONREF")
PASSPORT = "CCPT"
MOST_ENVELOPES = 4


def is_message(head: bytes, family: str) -> bool:
    """Tell from the first bytes of a file whether it holds a message of a family such as `pacs.008.001`."""
    plain = head.replace(b"\x00", b"").decode("latin-1")
    return re.search(rf"(?:xsd:|MsgDefIdr>){re.escape(family)}\.[0-9]{{2}}\b", plain) is not None


def tops(content: bytes, source: str, family: str) -> tuple[Node, list[Node]]:
    """Return the root of a file, and the messages of a family within it, each by its topmost element.

    Raises:
        SourceError: When the file is not whole and safe XML, or holds no such message.
    """
    root = root_node(content, source)
    found = list(_tops(root, f"{NAMESPACE}{family}."))
    if not found:
        raise SourceError([Mistake(source, "holds no message of its family", f"namespace {NAMESPACE}{family}.NN")])
    return root, found


def _tops(root: Node, start: str) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.namespace.startswith(start):
            yield node
        else:
            waiting.extend(reversed(list(node.children())))


def body_of(top: Node, names: tuple[str, ...], source: str) -> Node:
    """Return the message itself, which stands in `Document` as a rule.

    Raises:
        SourceError: When it is not there.
    """
    inside = top.children() if top.name == "Document" else iter((top,))
    for node in inside:
        if node.name in names:
            return node
    raise SourceError([Mistake(f"{source}: {top.path}", "holds no message", f"<{names[0]}>")])


def put_party(draft: Draft, role: str, node: Node | None) -> DraftRow | None:
    """Put a party (`PartyIdentification`): name, address, residence, birth, identifiers."""
    inner = node.first("Pty") or node if node else None
    if inner is None or not list(inner.children()):
        return None
    row = draft.add("party")
    row.put("role", role, inner.origin(f"what {inner.name} means", inner.name))
    _text(row, "name", inner.first("Nm"))
    _address(draft, row, inner)
    for path in (
        ("Id", "OrgId", "AnyBIC"),
        ("Id", "OrgId", "BICOrBEI"),
        ("Id", "OrgId", "BIC"),
        ("Id", "OrgId", "BEI"),
    ):
        _bic(draft, row, inner.first(*path))
    _text(row, "lei", inner.first("Id", "OrgId", "LEI"))
    born = inner.first("Id", "PrvtId", "DtAndPlcOfBirth", "BirthDt")
    _text(row, "born", born)
    if inner.first("Id", "PrvtId"):
        row.put("kind", "person", inner.origin("it has an identifier of a private person", inner.name))
    for other in inner.all("Id", "PrvtId", "Othr"):
        if other.said("SchmeNm", "Cd") == PASSPORT:
            _text(row, "passport", other.first("Id"))
    _text(row, "passport", inner.first("Id", "PrvtId", "PsptNb"))
    return row


def put_held(draft: Draft, row: DraftRow | None, account: Node | None) -> None:
    """Put the IBAN of a party's account; other account numbers stay unread."""
    number = account.first("Id", "IBAN") if account else None
    if row is not None and number is not None and number.text:
        put_account(draft, row, number.origin())


def put_agent(draft: Draft, role: str, node: Node | None) -> DraftRow | None:
    """Put a bank (`BranchAndFinancialInstitutionIdentification`) unless its BIC is there already in that role."""
    held = node.first("FinInstnId") if node else None
    if node is None or held is None:
        return None
    parts = [part for part in (held, held.first("CmbndId"), held.first("NmAndAdr")) if part]
    bics = [code for part in parts for tag in ("BICFI", "BIC") for code in part.all(tag)]
    known = {(row.cells.get("role"), str(row.cells.get("bic", ""))[:INSTITUTION_IN_BIC]) for row in draft.rows("party")}
    if bics and (role, bics[0].text[:INSTITUTION_IN_BIC]) in known:
        return None
    row = draft.add("party")
    row.put("role", role, node.origin(f"what {node.name} means", node.name))
    row.put("kind", "bank", node.origin("an agent is a bank", node.name))
    for code in bics[:1]:
        _bic(draft, row, code)
    for part in parts:
        _text(row, "name", part.first("Nm"))
        _text(row, "lei", part.first("LEI"))
        _address(draft, row, part)
    return row


def _text(row: DraftRow, name: str, node: Node | None) -> None:
    if node is not None and node.text:
        row.put(name, node.text, node.origin())


def _bic(draft: Draft, row: DraftRow, node: Node | None) -> None:
    if node is None or not node.text:
        return
    if BIC.match(node.text):
        put_bic(draft, row, node.origin())
    else:
        draft.mistakes.append(Mistake(f"{draft.source}: {node.path}", f"found {node.text!r}", "a BIC such as COBADEFF"))


def _address(draft: Draft, row: DraftRow, node: Node) -> None:
    """Put where a party is: the country of its address, else of its residence; printed lines without a code are asked."""
    lines = node.all("PstlAdr", "AdrLine")
    for path, how in ((("PstlAdr", "Ctry"), "country of the address"), (("CtryOfRes",), "country of residence")):
        found = node.first(*path)
        if found and draft.gazetteer.country(found.text):
            row.put("located_in", draft.gazetteer.country(found.text), found.origin(how))
    text = "\n".join(line.text for line in lines)
    if not lines:
        return
    origin = Origin(lines[0].path, " / ".join(text.splitlines()), "country of the address")
    country = country_of_address(draft.gazetteer, text)
    if country:
        row.put("located_in", country, origin)
    elif "located_in" not in row.cells:
        draft.ask(f"{row.path}.located_in", "In which country is this address?", origin)


def put_amount(draft: Draft, *nodes: Node | None) -> None:
    """Put the first amount that is in US dollars; the others are left, for no rate is held."""
    for node in nodes:
        if node is None:
            continue
        amount = decimal_of(node.text)
        if amount is None or amount < 0:
            draft.mistakes.append(
                Mistake(f"{draft.source}: {node.path}", f"found {node.text!r}", "an amount, such as 18.50")
            )
        elif node.attribute("Ccy") != DOLLAR:
            draft.leave(
                node.path, f"{node.attribute('Ccy')} {node.text}", "an amount in another currency: no rate is held"
            )
        elif "amount_usd" not in draft.section("finance").cells:
            draft.section("finance").put("amount_usd", amount, node.origin())


def decimal_of(text: str) -> Decimal | None:
    """Return a number as XML Schema writes it; None when it is none."""
    if not re.fullmatch(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def put_day(draft: Draft, *ways: tuple[Node | None, str]) -> None:
    """Put the first day that is told, with how it follows."""
    for node, how in ways:
        if node is None:
            continue
        day = day_of(node.text)
        if day is None:
            draft.mistakes.append(
                Mistake(f"{draft.source}: {node.path}", f"found {node.text!r}", "a day such as 2017-02-03")
            )
        else:
            draft.top.put("on", day, node.origin(how))
        return


def day_of(text: str) -> date | None:
    """Return the day of an XML Schema date or time; None when it is none."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T+Z-].{0,40})?", text):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def put_reference(draft: Draft, *nodes: Node | None) -> None:
    """Put the first reference that says anything."""
    for node in nodes:
        if node and node.text and node.text not in NOT_PROVIDED:
            draft.top.put("id", node.text, node.origin())
            return


def put_remittance(draft: Draft, node: Node) -> None:
    """Put what the payment is for, and the invoicer and invoicee of structured remittance."""
    texts = [*node.all("RmtInf", "Ustrd"), *node.all("RmtInf", "Strd", "AddtlRmtInf")]
    if texts:
        said = " / ".join(text.text for text in texts)
        draft.top.put("notes", said, Origin(texts[0].path, said, "remittance information"))
    for part in node.all("RmtInf", "Strd"):
        put_party(draft, "seller", part.first("Invcr"))
        put_party(draft, "buyer", part.first("Invcee"))


def put_envelope(draft: Draft, envelopes: list[Node]) -> None:
    """Put the banks at both ends of a business application header, where the message itself does not name them."""
    for header in envelopes:
        for end in ("Fr", "To"):
            node = header.first(end, "FIId")
            code = node.first("FinInstnId", "BICFI") if node else None
            known = {str(row.cells.get("bic", ""))[:INSTITUTION_IN_BIC] for row in draft.rows("party")}
            if code and code.text[:INSTITUTION_IN_BIC] not in known:
                put_agent(draft, "bank", node)


def must_count(source: str, header: Node, found: int) -> None:
    """Refuse a message that says it holds another number of transactions than it does, or that holds none.

    Raises:
        SourceError: When the numbers differ.
    """
    said = header.first("NbOfTxs")
    if said and said.text.isdecimal() and said.text.isascii() and int(said.text[:15]) != found:
        told = f"says {said.text[:15]} transactions, {found} are there"
        raise SourceError([Mistake(f"{source}: {said.path}", told, "the whole message")])
    if not found:
        raise SourceError([Mistake(f"{source}: {header.path}", "holds no transaction", "at least one <CdtTrfTxInf>")])


def require(draft: Draft, transfer: Node, wanted: dict[str, str]) -> None:
    """Record a mistake for each mandatory party that a transaction does not name."""
    for name, role in wanted.items():
        if not any(row.cells.get("role") == role for row in draft.rows("party")):
            draft.mistakes.append(Mistake(f"{draft.source}: {transfer.path}", f"no <{name}>", "it is mandatory"))


def finished(source: str, form: tuple[str, str], drafts: list[Draft], root: Node) -> Paper:
    """Return the paper, with all that was not read.

    Raises:
        SourceError: With every mistake of every transaction.
    """
    leave_the_rest(drafts[-1], root)
    return paper_of(source, form, drafts)
