"""Past decisions, decided again: with what was known then and now, and under law that nobody has approved yet."""

import shutil
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.review_decisions import edited, law_impact, look_back
from openembargo.storage.example_files import read_example
from openembargo.storage.regime_files import BUILT_IN
from openembargo.storage.store import open_store

from .test_desk_cases import payment
from .test_loaded_list import MADE_UP

EXAMPLES = ("coal", "gold", "flour", "titanium-metal")


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    held = open_store(f"sqlite:///{tmp_path}/desk.db")
    yield held
    held.close()


def recorded(store, names=EXAMPLES):
    desk = RecordDesk(store)
    return [desk.decide(read_example(name), Request(), "a clerk") for name in names]


def draft_of(folder, change):
    """Write a regime with a changed measure into a folder."""
    shutil.copytree(BUILT_IN / "un" / "dprk", folder / "un" / "dprk")
    path = folder / "un" / "dprk" / "measures" / change[0]
    text = path.read_text(encoding="utf-8")
    assert change[1] in text
    path.write_text(text.replace(change[1], change[2]), encoding="utf-8")
    return folder


def test_nothing_changed_nothing_differs(store):
    recorded(store)
    assert [one.changed for one in look_back(store, None, None)] == [False] * len(EXAMPLES)


def test_a_listing_that_was_loaded_later_shows(store, tmp_path):
    desk = RecordDesk(store)
    before = desk.decide(payment(), Request(), "a clerk")
    (tmp_path / "list.xml").write_text(MADE_UP, encoding="utf-8")
    load_files([tmp_path / "list.xml"])
    (found,) = look_back(store, None, None)
    assert found.recorded.id == before.id
    assert found.recorded.outcome != found.after
    assert found.changed


def test_the_days_choose_the_decisions(store):
    recorded(store, ("gold",))
    taken = date.today()  # noqa: DTZ011, TID251 - the record's own clock
    far = date(2001, 1, 1)
    assert len(list(look_back(store, far, None))) == 1
    assert list(look_back(store, None, far)) == []
    assert taken > far


def test_an_edited_regime_tells_which_decisions_it_changes(store, tmp_path):
    recorded(store)
    gold = read_example("gold").top["id"]
    draft = draft_of(
        tmp_path / "draft", ("2270-30.toml", "goods_in('gold-titanium-vanadium-rare-earth')", "goods_in('coal')")
    )
    assert [one.id for one in edited(draft)] == ["un.dprk"]
    found = {one.recorded.reference: one for one in law_impact(store, draft, None, None)}
    assert found[gold].changed
    assert (found[gold].before, "un.dprk.2270.30" in {s.provision for s in found[gold].shifts}) == ("prohibited", True)
    flour = read_example("flour").top["id"]
    assert not found[flour].changed


def test_nothing_is_written(store, tmp_path):
    recorded(store)
    with store.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*), max(seq) FROM log_entries").one()
    list(look_back(store, None, None))
    with store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*), max(seq) FROM log_entries").one() == before


def test_the_commands(store, tmp_path):
    recorded(store)
    run = CliRunner().invoke
    address = ["--store", f"sqlite:///{tmp_path}/desk.db"]
    done = run(app, ["review", *address])
    assert (done.exit_code, "4 decisions, 0 differ." in done.output) == (0, True)
    draft = draft_of(
        tmp_path / "draft", ("2270-30.toml", "goods_in('gold-titanium-vanadium-rare-earth')", "goods_in('coal')")
    )
    done = run(app, ["law", "impact", str(draft), *address])
    assert done.exit_code == 1
    assert "Edited: un.dprk." in done.output
    (tmp_path / "empty").mkdir()
    assert run(app, ["law", "impact", str(tmp_path / "empty"), *address]).exit_code not in (0, 1)


def test_a_deal_of_a_day_without_law_is_told(store):
    desk = RecordDesk(store)
    deal = read_example("coal")
    kept = desk.decide(replace(deal, top={**deal.top, "on": date(2017, 2, 3)}), Request(), "a clerk")
    (found,) = look_back(store, None, None)
    assert found.before == kept.answer.outcome
