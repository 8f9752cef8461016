"""From a parsed TOML or JSON table to a deal, strictly: every mistake is named, all at once."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from .countries import country_codes, nearest_country
from .deal import Deal, Row, Value
from .errors import InputError, Mistake
from .fact import Fact, FactType
from .vocabulary import SECTIONS, TABLES, facts_of

HS_LENGTHS = (2, 4, 6, 8, 10)
SHOWN_VALUES = 12


def read_deal(table: Mapping[str, object], source: str = "deal") -> Deal:
    """Read a deal from a parsed TOML or JSON table.

    Args:
        table: The keys of a deal file.
        source: File name (or `stdin`, or `row 7`) for messages.

    Raises:
        InputError: With every unknown key and every wrong value, each with its path, what was found and what is allowed.
    """
    reader = _Reader(source)
    top: dict[str, Value] = {}
    parts: dict[str, object] = {}
    for key, found in table.items():
        if key in facts_of("deal") and key not in SECTIONS:
            reader.fact(top, facts_of("deal")[key], key, found)
        elif key in TABLES:
            parts[key] = reader.rows(key, found)
        elif key in SECTIONS and key != "deal":
            parts[key] = reader.row(key, key, found)
        else:
            allowed = [*facts_of("deal"), *(s for s in SECTIONS if s != "deal")]
            reader.unknown(key, key, allowed)
    if reader.mistakes:
        raise InputError(reader.mistakes)
    return Deal(top=top, **parts)  # type: ignore[arg-type]


def read_fact(fact: Fact, found: object, source: str) -> Value:
    """Read one value of a fact.

    Raises:
        InputError: When it is not of the fact's type.
    """
    reader = _Reader(source)
    row: dict[str, Value] = {}
    reader.fact(row, fact, fact.path, found)
    if reader.mistakes:
        raise InputError(reader.mistakes)
    return row[fact.name]


class _Reader:
    """Collects the mistakes while the parts of one deal are read."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.mistakes: list[Mistake] = []

    def wrong(self, path: str, found: object, allowed: str) -> None:
        self.mistakes.append(Mistake(f"{self.source}: {path}", f"found {found!r}", allowed))

    def unknown(self, path: str, key: str, allowed: list[str]) -> None:
        close = get_close_matches(key, allowed, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]!r}? " if close else ""
        names = ", ".join(sorted(allowed))
        self.mistakes.append(Mistake(f"{self.source}: {path}", f"unknown key {key!r}", f"{hint}allowed: {names}"))

    def rows(self, section: str, found: object) -> tuple[Row, ...]:
        if not isinstance(found, list | tuple):
            self.wrong(section, found, f"a list of tables, written [[{section}]]")
            return ()
        return tuple(self.row(section, f"{section}[{i}]", row) for i, row in enumerate(found))

    def row(self, section: str, path: str, found: object) -> Row:
        row: dict[str, Value] = {}
        if not isinstance(found, Mapping):
            self.wrong(path, found, f"a table of facts, written [{section}]")
            return row
        known = {name: fact for name, fact in facts_of(section).items() if not fact.derived}
        for key, value in found.items():
            if key in known:
                self.fact(row, known[key], f"{path}.{key}", value)
            else:
                self.unknown(f"{path}.{key}", str(key), list(known))
        return row

    def fact(self, row: dict[str, Value], fact: Fact, path: str, found: object) -> None:
        if fact.type.is_list:
            if not isinstance(found, list | tuple):
                self.wrong(path, found, f"{fact.type.value}, in brackets: [{found!r}]")
                return
            one = _ITEM[fact.type]
            values = [self.item(fact, one, f"{path}[{i}]", item) for i, item in enumerate(found)]
            if None not in values:
                row[fact.name] = tuple(str(value) for value in values)
            return
        value = self.item(fact, fact.type, path, found)
        if value is not None:
            row[fact.name] = value

    def item(self, fact: Fact, kind: FactType, path: str, found: object) -> Value | None:
        value = _READ[kind](found)
        if value is None:
            self.wrong(path, found, _allowed(fact, kind, found))
            return None
        if fact.one_of and value not in fact.one_of:
            close = get_close_matches(str(found), [str(w) for w in fact.one_of], n=1, cutoff=0.5)
            hint = f"did you mean {close[0]!r}? " if close else ""
            words = [str(word) for word in fact.one_of]
            shown = ", ".join(words[:SHOWN_VALUES])
            more = f" and {len(words) - SHOWN_VALUES} more (see `openembargo vocabulary {fact.path}`)"
            self.wrong(path, found, hint + "allowed: " + shown + (more * (len(words) > SHOWN_VALUES)))
            return None
        return value


def _allowed(fact: Fact, kind: FactType, found: object) -> str:
    if kind is FactType.HS and isinstance(found, int | float | Decimal):
        return f'{kind.value}; write {fact.name} = "{found}" with quotation marks'
    if kind in (FactType.COUNTRY, FactType.PLACE) and isinstance(found, str):
        near = nearest_country(found)
        return f"{kind.value}" + (f"; did you mean {near!r}?" if near else "")
    if kind in (FactType.CODE, FactType.CODES):
        return f"one of: {', '.join(str(w) for w in fact.one_of[:SHOWN_VALUES])}"
    return str(kind.value)


def _text(found: object) -> str | None:
    return found if isinstance(found, str) else None


def _day(found: object) -> date | None:
    if isinstance(found, datetime):
        return None
    if isinstance(found, date):
        return found
    if isinstance(found, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", found):
        try:
            return date.fromisoformat(found)
        except ValueError:
            return None
    return None


def _country(found: object) -> str | None:
    return found if isinstance(found, str) and found in country_codes() else None


def _boolean(found: object) -> bool | None:
    return found if isinstance(found, bool) else None


def _integer(found: object) -> int | None:
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if found >= 0 else None


def _decimal(found: object) -> Decimal | None:
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
        return None
    try:
        value = Decimal(str(found))
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None


def _hs(found: object) -> str | None:
    if not isinstance(found, str) or not re.fullmatch(r"\d[\d. ]*", found):
        return None
    digits = re.sub(r"[. ]", "", found)
    return found if len(digits) in HS_LENGTHS else None


def _place(found: object) -> str | None:
    if not isinstance(found, str):
        return None
    whole = found in country_codes()
    port = re.fullmatch(r"[A-Z]{2}[A-Z2-9]{3}", found) and found[:2] in country_codes()
    return found if whole or port else None


def _region(found: object) -> str | None:
    if not isinstance(found, str):
        return None
    return found if re.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}", found) and found[:2] in country_codes() else None


def _code(found: object) -> str | int | None:
    if isinstance(found, bool):
        return None
    return found if isinstance(found, str | int) else None


_READ = {
    FactType.TEXT: _text,
    FactType.DATE: _day,
    FactType.COUNTRY: _country,
    FactType.CODE: _code,
    FactType.BOOLEAN: _boolean,
    FactType.INTEGER: _integer,
    FactType.DECIMAL: _decimal,
    FactType.HS: _hs,
    FactType.PLACE: _place,
    FactType.REGION: _region,
}
_ITEM = {
    FactType.TEXTS: FactType.TEXT,
    FactType.CODES: FactType.CODE,
    FactType.COUNTRIES: FactType.COUNTRY,
    FactType.PLACES: FactType.PLACE,
}
