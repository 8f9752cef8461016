"""Names looked up on many days: what saves building an index for each of them changes no decision, and misses no alert."""

from datetime import date
from random import Random

import pytest

from openembargo.jobs import look_up
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.look_up import UN_LIST, ListLook
from openembargo.storage import list_archive

from .test_loaded_list import MADE_UP, paid

DAYS = ("2005-01-01", "2012-12-30", "2012-12-31", "2019-01-01", "2021-06-01")
NAMES = (
    "Qorban Example Testwala", "Korban Exampel Testwala", "Example Mountain Front", "Mountain Front of Example", "Exampl Harbor Co",
    "Plainly Nobody Ltd", "Example", "Person Example", "리제선", "Zbigniew Quaxly", "Harbour",
)  # fmt: skip


def alerts(look, regimes, deal):
    return [
        (regime.id, alert.ref, alert.certain, alert.score)
        for regime in regimes
        for alert in look.alerts(regime, "party", deal.party[1], deal.on)
    ]


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    (tmp_path / "list.xml").write_text(MADE_UP, encoding="utf-8")
    load_files([tmp_path / "list.xml"])


def whole(monkeypatch):
    """A look that builds the index of every day."""
    monkeypatch.setattr(ListLook, "_is_nobody_ever", lambda self, query: False)
    return ListLook()


@pytest.mark.parametrize("kind", ["person", "company", "armed_group"])
def test_a_name_that_is_nobody_ever_alerts_on_no_day(loaded, whole_book, monkeypatch, kind):
    deals = [paid(day, name=name, kind=kind) for name in NAMES for day in DAYS]
    look = ListLook()
    quick = [alerts(look, whole_book.regimes, deal) for deal in deals]
    thorough = whole(monkeypatch)
    assert quick == [alerts(thorough, whole_book.regimes, deal) for deal in deals]
    assert any(quick)


@pytest.mark.parametrize("kind", ["person", "company", "armed_group"])
def test_looking_over_time_misses_no_alert(loaded, whole_book, kind):
    look = ListLook()
    over = look.over_time()
    for name in NAMES:
        for day in DAYS:
            deal = paid(day, name=name, kind=kind)
            exact = {(regime, ref) for regime, ref, *_ in alerts(look, whole_book.regimes, deal)}
            assert exact <= {(regime, ref) for regime, ref, *_ in alerts(over, whole_book.regimes, deal)}


def test_days_of_a_deal_are_those_of_the_listings_that_its_names_resemble(loaded):
    look = ListLook()
    days = look.list_days(paid("2019-01-01", name="Example Harbour Company", kind="company"))
    assert date(2018, 2, 23) in days
    assert date(2001, 2, 23) not in days
    assert look.list_days(paid("2019-01-01", name="Zbigniew Quaxly", kind="person")) == ()


def test_indexes_of_a_few_states_are_kept(loaded, whole_book):
    look = ListLook()
    for year in range(2001, 2021):
        for month in (1, 7):
            alerts(
                look, whole_book.regimes, paid(f"{year}-{month:02}-01", name="Qorban Example Testwala", kind="person")
            )
    assert 1 < len(look._by_state) <= look_up.KEPT_STATES
    assert len(look._state_list) <= 5


def test_on_the_real_list_no_alert_is_lost(reference, whole_book, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    load_files([next((reference / "lists" / "un").glob("consolidated_2017-06-2*"))])
    entries = list_archive.snapshots(UN_LIST)[0].publication.entries
    draw = Random(7)
    names = [name.text for entry in draw.sample(entries, 60) for name in entry.names[:2]]
    misspelt = [name[:at] + name[at + 1 :] for name in names for at in [draw.randrange(len(name))]]
    look, days = ListLook(), ("2012-05-05", "2017-02-03")
    deals = [paid(day, name=name, kind="person") for name in misspelt for day in days]
    quick = [alerts(look, whole_book.regimes, deal) for deal in deals]
    thorough = whole(monkeypatch)
    assert quick == [alerts(thorough, whole_book.regimes, deal) for deal in deals]
    assert sum(map(bool, quick)) > len(misspelt) / 3
