"""A wrong regime folder is refused with every mistake at once, each with file and line."""

import shutil
from pathlib import Path

import pytest

from openembargo.jobs.check_law import check_folder
from openembargo.storage.regime_files import BUILT_IN
from openembargo.terms.errors import LawError

SMALL = {
    "regime.toml": """
id = "xx.demo"
name = "A demonstration regime"
authority = "xx"
target = "KP"
bound = "Everybody."
covered_from = 2010-01-01
checked = 2026-11-24
sources = ["made up for a test"]
""",
    "acts.toml": """
[[act]]
number = "1"
symbol = "Act 1"
title = "An act"
adopted = 2010-01-01
in_force = 2010-01-01
confidence = "memory_sure"
source = "made up"
""",
    "annexes/goods/flutes.csv": "hs,product,material,over_unit_value_usd,basis,doubt,reading,label\n9205,,,,named,,,flutes\n",
    "measures/flutes.toml": """
id = "xx.demo.1.1"
act = "1"
paragraph = "1"
title = "Flutes"
kind = "import_ban"
direction = "from_target"
modality = "decides"
effect = "prohibits"
applies_to = "goods"
says = "No flutes."
confidence = "memory_sure"
source = "made up"

[[version]]
first_day = 2010-01-01
source = "made up"
checked = 2026-11-24
when = "conduct = 'import' and goods.origin = 'KP' and goods_in('flutes')"
""",
    "cases/flutes.toml": """
[[case]]
name = "A flute may not be imported"
covers = "xx.demo.1.1"
aspect = "inside"
deal = { on = 2015-01-01, conduct = ["import"], goods = [{ hs = "9205.90", origin = "KP" }] }
expect = { outcome = "prohibited", cites = ["xx.demo.1.1"] }
""",
}


def folder_with(tmp_path: Path, **changes: str) -> Path:
    files = SMALL | {
        name.replace("__", "/").replace("_toml", ".toml").replace("_csv", ".csv"): text
        for name, text in changes.items()
    }
    for name, text in files.items():
        path = tmp_path / "demo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text)
    return tmp_path / "demo"


def test_the_small_regime_is_accepted(tmp_path):
    assert len(check_folder(folder_with(tmp_path)).cases) == 1


MEASURE = SMALL["measures/flutes.toml"]
WHEN = "conduct = 'import' and goods.origin = 'KP' and goods_in('flutes')"

WRONG = [
    ("an unknown fact, with the nearest", MEASURE.replace("goods.origin", "goods.orign"), "flutes.toml:19", "did you mean 'goods.origin'"),
    ("a value outside its code list", MEASURE.replace("'import'", "'imports'"), "flutes.toml:19", "code list"),
    ("a country that does not exist", MEASURE.replace("'KP'", "'XX'"), "flutes.toml:19", "KP"),
    ("a wrong type", MEASURE.replace(WHEN, "deal.on = 'KP'"), "flutes.toml:19", "a day"),
    ("a null test", MEASURE.replace(WHEN, "goods.hs is null"), "flutes.toml:19", "not allowed"),
    ("an unknown goods list", MEASURE.replace("'flutes'", "'drums'"), "flutes.toml:19", "drums"),
    ("an unknown function", MEASURE.replace("goods_in", "goods_within"), "flutes.toml:19", "goods_within"),
    ("a fact of one party in a goods measure", MEASURE.replace(WHEN, "party.country = 'KP'"), "flutes.toml:19", "any_party"),
    ("a missing source", MEASURE.replace('confidence = "memory_sure"\nsource = "made up"', 'confidence = "memory_sure"'), "flutes.toml", "source is missing"),
    ("a missing first day", MEASURE.replace("first_day = 2010-01-01\n", ""), "flutes.toml:15", "first_day is missing"),
    ("an unknown key, with the nearest", MEASURE.replace("title =", "titel ="), "flutes.toml:5", "did you mean 'title'"),
    ("an unknown kind", MEASURE.replace("import_ban", "import_bann"), "flutes.toml:6", "import_ban"),
    ("an unknown act", MEASURE.replace('act = "1"', 'act = "2"'), "flutes.toml:3", "unknown act"),
    ("an end before the beginning", MEASURE.replace("first_day = 2010-01-01", "first_day = 2010-01-01\nlast_day = 2009-01-01\nended_by = 'xx.demo.1.1'"), "flutes.toml:17", "before"),
    ("an end without its reason", MEASURE.replace("first_day = 2010-01-01", "first_day = 2010-01-01\nlast_day = 2012-01-01"), "flutes.toml:17", "ended_by"),
    ("versions that overlap", MEASURE + "\n[[version]]\nfirst_day = 2012-01-01\nsource = 'x'\nchecked = 2026-11-24\nwhen = 'true'\n", "flutes.toml:22", "overlaps"),
    ("no TOML", "id = ", "flutes.toml", "not TOML"),
    ("an id of another regime", MEASURE.replace('id = "xx.demo.1.1"', 'id = "un.demo.1.1"'), "flutes.toml:2", "begins with 'xx.demo.1.'"),
    ("an unknown pattern", 'pattern = "asset-freez"\nid = "xx.demo.1.1"', "flutes.toml:1", "asset-freeze"),
    ("a word that a pattern does not take", 'pattern = "asset-freeze"\n[with]\nday = "x"', "flutes.toml:3", "it takes: nothing"),
    ("no SQL", MEASURE.replace(WHEN, "conduct = "), "flutes.toml:19", "not a SQL expression"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "where", "says"), WRONG, ids=[row[0] for row in WRONG])
