"""Every UN regime: the rows of the reference, their cases, and deals judged under all regimes at once."""

import gzip
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from openembargo.decisions.cases import failures, read_cases, read_expect
from openembargo.decisions.decide import Decider, Options
from openembargo.jobs.law_books import brief, show, states
from openembargo.law.book import Book
from openembargo.law.check_links import provision_ids
from openembargo.storage.regime_files import BUILT_IN, read_folder
from openembargo.terms.outcome import Level
from openembargo.terms.read_deal import read_deal

from .test_cases import public_cases

FOLDERS = sorted(path.parent for path in (BUILT_IN / "un").glob("*/regime.toml") if path.parent.name != "dprk")


def deal(text: str):
    return read_deal(tomllib.loads(text, parse_float=Decimal))


def cases_of(folder):
    files = read_folder(folder, with_cases=True)
    return [case for name, text in files.items() if name.startswith("cases/") for case in read_cases(name, text)[0]]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_regime_has_cases_inside_outside_and_at_its_edges(folder):
    cases = cases_of(folder)
    aspects = Counter(case.aspect for case in cases)
    assert len(cases) >= 6
    assert aspects["inside"]
    assert aspects["outside"]
    assert aspects["exemption"]
    assert aspects["first_day"]
    ends = "last_day" in (folder / "measures").joinpath("x").name or any(
        "last_day" in path.read_text() or "expires" in path.read_text() for path in (folder / "measures").glob("*.toml")
    )
    assert not ends or (aspects["last_day"] and aspects["day_after"])


def test_there_are_hundreds_of_cases():
    assert sum(len(cases_of(folder)) for folder in FOLDERS) >= 500


def test_no_row_of_the_reference_is_lost(whole_book, reference):
    rows = tomllib.loads((reference / "law" / "other-regimes.toml").read_text(encoding="utf-8"))["regime"]
    encoded = {name for regime in whole_book.regimes for name, _ in provision_ids(regime)}
    assert {row["id"] for row in rows} <= {regime.id for regime in whole_book.regimes}
    missing = [m["id"] for row in rows for m in row["measure"] if m["id"] not in encoded]
    # One row of the reference may stand as several measures here, each with a letter of its own.
    assert [name for name in missing if not any(other.startswith(name) for other in encoded)] == []


def test_what_the_reference_calls_unsure_is_marked(whole_book, reference):
    rows = tomllib.loads((reference / "law" / "other-regimes.toml").read_text(encoding="utf-8"))["regime"]
    sure = {m.id for regime in whole_book.regimes for m in regime.measures if m.grounds.confidence != "memory_unsure"}
    marked = {m.id: m.grounds.note for regime in whole_book.regimes for m in regime.measures}
    for row in rows:
        for measure in row["measure"]:
            if "unsure" in measure and measure["id"] in marked:
                assert measure["id"] not in sure, measure["id"]
                assert marked[measure["id"]]


def test_every_list_type_of_the_security_council_belongs_to_one_regime(whole_book, reference):
    held = Counter(name for regime in whole_book.regimes for name in regime.list_types)
    printed = {
        name.decode()
        for path in (reference / "lists" / "un").glob("consolidated_*.xml.gz")
        for name in re.findall(rb"<UN_LIST_TYPE>([^<]+)<", gzip.decompress(path.read_bytes()))
    }
    assert printed
    assert {name: held[name] for name in printed if held[name] != 1} == {}


def test_a_paragraph_of_several_parts_is_shown_whole_and_cited_by_its_id(whole_book, whole_decider):
    _, rows = show(whole_book, "un.libya.1970.9")
    assert sorted(row.part for row in rows) == ["", "services"]
    answer = whole_decider.decide(deal(TRAINING))
    assert {f.provision for one in answer.examined for f in one.findings} == {"un.libya.1970.9"}


