"""What is owed for deals that went ahead: shown, and recorded when somebody has done it."""

from openembargo.storage import log_book, task_lists
from openembargo.storage.settings import now
from openembargo.storage.store import Store
from openembargo.storage.task_lists import Task

TASK = "task"


def tasks(store: Store, *, only_open: bool = True, decision_id: str = "") -> tuple[Task, ...]:
    """Return duties, those due first at the top."""
    with store.read() as connection:
        return task_lists.found(connection, only_open=only_open, decision_id=decision_id)


def finish(store: Store, task_id: str, actor: str, note: str) -> None:
    """Record that a duty was done.

    Raises:
        InputError: There is no such duty, or it was done already.
    """
    at = now()
    with store.write() as connection:
        task_lists.finish(connection, task_id, actor, at, note)
        log_book.append(connection, TASK, actor, at, {"task": task_id, "act": "done", "note": note})
