"""SWIFT MT103, single customer credit transfer: who pays whom, through which banks, when and how much.

Source: SWIFT standards, category 1, MT103 field specifications.
"""

import re
from datetime import date
from decimal import Decimal

from openembargo.terms.errors import Mistake, SourceError

from .decoding import decoded
from .draft import Draft, paper_of
from .paper import Paper
from .places import Gazetteer
from .swift_fin import TYPE, FinField, FinMessage, messages
from .swift_parties import put_customer, put_institution
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
    "55D": "correspondent_bank",
    "56A": "correspondent_bank",
    "56C": "correspondent_bank",
    "56D": "correspondent_bank",
    "57A": "bank",
    "57B": "bank",
    "57C": "bank",
    "57D": "bank",
}
AMOUNT = re.compile(r"^(\d{6})([A-Z]{3})(\d{1,15}(?:,\d{0,14})?)$", re.ASCII)
CENTURY_TURN = 80


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
    text, note = decoded(content, source)
    drafts = [
        _message(message, Draft(source, gazetteer, number))
        for number, message in enumerate(one for one in messages(text, source) if one.type in ("", "103"))
    ]
    return paper_of(source, FORM, drafts, (note,) if note else ())


def _message(message: FinMessage, draft: Draft) -> Draft:
    used: set[str] = set()
    reference, amount = message.first("20"), message.first("32A")
    payer, payee = message.first(*PAYER), message.first(*PAYEE)
    _must(draft, {"20": reference, "32A": amount, "50A, 50F or 50K": payer, "59, 59A or 59F": payee})
    if reference:
        draft.top.put("id", reference.value, reference.origin())
        draft.top.put("conduct", ["transfer_funds"], reference.origin("MT103", "a credit transfer"))
    if amount:
        _amount(draft, amount)
    if payer:
        put_customer(draft, "payer", payer)
    if payee:
        put_customer(draft, "payee", payee)
    used |= {field.tag for field in (reference, amount, payer, payee) if field}
    for field in message.fields:
        if field.tag in BANKS:
            put_institution(draft, BANKS[field.tag], field)
        elif field.tag == "70":
            draft.top.put("notes", field.value, field.origin())
            put_vessels_in(draft, field.origin(field.value))
        elif field.tag not in used:
            draft.leave(field.origin().at, f":{field.tag}:{field.value}")
    return draft


def _must(draft: Draft, wanted: dict[str, FinField | None]) -> None:
    for name, found in wanted.items():
        if found is None:
            draft.mistakes.append(
                Mistake(f"{draft.source}: message {draft.number + 1}", f"no field {name}", "it is mandatory")
            )
    if draft.mistakes:
        raise SourceError(draft.mistakes)


def _amount(draft: Draft, field: FinField) -> None:
    found = AMOUNT.match(field.value)
    day = swift_day(found.group(1)) if found else None
    if not found or day is None:
        draft.mistakes.append(
            Mistake(
                f"{draft.source}: {field.origin().at}",
                f"found {field.value!r}",
                "YYMMDD, currency and amount, such as 170203USD1000,00",
            )
        )
        return
    draft.top.put("on", day, field.origin(how="value date"))
    put_money(draft, found.group(2), found.group(3), field)


def put_money(draft: Draft, currency: str, printed: str, field: FinField) -> None:
    """Put an amount if it is in US dollars; another currency is noted, for the program holds no rates."""
    if currency == "USD":
        draft.section("finance").put("amount_usd", Decimal(printed.replace(",", ".").rstrip(".")), field.origin())
    else:
        draft.leave(field.origin().at, f"{currency} {printed}", "an amount in another currency: no rate is held")


def swift_day(printed: str) -> date | None:
    """Return a day of six digits; None when it is none. Years up to 79 are this century's, as SWIFT reads them."""
    year = int(printed[:2])
    try:
        return date((2000 if year < CENTURY_TURN else 1900) + year, int(printed[2:4]), int(printed[4:6]))
    except ValueError:
        return None
