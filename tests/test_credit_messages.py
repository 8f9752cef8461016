"""Letters of credit: who buys what from whom, from where to where, and what the law says of it."""

import json

import pytest
from hypothesis import given
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.papers.formats import read_paper
from openembargo.storage.place_files import open_gazetteer
from openembargo.terms.errors import SourceError

from .conftest import ROOT
from .mutations import damaged, must_be_read_or_refused, soaked

PAPERS = ROOT / "examples" / "papers"
run = CliRunner()
MT700 = (PAPERS / "credit.mt700").read_bytes()
MT103 = (PAPERS / "payment.mt103").read_bytes()
MT710 = (
    MT700.replace(b"{2:I700", b"{2:I710")
    .replace(b":40A:IRREVOCABLE", b":40B:IRREVOCABLE\nWITHOUT OUR CONFIRMATION")
    .replace(b":20:LC-17-0912", b":20:ADV-1\n:21:LC-17-0912")
    .replace(b":31D:", b":52A:BKLNCNBD\n:31D:")
)


def read(content: bytes, name: str = "paper"):
    return read_paper(content, name, open_gazetteer())


def places(deal):
    """The places of a route, without the regions that they lie in."""
    return {name: place for name, place in deal.route.items() if not name.endswith("_region")}


def test_a_credit_tells_the_whole_deal():
    paper = read(MT700)
    deal = paper.deals[0]
    assert deal.top["conduct"] == ("finance_trade",)
    assert deal.on.isoformat() == "2017-09-12"
    assert {row["role"]: row["name"] for row in deal.party if "name" in row} == {
        "buyer": "LIAODONG ORE IMPORT CO LTD",
        "seller": "SUAN ORE EXPORT COMPANY",
    }
    assert places(deal) == {"from": "KPNAM", "loaded_at": "KPNAM", "to": "CNDAL"}
    assert deal.finance["amount_usd"] == 560000
    (goods,) = deal.goods
    assert (goods["quantity"], goods["unit"], goods["hs"], goods["origin"]) == (8000, "t", "260111", "KP")
    assert deal.vessel[0]["name"] == "BLUE HERON"
    assert "support" not in deal.finance, "whether a credit is a guarantee is for the law's reader"


def test_an_advised_credit_keeps_its_reference_and_issuer():
    deal = read(MT710).deals[0]
    assert deal.top["id"] == "ADV-1"
    assert "BKLNCNBD" in [row.get("bic") for row in deal.party]


@pytest.mark.parametrize("content", [MT700, MT710], ids=["MT700", "MT710"])
def test_iron_ore_on_credit_is_prohibited(tmp_path, content):
    path = tmp_path / "credit"
    path.write_bytes(content)
    done = run.invoke(app, ["decide", str(path), "--json"])
    answer = json.loads(done.stdout)
    assert answer["outcome"] == "prohibited"
    assert "un.dprk.2371.8" in [finding["provision"] for finding in answer["findings"]]
    assert answer["read_from"]["goods[0].hs"]["at"].startswith(":45A:")


def test_the_same_credit_before_the_ban_is_not(tmp_path):
    path = tmp_path / "credit"
    path.write_bytes(MT700.replace(b":31C:170912", b":31C:150912"))
    answer = json.loads(run.invoke(app, ["decide", str(path), "--json"]).stdout)
    assert answer["outcome"] != "prohibited"


@pytest.mark.parametrize(
    ("wrong", "right", "facts"),
    [
        (b":44E:", b":44A:HUNCHUN, CHINA\n:44E:", {"from": "CNHCG", "loaded_at": "KPNAM", "to": "CNDAL", "via": ("KPNAM",)}),
        (b":44C:", b":44B:BERLIN, GERMANY\n:44C:", {"from": "KPNAM", "loaded_at": "KPNAM", "to": "DEBER", "via": ("CNDAL",)}),
        (b":44E:NAMPO, DPR KOREA\n:44F:DALIAN, CHINA", b":44A:NAMPO, DPR KOREA\n:44B:DALIAN, CHINA", {"from": "KPNAM", "to": "CNDAL"}),
        (b"DALIAN, CHINA\n:44C", b"ANY PORT IN EUROPE\n:44C", {"from": "KPNAM", "loaded_at": "KPNAM"}),
    ],
)  # fmt: skip
def test_places_of_the_route(wrong, right, facts):
    assert places(read(MT700.replace(wrong, right)).deals[0]) == facts


def test_a_place_that_nobody_knows_is_asked():
    paper = read(MT700.replace(b":44F:DALIAN, CHINA", b":44F:ANY PORT"))
    assert "route.to" in [one.fact for one in paper.questions]


