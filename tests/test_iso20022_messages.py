"""ISO 20022 payments: each transaction a deal, each fact with its XPath; what the schema refuses is refused."""

import json
import re

import pytest
from hypothesis import given
from lxml import etree
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.papers.formats import read_paper
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.schema_files import open_schema
from openembargo.terms.errors import InputError, SourceError

from .conftest import ROOT
from .mutations import damaged, must_be_read_or_refused, soaked

PAPERS = ROOT / "examples" / "papers"
run = CliRunner()
PACS = (PAPERS / "payment.pacs008.xml").read_bytes()
PAIN = (PAPERS / "order.pain001.xml").read_bytes()
BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def read(content: bytes, name: str = "paper.xml"):
    return read_paper(content, name, open_gazetteer(), open_schema)


def parties(deal, role):
    return [row for row in deal.party if row["role"] == role]


def test_a_transfer_tells_everybody_between_whom_money_goes():
    deal = read(PACS).deals[0]
    assert deal.top["conduct"] == ("transfer_funds",)
    assert deal.top["id"] == "NORD-20190506-77-1"
    assert deal.on.isoformat() == "2019-05-07"
    assert deal.finance["amount_usd"] == 18400
    assert deal.top["notes"] == "INVOICE 118, SPARE PARTS"
    assert [(row["role"], row.get("name"), row["located_in"]) for row in deal.party] == [
        ("payer", "ELBE MASCHINENHANDEL GMBH", "DE"),
        ("payee", "DANDONG GENERAL TRADING CO LTD", "CN"),
        ("payee", "KOREA MINING DEVELOPMENT TRADING CORPORATION", "KP"),
        ("bank", None, "DE"),
        ("bank", None, "CN"),
    ]


def test_an_xpath_leads_to_what_was_read():
    deal = read(PAIN).deals[1]
    root = etree.fromstring(PAIN)
    at = re.sub(r"/(\w+)", r"/*[local-name()='\1']", deal.origins["party[1].name"].at)
    assert [node.text for node in root.xpath(at)] == ["LOTSENDIENST WESERMUENDUNG"]


def test_each_transaction_of_an_order_is_a_deal():
    deals = read(PAIN).deals
    assert [deal.top["id"] for deal in deals] == ["CREW-03", "PILOT-17"]
    assert [deal.on.isoformat() for deal in deals] == ["2018-03-02", "2018-03-02"]
    assert [deal.finance.get("amount_usd") for deal in deals] == [9600, None]
    assert all(parties(deal, "payer")[0]["name"] == "WESER REEDEREI GMBH" for deal in deals)


@pytest.mark.parametrize(
    ("name", "listed", "statuses"),
    [
        ("payment.pacs008.xml", "KOREA MINING DEVELOPMENT TRADING CORPORATION", ["undetermined"]),
        ("order.pain001.xml", "OCEAN MARITIME MANAGEMENT COMPANY LIMITED", ["undetermined", "permitted"]),
    ],
)
def test_a_listed_payee_stops_its_own_transaction_alone(name, listed, statuses):
    answers = json.loads(run.invoke(app, ["decide", str(PAPERS / name), "--json"]).stdout)
    answers = answers if isinstance(answers, list) else [answers]
    assert [one["outcome"] for one in answers] == statuses
    assert "prohibited" in answers[0]["between"]
    assert "un.dprk.1718.8-d" in [finding["provision"] for finding in answers[0]["findings"]]
    assert listed in [row["text"] for row in answers[0]["read_from"].values()]


