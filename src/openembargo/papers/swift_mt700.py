"""SWIFT MT700 and MT710, letters of credit: who buys what from whom, under whose undertaking, from where to where.

Source: SWIFT standards, category 7, MT700 and MT710 field specifications.
"""

import re

from .draft import Draft
from .goods_words import put_ship, put_words
from .paper import Paper
from .places import Gazetteer
from .route import Stop, put_stop, put_via
from .swift_fin import TYPE, FinField, FinMessage, swift_day
from .swift_messages import must_have, read_messages
from .swift_money import MONEY, put_money, wrong
from .swift_parties import put_customer, put_ends, put_institution

FORM = ("swift.mt700", "SWIFT MT700 or MT710 letter of credit")
KINDS = ("700", "710")
BANKS = {
    "41A": "bank",  # available with
    "41D": "bank",
    "42A": "bank",  # drawee
    "42D": "bank",
    "51A": "bank",  # applicant's
    "51D": "bank",
    "52A": "bank",  # issuing
    "52D": "bank",
    "53A": "correspondent_bank",  # reimbursing
    "53D": "correspondent_bank",
    "57A": "bank",  # advise through
    "57B": "bank",
    "57D": "bank",
    "58A": "bank",  # asked to confirm
    "58D": "bank",
}
ANY_BANK = re.compile(r"\bANY\b.*\bBANK\b")
HOW_AVAILABLE = re.compile(r"^BY (?:ACCEPTANCE|DEF PAYMENT|MIXED PYMT|NEGOTIATION|PAYMENT)\b")
TERMS = re.compile(
    r"^(?:INCOTERMS|EXW|FCA|FAS|FOB|CFR|C AND F|CIF|CPT|CIP|DAP|DPU|DAT|DDP|DAF|DDU|DES|DEQ|TERMS OF|DELIVERY)\b"
)
ITEM = re.compile(r"^(?:\+|-|\*|[0-9]{1,3}[.)](?=\s|[A-Z]))\s*")
PLACES = ("44A", "44E", "44F", "44B")


def is_it(head: bytes, name: str) -> bool:
    """Tell a letter of credit by block 2, or by its tags where there is no block 2."""
    text = head.decode("latin-1")
    kind = TYPE.search(text)
    if kind:
        return kind.group(1) in KINDS
    return bool(re.search(r"(?m)^:40[AB]:", text) and re.search(r"(?m)^:(?:31D|32B|50|59):", text))


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the letters of credit of a file.

    Raises:
        SourceError: A mandatory field is missing or a field is not as prescribed.
    """
    return read_messages(content, source, gazetteer, FORM, dict.fromkeys(KINDS, _message))


def _message(message: FinMessage, draft: Draft) -> None:
    wanted = {
        "20": message.first("20"),
        "40A (MT700) or 40B (MT710)": message.first("40A", "40B"),
        "31D": message.first("31D"),
        "32B": message.first("32B"),
        "50": message.first("50"),
        "59": message.first("59"),
    }
    if not must_have(draft, wanted):
        return
    for field in message.all("50"):
        put_customer(draft, "buyer", field)
    for field in message.all("59"):
        put_customer(draft, "seller", field)
    for field in message.all("50B"):  # an issuer that is no bank
        put_customer(draft, "financier", field)
    for field in message.fields:
        _field(draft, field)
    put_ends(draft, message)
    _day(draft, message)
    _route(draft, message)
    for field in message.all("45A", "46A", "47A", "78"):
        put_ship(draft, field.value, field.origin())


def _field(draft: Draft, field: FinField) -> None:
    if field.tag in ("20", "21"):
        _reference(draft, field)
    elif field.tag == "32B":
        _amount(draft, field)
    elif field.tag == "45A":
        _goods(draft, field)
    elif field.tag in BANKS:
        _bank(draft, field)
    elif field.tag == "27" and field.value not in ("1/1", ""):
        draft.notes.append(
            f"{field.origin().at}: part {field.value} of the credit; the other parts are not in this message"
        )
    elif field.tag not in ("31C", "50", "50B", "59", *PLACES):
        draft.leave(field.origin().at, f":{field.tag}:{field.value}", WHY.get(field.tag, ""))


WHY = {
    "31D": "day and place where the credit ends",
    "44C": "latest day of shipment",
    "44D": "period of shipment",
    "39A": "tolerance of the amount",
    "46A": "documents asked for",
}


def _reference(draft: Draft, field: FinField) -> None:
    """Put the number of the credit: field 20 of an MT700, 21 of an MT710."""
    if "id" in draft.top.cells:
        draft.leave(field.origin().at, f":{field.tag}:{field.value}", "a second reference")
        return
    draft.top.put("id", field.value, field.origin())
    draft.top.put("conduct", ["finance_trade"], field.origin("letter of credit", "a bank undertakes to pay for goods"))


def _amount(draft: Draft, field: FinField) -> None:
    found = MONEY.fullmatch(field.value)
    if found:
        put_money(draft, found.group(1), found.group(2), field, "amount of the credit")
    else:
        wrong(draft, field, "currency and amount, such as USD185000,00")


def _day(draft: Draft, message: FinMessage) -> None:
    """Put the day of issue: field 31C, else the day on which the message was sent."""
    field = message.first("31C")
    if field is None:
        if message.sent:
            draft.top.put("on", message.sent, message.header)
        return
    day = swift_day(field.value) if re.fullmatch(r"[0-9]{6}", field.value) else None
    if day is None:
        wrong(draft, field, "YYMMDD, the day of issue")
    else:
        draft.top.put("on", day, field.origin(how="day of issue"))


def _bank(draft: Draft, field: FinField) -> None:
    """Put a bank; how the credit is available (the last line of 41) is no name, and `any bank` is none."""
    lines = [line for line in field.lines if not HOW_AVAILABLE.match(line)]
    if not lines or ANY_BANK.search(lines[0]):
        draft.leave(field.origin().at, f":{field.tag}:{field.value}", "no bank is named")
        return
    put_institution(draft, BANKS[field.tag], FinField(field.tag, "\n".join(lines), field.start, field.end))


def _goods(draft: Draft, field: FinField) -> None:
    """Put one line of goods an item of field 45A; items that are terms of delivery are left."""
    items: list[list[str]] = []
    for line in field.lines:
        if ITEM.match(line) or not items:
            items.append([ITEM.sub("", line)])
        else:
            items[-1].append(line)
    for item in map("\n".join, items):
        text = " ".join(item.split())
        if not text or TERMS.match(text.upper()):
            draft.leave(field.origin().at, text, "terms of delivery")
            continue
        row = draft.add("goods")
        row.put("description", text, field.origin(text))
        put_words(draft, row, item, field.origin(text))


def _route(draft: Draft, message: FinMessage) -> None:
    """Put the route: from 44A or else 44E, loaded at 44E, through 44F, to 44B or else 44F."""
    taken, loaded, landed, final = (message.first(tag) for tag in PLACES)
    stops = {
        field.tag: Stop(field.origin(), name=" ".join(field.lines)) for field in (taken, loaded, landed, final) if field
    }
    begins, ends = stops.get("44A", stops.get("44E")), stops.get("44B", stops.get("44F"))
    if begins:
        put_stop(draft, "from", begins)
    if "44E" in stops:
        put_stop(draft, "loaded_at", stops["44E"])
    if ends:
        put_stop(draft, "to", ends)
    between = [stops[tag] for tag in ("44E", "44F") if tag in stops and stops[tag] not in (begins, ends)]
    if between:
        put_via(draft, between)
