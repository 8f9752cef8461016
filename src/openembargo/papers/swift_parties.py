"""Parties of SWIFT messages: customers by account, name and address; institutions by BIC or name.

Source: SWIFT standards, general field formats of options A, D, F, K and no letter.
"""

import re

from openembargo.terms.origin import Origin

from .draft import Draft, DraftRow
from .swift_fin import FinField

BIC = re.compile(r"^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$")
COUNTRY_IN_BIC = slice(4, 6)
NUMBERED = re.compile(r"^([1-8])/(.*)$")
COUNTRY_LINE, NAME_LINE = "3", "1"


def put_customer(draft: Draft, role: str, field: FinField) -> DraftRow:
    """Put the party of a customer field (50A, 50F, 50K, 59, 59A, 59F)."""
    row = draft.add("party")
    row.put("role", role, field.origin(how="what the tag means"))
    lines = [line for line in field.lines if not line.startswith("/")]
    if field.tag.endswith("F"):
        _structured(draft, row, field, lines)
    elif field.tag.endswith("A") and lines and BIC.match(lines[0]):
        put_bic(draft, row, lines[0], field)
    elif lines:
        row.put("name", lines[0], field.origin(lines[0]))
        _country_of_address(draft, row, field, lines[1:])
    return row


def put_institution(draft: Draft, role: str, field: FinField) -> DraftRow:
    """Put the bank of an institution field (51A to 58D)."""
    row = draft.add("party")
    row.put("role", role, field.origin(how="what the tag means"))
    row.put("kind", "bank", field.origin(how="what the tag means"))
    lines = [line for line in field.lines if not line.startswith("/")]
    if lines and BIC.match(lines[0]) and not field.tag.endswith("D"):
        put_bic(draft, row, lines[0], field)
    elif lines:
        row.put("name", lines[0], field.origin(lines[0]))
        _country_of_address(draft, row, field, lines[1:])
    return row


def put_bic(draft: Draft, row: DraftRow, bic: str, field: FinField) -> None:
    """Put a BIC and the country that it holds."""
    row.put("bic", bic, field.origin(bic))
    country = draft.gazetteer.country(bic[COUNTRY_IN_BIC])
    if country:
        row.put("located_in", country, field.origin(bic, "country of the BIC"))


def _structured(draft: Draft, row: DraftRow, field: FinField, lines: list[str]) -> None:
    names = []
    for line in lines:
        numbered = NUMBERED.match(line)
        if not numbered:
            continue
        number, text = numbered.groups()
        if number == NAME_LINE:
            names.append(text)
        elif number == COUNTRY_LINE:
            code = draft.gazetteer.country(text[:2])
            row.put("located_in", code, field.origin(line, "country of the address"))
    row.put("name", " ".join(names), field.origin(" ".join(names)))


def _country_of_address(draft: Draft, row: DraftRow, field: FinField, address: list[str]) -> None:
    country = draft.gazetteer.country_within("\n".join(address))
    if country:
        row.put("located_in", country, field.origin(" / ".join(address), "country of the address"))
    elif address:
        origin = Origin(field.origin().at, " / ".join(address))
        draft.ask(f"{row.path}.located_in", "In which country is this address?", origin)
