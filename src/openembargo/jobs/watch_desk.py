"""How the desk stands: does its store answer, how old are law and lists, how many cases wait?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openembargo.law.book import Book
from openembargo.storage import case_files, health_rows, log_book
from openembargo.storage.settings import moment, today
from openembargo.storage.store import Connection, Store, StoreGone

from .health_lists import usual_size
from .health_work import failed_since, waited_s
from .list_health import ListHealth, health, not_loaded


@dataclass(frozen=True, slots=True)
class ListAge:
    """How old a list is, and how many entries it has.

    Attributes:
        list_id: Its id.
        age_days: Days since it was published.
        entries: Its entries.
        update_age_days: Days since it was loaded, or its publisher was last asked and had nothing newer.
        usual_entries: Median of the entries of its earlier snapshots; None without one.
    """

    list_id: str
    age_days: int
    entries: int
    update_age_days: int
    usual_entries: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the store.

    Attributes:
        cases: Cases by state.
        overdue: Cases and duties past their day, by `case` and `duty`.
        duties: Duties that are owed.
        batches: Batches by `waiting`, `running`, `lost` and `failed`, the last of these in a week.
        oldest_wait_s: Seconds that the oldest batch has waited.
        dispositions: Alerts by what they were decided to be.
        log_entries: Number of the last entry of the log.
    """

    cases: Mapping[str, int]
    overdue: Mapping[str, int]
    duties: int
    batches: Mapping[str, int]
    oldest_wait_s: int
    dispositions: Mapping[str, int]
    log_entries: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the desk stands.

    Attributes:
        law_age_days: Days since the law was last checked, the longest of its regimes.
        lists: The lists in use.
        not_loaded: How many lists of the catalogue are not loaded.
        waiting: What waits in the store; None when it does not answer.
    """

    law_age_days: int
    lists: tuple[ListAge, ...]
    not_loaded: int
    waiting: Waiting | None


def standing(store: Store, book: Book) -> Standing:
    """Return how the desk stands."""
    day = today()
    lists = tuple(age for one in health() for age in _age(one, day))
    law = max((day - regime.checked).days for regime in book.regimes)
    try:
        with store.read() as connection:
            waiting = _waiting(connection, day)
    except StoreGone:
        waiting = None
    return Standing(law, lists, len(not_loaded()), waiting)


def _age(one: ListHealth, day: date) -> Iterator[ListAge]:
    if one.latest is not None and one.age is not None:
        published = date.fromisoformat(one.latest.published)
        yield ListAge(one.id, (day - published).days, one.latest.total, one.age, usual_size(one.snapshots))


def _waiting(connection: Connection, day: date) -> Waiting:
    at = moment()
    cases, tasks = health_rows.open_cases(connection, day), health_rows.open_tasks(connection, day)
    queue = health_rows.queue(connection, at.isoformat(timespec="microseconds"), failed_since(at))
    return Waiting(
        cases=case_files.counted(connection),
        overdue={"case": cases.overdue, "duty": tasks.overdue},
        duties=tasks.count,
        batches={"waiting": queue.waiting, "running": queue.running, "lost": queue.lost, "failed": queue.failed},
        oldest_wait_s=waited_s(queue, at),
        dispositions=health_rows.verdict_counts(connection),
        log_entries=log_book.head(connection)[0],
    )


def is_up(store: Store) -> bool:
    """Tell whether the store answers."""
    try:
        with store.read() as connection:
            log_book.head(connection)
    except StoreGone:
        return False
    return True
