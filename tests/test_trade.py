"""Trade in: each publisher's layout gives the same flows, and what must not be summed is named and counted."""

import json

import duckdb
import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app
from openembargo.jobs.load_trade import load, show
from openembargo.terms.errors import InputError
from openembargo.trade.areas import area
from openembargo.trade.layouts import read_mapping

from .conftest import REFERENCE, needs_reference

SAMPLES = REFERENCE / "trade" / "samples"
HEAD = "period,reporterCode,partnerCode,flowCode,classificationCode,cmdCode,primaryValue,qty,qtyUnitCode,partner2Code,motCode,customsCode\n"


def comtrade(tmp_path, *rows, name="a.csv"):
    path = tmp_path / name
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def flows(path, what="*", where="true"):
    return duckdb.sql(f"SELECT {what} FROM read_parquet('{path}') WHERE {where} ORDER BY source, source_row").fetchall()


def faults(tmp_path, *rows):
    out = tmp_path / "flows.parquet"
    load([comtrade(tmp_path, *rows)], out, None, "")
    return [row[0] for row in flows(out, "fault")]


@pytest.mark.parametrize(
    ("printed", "code", "kind"),
    [
        ("156", "CN", "country"), ("842", "US", "country"), ("251", "FR", "country"), ("699", "IN", "country"), ("408", "KP", "country"),
        ("410", "KR", "country"), ("004", "AF", "country"), ("PRK", "KP", "country"), ("Dem. People's Rep. of Korea", "KP", "country"),
        ("Rep. of Korea", "KR", "country"), ("0", "M000", "aggregate"), ("World", "M000", "aggregate"), ("490", "M490", "nes"),
        ("899", "M899", "nes"), ("Areas, nes", "M899", "nes"), ("810", "M810", "former"), ("Nowhere", "Nowhere", "unknown"),
    ],
)  # fmt: skip
def test_areas_are_read_as_the_publisher_codes_them(printed, code, kind):
    found = area(printed)
    assert (found.code, found.kind) == (code, kind)


def test_the_two_koreas_are_never_one():
    assert area("410") != area("408")
    assert area("Rep. of Korea") != area("Dem. People's Rep. of Korea")


GOOD = "2016,156,408,M,H4,270112,1000,5,8,0,0,C00"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (GOOD, None),
        ("201611,156,408,M,H4,270112,1000,5,8,0,0,C00", None),
        ("2016-13,156,408,M,H4,270112,1000,5,8,0,0,C00", "no_period"),
        ("2016,156,408,M,S3,27011,1000,5,8,0,0,C00", "not_hs"),
        ("2016,156,408,M,H4,9999AA,1000,5,8,0,0,C00", "no_code"),
        ("2016,156,408,M,H4,271210,1000,5,8,0,0,C00", None),
        ("2016,156,408,M,H4,852412,1000,5,8,0,0,C00", "wrong_edition"),
        ("2016,156,408,M,H6,852412,1000,5,8,0,0,C00", None),
        ("2016,156,7777,M,H4,270112,1000,5,8,0,0,C00", "unknown_area"),
        ("2016,156,408,Q,H4,270112,1000,5,8,0,0,C00", "unknown_flow"),
        ("2016,156,408,M,H4,270112,NA,5,8,0,0,C00", "no_value"),
        ("2016,156,408,M,H4,270112,-1,5,8,0,0,C00", "negative"),
        ("2016,156,408,M,H4,270112,0,5,8,0,0,C00", None),
        ("2016,156,408,RX,H4,270112,1,5,8,0,0,C00", "within_flow"),
        ("2016,156,0,M,H4,270112,1,5,8,0,0,C00", "aggregate_partner"),
        ("2016,156,490,M,H4,270112,1,5,8,0,0,C00", "nes_partner"),
        ("2016,156,408,M,H4,270112,1,5,8,392,0,C00", "part_without_total"),
    ],
)
def test_a_row_that_must_not_be_summed_says_why(tmp_path, row, fault):
    assert faults(tmp_path, row) == [fault]