def test_oil_of_a_listed_armed_group_in_iraq_is_not_taken_for_the_old_government_s(whole_decider):
    text = """
on = 2016-05-01
seen_from = "TR"
conduct = ["import"]
party = [{ role = "seller", kind = "armed_group", country = "IQ", designated = true }, { role = "buyer", kind = "company", country = "TR" }]
goods = [{ description = "crude oil", hs = "2709.00", origin = "IQ" }]
"""
    answer = whole_decider.decide(deal(text))
    assert answer.outcome == "prohibited"
    named = {f.provision for one in answer.examined for f in one.findings}
    assert {"un.isil-aq.2199.1", "un.isil-aq.2253.2-a"} <= named
    assert "un.iraq.1483.23" not in named


@pytest.mark.parametrize("on", ["2017-09-04", "2023-09-01"])
def test_an_ended_freeze_does_not_bite_by_way_of_other_regimes(whole_decider, on):
    text = LISTED.replace("2019-06-01", on).replace("COUNTRY", "ML").replace("WHERE", "")
    answer = whole_decider.decide(deal(text))
    assert answer.outcome == "permitted"
    assert any("lists nobody on that day" in warning and "listed_under" in warning for warning in answer.warnings)
    named = whole_decider.decide(deal(text.replace('role = "payee"', 'role = "payee", name = "Somebody"')))
    assert named.outcome == "prohibited"


ELSEWHERE_BY_PARTY = [
    ("rifles for an army elsewhere", "export", "buyer", "armed_forces", "2016-05-01"),
    ("rifles for a consignee elsewhere", "export", "consignee", "company", "2016-05-01"),
    ("pistols of a seller elsewhere", "import", "seller", "company", "2015-05-01"),
]


@pytest.mark.parametrize(
    ("conduct", "role", "kind", "on"), [r[1:] for r in ELSEWHERE_BY_PARTY], ids=[r[0] for r in ELSEWHERE_BY_PARTY]
)
def test_a_deal_whose_parties_are_elsewhere_does_not_hang_on_a_route_that_is_not_told(
    whole_decider, conduct, role, kind, on
):
    text = f"""
on = {on}
seen_from = "UA"
conduct = ["{conduct}"]
party = [{{ role = "{role}", kind = "{kind}", country = "KE" }}]
goods = [{{ description = "rifles", hs = "9301.90", product = "small_arms", origin = "{"KE" if conduct == "import" else "UA"}" }}]
"""
    assert whole_decider.decide(deal(text)).outcome == "permitted"
    nobody = text.replace(f'{{ role = "{role}", kind = "{kind}", country = "KE" }}', "").replace(', origin = "KE"', "")
    assert whole_decider.decide(deal(nobody)).outcome == "undetermined"


def test_public_cases_stand_under_all_regimes(whole_decider, reference):
    wrong = []
    for path in public_cases(reference):
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        expect = read_expect(table.pop("expect"), path.name)
        wrong += [f"{path.stem}: {f}" for f in failures(whole_decider.decide(read_deal(table), Options()), expect)]
    assert wrong == []


