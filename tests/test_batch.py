"""A batch answers every row, and answers it as the single evaluator does."""

import csv
import json
import os
import random
from datetime import date
from pathlib import Path

import pytest

duckdb = pytest.importorskip("duckdb", reason="the extra `batch` is not installed")

from openembargo.decisions.cases import cited  # noqa: E402
from openembargo.decisions.columns import deal_of, read_columns  # noqa: E402
from openembargo.decisions.decide import Options  # noqa: E402
from openembargo.jobs.decide_batch import decide_batch  # noqa: E402
from openembargo.storage.example_files import EXAMPLES, read_example  # noqa: E402
from openembargo.storage.line_tables import LineTable  # noqa: E402
from openembargo.terms.errors import InputError  # noqa: E402
from openembargo.terms.outcome import outcome_word  # noqa: E402

from .deals import DAYS, HEADINGS  # noqa: E402

ROWS = 10_000
OPTIONS = Options(accept_stale=True)
CELLS: dict[str, list[str]] = {
    "on": [day.isoformat() for day in DAYS] + ["2012-03-04", "2020-02-29"],
    "seen_from": ["RU", "CN", "KR"],
    "conduct": ["import", "import", "export", "export", "import", "export", "transit", "carry_cargo", "finance_trade|export", "charter_vessel", "insure_vessel", "port_call", "transfer_funds", "technical_assistance", ""],
    "purpose": ["", "", "commercial", "humanitarian", "diplomatic"],
    "contract_date": ["", "2017-07-01", "2017-08-20", "2017-12-01", "2004-01-01"],
    "contract_written": ["", "true", "false"],
    "hs": ["", *[h for h in HEADINGS if len(h) in (2, 4, 6)], *[h[:4] for h in HEADINGS if len(h) > 4], "1006.30", "27", "3004.20", "72"],
    "product": ["", "", "", "", "diesel", "kerosene_jet_fuel", "crude_oil", "condensate", "food", "small_arms", "conventional_arms", "statue", "aircraft_part", "other"],
    "material": ["", "", "gold", "rare_earth", "other"],
    "origin": ["KP", "KP", "RU", "CN", "DE", ""],
    "condition": ["", "new", "used"],
    "quantity": ["", "1", "100", "30000", "600000"],
    "unit": ["", "t", "kg", "bbl", "piece", "m3"],
    "value_usd": ["", "100", "50000", "500000000"],
    "unit_value_usd": ["", "", "100", "501", "2001"],
    "on_control_list": ["", "", "S/2006/815", "S/2017/829"],
    "on_national_luxury_list": ["", "", "true"],
    "could_contribute_to_programmes": ["", "", "", "true", "false"],
    "military_end_use": ["", "", "", "true"],
    "fuel_limited_to_flight": ["", "true", "false"],
    "aircraft_type": ["", "Tu-204-300", "Il-76"],
    "aircraft_use": ["", "passenger", "cargo"],
    "seller_country": ["", "KP", "CN", "RU"],
    "seller_designated": ["", "", "", "false", "true"],
    "buyer_country": ["", "KP", "RU", "DE"],
    "consignee_country": ["", "", "KP", "CN"],
    "consignee_name": ["", "", "", "Tanchon Commercial Bank", "a shop of no list"],
    "charterer_country": ["", "", "KP", "MN"],
    "vessel_flag": ["", "", "KP", "PA"],
    "vessel_controlled_by": ["", "", "KP", "CN"],
    "loaded_at": ["", "KPRJN", "KPNAM", "RUVVO"],
    "route_from": ["", "", "KP", "RU"],
    "route_to": ["", "KP", "CN"],
    "route_via": ["", "", "KPRJN|CN"],
    "support": ["", "", "guarantee", "none"],
    "livelihood_finding": ["", "true", "true", "false"],
    "revenue_for_programmes": ["", "false", "false", "true"],
    "involves_programme_persons": ["", "false", "false", "true"],
    "humanitarian_finding": ["", "", "true", "false"],
    "humanitarian_actor": ["", "", "true", "false"],
    "committee_approval": ["", "", "true", "false"],
    "notified_by": ["", "", "RU", "KR|CN"],
    "performed": ["", "", "true", "false"],
    "origin_shown": ["", "true", "false"],
    "total_used_t": ["", "10", "7499999"],
    "total_used_usd": ["", "10", "400870018"],
    "total_used_bbl": ["", "10", "499999", "4000000"],
    "stop_notice": ["", "", "true", "false"],
    "state_used_t": ["", "5"],
    "state_baseline_t": ["", "100"],
    "basic_expenses": ["", "false", "true"],
    "for_mission": ["", "false"],
}  # fmt: skip


