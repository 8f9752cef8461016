"""Reads deal files: TOML or JSON, from disk or standard input."""

import json
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.read_deal import read_deal

STDIN = "-"


def read_deal_file(name: str) -> Deal:
    """Read one deal.

    Args:
        name: A path, or `-` for standard input.

    Raises:
        InputError: When it cannot be read, is neither TOML nor JSON, or is no deal.
    """
    table = read_table(name)
    table.pop("expect", None)
    return read_deal(table, "stdin" if name == STDIN else name)


def read_table(name: str) -> dict[str, object]:
    """Read the table of a TOML or JSON file.

    Raises:
        InputError: When it cannot be read or is neither.
    """
    shown = "stdin" if name == STDIN else name
    try:
        text = sys.stdin.read() if name == STDIN else Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError([Mistake(shown, f"cannot be read: {error.strerror}", "a deal file in TOML or JSON")]) from None
    except UnicodeDecodeError as error:
        raise InputError(
            [Mistake(shown, f"not UTF-8: {error.reason}", "a deal file in TOML or JSON, in UTF-8")]
        ) from None
    return parse_table(text, shown)


def parse_table(text: str, shown: str) -> dict[str, object]:
    """Parse the text of a deal file.

    Raises:
        InputError: When it is neither TOML nor JSON, with the line.
    """
    if text.lstrip().startswith("{"):
        return _json(text, shown)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Mistake(shown, f"not TOML: {error}", 'TOML such as hs = "1234.56", or JSON')]) from None


def _json(text: str, shown: str) -> dict[str, object]:
    try:
        table = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        where = f"{shown}:{error.lineno}"
        raise InputError([Mistake(where, f"not JSON: {error.msg} (column {error.colno})", "JSON or TOML")]) from None
    if not isinstance(table, dict):
        raise InputError([Mistake(shown, "is no table", "one deal as a JSON object")])
    return table
