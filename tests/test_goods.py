"""Goods: headings by what traders call them, editions that conserve value, measures that touch a code, and flags on lines."""

import csv
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.decisions.decide import Decider
from openembargo.decisions.goods_reach import GoodsReach, bears_on
from openembargo.goods.concordance import Change, Concordance
from openembargo.goods.flags import Beside, flags
from openembargo.goods.nomenclature import Nomenclature
from openembargo.goods.trade_names import trade_names
from openembargo.goods.unit_values import unit_values
from openembargo.goods.word_index import word_index
from openembargo.goods.words import said, words
from openembargo.jobs import flag_goods
from openembargo.jobs.flag_goods import Flagger
from openembargo.jobs.look_up import ListLook
from openembargo.law.conditions import Defined, GoodsIn, walk
from openembargo.storage import tariff_shelf
from openembargo.storage.tariff_shelf import open_tariff
from openembargo.terms.errors import InputError, SourceError
from openembargo.terms.read_deal import read_deal

from .conftest import ROOT

run = CliRunner()
EDITIONS = (2022, 2017, 2012, 2007)
WAYS = [(start, end) for start in EDITIONS for end in EDITIONS if start != end]
WITHOUT_PLACE = {(2017, 2022): {"300219"}, (2007, 2012): {"291636"}}
"""Codes that the tables of the Statistics Division give no later code for."""


@pytest.fixture(scope="module")
def tariff(_own_home):
    return open_tariff()


# -- The finder


@pytest.mark.parametrize(
    ("description", "heading", "line", "met"),
    [
        ("dead-burned magnesia", "2519", "251990", "dead burned magnesia"),
        ("DBM 95%, 1.5 mt big bags", "2519", "251990", "dbm"),
        ("anthracite culm 0-6 mm", "2701", "270111", "anthracite"),
        ("steam coal 5500 NAR", "2701", "270119", "steam coal"),
        ("met coke 25-80", "2704", "270400", "met coke"),
        ("ilmenite sand", "2614", "261400", "ilmenite"),
        ("titanium sponge TG-110", "8108", "810820", "titanium sponge"),
        ("ferro vanadium 80", "7202", "720292", "ferro vanadium"),
        ("Jet A-1", "2710", "271019", "jet a 1"),
        ("frozen squid whole round IQF", "0307", "030743", "frozen squid"),
        ("7.62x39 ball ammo", "9306", "930630", "7 62x39"),
        ("AK-47", "9301", "930190", "ak 47"),
        ("Scotch whisky 12 yo", "2208", "220830", "whisky"),
        ("human hair wigs", "6704", "670420", "human hair wig"),
        ("hydraulic excavater 20t", "8429", "842952", "hydraulic excavator"),
        ("уголь антрацит марки АШ", "2701", "270111", "уголь антрацит"),
        ("губка титановая", "8108", "810820", "губка титановая"),
        ("冷冻鱿鱼 10公斤", "0307", "030743", "冷冻鱿鱼"),
        ("무연탄", "2701", "270111", "무연탄"),
    ],
)
def test_a_description_finds_its_heading_and_says_why(tariff, description, heading, line, met):
    best = tariff.finder.find(description)[0]
    assert best.heading == heading
    assert best.lines[0][0] == line
    assert met in {reason.word for reason in best.reasons} | {reason.matched for reason in best.reasons}


def test_words_that_no_text_has_find_nothing(tariff):
    assert tariff.finder.find("xqzzv 12 kg") == ()
    assert tariff.finder.find("") == ()