def rows_of(count: int, seed: int) -> list[dict[str, str]]:
    chance = random.Random(seed)
    return [{"id": f"R{i}", **{name: chance.choice(values) for name, values in CELLS.items()}} for i in range(count)]


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


def answers_of(path: Path) -> list[dict[str, object]]:
    with duckdb.connect() as db:
        found = db.execute(f"SELECT * FROM '{path}' ORDER BY row")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def wrong_answers(decider, rows, answers) -> list[str]:
    columns = read_columns(rows[0], "rows")
    wrong = []
    for row, answer in zip(rows, answers, strict=True):
        verdict = decider.verdict(deal_of(columns, row), OPTIONS)
        expected = (
            outcome_word(verdict.best, verdict.worst),
            verdict.best.word,
            verdict.worst.word,
            "|".join(verdict.cites),
        )
        got = (answer["outcome"], answer["best"], answer["worst"], answer["cites"] or "")
        if got != expected:
            wrong.append(f"{ {k: v for k, v in row.items() if v} }: {got} instead of {expected}")
    return wrong


def test_ten_thousand_lines_are_answered_by_sql_as_one_by_one(decider, book, tmp_path):
    rows = rows_of(ROWS * (10 if os.environ.get("OPENEMBARGO_SOAK") else 1), 0)
    write_csv(tmp_path / "in.csv", rows)
    summary = decide_batch(
        tmp_path / "in.csv", tmp_path / "out.parquet", book, OPTIONS, tmp_path / "rejects.csv", sql_from=0
    )
    assert summary.rows == len(rows)
    assert summary.rejected == 0
    wrong = wrong_answers(decider, rows, answers_of(tmp_path / "out.parquet"))
    assert wrong == [], f"{len(wrong)} of {len(rows)}: {wrong[0]}"


STATES = ["SO", "CD", "LY", "SD", "CF", "AF", "HT", "IR", "IQ", "LR", "CI", "KP", "DE", "KE", "RS"]
EVERYWHERE: dict[str, list[str]] = {
    "on": ["1990-08-05", "1995-03-01", "2001-05-07", "2004-10-01", "2005-03-29", "2006-05-01", "2007-04-27", "2010-06-01",
           "2012-02-22", "2014-04-29", "2015-06-01", "2017-08-06", "2020-06-01", "2021-12-22", "2022-12-09", "2023-12-01",
           "2025-09-27", "2026-07-02", "2026-11-24"],
    "seen_from": ["DE", "CN", "RS"],
    "conduct": ["import", "export", "export", "transit", "transfer_funds", "provide_funds", "train_persons", "travel_entry", "import|broker", ""],
    "purpose": ["", "", "commercial", "humanitarian", "medical"],
    "contract_date": ["", "1990-01-01", "2010-01-01"],
    "hs": ["", "9301.90", "9302", "93", "8710.00", "4402.90", "7102.31", "7102", "4403.49", "2709.00", "2710.19", "9705.10", "3004.90", "1101.00", "2609.00", "8471.30"],
    "product": ["", "", "", "small_arms", "rough_diamond", "charcoal", "antiquity", "military_materiel", "food"],
    "origin": ["", *STATES],
    "on_control_list": ["", "", "S/2006/815"],
    "non_lethal": ["", "", "true", "false"],
    "removed_on": ["", "2014-01-01", "1989-01-01"],
    "certificate_of_origin": ["", "true"],
    "seller_country": ["", *STATES],
    "buyer_country": ["", *STATES],
    "buyer_kind": ["", "company", "armed_forces", "armed_group", "state_body"],
    "payee_country": ["", "", *STATES],
    "payee_designated": ["", "", "", "true", "false"],
    "buyer_acts_for_designated": ["", "", "", "true", "false"],
    "loaded_at": ["", "SOKMU", "CIABJ", "KEMBA"],
    "route_from": ["", "", "SO", "DE"],
    "route_to": ["", "SD", "SDELF", "SDKRT", "CD", "LY", "DE"],
    "to_region": ["", "SD-DN", "CD-NK"],
    "undertaking_field": ["", "police_or_military", "medical"],
    "basic_expenses": ["", "false", "true"],
    "humanitarian_actor": ["", "", "true", "false"],
    "government_consent": ["", "true"],
    "for_mandated_mission": ["", "", "true"],
    "reasonable_grounds": ["", "", "true"],
    "committee_approval": ["", "", "true", "false"],
    "performed": ["", "", "true"],
    "notified_by": ["", "", "DE"],
    "renewed": ["", "", "un.drc|un.sudan"],
}  # fmt: skip


