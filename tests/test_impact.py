"""A study from flows to verdict: planted effects are found, placebos are not, a general collapse is not credited to the measures."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.impact.anomalies import MIXED_UP, PROHIBITED, mixed_up
from openembargo.impact.study import read_study
from openembargo.impact.verdict import of_totals, overall
from openembargo.jobs.load_trade import load
from openembargo.jobs.measure_effect import measure, plain
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
    assert pages[0].count("<figure>") == 5
    assert "http://www.w3.org" in pages[0]
    assert not any(word in pages[0] for word in ("<script", "<link", "src=", "@import", "violation"))


def test_totals_tell_a_fall_and_nothing_of_its_cause(tmp_path):
    out = tmp_path / "page.html"
    done = CliRunner().invoke(app, ["impact", "run", "russia-dprk-totals", "--html", str(out), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["verdict"] == "partly"
    assert [p["verdict"] for p in found["parts"]] == ["supported", "cannot say", "cannot say"]
    assert found["totals"][-1]["percent_of_baseline"] == [36.3, 37.5]
    assert len(next(t for t in found["totals"] if t["period"] == "2014")["figures"]) == 2
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
