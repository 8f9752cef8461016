"""A register watched: what an index finds is what asking every row again finds, whatever changed in law, lists and days."""

import json
import os
import shutil
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openembargo.jobs import watch_find, watch_marks
from openembargo.jobs.keep_lists import load_files
from openembargo.jobs.look_up import View
from openembargo.jobs.watch_marks import Moment
from openembargo.jobs.watch_register import load
from openembargo.law.book import Book
from openembargo.law.model import GoodsRow
from openembargo.storage import list_archive, register_rows
from openembargo.storage.book_shelf import open_book
from openembargo.storage.store import open_store
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError
from openembargo.terms.read_deal import read_deal

from .deals import DAYS, HEADINGS, REGIME, deals

WORDS = ("Kim", "Chol", "Ok", "Ri", "Testwala", "Harbour", "Mountain", "Trading", "Example", "Star", "Bank", "Front")
NAMES = st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True).map(" ".join)
BIRTHS = st.sampled_from(["", "1970", "1970-05-01", "1981-02-03"])
DAY = date(2019, 6, 1)
IRAN = open_book().regime("un.iran")
EXAMPLES = 400 if os.environ.get("OPENEMBARGO_SOAK") else 6


@st.composite
def named_rows(draw) -> Deal:
    """A customer or vessel as a register has it: a name, a birth date or number, and no day."""
    party = {"name": draw(NAMES), "kind": draw(st.sampled_from(["person", "company", "bank"]))}
    if draw(st.booleans()):
        party["born"] = draw(BIRTHS) or "1970"
    if draw(st.integers(0, 4)) == 0:
        return Deal(vessel=({"name": draw(NAMES), "imo": draw(st.sampled_from(["9074729", "9187629"]))},))
    payer = {"role": "payee", **party}
    return Deal(top={"conduct": ("transfer_funds",), "seen_from": "DE"}, party=(payer,))


@st.composite
def registered(draw) -> Deal:
    """A random deal, some with a name, some without a day of their own."""
    if draw(st.booleans()):
        return draw(named_rows())
    deal = draw(deals())
    try:
        read_deal(json.loads(json.dumps(deal.plain()), parse_float=Decimal))
    except InputError:
        deal = draw(named_rows())
    if draw(st.booleans()):
        deal = replace(deal, top={name: value for name, value in deal.top.items() if name != "on"})
    return deal


listings = st.lists(
    st.tuples(
        st.integers(1, 9), NAMES, st.sampled_from(["person", "entity", "vessel"]), BIRTHS, st.sampled_from(["", "9074729"])
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[0],
)  # fmt: skip


def csv_of(rows) -> str:
    head = "target_id,name,kind,dob,imo,program\n"
    return head + "".join(
        f"T{number},{name},{kind},{born},{imo if kind == 'vessel' else ''},DPRK\n"
        for number, name, kind, born, imo in rows
    )


def held(folder: Path, list_id: str, rows, published: date):
    """Load a list from rows and return its snapshot."""
    path = folder / f"{list_id}.csv"
    path.write_text(csv_of(rows), encoding="utf-8")
    return load_files([path], list_id, "watchlist", published, accept_shrink="a test").held


@st.composite
def edited(draw):
    """The regime with some of its law changed: measures dropped, cut short, widened; headings put in or taken out; parties."""
    regime = REGIME
    measures = list(regime.measures)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(measures) - 1))
        one = measures[place]
        how = draw(st.sampled_from(["drop", "ends", "routes", "effect"]))
        if how == "drop":
            del measures[place]
        elif how == "ends":
            last = one.versions[-1]
            day = draw(st.sampled_from([day for day in DAYS if day >= last.first_day] or [last.first_day]))
            measures[place] = replace(one, versions=(*one.versions[:-1], replace(last, last_day=day)))
        elif how == "routes":
            measures[place] = replace(one, exemptions=())
        else:
            measures[place] = replace(one, effect="duty" if one.effect == "prohibits" else "prohibits")
    lists = list(regime.goods_lists)
    for _ in range(draw(st.integers(0, 2))):
        place = draw(st.integers(0, len(lists) - 1))
        rows = list(lists[place].rows)
        if rows and draw(st.booleans()):
            del rows[draw(st.integers(0, len(rows) - 1))]
        else:
            heading = draw(st.sampled_from([*HEADINGS, "1101", "110100"]))
            rows.append(GoodsRow(heading, frozenset(), frozenset(), None, "act", "", "", ""))
        lists[place] = replace(lists[place], rows=tuple(rows))
    parties = list(regime.parties)
    if draw(st.booleans()):
        parties[0] = replace(parties[0], names=(draw(NAMES),))
    return replace(
        regime, measures=tuple(measures), goods_lists=tuple(lists), parties=tuple(parties), digest=f"{regime.digest}*"
    )


