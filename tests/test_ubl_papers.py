"""UBL invoices, despatch advices and transport documents: lines, parties, places, and what is damaged."""

import json
import re

import pytest
from hypothesis import given
from lxml import etree
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.papers.formats import read_paper
from openembargo.storage.place_files import open_gazetteer
from openembargo.terms.errors import SourceError

from .conftest import ROOT
from .mutations import damaged, must_be_read_or_refused, soaked

PAPERS = ROOT / "examples" / "papers"
run = CliRunner()
INVOICE = (PAPERS / "invoice.ubl.xml").read_bytes()
DESPATCH = (PAPERS / "despatch.ubl.xml").read_bytes()
BILL = (PAPERS / "bill.ubl.xml").read_bytes()
LINE = INVOICE[INVOICE.index(b"  <cac:InvoiceLine>") : INVOICE.index(b"</cac:InvoiceLine>") + 18]


def read(content: bytes, name: str = "paper.xml"):
    return read_paper(content, name, open_gazetteer())


def decided(name):
    return json.loads(run.invoke(app, ["decide", str(PAPERS / name), "--json"]).stdout)


def test_each_line_of_an_invoice_is_a_line_of_goods():
    deal = read(INVOICE).deals[0]
    trousers, tea = deal.goods
    assert trousers == {
        "description": "Trousers: Men's trousers of cotton, sewn in Sinuiju",
        "hs": "620342",
        "origin": "KP",
        "quantity": 2400,
        "unit": "piece",
        "value_usd": 43200,
        "unit_value_usd": 18,
    }
    assert (tea["origin"], tea["quantity"], tea["unit"], tea["value_usd"]) == ("CN", 1500, "kg", 18000)
    assert deal.on.isoformat() == "2018-03-04"
    assert deal.route["to"] == "DEHAM"
    assert "conduct" not in deal.top
    assert "amount_usd" not in deal.finance, "an invoice is no payment"


def test_a_party_is_screened_under_its_registered_name_too():
    deal = read(INVOICE).deals[0]
    assert [(row["role"], row["name"], row["country"]) for row in deal.party] == [
        ("seller", "Dandong Garment Works Co Ltd", "CN"),
        ("seller", "Dandong Garment Works Company Limited", "CN"),
        ("buyer", "Elbe Modehandel GmbH", "DE"),
    ]


def test_an_xpath_leads_to_what_was_read():
    at = read(INVOICE).deals[0].origins["goods[1].hs"].at
    path = re.sub(r"/(\w+)", r"/*[local-name()='\1']", at)
    assert [node.text for node in etree.fromstring(INVOICE).xpath(path)] == ["090210"]


@pytest.mark.parametrize(
    ("name", "outcome", "provision"),
    [
        ("invoice.ubl.xml", "authorisation_required", "un.dprk.2375.16"),
        ("despatch.ubl.xml", "prohibited", "un.dprk.2397.7"),
        ("bill.ubl.xml", "prohibited", "un.dprk.2371.9"),
    ],
)
def test_a_document_goes_to_its_determination(name, outcome, provision):
    answer = decided(name)
    assert answer["outcome"] == outcome
    assert provision in [finding["provision"] for finding in answer["findings"]]
    assert answer["read_from"]["goods[0].hs"]["at"].startswith("/")


def test_an_invoice_without_the_garments_is_free(tmp_path):
    path = tmp_path / "tea.xml"
    path.write_bytes(INVOICE.replace(LINE, b""))
    answer = json.loads(run.invoke(app, ["decide", str(path), "--json"]).stdout)
    assert answer["outcome"] == "permitted"


def test_a_bill_tells_ship_and_ports():
    deal = read(BILL).deals[0]
    assert deal.vessel == ({"name": "Blue Heron", "imo": "9074729"},)
    assert deal.route == {"mode": "sea", "from": "KPNAM", "loaded_at": "KPNAM", "to": "CNDLC"}
    assert {row["role"]: row["name"] for row in deal.party} == {
        "shipper": "Suan Sea Products Company",
        "carrier": "Blue Line Shipping",
        "consignee": "Dalian Cold Store Co Ltd",
    }


def test_a_despatch_advice_tells_from_where_to_where():
    deal = read(DESPATCH).deals[0]
    assert deal.route == {"from": "DEHAM", "from_region": "DE-HH", "to": "KPNAM", "to_region": "KP-14"}
    assert [row["role"] for row in deal.party] == ["shipper", "consignee"]