@pytest.mark.parametrize(
    ("printed", "quantity", "unit", "asked"),
    [
        (b"8000 MT", 8000, "t", ()),
        (b"1,250.5 MT", 1250.5, "t", ()),
        (b"1.250,5 KGS", 1250.5, "kg", ()),
        (b"12,500 MT", None, None, ("12.500", "12500")),
        (b"12.500 MT", None, None, ("12.500", "12500")),
        (b"1,000,000 LITRES", 1000000, "l", ()),
        (b"40 BAGS", None, None, ()),
        (b"2 PCS OR 3 PCS", None, None, ()),
        (b"1,000 BAGS (60KG EACH)", None, None, ()),
        (b"60 KG BAGS OF", None, None, ()),
        (b"8000 MT IN BAGS OF 50 KG EACH", 8000, "t", ()),
        (b"QUANTITY: 8000 MT", 8000, "t", ()),
        (b"IN DRUMS OF 200 LITRES", None, None, ()),
    ],
)
def test_a_quantity_is_taken_where_it_is_plain_and_asked_where_it_is_not(printed, quantity, unit, asked):
    paper = read(MT700.replace(b"8000 MT", printed))
    goods = paper.deals[0].goods[0]
    assert (goods.get("quantity"), goods.get("unit")) == (quantity, unit)
    answers = [one.answers for one in paper.questions if one.fact == "goods[0].quantity"]
    assert ([asked] if asked else []) == [one for one in answers if one]


@pytest.mark.parametrize(
    ("wrong", "right", "on"),
    [
        (b":31C:170912\n", b"", None),
        (b":31C:170912\n", b":31C:181231\n", "2018-12-31"),
    ],
)
def test_the_day_of_issue(wrong, right, on):
    day = read(MT700.replace(wrong, right)).deals[0].on
    assert (day.isoformat() if day else None) == on


def test_without_a_day_of_issue_the_day_of_sending_counts():
    content = MT700.replace(b":31C:170912\n", b"").replace(
        b"{2:I700HARBCNBHXXXXN}", b"{2:O7001030170914BKLNCNBDAXXX00000000011709141030N}"
    )
    assert read(content).deals[0].on.isoformat() == "2017-09-14"


def test_items_of_field_45a_are_lines_and_terms_are_not():
    content = MT700.replace(b"+CFR DALIAN", b"+20 PCS PUMPS\n+CFR DALIAN")
    assert [row.get("unit") for row in read(content).deals[0].goods] == ["t", "piece"]


def test_two_tariff_codes_in_one_line_are_asked():
    paper = read(MT700.replace(b"HS CODE 2601.11", b"HS CODE 2601.11 HS CODE 2601.12"))
    assert "hs" not in paper.deals[0].goods[0]
    assert ("260111", "260112") in [one.answers for one in paper.questions]


@pytest.mark.parametrize(
    ("printed", "hs"),
    [
        (b"HS CODE 2601.11", "260111"),
        (b"HS 2601", "2601"),
        (b"H.S. CODE: 26011100", "26011100"),
        (b"HS CODE 2601 11 00,", "26011100"),
        (b"HS CODE 2601 25 MT", "2601"),
        (b"HS CODE 2601 20 BAGS", "2601"),
        (b"COMMODITY 2000 MT", None),
        (b"COMMODITY CODE 260111", "260111"),
        (b"HS 2000 MT", None),
        (b"TARIFF 2601", None),
        (b"HS CODE 26011", None),
    ],
)
def test_a_tariff_code_is_taken_where_it_is_called_one(printed, hs):
    assert read(MT700.replace(b"HS CODE 2601.11", printed)).deals[0].goods[0].get("hs") == hs


def test_an_imo_number_with_a_wrong_check_digit_is_told():
    paper = read(MT700.replace(b"M/V BLUE HERON", b"M/V BLUE HERON IMO 9074720"))
    assert paper.deals[0].vessel[0]["imo"] == "9074720"
    assert any("check digit" in note for note in paper.notes)


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        (b":50:", b":77X:", "no field 50"),
        (b":59:", b":77X:", "no field 59"),
        (b":32B:USD560000,00", b":32B:USD560.000,00", "currency and amount"),
        (b":31C:170912", b":31C:171312", "YYMMDD"),
        (b":40A:", b":77X:", "40A"),
        (b":31D:", b":77X:", "no field 31D"),
        (b"-}", b"", "does not end"),
    ],
)
def test_a_damaged_credit_names_what_is_wrong(wrong, right, told):
    with pytest.raises(SourceError, match=told):
        read(MT700.replace(wrong, right), "credit.mt700")


def test_credits_of_others_are_read(reference):
    folder = reference / "papers" / "swift"
    beer = read((folder / "MT700_prowide_test700_1.fin").read_bytes()).deals[0]
    assert [row["description"] for row in beer.goods] == ["400,000 BOTTLES OF BEER PACKED 12 TO AN EXPORT CARTON"]
    coffee = read((folder / "MT700_illustrative_block4_part.txt").read_bytes()).deals[0]
    assert {name: place[:2] for name, place in places(coffee).items()} == {"from": "BR", "loaded_at": "BR", "to": "DE"}
    assert "DEUTSCHE HANDELSBANK AG, FRANKFURT" in [row.get("name") for row in coffee.party]


@soaked
@given(content=damaged([MT700, MT710, MT103]))
def test_whatever_becomes_of_a_credit_it_is_read_or_refused(content):
    must_be_read_or_refused("swift.mt700", content)


@soaked
@given(content=damaged([MT103, MT103 + b"\n" + MT103, MT700]))
def test_whatever_becomes_of_a_payment_it_is_read_or_refused(content):
    must_be_read_or_refused("swift.mt103", content)