def test_a_mistake_is_named_with_file_and_line(tmp_path, what, text, where, says):
    with pytest.raises(LawError) as error:
        check_folder(folder_with(tmp_path, measures__flutes_toml=text))
    lines = [str(mistake) for mistake in error.value.mistakes]
    assert any(where in line and says in line for line in lines), lines


def test_all_mistakes_are_told_at_once(tmp_path):
    text = MEASURE.replace("goods.origin", "goods.orign").replace("import_ban", "ban").replace("title =", "titel =")
    with pytest.raises(LawError) as error:
        check_folder(folder_with(tmp_path, measures__flutes_toml=text, annexes__goods__flutes_csv="hs,label\n"))
    assert len(error.value.mistakes) >= 5


def test_a_regime_without_cases_is_refused(tmp_path):
    with pytest.raises(LawError, match="without cases is refused"):
        check_folder(folder_with(tmp_path, cases__flutes_toml=""))


def test_a_case_that_is_not_met_is_refused(tmp_path):
    text = SMALL["cases/flutes.toml"].replace('outcome = "prohibited"', 'outcome = "permitted"')
    with pytest.raises(LawError, match="expects permitted"):
        check_folder(folder_with(tmp_path, cases__flutes_toml=text))


def test_every_file_of_the_programs_own_law_can_be_broken_without_a_crash(tmp_path):
    folder = tmp_path / "dprk"
    shutil.copytree(BUILT_IN / "un" / "dprk", folder)
    for name in (
        "measures/2321-26.toml",
        "annexes/parties.csv",
        "doubts/minerals.toml",
        "caps/coal.toml",
        "regime.toml",
    ):
        kept = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(kept[: len(kept) // 2], encoding="utf-8")
        with pytest.raises(LawError) as error:
            check_folder(folder)
        assert name.rpartition("/")[2].partition(".")[0] in str(error.value) or "caps" in str(error.value)
        (folder / name).write_text(kept, encoding="utf-8")


REGIME, CASE = SMALL["regime.toml"], SMALL["cases/flutes.toml"]
FLUTES = SMALL["annexes/goods/flutes.csv"]
ELSEWHERE = [
    ("an authority in capitals", {"regime_toml": REGIME.replace('"xx"', '"XX"')}, "regime.toml:4", "small letters"),
    ("an id under another authority", {"regime_toml": REGIME.replace('"xx.demo"', '"un.demo"')}, "regime.toml:2", "xx.name"),
    ("a target that is no country", {"regime_toml": REGIME.replace('"KP"', '"NK"')}, "regime.toml:5", "two-letter code"),
    ("a beginning after the first day held", {"regime_toml": REGIME + "began = 2011-01-01\n"}, "regime.toml:10", "after covered_from"),
    ("a folder that nothing reads", {"measure__more_toml": MEASURE}, "measure/more.toml", "nothing reads"),
    ("an unknown column", {"annexes__goods__flutes_csv": FLUTES.replace("label", "lable")}, "flutes.csv:1", "unknown column 'lable'; no column 'label'"),
    ("a threshold below zero", {"annexes__goods__flutes_csv": FLUTES.replace("9205,,,,", "9205,,,-5,")}, "flutes.csv:2", "not negative"),
    ("a threshold that is no number", {"annexes__goods__flutes_csv": FLUTES.replace("9205,,,,", "9205,,,NaN,")}, "flutes.csv:2", "not negative"),
    ("an id that stands twice", {"measures__more_toml": MEASURE}, "more.toml", "also in"),
    ("a case with an unknown key", {"cases__flutes_toml": CASE.replace("aspect", "aspct")}, "flutes.toml:2 case[0]", "did you mean 'aspect'"),
    ("a case that covers nothing", {"cases__flutes_toml": CASE.replace('covers = "xx.demo.1.1"', 'covers = "xx.demo.1.2"')}, "flutes.toml:2", "did you mean 'xx.demo.1.1'"),
    ("an expectation that is a number", {"cases__flutes_toml": CASE.replace('expect = { outcome = "prohibited", cites = ["xx.demo.1.1"] }', "expect = 3")}, "flutes.toml:2", "found 3"),
    ("an expectation without an outcome", {"cases__flutes_toml": CASE.replace('outcome = "prohibited", ', "")}, "flutes.toml:2", "outcome is missing"),
    ("another outcome", {"cases__flutes_toml": CASE.replace('outcome = "prohibited"', 'outcome = "permitted"')}, "flutes.toml:2", "is prohibited, the case expects permitted"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "where", "says"), ELSEWHERE, ids=[row[0] for row in ELSEWHERE])
def test_mistakes_outside_measures_are_named_too(tmp_path, what, changes, where, says):
    with pytest.raises(LawError) as error:
        check_folder(folder_with(tmp_path, **changes))
    lines = [str(mistake) for mistake in error.value.mistakes]
    assert any(where in line and says in line for line in lines), lines
    assert all(line.startswith(f"{tmp_path}/demo/") for line in lines), lines


@pytest.mark.parametrize("text", ["id = ", 'pattern = "asset-freez"'], ids=["no TOML", "an unknown pattern"])
def test_a_file_that_is_not_understood_is_one_mistake(tmp_path, text):
    with pytest.raises(LawError) as error:
        check_folder(folder_with(tmp_path, measures__flutes_toml=text))
    assert len([m for m in error.value.mistakes if "measures/flutes.toml" in m.where]) == 1


def test_a_table_saved_with_a_byte_order_mark_is_read(tmp_path):
    folder = folder_with(tmp_path, annexes__goods__flutes_csv="\ufeff" + FLUTES)
    assert len(check_folder(folder).cases) == 1
