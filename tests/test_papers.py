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