def test_lines_under_every_regime_are_answered_by_sql_as_one_by_one(whole_decider, whole_book, tmp_path):
    chance = random.Random(7)
    count = 30_000 if os.environ.get("OPENEMBARGO_SOAK") else 3_000
    rows = [{"id": f"R{i}", **{n: chance.choice(cells) for n, cells in EVERYWHERE.items()}} for i in range(count)]
    write_csv(tmp_path / "in.csv", rows)
    summary = decide_batch(
        tmp_path / "in.csv", tmp_path / "out.parquet", whole_book, OPTIONS, tmp_path / "rejects.csv", sql_from=0
    )
    answers = answers_of(tmp_path / "out.parquet")
    kept = [(row, answer) for row, answer in zip(rows, answers, strict=True) if answer["rejected"] is None]
    assert summary.rejected == sum(row["on"] < "1990-08-06" for row in rows) or len(kept) == len(rows)
    assert len({answer["outcome"] for _, answer in kept}) == 5
    wrong = wrong_answers(whole_decider, [row for row, _ in kept], [answer for _, answer in kept])
    assert wrong == [], f"{len(wrong)} of {len(kept)}: {wrong[0]}"


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_every_form_gives_the_same_answers(book, tmp_path, suffix):
    rows = rows_of(60, 9)
    write_csv(tmp_path / "in.csv", rows)
    with duckdb.connect() as db:
        table = f"read_csv('{tmp_path}/in.csv', all_varchar = true)"
        db.execute(f"COPY (SELECT * FROM {table}) TO '{tmp_path}/in.parquet' (FORMAT parquet)")
        db.execute(f"COPY (SELECT * FROM {table}) TO '{tmp_path}/in.jsonl' (FORMAT json)")
    decide_batch(tmp_path / "in.csv", tmp_path / "first.parquet", book, OPTIONS, tmp_path / "r.csv")
    decide_batch(tmp_path / f"in.{suffix}", tmp_path / f"out.{suffix}", book, OPTIONS, tmp_path / "r.csv")
    first, second = answers_of(tmp_path / "first.parquet"), answers_of(tmp_path / f"out.{suffix}")
    for one, other in zip(first, second, strict=True):
        assert (one["id"], one["outcome"], one["cites"] or "") == (other["id"], other["outcome"], other["cites"] or "")


BAD = """id,on,conduct,hs,origin,quantity,unit,seller_country,x_mine
1,2017-02-03,import,7108.12,KP,40,kg,KP,a
2,2017-02-30,import,7108.12,KP,-4,kg,KP,b
3,2017-02-03,imprt,7108.12,North Korea,40,kg,KP,c
4,,import,7108.12,KP,40,kg,KP,d
5,2001-01-01,import,7108.12,KP,forty,kg,KP,e
6,2017-02-03,import,71081,KP,40,kg,KP,f
"""