@pytest.mark.parametrize(
    ("unit", "printed", "quantity", "name"),
    [
        ("KGM", "10", 10, "kg"),
        ("TNE", "1.5", 1.5, "t"),
        ("LTR", "200", 200, "l"),
        ("MTR", "5", 5, "m"),
        ("MTK", "5", 5, "m2"),
        ("MTQ", "5", 5, "m3"),
        ("BLL", "5", 5, "bbl"),
        ("C62", "5", 5, "piece"),
        ("EA", "5", 5, "piece"),
        ("DZN", "5", 60, "piece"),
        ("NPR", "5", 5, "pair"),
        ("KWH", "5000", 5, "MWh"),
        ("HEA", "5", 5, "head"),
        ("XPK", "5", None, None),
        ("", "5", None, None),
        ("KGM", "-5", None, None),
    ],
)
def test_units_of_recommendation_20(unit, printed, quantity, name):
    content = INVOICE.replace(b'unitCode="H87">2400', f'unitCode="{unit}">{printed}'.encode())
    goods = read(content).deals[0].goods[0]
    assert (float(goods["quantity"]) if "quantity" in goods else None, goods.get("unit")) == (quantity, name)


@pytest.mark.parametrize(
    ("wrong", "right", "hs"),
    [
        (b'listID="HS">620342', b'listID="UNSPSC">62034212', None),
        (b'listID="HS">620342', b'listName="Harmonized System">6203.42', "620342"),
        (b'listID="HS">620342', b'listID="TARIC">6203423100', "6203423100"),
        (b'listID="HS">620342', b">620342", None),
    ],
)
def test_a_tariff_code_is_one_that_says_so(wrong, right, hs):
    assert read(INVOICE.replace(wrong, right)).deals[0].goods[0].get("hs") == hs


@pytest.mark.parametrize(
    ("wrong", "right", "value"),
    [
        (b'currencyID="USD">43200.00', b'currencyID="EUR">43200.00', None),
        (b'currencyID="USD">43200.00', b'currencyID="USD">-43200.00', None),
        (b'currencyID="USD">43200.00', b'currencyID="USD">43200', 43200),
    ],
)
def test_amounts_are_taken_in_dollars(wrong, right, value):
    assert read(INVOICE.replace(wrong, right)).deals[0].goods[0].get("value_usd") == value


def test_a_comment_before_the_root_is_no_root():
    content = INVOICE.replace(b"<Invoice ", b"<!-- <Order> as sent -->\n<Invoice ", 1)
    assert read(content).format == "ubl.invoice"


def test_sub_lines_are_the_lines():
    inner = LINE.replace(b"InvoiceLine>", b"SubInvoiceLine>")
    content = INVOICE.replace(b"<cac:Price><cbc:PriceAmount", inner + b"<cac:Price><cbc:PriceAmount", 1)
    assert len(read(content).deals[0].goods) == 2


def test_banks_of_the_accounts_are_parties():
    means = (
        b"<cac:PaymentMeans><cbc:PaymentMeansCode>31</cbc:PaymentMeansCode><cac:PayeeFinancialAccount><cbc:ID>1</cbc:ID>"
        b"<cac:FinancialInstitutionBranch><cbc:ID>TCHBKPPY</cbc:ID></cac:FinancialInstitutionBranch>"
        b"</cac:PayeeFinancialAccount></cac:PaymentMeans><cac:LegalMonetaryTotal>"
    )
    deal = read(INVOICE.replace(b"<cac:LegalMonetaryTotal>", means)).deals[0]
    assert [row for row in deal.party if row["role"] == "bank"] == [
        {"role": "bank", "kind": "bank", "bic": "TCHBKPPY", "located_in": "KP"}
    ]


