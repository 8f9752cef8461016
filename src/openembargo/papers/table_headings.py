"""What tables call their columns: synonyms in the trade's languages, kept as data beside this module."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from openembargo.terms.errors import Mistake, SourceError

from .place_names import folded
from .table_source import TableRow

HEADING_AMONG = 15
"""Rows among which the heading is looked for: titles and dates often stand above it."""
MOST_COLUMNS = 2000
BRACKETS = re.compile("[([\uff08\u3010]([^)\\]\uff09\u3011]*)[)\\]\uff09\u3011]")


@dataclass(frozen=True, slots=True)
class Concept:
    """What a column may hold.

    Attributes:
        fact: Path of the fact; a word without a dot for what is known and no fact (`seal`) or steers others (`currency`).
        role: Role of the party, for facts of parties.
        measure: `net`, `gross` or `quantity` for the several ways to say how much.
        why: Why it is left unread, where it is no fact.
    """

    fact: str
    role: str = ""
    measure: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A heading understood: the concept, and the unit and currency that it names."""

    concept: Concept
    unit: str = ""
    currency: str = ""


@cache
def _words() -> dict[str, object]:
    return tomllib.loads(files("openembargo").joinpath("papers", "headings.toml").read_text(encoding="utf-8"))


@cache
def _concepts() -> dict[str, Concept]:
    rows = _words()["concept"]
    assert isinstance(rows, list)
    return {
        folded(word): Concept(row["fact"], row.get("role", ""), row.get("measure", ""), row.get("why", ""))
        for row in rows
        for word in row["words"]
    }


@cache
def words_for(section: str, name: str = "") -> dict[str, str]:
    """Return what stands for which word: of `units`, `currencies`, or `values` of a fact such as `mode`."""
    table = _words()[section]
    assert isinstance(table, dict)
    table = table[name] if name else table
    return {folded(word): key for key, words in table.items() for word in (key, *words)}


@cache
def named(heading: str) -> Named | None:
    """Return what a heading means; None when it is no known one."""
    inside = " ".join(BRACKETS.findall(heading))
    plain = folded(BRACKETS.sub(" ", heading)) or folded(heading)
    unit, currency = _in(inside, "units"), _in(inside, "currencies")
    words = plain.split()
    for cut in range(len(words), 0, -1):
        concept = _concepts().get(" ".join(words[:cut]))
        if concept is None:
            continue
        rest = words[cut:]
        known = [
            w for w in rest if w in words_for("units") or w in words_for("currencies") or w in ("in", "no", "code")
        ]
        if len(known) == len(rest):
            return Named(concept, unit or _in(" ".join(rest), "units"), currency or _in(" ".join(rest), "currencies"))
    return None


def _in(text: str, section: str) -> str:
    known = words_for(section)
    whole = folded(text)
    if whole in known:
        return known[whole]
    return next((known[word] for word in whole.split() if word in known and len(word) > 1), "")


def heading_of(rows: Iterable[TableRow], source: str) -> TableRow:
    """Return the heading row: of the first rows the one with most known headings, else the first.

    Raises:
        SourceError: When there are no rows, or too many columns.
    """
    first: list[TableRow] = []
    for row in rows:
        first.append(row)
        if len(first) == HEADING_AMONG:
            break
    sound = [row for row in first if not row.wrong and any(cell is not None for cell in row.cells)]
    if not sound:
        why = first[0].wrong if first else "is empty"
        raise SourceError([Mistake(source, why, "a heading row, and rows of cells below it")])
    best = max(sound, key=lambda row: (_known(row), -row.number))
    if len(best.cells) > MOST_COLUMNS:
        raise SourceError([Mistake(source, f"has {len(best.cells):,} columns", f"at most {MOST_COLUMNS:,}")])
    return best if _known(best) > 1 else sound[0]


def _known(row: TableRow) -> int:
    return sum(1 for cell in row.cells if isinstance(cell, str) and named(cell))
