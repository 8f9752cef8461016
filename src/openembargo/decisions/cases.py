"""Cases: deals with the expected determination, kept beside the law, and how they are run."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openembargo.law.check_links import provision_ids
from openembargo.law.model import Regime
from openembargo.law.table_reader import line_numbers
from openembargo.law.words import nearest
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, Mistake, OutsideCoverage
from openembargo.terms.outcome import LEVEL_BY_WORD, UNDETERMINED
from openembargo.terms.read_deal import read_deal

from .decide import Decider, Options
from .determination import Determination

ASPECTS = ("inside", "outside", "first_day", "last_day", "day_after", "missing", "exemption", "performed")
EXPECTED = ("outcome", "between", "missing", "cites", "not_cites", "by_when", "why", "confidence")
NEEDED = ("name", "covers", "aspect", "expect")
KEYS = (*NEEDED, "base", "deal", "set", "unset")
KEYS_SAID = f"wanted: {', '.join(NEEDED)}; allowed beside them: base, deal, set, unset"
SHAPES: tuple[tuple[str, type, str], ...] = (
    ("deal", dict, "a deal: { on = 2017-02-03, ... }"), ("set", dict, 'changes: { "facts.performed" = true }'),
    ("unset", list, 'a list of facts: ["deal.purpose"]'), ("expect", dict, '{ outcome = "prohibited", ... }'),
)  # fmt: skip
STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Expect:
    """What a determination must say."""

    outcome: str
    between: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    not_cites: tuple[str, ...] = ()
    by_when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One deal with what is expected of it."""

    name: str
    where: str
    covers: str
    aspect: str
    deal: Deal
    expect: Expect


def read_cases(name: str, text: str) -> tuple[tuple[Case, ...], tuple[Mistake, ...]]:
    """Read a cases/*.toml file.

    Returns:
        The cases, and the mistakes found.
    """
    try:
        table = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        return (), (Mistake(name, f"not TOML: {error}", "TOML as in docs/reference/law-format.md"),)
    bases, lines = table.get("base", {}), line_numbers(text)
    cases: list[Case] = []
    mistakes: list[Mistake] = []
    for index, row in enumerate(table.get("case", [])):
        where = f"{name}:{lines.get(f'case[{index}]', 1)} case[{index}] {row.get('name', '')!r}"
        try:
            cases.append(_case(row, where, bases))
        except InputError as error:
            mistakes += error.mistakes
    unknown = set(table) - {"base", "case"}
    mistakes += [Mistake(name, f"unknown key {key!r}", "[base.NAME] and [[case]]") for key in sorted(unknown)]
    return tuple(cases), tuple(mistakes)


def _case(row: Mapping[str, object], where: str, bases: Mapping[str, object]) -> Case:
    base = row.get("base")
    if base is not None and base not in bases:
        raise InputError([Mistake(where, f"no base {base!r}", f"bases: {', '.join(bases)}")])
    mistakes = [Mistake(where, f"{key} is missing", KEYS_SAID) for key in NEEDED if key not in row]
    mistakes += [Mistake(where, f"unknown key {key!r}", nearest(key, KEYS)) for key in row if key not in KEYS]
    mistakes += [
        Mistake(where, f"{key}: found {row[key]!r}", said)
        for key, kind, said in SHAPES
        if key in row and not isinstance(row[key], kind)
    ]
    if mistakes:
        raise InputError(mistakes)
    if row["aspect"] not in ASPECTS:
        raise InputError([Mistake(where, f"aspect {row['aspect']!r}", f"one of: {', '.join(ASPECTS)}")])
    start: Any = bases[str(base)] if base is not None else {}
    table: dict[str, object] = deepcopy(start)
    table.update(deepcopy(row.get("deal", {})))  # type: ignore[call-overload]
    for path, value in dict(row.get("set", {})).items():  # type: ignore[call-overload]
        _put(table, path, value, where)
    for path in row.get("unset", []):  # type: ignore[attr-defined]
        _drop(table, path)
    return Case(
        str(row["name"]), where, str(row["covers"]), str(row["aspect"]), read_deal(table, where),
        read_expect(row["expect"], where),  # type: ignore[arg-type]
    )  # fmt: skip


