"""Papers: what is read, where it stood, what is asked, and what is refused."""

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


def paper(name):
    return read_paper((PAPERS / name).read_bytes(), name, open_gazetteer())


def test_a_payment_keeps_where_each_fact_stood():
    deal = paper("payment.mt103").deals[0]
    content = (PAPERS / "payment.mt103").read_bytes()
    assert deal.top["conduct"] == ("transfer_funds",)
    assert deal.on.isoformat() == "2017-02-03"
    assert deal.party[0]["name"] == "TANCHON COMMERCIAL BANK"
    assert deal.party[0]["located_in"] == "KP"
    at = deal.origins["party[0].name"].at
    start, end = map(int, at.partition("bytes ")[2].split("-"))
    assert b"TANCHON COMMERCIAL BANK" in content[start:end]


def test_a_payment_by_a_listed_bank_hangs_on_what_the_money_is_for():
    done = run.invoke(app, ["decide", str(PAPERS / "payment.mt103"), "--json"])
    answer = json.loads(done.stdout)
    assert done.exit_code == 11
    assert answer["between"] == ["permitted_with_conditions", "prohibited"]
    assert "facts.basic_expenses" in [one["fact"] for one in answer["missing"]]
    assert any(finding["provision"] == "un.dprk.1718.8-d" for finding in answer["findings"])
    assert answer["read_from"]["party[0].name"]["at"].startswith(":50K:")


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        (b":50K:", b":77B:", "50A, 50F or 50K"),
        (b"170203USD48500,00", b"170231USD48500,00", "YYMMDD"),
        (b"-}", b"", "does not end"),
    ],
)
def test_a_damaged_payment_is_refused_by_name(wrong, right, told):
    content = (PAPERS / "payment.mt103").read_bytes().replace(wrong, right)
    with pytest.raises(SourceError, match=told):
        read_paper(content, "payment.mt103", open_gazetteer())


def test_whoever_decides_a_table_is_told_what_was_not_read_of_it():
    """A cell that was not read leaves its fact open: the deal that lacks it says so, and no other."""
    done = run.invoke(app, ["decide", str(PAPERS / "manifest.csv"), "--seen-from", "RU", "--json"])
    told = {one["id"]: one["warnings"] for one in json.loads(done.stdout)}
    assert [number for number, warnings in told.items() if any("'25191'" in one for one in warnings)] == ["RJN-003"]
    assert all(any("cells are parted by ';'" in one for one in warnings) for warnings in told.values())


def test_a_row_that_is_no_row_is_told_with_every_deal(tmp_path):
    """Nobody knows to which deal it belonged."""
    path = tmp_path / "manifest.csv"
    content = (PAPERS / "manifest.csv").read_bytes().replace(b"Amur", "Größe".encode())
    path.write_bytes(content + b"RJN-009;2017-09-20;\xff\xfe\n")
    done = run.invoke(app, ["decide", str(path), "--seen-from", "RU", "--json"])
    answers = json.loads(done.stdout)
    told = [one for answer in answers for one in answer["warnings"] if "not read at all" in one]
    assert len(told) == len(answers)
    assert "row 8 (" in told[0]


def test_a_warning_that_all_deals_share_is_printed_once_and_the_outcomes_are_counted():
    done = run.invoke(app, ["decide", str(PAPERS / "manifest.csv"), "--seen-from", "RU"])
    assert done.output.count("the heading is row 2") == 1
    assert done.output.rstrip().endswith("4 deals: 2 prohibited, 1 undetermined, 1 permitted.")


@pytest.mark.parametrize("command", ["read", "decide", "cargo"])
def test_a_table_of_which_no_column_is_known_is_refused(tmp_path, command):
    """Its rows would be deals of which nothing is known."""
    path = tmp_path / "m.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    done = run.invoke(app, [command, str(path), "--on", "2017-09-20"])
    assert done.exit_code == 2
    assert "no column of it is known: 'a', 'b'" in " ".join(done.output.split())


def test_a_guessed_encoding_shows_words_by_which_it_can_be_judged():
    text = (PAPERS / "bill-of-lading.txt").read_text(encoding="utf-8").replace("Iron ore", "Железорудный концентрат")
    found = read_paper(text.encode("cp1251"), "bill.txt", open_gazetteer())
    assert "read as cp1251 (likeliest encoding), such as “Железорудный" in found.notes[0]


def test_an_xml_bomb_is_refused_in_plain_words():
    bomb = (
        b'<!DOCTYPE lol [<!ENTITY l "lol">]><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    )
    with pytest.raises(SourceError, match=r"document type \('lol'\)"):
        read_paper(bomb, "bomb.xml", open_gazetteer())
