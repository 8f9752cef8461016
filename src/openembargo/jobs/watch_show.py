"""How a register stands: its rows, the day up to which it has been watched, and its runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from openembargo.storage import register_rows
from openembargo.storage.register_rows import Run
from openembargo.storage.store import Store
from openembargo.terms.errors import InputError, Mistake

from .watch_digest import Digest


@dataclass(frozen=True, slots=True)
class RegisterStanding:
    """Rows by kind, the day of the mark (empty before there is one), and the runs, the latest first."""

    rows: Mapping[str, int]
    day: str
    runs: tuple[Run, ...]

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        runs = [
            {"id": r.id, "at": r.at, "on": r.on.isoformat(), "asked": r.asked, "changed": r.changed, "ended_at": r.ended_at}
            for r in self.runs
        ]  # fmt: skip
        return {"rows": dict(self.rows), "watched_up_to": self.day or None, "runs": runs}


def standing(store: Store) -> RegisterStanding:
    """Return how the register stands."""
    with store.read() as connection:
        mark = register_rows.mark(connection) or {}
        return RegisterStanding(
            register_rows.counts(connection), str(mark.get("day", "")), register_rows.runs(connection)
        )


def digest(store: Store, run_id: str) -> Digest:
    """Return what a run found.

    Raises:
        InputError: There is no such run.
    """
    with store.read() as connection:
        for one in register_rows.runs(connection):
            if one.id.startswith(run_id):
                return Digest.of(one, register_rows.changes(connection, one.id))
    raise InputError([Mistake("run", repr(run_id), "one of `openembargo watch show`")])
