"""A study from flows to verdict: planted effects are found, placebos are not, a general collapse is not credited to the measures."""

import json
from decimal import Decimal

import numpy as np
import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.impact.anomalies import MIXED_UP, PROHIBITED, mixed_up
from openembargo.impact.classing import Classed
from openembargo.impact.comparisons import CHAPTERS as CHAPTERS_AS_DONORS
from openembargo.impact.comparisons import PARTNERS as PARTNERS_AS_DONORS
from openembargo.impact.index import Cell
from openembargo.impact.study import read_study
from openembargo.impact.unit_prices import OUTLIER, Priced, outliers
from openembargo.impact.vanished import VANISHED, vanished
from openembargo.impact.verdict import of_totals, overall
from openembargo.jobs.load_trade import load
from openembargo.jobs.measure_effect import measure
from openembargo.jobs.tell_effect import plain, spans
from openembargo.terms.errors import InputError

STUDY = """title = "Planted"
claim = "The measures cut trade."
regime = "un.dprk"
act = "2397"
baseline = ["2013", "2014", "2015", "2016"]
first = "2013"
last = "2020"
"""
CHAPTERS = [f"{n:02}" for n in range(1, 98) if n != 77]


def planted(tmp_path, fall_banned, fall_allowed, seed=1):
    """Write yearly imports of one reporter by chapter: a line's own level, shared shocks, and falls from 2018 on."""
    draw = np.random.default_rng(seed)
    banned = {
        "03",
        "07",
        "08",
        "12",
        "25",
        "44",
        "74",
        "75",
        "78",
        "79",
        "84",
        "85",
        "89",
        *(str(n) for n in range(50, 64)),
    }
    rows = ["year,flow,reporter,partner,hs2,desc,usd"]
    shocks = draw.normal(0, 0.3, 8)
    for chapter in CHAPTERS:
        level = draw.normal(13, 1)
        for n, year in enumerate(range(2013, 2021)):
            fall = (fall_banned if chapter in banned else fall_allowed) if year > 2017 else 0.0
            value = np.exp(level + shocks[n] + draw.normal(0, 0.25) + fall)
            rows.append(f'{year},Import,Pakistan,"Dem. People\'s Rep. of Korea",{chapter},x,{value:.2f}')
    (tmp_path / "planted.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    load([tmp_path / "planted.csv"], tmp_path / "flows.parquet", None, "")
    return tmp_path / "study.toml", tmp_path / "flows.parquet"


@pytest.fixture(autouse=True)
def _models():
    pytest.importorskip("pyfixest", reason="needs openembargo[trade]")
    pytest.importorskip("statsmodels", reason="needs openembargo[trade]")


def test_a_planted_ban_is_found_and_its_records_are_shown(tmp_path, whole_book):
    run = measure(whole_book, *planted(tmp_path, -1.5, 0.0))
    assert run.verdict == "supported", run.sentence()
    assert run.panel.apart.effect == pytest.approx(-1.5, abs=0.3)
    assert run.panel.apart.high < -1
    assert run.anomalies[0].kind == PROHIBITED
    assert all(a.benign and a.evidence for a in run.anomalies)
    assert "violation" not in json.dumps(plain(run))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_placebo_is_never_supported(tmp_path, whole_book, seed):
    run = measure(whole_book, *planted(tmp_path, 0.0, 0.0, seed))
    assert run.verdict in ("cannot say", "not supported"), run.sentence()


def test_a_general_collapse_is_not_credited_to_the_measures(tmp_path, whole_book):
    run = measure(whole_book, *planted(tmp_path, -1.5, -1.5))
    assert run.verdict == "not supported", run.sentence()
    assert "not the measures' doing alone" in run.sentence()


def test_a_ban_within_a_collapse_is_credited_in_part(tmp_path, whole_book):
    run = measure(whole_book, *planted(tmp_path, -3.0, -1.5))
    assert run.verdict == "partly", run.sentence()
    assert run.panel.apart.effect == pytest.approx(-1.5, abs=0.3)


def test_a_year_that_was_not_reported_is_not_zero(tmp_path, whole_book):
    study, _ = planted(tmp_path, -1.5, 0.0)
    path = tmp_path / "planted.csv"
    text = path.read_text(encoding="utf-8")
    gone = "\n".join(line for line in text.splitlines() if not line.startswith("2019,"))
    path.write_text(gone + "\n", encoding="utf-8")
    load([path], tmp_path / "gap.parquet", None, "")
    with pytest.raises(InputError, match="no comparable trade in the baseline"):
        measure(whole_book, study, tmp_path / "gap.parquet")
    other = text.splitlines()[1:]
    path.write_text(
        gone + "\n" + "\n".join(line.replace("Pakistan", "Algeria") for line in other) + "\n", encoding="utf-8"
    )
    load([path], tmp_path / "gap.parquet", None, "")
    run = measure(whole_book, study, tmp_path / "gap.parquet")
    assert run.not_comparable == {"PK": ("2019",)}
    assert {cell.counterpart for cell in run.cells} == {"DZ"}


def test_the_same_study_gives_the_same_bytes(tmp_path, whole_book):
    pytest.importorskip("altair", reason="needs openembargo[trade]")
    from openembargo.apps.cli.effect_page import effect_page

    study, flows = planted(tmp_path, -1.5, 0.0)
    pages = [effect_page(measure(whole_book, study, flows)) for _ in range(2)]
    assert pages[0] == pages[1]
    assert pages[0].count("<figure>") == 6
    assert "http://www.w3.org" in pages[0]
    assert not any(word in pages[0] for word in ("<script", "<link", "src=", "@import", "violation"))


def test_every_number_says_the_rows_of_the_file_that_it_rests_on(tmp_path, whole_book):
    study, flows = planted(tmp_path, -1.5, 0.0)
    run = measure(whole_book, study, flows)
    told = plain(run)
    text = (tmp_path / "planted.csv").read_text(encoding="utf-8").splitlines()[1:]
    for cell in told["cells"]:
        row = int(cell["source_rows"]["planted.csv"])
        assert f",{cell['hs']},x,{float(cell['value_usd']):.2f}" in text[row - 1]
        assert text[row - 1].startswith(cell["period"])
    for point in told["index"]:
        ends = [part.split("-") for part in point["source_rows"]["planted.csv"].split(", ")]
        rows = [n for part in ends for n in range(int(part[0]), int(part[-1]) + 1)]
        assert sum(float(text[n - 1].rsplit(",", 1)[1]) for n in rows) == pytest.approx(float(point["value_usd"]))
    assert told["estimates_rest_on"] == {"planted.csv": f"1-{len(text)}"}
    assert [a["rank"] for a in told["anomalies"]] == list(range(1, len(told["anomalies"]) + 1))


def test_row_numbers_are_printed_as_spans():
    assert spans([5, 1, 2, 3, 7, 3]) == "1-3, 5, 7"
    assert spans([]) == ""


def test_a_folder_holds_page_json_tables_and_six_charts_and_comes_out_the_same(tmp_path):
    pytest.importorskip("altair", reason="needs openembargo[trade]")
    study, flows = planted(tmp_path, -1.5, 0.0)
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "chart-9.svg").write_text("left by an earlier run", encoding="utf-8")
    (tmp_path / "two").mkdir()
    for name in ("one", "two"):
        command = ["impact", "run", str(study), "--flows", str(flows), "--out", str(tmp_path / name), "--json"]
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
    files = {p.name: p.read_bytes() for p in (tmp_path / "one").iterdir()}
    assert files == {p.name: p.read_bytes() for p in (tmp_path / "two").iterdir()}
    assert {n for n in files if n.startswith("chart")} == {
        f"chart-{n}.{e}" for n in range(1, 7) for e in ("svg", "png")
    }
    assert {"effect.json", "report.html", "lines.csv", "index.csv", "estimates.csv", "anomalies.csv"} < set(files)
    assert json.loads(files["effect.json"])["verdict"] == "supported"
    assert all(b"currentColor" not in files[f"chart-{n}.svg"] for n in range(1, 7))
    assert all(files[f"chart-{n}.png"].startswith(b"\x89PNG") for n in range(1, 7))


