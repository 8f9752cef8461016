"""What lists print, read: birth dates, days, countries, kinds of numbers. What cannot be read stays as printed."""

import re
from calendar import monthrange
from datetime import date
from functools import cache

import pycountry

from openembargo.lists.entry import BirthDate
from openembargo.terms.packaged import country_aliases

CIRCA_YEARS = 2
"""`circa 1965` is taken as 1963 to 1967."""
_MONTHS = {
    m: i + 1 for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
}
_CIRCA = re.compile(r"^(?:circa|approx(?:imately|\.)?|about|ca?\.?|around|between approximately)\s+", re.IGNORECASE)
_YEAR = re.compile(r"^(\d{4})$")
_YEARS = re.compile(r"^(?:between\s+)?(\d{4})\s*(?:-|–|to|and|/)\s*(\d{4})$", re.IGNORECASE)
_TEXT_DAY = re.compile(r"^(\d{1,2})\s+([A-Za-z]{3})[a-z]*\.?\s+(\d{4})$")
_TEXT_MONTH = re.compile(r"^([A-Za-z]{3})[a-z]*\.?\s+(\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
_SLASHED = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_NOTES = re.compile(r"\([^)]*\)")


def day(printed: str, month_first: bool = False) -> date | None:
    """Return a printed day (ISO, `12 Jun 2017`, `12/06/2017`), or None when it is not one."""
    text = printed.strip()
    if found := _ISO.match(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _TEXT_DAY.match(text):
        return _date(int(found[3]), _MONTHS.get(found[2].lower(), 0), int(found[1]))
    if found := _SLASHED.match(text):
        first, second = int(found[1]), int(found[2])
        return _date(int(found[3]), *((first, second) if month_first else (second, first)))
    return None


def _date(year: int, month: int, of_month: int) -> date | None:
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def birth_date(printed: str) -> BirthDate:
    """Return a printed birth date with the first and last day that it can mean; both None when it cannot be read."""
    text = _NOTES.sub("", printed).strip().rstrip(";., ")
    bare = _CIRCA.sub("", text)
    margin = CIRCA_YEARS if bare != text else 0
    first, last = _span(bare)
    if first is None or last is None:
        return BirthDate(printed.strip())
    return BirthDate(
        printed.strip(),
        date(max(first.year - margin, 1), 1, 1) if margin else first,
        date(last.year + margin, 12, 31) if margin else last,
    )


def _span(text: str) -> tuple[date | None, date | None]:
    if found := _YEAR.match(text):
        return years(int(found[1]), int(found[1]))
    if found := _YEARS.match(text):
        return years(int(found[1]), int(found[2]))
    if found := _TEXT_MONTH.match(text):
        return _month(int(found[2]), _MONTHS.get(found[1].lower(), 0))
    if found := _SLASHED.match(text):
        of_month, month, year = int(found[1]), int(found[2]), int(found[3])
        if month == 0:
            return years(year, year)
        if of_month == 0:
            return _month(year, month)
    head, word, tail = text.partition(" to ")
    if word:
        return _span(head.strip())[0], _span(_CIRCA.sub("", tail.strip()))[1]
    single = day(text)
    return single, single


def years(first: int, last: int) -> tuple[date | None, date | None]:
    """Return the first day of one year and the last of another."""
    return _date(first, 1, 1), _date(last, 12, 31)


def _month(year: int, month: int) -> tuple[date | None, date | None]:
    first = _date(year, month, 1)
    return first, first and first.replace(day=monthrange(year, month)[1])


@cache
def _names() -> dict[str, str]:
    held: dict[str, str] = {}
    for country in pycountry.countries:
        for name in (
            country.name,
            getattr(country, "common_name", ""),
            getattr(country, "official_name", ""),
            country.alpha_3,
        ):
            if name:
                held[name.lower()] = country.alpha_2
    return held | country_aliases()


@cache
def country_code(printed: str) -> str:
    """Return the ISO 3166-1 code of a printed country or nationality, or an empty text."""
    text = _NOTES.sub("", printed).replace("’", "'").strip().strip(".;,").lower()
    if text in _names():
        return _names()[text]
    if len(text) == 2 and pycountry.countries.get(alpha_2=text.upper()):  # noqa: PLR2004 - a code of two letters
        return text.upper()
    return ""


_NUMBER_KINDS = (
    ("imo", r"\bimo\b"), ("mmsi", r"\bmmsi|maritime mobile"), ("call_sign", r"call sign"), ("passport", r"passport"), ("bic", r"\bswift|\bbic\b"), ("lei", r"\blei\b|legal entity identifier"),
    ("tax", r"\btax|\binn\b|c\.?u\.?i\.?t|\br\.?f\.?c\b|\bnit\b|r\.?u\.?c\b|\bvat\b|fiscal"), ("wallet", r"digital currency|wallet"), ("national_id", r"national id|national identification|identity|cedula|\bssn\b|d\.?n\.?i\b|personal id|identification number|birth certificate|c\.?u\.?r\.?p|\bni number"),
    ("aircraft_serial", r"serial number|manufacturer.{0,10}\bmsn|construction number"), ("aircraft_tail", r"tail number"), ("registration", r"registration|registered|matricula|company number|business number|commercial registry|\bc\.?r\.?\b|trade licen|license|enterprise number|unified social credit|\bogrn\b|chamber of commerce"),
    ("website", r"website"), ("email", r"e-?mail"), ("phone", r"phone|fax|telephone"),
)  # fmt: skip
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _NUMBER_KINDS)


@cache
def identifier_kind(label: str) -> str:
    """Return the kind of a number by the label that a list prints, or `other`."""
    return next((kind for kind, pattern in _KINDS if pattern.search(label)), "other")


def months() -> tuple[str, ...]:
    """Return the three-letter months in order."""
    return tuple(_MONTHS)
