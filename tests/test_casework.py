"""Cases: what may happen in which state, four eyes, and what always holds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openembargo.decisions.casework import (
    ACTS,
    REASON_CODES,
    VERDICTS,
    About,
    Event,
    NotAllowed,
    State,
    after,
    allowed,
    folded,
    opened,
)

PROPOSAL = {
    "verdict": "false_positive",
    "reason_code": "other_birth_date",
    "reason": "born in 1975",
    "evidence": "passport copy",
}


def event(kind, actor="analyst", **says):
    return Event(kind, actor, "2026-11-25T10:00:00", says)


def alert(*events):
    return folded([event("open", "the program", about="alert"), *events])


TAKEN = event("take")
PROPOSED = event("propose", **PROPOSAL)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), State.OPEN),
        ((TAKEN,), State.IN_REVIEW),
        ((TAKEN, PROPOSED), State.PROPOSED),
        ((TAKEN, PROPOSED, event("approve", "reviewer")), State.DECIDED),
        ((TAKEN, PROPOSED, event("refuse", "reviewer", reason="no passport")), State.IN_REVIEW),
        (
            (TAKEN, PROPOSED, event("approve", "reviewer"), event("reopen", "auditor", reason="the list changed")),
            State.REOPENED,
        ),
        ((event("assign", "reviewer", to="analyst"), event("note", text="waiting for the bank")), State.OPEN),
    ],
)
def test_a_case_goes_its_way(events, state):
    case = alert(*events)
    assert case.state is state
    assert case.version == len(events) + 1


@pytest.mark.parametrize(
    ("events", "wrong", "told"),
    [
        ((), PROPOSED, "is open"),
        ((), event("approve", "reviewer"), "is open"),
        ((TAKEN, PROPOSED), event("approve", "analyst"), "nobody approves their own proposal"),
        ((TAKEN, PROPOSED), event("approve", " Analyst "), "nobody approves their own proposal"),
        ((TAKEN, PROPOSED), event("refuse", "reviewer"), "reason"),
        ((TAKEN,), event("propose", **{**PROPOSAL, "evidence": " "}), "evidence"),
        ((TAKEN,), event("propose", **{**PROPOSAL, "verdict": "go_ahead"}), "true_match"),
        ((TAKEN,), event("propose", **{**PROPOSAL, "reason_code": "because"}), "other_name"),
        ((TAKEN,), event("set_due", due="soon"), "a day such as"),
        ((TAKEN,), event("close"), "no act"),
        ((TAKEN,), event("note", "", text="x"), "who acts"),
        ((TAKEN, PROPOSED, event("approve", "reviewer")), event("answer", decision="D"), "is decided"),
    ],
)
def test_what_a_case_does_not_allow_is_told(events, wrong, told):
    with pytest.raises(NotAllowed, match=told):
        after(alert(*events), wrong)


ACTORS = st.sampled_from(["ann", "bob", "cho"])
EVENTS = st.builds(
    lambda kind, actor, verdict: event(
        kind,
        actor,
        to="ann",
        due="2026-12-01",
        text="t",
        name="n",
        sha256="0",
        decision="D",
        **{**PROPOSAL, "verdict": verdict},
    ),
    st.sampled_from(sorted(ACTS)),
    ACTORS,
    st.sampled_from(VERDICTS[About.ALERT]),
)


@settings(max_examples=300)
@given(st.lists(EVENTS, max_size=25))
def test_whatever_is_tried_nobody_closes_alone(tried):
    case = opened(event("open", "the program", about="alert"))
    happened = [event("open", "the program", about="alert")]
    for one in tried:
        may = one.kind in allowed(case, one.actor)
        try:
            case = after(case, one)
        except NotAllowed:
            assert not may
            continue
        assert may
        happened.append(one)
        if case.state is State.DECIDED:
            assert case.decided_by
            assert case.proposer
            assert case.decided_by != case.proposer
            assert case.verdict in VERDICTS[case.about]
            assert case.reason_code in REASON_CODES
            assert case.evidence
        if case.state in (State.OPEN, State.REOPENED, State.IN_REVIEW):
            assert (case.verdict, case.proposer, case.decided_by) == ("", "", "")
    assert folded(happened) == case
    assert case.version == len(happened)
