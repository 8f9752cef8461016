"""The rooms keep to their floors and their size, and law stays out of Python."""

import ast
import csv
import re
import subprocess
import sys
from pathlib import Path

import pycountry
import pytest

SOURCE = Path(__file__).parent.parent / "src" / "openembargo"
MODULES = sorted(SOURCE.rglob("*.py"))
ROOMS = {
    "terms",
    "law",
    "lists",
    "papers",
    "goods",
    "trade",
    "impact",
    "screening",
    "decisions",
    "storage",
    "jobs",
    "apps",
    "regimes",
    "examples",
    "__pycache__",
}
FORBIDDEN_NAMES = re.compile(r"^(utils?|helpers?|misc|manager|handlers?|processors?|data|info|common)$")
LAW_DATE = re.compile(r"^(19|20)\d\d-\d\d-\d\d$")
PARAGRAPH = re.compile(r"^(un\.dprk\.|S/RES/)")
HEADING = re.compile(r"^\d{4}\.\d{2}$")
PURE = ("terms", "law", "lists", "papers", "goods", "trade", "screening", "decisions", "impact")


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_the_rooms_are_those_of_the_architecture():
    found = {path.name for path in SOURCE.iterdir() if path.is_dir()}
    assert found <= ROOMS, f"a new room needs a reason in docs/adr: {found - ROOMS}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500, "a module has at most 500 lines"
    assert not FORBIDDEN_NAMES.match(path.stem), "a module is named by the field's nouns"
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{node.name} has {length} lines, at most 60"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for pattern in (LAW_DATE, PARAGRAPH, HEADING):
                assert not pattern.match(node.value), f"law stays in regimes/: {node.value!r} in line {node.lineno}"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "date":
            values = [getattr(a, "value", None) for a in node.args]
            allowed = name_of(path) == "jobs/show_demo.py"
            assert allowed or not all(isinstance(v, int) for v in values) or not values, (
                f"a date literal in line {node.lineno}"
            )


@pytest.mark.parametrize("path", [p for p in MODULES if name_of(p).startswith(PURE)], ids=name_of)
def test_pure_rooms_open_nothing_and_read_no_clock(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            assert called not in ("open", "today", "now", "print", "getenv"), f"{called} in line {node.lineno}"


def test_import_contracts_hold():
    lint = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint, "--no-cache"], cwd=SOURCE.parent.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_no_python_in_regimes():
    assert list((SOURCE / "regimes").rglob("*.py")) == []


LANGUAGES = {"chinese", "german", "french", "turkish", "indonesian", "ukrainian", "russian"}
"""Adjectives of countries that name a language, which screening speaks of."""


def _words_of_the_law() -> tuple[re.Pattern[str], ...]:
    """What must stand in regimes/ alone: names of countries, numbers and days of acts, tariff headings."""
    names = {c.name for c in pycountry.countries} | {getattr(c, "common_name", c.name) for c in pycountry.countries}
    with (SOURCE / "regimes" / "country-names.csv").open(encoding="utf-8") as file:
        names |= {row["printed"] for row in csv.DictReader(file) if len(row["printed"]) > len("uae")} - LANGUAGES
    numbers, days = set(), set()
    for path in (SOURCE / "regimes").rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        days |= set(re.findall(r"(?m)^(?:adopted|in_force|first_day|last_day|expires) = (\d{4}-\d\d-\d\d)", text))
        numbers |= set(re.findall(r'(?m)^number = "(\d{3,4})"', text))
    plain = [n for n in numbers if not 1900 <= int(n) <= 2030]  # the rest could be years
    return (
        re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b", re.IGNORECASE),
        re.compile(rf"(?<![\w.-])({'|'.join(sorted(plain))})(?![\w.-])|S/RES/\d|\b\d{{3,4}} \((19|20)\d\d\)"),
        re.compile("|".join(sorted(days))),
        re.compile(r"(?<![\d.])\d{4}\.\d{2}(?![\d.])"),
    )


LAW_WORDS = _words_of_the_law()
EXAMPLE_HEADING = "1234.56"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_country_act_day_or_heading_in_python(path):
    """A regime is data: nothing in Python knows a country."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        for pattern in LAW_WORDS:
            found = pattern.search(line.replace(EXAMPLE_HEADING, ""))
            assert not found, f"line {number}: {found.group(0)!r} stands in regimes/ alone"
