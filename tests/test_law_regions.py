"""What a regime cannot mean is found by trying every region of its facts."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openembargo.law.check_regions import region_mistakes, region_remarks
from openembargo.law.conditions import And, BoolFact, Compare, Const, FactRef, InList, Not, Or
from openembargo.law.evaluate import compile_test
from openembargo.law.goods_scope import GoodsScope
from openembargo.law.regions import possible
from openembargo.law.situation import Lawbook, Situation
from openembargo.terms.deal import Deal

from .deals import REGIME

FROM, TO = FactRef("route", "from"), FactRef("route", "to")
DONE, GIVEN = FactRef("facts", "performed"), FactRef("facts", "basic_expenses")
WORTH = FactRef("finance", "amount_usd")


def test_the_programs_own_law_has_no_such_mistake(whole_book):
    assert [str(one) for regime in whole_book.regimes for one in region_mistakes(regime)] == []


def test_days_without_law_between_two_versions_are_told(whole_book):
    says = [one.says for one in region_remarks(whole_book.regime("un.iran"))]
    assert any("un.iran.1929.10 holds no law from" in one for one in says)


def changed(place: int, **parts):
    measures = list(REGIME.measures)
    measures[place] = replace(measures[place], **parts)
    return replace(REGIME, measures=tuple(measures))


def with_condition(place: int, node):
    one = REGIME.measures[place]
    return changed(place, versions=tuple(replace(version, when=node) for version in one.versions))


def found(regime) -> list[str]:
    return [one.found for one in region_mistakes(regime)]


def test_a_measure_that_contradicts_itself_can_never_apply():
    node = And((Compare("=", FROM, "KP"), InList(FROM, ("RU", "CN"))))
    assert any("can never apply" in one for one in found(with_condition(0, node)))


def test_two_versions_on_one_day_are_a_mistake():
    one = next(m for m in REGIME.measures if m.versions[-1].last_day is None)
    version = one.versions[-1]
    doubled = (version, replace(version, first_day=version.first_day + timedelta(days=10)))
    assert any("two versions" in told for told in found(changed(REGIME.measures.index(one), versions=doubled)))


@pytest.mark.parametrize("how", ["days", "facts"])
def test_a_route_that_shares_nothing_with_its_measure_never_frees(how):
    place, one = next((n, m) for n, m in enumerate(REGIME.measures) if m.exemptions)
    route = one.exemptions[0]
    if how == "days":
        day = one.versions[0].first_day - timedelta(days=400)
        route = replace(route, first_day=day, last_day=day + timedelta(days=1))
    else:
        route = replace(route, when=Not(one.versions[-1].when))
        one = replace(one, versions=one.versions[-1:])
    parts = {"exemptions": (route, *one.exemptions[1:]), "versions": one.versions}
    told = found(changed(place, **parts))
    assert any(f"{route.id} can never free" in each for each in told)


def test_a_route_that_another_measure_closes_is_remarked():
    place, one = next((n, m) for n, m in enumerate(REGIME.measures) if m.exemptions and m.effect == "prohibits")
    closing = replace(one, id="x.closes", exemptions=(), title="closes it")
    regime = replace(changed(place), measures=(*REGIME.measures, closing), general=())
    assert any("frees what x.closes prohibits" in remark.says for remark in region_remarks(regime))


atoms = st.one_of(
    st.builds(lambda v: Compare("=", FROM, v), st.sampled_from(["KP", "RU"])),
    st.builds(lambda v: Compare("<>", TO, v), st.sampled_from(["KP", "RU"])),
    st.builds(lambda v: InList(FROM, tuple(v)), st.sets(st.sampled_from(["KP", "RU", "CN"]), min_size=1)),
    st.builds(lambda op, v: Compare(op, WORTH, v), st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]), st.integers(1, 3)),
    st.sampled_from([BoolFact(DONE), BoolFact(GIVEN), Const(value=True), Const(value=False)]),
)  # fmt: skip
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(Not, inner), st.builds(lambda p: And(tuple(p)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda p: Or(tuple(p)), st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=8,
)  # fmt: skip


def everywhere():
    law = Lawbook(GoodsScope({}, {}, {}), {}, {})
    for begins in ("KP", "RU", "CN", "DE"):
        for ends in ("KP", "RU", "DE"):
            for done in (True, False):
                for given_ in (True, False):
                    for worth in map(Decimal, ("0", "1", "1.5", "2", "2.5", "3", "4")):
                        deal = Deal(
                            route={"from": begins, "to": ends},
                            facts={"performed": done, "basic_expenses": given_},
                            finance={"amount_usd": worth},
                        )
                        yield Situation.of_deal(deal, date(2017, 1, 1), law)


EVERYWHERE = tuple(everywhere())


@settings(max_examples=150, deadline=None)
@given(conditions)
def test_a_condition_is_possible_where_some_situation_fulfils_it(node):
    test = compile_test(node)
    assert possible([node], ()) is any(test(one) is True for one in EVERYWHERE)
