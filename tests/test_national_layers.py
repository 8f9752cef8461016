"""National layers stand beside the United Nations: each binds its own people, licenses for itself, and opens nothing that the Council closed."""

import csv
import json
import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

from openembargo.decisions.decide import Options
from openembargo.jobs.check_law import check_law
from openembargo.jobs.decide_batch import decide_batch
from openembargo.jobs.decide_deal import Request, decide_one, open_decider
from openembargo.storage.regime_files import BUILT_IN
from openembargo.terms.errors import InputError, LawError, OutsideCoverage
from openembargo.terms.read_deal import read_deal

from .test_every_regime import run

LAYER = {
    "regime.toml": """
id = "{code}.luxe"
name = "Luxury goods, national list"
authority = "{code}"
target = "KP"
committee = "the export office"
bound = "Everybody in that State."
bound_when = "seen_from = '{CODE}'"
covered_from = 2013-01-01
began = 2013-01-01
checked = 2026-11-24
sources = ["made up for this test"]
""",
    "acts.toml": """
[[act]]
number = "D1"
symbol = "Decree 1"
title = "Luxury goods"
adopted = 2013-01-01
in_force = 2013-01-01
confidence = "memory_sure"
source = "made up for this test"
""",
    "annexes/goods/luxe.csv": """hs,product,material,over_unit_value_usd,basis,doubt,reading,label
2208.20,,,50,named,,,brandy
3303,,,,named,,,perfume
""",
    "annexes/parties.csv": """ref,kind,name,original_script,aliases,low_quality_aliases,birth_dates,nationality,identifiers,listed_on,delisted_on,act,amended_on
{CODE}.001,entity,Qwexolt Import House,,,,,KP,,2013-01-01,,{code}.luxe.D1.2,
""",
    "measures/1.toml": """
id = "{code}.luxe.D1.1"
act = "D1"
paragraph = "1"
title = "Luxury goods to the target"
kind = "luxury_goods"
direction = "to_target"
modality = "decides"
effect = "prohibits"
applies_to = "goods"
says = "Luxury goods may not be supplied."
hs_basis = "named"
confidence = "memory_sure"
source = "made up for this test"

[[version]]
first_day = 2013-01-01
checked = 2026-11-24
when = "supplied_to_target and goods_in('luxe')"

[[exemption]]
id = "{code}.luxe.D1.1-a"
paragraph = "1(a)"
title = "Licence for embassies"
says = "The office may license goods for a mission."
grants = "authorisation"
when = "purpose = 'diplomatic'"
""",
    "measures/2.toml": """
pattern = "asset-freeze"
id = "{code}.luxe.D1.2"
act = "D1"
paragraph = "2"
confidence = "memory_sure"
source = "made up for this test"

[[version]]
first_day = 2013-01-01
expires = 2026-06-30
""",
    "exemptions/free.toml": """
id = "{code}.luxe.D1.9"
act = "D1"
paragraph = "9"
title = "Scientific supplies"
kind = "humanitarian"
modality = "decides"
says = "Whatever this law forbids is free for science."
grants = "exempt"
lifts = ["*"]
confidence = "memory_sure"
source = "made up for this test"

[[version]]
first_day = 2013-01-01
checked = 2026-11-24
when = "purpose = 'scientific'"
""",
    "cases/1.toml": """
[base.brandy]
on = 2015-05-01
seen_from = "{CODE}"
conduct = ["export"]
purpose = "commercial"
party = [{ role = "seller", country = "{CODE}" }, { role = "buyer", country = "KP" }]
goods = [{ description = "brandy", hs = "2208.20", unit_value_usd = 100 }]

[base.money]
on = 2015-05-01
seen_from = "{CODE}"
conduct = ["transfer_funds"]
purpose = "commercial"
party = [{ role = "payee", name = "Qwexolt Import House", country = "KP" }]

[[case]]
name = "Brandy is forbidden"
covers = "{code}.luxe.D1.1"
aspect = "inside"
base = "brandy"
expect = { outcome = "prohibited", cites = ["{code}.luxe.D1.1"] }

[[case]]
name = "Money for a listed trader is forbidden"
covers = "{code}.luxe.D1.2"
aspect = "inside"
base = "money"
expect = { outcome = "prohibited", cites = ["{code}.luxe.D1.2"] }
""",
}
DEAL = """
on = 2015-05-01
seen_from = "FR"
conduct = ["export"]
purpose = "diplomatic"
party = [{ role = "seller", country = "FR", designated = false }, { role = "buyer", country = "KP", designated = false }]
goods = [{ description = "brandy", hs = "2208.20", unit_value_usd = 100 }]
"""


