"""Owned by listed parties: the tests of the authorities, sums, chains, cycles, unknown stakes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openembargo.screening.holdings import Holding, Holdings, read_holdings
from openembargo.screening.ownership import effective_shares, trace_ownership
from openembargo.terms.errors import InputError

HEAD = "owner,owned,percent,percent_min,percent_max,control\n"
RANK = {"not_owned": 0, "cannot_exclude": 1, "owned": 2}


def verdicts(rows, listed=("X", "Y")):
    found = trace_ownership(read_holdings((HEAD + rows).encode(), "csv"), listed)
    return {(a.party, a.authority): a.verdict for a in found}


@pytest.mark.parametrize(
    ("name", "rows", "party", "expected"),
    [
        ("exactly half is enough for OFAC alone", "X,A,50,,,\n", "A", "owned not_owned cannot_exclude"),
        ("a hair more is enough for all", "X,A,50.01,,,\n", "A", "owned owned owned"),
        ("two listed persons are summed", "X,A,25,,,\nY,A,25,,,\n", "A", "owned not_owned cannot_exclude"),
        ("two listed persons with more than half", "X,A,30,,,\nY,A,25,,,\n", "A", "owned owned owned"),
        ("an owned company counts whole", "X,B,50,,,\nB,A,50,,,\n", "A", "owned not_owned not_owned"),
        ("a majority down the chain", "X,B,60,,,\nB,C,60,,,\nC,A,60,,,\n", "A", "owned owned owned"),
        ("a minority passes nothing on", "X,B,49,,,\nB,A,100,,,\n", "A", "not_owned not_owned not_owned"),
        ("a cycle ends", "X,A,30,,,\nA,B,60,,,\nB,A,40,,,\n", "A", "not_owned not_owned cannot_exclude"),
        ("a cycle that a listed party holds", "X,A,51,,,\nA,B,60,,,\nB,A,40,,,\n", "B", "owned owned owned"),
        ("control without shares", "X,A,0,,,yes\n", "A", "not_owned owned owned"),
        (
            "an unknown stake cannot be excluded",
            "X,A,30,,,\nY,A,,0,32,\n",
            "A",
            "cannot_exclude cannot_exclude cannot_exclude",
        ),
        ("an unknown stake that leaves no room", "X,A,,,,\nZ,A,60,,,\n", "A", "not_owned not_owned cannot_exclude"),
        ("holding oneself changes nothing", "X,A,40,,,\nA,A,20,,,\n", "A", "not_owned not_owned cannot_exclude"),
    ],
)
def test_each_authority(name, rows, party, expected):
    found = verdicts(rows)
    assert [found[party, "OFAC"], found[party, "EU"], found[party, "UN"]] == expected.split()
    assert found[party, "UK"] == found[party, "EU"]


def test_the_arithmetic_is_written_out():
    answer = trace_ownership(read_holdings((HEAD + "X,A,30,,,\nY,A,,0,32,\n").encode(), "csv"), ["X", "Y"])[0]
    assert (answer.low, answer.high) == (Decimal(30), Decimal(62))
    assert "between 30 and 62 %" in answer.arithmetic[-1]
    assert answer.deciding == ("Y in A (0 to 32 %, line 3)",)
    assert answer.arithmetic[0] == "X (listed) holds 30 % of A [line 2]"


def test_shares_multiplied_through():
    holdings = read_holdings((HEAD + "X,B,60,,,\nB,A,50,,,\n").encode(), "csv")
    assert effective_shares(holdings, ["X"])["A"] == (Decimal(30), Decimal(30))
    crossed = read_holdings((HEAD + "X,A,50,,,\nB,A,50,,,\nA,B,100,,,\n").encode(), "csv")
    low, high = effective_shares(crossed, ["X"])["A"]
    assert Decimal("99.9") < low <= high <= 100


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("X,A,60,,,\nY,A,60,,,\n", "120 % of A"),
        ("X,A,sixty,,,\n", "line 2: share 'sixty'"),
        ("X,A,101,,,\n", "from 0 to 100"),
        ("X,A,,40,30,\n", "more than percent_max"),
        (",A,10,,,\n", "owner or owned is empty"),
        ("X,A,10,,,perhaps\n", "yes or no"),
    ],
)
def test_bad_holdings(rows, says):
    with pytest.raises(InputError, match=says):
        read_holdings((HEAD + rows).encode(), "csv")


def test_other_formats():
    ftm = """{"id": "x", "schema": "Person", "properties": {"name": ["Listed Person"]}}
{"id": "a", "schema": "Company", "properties": {"name": ["A Ltd"]}}
{"id": "o", "schema": "Ownership", "properties": {"owner": ["x"], "asset": ["a"], "percentage": ["75"]}}"""
    answers = trace_ownership(read_holdings(ftm.encode(), "followthemoney"), ["Listed Person"])
    assert {(a.party, a.verdict) for a in answers} == {("A Ltd", "owned")}
    bods = """[{"statementID": "x", "statementType": "personStatement", "names": [{"fullName": "Listed Person"}]},
{"statementID": "a", "statementType": "entityStatement", "name": "A Ltd"},
{"statementID": "r", "statementType": "ownershipOrControlStatement", "subject": {"describedByEntityStatement": "a"},
 "interestedParty": {"describedByPersonStatement": "x"}, "interests": [{"type": "shareholding", "share": {"minimum": 25, "maximum": 50}}]}]"""
    answers = trace_ownership(read_holdings(bods.encode(), "bods"), ["x"])
    assert {a.authority: a.verdict for a in answers} == {
        "OFAC": "cannot_exclude",
        "EU": "not_owned",
        "UK": "not_owned",
        "UN": "cannot_exclude",
    }


parties = st.sampled_from("ABCDEF")
stakes = st.integers(0, 60)


@st.composite
def graphs(draw):
    room = dict.fromkeys("ABCDEF", 100)
    listed = []
    for _ in range(draw(st.integers(1, 12))):
        owner, owned = draw(parties), draw(parties)
        low = min(draw(stakes), room[owned])
        high = min(100, low + draw(st.integers(0, 40)))
        room[owned] -= low
        listed.append(Holding(owner, owned, Decimal(low), Decimal(high), draw(st.booleans()), "row"))
    return Holdings(tuple(listed), {})


@given(graphs(), st.sets(parties, min_size=1, max_size=2), parties)
def test_one_more_listed_party_never_improves_an_answer(holdings, listed, more):
    before = {(a.party, a.authority): RANK[a.verdict] for a in trace_ownership(holdings, listed)}
    after = {(a.party, a.authority): RANK[a.verdict] for a in trace_ownership(holdings, listed | {more})}
    assert all(after.get(key, 2) >= rank for key, rank in before.items())


@given(graphs(), st.sets(parties, min_size=1, max_size=2), st.integers(0, 11))
def test_knowing_less_never_clears(holdings, listed, place):
    rows = list(holdings.listed)
    one = rows[place % len(rows)]
    rows[place % len(rows)] = Holding(one.owner, one.owned, Decimal(0), Decimal(100), one.control, one.where)
    before = {(a.party, a.authority): a.verdict for a in trace_ownership(holdings, listed)}
    for answer in trace_ownership(Holdings(tuple(rows), {}), listed):
        assert answer.low <= answer.high
        if answer.verdict == "not_owned":
            assert before[answer.party, answer.authority] == "not_owned"
