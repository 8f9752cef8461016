"""What is on the record: decisions, cases and attachments, found and shown."""

from collections.abc import Mapping

from openembargo.storage import blob_shelf, case_files, decision_records
from openembargo.storage.case_files import CaseRow
from openembargo.storage.decision_records import DecisionRow, Recorded
from openembargo.storage.store import Store
from openembargo.terms.errors import InputError, Mistake


def decisions(store: Store, wanted: Mapping[str, str], before: int | None, most: int) -> tuple[DecisionRow, ...]:
    """Return decisions, the newest first; see `decision_records.listed`."""
    with store.read() as connection:
        return decision_records.listed(connection, wanted, before, most)


def decision(store: Store, decision_id: str) -> Recorded:
    """Return a decision.

    Raises:
        InputError: There is none.
    """
    with store.read() as connection:
        return decision_records.get(connection, decision_id)


def cases(store: Store, wanted: Mapping[str, str], after: str, most: int) -> tuple[CaseRow, ...]:
    """Return cases, the newest first; see `case_files.listed`."""
    with store.read() as connection:
        return case_files.listed(connection, wanted, after, most)


def attachment(store: Store, case_id: str, digest: str) -> tuple[str, bytes]:
    """Return name and bytes of a file that is attached to a case.

    Raises:
        InputError: No such case, or nothing of that digest is attached to it.
    """
    with store.read() as connection:
        held = case_files.get(connection, case_id)
        names = [one.text("name") for one in held.events if one.kind == "attach" and one.text("sha256") == digest]
        if not names:
            raise InputError(
                [Mistake(f"sha256:{digest[:12]}", "is not attached to this case", "a digest of its events")]
            )
        return names[-1], blob_shelf.get(connection, digest)
