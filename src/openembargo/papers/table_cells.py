"""Cells of tables as facts: days, amounts, codes and places as people write them; what could be read two ways is not read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from stdnum import imo

from openembargo.terms.deal import Value
from openembargo.terms.errors import InputError
from openembargo.terms.fact import Fact, FactType
from openembargo.terms.read_deal import read_fact
from openembargo.terms.vocabulary import FACTS

from .place_names import folded
from .places import Gazetteer
from .table_headings import words_for
from .table_mapping import ColumnUse
from .table_source import Cell

NUMBER = re.compile(
    r"^(?P<before>[^\d.,+-]{0,12})(?P<number>[+-]?\d[\d.,' \u00a0\u202f]*?)\s*(?P<after>[^\d.,'\s][^\d]{0,15})?$"
)
ISO_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
WRITTEN_DAY = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: .*)?$")
EAST_DAY = re.compile(r"^(\d{4})[年년]\s?(\d{1,2})[月월]\s?(\d{1,2})[日일]$")
HS_DIGITS = (4, 6, 8, 10)
DASH = re.compile(r"^[-\u2013\u2014/.]*$|^n/?a$", re.IGNORECASE)
PLACES_APART = re.compile(r"[|;/>]")
WORDS_APART = re.compile(r"[|;,]")
TRUE_WORDS, FALSE_WORDS = frozenset({"true", "yes", "y", "1"}), frozenset({"false", "no", "n", "0"})
GROUP = 3
AMBIGUOUS = 'could be thousands or a fraction; write decimal = "." or "," for the column in the mapping'


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a cell.

    Attributes:
        value: The fact's value; None when none was read.
        how: How it follows from the cell where it is not the cell itself.
        unit: Unit or currency that the cell itself names.
        wrong: What would have been allowed, when the cell is no value of the fact.
        question: What is asked, when the cell does not settle it.
        answers: Values that would fit.
        left: Why the cell was left unread.
    """

    value: Value | None = None
    how: str = ""
    unit: str = ""
    wrong: str = ""
    question: str = ""
    answers: tuple[str, ...] = ()
    left: str = ""


NOTHING = Read()


def read_cell(use: ColumnUse, cell: Cell, gazetteer: Gazetteer) -> Read:
    """Read one cell as the fact of its column."""
    if cell is None or (isinstance(cell, str) and DASH.match(cell.strip())):
        return NOTHING
    fact = FACTS[use.fact]
    if use.fact == "vessel.imo":
        return _imo(cell)
    if fact.type is FactType.HS:
        return _code(cell)
    if fact.type is FactType.DATE:
        return _day(cell, use.order)
    if fact.type is FactType.DECIMAL:
        return _amount(use, cell)
    text = _text(cell)
    if fact.type in (FactType.PLACE, FactType.PLACES):
        return _places(use, fact, text, gazetteer)
    if fact.type is FactType.COUNTRY:
        code = gazetteer.country(text) or gazetteer.country_within(text)
        return (
            Read(code, "" if code == text else "country by name") if code else Read(wrong="a country by name or code")
        )
    return _checked(fact, _worded(fact, text, cell))


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal) and cell == cell.to_integral_value():
        return str(int(cell))
    return str(cell).strip()


def _checked(fact: Fact, value: object) -> Read:
    try:
        return Read(read_fact(fact, value, "cell"))
    except InputError as error:
        return Read(wrong="; ".join(one.allowed for one in error.mistakes))


def _worded(fact: Fact, text: str, cell: Cell) -> object:
    """Return a cell as the vocabulary writes it."""
    if fact.type is FactType.BOOLEAN:
        word = text.lower()
        return word in TRUE_WORDS if word in TRUE_WORDS | FALSE_WORDS else text
    if fact.type is FactType.INTEGER:
        return int(text) if text.isdecimal() else text
    if fact.type.is_list:
        return [_word(fact, part.strip()) for part in WORDS_APART.split(text) if part.strip()]
    if fact.type is FactType.CODE:
        return _word(fact, text)
    return text if isinstance(cell, str) else _text(cell)


def _word(fact: Fact, text: str) -> str:
    plain = folded(text)
    if fact.path == "goods.unit":
        return words_for("units").get(plain, text)
    if fact.path in ("route.mode", "goods.condition"):
        return words_for("values", fact.name).get(plain, text)
    word = plain.replace(" ", "_")
    return word if word in fact.one_of else text


def _imo(cell: Cell) -> Read:
    digits = re.sub(r"^IMO\s*(?:NO\.?)?[\s:]*", "", _text(cell).upper())
    if imo.is_valid(digits):
        return Read(imo.compact(digits))
    return Read(wrong="seven digits of which the last is the check digit of IMO numbers")


def _code(cell: Cell) -> Read:
    """Read a tariff code. A spreadsheet's number has lost zeros at both ends: they are put back, and it is said."""
    if isinstance(cell, bool | date):
        return Read(wrong=FactType.HS.value)
    text = str(cell).strip()
    if isinstance(cell, str):
        digits = re.sub(r"[. ]", "", text)
        if digits.isdecimal() and len(digits) + 1 in HS_DIGITS and "." not in text:
            return Read(wrong=f"an even number of digits; if a zero was lost in front, write 0{digits}")
        return _checked(FACTS["goods.hs"], text)
    whole, _, part = text.partition(".")
    fixed = (whole.zfill(4) + "." + part.ljust(2, "0")) if part.strip("0") or part else whole
    if not part and len(whole) % 2:
        fixed = "0" + whole
    read = _checked(FACTS["goods.hs"], fixed)
    return Read(read.value, "zeros that a number loses were put back" if fixed != text else "", wrong=read.wrong)


