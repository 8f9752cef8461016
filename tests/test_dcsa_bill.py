"""Bills of lading as JSON: both shapes of the association, and what is damaged."""

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
CONTENT = (PAPERS / "bill.dcsa.json").read_bytes()
BILL = json.loads(CONTENT)
OLDER = {
    "transportDocumentReference": "OLD-1",
    "issueDate": "2018-04-03",
    "documentParties": [
        {"party": {"partyName": "Suan Sea Products Company", "address": {"country": "KP"}}, "partyFunction": "OS"},
        {"party": {"partyName": "Primorye Cold Chain OOO"}, "partyFunction": "CN", "displayedAddress": ["Vladivostok", "RUSSIA"]},
        {"party": {"partyName": "TO THE ORDER OF TANCHON COMMERCIAL BANK"}, "partyFunction": "N1"},
    ],
    "shipmentLocations": [
        {"location": {"locationName": "Rajin"}, "locationTypeCode": "POL"},
        {"location": {"UNLocationCode": "RUVVO"}, "locationTypeCode": "POD"},
    ],
    "transports": [{"vesselName": "BLUE HERON", "vesselIMONumber": "9074729"}],
    "consignmentItems": [
        {"descriptionOfGoods": "FROZEN CRAB, 20 MT", "HSCode": "0306.14", "cargoItems": [{"weight": 20, "weightUnit": "TNE"}]}
    ],
}  # fmt: skip


def read(bill, name: str = "bill.json"):
    content = bill if isinstance(bill, bytes) else json.dumps(bill).encode()
    return read_paper(content, name, open_gazetteer())


def changed(pointer: str, value) -> dict:
    """The sample with one value changed, or taken away where it is Ellipsis."""
    bill = json.loads(CONTENT)
    *path, last = [int(key) if key.isdigit() else key for key in pointer.strip("/").split("/")]
    place = bill
    for key in path:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return bill


def test_a_bill_tells_the_whole_deal():
    deal = read(CONTENT).deals[0]
    assert deal.top["conduct"] == ("carry_cargo",)
    assert deal.on.isoformat() == "2018-04-03"
    assert {**deal.route, "from_region": ""} == {
        "from": "KPRJN",
        "from_region": "",
        "loaded_at": "KPRJN",
        "to": "RUVVO",
        "mode": "sea",
    }
    assert deal.vessel == ({"name": "BLUE HERON", "imo": "9074729"},)
    (goods,) = deal.goods
    assert (goods["hs"], float(goods["quantity"]), goods["unit"]) == ("030614", 24000.5, "kg")
    assert [(row["role"], row["located_in"]) for row in deal.party] == [
        ("shipper", "KP"), ("consignee", "RU"), ("recipient", "RU"), ("carrier", "SG"),
    ]  # fmt: skip


def test_a_pointer_leads_to_what_was_read():
    at = read(CONTENT).deals[0].origins["party[1].name"].at
    value = BILL
    for key in at.strip("/").split("/"):
        value = value[key]
    assert value == "Primorye Cold Chain OOO"


def test_crab_from_the_target_is_prohibited():
    answer = json.loads(run.invoke(app, ["decide", str(PAPERS / "bill.dcsa.json"), "--json"]).stdout)
    assert answer["outcome"] == "prohibited"
    assert "un.dprk.2371.9" in [finding["provision"] for finding in answer["findings"]]
    assert answer["read_from"]["goods[0].hs"]["at"] == "/consignmentItems/0/HSCodes/0"


def test_the_older_shape_is_read_too():
    deal = read(OLDER).deals[0]
    assert [(row["role"], row["name"], row.get("located_in")) for row in deal.party] == [
        ("shipper", "Suan Sea Products Company", "KP"),
        ("consignee", "Primorye Cold Chain OOO", "RU"),
        ("recipient", "TANCHON COMMERCIAL BANK", None),
    ]
    assert {**deal.route, "from_region": ""} == {
        "from": "KPRJN",
        "from_region": "",
        "loaded_at": "KPRJN",
        "to": "RUVVO",
        "mode": "sea",
    }
    assert deal.vessel == ({"name": "BLUE HERON", "imo": "9074729"},)
    assert (deal.goods[0]["hs"], deal.goods[0]["quantity"], deal.goods[0]["unit"]) == ("030614", 20, "t")


def test_a_list_of_bills_is_several_deals():
    assert [deal.top["id"] for deal in read([BILL, OLDER]).deals] == ["BLLRJN0090", "OLD-1"]


@pytest.mark.parametrize(
    ("pointer", "value", "fact"),
    [
        ("/documentParties/consignee", ..., "party"),
        ("/documentParties/consignee/partyName", "TO ORDER", "party"),
        ("/documentParties/shipper/address/countryCode", ..., "party[0].located_in"),
        ("/consignmentItems/0/HSCodes", ["030614", "030617"], "goods[0].hs"),
        ("/transports/portOfDischarge", {"locationName": "Somewhere"}, "route.to"),
        ("/transports/portOfLoading/locationName", "Dalian", "route.from"),
        ("/vesselIMONumber", "9074720", "vessel[0].imo"),
    ],
)
def test_what_a_bill_leaves_open_is_asked(pointer, value, fact):
    assert fact in [one.fact for one in read(changed(pointer, value)).questions]


@pytest.mark.parametrize(
    ("pointer", "value", "told"),
    [
        ("/transportDocumentReference", ..., "no transportDocumentReference"),
        ("/documentParties", ..., "no documentParties"),
        ("/consignmentItems", [], "no consignmentItems"),
        ("/transportDocumentReference", 5, "a text"),
        ("/shippedOnBoardDate", "03.04.2018", "a day such as"),
        ("/vesselIMONumber", "907472", "seven digits"),
        ("/consignmentItems/0/HSCodes/0", "0306", None),
        ("/consignmentItems/0/HSCodes/0", "03061", "a tariff code"),
        ("/consignmentItems/0/cargoItems/0/cargoGrossWeight/value", "11800", "a number"),
        ("/consignmentItems/0/cargoItems/0/cargoGrossWeight/value", -1, "a number"),
        ("/consignmentItems/0", "crab", "a JSON object"),
        ("/documentParties/shipper", "Suan", "a JSON object"),
        ("/transports/portOfLoading", "KPRJN", "a JSON object"),
    ],
)
def test_a_wrong_value_is_named_with_its_pointer(pointer, value, told):
    if told is None:
        assert read(changed(pointer, value)).deals[0].goods[0]["hs"] == value
        return
    with pytest.raises(SourceError, match=told):
        read(changed(pointer, value))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (CONTENT[:-20], "not whole JSON"),
        (CONTENT.replace(b'"isToOrder": false', b'"issueDate": "2018-04-05"'), "stands twice"),
        (CONTENT.replace(b"11800", b"NaN"), "NaN is no number"),
        (CONTENT.replace(b"11800", b"1e99999"), "a number, not negative"),
        (CONTENT.replace(b"11800", b"9" * 5000), "a number, not negative"),
        (CONTENT.replace(b"11800", b"[" * 100_000), "nested too deep|not whole JSON"),
        (b'{"transportDocumentReference": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b'[{"documentParties": 1}, 2]', "a JSON object"),
    ],
)
def test_damaged_json_is_refused_by_name(content, told):
    with pytest.raises(SourceError, match=told):
        read(content)


@soaked
@given(content=damaged([CONTENT, json.dumps(OLDER).encode()]))
def test_whatever_becomes_of_a_bill_it_is_read_or_refused(content):
    must_be_read_or_refused("dcsa.bill", content)
