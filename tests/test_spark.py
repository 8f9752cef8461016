"""Apache Spark answers the rows of a table as DuckDB on this machine does, and a file of names as local processes do."""

import csv
import os
import random
import shutil
from datetime import date

import pytest

pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
duckdb = pytest.importorskip("duckdb", reason="the extra `batch` is not installed")
if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
    pytest.skip("Spark needs Java, and there is none", allow_module_level=True)

from openembargo.decisions.decide import Options  # noqa: E402
from openembargo.jobs.decide_batch import decide_batch  # noqa: E402
from openembargo.jobs.screen_batch import BatchRequest, screen_batch  # noqa: E402
from openembargo.terms.errors import InputError  # noqa: E402

from .test_batch import BAD, CELLS, answers_of, rows_of, write_csv  # noqa: E402

OPTIONS = Options(accept_stale=True)
FEW_COLUMNS = ("on", "conduct", "hs", "origin", "livelihood_finding", "quantity")
FEW_CONDUCTS = ["import", "export", "charter_vessel"]
SOAK = bool(os.environ.get("OPENEMBARGO_SOAK"))


@pytest.fixture(scope="module", autouse=True)
def two_cores():
    before = os.environ.get("SPARK_MASTER")
    os.environ["SPARK_MASTER"] = "local[2]"
    yield
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()
    if before is None:
        del os.environ["SPARK_MASTER"]
    else:
        os.environ["SPARK_MASTER"] = before


def both(book, folder, source, suffix="parquet", **more):
    found = []
    for engine in ("duckdb", "spark"):
        out, rejects = folder / f"{engine}.{suffix}", folder / f"{engine}.rejects.csv"
        summary = decide_batch(source, out, book, OPTIONS, rejects, engine=engine, **more)
        found.append((summary, out, rejects))
    return found


@pytest.mark.skipif(not SOAK, reason="Spark plans the whole law for a minute or more; run by `make soak`")
def test_the_law_as_spark_sql_gives_the_rows_of_duckdb(book, tmp_path):
    cells = CELLS if SOAK else {name: CELLS[name] for name in FEW_COLUMNS}
    cells = cells if SOAK else {**cells, "conduct": FEW_CONDUCTS}
    chance = random.Random(11)
    rows = [{"id": f"R{i}", **{n: chance.choice(v) for n, v in cells.items()}} for i in range(3000 if SOAK else 600)]
    write_csv(tmp_path / "in.csv", rows)
    (one, duck, _), (other, spark, _) = both(book, tmp_path, tmp_path / "in.csv", sql_from=0)
    assert (one.rows, one.rejected, one.situations, one.outcomes) == (other.rows, other.rejected, other.situations, other.outcomes)  # fmt: skip
    assert len(one.outcomes) > 3
    assert answers_of(spark) == answers_of(duck)


@pytest.mark.parametrize("suffix", ["csv", "jsonl"] if SOAK else ["csv"])
def test_wrong_rows_are_told_in_the_same_words(book, tmp_path, suffix):
    (tmp_path / "in.csv").write_text(BAD)
    (_, duck, refused), (_, spark, refused_too) = both(book, tmp_path, tmp_path / "in.csv", suffix)
    if suffix == "csv":
        assert list(csv.DictReader(spark.open())) == list(csv.DictReader(duck.open()))
    else:
        assert answers_of(spark) == answers_of(duck)
    assert list(csv.DictReader(refused_too.open())) == list(csv.DictReader(refused.open()))
    assert len(refused.read_text().splitlines()) > 5


def test_a_row_that_is_no_row_costs_itself_alone(book, tmp_path):
    lines = [*BAD.splitlines()[:2], "7,2017-02-03,import,7108.12,KP,40,kg,KP,a,one,too,many", BAD.splitlines()[1]]
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    (one, _, refused), (other, spark, refused_too) = both(book, tmp_path, tmp_path / "in.csv", "csv")
    assert (
        (one.rows, one.rejected, one.outcomes)
        == (other.rows, other.rejected, other.outcomes)
        == (3, 1, {"prohibited": 2})
    )
    for path in (refused, refused_too):
        (row,) = csv.DictReader(path.open())
        assert (row["row"], row["column"]) == ("2", "row")
        assert "more" in row["reason"]
    assert [row["outcome"] for row in csv.DictReader(spark.open())] == ["prohibited", "", "prohibited"]


def test_names_are_found_as_by_local_processes(tmp_path):
    names = [
        "RI JE-SON",
        "Lee Je-sun",
        "리제선",
        "Korea Mining Development Trading Corp",
        "Kim Min-su",
        "",
        "Tanchon Bank",
    ]
    rows = [
        {"query_id": f"q{i}", "name": name, "kind": "", "dob": "", "country": ""} for i, name in enumerate(names * 9)
    ]
    rows[3]["dob"] = "once"
    write_csv(tmp_path / "names.csv", rows)
    for engine in ("local", "spark"):
        request = BatchRequest(("annexes",), date(2017, 2, 3), None, 3, 0.3, 0.45, 1, engine)
        done = screen_batch(
            tmp_path / "names.csv", tmp_path / f"{engine}.csv", tmp_path / f"{engine}.rejects.csv", request
        )
        assert (done.standing.rows, done.standing.rejected) == (63, 10)
    assert (tmp_path / "spark.csv").read_bytes() == (tmp_path / "local.csv").read_bytes()
    assert (tmp_path / "spark.rejects.csv").read_bytes() == (tmp_path / "local.rejects.csv").read_bytes()


def test_a_file_that_is_no_table_is_named(book, tmp_path):
    (tmp_path / "in.parquet").write_bytes(b"no Parquet")
    with pytest.raises(InputError, match="cannot be read as a table"):
        decide_batch(tmp_path / "in.parquet", tmp_path / "out.csv", book, OPTIONS, tmp_path / "r.csv", engine="spark")
    write_csv(tmp_path / "in.csv", rows_of(2, 1))
    with pytest.raises(InputError, match="one of: duckdb, spark"):
        decide_batch(tmp_path / "in.csv", tmp_path / "out.csv", book, OPTIONS, tmp_path / "r.csv", engine="flink")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "in.parquet"]
