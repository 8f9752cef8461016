"""Tables as papers: encodings, delimiters, columns, cells, rows that are wrong, and files that are bombs."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.papers.csv_rows import csv_table
from openembargo.papers.formats import read_paper
from openembargo.papers.table_cells import day_of, number_of, read_cell
from openembargo.papers.table_guess import guess
from openembargo.papers.table_headings import named
from openembargo.papers.table_mapping import ColumnUse, read_mapping
from openembargo.papers.table_source import letters
from openembargo.papers.tables import paper_of_table
from openembargo.papers.xlsx_rows import xlsx_table
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.row_groups import census, rows_together
from openembargo.storage.safe_cells import neutral
from openembargo.storage.table_files import open_table, read_mapping_file, write_mapping_file
from openembargo.terms.errors import InputError, OpenembargoError, SourceError

from .conftest import ROOT

PAPERS = ROOT / "examples" / "papers"
GAZETTEER = open_gazetteer()
HEAD = "B/L No,Shipper,Description,HS code,Net weight (kg),Port of discharge"
run = CliRunner()


def table(content, name="m.csv", **said):
    return csv_table(lambda: BytesIO(content), name, len(content), **said)


def paper(content, name="m.csv"):
    return read_paper(content, name, GAZETTEER)


@pytest.mark.parametrize(
    ("heading", "fact", "role", "unit"),
    [
        ("HS Code", "goods.hs", "", ""),
        ("Код ТН ВЭД", "goods.hs", "", ""),
        ("海关编码", "goods.hs", "", ""),
        ("Zolltarifnummer", "goods.hs", "", ""),
        ("Gross weight (KGS)", "goods.quantity", "", "kg"),
        ("G.W. (KG)", "goods.quantity", "", "kg"),
        ("Вес брутто, кг", "goods.quantity", "", "kg"),
        ("毛重（吨）", "goods.quantity", "", "t"),
        ("Expéditeur", "party.name", "shipper", ""),
        ("Грузополучатель", "party.name", "consignee", ""),
        ("País de origen", "goods.origin", "", ""),
        ("Port of Loading", "route.loaded_at", "", ""),
        ("Löschhafen", "route.to", "", ""),
        ("IMO No.", "vessel.imo", "", ""),
        ("수하인", "party.name", "consignee", ""),
    ],
)
def test_a_heading_is_understood_in_the_trades_languages(heading, fact, role, unit):
    found = named(heading)
    assert (found.concept.fact, found.concept.role, found.unit) == (fact, role, unit)


@pytest.mark.parametrize("heading", ["", "Remarks", "Column 7", "Weight of evidence", "HS code of conduct"])
def test_an_unknown_heading_is_not_guessed(heading):
    assert named(heading) is None


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2017-02-03", "", date(2017, 2, 3)),
        ("20170203", "", date(2017, 2, 3)),
        ("03.02.2017", "", date(2017, 2, 3)),
        ("2017年2月3日", "", date(2017, 2, 3)),
        ("25/02/2017", "", date(2017, 2, 25)),
        ("02/25/2017", "", date(2017, 2, 25)),
        ("03/02/2017", "", None),
        ("03/02/2017", "dmy", date(2017, 2, 3)),
        ("03/02/2017", "mdy", date(2017, 3, 2)),
        ("31/02/2017", "dmy", None),
        ("soon", "", None),
    ],
)
def test_a_day_that_could_be_two_is_none(text, order, day):
    assert day_of(text, order) == day


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("1250", "", "1250"),
        ("1,250.50", "", "1250.50"),
        ("1.250,50", "", "1250.50"),
        ("1 250,5", "", "1250.5"),
        ("12'500", "", "12500"),
        ("0.500", "", "0.500"),
        ("1.250.000", "", "1250000"),
        ("1,250", ".", "1250"),
        ("1,250", ",", "1.250"),
        ("1,250", "", None),
        ("21.350", "", None),
        ("1,25,000", "", None),
    ],
)
def test_a_number_that_could_be_two_is_none(text, decimal, number):
    found = number_of(text, decimal)
    assert isinstance(found, str) if number is None else found == Decimal(number)


@pytest.mark.parametrize(
    ("fact", "cell", "value"),
    [
        ("goods.hs", "2701.11", "2701.11"),
        ("goods.hs", "270111", "270111"),
        ("goods.hs", "20329", None),
        ("goods.hs", Decimal("2601.1"), "2601.10"),
        ("goods.hs", 20329, "020329"),
        ("vessel.imo", "IMO 9074729", "9074729"),
        ("vessel.imo", "9074728", None),
        ("goods.origin", "DPRK", "KP"),
        ("goods.origin", "Atlantis", None),
        ("route.to", "Rajin", "KPRJN"),
        ("route.to", "PARIS", "FRPAR"),
        ("route.to", "Nowhere Bay", None),
        ("goods.quantity", "1200 kg", Decimal(1200)),
        ("goods.quantity", "1200 boxes", None),
        ("goods.quantity", "-5", None),
        ("route.mode", "ж/д", "rail"),
    ],
)
def test_a_cell_is_read_or_refused(fact, cell, value):
    assert read_cell(ColumnUse("x", fact), cell, GAZETTEER).value == value


def test_an_ambiguous_port_is_asked_and_its_country_kept():
    deal = paper(f"{HEAD}\n1,A,coal,2701.11,5,Nowhere Bay\n".encode())
    assert deal.questions[0].fact == "route.to"
    assert "to" not in deal.deals[0].route


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Зерно"),
        ("utf-8-sig", "Зерно"),
        ("utf-16", "Зерно"),
        ("cp1251", "Зерно пшеницы россыпью, урожай года"),
    ],
)
def test_an_encoding_is_found_and_told(encoding, text):
    rows = "\n".join(f"{n};Общество с ограниченной ответственностью;{text};1001.99;{n};Владивосток" for n in range(9))
    content = f"№ коносамента;Отправитель;Описание;Код ТН ВЭД;Вес (кг);Порт выгрузки\n{rows}\n".encode(encoding)
    found = paper(content)
    assert found.deals[0].goods[0]["description"] == text
    assert any("read as" in note for note in found.notes) == (encoding in ("utf-16", "cp1251"))


def test_a_line_that_is_not_utf8_is_refused_and_the_rest_goes_on():
    rows = [f"{n},Ünïted Trade,coal,2701.11,5,Rajin".encode() for n in range(20)]
    rows[7] = b"7,\xff\xfe broken,coal,2701.11,5,Rajin"
    found = paper(HEAD.encode() + b"\n" + b"\n".join(rows))
    assert len(found.deals) == 19
    assert [part.at for part in found.unread] == ["row 9"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_a_delimiter_is_found(sign):
    content = (
        HEAD.replace(",", sign)
        + "\n"
        + sign.join(["1", "A; B, C|D" if sign == "\t" else "A", "coal", "2701.11", "5", "Rajin"])
    )
    assert paper(content.encode()).deals[0].goods[0]["hs"] == "2701.11"


def test_a_quotation_mark_that_is_not_closed_costs_one_row():
    rows = [f'{n},"Firm, {n}",coal,2701.11,5,Rajin' for n in range(200)]
    rows[100] = '100,"Firm 100,coal,2701.11,5,Rajin'
    found = paper((HEAD + "\n" + "\n".join(rows)).encode())
    assert len(found.deals) >= 139, "the rows that the open mark could run over at the most are lost"
    assert any("quotation mark" in part.why or "cells" in part.why for part in found.unread)


def test_cells_and_origins_of_a_workbook():
    book = Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    sheet.append(["Waybill", "Shipper", "Description", "HS code", "Net weight (kg)", "Arrival date"])
    sheet.append(["A", "Some Firm", "coal", 2701.11, "=2+3", date(2017, 2, 3)])
    sheet.append(["A", "Some Firm", "milk", 402.1, 7, date(2017, 2, 3)])
    held = BytesIO()
    book.save(held)
    found = read_paper(held.getvalue(), "m.xlsx", GAZETTEER)
    deal = found.deals[0]
    assert [row["hs"] for row in deal.goods] == ["2701.11", "0402.10"]
    assert deal.origins["goods[0].hs"].at == "Sheet1!D2"
    assert deal.origins["goods[1].hs"].how == "zeros that a number loses were put back"
    assert any("formulas" in note for note in found.notes)
    assert [(part.at, part.text) for part in found.unread] == [("Sheet1!E2", "a formula")], "it was never computed"


def bomb(**parts):
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            package.writestr(name, content)
    return held.getvalue()


def lying(content):
    """Say in the directory that the sheet is small."""
    at = content.rindex(b"PK\x01\x02")
    return content[: at + 24] + (100).to_bytes(4, "little") + content[at + 28 :]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (bomb(**{"xl/worksheets/sheet1.xml": b"0" * (64 << 20)}), "times its size"),
        (lying(bomb(**{"xl/worksheets/sheet1.xml": b"0" * 100_000})), "more than its directory says"),
        (bomb(**{"xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'}), "entities"),
        (bomb(**{"xl/a.xml": b""})[:60], "damaged zip"),
        (b"PK\x03\x04xl/", "damaged zip"),
    ],
    ids=["ratio", "a directory that lies", "entities", "cut off", "no package"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(content, told):
    with pytest.raises(SourceError, match=told):
        xlsx_table(lambda: BytesIO(content), "m.xlsx", len(content))


def test_a_cell_in_the_last_corner_costs_no_memory():
    book = Workbook()
    book.active.append(["HS code", "Description", "Shipper"])
    book.active["XFD1048576"] = 1
    held = BytesIO()
    book.save(held)
    with pytest.raises(SourceError, match="at most"):
        read_paper(held.getvalue(), "m.xlsx", GAZETTEER)


def test_rows_of_a_number_that_lie_apart_come_together(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text(HEAD + "\n" + "".join(f"{n % 3},Firm,coal,2701.11,{n},Rajin\n" for n in range(9)), encoding="utf-8")
    from openembargo.jobs.map_columns import mapping_of
    from openembargo.papers.table_rows import RowReader

    mapping = mapping_of(str(path))
    reader = RowReader(open_table(str(path), mapping), mapping, GAZETTEER)
    found = census(reader)
    assert (found.rows, found.groups, found.together) == (9, 3, False)
    groups = list(rows_together(reader, found, tmp_path))
    assert [[row.number for row in group] for group in groups] == [[2, 5, 8], [3, 6, 9], [4, 7, 10]]


def test_rows_of_one_number_that_go_to_different_places_are_judged_apart():
    found = paper(f"{HEAD}\n1,A,coal,2701.11,5,Rajin\n1,A,ore,2601.11,5,Vladivostok\n".encode())
    assert [deal.route["to"] for deal in found.deals] == ["KPRJN", "RUVVO"]
    assert any("judged apart" in note for note in found.notes)


def test_a_mapping_is_saved_edited_and_used(tmp_path):
    source = tmp_path / "m.csv"
    source.write_text("Ref;Was;Code;Menge\n1;coal;2701.11;5\n", encoding="utf-8")
    target = tmp_path / "map.toml"
    assert run.invoke(app, ["cargo", str(source), "--save-mapping", str(target)]).exit_code == 0
    text = target.read_text(encoding="utf-8").replace('"Was", fact = ""', '"Was", fact = "goods.description"')
    target.write_text(text + '\n[constant]\n"route.mode" = "rail"\n"party.shipper.country" = "KP"\n', encoding="utf-8")
    mapping = read_mapping_file(target)
    deal = paper_of_table(open_table(str(source), mapping), GAZETTEER, mapping).deals[0]
    assert deal.goods[0]["description"] == "coal"
    assert deal.route["mode"] == "rail"
    assert deal.party == ({"role": "shipper", "country": "KP"},)
    write_mapping_file(target, mapping)
    assert read_mapping_file(target) == mapping


@pytest.mark.parametrize(
    ("table_", "told"),
    [
        ({"column": [{"name": "A", "fact": "goods.hscode"}]}, "did you mean"),
        ({"column": [{"name": "A", "fact": "party.name"}]}, "role"),
        ({"column": [{"name": "A", "fact": "goods.hs", "unti": "kg"}]}, "unknown key"),
        ({"column": []}, "no columns"),
        ({"column": [{"name": "A", "fact": ""}], "constant": {"route.mode": "balloon"}}, "balloon"),
    ],
)
def test_a_wrong_mapping_is_refused(table_, told):
    with pytest.raises(InputError, match=told):
        read_mapping(table_, "map.toml")


def test_a_value_without_a_currency_is_left():
    found = paper(b"B/L No,Description,HS code,Value\n1,coal,2701.11,500\n")
    assert "value_usd" not in found.deals[0].goods[0]
    assert any("no currency" in line for line in found.columns)


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\tx", "\rx"])
def test_a_formula_is_written_as_text(cell):
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-12.5", "+7", "plain", "a=b", 5, None])
def test_a_number_or_plain_text_is_written_as_it_is(cell):
    assert neutral(cell) == cell


def test_decide_batch_writes_no_formula(tmp_path):
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        'id,on,seen_from,conduct,hs,x_note,quantity\n"=A1",2017-02-03,RU,import,2701.11,@x,-5\n', encoding="utf-8"
    )
    assert run.invoke(app, ["decide-batch", str(source), str(target)]).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    refused = list(csv.DictReader(io.StringIO((tmp_path / "out.rejects.csv").read_text(encoding="utf-8"))))
    assert (rows[0]["id"], rows[0]["x_note"]) == ("'=A1", "'@x")
    assert (refused[0]["id"], refused[0]["found"]) == ("'=A1", "-5")


def test_letters_of_columns():
    assert [letters(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


@settings(max_examples=300, deadline=5000)
@given(st.binary(max_size=400))
def test_whatever_bytes_a_csv_holds_it_is_read_or_refused_by_name(content):
    try:
        paper(HEAD.encode() + b"\n" + content)
    except OpenembargoError:
        return


@settings(max_examples=100, deadline=5000)
@given(st.binary(max_size=300), st.integers(0, 5000))
def test_whatever_bytes_a_workbook_holds_it_is_read_or_refused_by_name(noise, at):
    content = WORKBOOK[: at % len(WORKBOOK)] + noise + WORKBOOK[at % len(WORKBOOK) + len(noise) :]
    try:
        read_paper(content, "m.xlsx", GAZETTEER)
    except OpenembargoError:
        return


def _workbook():
    book = Workbook()
    book.active.append(["HS code", "Description", "Shipper"])
    book.active.append(["2701.11", "coal", "Firm"])
    held = BytesIO()
    book.save(held)
    return held.getvalue()


WORKBOOK = _workbook()


def test_the_guess_says_why():
    source = table(b"Flange,Code,Nr\n" + b"".join(b"%d,2701.11,9074729\n" % n for n in range(20)))
    uses = {use.name: use for use in guess(source, GAZETTEER).columns}
    assert (uses["Code"].fact, uses["Nr"].fact, uses["Flange"].fact) == ("goods.hs", "vessel.imo", "")
    assert "look like" in uses["Code"].why