PARTNERS = ("Dem. People's Rep. of Korea", "China", "Japan", "Thailand", "Brazil", "India", "Viet Nam")


def with_partners(tmp_path, fall, seed=1):
    """Write yearly imports of one reporter from seven partners: shocks of each partner and of each chapter, and a fall of the target's banned lines."""
    draw = np.random.default_rng(seed)
    chapters = ["03", "25", "61", "62", "84", "85", "10", "30", "48", "64"]
    market = {c: draw.normal(0, 0.3, 16) for c in chapters}
    rows = ["year,flow,reporter,partner,hs2,desc,usd"]
    for partner in PARTNERS:
        shocks, target = draw.normal(0, 0.3, 16), partner.startswith("Dem.")
        for chapter in chapters:
            level = draw.normal(13, 0.5)
            for n, year in enumerate(range(2005, 2021)):
                banned = target and year > 2017 and chapter in chapters[:6]
                value = np.exp(level + shocks[n] + market[chapter][n] + draw.normal(0, 0.1) + (fall if banned else 0.0))
                rows.append(f'{year},Import,Pakistan,"{partner}",{chapter},x,{value:.2f}')
    (tmp_path / "p.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY.replace('first = "2013"', 'first = "2005"'), encoding="utf-8")
    load([tmp_path / "p.csv"], tmp_path / "p.parquet", None, "")
    return tmp_path / "study.toml", tmp_path / "p.parquet"


def test_gravity_and_the_synthetic_control_find_a_planted_ban_and_rank_it_first(tmp_path, whole_book):
    run = measure(whole_book, *with_partners(tmp_path, -1.5))
    assert run.gravity.estimate.effect == pytest.approx(-1.5, abs=0.25)
    assert (run.gravity.rank, run.gravity.units) == (1, 7)
    assert run.control.donors == PARTNERS_AS_DONORS
    assert run.control.found.rank == 1
    assert run.control.found.effect == pytest.approx(-78, abs=25)
    told = plain(run)
    assert told["gravity"]["placebo_p"] == pytest.approx(1 / 7, abs=1e-4)
    assert sum(told["synthetic_control"]["weights"].values()) == pytest.approx(1, abs=1e-3)
    assert any("treated pairs" in one for one in run.caveats)


def test_without_a_fall_the_target_does_not_stand_out_among_placebos(tmp_path, whole_book):
    ranks = []
    for seed in range(1, 5):
        run = measure(whole_book, *with_partners(tmp_path, 0.0, seed))
        assert run.gravity.estimate.effect == pytest.approx(0, abs=0.3)
        ranks.append(run.gravity.rank)
    assert max(ranks) > 1


def test_without_other_partners_gravity_is_not_fitted_and_says_so(tmp_path, whole_book):
    run = measure(whole_book, *planted(tmp_path, -1.5, -1.5))
    assert run.gravity is None
    assert any(one.startswith("No gravity") for one in run.caveats)
    assert run.control.donors == CHAPTERS_AS_DONORS
    assert run.control_fell is True
    assert abs(run.control.found.effect) < 30


def line(hs, period, value, basket="allowed", who="XX"):
    classed = Classed(basket, basket, basket, ())
    return Cell(who, "from_target", hs, period, Decimal(value), classed, classed)


@pytest.mark.parametrize(
    ("name", "cells", "found"),
    [
        ("a similar code rose", [line("030611", "2016", 100, "banned"), line("030617", "2018", 90)], ["XX from_target 030611"]),
        ("a heading of its chapter rose", [line("2701", "2016", 100, "banned"), line("2713", "2018", 60)], ["XX from_target 2701"]),
        ("another country rose", [line("61", "2016", 100, "banned"), line("61", "2018", 60, "mixed", "YY")], ["XX from_target 61"]),
        ("nothing rose", [line("030611", "2016", 100, "banned"), line("030617", "2018", 40)], []),
        ("it did not vanish", [line("030611", "2016", 100, "banned"), line("030611", "2018", 6, "banned"), line("030617", "2018", 90)], []),
        ("what rose is prohibited too", [line("030611", "2016", 100, "banned"), line("030617", "2018", 90, "banned")], []),
        ("another chapter rose", [line("03", "2016", 100, "banned"), line("04", "2018", 90)], []),
        ("it was never prohibited", [line("100110", "2016", 100), line("100190", "2018", 90)], []),
    ],
)  # fmt: skip
def test_a_vanished_line_is_told_where_a_neighbour_took_its_place(name, cells, found):
    told = vanished(cells, ["2016"], ["2018"])
    assert [a.where for a in told] == found, name
    assert all(a.kind == VANISHED and a.benign for a in told)


def priced(period, value, quantity, unit="t"):
    return Priced("XX", "from_target", "270112", period, unit, Decimal(value), quantity)


def test_a_unit_value_far_from_the_others_is_told():
    usual = [priced(str(2010 + n), 100 + n, 1.0) for n in range(7)]
    odd = priced("2017", 9000, 1.0)
    assert [(a.kind, a.where, a.value_usd) for a in outliers([*usual, odd])] == [
        (OUTLIER, "XX from_target 270112 2017", Decimal(9000))
    ]
    assert outliers(usual) == []
    assert outliers([*usual[:4], odd]) == []
    assert outliers([*usual, priced("2017", 9000, 1.0, "kg"), priced("2018", 9000, 0.0)]) == []


def test_totals_tell_a_fall_and_nothing_of_its_cause(tmp_path):
    out = tmp_path / "page.html"
    done = CliRunner().invoke(app, ["impact", "run", "russia-dprk-totals", "--html", str(out), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["verdict"] == "partly"
    assert [p["verdict"] for p in found["parts"]] == ["supported", "cannot say", "cannot say"]
    assert found["totals"][-1]["percent_of_baseline"] == [36.3, 37.5]
    assert len(next(t for t in found["totals"] if t["period"] == "2014")["figures"]) == 2
    held = {period: ways["from_target"] for period, ways in found["chapters_by_class"].items()}
    assert all(sum(counts.values()) == 96 for counts in held.values())
    assert held["2013"]["banned"] == 0 < held["2017"]["banned"] < held["2018"]["banned"] < held["2018"]["allowed"]
    assert out.read_text(encoding="utf-8").count("<figure>") == 2


@pytest.mark.parametrize(
    ("least", "most", "verdict"),
    [(30, 40, "partly"), (90, 110, "cannot say"), (100, 120, "not supported"), (0, 0, "partly")],
)
def test_totals_are_judged_by_both_ends(least, most, verdict):
    assert overall(of_totals(least, most)) == verdict


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("first =", "fist ="), "fist is not known"),
        (('last = "2020"', 'last = "2020-01"'), "is no period of the study"),
        (('"2016"]', '"2030"]'), "baseline lies outside"),
        (('act = "2397"', ""), "the event is not told"),
        (('act = "2397"', 'act = "2397"\nevent = 2017-12-22'), "or twice"),
        (('act = "2397"', 'act = "2397"\n[[figure]]\nperiod = "2013"\nvalue_usd = -1'), "value_usd is -1"),
        (('act = "2397"', 'act = "2397"\n[[figure]]\nperiod = "2013"\nconfidence = "sure"'), "confidence is 'sure'"),
    ],
)
def test_a_wrong_study_is_told(change, says):
    with pytest.raises(InputError, match=says):
        read_study(STUDY.replace(*change), "study.toml")


def test_a_partner_that_is_another_is_seen_by_the_years_around():
    cars, ships = {"87": 90.0, "84": 10.0}, {"03": 5.0, "61": 2.0}
    neighbour = {year: {code: 1e6 * v for code, v in cars.items()} for year in (2009, 2010, 2012)}
    neighbour[2011] = {"03": 7.0}
    target = {2009: ships, 2010: ships, 2011: {code: 1e6 * v for code, v in cars.items()}, 2012: ships}
    found = mixed_up(target, neighbour, ("XX import", "one", "other"))
    assert [(a.kind, a.where) for a in found] == [(MIXED_UP, "XX import with one 2011")]
    assert mixed_up({y: ships for y in target}, neighbour, ("XX import", "one", "other")) == []
