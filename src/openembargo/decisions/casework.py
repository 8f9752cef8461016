"""A case at the desk: what happened to it, in which state it is, and who may do what next.

A case is nothing but its events. `after` says what the next one makes of it, or why it may not happen. Two rules hold whatever is asked: nobody
approves their own proposal, and a case is closed one at a time, with a reason and evidence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum

from openembargo.terms.errors import InputError, Mistake

Plain = dict[str, object]


class State(Enum):
    """Where a case stands."""

    OPEN = "open"
    IN_REVIEW = "in_review"
    PROPOSED = "proposed"
    DECIDED = "decided"
    REOPENED = "reopened"


class About(Enum):
    """What a case is about."""

    DETERMINATION = "determination"
    ALERT = "alert"


VERDICTS: Mapping[About, tuple[str, ...]] = {
    About.ALERT: ("true_match", "false_positive", "unresolved"),
    About.DETERMINATION: ("go_ahead", "go_ahead_on_conditions", "ask_authority", "stop", "unresolved"),
}
"""What may be decided of a case."""

REASON_CODES: Mapping[str, str] = {
    "same_identifier": "A number of the party agrees with the listing",
    "other_identifier": "A number of the party differs from the listing",
    "other_birth_date": "The birth dates differ",
    "other_country": "Nationality or seat differs",
    "other_kind": "A person is not a company, a ship is not a bank",
    "other_name": "The names are those of different parties",
    "same_party": "All that is known of both agrees",
    "facts_established": "The facts that were missing are established",
    "exemption_applies": "An exemption applies, and its papers are at hand",
    "approval_given": "The authority has approved",
    "prohibited": "A provision forbids it and no route is open",
    "not_enough_known": "Too little is known to decide",
}

ACTIVE = (State.OPEN, State.REOPENED, State.IN_REVIEW, State.PROPOSED)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case.

    Attributes:
        kind: One of `KINDS`.
        actor: Who did it.
        at: When, UTC, ISO 8601.
        says: What belongs to it, such as `to` of an assignment.
    """

    kind: str
    actor: str
    at: str
    says: Mapping[str, object] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return one thing that belongs to it, as text."""
        return str(self.says.get(name) or "").strip()


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its events have made it.

    Attributes:
        about: What it is about.
        state: Where it stands.
        version: How many events it has had; whoever acts says which version they saw.
        opened_by, opened_at: How it began.
        assignee: Who works on it; empty when nobody.
        due: Day by which it is to be decided.
        proposer: Who proposed what stands proposed.
        verdict: What is proposed or decided.
        reason_code, reason, evidence: Why.
        decided_by, decided_at: Who approved it, and when.
        reopened_for: Why it was reopened.
    """

    about: About
    state: State
    version: int
    opened_by: str
    opened_at: str
    assignee: str = ""
    due: date | None = None
    proposer: str = ""
    verdict: str = ""
    reason_code: str = ""
    reason: str = ""
    evidence: str = ""
    decided_by: str = ""
    decided_at: str = ""
    reopened_for: str = ""

    @property
    def is_active(self) -> bool:
        """Whether somebody still has to act."""
        return self.state in ACTIVE


class NotAllowed(InputError):  # noqa: N818 - the state, not a mistake of the program
    """An act that a case does not allow as it stands."""


def opened(event: Event) -> Case:
    """Return the case that an `open` event begins.

    Raises:
        InputError: The event is no opening, or does not say what the case is about.
    """
    about = event.text("about")
    if event.kind != "open" or about not in [one.value for one in About]:
        raise InputError(
            [Mistake("case", f"begins with {event.kind!r} about {about!r}", "open, about determination or alert")]
        )
    return Case(About(about), State.OPEN, 1, event.actor, event.at, due=_day(event))


def after(case: Case, event: Event) -> Case:
    """Return what an event makes of a case.

    Raises:
        NotAllowed: The case does not allow it as it stands, or something that belongs to it is missing.
    """
    act = ACTS.get(event.kind)
    if act is None:
        raise NotAllowed([Mistake("case", f"no act {event.kind!r}", f"one of {', '.join(ACTS)}")])
    if not event.actor.strip():
        raise NotAllowed([Mistake("actor", "is empty", "who acts")])
    if case.state not in act.states:
        allowed = ", ".join(state.value for state in act.states)
        raise NotAllowed([Mistake("case", f"is {case.state.value}", f"{event.kind} is allowed when it is {allowed}")])
    missing = [Mistake(name, "is empty", f"what belongs to {event.kind}") for name in act.needs if not event.text(name)]
    if missing:
        raise NotAllowed(missing)
    return replace(act.make(case, event), version=case.version + 1)


