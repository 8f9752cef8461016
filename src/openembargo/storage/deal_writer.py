"""Writes deals as TOML files."""

import os
from collections.abc import Iterable
from pathlib import Path

import tomli_w

from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, Mistake


def deal_as_toml(deal: Deal) -> str:
    """Return a deal as the text of a deal file."""
    table: dict[str, object] = {name: _cell(value) for name, value in deal.top.items()}
    for section in ("goods", "party", "vessel"):
        rows = deal.rows(section)
        if rows:
            table[section] = [{name: _cell(value) for name, value in row.items()} for row in rows]
    for section in ("route", "finance", "undertaking", "facts"):
        row = deal.rows(section)[0]
        if row:
            table[section] = {name: _cell(value) for name, value in row.items()}
    return tomli_w.dumps(table)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all, making its folder.

    Raises:
        InputError: When it cannot be written there.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, making its folder.

    Raises:
        InputError: When it cannot be written there.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise InputError(
            [Mistake(str(path), f"cannot be written: {error.strerror}", "a file in a folder that you may write to")]
        ) from None


def drop_files(folder: Path, names: Iterable[str]) -> None:
    """Remove files of a folder, where they are."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Refuse a file that cannot be written, before long work begins.

    Raises:
        InputError: When its folder does not exist or takes no files.
    """
    folder = path.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise InputError(
            [
                Mistake(
                    str(path), "cannot be written: no such folder, or it takes no files", "a file in a folder of yours"
                )
            ]
        )


def write_deal(path: Path, deal: Deal) -> None:
    """Write a deal file."""
    write_text(path, deal_as_toml(deal))


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return value