def test_elements_of_another_namespace_are_told_and_not_taken():
    content = INVOICE.replace(b"<cbc:ID>1</cbc:ID>", b'<x:ID xmlns:x="urn:other">9</x:ID><cbc:ID>1</cbc:ID>', 1)
    content = content.replace(b"<cac:OriginCountry>", b'<x:OriginCountry xmlns:x="urn:other">', 1)
    content = content.replace(b"</cac:OriginCountry>", b"</x:OriginCountry>", 1)
    paper = read(content)
    assert "origin" not in paper.deals[0].goods[0]
    assert any("foreign:" in part.at for part in paper.unread)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (INVOICE[: len(INVOICE) // 2], "not whole XML"),
        (INVOICE.replace(b"<Invoice ", b'<!DOCTYPE a [<!ENTITY b "c">]><Invoice '), "entities or a document type"),
        (INVOICE.replace(b"</Invoice>", b"<a/>" * 2_000_001 + b"</Invoice>"), "tags"),
        (INVOICE.replace(b"<cbc:ID>DG-2018-0304</cbc:ID>", b""), "no <ID>"),
        (INVOICE.replace(b"<cbc:IssueDate>2018-03-04</cbc:IssueDate>", b""), "no <IssueDate>"),
        (INVOICE.replace(b"2018-03-04", b"04.03.2018"), "a day such as"),
        (INVOICE.replace(b"AccountingCustomerParty", b"Foo"), "no <AccountingCustomerParty>"),
        (INVOICE.replace(b"AccountingSupplierParty", b"Foo"), "no <AccountingSupplierParty>"),
        (INVOICE.replace(b"LegalMonetaryTotal", b"Foo"), "no <LegalMonetaryTotal>"),
        (INVOICE.replace(b"cac:InvoiceLine", b"cac:Foo"), "no <InvoiceLine>"),
        (INVOICE.replace(b"cac:Item>", b"cac:Foo>"), "no <Item>"),
        (INVOICE.replace(b">2400<", b">2,400<"), "a number"),
        (INVOICE.replace(b">43200.00<", b">43.200,00<"), "an amount"),
        (INVOICE.replace(b'"HS">620342', b'"HS">62034'), "a tariff code"),
        (INVOICE.replace(b"<Invoice xmlns=\"urn:oasis", b"<Invoice xmlns=\"urn:other\" xmlns:y=\"urn:oasis"), "of urn:other"),
        (DESPATCH.replace(b"DespatchLine>", b"Foo>"), "no <DespatchLine>"),
        (DESPATCH.replace(b"OrderLineReference>", b"Foo>"), "no <OrderLineReference>"),
        (BILL.replace(b"cac:Shipment>", b"cac:Foo>"), "no <Shipment>"),
    ],
)  # fmt: skip
def test_a_damaged_document_names_what_is_wrong(content, told):
    with pytest.raises(SourceError, match=told):
        read(content)


def test_a_description_without_end_is_looked_through_at_its_beginning_alone():
    paper = read(INVOICE.replace(b"Men's", b"123 456 " * 20_000))
    assert any("were looked through" in note for note in paper.notes)


def test_all_that_is_missing_is_told_at_once():
    with pytest.raises(SourceError) as told:
        read(
            INVOICE.replace(b"AccountingCustomerParty", b"Foo").replace(b"2018-03-04", b"x").replace(b">2400<", b">x<")
        )
    assert len(told.value.mistakes) == 3


@pytest.mark.parametrize(
    ("name", "form", "goods", "parties"),
    [
        ("UBL-Invoice-2.1-Example-Trivial.xml", "ubl.invoice", 1, 2),
        ("UBL-Invoice-2.1-Example.xml", "ubl.invoice", 5, 6),
        ("CENBII-Invoice-maximal.xml", "ubl.invoice", 1, 3),
        ("UBL-DespatchAdvice-2.0-Example.xml", "ubl.despatch", 1, 4),
        ("UBL-Waybill-2.0-Example-International.xml", "ubl.waybill", 1, 10),
        ("UBL-ForwardingInstructions-2.0-Example-International.xml", "ubl.waybill", 1, 5),
        ("kduvekot_UBL-Waybill-2.0-Example-International.xml", "ubl.waybill", 1, 10),
    ],
)
def test_documents_of_others_are_read(reference, name, form, goods, parties):
    paper = read((reference / "papers" / "ubl" / name).read_bytes(), name)
    (deal,) = paper.deals
    assert (paper.format, len(deal.goods), len(deal.party)) == (form, goods, parties)
    assert deal.on


@pytest.mark.parametrize("name", ["UBL-FreightInvoice-2.1-Example.xml", "UBL-GoodsItemItinerary-2.1-Example.xml"])
def test_documents_that_nobody_reads_are_refused_by_name(reference, name):
    with pytest.raises(SourceError, match="no known format"):
        read((reference / "papers" / "ubl" / name).read_bytes(), name)


def test_the_waybill_of_others_tells_its_way(reference):
    deal = read((reference / "papers" / "ubl" / "UBL-Waybill-2.0-Example-International.xml").read_bytes()).deals[0]
    assert deal.route["via"] == ("USBOS", "GBLHR", "GBBRS")
    assert (deal.route["mode"], deal.goods[0]["origin"]) == ("air", "MX")


@soaked
@given(content=damaged([INVOICE, DESPATCH]))
def test_whatever_becomes_of_an_invoice_it_is_read_or_refused(content):
    must_be_read_or_refused("ubl.invoice", content)


@soaked
@given(content=damaged([DESPATCH, INVOICE]))
def test_whatever_becomes_of_a_despatch_advice_it_is_read_or_refused(content):
    must_be_read_or_refused("ubl.despatch", content)


@soaked
@given(content=damaged([BILL, DESPATCH]))
def test_whatever_becomes_of_a_transport_document_it_is_read_or_refused(content):
    must_be_read_or_refused("ubl.waybill", content)
