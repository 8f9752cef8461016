"""UN/EDIFACT cargo reports and transport instructions: consignments, places, ships, goods, and what is damaged."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.papers.edifact import Service, by_library, plainly
from openembargo.papers.formats import read_paper
from openembargo.storage.place_files import open_gazetteer
from openembargo.terms.errors import InputError, SourceError

from .conftest import ROOT
from .mutations import damaged, must_be_read_or_refused, soaked

PAPERS = ROOT / "examples" / "papers"
run = CliRunner()
CUSCAR = (PAPERS / "manifest.cuscar").read_bytes()
IFTMIN = (PAPERS / "instruction.iftmin").read_bytes()


def read(content: bytes, name: str = "paper.edi"):
    return read_paper(content, name, open_gazetteer())


def named(deal):
    return {row["role"]: row.get("name") for row in deal.party}


def test_each_consignment_of_a_report_is_a_deal():
    coal, pumps = read(CUSCAR).deals
    assert (coal.top["id"], pumps.top["id"]) == ("BLLNAM001", "BLLPUS017")
    assert coal.top["conduct"] == ("carry_cargo",)
    assert coal.on.isoformat() == "2018-02-11"
    assert coal.route == {"mode": "sea", "from": "KPNAM", "loaded_at": "KPNAM", "to": "CNDLC"}
    assert (coal.goods[0]["hs"], coal.goods[0]["quantity"], coal.goods[0]["unit"]) == ("270111", 5200, "t")
    assert coal.vessel == ({"name": "BLUE HERON", "imo": "9074729", "flag": "PA"},) == pumps.vessel
    assert named(coal) == {
        "carrier": "BLUE LINE SHIPPING",
        "shipper": "SUAN MINERAL EXPORT COMPANY",
        "consignee": "LIAODONG FUEL TRADING CO LTD",
        "recipient": "LIAODONG FUEL TRADING CO LTD",
    }
    assert [row.get("located_in") for row in coal.party] == [None, "KP", "CN", "CN"]
    assert (pumps.goods[0]["hs"], pumps.goods[0]["quantity"], pumps.goods[0]["value_usd"]) == ("841370", 860.5, 18400)


def test_bytes_lead_to_the_segment():
    deal = read(CUSCAR).deals[1]
    start, end = map(int, deal.origins["goods[0].hs"].at.partition("bytes ")[2].split("-"))
    assert CUSCAR[start:end] == b"PIA+5+841370:HS'"


def test_coal_from_the_target_is_prohibited_and_pumps_hang_on_their_origin():
    answers = json.loads(run.invoke(app, ["decide", str(PAPERS / "manifest.cuscar"), "--json"]).stdout)
    assert [one["outcome"] for one in answers] == ["prohibited", "undetermined"]
    assert "un.dprk.2371.8" in [finding["provision"] for finding in answers[0]["findings"]]
    assert "goods.origin" in [one["fact"] for one in answers[1]["missing"]]


def test_the_origin_that_a_report_tells_leaves_only_the_companies_nationality_open(tmp_path):
    path = tmp_path / "told.cuscar"
    path.write_bytes(CUSCAR.replace(b"LOC+9+KRPUS:139:6:BUSAN'", b"LOC+9+KRPUS:139:6:BUSAN'\nLOC+27+KR'"))
    assert read(path.read_bytes()).deals[1].goods[0]["origin"] == "KR"
    answers = json.loads(run.invoke(app, ["decide", str(path), "--json"]).stdout)
    assert {one["fact"] for one in answers[1]["missing"]} == {"party.country"}


def test_origins_of_several_items_stay_with_them():
    item = b"GID+2+3:CT'\nFTX+AAA+++SEALS'\nLOC+27+DE'\n"
    content = IFTMIN.replace(b"MEA+AAE+AAL+KGM:38400'\n", b"MEA+AAE+AAL+KGM:38400'\nLOC+27+CN'\n" + item)
    assert [row.get("origin") for row in read(content).deals[0].goods] == ["CN", "DE"]


def test_a_place_of_a_consignment_goes_before_one_of_the_whole_report():
    content = CUSCAR.replace(b"LOC+60+CNDLC:139:6:DALIAN'", b"LOC+60+CNDLC'\nLOC+9+KRPUS'")
    assert [deal.route["loaded_at"] for deal in read(content).deals] == ["KPNAM", "KRPUS"]


def test_an_instruction_without_envelope_is_a_deal():
    paper = read(IFTMIN)
    (deal,) = paper.deals
    assert paper.notes == ()
    assert deal.on.isoformat() == "2018-01-22"
    assert deal.route == {"mode": "sea", "from": "DEHAM", "loaded_at": "DEHAM", "to": "KPNAM", "via": ("CNDLC",)}
    answer = json.loads(run.invoke(app, ["decide", str(PAPERS / "instruction.iftmin"), "--json"]).stdout)
    assert answer["outcome"] == "prohibited"
    assert "un.dprk.2397.7" in [finding["provision"] for finding in answer["findings"]]


@pytest.mark.parametrize(
    ("wrong", "right", "place", "asked"),
    [
        (b"LOC+9+KPNAM:139:6:NAMPO'", b"LOC+9+:139:6:RAJIN'", "KPRJN", False),
        (b"LOC+9+KPNAM:139:6:NAMPO'", b"LOC+9+KPNAM:139:6:DALIAN'", None, True),
        (b"LOC+9+KPNAM:139:6:NAMPO'", b"LOC+9+KPNAM:139:6:RAJIN'", "KP", True),
        (b"LOC+9+KPNAM:139:6:NAMPO'", b"LOC+9+5412345678908::9'", None, False),
        (b"LOC+9+KPNAM:139:6:NAMPO'", b"LOC+9+:::SOMEWHERE'", None, True),
        (b"LOC+9+KPNAM:139:6:NAMPO'", b"LOC+88+KPRJN'\nLOC+9+KPNAM'", "KPRJN", False),
        (b"LOC+9+KPNAM:139:6:NAMPO'", b"LOC+9+kpnam'", "KPNAM", False),
        (b"LOC+9+KPNAM:139:6:NAMPO'", b"LOC+9+KP'", "KP", False),
    ],
)
def test_where_a_consignment_begins(wrong, right, place, asked):
    paper = read(CUSCAR.replace(wrong, right))
    assert paper.deals[0].route.get("from") == place
    assert any(one.fact in ("route.from", "route.loaded_at") for one in paper.questions) == asked


@pytest.mark.parametrize(
    ("tdt", "ship", "asked"),
    [
        (b"TDT+20+1+1+++++9074729:146:11:BLUE HERON:PA", {"imo": "9074729", "name": "BLUE HERON", "flag": "PA"}, ()),
        (b"TDT+20+1+1+++++IMO9074729:::BLUE HERON", {"imo": "9074729", "name": "BLUE HERON"}, ()),
        (b"TDT+20+1+1+++++D5LQ7:103::BLUE HERON", {"name": "BLUE HERON"}, ()),
        (b"TDT+20+1+1+++++9074720:146:11:BLUE HERON", {"imo": "9074720", "name": "BLUE HERON"}, ("vessel[0].imo",)),
        (b"TDT+20+1+1+++++9074729:146:11", {"imo": "9074729"}, ("vessel[0].name",)),
        (b"TDT+20+1+4+++++:::PA-123", {"name": "PA-123", "craft": "aircraft"}, ()),
        (b"TDT+20+1+2+++++:::K27", None, ()),
        (b"TDT+20++1", None, ()),
    ],
)
def test_the_means_of_transport(tdt, ship, asked):
    old = b"TDT+20+803E+1++ELB:172:166:ELBE CARRIERS+++9074729:146:11:BLUE HERON:PA"
    paper = read(IFTMIN.replace(old, tdt))
    assert list(paper.deals[0].vessel) == ([ship] if ship else [])
    assert tuple(one.fact for one in paper.questions if one.fact.startswith("vessel")) == asked


@pytest.mark.parametrize(
    ("nad", "party"),
    [
        (b"NAD+CN+++SUAN CONSTRUCTION:COMPANY++NAMPO+++KP", {"role": "consignee", "name": "SUAN CONSTRUCTION COMPANY", "located_in": "KP"}),
        (b"NAD+CN++TO ORDER", None),
        (b"NAD+CN++TO THE ORDER OF TANCHON COMMERCIAL BANK", {"role": "consignee", "name": "TANCHON COMMERCIAL BANK"}),
        (b"NAD+ZZZ++TANCHON COMMERCIAL BANK:PYONGYANG, DPR KOREA", {"role": "agent", "name": "TANCHON COMMERCIAL BANK", "located_in": "KP"}),
        (b"NAD+CN+5411234444402::9", {"role": "consignee"}),
        (b"NAD+CN++O?'NEILL ?+ SONS:DUBLIN, IRELAND", {"role": "consignee", "name": "O'NEILL + SONS", "located_in": "IE"}),
    ],
)  # fmt: skip
def test_the_receiver(nad, party):
    paper = read(IFTMIN.replace(b"NAD+CN+++SUAN CONSTRUCTION COMPANY++NAMPO+++KP", nad))
    assert list(paper.deals[0].party[2:]) == ([party] if party else [])
    if party is None:
        assert any("to order" in one.question for one in paper.questions)


@pytest.mark.parametrize(
    ("wrong", "right", "quantity", "unit"),
    [
        (b"MEA+AAE+AAL+KGM:38400", b"MEA+AAE+X7E+KGM:250", None, None),
        (b"MEA+AAE+AAL+KGM:38400", b"MEA+AAE+G+KGM:39000'\nMEA+AAE+AAL+KGM:38400", 38400, "kg"),
        (b"MEA+AAE+AAL+KGM:38400", b"MEA+AAE+AAL+TNE:38,4", 38.4, "t"),
        (b"MEA+AAE+AAL+KGM:38400", b"MEA+AAE+AAL+LBR:100", 45.359237, "kg"),
        (b"MEA+AAE+AAL+KGM:38400", b"MEA+AAE+AAL+KGM:.000", None, None),
        (b"MEA+AAE+AAL+KGM:38400", b"MEA+AAE+AAL+XYZ:38400", None, None),
    ],
)
def test_how_much_it_is(wrong, right, quantity, unit):
    goods = read(IFTMIN.replace(wrong, right)).deals[0].goods[0]
    assert (float(goods["quantity"]) if "quantity" in goods else None, goods.get("unit")) == (quantity, unit)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (CUSCAR[:-200], "does not end"),
        (CUSCAR.replace(b"UNT+28+1'\nUNZ+1+77'\n", b""), "does not end"),
        (CUSCAR.replace(b"UNA:+.? '", b"UNA:+.?:'").replace(b"UNA:+.?:'", b"UNA::.? '"), "service string"),
        (CUSCAR.replace(b"UNA:+.? '", b"UNAABCDEF"), "service string"),
        (CUSCAR.replace(b"NAD+CZ", b"N?D+CZ", 1), "a segment, such as"),
        (CUSCAR.replace(b"LOC+9+KPNAM", b"'LOC+9+KPNAM", 1), "a segment, such as"),
        (CUSCAR.replace(b"CNI", b"ABC"), "reports no consignment"),
        (CUSCAR.replace(b"CNI+1+", b"NAD+ZZ++A'" * 3000 + b"CNI+1+"), "before the first consignment"),
        (CUSCAR.replace(b"1802110600:201", b"1802310600:201"), "a day, such as"),
        (CUSCAR.replace(b"TNE:5200.000", b"TNE:5.200.000"), "a weight such as"),
        (CUSCAR.replace(b"TNE:5200.000", b"TNE:-5"), "a weight such as"),
        (CUSCAR.replace(b"44:18400:USD", b"44:x:USD"), "an amount such as"),
        (CUSCAR.replace(b"841370:HS", b"84137:HS"), "a tariff code"),
        (IFTMIN.replace(b"UNT+16+SI0117'", b""), "does not end"),
    ],
)
def test_a_damaged_message_names_what_is_wrong(content, told):
    with pytest.raises(SourceError, match=told):
        read(content)


def test_a_wrong_count_of_segments_is_told():
    assert any(
        "says that the message has 27 segments, 28" in note for note in read(CUSCAR.replace(b"UNT+28", b"UNT+27")).notes
    )


def test_a_header_without_a_type_is_known_by_its_document():
    paper = read(CUSCAR.replace(b"+CUSCAR:D", b"+:D"))
    assert paper.format == "edifact.cuscar"
    assert any("names no type" in note for note in paper.notes)


@pytest.mark.parametrize(
    ("syntax", "encoding", "name", "told"),
    [
        (b"UNOC", "latin-1", "MÜLLER", False),
        (b"UNOE", "iso8859-5", "МИНЕРАЛ", False),
        (b"UNOF", "iso8859-7", "ΜΕΤΑΛΛΑ", False),
        (b"UNOY", "utf-8", "MÜLLER 광물", False),
        (b"UNOX", "iso2022_jp_2", "鉱物", False),
        (b"UNOA", "utf-8", "MÜLLER", True),
    ],
)
def test_the_character_set_is_that_of_the_envelope(syntax, encoding, name, told):
    content = (
        CUSCAR.decode().replace("SUAN MINERAL EXPORT COMPANY", name).replace("UNOA", syntax.decode()).encode(encoding)
    )
    paper = read(content)
    assert named(paper.deals[0])["shipper"] == name
    assert any("no character of" in note for note in paper.notes) == told
    start, end = map(int, paper.deals[0].origins["party[1].name"].at.partition("bytes ")[2].split("-"))
    if syntax != b"UNOX":
        assert content[start:end].startswith(b"NAD+CZ")


def test_other_service_characters_are_obeyed():
    content = CUSCAR.replace(b"UNA:+.? '", b"UNA@*,# ~").translate(bytes.maketrans(b"+:'", b"*@~"))
    content = content.replace(b"UNA@*,# ~", b"UNA@*,# ~", 1).replace(b"5200.000", b"5200,000")
    coal = read(content).deals[0]
    assert (coal.goods[0]["quantity"], coal.route["from"]) == (5200, "KPNAM")


def test_a_missing_library_is_named(monkeypatch):
    from openembargo.papers import edifact

    edifact._by_library.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "pydifact.parser", None)
    with pytest.raises(InputError, match=r"openembargo\[papers\]"):
        read(IFTMIN.replace(b"SUAN", b"SU?+N"))
    edifact._by_library.cache_clear()


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ABC 12:+.,äж", max_size=40))
def test_the_plain_parting_agrees_with_the_library(raw):
    ours = [list(parts) for parts in plainly("NAD+" + raw, Service())]
    theirs = [list(parts) for parts in by_library("NAD+" + raw, Service())]

    def bare(elements):
        """The library drops empty components at the end."""
        cut = []
        for parts in elements:
            kept = list(parts)
            while len(kept) > 1 and kept[-1] == "":
                kept.pop()
            cut.append(kept)
        return cut

    assert bare(ours) == bare(theirs)


@pytest.mark.parametrize(
    ("name", "form", "count"),
    [("edifact.D95B.CUSCAR.EDI", "edifact.cuscar", 3), ("IFTMIN_D01B_EAN004.edi", "edifact.iftmin", 1)],
)
def test_messages_of_others_are_read(reference, name, form, count):
    paper = read((reference / "papers" / "edifact" / name).read_bytes(), name)
    assert (paper.format, len(paper.deals)) == (form, count)
    assert all(deal.on and deal.party for deal in paper.deals)


def test_the_report_of_others_tells_milk_from_dublin(reference):
    deal = read((reference / "papers" / "edifact" / "edifact.D95B.CUSCAR.EDI").read_bytes()).deals[0]
    assert (deal.route["from"], deal.route["to"], deal.on.isoformat()) == ("IEDUB", "EGEDK", "2017-01-29")
    assert "MILK SKIMMED POWDER" in deal.goods[0]["description"]


@pytest.mark.parametrize("name", ["D95BBAPLIE.edi", "edifact.D01B.IFCSUM.EDI", "edifact.01.edi"])
def test_messages_that_nobody_reads_are_refused_by_name(reference, name):
    with pytest.raises(SourceError, match="no known format"):
        read((reference / "papers" / "edifact" / name).read_bytes(), name)


@soaked
@given(content=damaged([CUSCAR, IFTMIN]))
def test_whatever_becomes_of_a_report_it_is_read_or_refused(content):
    must_be_read_or_refused("edifact.cuscar", content)


@soaked
@given(content=damaged([IFTMIN, CUSCAR]))
def test_whatever_becomes_of_an_instruction_it_is_read_or_refused(content):
    must_be_read_or_refused("edifact.iftmin", content)
