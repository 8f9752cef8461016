"""The models on any table, by the commands: published figures to the printed digits, and what is wrong with a table told."""

import json

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app

from .conftest import REFERENCE, needs_reference

ANCHORS, CHECKS = REFERENCE / "trade" / "anchors", REFERENCE / "trade" / "checks"


@pytest.fixture(autouse=True)
def _models():
    pytest.importorskip("pyfixest", reason="needs openembargo[trade]")
    pytest.importorskip("statsmodels", reason="needs openembargo[trade]")


def ask(*words):
    done = CliRunner().invoke(app, ["impact", *map(str, words)])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def check(name):
    return json.loads((CHECKS / name).read_text(encoding="utf-8"))


@needs_reference
def test_three_ways_of_effects_give_the_published_coefficient_and_error():
    found = ask(
        "gravity", ANCHORS / "EXAMPLE_TRADE_FTA_DATA.dta", "--outcome", "trade", "--on", "fta", "--effect", "isoexp+year", "--effect",
        "isoimp+year", "--effect", "isoexp+isoimp", "--cluster", "isoexp+isoimp", "--only", "category=TOTAL",
    )["estimates"]["fta"]  # fmt: skip
    expected = check("ppml_fta.json")["public"]["TOTAL"]
    got = (round(found["log_effect"], 7), round(found["standard_error"], 7), found["observations"])
    assert got == (expected["fta"], expected["se_clustered_pair"], expected["n"])
    assert "(n-1)/(n-k)" in found["method"]
    assert "isoexp+isoimp" in found["method"]


@needs_reference
def test_the_step_in_a_rate_is_the_published_one():
    found = ask(
        "step", ANCHORS / "sicily.csv", "--count", "aces", "--exposed", "stdpop", "--after", "smokban", "--month", "month", "--harmonics", 2
    )  # fmt: skip
    expected = check("its_sicily.json")["bernal_2017_sicily_model_harmonic"]
    assert [found["rate_ratio"], found["low"], found["high"], found["dispersion"]] == [
        expected["RR"],
        *expected["ci"],
        expected["dispersion"],
    ]


@needs_reference
def test_the_synthetic_control_has_the_published_weights():
    spans = {
        **dict.fromkeys(("school.illit", "school.prim", "school.med", "school.high", "school.post.high", "invest"), (1964, 1969)),
        "gdpcap": (1960, 1969),
        **dict.fromkeys((f"sec.{s}" for s in ("agriculture", "energy", "industry", "construction", "services.venta", "services.nonventa")), (1961, 1969)),
        "popdens": (1969, 1969),
    }  # fmt: skip
    told = [word for name, (a, b) in spans.items() for word in ("--predictor", f"{name}:{a}:{b}")]
    found = ask(
        "synthetic", ANCHORS / "sc" / "basque.csv", "--unit", "regionname", "--time", "year", "--outcome", "gdpcap", "--treated",
        "Basque Country (Pais Vasco)", "--since", 1975, "--fit", "1960:1969", "--without", "Spain (Espana)", "--no-placebo", *told,
    )  # fmt: skip
    expected = check("sc_basque.json")["basque"]
    weights = {name.split(" ")[0]: round(weight, 3) for name, weight in found["weights"].items() if weight > 5e-4}
    assert weights == {name: expected[name] for name in ("Cataluna", "Madrid")}
    assert found["effect"] == pytest.approx(expected["att_1975_1997"], abs=1e-5)


def table(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return path


def panel(fall):
    rows = ["unit,time,y"]
    for n in range(8):
        for t in range(12):
            y = 10 + n + 0.5 * t * (1 + n % 3) + (0.01 * ((n * 7 + t * 3) % 5))
            rows.append(f"u{n},{2000 + t},{y}")
    for t in range(12):
        rows.append(f"mine,{2000 + t},{(10 + 1 + 1.0 * t + 10 + 2 + 1.5 * t) / 2 + (fall if t >= 8 else 0)}")
    return "\n".join(rows) + "\n"


def test_a_planted_gap_is_found_and_ranked(tmp_path):
    words = ["--unit", "unit", "--time", "time", "--outcome", "y", "--treated", "mine", "--since", 2008]
    found = ask("synthetic", table(tmp_path, panel(-4)), *words)
    assert found["effect"] == pytest.approx(-4, abs=0.1)
    assert (found["placebo_rank"], found["placebo_units"]) == (1, 9)
    assert found["fitted_over"] == [2000, 2007]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("gravity", "--outcome", "trad", "--on", "x", "--cluster", "g"), "has no column trad"),
        (("gravity", "--outcome", "v", "--on", "log(x)", "--cluster", "g"), "x is 0 in row 2"),
        (("gravity", "--outcome", "v", "--on", "g", "--cluster", "g"), "g is 'a' in row 1"),
        (("gravity", "--outcome", "v", "--on", "x", "--cluster", "g", "--only", "g=z"), "no row has g = z"),
        (("gravity", "--outcome", "v", "--on", "x", "--cluster", "g", "--only", "g"), "COLUMN=VALUE"),
        (("synthetic", "--unit", "g", "--time", "x", "--outcome", "v", "--treated", "c", "--since", "1"), "no unit 'c'"),
        (("synthetic", "--unit", "g", "--time", "x", "--outcome", "v", "--treated", "a", "--since", "1"), "has no row for"),
        (("synthetic", "--unit", "g", "--time", "x", "--outcome", "v", "--treated", "a", "--since", "1", "--fit", "1"), "two times"),
        (("step", "--count", "v", "--exposed", "x", "--after", "x", "--harmonics", "1"), "--month: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(tmp_path, words, says):
    path = table(tmp_path, "v,x,g\n1,1,a\n2,0,a\n3,2,b\n")
    done = CliRunner().invoke(app, ["impact", words[0], str(path), *words[1:]])
    assert done.exit_code != 0
    assert says in " ".join(done.output.split()), done.output