def test_the_score_is_the_same_whatever_the_case_and_the_signs_between(tariff):
    one, other = tariff.finder.find("Dead-Burned MAGNESIA"), tariff.finder.find("dead burned, magnesia")
    assert [(f.heading, f.score) for f in one] == [(f.heading, f.score) for f in other]


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        (
            "Horses; live, other than pure-bred breeding animals",
            {"horses", "live"},
            {"pure", "bred", "breeding", "animals"},
        ),
        ("Coal; anthracite, whether or not pulverised, but not agglomerated", {"coal", "anthracite"}, {"agglomerated"}),
        ("Iron or non-alloy steel; in coils", {"iron", "steel", "coils"}, {"alloy"}),
        ("Fish; frozen, cod, excluding fillets, fish meat of 0304", {"fish", "frozen", "cod"}, {"fillets", "meat"}),
        ("Lignite; not agglomerated, excluding jet", {"lignite"}, {"agglomerated", "jet"}),
        ("Ring; not further fused, levorphanol and its salts", {"ring", "levorphanol", "salts"}, {"further", "fused"}),
    ],
)
def test_what_a_text_excludes_does_not_count_for_it(text, kept, gone):
    found = said(text)
    assert {word.text for word in (*found.name, *found.more)} >= kept
    assert {word.text for word in found.excluded} >= gone
    assert not {word.stem for word in (*found.name, *found.more)} & {word.stem for word in found.excluded}


def test_an_excluded_word_speaks_against_a_line():
    texts = {"12": "Fruit", "1234": "Apples", "123410": "Apples; fresh", "123490": "Apples; other than fresh"}
    index = word_index(Nomenclature(2022, texts))
    (fresh,) = {word.stem for word in words("fresh")}
    speaks = {index.codes[place]: weight for place, weight in index.about(fresh)}
    assert speaks["123410"] > 0 > speaks["123490"]


def test_a_line_inherits_the_words_of_its_heading_at_less_weight():
    texts = {"12": "Fruit", "1234": "Apples; whole", "123410": "Dried", "1235": "Pears", "123510": "Dried"}
    index = word_index(Nomenclature(2022, texts))
    (apple,) = {word.stem for word in words("apples")}
    speaks = {index.codes[place]: weight for place, weight in index.about(apple)}
    assert 0 < speaks["123410"] < speaks["1234"]
    assert "123510" not in speaks


