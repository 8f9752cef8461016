"""Parties of SWIFT messages: customers by account, name and address; institutions by BIC or name.

Source: SWIFT standards, general field formats of options A, D, F, K and no letter.
"""

import re

from openembargo.terms.errors import Mistake
from openembargo.terms.origin import Origin

from .addresses import country_of_address
from .draft import Draft, DraftRow
from .identities import put_account, put_bic
from .swift_fin import FinField, FinMessage

BIC = re.compile(r"^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$")
INSTITUTION_IN_BIC = 8
NUMBERED = re.compile(r"^([1-8])/(.*)$")
MOST_LINES = 4
FULL_LINE = 35
"""Letters of a line. A name that fills it goes on in the next one."""


def put_customer(draft: Draft, role: str, field: FinField) -> DraftRow:
    """Put the party of a customer field (50A, 50F, 50K, 59, 59A, 59F, and 50 and 59 of letters of credit)."""
    row = draft.add("party")
    row.put("role", role, field.origin(how="what the tag means"))
    account = next((line.lstrip("/") for line in field.lines if line.startswith("/")), "")
    lines = [line for line in field.lines if not line.startswith("/")]
    if field.tag.endswith("F"):
        _structured(draft, row, field, lines)
    elif field.tag.endswith("A"):
        _identified(draft, row, field, lines)
    elif lines:
        _named(draft, row, field, lines)
    if "name" not in row.cells and "bic" not in row.cells and not draft.asks(f"{row.path}.bic"):
        _missing(draft, field, "found no name", "a name and address, or a BIC, after the account")
    _account(draft, row, field, account)
    return row


def put_institution(draft: Draft, role: str, field: FinField) -> DraftRow | None:
    """Put the bank of an institution field (41A to 58D); a field with nothing but an account names none."""
    lines = [line for line in field.lines if not line.startswith("/")]
    if not lines:
        draft.leave(field.origin().at, f":{field.tag}:{field.value}", "an account, no institution")
        return None
    row = draft.add("party")
    row.put("role", role, field.origin(how="what the tag means"))
    row.put("kind", "bank", field.origin(how="what the tag means"))
    if field.tag.endswith("A"):
        _identified(draft, row, field, lines)
    else:
        _named(draft, row, field, lines)
    return row


def put_ends(draft: Draft, message: FinMessage, role: str = "bank") -> None:
    """Put the sender and the receiver of a message, unless a field names the same institution."""
    for end, bic in (("sender", message.sender), ("receiver", message.receiver)):
        known = {str(row.cells.get("bic", ""))[:INSTITUTION_IN_BIC] for row in draft.rows("party")}
        if bic and bic[:INSTITUTION_IN_BIC] not in known:
            row = draft.add("party")
            origin = Origin(message.header.at, bic, f"{end} of the message")
            row.put("role", role, origin)
            row.put("kind", "bank", origin)
            put_bic(draft, row, origin)


def _missing(draft: Draft, field: FinField, found: str, allowed: str) -> None:
    draft.mistakes.append(Mistake(f"{draft.source}: {field.origin().at}", found, allowed))


def _identified(draft: Draft, row: DraftRow, field: FinField, lines: list[str]) -> None:
    """Read option A: a BIC and nothing else; a name that stands there instead is still read, for it may be a listed one."""
    if not lines:
        return
    if not BIC.match(lines[0]):
        draft.notes.append(f"{field.origin().at}: option A prescribes a BIC; “{lines[0]}” is read as a name")
        _named(draft, row, field, lines)
        return
    put_bic(draft, row, field.origin(lines[0]))
    if lines[1:]:
        draft.leave(field.origin().at, " / ".join(lines[1:]), "more than a BIC")


def _named(draft: Draft, row: DraftRow, field: FinField, lines: list[str]) -> None:
    """Read a name and an address; a name that fills its line goes on in the next."""
    name, rest = lines[0], lines[1:]
    last = lines[0]
    while rest and len(last) == FULL_LINE and len(name) < FULL_LINE * MOST_LINES:
        last = rest.pop(0)
        name += last
    goes_on = f"the name fills its line of {FULL_LINE} letters and goes on in the next" if name != lines[0] else ""
    row.put("name", name, field.origin(name, goes_on))
    if goes_on:
        draft.notes.append(f"{field.origin().at}: {goes_on}: {name}")
    country = country_of_address(draft.gazetteer, "\n".join(rest))
    if country:
        row.put("located_in", country, field.origin(" / ".join(rest), "country of the address"))
    elif rest:
        origin = Origin(field.origin().at, " / ".join(rest))
        draft.ask(f"{row.path}.located_in", "In which country is this address?", origin)


def _structured(draft: Draft, row: DraftRow, field: FinField, lines: list[str]) -> None:
    """Read option F: numbered lines, and an identifier where there is no account."""
    kept: dict[str, list[str]] = {}
    for line in lines:
        numbered = NUMBERED.match(line)
        if numbered:
            kept.setdefault(numbered.group(1), []).append(numbered.group(2).strip())
        elif line.startswith("CCPT/"):
            row.put("passport", line.rpartition("/")[2], field.origin(line, "passport number"))
        else:
            draft.leave(field.origin().at, line, "identifier of the party")
    name = " ".join(kept.pop("1", ()))
    row.put("name", name, field.origin(name, "lines 1/"))
    for line in kept.pop("3", ()):
        code = draft.gazetteer.country(line.partition("/")[0])
        if code:
            row.put("located_in", code, field.origin(line, "country of the address"))
        else:
            _missing(draft, field, f"found 3/{line!r}", "3/ with a country's code, such as 3/DE/HAMBURG")
    for line in kept.pop("4", ()):
        born = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", line)
        if born:
            row.put("born", "-".join(born.groups()), field.origin(line, "birth date"))
        else:
            _missing(draft, field, f"found 4/{line!r}", "4/ with a birth date, such as 4/19680215")
    for number, texts in sorted(kept.items()):
        draft.leave(field.origin().at, " / ".join(f"{number}/{text}" for text in texts))


def _account(draft: Draft, row: DraftRow, field: FinField, account: str) -> None:
    """Put the account: an IBAN tells where the account is held, which need not be where its holder is."""
    if not account:
        return
    country = put_account(draft, row, field.origin(account))
    if not country:
        if not draft.asks(f"{row.path}.iban"):
            draft.leave(field.origin().at, account, "account")
        return
    if "located_in" not in row.cells and not draft.asks(f"{row.path}.located_in"):
        draft.ask(
            f"{row.path}.located_in",
            f"In which country is this party? Its account is held in {country}, the party may be elsewhere.",
            field.origin(account),
            (country,),
        )