RIFLES = """
seen_from = "RS"
conduct = ["export"]
party = [{ role = "seller", kind = "company", country = "RS" }, { role = "buyer", kind = "KIND", country = "SD" }]
goods = [{ description = "assault rifles", hs = "9301.90", product = "small_arms", origin = "RS" }]
route = { from = "RS", to = "SDELF" }
"""
CHARCOAL = """
seen_from = "AE"
conduct = ["import"]
party = [{ role = "seller", kind = "company", country = "SO" }, { role = "buyer", kind = "company", country = "AE" }]
goods = [{ description = "charcoal in sacks", hs = "4402.90", origin = "SO", quantity = 500, unit = "t" }]
route = { loaded_at = "SOKMU", from = "SOKMU", to = "AE" }
"""
DIAMONDS = """
seen_from = "BE"
conduct = ["import"]
party = [{ role = "seller", kind = "company", country = "CI" }, { role = "buyer", kind = "company", country = "BE" }]
goods = [{ description = "rough diamonds", hs = "7102.31", origin = "CI", quantity = 120, unit = "g" }]
route = { loaded_at = "CIABJ", from = "CIABJ", to = "BE" }
"""
AID = """
seen_from = "DE"
conduct = ["transfer_funds"]
purpose = "humanitarian"
party = [{ role = "payer", kind = "ngo", country = "DE" }, { role = "payee", kind = "state_body", country = "AF", designated = true }]
facts = { humanitarian_actor = true, basic_expenses = false }
"""
ELSEWHERE = [
    ("rifles for a militia in Darfur, 2004", RIFLES.replace("KIND", "armed_group"), "2004-10-01", "prohibited", "un.sudan.1556.7"),
    ("rifles for the army in Darfur, 2004", RIFLES.replace("KIND", "armed_forces"), "2004-10-01", "permitted", ""),
    ("rifles for a militia in Darfur, 2006", RIFLES.replace("KIND", "armed_group"), "2006-05-01", "prohibited", "un.sudan.1591.7"),
    ("rifles for the army in Darfur, 2006", RIFLES.replace("KIND", "armed_forces"), "2006-05-01", "authorisation_required", "un.sudan.1591.7"),
    ("charcoal from Kismayo, 2011", CHARCOAL, "2011-06-01", "permitted", ""),
    ("charcoal from Kismayo, 2013", CHARCOAL, "2013-06-01", "prohibited", "un.somalia.2036.22"),
    ("rough diamonds from Abidjan, 2010", DIAMONDS, "2010-06-01", "prohibited", "un.cote-divoire.1643.6"),
    ("rough diamonds from Abidjan, 2015", DIAMONDS, "2015-06-01", "permitted", ""),
    ("aid to a listed Taliban body, 2020", AID, "2020-06-01", "prohibited", "un.taliban.2255.1-a"),
    ("aid to a listed Taliban body, 2022", AID, "2022-06-01", "permitted_with_conditions", "un.taliban.2615.1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "on", "outcome", "cites"), [row[1:] for row in ELSEWHERE], ids=[r[0] for r in ELSEWHERE]
)
def test_a_deal_without_any_link_to_the_dprk(whole_decider, text, on, outcome, cites):
    answer = whole_decider.decide(deal(f"on = {on}\n{text}"))
    assert answer.outcome == outcome
    named = {f.provision for one in answer.examined for f in one.findings}
    named |= {t.provision for one in answer.examined for f in one.findings for t in f.exemptions}
    assert (cites in named) if cites else not named


def test_advice_that_may_only_reach_the_deal_is_kept_but_not_shown_for_a_target_it_never_names(whole_decider):
    text = CHARCOAL.replace('from = "SOKMU", ', "").replace(
        '{ role = "seller", kind = "company", country = "SO" }, ', ""
    )
    answer = whole_decider.decide(deal(f"on = 2013-06-01\n{text}"))
    unsure = {f.provision for f in answer.findings if not f.certain and f.effect == "advises"}
    assert unsure
    assert unsure.isdisjoint({f.provision for f in answer.told().findings})
    assert {f.provision for f in answer.told().findings if f.effect == "prohibits"} == {"un.somalia.2036.22"}
    assert (answer.told().best, answer.told().worst) == (answer.best, answer.worst)


TRADE = """
on = 2025-10-01
seen_from = "SEEN"
conduct = ["export"]
party = [{ role = "seller", kind = "company", country = "DE" }, { role = "buyer", kind = "company", country = "IR" }]
goods = [{ description = "tanks", hs = "8710.00", origin = "DE" }]
"""


def test_a_disputed_restoration_shows_both_outcomes_and_who_holds_which(whole_decider):
    answer = whole_decider.decide(deal(TRADE.replace("SEEN", "DE")))
    assert answer.outcome == "prohibited"
    parting = next(p for one in answer.examined for p in one.partings if p.doubt == "iran-restoration")
    assert (parting.best, parting.worst) == (Level.PERMITTED, Level.PERMITTED)
    assert set(parting.held_by) == {"CN", "IR", "RU"}


@pytest.mark.parametrize(
    ("renewed", "outcome"),
    [("", "undetermined"), ('renewed = ["un.drc"]', "prohibited"), ("renewed = []", "permitted")],
)
def test_after_the_last_known_expiry_it_holds_if_renewed(whole_decider, renewed, outcome):
    text = f"""
on = 2026-07-02
seen_from = "RS"
conduct = ["export"]
party = [{{ role = "seller", country = "RS" }}, {{ role = "buyer", kind = "armed_group", country = "CD" }}]
goods = [{{ hs = "9302.00", description = "pistols" }}]
route = {{ to = "CD" }}
facts = {{ {renewed} }}
"""
    answer = whole_decider.decide(deal(text))
    assert answer.outcome == outcome
    if not renewed:
        assert [m.fact for one in answer.examined for m in one.missing if m.decides] == ["facts.renewed"]


TRAINING = """
on = 2018-05-01
seen_from = "RS"
conduct = ["train_persons"]
party = [{ role = "trainer", kind = "company", country = "RS" }, { role = "student", kind = "armed_forces", country = "LY" }]
undertaking = { field = "police_or_military" }
"""
LISTED = """
on = 2019-06-01
seen_from = "DE"
conduct = ["transfer_funds"]
party = [{ role = "payer", country = "DE" }, { role = "payee", kind = "company", country = "COUNTRY", designated = true WHERE }]
facts = { basic_expenses = false }
"""


@pytest.mark.parametrize(
    ("country", "where", "freezes"),
    [
        ("AF", "", {"un.taliban.2255.1-a"}),
        ("YE", "", {"un.yemen.2140.11"}),
        ("CD", "", {"un.drc.1596.15"}),
        ("TR", ', listed_under = ["un.isil-aq"]', {"un.isil-aq.2253.2-a"}),
        ("AE", ', listed_under = ["un.taliban", "un.isil-aq"]', {"un.taliban.2255.1-a", "un.isil-aq.2253.2-a"}),
    ],
)
def test_the_right_freeze_is_named(whole_decider, country, where, freezes):
    answer = whole_decider.decide(deal(LISTED.replace("COUNTRY", country).replace("WHERE", where)))
    found = {f.provision for one in answer.examined for f in one.findings if f.kind == "asset_freeze"}
    assert found == freezes
    assert answer.outcome == "prohibited"
    assert bool(answer.warnings) is not bool(where)


def test_a_listed_party_that_nothing_places_is_frozen_everywhere(whole_decider):
    answer = whole_decider.decide(deal(LISTED.replace("COUNTRY", "FR").replace("WHERE", "")))
    assert answer.outcome == "prohibited"
    assert "every regime" in " ".join(answer.warnings)


def test_names_that_cannot_be_looked_up_are_told(whole_decider):
    text = LISTED.replace("COUNTRY", "FR").replace("designated = true WHERE", 'name = "Example Trading"')
    answer = whole_decider.decide(deal(text))
    assert "Names were not looked up for un.car, " in " ".join(answer.warnings)
    assert "lists load" in " ".join(answer.warnings)


def test_regimes_alone_and_together_agree(whole_book):
    """What all regimes together say is the strictest of what each says alone."""
    for _, text, on, _, _ in ELSEWHERE:
        asked = deal(f"on = {on}\n{text}")
        together = Decider(whole_book).decide(asked)
        levels = []
        for one in together.examined:
            alone = Decider(Book((whole_book.regime(one.id),)))
            if asked.party[-1].get("designated") and one.id != "un.taliban":
                continue
            levels.append(alone.decide(asked).worst)
        assert together.worst == max(levels)


def test_states_under_measures(whole_book):
    rows = {row.regime.id: row for row in states(whole_book, date(2012, 6, 1))}
    assert rows["un.eritrea"].target == "ER"
    assert set(rows["un.cote-divoire"].groups) == {"arms", "freeze", "travel", "goods"}
    assert "un.mali" not in rows
    assert "un.south-sudan" not in rows
    late = {row.regime.id: row.doubt for row in states(whole_book, date(2026, 11, 24))}
    assert late["un.iran"] == "disputed"
    assert late["un.drc"] == "if renewed"
    assert late["un.dprk"] == ""


def test_a_brief_tells_what_holds_and_what_ended(whole_book):
    page = brief(whole_book, whole_book.regime("un.liberia"), date(2010, 1, 1))
    assert {law.measure.id for law in page.held} == {"un.liberia.1521.2", "un.liberia.1521.4", "un.liberia.1532.1"}
    assert "un.liberia.1521.6" in {measure.id for measure in page.ended}


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "openembargo", *arguments], capture_output=True, text=True, check=False
    )


