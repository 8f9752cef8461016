"""Cases as JSON holds them, the same at every door."""

from openembargo.decisions.casework import allowed
from openembargo.storage.case_files import CaseFile, CaseRow
from openembargo.terms.person import Person, Right

Plain = dict[str, object]
RULING = ("approve", "refuse")


def row_plain(row: CaseRow) -> Plain:
    """Return a case in a list of cases."""
    return {
        "id": row.id, "about": row.about, "subject": row.subject, "title": row.title, "state": row.state,
        "version": row.version, "assignee": row.assignee, "due": row.due.isoformat() if row.due else None,
        "opened_at": row.opened_at,
    }  # fmt: skip


def case_plain(held: CaseFile, person: Person) -> Plain:
    """Return a case with all that happened to it, and what somebody may do with it."""
    case = held.case
    return {
        "id": held.id, "about": case.about.value, "subject": held.subject, "title": held.title,
        "state": case.state.value, "version": case.version, "assignee": case.assignee,
        "due": case.due.isoformat() if case.due else None, "opened_at": case.opened_at, "proposer": case.proposer,
        "verdict": case.verdict, "reason_code": case.reason_code, "reason": case.reason, "evidence": case.evidence,
        "decided_by": case.decided_by, "decided_at": case.decided_at, "reopened_for": case.reopened_for,
        "first_decision": held.first_decision or None, "last_decision": held.last_decision or None,
        "allowed": list(may(held, person)),
        "events": [{"kind": e.kind, "actor": e.actor, "at": e.at, "says": dict(e.says)} for e in held.events],
    }  # fmt: skip


def may(held: CaseFile, person: Person) -> tuple[str, ...]:
    """Return what somebody may do with a case, by its state and by their rights."""
    return tuple(
        kind
        for kind in allowed(held.case, person.name)
        if person.may(Right.APPROVE if kind in RULING else Right.WORK_CASES)
    )
