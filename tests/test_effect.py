"""The effect: classes by the law's own book, an index whose parts sum, planted effects that are found and placebos that are not."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openembargo.decisions.goods_reach import GoodsReach
from openembargo.impact.classing import CLASSES, Classed, Classer, days_of
from openembargo.impact.index import Cell, index_of, rounded


@pytest.fixture(scope="module")
def classer(whole_book):
    regime = next(r for r in whole_book.regimes if r.id == "un.dprk")
    return Classer(regime, GoodsReach((regime,)).touching)


@pytest.mark.parametrize(
    ("name", "hs", "direction", "period", "expected"),
    [
        ("coal before any ban", "270112", "from_target", "2015", ("allowed", "allowed")),
        ("coal under the interim cap", "270112", "from_target", "2016-12", ("capped", "capped")),
        ("coal in the month in which the cap ended", "270112", "from_target", "2017-08", ("capped", "banned")),
        ("coal after the ban", "2701", "from_target", "2018", ("banned", "banned")),
        ("coal that may be for livelihood", "270112", "from_target", "2016-06", ("allowed", "banned")),
        ("fish under old contracts in the month of the ban", "030613", "from_target", "2017-08", ("allowed", "banned")),
        ("fish after them", "030613", "from_target", "2017-10", ("banned", "banned")),
        ("iron ore that may be for livelihood, beside coal's cap", "260111", "from_target", "2017-01", ("allowed", "banned")),
        ("iron ore after the grace", "260111", "from_target", "2017-10", ("banned", "banned")),
        ("coal in two digits", "27", "from_target", "2018", ("allowed", "banned")),
        ("coal to the target is not what the ban is about", "270112", "to_target", "2018", ("allowed", "allowed")),
        ("fish", "030613", "from_target", "2018", ("banned", "banned")),
        ("textiles the year before", "61", "from_target", "2016", ("allowed", "allowed")),
        ("textiles in the month of the ban", "61", "from_target", "2017-09", ("allowed", "banned")),
        ("machines to the target", "84", "to_target", "2018", ("banned", "banned")),
        ("fuel may be jet fuel, which is embargoed", "2710", "to_target", "2018", ("capped", "banned")),
        ("cereals are never banned", "10", "to_target", "2018", ("allowed", "allowed")),
        ("a total tells nothing", "TOTAL", "both", "2018", ("allowed", "banned")),
        ("a total before the first measure", "TOTAL", "both", "1999", ("allowed", "allowed")),
    ],
)  # fmt: skip
def test_class_of(classer, name, hs, direction, period, expected):
    found = classer.of(hs, direction, *days_of(period))
    assert (found.low, found.high) == expected, name
    assert found.name == (expected[0] if expected[0] == expected[1] else "mixed")
    assert found.reasons


@pytest.mark.parametrize(
    ("hs", "day"),
    [("61", "2017-12-11"), ("030613", "2017-09-05"), ("270112", "2017-08-05"), ("27", None), ("10", None)],
)
def test_a_line_is_prohibited_from_the_day_on_which_no_grace_is_left(classer, hs, day):
    found = classer.first_banned(hs, "from_target")
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize("hs", ["27", "2701", "25", "26", "71", "03", "84", "2710"])
def test_a_finer_code_is_never_outside_what_its_heading_may_be(classer, hs):
    order = ("allowed", "capped", "banned")
    for tail in ("0", "01", "11", "12", "20", "90"):
        coarse, fine = (classer.of(code, "from_target", *days_of("2018")) for code in (hs, (hs + tail)[:6]))
        assert order.index(coarse.low) <= order.index(fine.low)
        assert order.index(fine.high) <= order.index(coarse.high)


@settings(deadline=None)
@given(st.lists(st.integers(1, 97).flatmap(lambda c: st.integers(0, 9999).map(lambda n: f"{c:02}{n:04}")), min_size=20))
def test_codes_judged_together_are_judged_as_each_alone(classer, codes):
    for code in [*codes, "270112", "270119", "2701", "27"]:
        alone = Classer(classer.regime, classer.touching)
        span = days_of("2017")
        assert classer.of(code, "from_target", *span) == alone.of(code, "from_target", *span)


def classed(low, high):
    return Classed(low if low == high else "mixed", low, high, ())


ENDS = [("banned", "banned"), ("capped", "capped"), ("allowed", "allowed"), ("allowed", "banned"), ("capped", "banned")]


@given(
    st.lists(
        st.tuples(st.sampled_from(ENDS), st.sampled_from(["2016", "2017", "2018"]), st.integers(0, 10**9)),
        min_size=1,
        max_size=20,
    )
)
def test_contributions_sum_exactly_also_as_printed(drawn):
    cells = [Cell("XX", "to_target", "01", p, Decimal(v) / 1000, classed(*e), classed(*e)) for e, p, v in drawn]
    cells.append(
        Cell("XX", "to_target", "02", "2016", Decimal(7), classed("allowed", "allowed"), classed("allowed", "allowed"))
    )
    for point in index_of(cells, ["2016"], ["2016", "2017", "2018"]):
        assert sum(point.contributions.values(), Fraction()) + 100 == point.index
        assert sum(point.printed.values()) == Decimal(round((point.index - 100) * 10)) / 10
        for bounds in (point.banned, point.allowed):
            assert bounds is None or bounds[0] <= bounds[1]


def test_bounds_hold_whatever_the_mixed_lines_are():
    cells = [
        Cell("XX", "from_target", code, period, Decimal(value), classed(*ends), classed(*ends))
        for code, ends, values in (("03", ("banned", "banned"), (100, 10)), ("27", ("allowed", "banned"), (50, 40)))
        for period, value in zip(("2016", "2018"), values, strict=True)
    ]
    low, high = index_of(cells, ["2016"], ["2018"])[0].banned
    assert low <= Fraction(100 * 50, 150) <= high
    assert low <= Fraction(100 * 10, 100) <= high


@given(st.lists(st.fractions(min_value=-1000, max_value=1000, max_denominator=997), min_size=1, max_size=4))
def test_rounding_keeps_the_sum_and_moves_no_part_by_a_whole_tenth(parts):
    named = dict(zip(CLASSES, parts, strict=False))
    found = rounded(named, sum(parts, Fraction()))
    assert sum(found.values()) == Decimal(round(sum(parts, Fraction()) * 10)) / 10
    assert all(abs(Fraction(found[name]) - part) < Fraction(1, 5) for name, part in named.items())


def series(effect, seed, size=60, start=36):
    """Months of trade with a trend, noise that lasts, and a planted fall from a month on."""
    draw, noise, values = np.random.default_rng(seed), 0.0, []
    for month in range(size):
        noise = 0.4 * noise + draw.normal(0, 0.1)
        values.append(float(np.exp(10 + 0.004 * month + noise + (effect if month >= start else 0.0))))
    return values, [month >= start if month != start else None for month in range(size)]


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_fall_of_a_series_is_found(seed):
    pytest.importorskip("statsmodels", reason="needs openembargo[trade]")
    from openembargo.impact.interrupted import segmented

    found = segmented(*series(-1.2, seed))
    assert found.estimate.effect == pytest.approx(-1.2, abs=0.35)
    assert found.estimate.high < 0


def test_a_short_series_gives_nothing():
    from openembargo.impact.interrupted import segmented

    pytest.importorskip("statsmodels", reason="needs openembargo[trade]")
    values, after = series(-1.2, 0, size=12, start=6)
    assert segmented(values, after) is None


def test_a_planted_fall_against_a_mixture_is_found_and_ranks_first():
    pytest.importorskip("scipy", reason="needs openembargo[trade]")
    from openembargo.impact.synthetic import Panel, synthetic_control

    draw = np.random.default_rng(5)
    factors = draw.normal(0, 1, (24, 2)).cumsum(axis=0)
    units = {f"u{i}": list(20 + factors @ draw.dirichlet([1, 1]) + draw.normal(0, 0.05, 24)) for i in range(12)}
    units["treated"] = [v - (3 if t >= 16 else 0) for t, v in enumerate(np.mean([units["u1"], units["u2"]], axis=0))]
    periods = [str(t) for t in range(24)]
    found = synthetic_control(Panel(units, {}, periods, periods[:16], periods[:16]), "treated")
    assert found.effect == pytest.approx(-3, abs=0.2)
    assert (found.rank, found.units) == (1, 13)
    assert sum(found.weights.values()) == pytest.approx(1)
