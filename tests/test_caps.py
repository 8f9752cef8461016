"""Caps: what was reported adds up with bounds, as known on any day; pending deals cannot use the same remainder."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.decisions.cap_ledger import Notification, account, months_of
from openembargo.decisions.cap_rows import read_notifications
from openembargo.jobs import check_log
from openembargo.jobs.decide_deal import Request
from openembargo.jobs.keep_caps import CapDesk, barrel_factors
from openembargo.jobs.keep_record import RecordDesk
from openembargo.jobs.law_books import book_of
from openembargo.jobs.replay_decision import replay
from openembargo.law.model import CapPeriod
from openembargo.storage.example_files import read_example
from openembargo.storage.settings import today
from openembargo.storage.store import open_store
from openembargo.terms.errors import InputError

from .conftest import ROOT
from .stores import KINDS, fresh_address

COAL, REFINED = "coal-2321", "refined-2397"
HEAD = "cap,kind,state,period,quantity,unit,value_usd,product,reported,source\n"
FAR = date(2026, 11, 25)


@pytest.fixture(scope="module")
def book():
    return book_of(())


@pytest.fixture(params=KINDS)
def store(request, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path / "home"))
    with fresh_address(request.param, tmp_path) as address:
        held = open_store(address)
        yield held
        held.close()


def filled(store, book, tmp_path, rows=""):
    desk = CapDesk(store, book)
    for name in ("coal", "petroleum"):
        desk.load(ROOT / "examples" / "caps" / f"{name}.csv", "a clerk")
    if rows:
        (tmp_path / "more.csv").write_text(HEAD + rows, encoding="utf-8")
        desk.load(tmp_path / "more.csv", "a clerk")
    return desk


@pytest.mark.parametrize(
    ("cap", "on", "known_on", "unit", "low", "high", "status"),
    [
        (COAL, "2016-12-31", FAR, "usd", "183890000", "183890000", "over"),
        (COAL, "2016-12-31", FAR, "t", "2000000", "2000000", "over"),
        (COAL, "2016-12-31", date(2017, 2, 20), "usd", "0", "0", "unknown"),
        (COAL, "2017-04-30", date(2017, 6, 30), "usd", "231560000", "231560000", "within"),
        (COAL, "2017-04-30", date(2017, 6, 30), "t", "2676342", "2676342", "within"),
        (COAL, "2017-12-31", FAR, "usd", "369660000", "369660000", "within"),
        (REFINED, "2018-06-30", date(2018, 12, 31), "bbl", None, None, "within"),
        (REFINED, "2019-06-30", FAR, "bbl", None, None, "unknown"),
    ],
)
def test_what_is_used_as_known_on_a_day(  # noqa: PLR0913
    book, tmp_path, monkeypatch, cap, on, known_on, unit, low, high, status
):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    store = open_store(f"sqlite:///{tmp_path}/desk.db")
    found = filled(store, book, tmp_path).account(cap, date.fromisoformat(on), known_on)
    one = next(row for row in found.standings if row.unit == unit)
    if low is not None:
        assert (one.low, one.high) == (Decimal(low), Decimal(high))
    else:
        assert one.low < one.high
    assert one.status == status
    store.close()


def test_the_published_shares_of_the_coal_cap(store, book, tmp_path):
    desk = filled(store, book, tmp_path)
    december = desk.account(COAL, date(2016, 12, 31), FAR)
    spring = desk.account(COAL, date(2017, 4, 30), date(2017, 6, 30))
    autumn = desk.account(COAL, date(2017, 8, 31), date(2017, 9, 26))
    shares = [
        next(round(row.share(row.low), 2) for row in one.standings if row.unit == unit)
        for one, unit in ((december, "usd"), (spring, "usd"), (spring, "t"), (autumn, "usd"))
    ]
    assert shares == [Decimal(text) for text in ("343.75", "57.76", "35.68", "92.21")]
    dollars = next(row for row in autumn.standings if row.unit == "usd")
    assert [share for share, _ in dollars.reached] == [75, 90]


def test_tonnes_and_barrels_published_for_one_year_lie_within_the_band(book):
    # 2019: 30,180 t and 277,365 barrels were published for the same deliveries
    pair = Notification(
        REFINED, "report", "RU", date(2019, 1, 1), date(2019, 12, 31), Decimal(30180), "t", None, "", FAR, "x"
    )
    cap = next(cap for regime in book.regimes for cap in regime.caps if cap.id == REFINED)
    one = account(cap, [pair], date(2019, 5, 1), FAR, barrel_factors()).standings[0]
    assert one.low <= 277365 <= one.high


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        (f"{REFINED},report,RU,2020-01,100,bbl,,diesel,2020-02-10,a\n", []),
        (f"{REFINED},report,RU,2020-01,100,bbl,,diesel,2020-03-10,a\n", ["late"]),
        (
            f"{REFINED},report,RU,2020-01,100,bbl,,diesel,2020-02-10,a\n"
            f"{REFINED},report,RU,2020-01,120,bbl,,diesel,2020-02-20,b\n",
            ["revised"],
        ),
        (
            f"{REFINED},report,RU,2020-01,100,bbl,,diesel,2020-02-10,a\n"
            f"{REFINED},report,RU,2020-01,100,bbl,,diesel,2020-02-20,b\n",
            ["duplicate"],
        ),
        (
            f"{REFINED},report,RU,2020-01,100,bbl,,diesel,2020-02-10,a\n"
            f"{REFINED},report,RU,2020-03,100,bbl,,diesel,2020-04-10,b\n",
            ["missing"],
        ),
        (f"{REFINED},report,RU,2019-12-15..2020-01-15,100,bbl,,diesel,2020-01-20,a\n", ["outside"]),
        (
            f"{REFINED},report,RU,2020-01..2020-02,100,bbl,,,2020-03-10,a\n"
            f"{REFINED},report,RU,2020-02,60,bbl,,diesel,2020-03-10,b\n",
            ["overlap"],
        ),
        (f"{REFINED},report,RU,2020-01,,,,diesel,2020-02-10,a\n", ["no_amount"]),
    ],
)
def test_odd_reports_are_named(book, rows, kinds):
    found = read_notifications(HEAD + rows, "x.csv", {REFINED})
    cap = next(cap for regime in book.regimes for cap in regime.caps if cap.id == REFINED)
    held = account(cap, found, date(2020, 6, 1), date(2020, 4, 20), barrel_factors())
    assert [one.kind for one in held.remarks if one.kind != "missing" or "missing" in kinds] == kinds


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("nothing,report,RU,2020-01,1,bbl,,,2020-02-01,a", "line 2: cap"),
        (f"{REFINED},guess,RU,2020-01,1,bbl,,,2020-02-01,a", "line 2: kind"),
        (f"{REFINED},report,XX,2020-01,1,bbl,,,2020-02-01,a", "line 2: state"),
        (f"{REFINED},report,RU,2020-13,1,bbl,,,2020-02-01,a", "line 2: period"),
        (f"{REFINED},report,RU,2020-03..2020-01,1,bbl,,,2020-04-01,a", "line 2: period"),
        (f"{REFINED},report,RU,2020-01,-1,bbl,,,2020-02-01,a", "line 2: quantity"),
        (f'{REFINED},report,RU,2020-01,"1,5",bbl,,,2020-02-01,a', "line 2: quantity"),
        (f"{REFINED},report,RU,2020-01,NaN,bbl,,,2020-02-01,a", "line 2: quantity"),
        (f"{REFINED},report,RU,2020-01,1,barrels,,,2020-02-01,a", "line 2: unit"),
        (f"{REFINED},report,RU,2020-01,1,,,,2020-02-01,a", "line 2: unit"),
        (f"{REFINED},report,RU,2020-01,1,bbl,,rum,2020-02-01,a", "line 2: product"),
        (f"{REFINED},report,RU,2020-01,1,bbl,,,soon,a", "line 2: reported"),
        (f"{REFINED},report,RU,2020-01,1,bbl,,,2019-02-01,a", "line 2: reported"),
        (f"{REFINED},report,RU,2020-01,1,bbl,,,2020-02-01,", "line 2: source"),
        (f"{REFINED},notice,,2020-01,95,bbl,,,2020-02-01,a", "line 2: unit"),
        (f"{REFINED},report,RU,2020-01,1,bbl,,,2020-02-01,a,more", "line 2"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_taken_in(book, tmp_path, monkeypatch, row, where):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    store = open_store(f"sqlite:///{tmp_path}/desk.db")
    desk = CapDesk(store, book)
    good = f"{REFINED},report,RU,2020-02,1,bbl,,,2020-03-01,a\n"
    (tmp_path / "x.csv").write_text(f"{HEAD}{row}\n{good}", encoding="utf-8")
    with pytest.raises(InputError, match=where):
        desk.load(tmp_path / "x.csv", "a clerk")
    assert desk.account(REFINED, date(2020, 6, 1)).counted == ()
    store.close()


def refined(reference, barrels, on):
    return replace(
        read_example("rail-cargo"),
        top={"id": reference, "on": on, "seen_from": "RU", "conduct": ("export",)},
        goods=({"product": "diesel", "hs": "2710.19", "quantity": Decimal(barrels), "unit": "bbl"},),
    )


def test_two_pending_deals_cannot_use_the_same_remainder(store, book, tmp_path):
    on = today()
    rows = f"{REFINED},report,RU,{on.year}-01,400000,bbl,,diesel,{on.year}-02-01,made up\n"
    desk = filled(store, book, tmp_path, rows)

    def held(number):
        try:
            return desk.reserve(refined(f"D-{number}", 60000, on), "a clerk")
        except InputError as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(held, range(4)))
    assert sum(not isinstance(one, InputError) for one in found) == 1
    assert all("surely left" in str(one) for one in found if isinstance(one, InputError))
    assert check_log.check(store).faults == ()
    first = next(one for one in found if not isinstance(one, InputError))
    desk.release(first.id, "a clerk", "the buyer withdrew")
    assert desk.reserve(refined("D-9", 60000, on), "a clerk").amounts == {"bbl": Decimal(60000)}
    with pytest.raises(InputError, match="holds a reservation already"):
        desk.reserve(refined("D-9", 1, on), "a clerk")


def test_the_ledger_feeds_the_decision_and_the_record_replays(store, book, tmp_path):
    filled(store, book, tmp_path)
    desk = RecordDesk(store)
    coal = read_example("coal")
    bare = replace(coal, top={**coal.top, "on": date(2017, 7, 15)}, facts={
        name: value for name, value in coal.facts.items() if not name.startswith("total_")
    })  # fmt: skip
    kept = desk.decide(bare, Request(), "a clerk")
    assert kept.answer.deal.facts["total_used_t"] == Decimal(2676342)
    assert kept.answer.deal.facts["total_used_usd"] == Decimal(231560000)
    assert replay(store, kept.id).same
    stated = desk.decide(coal, Request(), "a clerk")
    assert stated.answer.deal.facts == coal.facts


def test_a_notice_stops_deals(store, book, tmp_path):
    rows = f"{COAL},notice,,2017-07-01..2017-07-01,95,percent,,,2017-07-02,made up\n"
    filled(store, book, tmp_path, rows)
    coal = read_example("coal")
    desk = RecordDesk(store)
    said = {n: v for n, v in coal.facts.items() if n != "stop_notice" and not n.startswith("total_")}
    deals = [replace(coal, top={**coal.top, "on": day}, facts=said) for day in (date(2017, 7, 1), date(2017, 7, 3))]
    before, after = (desk.decide(deal, Request(), "a clerk").answer for deal in deals)
    assert "stop_notice" not in before.deal.facts
    assert after.deal.facts["stop_notice"] is True
    assert after.outcome == "prohibited"


MONTHS = months_of(date(2020, 1, 1), date(2020, 12, 31))
REPORTS = st.lists(
    st.builds(
        lambda state, month, amount, unit, lag: Notification(
            REFINED, "report", state, month, month + timedelta(days=27), Decimal(amount), unit, None, "", month + timedelta(days=27 + lag), "x"
        ),
        st.sampled_from(["RU", "CN"]),
        st.sampled_from(MONTHS),
        st.integers(0, 90000),
        st.sampled_from(["bbl", "t"]),
        st.integers(0, 200),
    ),
    max_size=20,
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(REPORTS, st.integers(0, 500), st.integers(0, 500))
def test_what_always_holds_of_an_account(book, reports, some, more):
    cap = next(cap for regime in book.regimes for cap in regime.caps if cap.id == REFINED)
    days = sorted(date(2020, 1, 1) + timedelta(days=n) for n in (some, more))
    early, late = (account(cap, reports, date(2020, 6, 1), day, barrel_factors()) for day in days)
    for held in (early, late):
        one = held.standings[0]
        assert one.low <= one.high
        assert (one.status == "over") == (one.low > one.limit)
        matters = [n.matter for n in held.counted]
        assert len(set(matters)) == len(matters)
        assert all(n.reported_on <= held.known_on for n in held.counted)
    assert len(late.counted) >= len(early.counted)
    assert isinstance(late.period, CapPeriod)
    again = account(cap, list(reversed(reports)), date(2020, 6, 1), days[1], barrel_factors())
    same_day = len({(n.matter, n.reported_on) for n in reports}) < len(reports)
    assert same_day or again.standings == late.standings


def test_the_commands(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    run = CliRunner().invoke
    assert "coal-2321" in run(app, ["caps", "list"]).output
    assert "--by" in run(app, ["caps", "load", str(ROOT / "examples/caps/coal.csv")]).output
    done = run(app, ["caps", "load", str(ROOT / "examples/caps/coal.csv"), "--by", "a clerk"])
    assert "7 new rows, 0 held already" in done.output
    shown = run(app, ["caps", "show", COAL, "--on", "2016-12-31", "--html", str(tmp_path / "x.html")]).output
    assert "Over the cap: 183,890,000 of 53,495,894 USD (343.75 %)" in shown
    assert "<svg" in (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "No measure opens" not in shown
    later = run(app, ["caps", "show", COAL, "--on", "2026-11-25"]).output
    assert "un.dprk.2321.26 held until 2017-08-04, ended by un.dprk.2371.8" in " ".join(later.split())
    assert run(app, ["caps", "show", "coal"]).exit_code != 0
    assert "No deal holds anything" in run(app, ["caps", "reservations"]).output


@pytest.mark.parametrize(
    ("cap", "on", "lapsed"),
    [
        ("coal-2321", "2016-12-31", False),
        ("coal-2321", "2017-08-04", False),
        ("coal-2321", "2017-08-05", True),
        ("refined-2397", "2026-11-25", False),
        ("crude-2397", "2026-11-25", False),
    ],
)
def test_a_cap_that_no_measure_opens_any_more_permits_nothing(book, cap, on, lapsed):
    store = None  # what opens a cap is told by the book alone
    assert bool(CapDesk(store, book).lapse(cap, date.fromisoformat(on))) == lapsed
