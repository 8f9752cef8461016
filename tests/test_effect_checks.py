"""The public checks: published figures, reproduced to the printed digits."""

import csv
import gzip
import json
import math
from io import StringIO

import pytest

from openembargo.impact.synthetic import Panel, synthetic_control

from .conftest import REFERENCE, needs_reference

CHECKS, ANCHORS = REFERENCE / "trade" / "checks", REFERENCE / "trade" / "anchors"
pytestmark = [needs_reference, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


def check(name):
    return json.loads((CHECKS / name).read_text(encoding="utf-8"))


def rows(name):
    path = ANCHORS / name
    read = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    return list(csv.DictReader(StringIO(read.decode("utf-8"))))


@pytest.mark.parametrize(("model", "harmonics"), [("bernal_2017_sicily_model_harmonic", 2), ("plain", 0)])
def test_the_smoking_ban_of_sicily(model, harmonics):
    pytest.importorskip("statsmodels", reason="needs openembargo[trade]")
    from openembargo.impact.interrupted import step_in_rate

    table, expected = rows("sicily.csv"), check("its_sicily.json")[model]
    found, dispersion = step_in_rate(
        [float(r["aces"]) for r in table],
        [float(r["stdpop"]) for r in table],
        [r["smokban"] == "1" for r in table],
        harmonics=harmonics,
        months=[int(r["month"]) for r in table],
    )
    got = [math.exp(value) for value in (found.effect, found.low, found.high)]
    assert [round(value, 4) for value in got] == [expected["RR"], *expected["ci"]]
    assert round(dispersion, 4) == expected["dispersion"]


def test_free_trade_agreements_with_three_ways_of_effects():
    pandas = pytest.importorskip("pandas", reason="needs openembargo[trade]")
    pytest.importorskip("pyfixest", reason="needs openembargo[trade]")
    from openembargo.impact.gravity import ppml

    table = pandas.read_stata(ANCHORS / "EXAMPLE_TRADE_FTA_DATA.dta")
    table = table[table["category"] == "TOTAL"]
    for name, left, right in (("ey", "isoexp", "year"), ("iy", "isoimp", "year"), ("pair", "isoexp", "isoimp")):
        table[name] = table[left].astype(str) + table[right].astype(str)
    expected = check("ppml_fta.json")["public"]["TOTAL"]
    found = ppml(
        {c: list(table[c]) for c in ("trade", "fta", "ey", "iy", "pair")},
        "trade",
        ["fta"],
        ["ey", "iy", "pair"],
        "pair",
    )
    assert (round(found.estimates["fta"].effect, 7), round(found.estimates["fta"].error, 7), found.observations) == (
        expected["fta"],
        expected["se_clustered_pair"],
        expected["n"],
    )


GRAVITY = ("log_dist", "cntg", "lang", "clny")


@pytest.fixture(scope="module")
def gravity_table():
    pytest.importorskip("pyfixest", reason="needs openembargo[trade]")
    table = [r for r in rows("agtpa_applications.csv.gz") if int(r["year"]) in range(1986, 2007, 4)]
    sums = {}
    for r in table:
        for key in (("out", r["exporter"], r["year"]), ("in", r["importer"], r["year"]), ("pair", r["pair_id"], "")):
            sums[key] = sums.get(key, 0.0) + float(r["trade"])
    for r in table:
        r |= {
            "log_dist": math.log(float(r["dist"])),
            "output": math.log(sums["out", r["exporter"], r["year"]]),
            "spent": math.log(sums["in", r["importer"], r["year"]]),
            "pair_sum": sums["pair", r["pair_id"], ""],
            "ey": r["exporter"] + r["year"],
            "iy": r["importer"] + r["year"],
        }
        r |= {name: float(r[name]) for name in ("trade", "cntg", "lang", "clny", "rta")}
    return table


def columns(table, *names):
    return {name: [row[name] for row in table] for name in names}


def test_traditional_gravity_by_least_squares(gravity_table):
    from openembargo.impact.gravity import ols

    table = [
        r | {"log_trade": math.log(r["trade"])}
        for r in gravity_table
        if r["exporter"] != r["importer"] and r["trade"] > 0
    ]
    used = [*GRAVITY, "output", "spent"]
    found, expected = (
        ols(columns(table, "log_trade", "pair_id", *used), "log_trade", used, [], "pair_id"),
        check("agtpa.json")["T1"]["ols"],
    )
    one = found.estimates["log_dist"]
    assert [round(one.effect, 4), round(one.error, 4), found.observations] == [
        expected["log_dist"],
        expected["se"],
        expected["n"],
    ]


def test_gravity_by_ppml_with_effects(gravity_table):
    from openembargo.impact.gravity import ppml

    table = [r for r in gravity_table if r["exporter"] != r["importer"]]
    expected = check("agtpa.json")["T1"]["ppml_fe"]
    found = ppml(columns(table, "trade", "ey", "iy", "pair_id", *GRAVITY), "trade", GRAVITY, ["ey", "iy"], "pair_id")
    assert {name: round(found.estimates[name].effect, 4) for name in GRAVITY} == {
        name: expected[name] for name in GRAVITY
    }
    assert (round(found.estimates["log_dist"].error, 4), found.observations) == (expected["se"], expected["n"])


def test_trade_agreements_with_pair_effects_and_domestic_sales(gravity_table):
    from openembargo.impact.gravity import ppml

    table = [r for r in gravity_table if r["pair_sum"] > 0]
    expected = check("agtpa.json")["T3"]["c4"]
    found = ppml(
        columns(table, "trade", "rta", "ey", "iy", "pair_id"), "trade", ["rta"], ["ey", "iy", "pair_id"], "pair_id"
    )
    one = found.estimates["rta"]
    assert [round(one.effect, 4), round(one.error, 4), found.observations] == [
        expected["rta"],
        expected["se"],
        expected["n"],
    ]


SCHOOL = ("school.illit", "school.prim", "school.med", "school.high", "school.post.high", "invest")
SECTORS = tuple(
    f"sec.{name}"
    for name in ("agriculture", "energy", "industry", "construction", "services.venta", "services.nonventa")
)


def mean(table, name, years):
    values = [float(table[year][name]) for year in years if table[year][name]]
    return sum(values) / len(values)


def test_the_basque_country_without_its_conflict():
    pytest.importorskip("scipy", reason="needs openembargo[trade]")
    units = {}
    for r in rows("sc/basque.csv"):
        if r["regionno"] != "1.0":
            units.setdefault(r["regionname"], {})[int(float(r["year"]))] = r
    predictors = {
        name: [mean(t, one, range(1964, 1970)) for one in SCHOOL]
        + [mean(t, "gdpcap", range(1960, 1970))]
        + [mean(t, one, range(1961, 1970, 2)) for one in SECTORS]
        + [mean(t, "popdens", [1969])]
        for name, t in units.items()
    }
    years = list(range(1955, 1998))
    panel = Panel(
        {name: [float(t[year]["gdpcap"]) for year in years] for name, t in units.items()},
        predictors,
        [str(year) for year in years],
        [str(year) for year in range(1960, 1970)],
        [str(year) for year in range(1955, 1975)],
    )
    treated = next(name for name in units if name.startswith("Basque"))
    found, expected = synthetic_control(panel, treated, placebo=False), check("sc_basque.json")["basque"]
    weights = {name.split(" ")[0]: round(weight, 3) for name, weight in found.weights.items() if round(weight, 3)}
    assert weights == {name: expected[name] for name in ("Cataluna", "Madrid")}
    assert found.effect == pytest.approx(expected["att_1975_1997"], abs=1e-5)
