"""Cases: found, shown, moved on by one and closed by another."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, Field

from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.case_plain import case_plain, row_plain
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.missing import there
from openembargo.decisions.casework import About, State
from openembargo.jobs import read_record
from openembargo.terms.person import Person, Right

from .once import OnceAnswered
from .shapes import DIGEST, Ask, Name, Object, Page, Pages, Plain, Shape, Text, answers, binary, body_of, id_path

router = APIRouter(tags=["cases"], prefix="/cases")
Reader = Annotated[Person, Depends(needs(Right.READ_CASES))]
Worker = Annotated[Person, Depends(needs(Right.WORK_CASES))]
Approver = Annotated[Person, Depends(needs(Right.APPROVE))]
AtDesk = Annotated[Desks, Depends(desks_of)]
Id = Annotated[str, id_path("case")]
Seen = Annotated[
    int, Field(ge=1, le=1_000_000, description="Version of the case that was seen; another one is refused.")
]


class Act(Shape):
    """What is done to a case; which parts belong to it hangs on its kind."""

    seen: Seen
    kind: Literal["assign", "take", "set_due", "note", "propose", "reopen"]
    to: Name | None = Field(None, description="assign: who is to work on it.")
    due: date | None = Field(None, description="set_due: the day.")
    text: Text | None = Field(None, description="note: what there is to say.")
    verdict: Name | None = Field(None, description="propose: the verdict.")
    reason_code: Name | None = Field(None, description="propose: the code of the reason.")
    reason: Text | None = Field(None, description="propose, reopen: why.")
    evidence: Text | None = Field(None, description="propose: what shows it.")


class Ruling(Shape):
    """Whether somebody else approves what was proposed."""

    seen: Seen
    kind: Literal["approve", "refuse"]
    reason: Text | None = Field(None, description="refuse: why.")


class Answers(Shape):
    """Answers to questions of the deal."""

    seen: Seen
    facts: Object = Field(
        description="Values by path, such as `facts.basic_expenses` or `goods[0].origin`.", min_length=1, max_length=200
    )


class CaseShown(BaseModel):
    """A case with all that happened to it."""

    id: str
    about: str
    subject: str
    title: str
    state: str
    version: int
    assignee: str
    due: str | None
    opened_at: str
    proposer: str
    verdict: str
    reason_code: str
    reason: str
    evidence: str
    decided_by: str
    decided_at: str
    reopened_for: str
    first_decision: str | None
    last_decision: str | None
    allowed: list[str] = Field(description="What whoever asks may do with it as it stands.")
    events: list[Plain]


class Answered(BaseModel):
    """A case after questions were answered, and the decision that it led to."""

    id: str
    case: CaseShown
    decision: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are asked for."""

    state: State | None
    about: About | None
    assignee: str
    text: str

    @property
    def said(self) -> dict[str, str]:
        """What they must have."""
        return {
            "state": self.state.value if self.state else "", "about": self.about.value if self.about else "",
            "assignee": self.assignee, "text": self.text,
        }  # fmt: skip


def _wanted(
    state: State | None = None,
    about: About | None = None,
    assignee: Ask = "",
    text: Annotated[Ask, Query(description="What title or subject holds.")] = "",
) -> Wanted:
    return Wanted(state, about, assignee, text)


@router.get("", response_model=Page)
def found(paging: Pages, person: Reader, desks: AtDesk, wanted: Annotated[Wanted, Depends(_wanted)]) -> Plain:
    """List cases, the newest first."""
    rows = read_record.cases(desks.store, wanted.said, paging.after(str) or "", paging.more)
    return paging.page([row_plain(row) for row in rows], "id")


@router.get("/{case_id}", response_model=CaseShown)
def show(case_id: Id, person: Reader, desks: AtDesk) -> Plain:
    """Show a case."""
    with there():
        return case_plain(desks.cases.get(case_id), person)


@router.post("/{case_id}/acts", response_model=CaseShown)
def act(case_id: Id, asked: Act, person: Worker, desks: AtDesk, once: OnceAnswered) -> Response:
    """Move a case on. Somebody who was faster is told by 409."""
    return once(lambda: _acted(desks, case_id, asked, person), 200)


@router.post("/{case_id}/ruling", response_model=CaseShown)
def rule(case_id: Id, asked: Ruling, person: Approver, desks: AtDesk, once: OnceAnswered) -> Response:
    """Approve or refuse what somebody else has proposed."""
    return once(lambda: _acted(desks, case_id, asked, person), 200)


def _acted(desks: Desks, case_id: str, asked: Act | Ruling, person: Person) -> Plain:
    with there():
        desks.cases.get(case_id)
    says = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asked.model_dump(exclude={"seen", "kind"}, exclude_none=True).items()
    }
    return case_plain(desks.cases.act(case_id, asked.seen, asked.kind, person.name, says).held, person)


@router.post("/{case_id}/answers", response_model=Answered)
def answer(case_id: Id, asked: Answers, person: Worker, desks: AtDesk, once: OnceAnswered) -> Response:
    """Answer questions of the case's deal, which decides it again."""

    def work() -> Plain:
        with there():
            desks.cases.get(case_id)
        done = desks.cases.answer(case_id, asked.seen, person.name, asked.facts)
        assert done.decision is not None
        return {
            "id": done.held.id, "case": case_plain(done.held, person), "decision": done.decision.id,
            "outcome": done.decision.answer.outcome,
        }  # fmt: skip

    return once(work, 200)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that is to be attached, and the version of the case that was seen."""

    name: str
    seen: int
    content: bytes


def _attached(
    content: Annotated[bytes, Depends(body_of)],
    name: Annotated[Ask, Query(min_length=1, description="Name of the file.")],
    seen: Annotated[int, Query(ge=1, le=1_000_000)],
) -> Attached:
    return Attached(name, seen, content)


@router.post("/{case_id}/attachments", response_model=CaseShown, openapi_extra=binary("application/octet-stream"))
def attach(
    case_id: Id, person: Worker, desks: AtDesk, once: OnceAnswered, file: Annotated[Attached, Depends(_attached)]
) -> Response:
    """Attach a file to a case."""

    def work() -> Plain:
        with there():
            desks.cases.get(case_id)
        return case_plain(desks.cases.attach(case_id, file.seen, person.name, file.name, file.content).held, person)

    return once(work, 200)


@router.get("/{case_id}/attachments/{sha256}", response_class=Response, responses=answers("application/octet-stream"))
def attachment(case_id: Id, sha256: Annotated[str, Path(pattern=DIGEST)], person: Reader, desks: AtDesk) -> Response:
    """Return a file that is attached to a case."""
    with there():
        _, content = read_record.attachment(desks.store, case_id, sha256)
    headers = {"Content-Disposition": f'attachment; filename="{sha256[:16]}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="application/octet-stream", headers=headers)
