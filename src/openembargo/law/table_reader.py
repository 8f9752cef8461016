"""Strict reading of a regime's tables: each key is taken once, a leftover key is a mistake, and every mistake knows its line."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches

from openembargo.terms.errors import Mistake

KEY = re.compile(r"^\s*([A-Za-z0-9_-]+|\"[^\"]+\")\s*=")
AT_LINE = re.compile(r"at line (\d+)")
HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\"-]+)\s*\]\]?\s*(?:#.*)?$")


def line_numbers(text: str) -> dict[str, int]:
    """Return the line of each table and key of a TOML text by path, such as `exemption[1].when`."""
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    here = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = HEADER.match(line)
        if header:
            here = _header_path(header.group(2), header.group(1) == "[[", counts)
            lines.setdefault(here, number)
        elif key := KEY.match(line):
            name = key.group(1).strip('"')
            lines.setdefault(f"{here}.{name}" if here else name, number)
    return lines


def _header_path(name: str, is_array: bool, counts: dict[str, int]) -> str:
    parts = name.replace('"', "").split(".")
    path = ""
    for i, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        last = i == len(parts) - 1
        if last and is_array:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path


class File:
    """One file of a regime folder and the mistakes found so far in the whole folder."""

    def __init__(self, name: str, text: str, mistakes: list[Mistake]) -> None:
        """Parse a TOML file; a file that is not TOML becomes a mistake and an empty table."""
        self.name = name
        self.mistakes = mistakes
        self._lines: dict[str, int] | None = None
        self._text = text
        self.broken = False
        """Whether nothing more can be said of it: what it lacks then follows from the first mistake."""
        self.parsed: dict[str, object] = {}
        try:
            self.parsed = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            line = AT_LINE.search(str(error))
            where = f"{name}:{line.group(1)}" if line else name
            mistakes.append(Mistake(where, f"not TOML: {error}", "TOML as in docs/reference/law-format.md"))
            self.broken = True

    def wrong(self, path: str, found: str, allowed: str = "") -> None:
        """Note a mistake at a path of this file; nothing when the file was not understood at all."""
        if self.broken:
            return
        if self._lines is None:
            self._lines = line_numbers(self._text)
        probe = path
        while probe and probe not in self._lines:
            probe = probe.rpartition(".")[0]
        line = self._lines.get(probe, 1)
        where = f"{self.name}:{line}" + (f" ({path})" if path else "")
        self.mistakes.append(Mistake(where, found, allowed))

    def table(self) -> "Table":
        """Return the whole file as a table."""
        return Table(self, "", self.parsed)


class Table:
    """One table; keys are taken out one by one and `close` complains of what is left."""

    def __init__(self, file: File, path: str, cells: Mapping[str, object]) -> None:
        """Wrap the cells of a table."""
        self.file = file
        self.path = path
        self.cells = dict(cells)
        self.known: list[str] = []

    def at(self, key: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, found: str, allowed: str = "") -> None:
        """Note a mistake at a key."""
        self.file.wrong(self.at(key) if key else self.path, found, allowed)

    def _take(self, key: str, *, required: bool, wanted: str) -> object | None:
        self.known.append(key)
        found = self.cells.pop(key, None)
        if found is None and required:
            self.wrong("", f"{key} is missing", f"wanted: {wanted}")
        return found

    def text(self, key: str, *, required: bool = True, one_of: tuple[str, ...] = ()) -> str:
        """Take a text; empty when absent."""
        found = self._take(key, required=required, wanted=" | ".join(one_of) or "a text")
        if found is None:
            return ""
        if not isinstance(found, str) or not found.strip():
            self.wrong(key, f"found {found!r}", "a text that is not empty")
            return ""
        if one_of and found not in one_of:
            close = get_close_matches(found, one_of, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            self.wrong(key, f"found {found!r}", f"{hint}one of: {', '.join(one_of)}")
        return " ".join(found.split())

    def day(self, key: str, *, required: bool = True) -> date | None:
        """Take a day."""
        found = self._take(key, required=required, wanted="a day such as 2017-02-03")
        if found is None:
            return None
        if not isinstance(found, date) or isinstance(found, datetime):
            self.wrong(key, f"found {found!r}", "a day such as 2017-02-03, without quotation marks")
            return None
        return found

    def flag(self, key: str) -> bool:
        """Take a boolean; false when absent."""
        found = self._take(key, required=False, wanted="true or false")
        if found is not None and not isinstance(found, bool):
            self.wrong(key, f"found {found!r}", "true or false")
        return found is True

    def number(self, key: str) -> Decimal | None:
        """Take a number."""
        found = self._take(key, required=False, wanted="a number")
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | Decimal) or found < 0:
            self.wrong(key, f"found {found!r}", "a number, not negative")
            return None
        return Decimal(found)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Take a list of texts."""
        found = self._take(key, required=required, wanted="a list of texts")
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            self.wrong(key, f"found {found!r}", "a list of texts")
            return ()
        return tuple(found)

    def integers(self, key: str) -> tuple[int, ...]:
        """Take a list of whole numbers."""
        found = self._take(key, required=False, wanted="a list of whole numbers")
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(item, int) for item in found):
            self.wrong(key, f"found {found!r}", "a list of whole numbers")
            return ()
        return tuple(found)

    def tables(self, key: str, *, required: bool = False) -> tuple["Table", ...]:
        """Take an array of tables."""
        found = self._take(key, required=required, wanted=f"[[{key}]] tables")
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
            self.wrong(key, f"found {found!r}", f"[[{key}]] tables")
            return ()
        return tuple(Table(self.file, f"{self.at(key)}[{i}]", row) for i, row in enumerate(found))

    def raw(self, key: str, *, required: bool = True) -> object | None:
        """Take whatever stands there."""
        return self._take(key, required=required, wanted="a value")

    def close(self) -> None:
        """Complain of every key that was not taken."""
        for key in self.cells:
            close = get_close_matches(key, self.known, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            self.wrong(key, f"unknown key {key!r}", f"{hint}known here: {', '.join(self.known)}")
