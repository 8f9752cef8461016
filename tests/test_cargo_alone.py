"""What cargo decides once for many is what each consignment gets alone: for whatever deals, and measure by measure."""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from openembargo.decisions.cargo import cards_of, cargo_decision, craft_decision, craft_question
from openembargo.decisions.columns import Column, Regions
from openembargo.decisions.decide import Options
from openembargo.decisions.judge import Judge
from openembargo.decisions.sieve import LEFT_OUT, Sieve
from openembargo.jobs.cargo_crew import Crew
from openembargo.jobs.cargo_desk import CargoDesk, CargoRequest, Part
from openembargo.jobs.decide_cargo import _names_of
from openembargo.jobs.read_paper import Seen
from openembargo.law.book import Book
from openembargo.law.joined import joined
from openembargo.papers.table_rows import Consignment
from openembargo.terms.errors import OpenembargoError
from openembargo.terms.read_deal import read_deal
from openembargo.terms.vocabulary import FACTS

SOAK = bool(os.environ.get("OPENEMBARGO_SOAK"))
EXAMPLES = 100 if SOAK else 6
MOST_LINES = 3 if SOAK else 2
"""Several lines of which nothing is told take seconds to decide by themselves: the long run has them."""
BRIEF = Options(brief=True)
DAYS = ["2006-10-20", "2011-03-01", "2012-06-01", "2016-03-01", "2017-02-03", "2017-08-20", "2017-09-20", "2018-03-01", "2026-01-15", "2027-08-01"]  # fmt: skip
CODES = ["2701.11", "2701", "8413.70", "0307.43", "2710.19", "9301.20", "1101.00", "4402.90", "2844.10", "8703.23", "7113.19", "9306.30", "5702", "8471.30"]  # fmt: skip
COUNTRIES = ["KP", "CN", "IR", "LY", "DE", "SO", "SD", "IQ", "CD", "RU"]
NAMES = [
    "A Firm", "Korea Mining Development Trading Corporation", "Tanchon Comercial Bank", "Plain Trading",
    "Libyan Investment Authority Malta Branch Office", "Ocean Maritime Management", "Gulf Star",
]  # fmt: skip


def some(**facts):
    """Return rows in which each fact is there or not."""
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in facts.items()})


