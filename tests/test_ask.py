"""`ask` asks what still matters, narrows, and saves what it was told."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

COMMAND = str(Path(sys.executable).parent / "openembargo")
EXAMPLES = Path(__file__).parent.parent / "examples"


def ask(*arguments: str, answers: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "ask", *arguments], input="\n".join(answers) + "\n", capture_output=True, text=True, check=False
    )


def test_one_answer_settles_iron_ore(tmp_path):
    done = ask(str(EXAMPLES / "iron-ore.toml"), "--save", str(tmp_path / "deal.toml"), answers=["no"])
    assert done.returncode == 12
    assert "so far: undetermined" in done.stderr
    assert "so far: prohibited" in done.stderr
    assert tomllib.loads((tmp_path / "deal.toml").read_text())["facts"] == {"livelihood_finding": False}


def test_a_second_question_is_asked_when_the_first_does_not_settle():
    done = ask(str(EXAMPLES / "iron-ore.toml"), answers=["yes", "no"])
    assert done.returncode == 0
    assert done.stderr.index("livelihood") < done.stderr.index("revenue")


def test_an_answer_that_is_no_value_is_refused_and_asked_again():
    done = ask(str(EXAMPLES / "iron-ore.toml"), answers=["perhaps", "no"])
    assert done.returncode == 12
    assert "found 'perhaps'" in done.stderr


def test_nobody_knows():
    done = ask(str(EXAMPLES / "iron-ore.toml"), answers=["", "", "", "", ""])
    assert done.returncode == 11


def test_from_nothing():
    done = ask("--json", answers=["2017-02-03", "import", "RU", "7108.12", "seller", "", "KP"])
    assert done.returncode == 12, done.stderr
    assert json.loads(done.stdout)["deal"]["party"] == [{"role": "seller", "country": "KP"}]


def test_a_deal_without_a_day_cannot_be_judged():
    done = ask(answers=["", "", ""])
    assert done.returncode == 2
    assert "no day" in done.stderr
