"""For every format there is a sample that goes from bytes to the right determination, by the paragraph that it turns on."""

import pytest

from openembargo.jobs.decide_deal import Request, decide_one
from openembargo.jobs.read_paper import Seen, deals_of
from openembargo.papers.formats import FORMATS
from openembargo.papers.tables import PARQUET
from openembargo.storage.table_files import is_parquet
from openembargo.terms.errors import InputError

from .conftest import ROOT

PAPERS = ROOT / "examples" / "papers"
PROSE = "article-2017-02-03.txt"
SAMPLES = [
    ("bill-of-lading.txt", "text.document", "NSL-2017-0418", "undetermined", "un.dprk.2321.26"),
    ("bill.dcsa.json", "dcsa.bill", "BLLRJN0090", "prohibited", "un.dprk.2371.9"),
    ("bill.ubl.xml", "ubl.waybill", "BLLNAM044", "prohibited", "un.dprk.2371.9"),
    ("charter-hire.mt103", "swift.mt103", "HIRE-2018-0412", "prohibited", "un.dprk.2321.12"),
    ("credit.mt700", "swift.mt700", "LC-17-0912", "prohibited", "un.dprk.2371.8"),
    ("despatch.ubl.xml", "ubl.despatch", "DA-2019-77", "prohibited", "un.dprk.2397.7"),
    ("instruction.iftmin", "edifact.iftmin", "ELB18-0117", "prohibited", "un.dprk.2397.7"),
    ("invoice.ubl.xml", "ubl.invoice", "DG-2018-0304", "authorisation_required", "un.dprk.2375.16"),
    ("manifest.csv", "table.csv", "RJN-001", "prohibited", "un.dprk.2371.8"),
    ("manifest.csv", "table.csv", "RJN-002", "prohibited", "un.dprk.2371.9"),
    ("manifest.csv", "table.csv", "RJN-003", "undetermined", "un.dprk.2270.30"),
    ("manifest.csv", "table.csv", "DLC-004", "permitted", ""),
    ("manifest.cuscar", "edifact.cuscar", "BLLNAM001", "prohibited", "un.dprk.2371.8"),
    ("manifest.cuscar", "edifact.cuscar", "BLLPUS017", "undetermined", "un.dprk.2397.7"),
    ("order.pain001.xml", "iso20022.pain001", "CREW-03", "undetermined", "un.dprk.1718.8-d"),
    ("order.pain001.xml", "iso20022.pain001", "PILOT-17", "permitted", ""),
    ("payment.mt103", "swift.mt103", "TIMBER-17-0203", "undetermined", "un.dprk.1718.8-d"),
    ("payment.pacs008.xml", "iso20022.pacs008", "NORD-20190506-77-1", "undetermined", "un.dprk.1718.8-d"),
    ("rail-list.parquet", "table.parquet", "RW-51", "undetermined", "un.dprk.2375.16"),
    ("rail-list.parquet", "table.parquet", "RW-52", "permitted", ""),
    ("sea-waybill.pdf", "text.document", "HBR-7731", "prohibited", "un.dprk.2397.7"),
    ("stowage.xlsx", "table.xlsx", "QD-7701", "undetermined", "un.dprk.2321.26"),
    ("stowage.xlsx", "table.xlsx", "QD-7702", "permitted", ""),
    ("stowage.xlsx", "table.xlsx", "QD-7703", "permitted", ""),
]


@pytest.mark.parametrize(("name", "form", "number", "outcome", "provision"), SAMPLES, ids=lambda value: str(value))
def test_a_sample_gets_its_determination(whole_decider, name, form, number, outcome, provision):
    paper = deals_of(str(PAPERS / name), Seen(None, "RU"), whole_decider.book)
    deal = next(deal for deal in paper.deals if deal.top["id"] == number)
    answer = decide_one(whole_decider, deal, Request())
    assert (paper.format, answer.outcome) == (form, outcome)
    assert not provision or provision in {finding.provision for finding in answer.findings}


def test_no_sample_is_left_out(whole_decider):
    """Every sample has its row, and every deal of it."""
    for path in PAPERS.iterdir():
        if path.name == PROSE:
            with pytest.raises(InputError, match="Prose"):
                deals_of(str(path), Seen(), whole_decider.book)
            continue
        deals = deals_of(str(path), Seen(), whole_decider.book).deals
        assert {deal.top["id"] for deal in deals} == {row[2] for row in SAMPLES if row[0] == path.name}


def test_no_format_is_without_a_sample():
    heads = {path.name: path.read_bytes()[:4096] for path in PAPERS.iterdir()}
    read = {
        PARQUET[0] if is_parquet(head) else next(one.id for one in FORMATS if one.is_it(head, name.lower()))
        for name, head in heads.items()
    }
    assert read == {PARQUET[0], *(one.id for one in FORMATS)}