@pytest.mark.parametrize(
    ("wrong", "right", "facts"),
    [
        (b"</Dbtr>", b"<Id><PrvtId><DtAndPlcOfBirth><BirthDt>1970-01-31</BirthDt><CityOfBirth>X</CityOfBirth>"
         b"<CtryOfBirth>DE</CtryOfBirth></DtAndPlcOfBirth></PrvtId></Id></Dbtr>", {"born": "1970-01-31", "kind": "person"}),
        (b"</Dbtr>", b"<Id><PrvtId><Othr><Id>C01X</Id><SchmeNm><Cd>CCPT</Cd></SchmeNm></Othr></PrvtId></Id></Dbtr>",
         {"passport": "C01X"}),
        (b"</Dbtr>", b"<Id><OrgId><AnyBIC>COBADEFF</AnyBIC></OrgId></Id></Dbtr>", {"bic": "COBADEFF"}),
        (b"<PstlAdr><TwnNm>Hamburg</TwnNm><Ctry>DE</Ctry></PstlAdr>", b"<CtryOfRes>DE</CtryOfRes>", {"located_in": "DE"}),
        (b"<PstlAdr><TwnNm>Hamburg</TwnNm><Ctry>DE</Ctry></PstlAdr>", b"<PstlAdr><AdrLine>HAMBURG</AdrLine></PstlAdr>",
         {"located_in": None}),
    ],
)  # fmt: skip
def test_what_is_said_of_the_debtor(wrong, right, facts):
    row = parties(read(PACS.replace(wrong, right, 1)).deals[0], "payer")[0]
    assert {name: row.get(name) for name in facts} == facts


@pytest.mark.parametrize(
    ("wrong", "right", "on", "how"),
    [
        (b"      <IntrBkSttlmDt>2019-05-07</IntrBkSttlmDt>\n", b"", "2019-05-06", "no settlement date"),
        (b"<SttlmInf>", b"<IntrBkSttlmDt>2019-05-08</IntrBkSttlmDt><SttlmInf>", "2019-05-07", "settlement date"),
    ],
)
def test_the_day_and_how_it_follows(wrong, right, on, how):
    deal = read(PACS.replace(wrong, right, 1)).deals[0]
    assert deal.on.isoformat() == on
    assert how in deal.origins["on"].how


def test_intermediaries_and_the_ends_of_the_header_are_parties():
    agent = b"<IntrmyAgt1><FinInstnId><BICFI>KKBCKPPY</BICFI></FinInstnId></IntrmyAgt1>"
    content = PACS.replace(b"<Dbtr>", agent + b"<Dbtr>", 1)
    header = (
        b'<Envelope><AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.01"><Fr><FIId><FinInstnId>'
        b"<BICFI>FTBDKPPY</BICFI></FinInstnId></FIId></Fr></AppHdr>"
    )
    content = content.replace(b"<Document", header + b"<Document", 1).replace(b"</Document>", b"</Document></Envelope>")
    deal = read(content).deals[0]
    assert [row["bic"] for row in parties(deal, "correspondent_bank")] == ["KKBCKPPY"]
    assert "FTBDKPPY" in [row.get("bic") for row in parties(deal, "bank")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PACS[: len(PACS) // 2], "not whole XML"),
        (BOMB + PACS.partition(b"?>")[2], "entities or a document type"),
        (PACS.replace(b"<NbOfTxs>1<", b"<NbOfTxs>2<"), "says 2 transactions, 1 are there"),
        (PACS.replace(b"<ChrgBr>SHAR</ChrgBr>", b""), "ChrgBr"),
        (PACS.replace(b"<ChrgBr>SHAR", b"<ChrgBr>NONE"), "ChrgBr"),
        (PACS.replace(b"2019-05-07", b"2019-05-32"), "IntrBkSttlmDt"),
        (PACS.replace(b"18400.00", b"18,400.00"), "IntrBkSttlmAmt"),
        (PACS.replace(b"<BICFI>COBADEFF", b"<BICFI>COBA"), "BICFI"),
        (PACS.replace(b"<Dbtr>", b"<Foo/><Dbtr>"), "Foo"),
        (PACS.replace(b"FIToFICstmrCdtTrf", b"FIToFICstmrDrctDbt"), "FIToFICstmrCdtTrf"),
        (PAIN.replace(b"<NbOfTxs>2<", b"<NbOfTxs>3<"), "says 3 transactions, 2 are there"),
        (PAIN.replace(b"<PmtMtd>TRF</PmtMtd>", b""), "PmtMtd"),
    ],
)
def test_a_damaged_message_names_what_is_wrong(content, told):
    with pytest.raises(SourceError, match=told):
        read(content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (PACS.replace(b"2019-05-07", b"2019-05-32"), "a day such as"),
        (PACS.replace(b"18400.00", b"18,400.00"), "an amount"),
        (PACS.replace(b"<BICFI>COBADEFF", b"<BICFI>COBA", 2), "a BIC such as"),
        (PACS.replace(b"Dbtr>", b"Foo>"), "no <Dbtr>"),
        (PACS.replace(b"CdtTrfTxInf>", b"Foo>"), "says 1 transactions, 0 are there"),
        (PACS.replace(b"<NbOfTxs>1</NbOfTxs>", b"").replace(b"CdtTrfTxInf>", b"Foo>"), "holds no transaction"),
    ],
)
def test_without_a_schema_the_reader_itself_refuses_and_says_that_there_was_none(content, told):
    with pytest.raises(SourceError, match=told):
        read_paper(content, "paper.xml", open_gazetteer())
    assert "not validated" in read_paper(PACS, "paper.xml", open_gazetteer()).notes[0]


