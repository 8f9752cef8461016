"""Numbers that name a ship, a bank or a company alone: written plainly, and checked by their own check digits.

Source: python-stdnum (IMO resolution A.1117(30), ISO 17442, ISO 9362, ISO 13616).
"""

import re

from stdnum import bic, iban, imo, lei
from stdnum.exceptions import ValidationError

BIC_HEAD = 8
"""The first eight letters of a BIC name the institution, the rest its branch. Source: ISO 9362."""
COUNTRY_OF_BIC, COUNTRY_OF_IBAN = slice(4, 6), slice(0, 2)
_NOISE = re.compile(r"[^0-9A-Z]")
_NO_IMO = re.compile(r"^(?:IMO)?(?:NO|NR|NUMBER)?")
_CHECKS = {"imo": imo, "lei": lei, "bic": bic, "iban": iban}


def plain(kind: str, value: str) -> str:
    """Return a number without spaces, marks and case; a BIC without its branch, an IMO number without its letters."""
    if kind == "wallet":
        return value.strip()
    bare = _NOISE.sub("", value.upper())
    if kind == "imo":
        return _NO_IMO.sub("", bare)
    return bare[:BIC_HEAD] if kind == "bic" else bare


def fault(kind: str, value: str) -> str:
    """Return what is wrong with a number by its own check digits, or an empty text; other kinds have none."""
    module = _CHECKS.get(kind)
    if module is None:
        return ""
    try:
        module.validate(plain(kind, value) if kind == "imo" else value)
    except ValidationError as error:
        return f"{kind.upper()} {value!r}: {error}"
    return ""
