"""Every case beside the law is met, and every public case of the reference."""

import re
import tomllib
from decimal import Decimal

import pytest

from openembargo.decisions.cases import failures, read_cases, read_expect, run_case
from openembargo.decisions.decide import Options
from openembargo.jobs.check_law import check_law
from openembargo.law.check_links import provision_ids
from openembargo.storage.regime_files import BUILT_IN, read_folder
from openembargo.terms.read_deal import read_deal

FOLDER = BUILT_IN / "un" / "dprk"
FILES = {n: t for n, t in read_folder(FOLDER, with_cases=True).items() if n.startswith("cases/")}
CASES = [case for name, text in FILES.items() for case in read_cases(name, text)[0]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.covers.removeprefix('un.dprk.')}: {case.name}")
def test_case(decider, case):
    assert run_case(decider, case) == ()


def test_there_are_enough_cases_and_each_name_stands_once_in_its_file():
    assert len(CASES) >= 250
    named = [(case.where.split(" case[")[0], case.name) for case in CASES]
    assert len(set(named)) == len(named)


def test_every_deciding_measure_has_a_case_inside_and_one_outside_or_at_its_edge(book):
    for measure in book.regimes[0].measures:
        if measure.effect != "prohibits":
            continue
        aspects = {case.aspect for case in CASES if case.covers == measure.id or measure.id in case.expect.cites}
        assert aspects & {"inside", "first_day", "last_day"}, f"{measure.id} has no case inside"
        own = {case.aspect for case in CASES if case.covers == measure.id}
        assert own & {"outside", "day_after", "first_day"}, f"{measure.id} has no case at its edge"


def test_law_check_finds_no_mistake():
    folders = sorted(f"un.{path.parent.name}" for path in (BUILT_IN / "un").glob("*/regime.toml"))
    assert len(folders) == 20
    assert sorted(one.regime.id for one in check_law()) == folders


def public_cases(reference):
    return sorted((reference / "contract" / "public").glob("*.toml"))


def test_public_cases(decider, reference):
    wrong = []
    paths = public_cases(reference)
    assert len(paths) >= 40
    for path in paths:
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        expect = read_expect(table.pop("expect"), path.name)
        answer = decider.decide(read_deal(table, path.name), Options())
        wrong += [f"{path.stem}: {failure}" for failure in failures(answer, expect)]
    assert wrong == []


def test_no_row_of_the_reference_is_lost(book, reference):
    rows = tomllib.loads((reference / "law" / "measures.toml").read_text(encoding="utf-8"))["measure"]
    encoded = {name for name, _ in provision_ids(book.regimes[0])}
    assert [row["id"] for row in rows if row["id"] not in encoded] == []


def test_counts_of_listed_parties(book):
    regime = book.regimes[0]
    on = [p for p in regime.parties if p.listed_on.isoformat() <= "2017-02-03"]
    assert sum(p.kind == "person" for p in on) == 39
    assert sum(p.kind == "entity" for p in on) == 42
    assert len(regime.parties) == 155


def test_imo_numbers_have_their_check_digit(book):
    for vessel in book.regimes[0].vessels:
        digits = [int(d) for d in vessel.imo]
        assert len(digits) == 7
        assert sum(d * w for d, w in zip(digits, range(7, 1, -1), strict=False)) % 10 == digits[6], vessel.names[0]


def test_no_host_or_quotation_in_the_law():
    for name, text in read_folder(FOLDER, with_cases=True).items():
        assert not re.search(r"https?://|www\.", text), name
