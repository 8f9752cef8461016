"""A condition's SQL answers TRUE, FALSE or NULL just where the evaluator answers true, false or unknown."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

duckdb = pytest.importorskip("duckdb", reason="the extra `batch` is not installed")

from openembargo.decisions.completions import conditions_of  # noqa: E402
from openembargo.law.caps import within_cap  # noqa: E402
from openembargo.law.evaluate import compile_test  # noqa: E402
from openembargo.law.sql import condition_sql, in_dialect, literal_sql  # noqa: E402
from openembargo.storage.law_query import RowNames  # noqa: E402
from openembargo.terms.deal import Deal  # noqa: E402
from openembargo.terms.vocabulary import FACTS  # noqa: E402

from .deals import REGIME, deals  # noqa: E402

CONDITIONS = list(dict.fromkeys(conditions_of(REGIME)))
DB = duckdb.connect()


def literal(path: str, value: object) -> str:
    if isinstance(value, tuple):
        return f"CAST([{', '.join(literal_sql(v) for v in value)}] AS VARCHAR[])"
    if isinstance(value, Decimal):
        return f"CAST({value} AS DECIMAL(30, 8))"
    if isinstance(value, date | bool | int):
        return literal_sql(value)
    assert path in FACTS
    return literal_sql(value)


@dataclass(slots=True)
class Inline(RowNames):
    """Names that stand for the values of one deal themselves."""

    situation: object = None

    def goods_in(self, goods_list: str) -> str:
        s = self.situation
        found = s.law.scope.holds(goods_list, s.rows.get("goods", {}), s.law.readings)
        return "CAST(NULL AS BOOLEAN)" if found is None else literal_sql(found)

    def of_party(self, role: str) -> "Inline":
        return Inline(self.columns, self.roles, self.readings, self.caps, role, self.definitions, self.situation)


def one_of_each(deal: Deal) -> Deal:
    """The deal with one line, one vessel, and parties of different roles without names: what a flat row can hold."""
    named = {"name", "imo"}
    vessel = [{n: v for n, v in row.items() if n not in named} for row in deal.vessel[:1]] or [{"flag": "KP"}]
    party = [{n: v for n, v in row.items() if n not in named} for row in deal.party] or [{"country": "KP"}]
    roles = [row.get("role", "seller") for row in party]
    if len(set(roles)) < len(roles):
        roles = ["seller", "buyer"]
    rows = tuple({**row, "role": role} for row, role in zip(party, roles, strict=True))
    return replace(deal, goods=deal.goods[:1] or ({"origin": "KP"},), vessel=tuple(vessel), party=rows)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(deal=deals(), condition=st.sampled_from(CONDITIONS))
def test_sql_answers_as_the_evaluator(decider, deal, condition):
    deal = one_of_each(deal)
    judge, preparer = decider.judge_of(REGIME_OF(decider)), decider.preparer_of(REGIME_OF(decider))
    prepared = preparer.prepare(deal, deal.on).deal
    whole = judge.situation(prepared, deal.on, judge.readings())
    situation = whole
    for section in ("goods", "vessel", "party"):
        for index, row in enumerate(prepared.rows(section)[:1]):
            situation = situation.at(section, index, row)
    columns = {
        f"{section}.{name}": literal(f"{section}.{name}", value)
        for section in ("deal", "goods", "vessel", "route", "finance", "undertaking", "facts")
        for row in prepared.rows(section)[:1]
        for name, value in row.items()
    }
    parties = {
        row["role"]: {n: literal(f"party.{n}", v) for n, v in row.items() if n != "role"} | {"kind_": "1"}
        for row in prepared.party
    }
    caps = {}
    for cap in REGIME_OF(decider).caps:
        found = within_cap(cap, situation)
        caps[cap.id] = "CAST(NULL AS BOOLEAN)" if found is None else literal_sql(found)
    first = prepared.party[0]["role"] if prepared.party else ""
    names = Inline(columns, parties, judge.readings(), caps, first, frozenset(), situation)
    expected = compile_test(condition)(situation)
    assert DB.execute(f"SELECT {condition_sql(condition, names)}").fetchone()[0] == expected


def REGIME_OF(decider):  # noqa: N802 - reads as a name
    return decider.book.regimes[0]


@pytest.mark.parametrize("number", range(0, len(CONDITIONS), 7))
def test_a_condition_is_written_for_spark(number):
    columns = {path: f"t.{path.replace('.', '_')}" for path in FACTS if not path.startswith("party.")}
    names = RowNames(
        columns, {"seller": {"country": "t.seller_country"}}, {}, {cap.id: "t.cap" for cap in REGIME.caps}, "seller"
    )
    text = in_dialect(f"SELECT {condition_sql(CONDITIONS[number], names)} AS answer FROM t", "spark")
    assert text.startswith("SELECT")
