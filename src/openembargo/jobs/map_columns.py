"""How the columns of a table are read: guessed and shown, saved to be edited, read back."""

from pathlib import Path

from openembargo.papers.table_guess import guess
from openembargo.papers.table_mapping import TableMapping
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.table_files import is_table, open_table, read_mapping_file, write_mapping_file
from openembargo.terms.errors import InputError, Mistake


def mapping_of(name: str, saved: Path | None = None) -> TableMapping:
    """Return the mapping of a table: the saved one, checked against the table, else the likeliest.

    Raises:
        InputError: When the file is no table, or the saved mapping names a column that it does not have.
        SourceError: When the table is damaged.
    """
    if not is_table(name):
        raise InputError([Mistake(name, "is no table, so it has no columns to map", "CSV, XLSX or Parquet")])
    if saved is None:
        return guess(open_table(name), open_gazetteer())
    mapping = read_mapping_file(saved)
    mapping.in_order(open_table(name, mapping))
    return mapping


def save_mapping(name: str, target: Path, saved: Path | None = None) -> TableMapping:
    """Write the mapping of a table where it can be edited, and return it."""
    mapping = mapping_of(name, saved)
    write_mapping_file(target, mapping)
    return mapping
