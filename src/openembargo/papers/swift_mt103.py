"""SWIFT MT103, single customer credit transfer: who pays whom, through which banks, when and how much.

Source: SWIFT standards, category 1, MT103 field specifications.
"""

import re

from .draft import Draft
from .paper import Paper
from .places import Gazetteer
from .swift_fin import TYPE, FinField, FinMessage, swift_day
from .swift_messages import must_have, read_messages
from .swift_money import DAY_AND_MONEY, DOLLAR, MONEY, put_money, wrong
from .swift_parties import put_customer, put_ends, put_institution
from .vessels_in_text import put_vessels_in

FORM = ("swift.mt103", "SWIFT MT103 customer credit transfer")
PAYER = ("50A", "50F", "50K")
PAYEE = ("59", "59A", "59F")
BANKS = {
    "51A": "bank",
    "52A": "bank",
    "52D": "bank",
    "53A": "correspondent_bank",
    "53B": "correspondent_bank",
    "53D": "correspondent_bank",
    "54A": "correspondent_bank",
    "54B": "correspondent_bank",
    "54D": "correspondent_bank",
    "55A": "correspondent_bank",
    "55B": "correspondent_bank",
    "55D": "correspondent_bank",
    "56A": "correspondent_bank",
    "56C": "correspondent_bank",
    "56D": "correspondent_bank",
    "57A": "bank",
    "57B": "bank",
    "57C": "bank",
    "57D": "bank",
}
RESIDENCE = re.compile(r"/(ORDERRES|BENEFRES)/([A-Z]{2})(?![A-Z])")
RESIDENT = {"ORDERRES": "payer", "BENEFRES": "payee"}


def is_it(head: bytes, name: str) -> bool:
    """Tell an MT103 by block 2, or by its tags where there is no block 2."""
    text = head.decode("latin-1")
    kind = TYPE.search(text)
    if kind:
        return kind.group(1) == "103"
    return bool(re.search(r"(?m)^:32A:", text) and re.search(r"(?m)^:23B:", text))


def read(content: bytes, source: str, gazetteer: Gazetteer) -> Paper:
    """Read the messages of a file.

    Raises:
        SourceError: A mandatory field is missing or a field is not as prescribed.
    """
    return read_messages(content, source, gazetteer, FORM, {"103": _message})


def _message(message: FinMessage, draft: Draft) -> None:
    wanted = {"20": ("20",), "32A": ("32A",), "50A, 50F or 50K": PAYER, "59, 59A or 59F": PAYEE}
    if not must_have(draft, {name: message.first(*tags) for name, tags in wanted.items()}):
        return
    for role, tags in (("payer", PAYER), ("payee", PAYEE)):
        for field in message.all(*tags):
            put_customer(draft, role, field)
    for field in message.fields:
        _field(draft, field)
    if "amount_usd" not in draft.section("finance").cells:
        _instructed(draft, message)
    put_ends(draft, message)


def _field(draft: Draft, field: FinField) -> None:
    if field.tag == "20":
        draft.top.put("id", field.value, field.origin())
        draft.top.put("conduct", ["transfer_funds"], field.origin("MT103", "a credit transfer"))
    elif field.tag == "32A":
        _amount(draft, field)
    elif field.tag in BANKS:
        put_institution(draft, BANKS[field.tag], field)
    elif field.tag == "70":
        draft.top.put("notes", field.value, field.origin())
        put_vessels_in(draft, field.origin(field.value))
    elif field.tag == "77B":
        _residence(draft, field)
    elif field.tag not in (*PAYER, *PAYEE):
        draft.leave(field.origin().at, f":{field.tag}:{field.value}")


def _amount(draft: Draft, field: FinField) -> None:
    found = DAY_AND_MONEY.fullmatch(field.value)
    day = swift_day(found.group(1)) if found else None
    if not found or day is None:
        wrong(draft, field, "YYMMDD, currency and amount, such as 170203USD1000,00")
        return
    draft.top.put("on", day, field.origin(how="value date"))
    put_money(draft, found.group(2), found.group(3), field)


def _instructed(draft: Draft, message: FinMessage) -> None:
    """Put the instructed amount where it is in dollars and the settled one is not."""
    for field in message.all("33B"):
        found = MONEY.fullmatch(field.value)
        if found and found.group(1) == DOLLAR:
            put_money(draft, found.group(1), found.group(2), field, "instructed amount")


def _residence(draft: Draft, field: FinField) -> None:
    """Put the countries of residence that regulatory reporting tells."""
    found = list(RESIDENCE.finditer(field.value))
    for one in found:
        code = draft.gazetteer.country(one.group(2))
        for row in draft.rows("party"):
            if code and row.cells.get("role") == RESIDENT[one.group(1)]:
                row.put("located_in", code, field.origin(one.group(0), "country of residence, as reported"))
    if not found:
        draft.leave(field.origin().at, f":{field.tag}:{field.value}")
