"""Bad input gets one message that names the place, what was found, what is allowed, and the nearest valid."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from openembargo.storage.deal_files import parse_table
from openembargo.storage.deal_writer import deal_as_toml
from openembargo.terms.errors import InputError
from openembargo.terms.read_deal import read_deal

GOOD = """
id = "A"
on = 2017-02-03
conduct = ["import"]
[[goods]]
hs = "2701.11"
origin = "KP"
quantity = 20
unit = "t"
[route]
loaded_at = "KPRJN"
"""

WRONG = [
    ("an unknown key", GOOD.replace("conduct =", "conducts ="), ["conducts", "did you mean 'conduct'"]),
    ("an unknown key in a line", GOOD.replace("origin", "orgin"), ["goods[0].orgin", "did you mean 'origin'"]),
    ("a day that does not exist", GOOD.replace("2017-02-03", '"2017-02-30"'), ["on", "2017-02-30", "2017-02-03"]),
    ("a day in another order", GOOD.replace("2017-02-03", '"03.02.2017"'), ["on", "03.02.2017"]),
    ("a tariff code as a number", GOOD.replace('"2701.11"', "2701"), ["goods[0].hs", "2701", 'hs = "2701"']),
    ("a tariff code of three digits", GOOD.replace('"2701.11"', '"270"'), ["goods[0].hs", "2 to 10 digits"]),
    (
        "a negative quantity",
        GOOD.replace("quantity = 20", "quantity = -20"),
        ["goods[0].quantity", "-20", "not negative"],
    ),
    (
        "a country that does not exist",
        GOOD.replace('"KP"', '"North Korea"'),
        ["goods[0].origin", "North Korea", "'KP'"],
    ),
    ("a three-letter country", GOOD.replace('"KP"', '"PRK"'), ["goods[0].origin", "PRK", "'KP'"]),
    ("a unit that does not exist", GOOD.replace('"t"', '"tonnes"'), ["goods[0].unit", "tonnes", "allowed: t, kg"]),
    ("a conduct that is no list", GOOD.replace('["import"]', '"import"'), ["conduct", "in brackets"]),
    (
        "a conduct that does not exist",
        GOOD.replace('["import"]', '["importt"]'),
        ["conduct[0]", "did you mean 'import'"],
    ),
    ("a place that does not exist", GOOD.replace('"KPRJN"', '"Rajin"'), ["route.loaded_at", "Rajin", "UN/LOCODE"]),
    ("goods that are no tables", GOOD.replace("[[goods]]", "[goods]"), ["goods", "[[goods]]"]),
    (
        "a derived fact",
        GOOD + '[[party]]\ndesignated_by = "un.dprk.1718.8-d"\n',
        ["party[0].designated_by", "unknown key"],
    ),
]


@pytest.mark.parametrize(("what", "text", "says"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_deal(what, text, says):
    with pytest.raises(InputError) as error:
        read_deal(parse_table(text, "deal.toml"), "deal.toml")
    message = str(error.value)
    assert message.startswith("deal.toml: ")
    for part in says:
        assert part in message, message


def test_all_mistakes_are_told_at_once():
    text = GOOD.replace("quantity = 20", "quantity = -20").replace('"KP"', '"XX"').replace("conduct =", "conducts =")
    with pytest.raises(InputError) as error:
        read_deal(parse_table(text, "x"), "x")
    assert len(error.value.mistakes) == 3


@pytest.mark.parametrize(("text", "where"), [("on = ", "deal:"), ('{"on": }', "deal:1"), ("[1, 2]", "deal")])
def test_a_file_that_is_neither_toml_nor_json(text, where):
    with pytest.raises(InputError, match=r"not TOML|not JSON"):
        read_deal(parse_table(text, "deal"), "deal")


def test_toml_and_json_are_equal_and_writing_reads_back():
    deal = read_deal(parse_table(GOOD, "x"), "x")
    assert read_deal(parse_table(json.dumps(deal.plain()), "x"), "x") == deal
    assert read_deal(parse_table(deal_as_toml(deal), "x"), "x") == deal


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "openembargo"), *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)


def test_the_command_names_the_file_and_stops_with_status_2(tmp_path):
    path = tmp_path / "deal.toml"
    path.write_text(GOOD.replace('"2701.11"', "2701"))
    done = run("decide", str(path))
    assert done.returncode == 2
    assert "deal.toml" in done.stderr
    assert "goods[0].hs" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["decide", "nowhere.toml"], 2),
        (["law", "show", "un.dprk.9999.1"], 2),
        (["law", "in-force", "--on", "2006-07-14", "--regime", "un.dprk"], 5),
        (["law", "check", "/nowhere"], 3),
    ],
)
def test_statuses_of_failures(arguments, status):
    done = run(*arguments)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_deal_from_standard_input():
    done = run("decide", "-", "--json", stdin=GOOD)
    assert json.loads(done.stdout)["id"] == "A"
    assert done.returncode == 11
