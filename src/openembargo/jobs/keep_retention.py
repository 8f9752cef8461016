"""How long the record is kept: years for each kind, holds, and the one job that deletes, which is itself logged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import uuid4

from openembargo.decisions.retention import (
    DECISION,
    HOLDS,
    KINDS,
    LEAST_YEARS,
    MOST_YEARS,
    YEARS,
    Going,
    Hold,
    KeptFile,
    going,
    ranges,
)
from openembargo.storage import bulk_files, case_files, decision_records, desk_settings, log_book, retention_rows
from openembargo.storage.retention_rows import RETENTION, HoldRow
from openembargo.storage.settings import now
from openembargo.storage.store import Connection, Store
from openembargo.terms.chain import faults
from openembargo.terms.errors import InputError, Mistake

from .note_changes import SETTING

HOLD = "hold"
PREFIX = "retention."


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run deletes, or would.

    Attributes:
        on: The day.
        years: How long each kind is kept.
        going: What goes.
        seq: Number of the entry that says so; 0 when nothing was deleted.
    """

    on: date
    years: dict[str, int]
    going: Going
    seq: int = 0


class RetentionDesk:
    """Keeps the record as long as it must be kept, and no longer."""

    def __init__(self, store: Store, clock: Callable[[], str] = now) -> None:
        """Take the store.

        Args:
            store: Where the record is kept.
            clock: Returns the time, UTC, ISO 8601 to the microsecond.
        """
        self.store = store
        self.now = clock

    def years(self) -> dict[str, int]:
        """Return how many years each kind is kept."""
        with self.store.read() as connection:
            return years_in(connection)

    def set_years(self, kind: str, years: int, by: str) -> None:
        """Say how many years a kind is kept.

        Raises:
            InputError: A kind that is not known, or a number out of bounds.
        """
        wrong = [] if by.strip() else [Mistake("--by", "is empty", "who sets it, for the log")]
        if kind not in KINDS:
            wrong.append(Mistake("kind", f"found {kind!r}", f"one of {', '.join(KINDS)}"))
        if not LEAST_YEARS <= years <= MOST_YEARS:
            wrong.append(Mistake("years", str(years), f"{LEAST_YEARS} to {MOST_YEARS}"))
        if wrong:
            raise InputError(wrong)
        with self.store.write() as connection:
            at, name = self.now(), f"{PREFIX}{kind}"
            log_book.lock(connection)
            was = desk_settings.put(connection, name, str(years), by, at) or str(YEARS)
            log_book.append(connection, SETTING, by, at, {"setting": name, "was": was, "is": str(years)})

    def holds(self) -> tuple[HoldRow, ...]:
        """Return all holds, those that stand first."""
        with self.store.read() as connection:
            return retention_rows.all_holds(connection)

    def hold(self, about: str, target: str, reason: str, by: str) -> HoldRow:
        """Place a hold: what it is about is not deleted until somebody lifts it.

        Args:
            about: `case`, `decision` or `reference`.
            target: Id of the case or decision, or the beginning of it; or the reference.
            reason: Why.
            by: Who places it.

        Raises:
            InputError: Something of it is missing, or there is no such case or decision.
        """
        wrong = [
            Mistake(name, "is empty", "what, why and who, for the log")
            for name, found in (("target", target), ("reason", reason), ("--by", by))
            if not found.strip()
        ]
        if about not in HOLDS:
            wrong.append(Mistake("hold", f"about {about!r}", f"about {', '.join(HOLDS)}"))
        if wrong:
            raise InputError(wrong)
        with self.store.write() as connection:
            log_book.lock(connection)
            if about == "case":
                target = case_files.get(connection, target).id
            elif about == "decision":
                target = decision_records.get(connection, target).id
            one = HoldRow(str(uuid4()), Hold(about, target.strip()), reason.strip(), by, self.now())
            body = {"act": "place", "hold": one.id, "about": about, "target": one.hold.target, "reason": one.reason}
            entry = log_book.append(connection, HOLD, by, one.placed_at, body)
            retention_rows.put_hold(connection, one, entry.seq)
        return one

    def lift(self, hold_id: str, reason: str, by: str) -> HoldRow:
        """Lift a hold.

        Raises:
            InputError: There is no such hold, or it is not said who lifts it and why.
        """
        for name, found in (("reason", reason), ("--by", by)):
            if not found.strip():
                raise InputError([Mistake(name, "is empty", "why it is lifted, and who lifts it, for the log")])
        with self.store.write() as connection:
            log_book.lock(connection)
            one = retention_rows.lift(connection, hold_id, by, self.now(), reason.strip())
            body = {"act": "lift", "hold": one.id, "about": one.hold.about, "target": one.hold.target}
            log_book.append(connection, HOLD, by, one.lifted_at, {**body, "reason": one.lifted_for})
        return one

    def would_delete(self) -> Ran:
        """Return what a run would delete today; nothing is changed."""
        with self.store.read() as connection:
            return self._found(connection)

    def run(self, by: str) -> Ran:
        """Delete what may go, and log that it was deleted; all of it or nothing.

        Args:
            by: Who runs it.

        Raises:
            InputError: It is not said who runs it, or the log does not hold: then nothing is deleted.
        """
        if not by.strip():
            raise InputError([Mistake("--by", "is empty", "who runs it, for the log")])
        with self.store.write() as connection:
            log_book.lock(connection)
            found = self._found(connection)
            if found.going.is_empty:
                return found
            retention_rows.remove(connection, found.going)
            body = {
                "on": found.on.isoformat(),
                "years": found.years,
                "decisions": len(found.going.decisions),
                "cases": len(found.going.cases),
                "batches": sum(one.kind == "batch" for one in found.going.files),
                "bulk_runs": sum(one.kind == "bulk" for one in found.going.files),
                "entries": ranges(found.going.entries),
            }
            entry = log_book.append(connection, RETENTION, by, self.now(), body)
            wrong = faults(log_book.entries(connection))
            if wrong:
                raise InputError([Mistake(f"entry {one.seq}", one.says, "a restored backup") for one in wrong])
        for one in found.going.files:
            if one.kind == "bulk":  # after the commit: a run that fails is told to have deleted nothing
                bulk_files.remove(one.id)
        return Ran(found.on, found.years, found.going, entry.seq)

    def _found(self, connection: Connection) -> Ran:
        on, years = date.fromisoformat(self.now()[:10]), years_in(connection)
        record = retention_rows.record(connection, on, f"{on.year - years[DECISION] + 1:04}")
        record = replace(record, files=(*record.files, *_bulk_runs()))
        return Ran(on, years, going(record, years, on))


def _bulk_runs() -> Iterator[KeptFile]:
    for run in bulk_files.kept():
        ended = run.state in ("done", "failed")
        yield KeptFile("bulk", run.id, date.fromisoformat(run.at[:10]) if ended else None)


def years_in(connection: Connection) -> dict[str, int]:
    """Return how many years each kind is kept."""
    held = desk_settings.held(connection, PREFIX)
    return {kind: int(held.get(f"{PREFIX}{kind}", YEARS)) for kind in KINDS}