@pytest.mark.parametrize(("which", "least"), [("development", 0.85), ("held_out", 0.85), ("sampled", 0.8)])
def test_recall_among_three(tariff, which, least):
    with (ROOT / "benchmarks" / "goods_descriptions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] == which]
    right = [row["hs"][:4] in [one.heading for one in tariff.finder.find(row["description"], 3)] for row in rows]
    assert sum(right) / len(right) >= least


def test_names_of_the_trade_that_lead_nowhere_are_told_by_line(tariff):
    rows = [
        {"hs": "2519.90", "language": "en", "names": "dbm", "means": ""},
        {"hs": "9898.98", "language": "en", "names": "nothing", "means": ""},
        {"hs": "", "language": "en", "names": "nowhere", "means": ""},
    ]
    with pytest.raises(SourceError) as caught:
        trade_names(rows, tariff.nomenclature)
    assert [mistake.where for mistake in caught.value.mistakes] == [
        "trade-names.csv: line 3",
        "trade-names.csv: line 4",
    ]


# -- The editions


@pytest.mark.parametrize(("start", "end"), WAYS)
def test_a_value_on_every_code_at_once_is_conserved(tariff, start, end):
    values = {code: Fraction(number + 1, 7) for number, code in enumerate(sorted(tariff.concordance.codes(start)))}
    carried = tariff.concordance.carry(values, start, end)
    assert carried.total == sum(values.values())
    assert set(carried.values) <= tariff.concordance.codes(end)
    lost = {code for (a, b), codes in WITHOUT_PLACE.items() if start <= a < b <= end for code in codes}
    assert set(carried.unplaced) == lost


@pytest.mark.parametrize(
    ("start", "end"), [way for way in WAYS if abs(EDITIONS.index(way[0]) - EDITIONS.index(way[1])) == 1]
)
def test_a_value_on_each_code_alone_is_conserved(tariff, start, end):
    for code in tariff.concordance.codes(start):
        carried = tariff.concordance.carry({code: 1}, start, end)
        assert carried.total == 1
        targets = tariff.concordance.became(code, start, end)
        assert set(carried.values) == set(targets)
        assert bool(carried.split) == (len(targets) > 1)


@given(data=st.data())
@settings(deadline=None, max_examples=100)
def test_any_values_and_any_weights_conserve_value(data):
    concordance = open_tariff().concordance
    start, end = data.draw(st.sampled_from(WAYS))
    codes = data.draw(st.lists(st.sampled_from(sorted(concordance.codes(start))), min_size=1, max_size=20, unique=True))
    values = {code: data.draw(st.decimals(0, 10**9, places=2)) for code in codes}
    scale = data.draw(st.integers(1, 1000))

    def share(code, targets):
        return {target: (hash(code + target) % scale) + 1 for target in targets}

    assert concordance.carry(values, start, end, share).total == sum(map(Fraction, values.values()))


SMALL = Concordance(2022, ["000001", "000002", "000003"], [Change(2022, 2017, ("000001", "000002"), ("=", "000009"))])


def test_weights_that_are_given_are_used_and_what_is_split_is_marked():
    even = SMALL.carry({"000009": Decimal("10.00"), "000003": 1}, 2017, 2022)
    assert even.values == {"000001": 5, "000002": 5, "000003": 1}
    assert even.split == {"000001", "000002"}
    given_ = SMALL.carry({"000009": 10}, 2017, 2022, lambda code, targets: {"000001": 9, "000002": 1})
    assert given_.values == {"000001": 9, "000002": 1}
    whole = SMALL.carry({"000009": 10}, 2017, 2022, lambda code, targets: {"000002": 3})
    assert whole.values == {"000002": 10}


@pytest.mark.parametrize("weights", [{}, {"000001": 0}, {"000001": 2, "000002": -1}, {"777777": 1}])
def test_weights_that_lose_value_are_refused(weights):
    with pytest.raises(SourceError, match="weights"):
        SMALL.carry({"000009": 10}, 2017, 2022, lambda code, targets: weights)


def test_a_code_of_another_edition_is_refused():
    with pytest.raises(SourceError, match="no code 000009"):
        SMALL.carry({"000009": 1}, 2022, 2017)
    with pytest.raises(SourceError, match="one of: 2022, 2017"):
        SMALL.carry({}, 2022, 1988)


@pytest.mark.parametrize(
    ("code", "start", "end", "became"),
    [
        ("270111", 2022, 2007, ("270111",)),
        ("030910", 2022, 2017, ("030510",)),
        ("030510", 2017, 2022, ("030910",)),
        ("300219", 2017, 2022, ()),
        ("010110", 2007, 2012, ("010121", "010130")),
    ],
)
def test_what_became_of_a_code(tariff, code, start, end, became):
    assert tariff.concordance.became(code, start, end) == became


@pytest.mark.parametrize(
    ("edition", "table"), [(2017, "comtrade_H5_2017"), (2012, "comtrade_H4_2012"), (2007, "comtrade_H3_2007")]
)
def test_the_codes_of_each_edition_are_those_of_the_reference(tariff, reference, edition, table):
    import gzip

    with gzip.open(reference / "hs" / f"{table}.csv.gz", "rt", encoding="utf-8") as file:
        held = {row["id"] for row in csv.DictReader(file) if row["id"].isdigit() and len(row["id"]) == 6} - {"999999"}
    assert tariff.concordance.codes(edition) == held


def test_two_steps_lead_where_the_direct_table_of_the_reference_does(tariff, reference):
    import gzip

    with gzip.open(reference / "hs" / "hs2022_to_hs2012_correlation.csv.gz", "rt", encoding="utf-8") as file:
        direct = {(row["HS 2022"], row["HS 2012"]) for row in csv.DictReader(file)} - {("999999", "999999")}
    ours = {(c, old) for c in tariff.concordance.codes(2022) for old in tariff.concordance.became(c, 2022, 2012)}
    assert ours == direct


def test_a_join_of_the_tables_multiplies_where_carrying_does_not(tariff, reference):
    with (reference / "hs" / "hs2022_to_hs2017_correlation.csv").open(encoding="utf-8") as file:
        joined = [row["HS2022"] for row in csv.DictReader(file) if row["HS2022"].startswith("85")]
    codes = {code for code in tariff.concordance.codes(2022) if code.startswith("85")}
    assert len(joined) > 30 * len(codes)
    assert tariff.concordance.carry(dict.fromkeys(codes, 1), 2022, 2017).total == len(codes)


# -- Measures that touch a code


@pytest.fixture(scope="module")
def reach(whole_book):
    return GoodsReach(whole_book.regimes)


@pytest.mark.parametrize(
    ("code", "measure", "first", "last", "sure"),
    [
        ("251990", "un.dprk.2397.6", "2017-12-22", None, True),
        ("270111", "un.dprk.2270.29", "2016-03-02", "2016-11-29", True),
        ("270111", "un.dprk.2371.8", "2017-08-05", None, True),
        ("261400", "un.dprk.2270.30", "2016-03-02", None, True),
        ("030743", "un.dprk.2371.9", "2017-08-05", None, True),
        ("2710", "un.dprk.2270.31", "2016-03-02", None, False),
        ("710812", "un.drc.1952.7", "2010-11-29", None, True),
        ("440349", "un.liberia.1521.10", "2003-12-22", "2006-06-20", True),
    ],
)
def test_a_measure_touches_a_code_between_its_days(reach, code, measure, first, last, sure):
    found = [touch for touch in reach.touching(code) if touch.measure == measure]
    days = {(t.first_day.isoformat(), t.last_day and t.last_day.isoformat()) for t in found}
    assert days == {(first, last)}
    assert any(t.sure for t in found) is sure


def test_what_reaches_goods_of_any_kind_touches_no_heading(reach, whole_book):
    named = {touch.measure for code in ("270111", "930200", "871000", "10", "7108") for touch in reach.touching(code)}
    kinds = {m.id: m.kind for regime in whole_book.regimes for m in regime.measures}
    assert not {kinds[name] for name in named} & {"asset_freeze", "travel_ban"}
    assert "un.dprk.2270.8" not in named


CODES = (
    "270111",
    "2710",
    "271019",
    "810820",
    "261400",
    "251990",
    "030743",
    "930200",
    "870324",
    "880330",
    "610910",
    "100630",
    "7108",
    "84",
    "711319",
)


def _asks_goods(when):
    """Whether a condition asks for a goods list by itself, not only to tell the way that goods took."""
    way = [p for p in walk(when) if isinstance(p, Defined) and p.name.startswith("came_out_of")]
    within = {id(part) for one in way for part in walk(one.of)}
    return any(isinstance(p, GoodsIn) and id(p) not in within for p in walk(when))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("way", ["from", "to"])
def test_no_measure_is_invented_and_none_is_passed_over(book, reach, code, way):
    """The decider finds a measure of goods on a day exactly where it is said to touch the code."""
    decider = Decider(book, ListLook())
    bound = {m.id for m in book.regimes[0].measures if any(_asks_goods(v.when) for v in m.versions)}
    ours, theirs = ("export", "KP") if way == "to" else ("import", "FR")
    for day in (
        date(2009, 7, 1),
        date(2016, 3, 2),
        date(2017, 2, 3),
        date(2017, 8, 5),
        date(2017, 12, 22),
        date(2024, 1, 1),
    ):
        deal = read_deal(
            {
                "on": day,
                "conduct": [ours],
                "goods": [{"hs": code, "origin": "FR" if way == "to" else "KP"}],
                "route": {"from": "FR" if way == "to" else "KP", "to": theirs},
            }
        )
        seen = {f.provision for f in decider.decide(deal).findings} & bound
        touching = {
            t.measure: t for t in reach.touching(code) if t.regime == "un.dprk" and t.holds(day) and bears_on(t, deal)
        }
        assert seen <= set(touching), "a finding that no touch tells of"
        sure = {name for name, touch in touching.items() if touch.sure and touch.direction == f"{way}_target"}
        assert sure <= seen, "a touch that the decider does not know"


@pytest.mark.parametrize(
    ("code", "target", "way"),
    [
        ("440349", "LR", "from"),
        ("710812", "CD", "from"),
        ("440290", "SO", "from"),
        ("930200", "LY", "to"),
        ("930630", "CF", "to"),
        ("930190", "IR", "from"),
        ("710231", "SL", "from"),
        ("270900", "LY", "from"),
    ],
)
def test_other_regimes_find_no_goods_that_no_touch_tells_of(whole_book, whole_decider, reach, code, target, way):
    bound = {
        m.id for regime in whole_book.regimes for m in regime.measures if any(_asks_goods(v.when) for v in m.versions)
    }
    kinds = {m.id: m.kind for regime in whole_book.regimes for m in regime.measures}
    origin, to = ("FR", target) if way == "to" else (target, "FR")
    for year in (2004, 2009, 2014, 2019, 2024):
        deal = read_deal(
            {
                "on": date(year, 6, 15),
                "conduct": ["export" if way == "to" else "import"],
                "goods": [{"hs": code, "origin": origin}],
                "route": {"from": origin, "to": to},
            }
        )
        seen = {f.provision for f in whole_decider.decide(deal).findings} & bound
        touching = {t.measure for t in reach.touching(code) if t.holds(deal.on)}
        assert {name for name in seen - touching if kinds[name] not in ("asset_freeze",)} == set()


def test_a_measure_bears_on_a_deal_only_by_its_target_and_direction(reach):
    coal = next(touch for touch in reach.touching("270111") if touch.measure == "un.dprk.2371.8")
    into, out = {"route": {"from": "FR", "to": "KP"}}, {"route": {"from": "KP", "to": "FR"}}
    assert bears_on(coal, read_deal(out))
    assert not bears_on(coal, read_deal(into))
    assert not bears_on(coal, read_deal({"route": {"from": "FR", "to": "DE"}}))


# -- Flags on a line

DAY = date(2017, 2, 3)


def line_flags(tariff, reach, whole_book, line, on=DAY, **rest):
    deal = read_deal({"on": on, "goods": [line], "route": {"from": "KP", "to": "RU"}, **rest})
    placing = whole_book.regimes[0].placing

    def touching(code):
        return tuple(t for t in reach.touching(code) if t.holds(on) and bears_on(t, deal))

    beside = Beside(on, touching, dict(placing.products), dict(placing.materials))
    return flags(deal.goods[0], "goods[0]", tariff, beside)


@pytest.mark.parametrize(
    ("name", "line", "kinds"),
    [
        ("coal that is coal", {"description": "anthracite", "hs": "2701.11", "quantity": 20000, "unit": "t", "value_usd": 1_200_000}, []),
        ("nothing said", {}, []),
        ("a code alone", {"hs": "2701.11"}, []),
        ("coal called cement", {"description": "portland cement bulk", "hs": "2701.11"}, ["description_against_hs"]),
        ("titanium ore declared as clothing", {"description": "ilmenite sand", "hs": "6109.10"}, ["description_against_hs"]),
        ("a description that says nothing", {"description": "general cargo STC", "hs": "2701.11"}, []),
        ("litres of coal", {"hs": "2701.11", "quantity": 500, "unit": "l", "value_usd": 900}, ["unit_impossible"]),
        ("pieces of crude oil", {"hs": "2709.00", "quantity": 500, "unit": "piece"}, ["unit_impossible"]),
        ("crude oil in barrels at its price", {"hs": "2709.00", "quantity": 1000, "unit": "bbl", "value_usd": 55000}, []),
        ("coal dear as gold", {"hs": "2701.11", "quantity": 10, "unit": "kg", "value_usd": 450_000}, ["unit_value_out_of_range"]),
        ("coal for nothing much", {"hs": "2701.11", "quantity": 20000, "unit": "t", "value_usd": 2000}, ["unit_value_out_of_range"]),
        ("no quantity", {"hs": "2701.11", "quantity": 0, "unit": "t"}, ["amount_impossible"]),
        ("worth nothing", {"hs": "2701.11", "value_usd": 0}, ["amount_impossible"]),
        ("more than a ship", {"hs": "2701.11", "quantity": 900_000, "unit": "t"}, ["amount_impossible"]),
        ("a sum that does not come out", {"hs": "8703.24", "quantity": 3, "unit": "piece", "unit_value_usd": 50000, "value_usd": 90000}, ["amounts_disagree"]),
        ("a sum that comes out", {"hs": "8703.24", "quantity": 3, "unit": "piece", "unit_value_usd": 50000, "value_usd": 150000}, []),
        ("no code of the tariff", {"hs": "2799.99"}, ["code_in_no_edition"]),
        ("a code of the statisticians", {"hs": "9999.99"}, ["code_in_no_edition"]),
        ("a code of a later edition", {"hs": "8807.30"}, ["code_not_in_edition"]),
        ("a code not of the stated edition", {"hs": "8803.30", "hs_edition": 2022}, ["code_not_in_edition"]),
        ("a code of the stated edition", {"hs": "8803.30", "hs_edition": 2012}, []),
        ("ten digits of a national tariff", {"hs": "2701110000"}, []),
        ("ore chapter where the law names headings", {"hs": "26"}, ["coarser_than_law"]),
        ("the metal of a banned ore", {"hs": "8108.20", "material": "titanium"}, ["neighbour_of_banned"]),
        ("articles of iron, beside banned iron ore", {"description": "hex bolts M16", "hs": "7318.15"}, []),
        ("the banned ore itself", {"hs": "2614.00", "material": "titanium"}, []),
        ("diesel in a heading of coal", {"hs": "2701.11", "product": "diesel"}, ["product_against_hs"]),
        ("ilmenite without a code", {"description": "ilmenite sand"}, ["description_names_banned"]),
        ("flour without a code", {"description": "wheat flour 50 kg bags"}, []),
        ("gold in a heading of silver", {"hs": "7106.91", "material": "gold"}, ["material_against_hs"]),
    ],
)  # fmt: skip
def test_flags_of_a_line(tariff, reach, whole_book, name, line, kinds):
    assert [flag.kind for flag in line_flags(tariff, reach, whole_book, line)] == kinds


def test_a_flag_of_a_neighbour_names_it_and_its_measure(tariff, reach, whole_book):
    (flag,) = line_flags(tariff, reach, whole_book, {"hs": "8108.20", "material": "titanium"})
    assert "2614" in flag.codes
    assert "un.dprk.2270.30" in flag.measures
    assert "under no measure here" in flag.says


def test_a_neighbour_is_flagged_only_while_its_measure_holds_and_bears_on_the_deal(tariff, reach, whole_book):
    line = {"hs": "8108.20", "material": "titanium"}
    assert line_flags(tariff, reach, whole_book, line, on=date(2016, 3, 1)) == ()
    assert line_flags(tariff, reach, whole_book, line, route={"from": "FR", "to": "RU"}) == ()


def test_flags_change_no_outcome(whole_decider, monkeypatch):
    from openembargo.storage.example_files import EXAMPLES, read_example

    for path in EXAMPLES.glob("*.toml"):
        deal = read_example(path.stem)
        before = whole_decider.decide(deal)
        Flagger(whole_decider.book).flags(deal)
        assert whole_decider.decide(deal).digest == before.digest


def test_every_lines_flags_are_told_at_every_door(tmp_path):
    page = tmp_path / "page.html"
    done = run.invoke(app, ["decide", str(ROOT / "examples" / "titanium-metal.toml"), "--html", str(page)])
    assert "neighbour is, of the same material: 2614" in " ".join(done.stdout.split())
    assert "neighbour is, of the same material: 2614" in page.read_text(encoding="utf-8")
    plain = json.loads(run.invoke(app, ["decide", str(ROOT / "examples" / "titanium-metal.toml"), "--json"]).stdout)
    assert [flag["kind"] for flag in plain["flags"]] == ["neighbour_of_banned"]
    read = json.loads(run.invoke(app, ["read", str(ROOT / "examples" / "papers" / "payment.mt103"), "--json"]).stdout)
    assert read["flags"] == []


def test_without_the_extra_deals_are_decided_and_goods_say_what_to_install(monkeypatch):
    monkeypatch.setattr(flag_goods, "has_tariff", lambda: False)
    done = run.invoke(app, ["decide", str(ROOT / "examples" / "titanium-metal.toml"), "--json"])
    assert json.loads(done.stdout)["flags"] == []
    open_tariff.cache_clear()
    monkeypatch.setattr(tariff_shelf, "find_spec", lambda name: None)
    try:
        with pytest.raises(InputError, match=r"openembargo\[goods\]"):
            open_tariff()
    finally:
        open_tariff.cache_clear()


def test_a_damaged_compiled_tariff_is_built_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENEMBARGO_HOME", str(tmp_path))
    for _ in range(2):
        open_tariff.cache_clear()
        assert len(open_tariff().nomenclature.subheadings()) > 5000
        (kept,) = (tmp_path / "compiled").glob("*.tariff")
        kept.write_bytes(b"damaged")
    open_tariff.cache_clear()


# -- The commands


def test_find_tells_headings_reasons_and_measures_with_their_days():
    done = run.invoke(app, ["goods", "find", "dead-burned magnesia", "--json"])
    best = json.loads(done.stdout)["found"][0]
    assert best["heading"] == "2519"
    assert best["reasons"][0]["where"] == "name of the trade"
    (line,) = best["lines"]
    assert line["code"] == "2519.90"
    assert [(m["measure"], m["first_day"], m["last_day"]) for m in line["measures"]] == [
        ("un.dprk.2397.6", "2017-12-22", None)
    ]
    assert line["above"][0]["code"] == "25"


def test_find_on_a_day_before_any_measure_names_none():
    done = run.invoke(app, ["goods", "find", "dead-burned magnesia", "--on", "2017-12-21", "--json"])
    assert all(not line["measures"] for line in json.loads(done.stdout)["found"][0]["lines"])


def test_find_in_an_older_edition_tells_its_codes():
    done = run.invoke(app, ["goods", "find", "aircraft spare parts", "--edition", "2012", "--json"])
    assert "8803" in [head["code"] for head in json.loads(done.stdout)["found"][0]["headings"]]


def test_show_tells_editions_and_neighbours():
    shown = json.loads(run.invoke(app, ["goods", "show", "0305.10", "--json"]).stdout)
    assert shown["editions"] == [2017, 2012, 2007]
    assert shown["in_other_editions"][0] == {"edition": 2022, "codes": ["0309.10"], "exact": True}
    assert shown["text"].startswith("gone by 2022; became:")
    chapter = json.loads(run.invoke(app, ["goods", "show", "27", "--json"]).stdout)
    assert chapter["below"][0]["code"] == "2701"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "2701.99"], "its heading has 2701.11, 2701.12, 2701.19, 2701.20"),
        (["show", "hello"], "two, four or six digits"),
        (["find", "coal", "--edition", "1988"], "one of: 2022, 2017, 2012, 2007"),
    ],
)
def test_what_is_not_there_is_told(arguments, told):
    done = run.invoke(app, ["goods", *arguments])
    assert done.exit_code == 2
    assert told in " ".join(done.stderr.split())


def test_unit_values_that_are_wrong_are_told_by_line():
    row = {
        "hs": "27",
        "measured_in": "mass",
        "usd_low": "1",
        "usd_high": "2",
        "per": "kg",
        "kg_per_l": "",
        "source": "own estimate",
    }
    assert unit_values([row])["27"].amount(Decimal(2), "t") == 2000
    wrong = [row, row | {"measured_in": "weight"}, row | {"usd_low": "3"}, row | {"usd_high": "x"}, row | {"per": ""}]
    with pytest.raises(SourceError) as caught:
        unit_values(wrong)
    assert [mistake.where for mistake in caught.value.mistakes] == [f"unit-values.csv: line {n}" for n in (3, 4, 5, 6)]