def test_a_version_whose_schema_nobody_holds_is_read_and_said_so():
    paper = read(PACS.replace(b"pacs.008.001.08", b"pacs.008.001.99"))
    assert any("no schema is held for pacs.008.001.99" in note for note in paper.notes)


def test_a_missing_library_is_named(monkeypatch):
    open_schema.cache_clear()
    monkeypatch.setattr("openembargo.storage.schema_files.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"openembargo\[papers\]"):
        read(PACS)
    open_schema.cache_clear()


def test_a_long_header_before_the_message_does_not_hide_it():
    header = b'<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.01"><MsgDefIdr>pacs.008.001.08</MsgDefIdr>'
    header += b"<Sgntr>" + b"x" * 5000 + b"</Sgntr></AppHdr>"
    content = PACS.replace(b"<Document", b"<Envelope>" + header + b"<Document", 1) + b"</Envelope>"
    assert read(content).format == "iso20022.pacs008"


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1"])
def test_other_encodings_are_read_as_the_declaration_says(encoding):
    text = PACS.decode().replace('"UTF-8"', f'"{encoding}"').replace("ELBE", "ÉLBE")
    assert parties(read(text.encode(encoding)).deals[0], "payer")[0]["name"] == "ÉLBE MASCHINENHANDEL GMBH"


def test_elements_without_end_are_refused():
    deep = b"<a>" * 5000 + b"</a>" * 5000
    with pytest.raises(SourceError, match="deep"):
        read_paper(PACS.replace(b"<FIToFI", deep + b"<FIToFI", 1), "paper.xml", open_gazetteer())


@pytest.mark.parametrize(
    ("name", "payer", "on"),
    [
        ("moov-io_pacs008.xml", "MRS. GREEN", "2023-07-13"),
        ("prowide_pacs.008.001.07.xml", "JOHN DOE", "2018-07-31"),
        ("pypi_pacs008_02.xml", "Debtor Corp", "2026-01-15"),
        ("pypi_pacs008_07.xml", "Debtor Corp", "2026-01-15"),
        ("pypi_pacs008_08.xml", "Debtor Corp", "2026-01-15"),
        ("pypi_pacs008_10.xml", "Debtor Corp", "2026-01-15"),
        ("pypi_pacs008_13.xml", "Debtor Corp", "2026-01-15"),
    ],
)
def test_messages_of_others_are_read(reference, name, payer, on):
    paper = read((reference / "papers" / "iso20022" / name).read_bytes(), name)
    (deal,) = paper.deals
    assert parties(deal, "payer")[0]["name"] == payer
    assert deal.on.isoformat() == on
    assert paper.notes == ()


@soaked
@given(content=damaged([PACS, PAIN]))
def test_whatever_becomes_of_a_transfer_it_is_read_or_refused(content):
    must_be_read_or_refused("iso20022.pacs008", content)


@soaked
@given(content=damaged([PAIN, PACS]))
def test_whatever_becomes_of_an_order_it_is_read_or_refused(content):
    must_be_read_or_refused("iso20022.pain001", content)