def test_parts_beside_their_total_are_kept_out(tmp_path):
    parts = [GOOD.replace(",0,0,C00", tail) for tail in (",392,0,C00", ",0,1000,C00", ",0,0,C01")]
    assert faults(tmp_path, GOOD, *parts) == [None, "breakdown", "breakdown", "breakdown"]


def test_coarser_codes_are_kept_out_where_finer_ones_are_there(tmp_path):
    rows = [GOOD.replace("270112", code) for code in ("TOTAL", "27", "2701", "270112", "2710", "03")]
    assert faults(tmp_path, *rows) == ["aggregate_code"] * 3 + [None, None, None]


def test_the_same_row_twice_counts_once_and_two_values_count_not_at_all(tmp_path):
    other = GOOD.replace("270112", "270119")
    assert faults(tmp_path, GOOD, GOOD, other, other.replace(",1000,", ",1001,")) == [
        None,
        "duplicate",
        "conflict",
        "conflict",
    ]


def test_two_vintages_are_never_mixed(tmp_path):
    text = "t,i,j,k,v,q\n2018,408,156,270112,1.5,2\n"
    for name in ("BACI_HS17_Y2018_V202301.csv", "BACI_HS17_Y2018_V202401.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "flows.parquet"
    found = load(sorted(tmp_path.glob("BACI*")), out, None, "")
    assert found.kept_out == {"two_vintages": 2}
    assert found.counted == 0
    one = load([tmp_path / "BACI_HS17_Y2018_V202301.csv"], out, None, "")
    assert one.counted == 1
    assert flows(out, "vintage, edition, value_usd, quantity, unit, valuation, reporter, partner, reconciled") == [
        ("V202301", 2017, 1500, 2.0, "t", "fob", "KP", "CN", True)
    ]


def test_codes_of_baci_that_lost_their_zero_get_it_back(tmp_path):
    (tmp_path / "b.csv").write_text("t,i,j,k,v,q\n2018,408,156,30613,1,NA\n", encoding="utf-8")
    load([tmp_path / "b.csv"], tmp_path / "f.parquet", None, "")
    assert flows(tmp_path / "f.parquet", "hs, quantity, fault") == [("030613", None, None)]


def test_a_quantity_without_a_unit_leaves_the_value(tmp_path):
    out = tmp_path / "flows.parquet"
    found = load([comtrade(tmp_path, GOOD.replace(",5,8,", ",5,-1,"))], out, None, "")
    assert found.noted == {"quantity_without_unit": 1}
    assert flows(out, "value_usd, quantity, fault") == [(1000, None, None)]


def test_missing_months_are_named(tmp_path):
    out = tmp_path / "flows.parquet"
    load([comtrade(tmp_path, *(GOOD.replace("2016", f"2016{m:02}") for m in range(1, 12)))], out, None, "")
    assert show(out).incomplete == (("CN", 2016, 11),)


@pytest.mark.parametrize(
    ("currency", "fault"), [("", "currency_missing"), ("EUR", "other_currency"), ("usd", None), ("USD", None)]
)
def test_a_mapping_must_tell_the_currency(tmp_path, currency, fault):
    (tmp_path / "m.toml").write_text(
        f'name = "own"\nflow = "import"\ncurrency = "{currency}"\n[columns]\nperiod = "P"\nreporter = "R"\npartner = "Q"\nhs = "H"\n'
        'value = "V"\n',
        encoding="utf-8",
    )
    (tmp_path / "t.csv").write_text("P,R,Q,H,V\n01/2015,RU,KP,27.01,7826\n", encoding="utf-8")
    load([tmp_path / "t.csv"], tmp_path / "f.parquet", tmp_path / "m.toml", "")
    assert flows(tmp_path / "f.parquet", "period, hs, fault") == [("2015-01", "2701", fault)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = [", "is no TOML"),
        ("colour = 1", "colour is not known"),
        ("[columns]\nyear = 'Y'", "columns.reporter is missing"),
        ("valuation = 'exw'\n[columns]\nyear = 'Y'", "valuation is 'exw'"),
        ("edition = 2013\n[columns]\nyear = 'Y'", "edition is 2013"),
    ],
)
def test_a_wrong_mapping_is_told(text, says):
    with pytest.raises(InputError, match=says):
        read_mapping(text, "m.toml")


def test_a_table_of_no_known_layout_says_what_it_lacks(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"fit no layout.*baci needs"):
        load([tmp_path / "t.csv"], tmp_path / "f.parquet", None, "")
    assert not (tmp_path / "f.parquet").exists()


def test_json_of_the_api_and_its_csv_give_the_same_flows(tmp_path):
    names = HEAD.strip().split(",")
    csv_out, json_out = tmp_path / "c.parquet", tmp_path / "j.parquet"
    load([comtrade(tmp_path, GOOD)], csv_out, None, "")
    rows = [dict(zip(names, GOOD.split(","), strict=True)) | {"qty": 5.0, "primaryValue": 1000.0, "motCode": 0}]
    (tmp_path / "a.json").write_text(json.dumps({"data": rows}), encoding="utf-8")
    load([tmp_path / "a.json"], json_out, None, "")
    assert flows(csv_out, "* EXCLUDE (source)") == flows(json_out, "* EXCLUDE (source)")


def test_same_input_gives_the_same_bytes(tmp_path):
    outs = [tmp_path / "1.parquet", tmp_path / "2.parquet"]
    for out in outs:
        load([comtrade(tmp_path, GOOD, GOOD.replace("270112", "0306"))], out, None, "")
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_the_command_tells_what_is_kept_out(tmp_path):
    path = comtrade(tmp_path, GOOD, GOOD.replace(",1000,", ",-5,").replace("270112", "270119"))
    out = str(tmp_path / "f.parquet")
    done = CliRunner().invoke(app, ["trade", "load", str(path), "--out", out])
    assert done.exit_code == 0, done.output
    assert "1 negative" in done.output
    shown = CliRunner().invoke(app, ["trade", "show", out, "--json"])
    assert json.loads(shown.output)["counted"] == 1


def test_both_sides_of_the_same_trade_are_set_side_by_side(tmp_path):
    rows = [
        "2016,156,408,M,H4,270112,110,5,8,0,0,C00",
        "2016,408,156,X,H4,270119,100,5,8,0,0,C00",
        "2016,643,408,X,H4,100199,70,5,8,0,0,C00",
    ]
    out = tmp_path / "f.parquet"
    load([comtrade(tmp_path, *rows)], out, None, "")
    done = CliRunner().invoke(app, ["trade", "mirror", str(out), "--with", "KP", "--digits", "4", "--json"])
    assert [tuple(row.values()) for row in json.loads(done.stdout)] == [
        ("RU", "KP", "1001", "2016", "70.000", None, None),
        ("KP", "CN", "2701", "2016", "100.000", "110.000", 1.1),
    ]
    assert CliRunner().invoke(app, ["trade", "mirror", str(out), "--with", "Nowhere"]).exit_code == 2


@needs_reference
@pytest.mark.parametrize(
    ("name", "layout", "rows", "counted"),
    [
        ("samples/comtrade_api_v1_get_CA_HS_china2010.json", "comtrade-v1", 4, 4),
        ("comtradr_vignette3_prk_rows.csv", "comtrade-v1", 6, 6),
        ("samples/baci_hs17_rows_ksreyes.csv", "baci", 9, 9),
        ("samples/comtrade_legacy_dprk_partner_hs2_mena_reporters.csv", "comtrade-dump", 3425, 3306),
        ("samples/comtrade_legacy_world_partner_hs2_mena_reporters.csv.gz", "comtrade-dump", 86919, 0),
    ],
)
def test_real_files_are_read_whole(tmp_path, name, layout, rows, counted):
    path = REFERENCE / "trade" / name
    found = load([path], tmp_path / "f.parquet", None, "")
    assert dict(found.layouts) == {path.name: layout}
    assert (found.rows, found.counted) == (rows, counted)
