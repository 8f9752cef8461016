"""Values as trade documents print them: days, weights, money, tariff codes. What can be read in two ways is None with both."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier januar enero января",
            "february feb février fevrier februar febrero февраля",
            "march mar mars märz marzo марта",
            "april apr avril abril апреля",
            "may mai mayo мая",
            "june jun juin juni junio июня",
            "july jul juillet juli julio июля",
            "august aug août aout agosto августа",
            "september sep sept septembre septiembre сентября",
            "october oct octobre oktober okt octubre октября",
            "november nov novembre noviembre ноября",
            "december dec décembre decembre dezember dez diciembre декабря",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY = re.compile(
    rf"""(?xi)(?<![\w.])(?:
      (?P<iy>\d{{4}})-(?P<im>\d\d?)-(?P<id>\d\d?)(?!\d)
    | (?P<cy>\d{{4}})\s?年\s?(?P<cm>\d\d?)\s?月\s?(?P<cd>\d\d?)\s?日
    | (?P<dd>\d\d?)(?:st|nd|rd|th|\.|er)?[\s-](?:de\s)?(?P<dm>{MONTH})\b\.?,?[\s-](?:de\s)?(?P<dy>\d{{4}})(?!\d)
    | (?P<mm>{MONTH})\b\.?\s(?P<md>\d\d?)(?:st|nd|rd|th)?,?\s(?P<my>\d{{4}})(?!\d)
    | (?P<pd>\d\d?)\.(?P<pm>\d\d?)\.(?P<py>\d{{4}})(?!\d)
    | (?P<sa>\d\d?)/(?P<sb>\d\d?)/(?P<sy>\d{{4}})(?!\d)
    )"""
)
UNITS = {
    "kg": "kg", "kgs": "kg", "kilogram": "kg", "kilograms": "kg", "kilos": "kg", "кг": "kg", "公斤": "kg", "千克": "kg",
    "t": "t", "mt": "t", "mts": "t", "ton": "t", "tons": "t", "tonne": "t", "tonnes": "t", "mton": "t", "тонн": "t", "т": "t",
    "toneladas": "t", "吨": "t", "metric tons": "t", "metric tonnes": "t", "metric ton": "t", "tonnen": "t",
    "g": "g", "grams": "g", "l": "l", "ltr": "l", "litres": "l", "liters": "l", "m3": "m3", "cbm": "m3",
    "bbl": "bbl", "barrels": "bbl", "pcs": "piece", "pieces": "piece", "piece": "piece", "units": "piece", "sets": "piece",
    "stück": "piece", "шт": "piece", "pairs": "pair", "head": "head", "mwh": "MWh",
}  # fmt: skip
NUMBER = r"\d{1,3}(?:[ ,.'\u2019]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
AMOUNT = re.compile(
    rf"(?i)(?P<number>{NUMBER})\s*(?P<unit>{'|'.join(sorted(map(re.escape, UNITS), key=len, reverse=True))})\b\.?"
)
CURRENCY = r"(?i:us\s?\$|us dollars)|(?<![A-Za-z])(?:[A-Z]{3}|usd)(?![A-Za-z])|[$€£¥]"
MONEY = re.compile(rf"(?P<before>{CURRENCY})\s*(?P<a>{NUMBER})|(?P<b>{NUMBER})\s*(?P<after>{CURRENCY})")
DOLLARS = frozenset({"us$", "usd", "us $", "usdollars", "us dollars"})
CODE = re.compile(r"(?<![\d.])\d{4}(?:[. ]?\d\d){0,3}(?![\d.]|\s?\d\d\b)|(?<![\d.])\d{4,10}(?!\d)")
MONTHS_IN_YEAR = 12
THOUSAND = 3
COMMA_FOR_THOUSANDS = frozenset({"en", "zh"})
"""Languages that never part a fraction by a comma."""


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day in a text: where it stands, and the day; two days where it may be read in two ways."""

    start: int
    end: int
    days: tuple[date, ...]


def days_in(text: str, begin: int = 0, end: int | None = None) -> tuple[FoundDay, ...]:
    """Return the full days of a text; a day that no calendar has is left out."""
    found = []
    for match in DAY.finditer(text, begin, len(text) if end is None else end):
        days = tuple(dict.fromkeys(day for day in _readings(match) if day))
        if days:
            found.append(FoundDay(match.start(), match.end(), days))
    return tuple(found)


def _readings(match: re.Match[str]) -> list[date | None]:
    got = match.groupdict()
    for year, month, day in (("iy", "im", "id"), ("cy", "cm", "cd"), ("py", "pm", "pd")):
        if got[year]:
            return [_day(int(got[year]), int(got[month]), int(got[day]))]
    if got["dy"]:
        return [_day(int(got["dy"]), MONTHS[got["dm"].lower()], int(got["dd"]))]
    if got["my"]:
        return [_day(int(got["my"]), MONTHS[got["mm"].lower()], int(got["md"]))]
    slashed, one, other = int(got["sy"]), int(got["sa"]), int(got["sb"])
    return [_day(slashed, other, one), _day(slashed, one, other)]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def numbers(printed: str, language: str = "en") -> tuple[Decimal, ...]:
    """Return what a printed number may mean.

    One comma before three digits parts thousands in English and Chinese; one point before three digits may do so elsewhere, and is read both ways.
    """
    plain = re.sub("[ '\u2019]", "", printed)
    marks = re.findall("[.,]", plain)
    if not marks:
        return (Decimal(plain),)
    if len(set(marks)) == 1 and len(marks) > 1:
        return (Decimal(re.sub("[.,]", "", plain)),)
    mark = marks[-1]
    whole, _, part = plain.rpartition(mark)
    fraction = Decimal(f"{re.sub('[.,]', '', whole)}.{part}")
    if len(set(marks)) > 1 or len(part) != THOUSAND:
        return (fraction,)
    joined = Decimal(f"{whole}{part}")
    return (joined,) if mark == "," and language in COMMA_FOR_THOUSANDS else (joined, fraction)


def amounts(printed: str, language: str) -> tuple[tuple[Decimal, str], ...]:
    """Return what a quantity with its unit may mean; empty when none is printed."""
    match = AMOUNT.search(printed)
    if not match:
        return ()
    return tuple((number, UNITS[match["unit"].lower()]) for number in numbers(match["number"], language))


def money(printed: str, language: str) -> tuple[str, tuple[Decimal, ...]]:
    """Return the currency (`USD`, or as printed; empty when none) and what the amount may be."""
    match = MONEY.search(printed)
    if match:
        printed_currency = (match["before"] or match["after"]).lower()
        currency = "USD" if printed_currency in DOLLARS else printed_currency.upper()
        return currency, numbers(match["a"] or match["b"], language)
    bare = re.search(NUMBER, printed)
    try:
        return "", numbers(bare[0], language) if bare else ()
    except InvalidOperation:
        return "", ()


def codes(printed: str) -> tuple[str, ...]:
    """Return the tariff codes that stand in a value."""
    return tuple(dict.fromkeys(match[0].strip() for match in CODE.finditer(printed)))
