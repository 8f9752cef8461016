"""The loaded list of the Security Council tells under which regime a party stands."""

from datetime import date

import pytest

from openembargo.decisions.decide import Decider, Options
from openembargo.jobs.keep_lists import grouped, load_files
from openembargo.jobs.look_up import ListLook, View, asked_print, entry_print, query_of
from openembargo.storage.dispositions import Disposition
from openembargo.terms.deal import Deal

PERSON = """<INDIVIDUAL><DATAID>{id}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{first}</FIRST_NAME><SECOND_NAME>{second}</SECOND_NAME>
<THIRD_NAME>{third}</THIRD_NAME><UN_LIST_TYPE>{type}</UN_LIST_TYPE><REFERENCE_NUMBER>{ref}</REFERENCE_NUMBER><LISTED_ON>{listed}</LISTED_ON>
<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1970-05-01</DATE></INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL>"""
ENTITY = """<ENTITY><DATAID>{id}</DATAID><VERSIONNUM>1</VERSIONNUM><FIRST_NAME>{name}</FIRST_NAME><UN_LIST_TYPE>{type}</UN_LIST_TYPE>
<REFERENCE_NUMBER>{ref}</REFERENCE_NUMBER><LISTED_ON>{listed}</LISTED_ON></ENTITY>"""
MADE_UP = (
    '<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2020-06-01T10:00:00"><INDIVIDUALS>'
    + PERSON.format(id=1, first="Qorban", second="Example", third="Testwala", type="Taliban", ref="TAi.901", listed="2001-02-23")
    + PERSON.format(id=2, first="Example", second="Person", third="", type="Al-Qaida", ref="QDi.901", listed="2003-02-23")
    + "</INDIVIDUALS><ENTITIES>"
    + ENTITY.format(id=3, name="Example Mountain Front", type="DRC", ref="CDe.901", listed="2012-12-31")
    + ENTITY.format(id=4, name="Example Harbour Company", type="Yemen", ref="YEe.901", listed="2018-02-23")
    + "</ENTITIES></CONSOLIDATED_LIST>"
)  # fmt: skip