def day_of(text: str, order: str) -> date | None:
    """Return the day that a text writes; None when it is none, or day and month could be exchanged and no order is told.

    Parted by dots, the day stands first: no country writes the month first so.
    """
    plain = text.strip()
    year_first = ISO_DAY.match(plain) or COMPACT_DAY.match(plain) or EAST_DAY.match(plain)
    if year_first:
        year, month, day = map(int, year_first.groups()[:3])
        return _valid(year, month, day)
    written = WRITTEN_DAY.match(plain)
    if not written:
        return None
    one, two, year = map(int, written.groups()[:3])
    if "." in plain:
        return _valid(year, two, one) if order in ("", "dmy") else _valid(year, one, two)
    found = {o: d for o, d in (("dmy", _valid(year, two, one)), ("mdy", _valid(year, one, two))) if d}
    if order in ("dmy", "mdy"):
        return found.get(order)
    return next(iter(found.values())) if len(set(found.values())) == 1 else None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day(cell: Cell, order: str) -> Read:
    if isinstance(cell, date):
        return Read(cell)
    if isinstance(cell, str):
        found = day_of(cell, order)
        if found:
            return Read(found, "" if found.isoformat() == cell.strip() else "day as written")
        if WRITTEN_DAY.match(cell.strip()) and not order and day_of(cell, "dmy"):
            return Read(
                wrong='day and month could be exchanged; write order = "dmy" or "mdy" for the column in the mapping'
            )
    return Read(wrong="a day such as 2017-02-03 or 03.02.2017")


def decimal_sign(texts: Sequence[str]) -> str:
    """Return which sign parts whole from fraction in a column, as far as its cells tell; empty when they do not."""
    found = set()
    for text in texts:
        match = NUMBER.match(text)
        sign = _sign_of(match.group("number")) if match else ""
        if sign:
            found.add(sign)
    return found.pop() if len(found) == 1 else ""


def _sign_of(number: str) -> str:
    """Return the decimal sign that one number shows beyond doubt."""
    dots, commas = number.count("."), number.count(",")
    if dots and commas:
        return "." if number.rindex(".") > number.rindex(",") else ","
    if dots + commas != 1:
        return {True: ",", False: "."}[dots > 1] if dots + commas > 1 else ""
    sign = "." if dots else ","
    whole, _, part = number.strip("+- ").partition(sign)
    grouped = len(part) == GROUP and 0 < len(whole) <= GROUP and not whole.startswith("0")
    return "" if grouped else sign


def number_of(text: str, decimal: str) -> Decimal | str:
    """Return a number as people write it, or why it is none."""
    plain = re.sub(r"[' \u00a0\u202f]", "", text)
    sign = _sign_of(plain) or decimal
    if not sign and plain.count(".") + plain.count(",") == 1:
        return AMBIGUOUS
    sign = sign or "."
    other = "," if sign == "." else "."
    whole, _, part = plain.replace(other, "\0").partition(sign)
    groups = whole.lstrip("+-").split("\0")
    if "\0" in part or (len(groups) > 1 and any(len(group) != GROUP for group in groups[1:])):
        return "a number, such as 1250 or 1,250.50"
    try:
        return Decimal(whole.replace("\0", "") + ("." + part if part else ""))
    except InvalidOperation:
        return "a number, such as 1250 or 1,250.50"


def _amount(use: ColumnUse, cell: Cell) -> Read:
    fact = FACTS[use.fact]
    if isinstance(cell, bool | date):
        return Read(wrong=FactType.DECIMAL.value)
    if not isinstance(cell, str):
        return _checked(fact, cell)
    if cell.isascii() and cell.isdigit():
        return _checked(fact, Decimal(cell))
    match = NUMBER.match(cell.strip())
    if not match:
        return Read(wrong=FactType.DECIMAL.value)
    number = number_of(match.group("number"), use.decimal)
    if isinstance(number, str):
        return Read(wrong=number)
    told = folded(match.group("before") or match.group("after") or "")
    words = words_for("units") if use.fact == "goods.quantity" else words_for("currencies")
    if told and told not in words:
        return Read(wrong=f"{FactType.DECIMAL.value}; {told!r} is no unit or currency that is read")
    read = _checked(fact, number)
    return Read(read.value, "", words.get(told, ""), read.wrong)


def _places(use: ColumnUse, fact: Fact, text: str, gazetteer: Gazetteer) -> Read:
    if fact.type is FactType.PLACE:
        return _place(text, gazetteer, codes=use.codes)
    reads = [_place(part.strip(), gazetteer, codes=use.codes) for part in PLACES_APART.split(text) if part.strip()]
    asked = next((one for one in reads if one.question), NOTHING)
    if any(one.value is None for one in reads):
        return Read(question=asked.question, answers=asked.answers)
    return Read(
        tuple(str(one.value) for one in reads), "places by name or code", question=asked.question, answers=asked.answers
    )


def _place(text: str, gazetteer: Gazetteer, *, codes: bool) -> Read:
    """Read a place by code or name; one of several is asked, with their country where they share it."""
    found = gazetteer.named(text)
    if len(found) == 1:
        return Read(found[0].code, "" if found[0].code == text else f"UN/LOCODE of {found[0].name}")
    if codes and not found:
        read = _checked(FACTS["route.to"], text)
        if read.value is not None:
            return read
    where = gazetteer.country(text) or gazetteer.country_within(text)
    if not where and found and len({place.country for place in found}) == 1:
        where = found[0].country
    fits = tuple(place.code for place in found)
    question = "" if where and len(found) < 2 else f"Which place is “{text[:80]}”?"  # noqa: PLR2004 - one is no choice
    return Read(where or None, "country of the place" if where else "", question=question, answers=fits)
