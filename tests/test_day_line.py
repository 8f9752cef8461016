"""The same deal on every day: the line of spans says on each day what deciding on that day says; and what was kept reads back as it was."""

import json
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openembargo.decisions.day_line import changes, day_line, span_on
from openembargo.decisions.decide import Options
from openembargo.decisions.explain import headline, why
from openembargo.decisions.prepare import changed
from openembargo.decisions.recall import recall
from openembargo.storage.deal_files import read_deal_file
from openembargo.terms.chain import canonical

from .conftest import ROOT

LAST = date(2026, 1, 31)
LOOK = Options(accept_stale=True)
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
NAMES = [path.stem for path in EXAMPLES]


@pytest.fixture(scope="module")
def lines(whole_decider):
    found = {}
    for path in EXAMPLES:
        deal = read_deal_file(str(path))
        found[path.stem] = (deal, day_line(whole_decider, deal, LOOK, LAST))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_spans_follow_one_another_without_gap(lines, name):
    spans = lines[name][1]
    assert spans[-1].last_day == LAST
    for one, following in pairwise(spans):
        assert following.first_day == one.last_day + timedelta(days=1)
        assert (one.best, one.worst, one.cites) != (following.best, following.worst, following.cites)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(date(1991, 1, 1), LAST))
def test_on_any_day_the_line_says_what_deciding_says(lines, whole_decider, name, day):
    deal, spans = lines[name]
    span = span_on(spans, day)
    verdict = whole_decider.verdict(changed(deal, "deal.on", day), LOOK)
    assert (span.best, span.worst, span.cites) == (verdict.best, verdict.worst, verdict.cites)


@pytest.mark.parametrize("name", NAMES)
def test_on_the_days_around_each_change_the_line_says_what_deciding_says(lines, whole_decider, name):
    deal, spans = lines[name]
    for span in changes(spans)[1:]:
        for day in (span.first_day - timedelta(days=1), span.first_day):
            verdict = whole_decider.verdict(changed(deal, "deal.on", day), LOOK)
            held = span_on(spans, day)
            assert (held.best, held.worst) == (verdict.best, verdict.worst), day


def test_coal_changes_outcome_when_the_law_turns(lines):
    told = [(span.first_day.year, span.outcome) for span in changes(lines["coal"][1])]
    assert [outcome for _, outcome in told] == ["permitted", "permitted_with_conditions", "prohibited"]
    assert [year for year, _ in told[1:]] == [2016, 2017]


@pytest.mark.parametrize("name", NAMES)
def test_a_determination_reads_back_as_it_was_kept(lines, whole_decider, whole_book, name):
    deal = lines[name][0]
    answer = whole_decider.decide(deal, LOOK)
    again = recall(json.loads(canonical(answer.plain())), deal, whole_book)
    assert canonical(again.plain()) == canonical(answer.plain())
    assert why(again.told()) == why(answer.told())
    assert headline(again) == headline(answer)
    assert [one.id for one in again.touched] == [one.id for one in answer.touched]