def plain(compared):
    return [(one.number, one.before, one.after) for one in compared.changes]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_index_finds_what_asking_every_row_finds(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("watched")
    lists = list_archive.folder()
    shutil.rmtree(lists, ignore_errors=True)
    store = open_store(f"sqlite:///{folder}/desk.db")
    try:
        rows = data.draw(st.lists(registered(), min_size=1, max_size=15))
        load(store, (("", deal) for deal in rows), "deal", "a test", "a test", DAY)
        with store.read() as connection:
            still = watch_marks.figures(connection, register_rows.mark(connection)["still"])
        old, new = data.draw(moments(folder, still))
        found, whole = watch_find.compare(store, old, new), watch_find.compare_all(store, old, new)
        assert plain(found) == plain(whole), found.suspected.causes
    finally:
        store.close()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(lists, ignore_errors=True)


@st.composite
def moments(draw, folder, still):
    """Two states of the world: lists that changed, law that was edited, a day that moved; each of them or not."""
    un = [held(folder, "un.consolidated", draw(listings), date(2018, 1, 1))]
    other = held(folder, "own", draw(listings), date(2018, 1, 1))
    old = Moment(
        Book((REGIME, IRAN)), View(tuple(un), 0.45, ()), {"own": (other,)}, draw(st.sampled_from([DAY, *DAYS])), still
    )
    new = old
    if draw(st.booleans()):
        un.append(held(folder, "un.consolidated", draw(listings), date(2019, 1, 1)))
        new = replace(new, view=replace(old.view, snapshots=tuple(un)))
    if draw(st.booleans()):
        later = held(folder, "own", draw(listings), date(2019, 1, 2))
        new = replace(new, others={"own": (other, later)})
    if draw(st.booleans()):
        new = replace(new, book=Book((draw(edited()), IRAN)))
    if draw(st.booleans()):
        new = new.on(old.day + timedelta(days=draw(st.integers(1, 700))))
    return old, new


def test_a_listing_finds_the_names_that_resemble_it_and_asks_no_others(tmp_path):
    """One entry more, a hundred customers: only the one that resembles it is asked, and it changes."""
    shutil.rmtree(list_archive.folder(), ignore_errors=True)
    store = open_store(f"sqlite:///{tmp_path}/desk.db")
    names = [f"{one} {other} {third}" for one in WORDS[:5] for other in WORDS[5:9] for third in WORDS[9:]]
    names.append("Qorbaan Testwalla Examplia")
    deals_ = [Deal(party=({"name": name, "kind": "person"},)) for name in names]
    load(store, ((str(at), deal) for at, deal in enumerate(deals_)), "customer", "a test", "a test", DAY)
    with store.read() as connection:
        still = watch_marks.figures(connection, register_rows.mark(connection)["still"])
    first = held(tmp_path, "own", [(1, "Somebody Else", "person", "", "")], date(2018, 1, 1))
    more = [(1, "Somebody Else", "person", "", ""), (2, "Qorban Testwala Example", "person", "", "")]
    second = held(tmp_path, "own", more, date(2019, 1, 1))
    old = Moment(Book((REGIME,)), View((), 0.45, ()), {"own": (first,)}, DAY, still)
    found = watch_find.compare(store, old, replace(old, others={"own": (first, second)}))
    assert [one.reference for one in found.changes] == [str(len(names) - 1)]
    assert found.suspected.asked < 5
    store.close()


@pytest.mark.parametrize("heading", [HEADINGS[0], HEADINGS[-1]])
def test_a_heading_put_in_asks_the_rows_that_bear_it(tmp_path, heading):
    """A heading struck from every goods list changes what is imported under it, and nothing else is asked."""
    store = open_store(f"sqlite:///{tmp_path}/desk.db")
    codes = [heading, "110100", "490199"]
    top = {"conduct": ("import",), "seen_from": "DE"}
    rows = [
        Deal(top=top, goods=({"hs": code, "origin": "KP", "product": "other", "material": "other"},), route={"from": "KP"})
        for code in codes
    ]  # fmt: skip
    load(store, ((str(at), deal) for at, deal in enumerate(rows)), "deal", "a test", "a test", DAY)
    with store.read() as connection:
        still = watch_marks.figures(connection, register_rows.mark(connection)["still"])
    less = tuple(
        replace(goods, rows=tuple(row for row in goods.rows if row.hs != heading)) for goods in REGIME.goods_lists
    )
    edited_ = replace(REGIME, goods_lists=less, digest="edited")
    old = Moment(Book((REGIME,)), View((), 0.45, ()), {}, DAY, still)
    new = replace(old, book=Book((edited_,)))
    found = watch_find.compare(store, old, new)
    assert found.suspected.law == (1,)
    assert plain(found) == plain(watch_find.compare_all(store, old, new))
    store.close()