def layer(root: Path, code: str, **changes: str) -> Path:
    for name, text in LAYER.items():
        path = root / code / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{code}", code).replace("{CODE}", code.upper()), encoding="utf-8")
    for name, text in changes.items():
        path = root / code / name.replace("__", "/").replace("_toml", ".toml")
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def two(tmp_path):
    return layer(layer(tmp_path / "law", "fr"), "de")


def deal_with(**changes):
    return read_deal(tomllib.loads(DEAL) | changes, "a test")


def by_authority(decider, **changes):
    answer = decide_one(decider, deal_with(**changes), Request())
    return {name: found["outcome"] for name, found in answer.plain()["by_authority"].items()}


def test_the_layers_of_two_states_are_accepted_with_one_rule_each(two):
    assert [one.regime.id for one in check_law(two)] == ["de.luxe", "fr.luxe"]


BINDS = [
    ("seen from France, French law alone binds", {}, {"un": "permitted", "fr": "authorisation_required", "de": "permitted"}),
    ("seen from Germany, German law alone", {"seen_from": "DE"}, {"un": "permitted", "fr": "permitted", "de": "authorisation_required"}),
    ("seen from elsewhere, neither", {"seen_from": "JP"}, {"un": "permitted", "fr": "permitted", "de": "permitted"}),
    ("the Committee's approval is no national licence", {"facts": {"committee_approval": True}}, {"un": "permitted", "fr": "authorisation_required", "de": "permitted"}),
    ("the licence of the own authority is", {"facts": {"licensed_by": ["fr.luxe"]}}, {"un": "permitted", "fr": "permitted_with_conditions", "de": "permitted"}),
    ("the licence of another State is not", {"facts": {"licensed_by": ["de.luxe"]}}, {"un": "permitted", "fr": "prohibited", "de": "permitted"}),
    ("a licence refused", {"facts": {"licensed_by": []}}, {"un": "permitted", "fr": "prohibited", "de": "permitted"}),
    ("below the threshold", {"goods": [{"description": "brandy", "hs": "2208.20", "unit_value_usd": 20}]}, {"un": "permitted", "fr": "permitted", "de": "permitted"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "expected"), BINDS, ids=[row[0] for row in BINDS])
def test_each_layer_binds_its_own_and_licenses_for_itself(two, what, changes, expected):
    assert by_authority(open_decider([two]), **changes) == expected


COAL = {
    "on": date(2018, 6, 1), "conduct": ["import"], "goods": [{"description": "coal", "hs": "2701.11", "origin": "KP"}],
    "party": [{"role": "seller", "country": "KP", "designated": False}, {"role": "buyer", "country": "FR", "designated": False}],
}  # fmt: skip


def test_a_national_exemption_and_licence_open_nothing_that_the_council_closed(two):
    decider = open_decider([two])
    for facts in ({}, {"licensed_by": ["fr.luxe", "un.dprk"]}):
        found = by_authority(decider, **COAL, purpose="scientific", facts=facts)
        assert found["un"] == "prohibited"
        assert by_authority(open_decider(), **COAL, purpose="scientific", facts=facts)["un"] == "prohibited"


def test_a_regime_of_another_authority_takes_no_place_of_the_councils(tmp_path):
    text = LAYER["regime.toml"].replace("{code}.luxe", "un.dprk").replace("{code}", "fr").replace("{CODE}", "FR")
    with pytest.raises(LawError, match=r"the authority, a dot"):
        open_decider([layer(tmp_path, "fr", regime_toml=text)])


def test_a_regime_that_takes_the_place_of_the_programs_is_told(tmp_path):
    shutil.copytree(BUILT_IN / "un" / "mali", tmp_path / "mali")
    acts = tmp_path / "mali" / "acts.toml"
    acts.write_text(acts.read_text(encoding="utf-8") + "# a change\n", encoding="utf-8")
    assert any(
        "in place of the one that comes" in w
        for w in decide_one(open_decider([tmp_path]), deal_with(), Request()).warnings
    )
    assert not any("in place of" in w for w in decide_one(open_decider(), deal_with(), Request()).warnings)


def test_the_answer_says_whose_act_and_asks_once(two, tmp_path):
    for code in ("fr", "de"):
        path = two / code / "regime.toml"
        path.write_text(path.read_text(encoding="utf-8").replace("bound_when", "# bound_when"), encoding="utf-8")
    (tmp_path / "deal.toml").write_text(DEAL.replace('purpose = "diplomatic"\n', ""), encoding="utf-8")
    page = tmp_path / "page.html"
    shown = run("decide", str(tmp_path / "deal.toml"), "--law", str(two), "--html", str(page)).stdout
    assert "France, Decree 1, para 1" in shown
    assert "Germany, Decree 1, para 1" in shown
    assert shown.count("What is the purpose?") == 1
    html = page.read_text(encoding="utf-8")
    assert "France, Decree 1, paragraph 1" in html
    assert "Germany: undetermined, between “permitted with conditions” and “prohibited” (de.luxe)" in html
    told = json.loads(run("decide", str(tmp_path / "deal.toml"), "--law", str(two), "--json").stdout)
    assert [row["fact"] for row in told["missing"]].count("deal.purpose") == 1


def test_what_is_owed_for_a_licence_names_the_office(two):
    answer = decide_one(open_decider([two]), deal_with(), Request())
    owed = [c for one in answer.examined for c in one.conditions if c.provision == "fr.luxe.D1.1-a"]
    assert [(c.duty, c.to_whom) for c in owed] == [
        ("obtain the licence of the export office in advance", "the export office")
    ]


def test_a_table_decides_licences_as_single_deals_do(two, tmp_path):
    head = (
        "id,on,seen_from,conduct,purpose,hs,unit_value_usd,seller_country,buyer_country,licensed_by,committee_approval"
    )
    rows = [
        f"{code}{licence}{approval},2015-05-01,{code},export,diplomatic,2208.20,100,{code},KP,{licence},{approval}"
        for code in ("FR", "DE")
        for licence in ("", "fr.luxe", "de.luxe")
        for approval in ("", "true", "false")
    ]
    (tmp_path / "lines.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    decider = open_decider([two])
    found = {}
    for sql_from in (0, 1000):
        decide_batch(
            tmp_path / "lines.csv",
            tmp_path / "out.csv",
            decider.book,
            Options(),
            tmp_path / "rejects.csv",
            sql_from=sql_from,
        )
        with (tmp_path / "out.csv").open(encoding="utf-8") as file:
            found[sql_from] = {row["id"]: (row["outcome"], row["rejected"]) for row in csv.DictReader(file)}
    for row in rows:
        name, _, code, *_, licence, approval = row.split(",")
        facts = ({"licensed_by": [licence]} if licence else {}) | (
            {"committee_approval": approval == "true"} if approval else {}
        )
        party = [{"role": "seller", "country": code}, {"role": "buyer", "country": "KP"}]
        deal = deal_with(seen_from=code, facts=facts, party=party)
        alone = decide_one(decider, deal, Request()).outcome
        assert {found[0][name], found[1000][name]} == {(alone, "")}, name


def test_nothing_is_permitted_for_want_of_any_knowledge():
    with pytest.raises(OutsideCoverage, match="nothing was on record"):
        decide_one(open_decider(), deal_with(), Request(known_on=date(1900, 1, 1)))


LOOKS = [
    ("a map before all law", ("law", "map", "--on", "1980-01-01"), 5, "no law before"),
    ("measures before all law", ("law", "in-force", "--on", "1900-01-01"), 5, "no law before"),
    ("a map that cannot be written", ("law", "map", "--on", "2020-01-01", "--svg", "/proc/none/x.svg"), 2, "cannot be written"),
    ("a regime that does not exist", ("law", "show", "un.libia"), 2, "un.libya"),
    ("a folder that does not exist", ("law", "check", "no-such-folder"), 3, "is no folder"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "words", "status", "says"), LOOKS, ids=[row[0] for row in LOOKS])
def test_what_cannot_be_shown_is_said(what, words, status, says):
    done = run(*words)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_map_after_the_last_check_says_so():
    assert "may have changed" in run("law", "map", "--on", "2027-03-01").stdout


def test_regimes_in_which_nothing_differs_are_one_line():
    shown = run("law", "diff", "2017-02-03", "2017-08-06").stdout
    assert shown.count("Nothing differs") == 1
    assert "Coal, iron and iron ore" in shown


def test_the_demonstration_shows_the_duty_where_no_measure_forbids():
    assert "un.dprk.2270.18" in run("demo").stdout.replace("\n", "")


SLIPS = [
    ("a regime renewed", {"facts": {"renewed": ["un.yemem"]}}, "facts.renewed", "un.yemen"),
    ("a licence", {"facts": {"licensed_by": ["fr.lux"]}}, "facts.licensed_by", "fr.luxe"),
    ("a listing", {"party": [{"role": "buyer", "country": "KP", "designated": True, "listed_under": ["un.dprkk"]}]}, "listed_under", "un.dprk"),
    ("a regime without its authority", {"facts": {"renewed": ["libya"]}}, "facts.renewed", "un.libya"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "where", "meant"), SLIPS, ids=[row[0] for row in SLIPS])
def test_a_slip_in_the_id_of_a_regime_permits_nothing(two, what, changes, where, meant):
    decider, deal = open_decider([two]), deal_with(**changes)
    for ask in (decider.decide, decider.verdict):
        with pytest.raises(InputError, match=f"{where}.*did you mean '{meant}'"):
            ask(deal, Options())


def test_a_regime_that_is_not_at_hand_is_told():
    answer = decide_one(open_decider(), deal_with(facts={"licensed_by": ["jp.luxe"]}), Request())
    assert any("jp.luxe, whose law is not at hand" in warning for warning in answer.warnings)


def test_a_table_rejects_a_slip_in_the_id_of_a_regime(tmp_path):
    (tmp_path / "lines.csv").write_text(
        "id,on,hs,renewed\na,2026-11-20,9301,un.yemem\nb,2026-11-20,9301,un.yemen\n", encoding="utf-8"
    )
    for sql_from in (0, 1000):
        decide_batch(
            tmp_path / "lines.csv",
            tmp_path / "out.csv",
            open_decider().book,
            Options(),
            tmp_path / "rejects.csv",
            sql_from=sql_from,
        )
        with (tmp_path / "out.csv").open(encoding="utf-8") as file:
            rejected = {row["id"]: row["rejected"] for row in csv.DictReader(file)}
        assert "did you mean 'un.yemen'" in rejected["a"]
        assert rejected["b"] == ""


def test_a_map_hatches_a_state_only_where_nothing_holds_for_sure(two, tmp_path):
    done = run("law", "map", "--on", "2026-11-24", "--svg", str(tmp_path / "map.svg"), "--law", str(two))
    assert done.returncode == 0, done.stderr
    picture = (tmp_path / "map.svg").read_text(encoding="utf-8")
    drawn = {
        part.partition("</title>")[0].partition(":")[0]: 'class="open"' in part
        for part in picture.split("<g><title>")[1:]
    }
    assert drawn["DPRK"] is False
    assert drawn["Yemen"] is True


UNWRITABLE = [
    ("decide-batch", "lines.csv", "id,on,hs\na,2015-05-01,2701\n"),
    ("screen-batch", "names.csv", "query_id,name\n1,RI JE-SON\n"),
]


@pytest.mark.parametrize(("command", "name", "text"), UNWRITABLE, ids=[row[0] for row in UNWRITABLE])
def test_a_table_that_cannot_be_written_is_told_before_the_work(tmp_path, command, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = run(command, str(tmp_path / name), str(tmp_path / "none" / "out.csv"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
