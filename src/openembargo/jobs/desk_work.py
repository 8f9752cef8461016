"""What there is to do at the desk: cases by their day, duties, decisions in a list; and a duty recorded as done."""

from collections.abc import Mapping
from dataclasses import dataclass

from openembargo.storage import blob_shelf, case_files, desk_queries, log_book, task_lists
from openembargo.storage.case_files import CaseFile, CaseRow
from openembargo.storage.desk_queries import DecisionRow
from openembargo.storage.settings import now
from openembargo.storage.store import Store
from openembargo.storage.task_lists import Task
from openembargo.terms.chain import LogEntry
from openembargo.terms.errors import InputError, Mistake

TASK = "task"


@dataclass(frozen=True, slots=True)
class ToDo:
    """What is open.

    Attributes:
        cases: Cases on which somebody has to act, those due first at the top.
        counts: How many cases stand in each state.
        tasks: Duties that are owed.
        decided: The latest decisions.
    """

    cases: tuple[CaseRow, ...]
    counts: Mapping[str, int]
    tasks: tuple[Task, ...]
    decided: tuple[DecisionRow, ...]


def to_do(store: Store, most: int) -> ToDo:
    """Return what is open at the desk."""
    with store.read() as connection:
        return ToDo(
            desk_queries.active_cases(connection, most),
            case_files.counted(connection),
            task_lists.found(connection)[:most],
            desk_queries.decided(connection, {}, most=most),
        )


def decisions(store: Store, wanted: Mapping[str, str], before: int, most: int) -> tuple[DecisionRow, ...]:
    """Return decisions, the newest first; see `desk_queries.decided`."""
    with store.read() as connection:
        return desk_queries.decided(connection, wanted, before, most)


def cases(store: Store, wanted: Mapping[str, str], after: str, most: int) -> tuple[CaseRow, ...]:
    """Return cases, the newest first; see `case_files.listed`."""
    with store.read() as connection:
        return case_files.listed(connection, wanted, after, most)


def counts(store: Store) -> Mapping[str, int]:
    """Return how many cases stand in each state."""
    with store.read() as connection:
        return case_files.counted(connection)


def cases_of(store: Store, decision_id: str, reference: str) -> tuple[CaseRow, ...]:
    """Return the cases of a decision, and those that stand open on the deal of its reference."""
    with store.read() as connection:
        return desk_queries.cases_of(connection, decision_id, reference)


def tasks(store: Store, *, only_open: bool = True, decision_id: str = "") -> tuple[Task, ...]:
    """Return duties, those due first at the top."""
    with store.read() as connection:
        return task_lists.found(connection, only_open=only_open, decision_id=decision_id)


def finish_task(store: Store, task_id: str, actor: str, note: str) -> None:
    """Record that a duty was done, in the log too.

    Raises:
        InputError: There is no such duty, or it was done already.
    """
    at = now()
    with store.write() as connection:
        task_lists.finish(connection, task_id, actor, at, note)
        log_book.append(connection, TASK, actor, at, {"task": task_id, "note": note})


def attached(store: Store, held: CaseFile, digest: str) -> tuple[str, bytes]:
    """Return a file that is attached to a case: its name and its bytes.

    Raises:
        InputError: No such file is attached to it.
    """
    names = [event.text("name") for event in held.events if event.kind == "attach" and event.text("sha256") == digest]
    if not names:
        raise InputError([Mistake("file", f"no file {digest[:12]} is attached to this case", "one of its files")])
    with store.read() as connection:
        return names[0], blob_shelf.get(connection, digest)


def entry_kinds(store: Store) -> Mapping[str, int]:
    """Return how many entries of each kind the log has."""
    with store.read() as connection:
        return desk_queries.entry_kinds(connection)


def last_entries(store: Store, most: int, kind: str) -> tuple[LogEntry, ...]:
    """Return the last entries of the log, of one kind where one is named, in order."""
    with store.read() as connection:
        return tuple(log_book.entries(connection, desk_queries.before_last(connection, most, kind), most, kind))