def read_expect(table: Mapping[str, object], where: str) -> Expect:
    """Read what is expected.

    Raises:
        InputError: When an outcome does not exist or a key is unknown.
    """
    unknown = set(table) - set(EXPECTED)
    if "outcome" not in table:
        raise InputError(
            [Mistake(where, "expect: outcome is missing", f"one of: {', '.join((*LEVEL_BY_WORD, UNDETERMINED))}")]
        )
    shapes = [key for key in EXPECTED[1:6] if not isinstance(table.get(key, []), list)]
    if shapes:
        raise InputError([Mistake(where, f"expect.{shapes[0]}: found {table[shapes[0]]!r}", "a list of texts")])
    words = [str(table.get("outcome")), *map(str, table.get("between", ()))]  # type: ignore[call-overload]
    wrong = [word for word in words if word not in LEVEL_BY_WORD and word != UNDETERMINED]
    if unknown or wrong:
        allowed = f"keys {', '.join(EXPECTED)}; outcomes {', '.join((*LEVEL_BY_WORD, UNDETERMINED))}"
        raise InputError([Mistake(where, f"expect: {', '.join((*sorted(unknown), *wrong))}", allowed)])

    def texts(key: str) -> tuple[str, ...]:
        return tuple(str(item) for item in table.get(key, ()))  # type: ignore[attr-defined]

    return Expect(words[0], texts("between"), texts("missing"), texts("cites"), texts("not_cites"), texts("by_when"))


def _put(table: dict[str, object], path: str, value: object, where: str) -> None:
    """Set a value at a path such as `facts.x`, `goods[0].hs`, `on`."""
    at: object = table
    steps = path.split(".")
    for i, step in enumerate(steps):
        match = STEP.fullmatch(step)
        if match is None or not isinstance(at, dict):
            raise InputError([Mistake(where, f"path {path!r}", "such as on, facts.performed, goods[0].hs")])
        name, index = match.group(1), match.group(2)
        last = i == len(steps) - 1
        if index is None:
            if last:
                at[name] = value
            else:
                at = at.setdefault(name, {})
            continue
        rows = at.setdefault(name, [])
        while len(rows) <= int(index):
            rows.append({})
        if last:
            rows[int(index)] = value
        else:
            at = rows[int(index)]


def _drop(table: dict[str, object], path: str) -> None:
    at: object = table
    steps = [STEP.fullmatch(step) for step in path.split(".")]
    for i, step in enumerate(steps):
        if step is None or not isinstance(at, dict):
            return
        name, index = step.group(1), step.group(2)
        if i == len(steps) - 1 and index is None:
            at.pop(name, None)
            return
        at = at.get(name, {})
        if index is not None and isinstance(at, list):
            if i == len(steps) - 1:
                del at[int(index)]
                return
            at = at[int(index)]


def cited(answer: Determination) -> frozenset[str]:
    """Return the ids of all provisions that took part in a determination."""
    found: set[str] = set()
    for one in answer.examined:
        for finding in one.findings:
            found.add(finding.provision)
            found |= {tried.provision for tried in finding.exemptions}
        found |= {condition.provision for condition in one.conditions}
        found |= {duty.provision for duty in one.duties}
        found |= {owed.by or owed.provision for owed in one.consequences}
    return frozenset(found)


def failures(answer: Determination, expect: Expect) -> Iterator[str]:
    """Yield how a determination differs from what is expected."""
    got = answer.plain()
    if got["outcome"] != expect.outcome:
        between = got["between"]
        open_ends = f" between {' and '.join(map(str, between))}" if isinstance(between, list) else ""
        yield f"the outcome is {got['outcome']}{open_ends}, the case expects {expect.outcome}"
    elif expect.between and got["between"] != list(expect.between):
        yield f"between {got['between']}, expected {list(expect.between)}"
    asked = {_without_index(_full(m.path, m.fact)) for one in answer.examined for m in one.missing}
    asked |= {_full(m.path, m.fact) for one in answer.examined for m in one.missing}
    for fact in expect.missing:
        if fact not in asked:
            yield f"does not ask for {fact}; asks for {', '.join(sorted(asked)) or 'nothing'}"
    names = cited(answer)
    yield from (f"does not cite {name}; cites {', '.join(sorted(names))}" for name in expect.cites if name not in names)
    yield from (f"cites {name}" for name in expect.not_cites if name in names)
    days = {c.by_when.isoformat() for one in answer.examined for c in one.conditions if c.by_when}
    yield from (f"no condition by {day}; days {sorted(days)}" for day in expect.by_when if day not in days)


def _full(path: str, fact: str) -> str:
    return fact if path == fact else f"{path}.{fact.rpartition('.')[2]}"


def _without_index(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)


def run_case(decider: Decider, case: Case) -> tuple[str, ...]:
    """Return how a case fails; nothing when it is met."""
    try:
        answer = decider.decide(case.deal, Options(accept_stale=True))
    except OutsideCoverage as error:
        return (f"outside coverage: {error}",)
    return tuple(failures(answer, case.expect))


def uncovered(regime: Regime, cases: Iterable[Case]) -> tuple[str, ...]:
    """Return the measures and general exemptions that no case covers."""
    covered = {case.covers for case in cases}
    named = {name for case in cases for name in case.expect.cites}
    known = dict(provision_ids(regime))
    measures = {m.id for m in regime.measures if m.effect in ("prohibits", "conditions")}
    return tuple(sorted(name for name in measures if name in known and name not in covered | named))