goods = some(
    hs=CODES, origin=COUNTRIES, quantity=[5, 70000], unit=["t", "bbl", "piece"], value_usd=[10, 600, 5_000_000],
    unit_value_usd=[1, 499, 501, 20_000], product=["kerosene_jet_fuel", "crude_oil", "other"],
    military_end_use=[True, False], could_contribute_to_programmes=[True],
)  # fmt: skip
party = st.builds(
    lambda role, row: {"role": role, **row},
    st.sampled_from(["shipper", "consignee", "buyer", "seller", "carrier", "bank"]),
    some(
        name=NAMES, country=COUNTRIES, located_in=COUNTRIES, kind=["company", "state_body", "bank", "person"],
        designated=[True, False], bic=["TBKBKPPY"], born=["1960-02-05"], acts_for_designated=[True],
    ),
)  # fmt: skip
vessel = some(
    name=["EASTERN CEDAR", "JIN TENG", "OCEAN TEN"], imo=["9074729", "9163154", "9074728"], flag=COUNTRIES,
    former_names=[["JIN TENG"]], suspected_prohibited=[True, False], designated=[True, False],
)  # fmt: skip
deals = st.fixed_dictionaries(
    {
        "on": st.sampled_from(DAYS),
        "goods": st.lists(goods, min_size=1, max_size=MOST_LINES),
        "party": st.lists(party, max_size=3),
        "vessel": st.lists(vessel, max_size=1),
        "route": some(**{"loaded_at": ["KPRJN", "CNDLC", "IRBND"], "from": ["KPRJN", "LYTIP"], "to": ["RUVVO", "KPNAM", "LYTIP"], "mode": ["sea", "air", "rail"], "high_seas": [True]}),
    },
    optional={
        "seen_from": st.sampled_from(["RU", "CN", "KP"]),
        "conduct": st.sampled_from([["import"], ["export"], ["transit"], ["port_call"], ["import", "export"], ["carry_cargo"]]),
        "contract_date": st.sampled_from(["2016-01-01", "2017-08-01"]),
        "regimes": st.sampled_from([["un.dprk"], ["un.libya"]]),
        "facts": some(total_used_bbl=[499_000, 10], total_used_t=[10], reasonable_grounds=[True], total_used_usd=[5]),
        "finance": some(relation_since=["2012-01-01"], amount_usd=[100]),
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def lists(whole_decider):
    """Finds, of some names, those that may be listed ones: by the same way as a manifest's."""
    crew = Crew(whole_decider, CargoRequest(Seen(), processes=1), None, notified=True)
    return lambda found: crew.listed(_names_of(iter(found)), kinds_told=True)


def told(decision):
    """All of a decision but its questions."""
    plain = decision.plain()
    del plain["questions"]
    plain["reached"] = sorted(map(str, plain["reached"]))
    plain["reports"] = sorted(map(str, plain["reports"]))
    plain["steps"] = sorted(str({**step, "missing": sorted(step["missing"])}) for step in plain["steps"])
    return plain


def asked(decision):
    return {(one.path, one.fact) for one in decision.questions}


def alone(decider, desk, deal):
    """Decide one deal with nothing shared."""
    prepared = desk.prepared(deal)
    cards = cards_of(decider.book)
    cargo = cargo_decision(decider.decide(prepared, BRIEF), cards)
    asked = [craft_question(prepared, craft) for craft in prepared.vessel]
    return [cargo, *(craft_decision(decider.decide(one, BRIEF), cards) for one in asked if one is not None)]


def shared(desk, deal, part):
    found = desk.decided(Consignment("x", (), deal), part)
    return [found.cargo, *found.crafts]


@settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    derandomize=not SOAK,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(deals, min_size=1, max_size=4))
def test_a_consignment_gets_the_answer_that_it_gets_alone(whole_decider, lists, rows):
    """Deals that differ in one fact lie beside each other, so that a key that leaves the fact out would be seen."""
    found = [read_deal(row) for row in rows]
    found += [replace(deal, goods=tuple({**row, "unit_value_usd": 700} for row in deal.goods)) for deal in found]
    found += [
        replace(deal, goods=tuple({k: v for k, v in row.items() if k != "hs"} for row in deal.goods))
        for deal in found
        if SOAK or len(deal.goods) == 1
    ]
    desk = CargoDesk(whole_decider, CargoRequest(Seen()), notified=True)
    part = Part()
    desk.decide([], lists(found))
    for deal in found:
        try:
            own = alone(whole_decider, desk, deal)
        except OpenembargoError as error:
            with pytest.raises(type(error)):
                shared(desk, deal, part)
            continue
        found_together = shared(desk, deal, part)
        assert [told(one) for one in found_together] == [told(one) for one in own], deal.plain()
        # the same line twice counts once, so that more of its facts can be tried together and fewer stay open
        assert all(asked(one) <= asked(two) for one, two in zip(found_together, own, strict=True)), deal.plain()


@settings(
    max_examples=1000 if SOAK else 100,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(deals, st.lists(goods, min_size=3, max_size=3))
def test_a_measure_that_is_sorted_out_reaches_no_deal_with_other_goods(whole_decider, row, other):
    """The sieve is asked of one deal; what it leaves out must be false of every deal that differs in what its goods are."""
    deal = read_deal(row)
    sieve = Sieve(whole_decider, BRIEF)
    try:
        left = sieve.left(deal, nameless=False)
    except OpenembargoError:
        return
    kept = {(regime.id, law.measure.id) for regime, laws in left or () for law in laws}
    changed = [
        {**{k: v for k, v in held.items() if k not in LEFT_OUT}, **{k: v for k, v in new.items() if k in LEFT_OUT}}
        for held, new in zip(row["goods"], other, strict=False)
    ]
    for goods_rows in (row["goods"], changed):
        like = read_deal({**row, "goods": goods_rows})
        for regime in whole_decider.chosen(like):
            for judged in whole_decider.judged(like, BRIEF, regime):
                assert (regime.id, judged.law.measure.id) in kept, like.plain()


def test_a_name_whose_words_a_condition_asks_for_stands_for_itself(whole_decider):
    law = joined(whole_decider.book.regimes)
    judge = Judge(Book((law,)), law)
    regions = Regions(law, judge.scope, [], has_notice=False)
    column = Column("party_name", FACTS["party.name"])
    one, two = "Libyan Investment Authority of Nowhere", "Firm of Nowhere"
    assert regions.region(column, one) == one
    assert regions.region(column, two) == "not listed"


@pytest.mark.parametrize("first", ["9074728", "9074729"])
def test_a_wrong_number_of_a_ship_shares_no_answer_with_a_right_one(whole_decider, lists, first):
    second = "9074729" if first == "9074728" else "9074728"
    found = [
        read_deal(
            {
                "on": "2018-03-01", "seen_from": "RU", "goods": [{"hs": "8413.70", "origin": "CN"}],
                "route": {"loaded_at": "CNDLC", "to": "RUVVO", "mode": "sea"}, "vessel": [{"imo": imo, "flag": "PA"}],
            }
        )
        for imo in (first, second)
    ]  # fmt: skip
    desk = CargoDesk(whole_decider, CargoRequest(Seen()), notified=True)
    desk.decide([], lists(found))
    part = Part()
    answers = [[told(one) for one in shared(desk, deal, part)] for deal in found]
    assert answers == [[told(one) for one in alone(whole_decider, desk, deal)] for deal in found]
    assert answers[0] != answers[1]
