"""The search for the facts that decide may end early, but never with another answer."""

import os
from datetime import date

import pytest
from hypothesis import HealthCheck, assume, given, settings

from openembargo.decisions import bounds
from openembargo.decisions.decide import Decider, Options
from openembargo.decisions.dependence import Change, Dependence, Read
from openembargo.law.book import Book
from openembargo.law.conditions import BoolFact, Compare, Exists, FactRef
from openembargo.terms.deal import Deal
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


@pytest.fixture
def plodding(monkeypatch):
    """Makes the search ask every measure again at every step and follow no guide, when asked."""
    kept = {
        (bounds.Bounder, "_part"): lambda *_: False,
        (bounds.Bounder, "first_variable"): lambda self, entries: next(iter(self.variables(entries)), None),
        (Dependence, "touched"): lambda _, __, entries: tuple(True for _ in entries),
    }
    quick = {(owner, name): getattr(owner, name) for owner, name in kept}

    def plod(*, slow: bool) -> None:
        for (owner, name), slowly in kept.items():
            monkeypatch.setattr(owner, name, slowly if slow else quick[owner, name])

    return plod


def same_plodding(decider, plodding, deal) -> None:
    options = Options(accept_stale=True, brief=True)
    plodding(slow=False)
    try:
        found = decider.decide(deal, options)
    except OpenembargoError:
        assume(condition=False)
    plodding(slow=True)
    assert decider.decide(deal, options) == found


@settings(
    max_examples=1000 if SOAK else 25,
    deadline=None,
    derandomize=not SOAK,
    suppress_health_check=list(HealthCheck),
)
@given(deal=deals())
def test_a_search_that_asks_only_what_may_have_changed_finds_the_same(decider, plodding, deal):
    same_plodding(decider, plodding, deal)


@pytest.mark.parametrize("conduct", ["export", "import"])
@pytest.mark.parametrize("regime", ["un.isil-aq", "un.libya"])
def test_lines_of_which_little_is_told_have_the_same_open_facts(whole_book, plodding, conduct, regime):
    goods = ({"description": "machine spares"}, {"description": "mixed goods", "origin": "TR"})
    deal = Deal(top={"on": date(2018, 3, 1), "conduct": (conduct,)}, goods=goods)
    same_plodding(Decider(Book((whole_book.regime(regime),))), plodding, deal)


@pytest.mark.parametrize(
    ("unknown", "matter", "touched"),
    [
        ("goods[0].origin", "goods[0]", True),
        ("goods[0].origin", "goods[1]", False),  # another line's cell
        ("goods.origin", "goods[1]", True),  # no row is told
        ("goods[0].removed_on", "goods[0]", False),
        ("facts.performed", "goods[1]", True),  # every route hangs on it
        ("facts.stop_notice", "goods[1]", False),
        ("party[0].country", "goods[1]", True),  # where a party is goes with its country
        ("party[0].role", "goods[1]", False),
    ],
)
def test_what_a_settled_fact_touches(unknown, matter, touched):
    somebody = Exists("party", BoolFact(FactRef("party", "located_in")))
    read = Read.of([Compare("=", FactRef("goods", "origin"), "KP"), somebody])
    assert Change.of(unknown).touches(read, matter) is touched


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
