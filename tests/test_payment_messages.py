"""Payment messages: every party is found, days and amounts are as printed, and what is damaged is named."""

import json

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.papers.formats import read_paper
from openembargo.storage.place_files import open_gazetteer
from openembargo.terms.errors import SourceError

from .conftest import ROOT

PAPERS = ROOT / "examples" / "papers"
run = CliRunner()
MT103 = (PAPERS / "payment.mt103").read_bytes()


def read(content: bytes, name: str = "paper"):
    return read_paper(content, name, open_gazetteer())


def parties(deal, role):
    return [row for row in deal.party if row["role"] == role]


def changed(**fields: str) -> bytes:
    """The sample with some fields written anew."""
    lines, skip = [], False
    for line in MT103.decode().splitlines():
        tag = line.split(":")[1] if line.startswith(":") else None
        if tag in fields:
            lines += fields[tag].splitlines()
            skip = True
        elif tag or line == "-}" or not skip:
            lines.append(line)
            skip = False
    return "\n".join(lines).encode()


# MT103 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({"50K": ":50F:/DE1\n1/MAX MUSTER\n1/JUNIOR\n2/ELBCHAUSSEE 1\n3/DE/HAMBURG\n4/19700131"},
         {"name": "MAX MUSTER JUNIOR", "located_in": "DE", "born": "1970-01-31"}),
        ({"50K": ":50F:CCPT/DE/C01X0006H\n1/MAX MUSTER\n3/DE/HAMBURG"}, {"name": "MAX MUSTER", "passport": "C01X0006H"}),
        ({"50K": ":50A:/1234\nCOBADEFFXXX"}, {"bic": "COBADEFFXXX", "located_in": "DE"}),
        ({"50K": ":50A:/1234\nHANSA HOLZ"}, {"name": "HANSA HOLZ"}),
        ({"50K": ":50K:ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFGH\nIJ LTD\nHAMBURG\nGERMANY"},
         {"name": "ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFGHIJ LTD", "located_in": "DE"}),
        ({"50K": ":50K:/40702\nHANSA\nPYONGYANG\nDPR KOREA"}, {"name": "HANSA", "located_in": "KP"}),
    ],
)  # fmt: skip
def test_the_ordering_customer_is_read_in_every_option(fields, facts):
    deal = read(changed(**fields)).deals[0]
    row = parties(deal, "payer")[0]
    assert {name: row.get(name) for name in facts} == facts


@pytest.mark.parametrize(
    ("fields", "facts"),
    [
        ({"59": ":59F:/DE02300209000106531065\n1/HANSA HOLZ\n2/HAFEN 1\n3/DE/HAMBURG"}, {"name": "HANSA HOLZ", "located_in": "DE"}),
        ({"59": ":59A:COBADEFF"}, {"bic": "COBADEFF"}),
        ({"59": ":59:HANSA HOLZ"}, {"name": "HANSA HOLZ", "located_in": None}),
    ],
)  # fmt: skip
def test_the_beneficiary_is_read_in_every_option(fields, facts):
    row = parties(read(changed(**fields)).deals[0], "payee")[0]
    assert {name: row.get(name) for name in facts} == facts


def test_an_account_is_no_address_the_country_of_its_iban_is_a_hint():
    paper = read(changed(**{"59": ":59:/DE02300209000106531065\nHANSA HOLZ"}))
    row = parties(paper.deals[0], "payee")[0]
    assert row["iban"] == "DE02300209000106531065"
    assert "located_in" not in row
    asked = [one for one in paper.questions if one.fact == "party[1].located_in"]
    assert asked[0].answers == ("DE",)


def test_an_iban_with_a_wrong_digit_is_asked():
    paper = read(changed(**{"59": ":59:/DE03300209000106531065\nHANSA HOLZ\nHAMBURG, GERMANY"}))
    assert "iban" not in parties(paper.deals[0], "payee")[0]
    assert [one.fact for one in paper.questions if "check digits" in one.question] == ["party[1].iban"]


def test_a_bic_of_no_country_is_asked_and_its_field_is_not_empty():
    paper = read(changed(**{"59": ":59A:COBAZZFF"}))
    assert [one.fact for one in paper.questions if one.fact.endswith("bic")] == ["party[1].bic"]


def test_a_second_beneficiary_is_not_lost():
    content = MT103.replace(b":70:", b":59:TANCHON COMMERCIAL BANK\n:70:")
    assert [row["name"] for row in parties(read(content).deals[0], "payee")] == [
        "HANSA HOLZHANDEL GMBH",
        "TANCHON COMMERCIAL BANK",
    ]


def test_the_banks_at_both_ends_are_parties_even_where_no_field_names_them():
    content = MT103.replace(b":52A:ASPBRUMM\n", b"").replace(b":57A:COBADEFF\n", b"")
    banks = {row["bic"]: row["located_in"] for row in parties(read(content).deals[0], "bank")}
    assert banks == {"ASPBRUMM": "RU", "COBADEFF": "DE"}


def test_reported_residence_tells_a_country():
    content = changed(**{"59": ":59:HANSA HOLZ\n:77B:/BENEFRES/DE//TIMBER"})
    assert parties(read(content).deals[0], "payee")[0]["located_in"] == "DE"


@pytest.mark.parametrize(
    ("field", "amount"),
    [
        (":32A:170203USD48500,00", 48500),
        (":32A:170203USD48500,5", 48500.5),
        (":32A:170203USD48500", 48500),
        (":32A:170203EUR48500,00", None),
        (":32A:170203EUR45000,00\n:33B:USD48500,00", 48500),
    ],
)
def test_an_amount_is_taken_in_dollars_alone(field, amount):
    assert read(changed(**{"32A": field})).deals[0].finance.get("amount_usd") == amount