def test_the_world_picture_marks_states(tmp_path):
    pytest.importorskip("countryinfo", reason="the extra `map` is not installed")
    done = run("law", "map", "--on", "2026-11-24", "--svg", str(tmp_path / "map.svg"), "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    picture = (tmp_path / "map.svg").read_text(encoding="utf-8")
    for row in rows:
        if row["target"]:
            assert f"{row['regime']}: " in picture
    assert picture.count("<path") > 150
    assert "http" not in picture.replace('xmlns="http://www.w3.org/2000/svg"', "")


NATIONAL = {
    "regime.toml": """
id = "de.dprk"
name = "A national list of luxury goods"
authority = "de"
target = "KP"
committee = "the export control office"
bound = "Everybody in that State."
covered_from = 2007-01-01
checked = 2026-11-24
sources = ["made up for this test"]
""",
    "acts.toml": """
[[act]]
number = "L1"
symbol = "Ordinance 1"
title = "Luxury goods"
adopted = 2007-01-01
in_force = 2007-01-01
confidence = "memory_sure"
source = "made up for this test"
""",
    "annexes/goods/pianos.csv": "hs,product,material,over_unit_value_usd,basis,doubt,reading,label\n9201,,,,named,,,pianos\n",
    "measures/pianos.toml": """
id = "de.dprk.L1.1"
act = "L1"
paragraph = "1"
title = "Pianos"
kind = "luxury_goods"
direction = "to_target"
modality = "decides"
effect = "prohibits"
applies_to = "goods"
says = "Pianos may not be supplied."
confidence = "memory_sure"
source = "made up for this test"

[[version]]
first_day = 2007-01-01
checked = 2026-11-24
when = "supplied_to_target and goods_in('pianos')"
""",
    "cases/pianos.toml": """
[[case]]
name = "A piano"
covers = "de.dprk.L1.1"
aspect = "inside"
deal = { on = 2008-01-01, seen_from = "DE", conduct = ["export"], party = [{ role = "seller", country = "DE" }, { role = "buyer", country = "KP" }], goods = [{ description = "piano", hs = "9201.20" }] }
expect = { outcome = "prohibited", cites = ["de.dprk.L1.1"] }
""",
}
PIANO = """
on = 2008-01-01
seen_from = "DE"
conduct = ["export"]
party = [{ role = "seller", country = "DE" }, { role = "buyer", country = "KP" }]
goods = [{ description = "upright piano", hs = "9201.10", on_national_luxury_list = false }]
"""


def test_a_national_layer_stands_beside_the_un(tmp_path):
    for name, text in NATIONAL.items():
        path = tmp_path / "de" / "dprk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "piano.toml").write_text(PIANO)
    checked = run("law", "check", str(tmp_path / "de"))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    done = run("decide", str(tmp_path / "piano.toml"), "--law", str(tmp_path / "de"), "--json")
    answer = json.loads(done.stdout)
    assert answer["outcome"] == "prohibited"
    assert answer["by_authority"]["un"]["outcome"] == "permitted"
    assert answer["by_authority"]["de"]["outcome"] == "prohibited"
    shown = run("decide", str(tmp_path / "piano.toml"), "--law", str(tmp_path / "de")).stdout
    assert "Side by side" in shown
    assert "United Nations: permitted" in shown
    assert "Germany: prohibited" in shown
