"""Which column of a table holds which fact: read from a file that people edit, or guessed from headings and cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from openembargo.terms.deal import Value
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.read_deal import read_fact
from openembargo.terms.vocabulary import FACTS

from .table_source import TableSource

CURRENCY = "currency"
ORDERS = ("dmy", "mdy", "ymd")
DECIMALS = (".", ",")
KEYS = ("column", "constant", "sheet", "encoding", "delimiter", "each_row")
COLUMN_KEYS = ("name", "fact", "role", "unit", "currency", "order", "decimal", "codes", "why")


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What one column holds.

    Attributes:
        name: Its heading.
        fact: Path of the fact, such as `goods.hs`; `currency` for what the row's values are in; empty: left unread.
        role: Role of the party, for facts of parties.
        unit: Unit of its numbers, for `goods.quantity`.
        currency: Currency of its numbers, for values; only US dollars are read.
        order: How days are written, where their cells do not tell: `dmy`, `mdy` or `ymd`.
        decimal: Which sign parts whole from fraction, where the cells do not tell.
        codes: Whether its places are UN/LOCODEs, also those that the gazetteer does not hold.
        why: Why it was taken so, or left.
    """

    name: str
    fact: str = ""
    role: str = ""
    unit: str = ""
    currency: str = ""
    order: str = ""
    decimal: str = ""
    codes: bool = False
    why: str = ""

    @property
    def target(self) -> str:
        """What it is read as, in words."""
        if not self.fact:
            return "not read"
        beside = [self.role, self.unit, self.currency.upper()]
        return " ".join([self.fact, *(f"({word})" for word in beside if word)])


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How a table is read.

    Attributes:
        columns: What each column holds.
        constant: Facts that hold for every row, by path; of a party as `party.<role>.<fact>`.
        sheet: Sheet of a workbook; empty: the first with a table.
        encoding: Encoding of a CSV file; empty: found.
        delimiter: What parts the cells of a CSV file; empty: found.
        each_row: Whether each row is a consignment of its own, also where rows bear the same number.
    """

    columns: tuple[ColumnUse, ...]
    constant: Mapping[str, Value] = field(default_factory=dict)
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    each_row: bool = False

    def in_order(self, source: TableSource) -> tuple[ColumnUse, ...]:
        """Return a use for each column of a table, in its order.

        Raises:
            InputError: When the mapping names a column that the table does not have.
        """
        by_name = {use.name: use for use in self.columns}
        lost = [use for use in self.columns if use.fact and use.name not in source.headings]
        if lost:
            held = ", ".join(repr(name) for name in source.headings[:30])
            raise InputError(
                [
                    Mistake(f"{source.source}: column {use.name!r}", "is not in the table", f"one of: {held}")
                    for use in lost
                ]
            )
        return tuple(by_name.get(name, ColumnUse(name, why="the mapping does not name it")) for name in source.headings)

    def plain(self) -> dict[str, object]:
        """Return it as TOML holds it."""
        columns = []
        for use in self.columns:
            row: dict[str, object] = {"name": use.name, "fact": use.fact}
            row |= {key: getattr(use, key) for key in COLUMN_KEYS[2:] if getattr(use, key)}
            columns.append(row)
        head: dict[str, object] = {key: getattr(self, key) for key in KEYS[2:] if getattr(self, key)}
        constant = {p: list(v) if isinstance(v, tuple) else v for p, v in self.constant.items()}
        return {**head, "column": columns, **({"constant": constant} if constant else {})}


def read_mapping(table: Mapping[str, object], source: str) -> TableMapping:
    """Read a mapping from a parsed TOML table, strictly.

    Raises:
        InputError: With every unknown key and every wrong value.
    """
    mistakes = _unknown(table, KEYS, source)
    rows = table.get("column", [])
    constants = table.get("constant", {})
    columns: list[ColumnUse] = []
    if not isinstance(rows, list) or not rows:
        mistakes.append(Mistake(f"{source}: column", "no columns", "tables written [[column]] with name and fact"))
        rows = []
    for number, row in enumerate(rows, start=1):
        found = _column(row, f"{source}: column {number}", mistakes)
        if found:
            columns.append(found)
    constant = _constants(constants, source, mistakes) if isinstance(constants, Mapping) else {}
    texts = {key: table.get(key, "") for key in ("sheet", "encoding", "delimiter")}
    for key, value in texts.items():
        if not isinstance(value, str):
            mistakes.append(Mistake(f"{source}: {key}", f"found {value!r}", "a text"))
    if mistakes:
        raise InputError(mistakes)
    named = {key: str(value) for key, value in texts.items()}
    return TableMapping(tuple(columns), constant, each_row=table.get("each_row") is True, **named)


def _column(row: object, at: str, mistakes: list[Mistake]) -> ColumnUse | None:
    if not isinstance(row, Mapping) or not isinstance(row.get("name"), str):
        mistakes.append(Mistake(at, f"found {row!r}", "a table with name and fact"))
        return None
    before = len(mistakes)
    mistakes += _unknown(row, COLUMN_KEYS, at)
    fact = row.get("fact", "")
    if fact not in ("", CURRENCY) and (fact not in FACTS or FACTS[fact].derived):
        mistakes.append(Mistake(f"{at}: fact", f"unknown fact {fact!r}", _near(str(fact))))
    elif str(fact).startswith("party.") and row.get("role") not in FACTS["party.role"].one_of:
        mistakes.append(Mistake(f"{at}: role", f"found {row.get('role')!r}", "the role of the party, such as shipper"))
    for key, allowed in (("unit", FACTS["goods.unit"].one_of), ("order", ORDERS), ("decimal", DECIMALS)):
        if row.get(key, "") not in ("", *allowed):
            mistakes.append(Mistake(f"{at}: {key}", f"found {row[key]!r}", f"one of: {', '.join(map(str, allowed))}"))
    if len(mistakes) > before:
        return None
    texts = {key: str(row[key]) for key in COLUMN_KEYS if key in row and key != "codes"}
    return ColumnUse(**texts, codes=row.get("codes") is True)


def _constants(table: Mapping[str, object], source: str, mistakes: list[Mistake]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for path, value in table.items():
        parts = path.split(".")
        fact = FACTS.get(f"party.{parts[-1]}" if parts[0] == "party" else path)
        roles = FACTS["party.role"].one_of
        if fact is None or fact.derived or (parts[0] == "party" and (len(parts) != 3 or parts[1] not in roles)):  # noqa: PLR2004 - party.<role>.<fact>
            mistakes.append(Mistake(f"{source}: constant.{path}", "is no fact", _near(path)))
            continue
        try:
            found[path] = read_fact(fact, value, f"{source}: constant")
        except InputError as error:
            mistakes += error.mistakes
    return found


def _near(path: str) -> str:
    close = get_close_matches(path, FACTS, n=1, cutoff=0.5)
    return (f"did you mean {close[0]!r}? " if close else "") + "facts are listed by `openembargo vocabulary`"


def _unknown(table: Mapping[str, object], allowed: Sequence[str], at: str) -> list[Mistake]:
    return [Mistake(at, f"unknown key {key!r}", ", ".join(allowed)) for key in table if key not in allowed]