def test_lines_may_end_as_on_windows_and_the_places_are_still_right():
    content = MT103.replace(b"\n", b"\r\n")
    deal = read(content).deals[0]
    start, end = map(int, deal.origins["party[0].name"].at.partition("bytes ")[2].split("-"))
    assert deal.party[0]["name"].encode() in content[start:end]


def test_letters_beyond_ascii_do_not_move_the_places():
    content = MT103.decode().replace("HANSA HOLZHANDEL", "HÄNSA HÖLZHANDEL").encode()
    deal = read(content).deals[0]
    start, end = map(int, deal.origins["party[1].name"].at.partition("bytes ")[2].split("-"))
    assert content[start:end].startswith(b":59:")
    assert "HÄNSA".encode() in content[start:end]


def test_an_older_encoding_is_told():
    paper = read(MT103.decode().replace("HANSA", "HÄNSA").encode("latin-1"))
    assert any("not UTF-8" in note for note in paper.notes)
    assert "SA HOLZHANDEL GMBH" in parties(paper.deals[0], "payee")[0]["name"]


def test_messages_of_another_type_in_the_file_are_told():
    other = MT103.replace(b"{2:I103", b"{2:I202")
    paper = read(MT103 + b"\n" + other)
    assert len(paper.deals) == 1
    assert "MT202" in [part.text for part in paper.unread]


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        (b":50K:", b":77T:", "50A, 50F or 50K"),
        (b":59:", b":77T:", "59, 59A or 59F"),
        (b":20:", b":21:", "no field 20"),
        (b":32A:", b":32C:", "no field 32A"),
        (b"170203USD48500,00", b"170231USD48500,00", "YYMMDD"),
        (b"170203USD48500,00", b"170203USD48,500,00", "YYMMDD"),
        (b"170203USD48500,00", b"170203US48500,00", "YYMMDD"),
        (b"170203USD48500,00", b"USD48500,00", "YYMMDD"),
        (b"-}", b"", "does not end"),
        (b":59:/DE02300209000106531065\nHANSA HOLZHANDEL GMBH\nHAMBURG, GERMANY", b":59:/DE02300209000106531065", "found no name"),
        (b":59:/DE02300209000106531065\nHANSA HOLZHANDEL GMBH\nHAMBURG, GERMANY", b":59F:1/HANSA\n3/QQ/NOWHERE", "a country's code"),
    ],
)  # fmt: skip
def test_a_damaged_payment_names_what_is_wrong(wrong, right, told):
    with pytest.raises(SourceError, match=told):
        read(MT103.replace(wrong, right), "payment.mt103")


def test_all_that_is_wrong_in_several_messages_is_told_at_once():
    content = MT103.replace(b"170203", b"170231") + b"\n" + MT103.replace(b"USD48500,00", b"USD")
    with pytest.raises(SourceError) as told:
        read(content)
    assert len(told.value.mistakes) == 2


@pytest.mark.parametrize(
    ("name", "count", "payer"),
    [
        ("MT103-bulk-with-ack.rje", 3, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("MT103-out-ack.rje", 13, "FOO CAPITAL MARKETS LP"),
        ("mt103.rje", 2, "FOO CAPITAL MARKETS LP"),
        ("mt103.txt", 1, "AGENTES DE BOLSA FOO AGENCIA"),
    ],
)
def test_messages_of_others_are_read(reference, name, count, payer):
    paper = read((reference / "papers" / "swift" / name).read_bytes(), name)
    assert len(paper.deals) == count
    assert parties(paper.deals[0], "payer")[0]["name"] == payer
    assert all(deal.on and deal.top["conduct"] == ("transfer_funds",) for deal in paper.deals)


def test_a_free_payment_between_germans_is_permitted(tmp_path):
    content = changed(**{"50K": ":50K:/DE1\nELBE HOLZ GMBH\nHAMBURG, GERMANY", "52A": ":52A:COBADEFF"})
    path = tmp_path / "free.mt103"
    path.write_bytes(content.replace(b"ASPBRUMM", b"COBADEFF").replace(b"TIMBER-", b"HOLZ-"))
    answer = json.loads(run.invoke(app, ["decide", str(path), "--json"]).stdout)
    assert answer["outcome"] in ("permitted", "undetermined")
    assert "prohibited" not in (answer.get("between") or [])


@pytest.mark.parametrize(
    ("lines", "country"),
    [
        ("PYONGYANG, DPRK", "KP"),
        ("PYONGYANG DPRK", "KP"),
        ("MADRID SPAIN 28010", "ES"),
        ("PYONGYANG\nNORTH KOREA", "KP"),
        ("SEOUL REPUBLIC OF KOREA", "KR"),
        ("12 MAIN ST\nTRENTON NEW JERSEY", None),
        ("HAMBURG", None),
        ("DE", None),
    ],
)
def test_the_country_at_the_end_of_an_address(lines, country):
    deal = read(changed(**{"50K": f":50K:/1\nX TRADING\n{lines}"})).deals[0]
    assert parties(deal, "payer")[0].get("located_in") == country


@pytest.mark.parametrize(("currency", "told"), [("EUR", False), ("KPW", False), ("UDS", True), ("DEM", True)])
def test_a_currency_that_is_none_is_told(currency, told):
    paper = read(changed(**{"32A": f":32A:170203{currency}48500,00"}))
    assert any("no currency of ISO 4217" in note for note in paper.notes) == told


def test_a_message_without_end_is_refused():
    with pytest.raises(SourceError, match="at most 100,000"):
        read(MT103.replace(b":70:", b":59:/1\nA\n" * 20_000 + b":70:"))