def folded(events: Iterable[Event]) -> Case:
    """Return the case that a run of events has made.

    Raises:
        InputError: The first is no opening.
        NotAllowed: One of them was not allowed.
    """
    case: Case | None = None
    for event in events:
        case = opened(event) if case is None else after(case, event)
    if case is None:
        raise InputError([Mistake("case", "has no events", "an opening")])
    return case


def allowed(case: Case, actor: str) -> tuple[str, ...]:
    """Return what somebody may do with a case as it stands."""
    return tuple(
        kind
        for kind, act in ACTS.items()
        if case.state in act.states and not (kind == "approve" and _same_person(actor, case.proposer))
    )


@dataclass(frozen=True, slots=True)
class Act:
    """An act: in which states it is allowed, what it needs, and what it makes of a case."""

    states: tuple[State, ...]
    needs: tuple[str, ...]
    make: Callable[[Case, Event], Case]


def _assigned(case: Case, event: Event) -> Case:
    return replace(case, assignee=event.text("to"))


def _taken(case: Case, event: Event) -> Case:
    return replace(case, state=State.IN_REVIEW, assignee=case.assignee or event.actor)


def _dated(case: Case, event: Event) -> Case:
    day = _day(event)
    if day is None:
        raise NotAllowed([Mistake("due", f"found {event.text('due')!r}", "a day such as 2017-02-03")])
    return replace(case, due=day)


def _unchanged(case: Case, event: Event) -> Case:
    return case


def _proposed(case: Case, event: Event) -> Case:
    verdict, code = event.text("verdict"), event.text("reason_code")
    wrong = []
    if verdict not in VERDICTS[case.about]:
        wrong.append(Mistake("verdict", f"found {verdict!r}", f"one of {', '.join(VERDICTS[case.about])}"))
    if code not in REASON_CODES:
        wrong.append(Mistake("reason_code", f"found {code!r}", f"one of {', '.join(REASON_CODES)}"))
    if wrong:
        raise NotAllowed(wrong)
    return replace(
        case, state=State.PROPOSED, proposer=event.actor, verdict=verdict, reason_code=code,
        reason=event.text("reason"), evidence=event.text("evidence"),
    )  # fmt: skip


def _approved(case: Case, event: Event) -> Case:
    if _same_person(event.actor, case.proposer):
        raise NotAllowed(
            [Mistake("approve", f"{event.actor} proposed it", "somebody else: nobody approves their own proposal")]
        )
    return replace(case, state=State.DECIDED, decided_by=event.actor, decided_at=event.at)


def _refused(case: Case, event: Event) -> Case:
    return replace(
        case, state=State.IN_REVIEW, proposer="", verdict="", reason_code="", reason="", evidence=""
    )  # fmt: skip


def _reopened(case: Case, event: Event) -> Case:
    return replace(
        case, state=State.REOPENED, proposer="", verdict="", reason_code="", reason="", evidence="", decided_by="",
        decided_at="", reopened_for=event.text("reason"),
    )  # fmt: skip


def _same_person(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _day(event: Event) -> date | None:
    try:
        return date.fromisoformat(event.text("due")) if event.text("due") else None
    except ValueError:
        return None


WORK = (State.OPEN, State.REOPENED, State.IN_REVIEW)
ACTS: Mapping[str, Act] = {
    "assign": Act(ACTIVE, ("to",), _assigned),
    "take": Act((State.OPEN, State.REOPENED), (), _taken),
    "set_due": Act(ACTIVE, ("due",), _dated),
    "note": Act((*ACTIVE, State.DECIDED), ("text",), _unchanged),
    "attach": Act((*ACTIVE, State.DECIDED), ("name", "sha256"), _unchanged),
    "answer": Act(WORK, ("decision",), _unchanged),
    "propose": Act((State.IN_REVIEW,), ("verdict", "reason_code", "reason", "evidence"), _proposed),
    "approve": Act((State.PROPOSED,), (), _approved),
    "refuse": Act((State.PROPOSED,), ("reason",), _refused),
    "reopen": Act((State.DECIDED,), ("reason",), _reopened),
}
"""What may happen to a case after it was opened."""
