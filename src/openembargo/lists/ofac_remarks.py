"""What OFAC prints in one line of remarks: birth dates, places, nationalities, numbers, weak aliases."""

import re
from dataclasses import dataclass, field

from openembargo.lists.entry import BirthDate, Identifier
from openembargo.lists.printed import birth_date, country_code, identifier_kind

_BIRTH = re.compile(r"^(?:alt\.\s*)?DOB\s+(.+)$", re.IGNORECASE)
_PLACE = re.compile(r"^(?:alt\.\s*)?POB\s+(.+)$", re.IGNORECASE)
_NATION = re.compile(r"^(?:alt\.\s*)?(?:nationality|citizen|vessel flag|flag)\s+(.+)$", re.IGNORECASE)
_GENDER = re.compile(r"^gender\s+(male|female)$", re.IGNORECASE)
_WEAK = re.compile(r"^(?:a\.k\.a\.|alt\.)\s+'(.+)'$", re.IGNORECASE)
_WALLET = re.compile(r"^(?:alt\.\s*)?(Digital Currency Address - \w+)\s+(\S+)$", re.IGNORECASE)
_ID_NO = re.compile(r"^ID No\.\s*", re.IGNORECASE)
_IMO = re.compile(r"\bIMO\s+(\d{7})\b")
_NUMBER = re.compile(
    r"^(?:alt\.\s*)?(.*?(?:passport|national id|tax|registration|identification|swift/bic|imo|mmsi|\bc\.?u\.?i\.?t\b|\br\.?f\.?c\b|\bnit\b|license|cedula|ssn|d\.?n\.?i\.?|digital currency address[^0-9]*|serial number|construction number|tail number|website|email address|phone number|enterprise number|legal entity number|birth certificate number|company number|credit code|c\.?u\.?r\.?p)[^0-9A-Za-z]*(?:\(msn\))?(?:no\.|number|#|code|-|:|\s)*)\s*([0-9A-Za-z][^()]*?)\s*(?:\(([^)]*)\))?$",
    re.IGNORECASE,
)


@dataclass
class Remarks:
    """What a line of remarks holds."""

    births: list[BirthDate] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    gender: str = ""
    weak: list[str] = field(default_factory=list)
    numbers: list[Identifier] = field(default_factory=list)


def read_remarks(printed: str) -> Remarks:
    """Return what remarks hold; what is not recognised stays in the remarks as printed."""
    held = Remarks()
    for part in (p.strip().rstrip(".") for p in printed.split(";")):
        if found := _BIRTH.match(part):
            held.births.append(birth_date(found[1]))
        elif found := _PLACE.match(part):
            held.places.append(found[1])
        elif found := _NATION.match(part):
            held.nationalities.append(found[1])
        elif found := _GENDER.match(part):
            held.gender = found[1].lower()
        elif found := _WEAK.match(part):
            held.weak.append(found[1])
        elif found := _IMO.search(part):
            held.numbers.append(Identifier("imo", found[1]))
        elif found := _WALLET.match(part):
            held.numbers.append(Identifier("wallet", found[2], note=found[1]))
        elif found := _NUMBER.match(part):
            held.numbers.append(
                Identifier(
                    identifier_kind(found[1]),
                    _ID_NO.sub("", found[2]).strip(),
                    country_code(found[3] or ""),
                    found[1].strip(" -:#"),
                )
            )
    return held
