"""How the work stands: batches and bulk runs that wait, cases and duties past their day, and whether the log holds."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from openembargo.storage import bulk_files, health_rows, log_book
from openembargo.storage.health_rows import Open, Queue
from openembargo.storage.store import Connection, Store

from .check_log import LATEST, check_end
from .health_lines import Line, State, counted, graded

WAIT_LOOK_S, WAIT_BAD_S = 600, 3600
"""Seconds that the oldest batch may wait until it is looked at, and until it is bad: nothing takes batches any more."""
RUN_DAYS = 1
"""Days after which a bulk run that is not over is taken for left behind."""
FAILED_DAYS = 7
SIGNED_DAYS = 7
"""Days that the log may go on without a signed checkpoint."""
CASE_BAD_DAYS = 30


def failed_since(at: datetime) -> str:
    """Return the time from which failures are told, UTC, ISO 8601."""
    return (at - timedelta(days=FAILED_DAYS)).isoformat(timespec="microseconds")


def waited_s(found: Queue, at: datetime) -> int:
    """Return how many seconds the oldest batch has waited; 0 when none waits."""
    return round((at - datetime.fromisoformat(found.oldest)).total_seconds()) if found.oldest else 0


def queue_line(connection: Connection, at: datetime) -> Line:
    """Return how the batches that are worked off in the background stand."""
    found = health_rows.queue(connection, at.isoformat(timespec="microseconds"), failed_since(at))
    waited = waited_s(found, at)
    state = graded(waited, WAIT_LOOK_S, WAIT_BAD_S)
    if state is State.FINE and (found.lost or found.failed):
        state = State.LOOK
    says = f"{found.waiting} waiting, {found.running} running, {found.failed} failed in {FAILED_DAYS} days"
    if found.lost:
        says += f"; {found.lost} of the running give no sign of life"
    if state is not State.FINE and found.waiting:
        says += f"; the oldest waits for {counted(waited // 60, 'minute')}: does a server run on this store?"
    figures = {
        "waiting": found.waiting, "running": found.running, "lost": found.lost, "failed": found.failed,
        "oldest_wait_s": waited,
    }  # fmt: skip
    return Line("work", "batches", state, says, figures)


def run_line(at: datetime) -> Line:
    """Return how bulk runs stand."""
    runs, since = bulk_files.kept(), failed_since(at)
    going = [run for run in runs if run.state in ("waiting", "running")]
    left = [run for run in going if at - datetime.fromisoformat(run.at) > timedelta(days=RUN_DAYS)]
    failed = [run for run in runs if run.state == "failed" and run.at >= since]
    says = f"{len(going)} under way, {len(failed)} failed in {FAILED_DAYS} days"
    if left:
        says += f"; {len(left)} begun more than {counted(RUN_DAYS, 'day')} ago"
    state = State.LOOK if left or failed else State.FINE
    return Line("work", "bulk runs", state, says, {"open": len(going), "failed": len(failed), "left": len(left)})


def open_lines(connection: Connection, on: date) -> Iterator[Line]:
    """Yield how cases and duties stand on a day."""
    cases, tasks = health_rows.open_cases(connection, on), health_rows.open_tasks(connection, on)
    late = (on - cases.first_due).days if cases.first_due else 0
    yield Line("work", "cases", graded(late, 0, CASE_BAD_DAYS), _open(cases, late), _figures(cases))
    late = (on - tasks.first_due).days if tasks.first_due else 0
    yield Line("work", "duties", graded(late, 0, 0), _open(tasks, late), _figures(tasks))


def _open(found: Open, late: int) -> str:
    says = f"{found.count} open, {found.overdue} past their day"
    return f"{says}; the longest by {counted(late, 'day')}" if late else says


def _figures(found: Open) -> dict[str, int | float | str | None]:
    return {"open": found.count, "overdue": found.overdue}


def log_lines(store: Store, at: datetime) -> Iterator[Line]:
    """Yield whether the end of the log holds, and how long ago it was signed."""
    found = check_end(store)
    if found.faults:
        says = "; ".join(f"entry {fault.seq}: {fault.says}" for fault in found.faults[:3])
    else:
        says = f"the last {counted(found.entries, 'entry', 'entries')} and their decisions hold (`openembargo log verify` reads all)"
    state = State.BAD if found.faults else State.FINE
    yield Line("log", "chain", state, says, {"checked": found.entries, "faults": len(found.faults), "most": LATEST})
    with store.read() as connection:
        seq, _ = log_book.head(connection)
        points = log_book.held_checkpoints(connection)
        first = next(log_book.entries(connection, points[-1].seq if points else 0, 1), None)
    unsigned = seq - (points[-1].seq if points else 0)
    days = (at - datetime.fromisoformat(first.at)).days if first else 0
    says = f"{counted(unsigned, 'entry', 'entries')} since the last signed checkpoint"
    if days > SIGNED_DAYS:
        says += f", the first {counted(days, 'day')} old: `openembargo log checkpoint` signs them"
    figures = {"unsigned": unsigned, "unsigned_days": days}
    yield Line("log", "checkpoint", State.LOOK if days > SIGNED_DAYS else State.FINE, says, figures)
