"""How the desk stands: does its store answer, how old are law and lists, how many cases wait?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openembargo.law.book import Book
from openembargo.storage import case_files, list_archive, log_book
from openembargo.storage.settings import today
from openembargo.storage.store import Store, StoreGone


@dataclass(frozen=True, slots=True)
class ListAge:
    """How old a list is, and how many entries it has."""

    list_id: str
    age_days: int
    entries: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the desk stands.

    Attributes:
        store_up: Whether the store answers.
        law_age_days: Days since the law was last checked, the longest of its regimes.
        lists: The lists in use.
        cases: Cases by state.
        log_entries: Number of the last entry of the log.
    """

    store_up: bool
    law_age_days: int
    lists: tuple[ListAge, ...]
    cases: Mapping[str, int] = field(default_factory=dict)
    log_entries: int = 0


def standing(store: Store, book: Book) -> Standing:
    """Return how the desk stands."""
    day = today()
    held = [(one, list_archive.active(one)[-1:]) for one in list_archive.list_ids()]
    lists = tuple(
        ListAge(one, (day - date.fromisoformat(last.published)).days, last.total) for one, rows in held for last in rows
    )
    law = max((day - regime.checked).days for regime in book.regimes)
    try:
        with store.read() as connection:
            return Standing(True, law, lists, case_files.counted(connection), log_book.head(connection)[0])
    except StoreGone:
        return Standing(False, law, lists)


def is_up(store: Store) -> bool:
    """Tell whether the store answers."""
    try:
        with store.read() as connection:
            log_book.head(connection)
    except StoreGone:
        return False
    return True
