"""The search for the facts that decide may end early, but never with another answer."""

import os

import pytest
from hypothesis import HealthCheck, assume, given, settings

from openembargo.decisions import bounds
from openembargo.decisions.decide import Options
from openembargo.terms.errors import OpenembargoError
from openembargo.terms.outcome import Level

from .deals import deals

SOAK = bool(os.environ.get("OPENEMBARGO_SOAK"))


@pytest.fixture
def patient(monkeypatch):
    """Makes the search go on until its budget is spent, when asked."""
    early = bounds._Search.is_over.fget

    def to_the_end(*, end: bool) -> None:
        over = property(lambda search: search.budget <= 0 if end else early(search))
        monkeypatch.setattr(bounds._Search, "is_over", over)

    return to_the_end


@settings(
    max_examples=1000 if SOAK else 25,
    deadline=None,
    derandomize=not SOAK,
    suppress_health_check=list(HealthCheck),
)
@given(deal=deals())
def test_a_search_that_ends_early_finds_the_same_facts(decider, patient, deal):
    options = Options(accept_stale=True, brief=True)
    patient(end=False)
    try:
        found = decider.decide(deal, options)
    except OpenembargoError:
        assume(condition=False)
    patient(end=True)
    assert decider.decide(deal, options) == found


@pytest.mark.parametrize(
    ("budget", "floor", "best", "worst", "over"),
    [
        (9, None, Level.PERMITTED, Level.PROHIBITED, False),  # the whole interval is wanted
        (0, None, Level.PROHIBITED, Level.PERMITTED, True),
        (9, Level.PERMITTED, Level.PROHIBITED, Level.PERMITTED, False),  # nothing was found yet
        (9, Level.PERMITTED, Level.PERMITTED, Level.PROHIBITED, True),
        (9, Level.PERMITTED, Level.PROHIBITED, Level.PROHIBITED, False),
        (9, Level.PROHIBITED, Level.PERMITTED, Level.PROHIBITED, False),  # below the floor ends do not part
    ],
)
def test_when_a_search_is_over(budget, floor, best, worst, over):
    assert bounds._Search(budget, floor, best, worst).is_over is over
