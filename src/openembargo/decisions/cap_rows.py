"""Notifications under caps as rows of CSV: read strictly, every mistake with its line."""

import csv
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO

from openembargo.law.caps import BARRELS, TONNES
from openembargo.terms.countries import country_codes
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.vocabulary import FACTS

from .cap_ledger import NOTICE, REPORT, Notification

COLUMNS = ("cap", "kind", "state", "period", "quantity", "unit", "value_usd", "product", "reported", "source")
NEEDED = ("cap", "period", "reported", "source")
UNITS = (*TONNES, *BARRELS)
PERIOD = "a month YYYY-MM, months YYYY-MM..YYYY-MM, or days YYYY-MM-DD..YYYY-MM-DD"
MOST_ROWS = 1_000_000
HUNDRED = Decimal(100)


def read_notifications(text: str, source: str, caps: Collection[str]) -> tuple[Notification, ...]:
    """Read notifications.

    Args:
        text: CSV with the columns `COLUMNS`; `kind` is `report` where it is empty.
        source: Name of the file, for messages.
        caps: Ids of the caps that exist.

    Raises:
        InputError: With every mistake of every line.
    """
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    wrong = [name for name in names if name not in COLUMNS]
    lacking = [name for name in NEEDED if name not in names]
    if wrong or lacking:
        says = "; ".join(
            part
            for part in (f"unknown: {', '.join(wrong)}" * bool(wrong), f"lacking: {', '.join(lacking)}" * bool(lacking))
            if part
        )
        raise InputError([Mistake(f"{source}: line 1", f"the columns are wrong ({says})", ", ".join(COLUMNS))])
    mistakes: list[Mistake] = []
    found: list[Notification] = []
    try:
        for cells in reader:
            row = _Row(cells, f"{source}: line {reader.line_num}", mistakes)
            found.append(row.notification(caps))
    except csv.Error as error:
        mistakes.append(Mistake(f"{source}: line {reader.line_num}", f"is no CSV: {error}", "one row a line"))
    if len(found) > MOST_ROWS:
        mistakes.append(Mistake(source, f"{len(found):,} rows", f"at most {MOST_ROWS:,}"))
    if mistakes:
        raise InputError(mistakes)
    return tuple(found)


class _Row:
    """One row, with the mistakes that are found in it."""

    def __init__(self, cells: Mapping[str | None, object], at: str, mistakes: list[Mistake]) -> None:
        if None in cells:
            mistakes.append(Mistake(at, "has more cells than columns", "as many cells as columns"))
        self.cells = {str(name): str(value or "").strip() for name, value in cells.items() if name}
        self.at, self.mistakes = at, mistakes

    def wrong(self, name: str, allowed: str) -> None:
        self.mistakes.append(Mistake(f"{self.at}: {name}", repr(self.cells.get(name, "")), allowed))

    def one_of(self, name: str, allowed: Iterable[str], fallback: str = "") -> str:
        found = self.cells.get(name, "") or fallback
        choices = tuple(allowed)
        if found not in choices:
            self.wrong(name, ", ".join(choices) or "a cap of the book")
        return found

    def number(self, name: str) -> Decimal | None:
        found = self.cells.get(name, "")
        if not found:
            return None
        try:
            number = Decimal(found)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0:
            self.wrong(name, "a number with a point, without spaces, not negative")
            return None
        return number

    def day(self, name: str) -> date:
        try:
            return date.fromisoformat(self.cells.get(name, ""))
        except ValueError:
            self.wrong(name, "a day, YYYY-MM-DD")
            return date.min

    def days(self) -> tuple[date, date]:
        first, _, last = self.cells.get("period", "").partition("..")
        try:
            found = _first(first), _last(last or first)
        except ValueError:
            self.wrong("period", PERIOD)
            return date.min, date.min
        if found[0] > found[1]:
            self.wrong("period", "a first day that is not after the last")
        return found

    def notification(self, caps: Collection[str]) -> Notification:
        kind = self.one_of("kind", (REPORT, NOTICE), REPORT)
        cap = self.one_of("cap", sorted(caps))
        state = self.cells.get("state", "").upper()
        quantity, value = self.number("quantity"), self.number("value_usd")
        unit = self.cells.get("unit", "")
        product = self.cells.get("product", "")
        first, last = self.days()
        reported = self.day("reported")
        if kind == REPORT and state not in country_codes():
            self.wrong("state", "the ISO 3166 code of a State, two letters")
        if kind == NOTICE and (unit != "percent" or quantity is None or quantity > HUNDRED * HUNDRED):
            self.wrong("unit", "percent, with the share as the quantity, for a notice")
        if kind == REPORT and (unit or quantity is not None) and (unit not in UNITS or quantity is None):
            self.wrong("unit", f"{', '.join(UNITS)}, with a quantity")
        words = tuple(map(str, FACTS["goods.product"].one_of))
        if product and product not in words:
            self.wrong("product", f"one of: {', '.join(words)}")
        if not self.cells.get("source"):
            self.wrong("source", "where it was read")
        if date.min < reported < first:
            self.wrong("reported", f"a day not before the period begins ({first})")
        return Notification(
            cap,
            kind,
            state,
            first,
            last,
            quantity,
            unit,
            value,
            product,
            reported,
            self.cells.get("source", ""),
            self.at,
        )


MONTH_LETTERS = len("YYYY-MM")


def _first(text: str) -> date:
    return date.fromisoformat(f"{text}-01" if len(text) == MONTH_LETTERS else text)


def _last(text: str) -> date:
    if len(text) != MONTH_LETTERS:
        return date.fromisoformat(text)
    first = _first(text)
    return first.replace(day=monthrange(first.year, first.month)[1])