@pytest.fixture
def decider(whole_book, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    (tmp_path / "list.xml").write_text(MADE_UP, encoding="utf-8")
    load_files([tmp_path / "list.xml"])
    return Decider(whole_book, ListLook())


def paid(on: str, **payee: object) -> Deal:
    return Deal(
        top={"on": date.fromisoformat(on), "seen_from": "DE", "conduct": ("transfer_funds",)},
        party=({"role": "payer", "country": "DE", "designated": False}, {"role": "payee", **payee}),
        facts={"basic_expenses": False},
    )


COUNTRIES = {"TAi.901": "AF", "CDe.901": "CD", "YEe.901": "YE"}


@pytest.mark.parametrize(
    ("name", "kind", "on", "freeze", "ref"),
    [
        ("Qorban Example Testwala", "person", "2019-01-01", "un.taliban.2255.1-a", "TAi.901"),
        ("Testwala, Qorban Example", "person", "2013-01-01", "un.taliban.1988.1-a", "TAi.901"),
        ("Qorban Example Testwala", "person", "2005-01-01", "un.taliban.1390.2-a", "TAi.901"),
        ("EXAMPLE MOUNTAIN FRONT", "armed_group", "2019-01-01", "un.drc.1596.15", "CDe.901"),
        ("Example Harbour Company", "company", "2019-01-01", "un.yemen.2140.11", "YEe.901"),
    ],
)
def test_the_list_type_names_the_freeze(decider, name, kind, on, freeze, ref):
    answer = decider.decide(paid(on, name=name, kind=kind, country=COUNTRIES[ref]))
    assert answer.outcome == "prohibited"
    assert {f.provision for f in answer.findings if f.kind == "asset_freeze"} == {freeze}
    assert [alert["ref"] for row in answer.screened for alert in row.alerts] == [ref]
    assert answer.warnings == ()


@pytest.mark.parametrize(
    ("name", "on"),
    [
        ("Example Mountain Front", "2012-12-30"),
        ("Example Harbour Company", "2018-02-22"),
        ("Plainly Nobody Ltd", "2019-01-01"),
    ],
)
def test_before_the_listing_and_for_others_nothing_is_frozen(decider, name, on):
    assert decider.decide(paid(on, name=name, kind="company")).outcome == "permitted"


def test_a_short_name_of_a_person_is_a_question_until_the_birth_date_agrees(decider):
    assert decider.decide(paid("2019-01-01", name="Example Person", kind="person")).outcome == "undetermined"
    born = decider.decide(paid("2019-01-01", name="Example Person", kind="person", born="1970-05-01"))
    assert born.outcome == "prohibited"
    other = decider.decide(paid("2019-01-01", name="Qorban Example Testwala", kind="person", born="1990-01-01"))
    assert other.outcome == "undetermined"


def test_a_party_said_to_be_listed_stands_where_its_name_does(decider):
    answer = decider.decide(
        paid("2019-01-01", name="Example Harbour Company", kind="company", country="AF", designated=True)
    )
    assert {f.provision for f in answer.findings if f.kind == "asset_freeze"} == {"un.yemen.2140.11"}
    assert answer.warnings == ()


def test_a_table_of_deals_finds_who_stands_on_the_loaded_list(whole_book, decider, tmp_path):
    pytest.importorskip("duckdb", reason="the extra `batch` is not installed")
    from openembargo.jobs.decide_batch import decide_batch

    rows = ["id,on,seen_from,conduct,payer_country,payee_name,payee_kind,basic_expenses"]
    rows += [
        f"{i},{day},DE,transfer_funds,DE,{name},company,false"
        for i, (name, day) in enumerate(
            [
                ("Example Harbour Company", "2018-02-22"),
                ("Example Harbour Company", "2018-02-23"),
                ("Exampel Harbor Company", "2019-02-23"),
                ("Plainly Nobody Ltd", "2019-02-23"),
            ]
        )
    ]
    (tmp_path / "in.csv").write_text("\n".join(rows) + "\n")
    for sql_from in (0, 1000):
        decide_batch(
            tmp_path / "in.csv",
            tmp_path / "out.csv",
            whole_book,
            Options(),
            tmp_path / "rejects.csv",
            sql_from=sql_from,
        )
        outcomes = [line.split(",")[2] for line in (tmp_path / "out.csv").read_text().splitlines()[1:]]
        assert outcomes == ["permitted", "prohibited", "undetermined", "permitted"]


def test_several_snapshots_are_loaded_one_by_one(tmp_path):
    names = [tmp_path / name for name in ("a.xml", "b.xml.gz", "c.json")]
    assert grouped(names) == tuple((name,) for name in names)
    tables = [tmp_path / name for name in ("SDN.CSV", "ALT.CSV", "ADD.CSV.gz")]
    assert grouped(tables) == (tuple(tables),)


def decision(name, entry, verdict="false_positive", day="2026-11-01", **prints):
    return Disposition(name, entry, verdict, "a reviewer", date.fromisoformat(day), "another registration", **prints)


def looking(whole_book, *decided):
    return Decider(whole_book, ListLook(View(View.now().snapshots, 0.45, decided)))


HARBOUR = {"name": "Example Harbour Company", "kind": "company"}


@pytest.mark.parametrize(
    ("decided", "known_on", "outcome"),
    [
        ((), None, "prohibited"),
        ((decision("Example Harbour Company", "YEe.901"),), None, "permitted"),
        ((decision("Example Harbour Company", "YEe.901"),), "2026-10-31", "prohibited"),
        ((decision("Example Harbour Company", "CDe.901"),), None, "prohibited"),
        ((decision("Another Company", "YEe.901"),), None, "prohibited"),
        ((decision("Example Harbour Company", "YEe.901", asked_print="of somebody else"),), None, "prohibited"),
        ((decision("Example Harbour Company", "YEe.901", entry_print="of an earlier listing"),), None, "prohibited"),
        ((decision("Example Harbour Company", "YEe.901", "unresolved"),), None, "prohibited"),
    ],
)
def test_what_people_decided_counts_for_past_deals_and_only_for_both_sides_as_they_were(
    whole_book, decider, decided, known_on, outcome
):
    options = Options(known_on=date.fromisoformat(known_on) if known_on else None)
    assert looking(whole_book, *decided).decide(paid("2019-01-01", **HARBOUR), options).outcome == outcome


def test_a_decision_bound_to_both_sides_counts_while_they_stand(whole_book, decider):
    entry = next(e for e in decider._look._state(date(2019, 1, 1)) if e.id == "YEe.901")
    prints = {"asked_print": asked_print(query_of("party", HARBOUR)), "entry_print": entry_print(entry)}
    told = looking(whole_book, decision("Example Harbour Company", "YEe.901", **prints))
    assert told.decide(paid("2019-01-01", **HARBOUR)).outcome == "permitted"
    assert told.decide(paid("2019-01-01", **HARBOUR, registration="4711")).outcome == "prohibited"


@pytest.mark.parametrize(("decided", "outcome"), [(False, "prohibited"), (True, "permitted")])
def test_a_person_may_tell_apart_whoever_bears_the_very_name_of_an_annex(whole_book, decider, decided, outcome):
    ruled = (decision("TANCHON COMMERCIAL BANK", "KPe.003"),) if decided else ()
    answer = looking(whole_book, *ruled).decide(paid("2019-01-01", name="Tanchon Commercial Bank", kind="bank"))
    assert answer.outcome == outcome