def test_bad_rows_are_told_and_nothing_is_lost(book, tmp_path):
    (tmp_path / "in.csv").write_text(BAD)
    summary = decide_batch(tmp_path / "in.csv", tmp_path / "out.csv", book, OPTIONS, tmp_path / "rejects.csv")
    assert (summary.rows, summary.rejected, summary.outcomes) == (6, 5, {"prohibited": 1})
    answers = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["id"] for row in answers] == list("123456")
    assert [row["x_mine"] for row in answers] == list("abcdef")
    assert [bool(row["rejected"]) for row in answers] == [False, True, True, True, True, True]
    rejects = [(row["row"], row["column"]) for row in csv.DictReader((tmp_path / "rejects.csv").open())]
    assert {
        ("2", "on"),
        ("2", "quantity"),
        ("3", "conduct"),
        ("3", "origin"),
        ("4", "on"),
        ("5", "quantity"),
        ("6", "hs"),
    } <= set(rejects)
    assert "did you mean 'import'" in (tmp_path / "rejects.csv").read_text()


def test_a_column_that_is_no_fact_is_refused_before_anything_is_written(book, tmp_path):
    (tmp_path / "in.csv").write_text("id,on,orgin\n1,2017-02-03,KP\n")
    with pytest.raises(InputError, match="did you mean 'origin'"):
        decide_batch(tmp_path / "in.csv", tmp_path / "out.csv", book, OPTIONS, tmp_path / "rejects.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


def test_whole_deals_in_json_lines(whole_decider, whole_book, tmp_path):
    deals = [read_example(path.stem) for path in sorted(EXAMPLES.glob("*.toml"))]
    lines = [json.dumps(deal.plain()) for deal in deals]
    (tmp_path / "in.jsonl").write_text(
        "\n".join([*lines, '{"on": "2017-02-03", "goods": [{"hs": 2701}]}', "{broken"]) + "\n"
    )
    summary = decide_batch(tmp_path / "in.jsonl", tmp_path / "out.jsonl", whole_book, OPTIONS, tmp_path / "rejects.csv")
    assert (summary.rows, summary.rejected) == (len(deals) + 2, 2)
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    for deal, answer in zip(deals, answers, strict=False):
        one = whole_decider.decide(deal)
        assert (answer["id"], answer["outcome"]) == (deal.top["id"], one.outcome)
        assert set((answer["cites"] or "").split("|")) - {""} == cited(one)
    assert "goods[0].hs" in answers[-2]["rejected"]
    assert "not JSON" in answers[-1]["rejected"]


def test_an_interrupted_run_leaves_no_half_file(book, tmp_path, monkeypatch):
    write_csv(tmp_path / "in.csv", rows_of(20, 3))
    (tmp_path / "out.csv").write_text("what was there before")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(LineTable, "write_rejects", stop)
    monkeypatch.setattr(LineTable, "write", stop)
    with pytest.raises(KeyboardInterrupt):
        decide_batch(tmp_path / "in.csv", tmp_path / "out.csv", book, OPTIONS, tmp_path / "rejects.csv")
    assert (tmp_path / "out.csv").read_text() == "what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_known_on_is_kept(book, tmp_path):
    (tmp_path / "in.csv").write_text(
        "on,seen_from,conduct,hs,origin,seller_country,livelihood_finding,revenue_for_programmes,humanitarian_actor\n"
        "2017-08-20,RU,import,2601.11,KP,KP,true,false,false\n"
    )
    then = Options(known_on=date(2017, 8, 1))
    decide_batch(tmp_path / "in.csv", tmp_path / "out.csv", book, then, tmp_path / "rejects.csv")
    assert next(csv.DictReader((tmp_path / "out.csv").open()))["outcome"] == "permitted_with_conditions"
