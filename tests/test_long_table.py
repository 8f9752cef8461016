"""Tables longer than memory and rows that are no rows: one bad row costs itself alone, and is told by its number."""

import csv
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openembargo.apps.cli.main import app

run = CliRunner()
HEAD = "id,on,seen_from,conduct,hs,origin,x_note"
ROW = "D{0},2017-09-20,RU,import,2701.11,KP,note {0}"
WRONG = {
    "more cells than headings": (
        b"D7,2017-09-20,RU,import,2701.11,KP,note,too,many",
        "has more cells than the heading",
    ),
    "bytes of another encoding": (b"D7,2017-09-20,RU,import,2701.11,KP,\xff\xfe", "holds bytes that are no UTF-8"),
    "a day that is none": (b"D7,soon,RU,import,2701.11,KP,note", "found 'soon': a day such as 2017-02-03"),
}


def lines(count: int, wrong: bytes, at: int, note: str = "") -> bytes:
    rows = [ROW.format(number).encode() + note.encode() for number in range(1, count + 1)]
    rows[at - 1] = wrong
    return b"\n".join([HEAD.encode(), *rows]) + b"\n"


def decided(path: Path, tmp_path: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    out = tmp_path / "out.csv"
    done = run.invoke(app, ["decide-batch", str(path), str(out)])
    assert done.exit_code == 0, done.output
    answers, lost = (
        list(csv.DictReader(one.open(encoding="utf-8", newline=""))) for one in (out, tmp_path / "out.rejects.csv")
    )
    return answers, lost


@pytest.mark.parametrize(("wrong", "told"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("count", [20, 30_000])
def test_one_bad_row_of_a_batch_is_rejected_by_its_number_and_the_rest_is_decided(tmp_path, wrong, told, count):
    """The row may stand among the first, from which the shape of the file is told, or far behind them."""
    at = count * 4 // 5
    path = tmp_path / "lines.csv"
    path.write_bytes(lines(count, wrong, at))
    answers, lost = decided(path, tmp_path)
    assert [int(row["row"]) for row in answers] == list(range(1, count + 1))
    assert {row["outcome"] for row in answers} == {"prohibited", ""}
    assert [(row["row"], row["outcome"]) for row in answers if row["rejected"]] == [(str(at), "")]
    assert [(row["row"], row["reason"]) for row in lost] == [(str(at), told)]
    assert [answers[number]["id"] for number in (at - 2, at)] == [f"D{at - 1}", f"D{at + 1}"]


def test_several_bad_rows_keep_their_own_numbers(tmp_path):
    rows = lines(40, WRONG["bytes of another encoding"][0], 10).splitlines()
    for at in (11, 30, 40):
        rows[at] = WRONG["more cells than headings"][0]
    path = tmp_path / "lines.csv"
    path.write_bytes(b"\n".join(rows))
    answers, lost = decided(path, tmp_path)
    assert [row["row"] for row in lost] == ["10", "11", "30", "40"]
    assert [row["id"] for row in answers if not row["rejected"]] == [
        f"D{number}" for number in range(1, 41) if number not in (10, 11, 30, 40)
    ]
    assert all(row["id"] == f"D{row['row']}" for row in answers if not row["rejected"])


def test_cells_with_line_breaks_are_read_however_long_the_table_is(tmp_path):
    count = 30_000
    path = tmp_path / "lines.csv"
    rows = [f'D{n},2017-09-20,RU,import,2701.11,KP,"first\nsecond {n}"'.encode() for n in range(1, count + 1)]
    rows[count // 2] = WRONG["more cells than headings"][0]
    path.write_bytes(b"\n".join([HEAD.encode(), *rows]))
    answers, lost = decided(path, tmp_path)
    assert [row["row"] for row in lost] == [str(count // 2 + 1)]
    assert all(row["id"] == f"D{row['row']}" for row in answers if not row["rejected"])


def test_a_file_of_which_no_row_is_a_row_is_refused(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_bytes(HEAD.encode() + b"\n" + b"D1,2017-09-20,RU,import,2701.11,KP,\xff\xfe\n" * 10_050)
    done = run.invoke(app, ["decide-batch", str(path), str(tmp_path / "out.csv")])
    assert done.exit_code == 2
    assert "rows that are no rows" in done.output


# --- the long run ----------------------------------------------------------------------------------------------------

SOAK = bool(os.environ.get("OPENEMBARGO_SOAK"))
BYTES = int(os.environ.get("OPENEMBARGO_SOAK_BYTES", str(2 * 10**9)))
ROOM = 5
"""How many times its size the disk must have free: rows are sorted and answers written beside it."""
MOST_KB = {"cargo": 1_500_000, "decide-batch": 5_000_000}
"""Peak of resident memory of a process. DuckDB may use 3 GB of it by its own limit."""
MANIFEST_HEAD = "B/L No,Arrival date,Vessel,IMO,Flag,Port of loading,Port of discharge,Shipper,Shipper country,Consignee,Consignee country,Description,HS code,Origin,Net weight (kg),Value (USD),Mode"
WORDS = [
    "steel",
    "pump",
    "valve",
    "frozen",
    "squid",
    "cotton",
    "fabric",
    "anthracite",
    "bulk",
    "drum",
    "pallet",
    "crate",
    "serial",
    "lot",
    "grade",
    "batch",
    "export",
    "quality",
]
LINES_A_BILL = 4


def manifest_row(number: int) -> str:
    """Return a row with the length of a bill of lading's description: about a kilobyte."""
    said = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(3, 140))
    code, origin = (("2701.11", "KP"), ("8413.70", "CN"), ("0307.43", "KP"), ("5208.11", "VN"))[number // 4 % 4]
    return (
        f"BL{number // LINES_A_BILL:08d},2017-09-{number // 400 % 12 + 5:02d},MV STAR {number // 4000 % 300},,PA,CNDAL,Vladivostok,"
        f"Silver Pumps {number // 4 % 5000} Co Ltd,CN,Amur Trade {number // 4 % 7000} OOO,RU,{said} lot {number},{code},{origin},"
        f"{number % 60000 + 1},{number % 900000 + 1},sea"
    )


def line_row(number: int) -> str:
    said = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(3, 140))
    code, origin = (("2701.11", "KP"), ("8413.70", "CN"), ("0307.43", "KP"), ("5208.11", "VN"))[number % 4]
    return f"D{number},2017-09-{number // 400 % 12 + 5:02d},RU,import,{code},{origin},{said} lot {number}"


def long_file(path: Path, head: str, row, wrong: str) -> tuple[int, int]:
    """Write a file of `BYTES` with one wrong row in its middle; return how many rows it has, and which one is wrong."""
    written, number, bad = 0, 0, 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(head + "\n")
        while written < BYTES:
            number += 1
            if not bad and written > BYTES // 2:
                bad = number
                text = wrong
            else:
                text = row(number)
            written += file.write(text + "\n")
    return number, bad


def measured(arguments: list[str]) -> tuple[int, float, int, str]:
    """Run the program; return its status, seconds, peak memory of a process in KB, and what it told."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", "from openembargo.apps.cli.main import app; app()", *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    taken = time.monotonic() - began
    return done.returncode, taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, done.stdout + done.stderr


@pytest.fixture
def room(tmp_path_factory):
    """A folder with room on disk, emptied afterwards."""
    folder = tmp_path_factory.mktemp("long")
    free = shutil.disk_usage(folder).free
    if free < ROOM * BYTES:
        pytest.skip(f"{free:,} bytes free on disk; a long table wants {ROOM * BYTES:,}")
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(not SOAK, reason="a table of 2 GB takes minutes; OPENEMBARGO_SOAK=1 runs it")
@pytest.mark.parametrize("command", ["cargo", "decide-batch"])
def test_a_table_of_two_gigabytes_with_one_bad_row_in_its_middle(room, command, capsys):
    source, out = room / "long.csv", room / "out.csv"
    wrong = "BL999,2017-09-20," + "x," * 40 if command == "cargo" else "D,2017-09-20,RU,import,2701.11,KP,a,b,c"
    rows, bad = long_file(source, *((MANIFEST_HEAD, manifest_row) if command == "cargo" else (HEAD, line_row)), wrong)
    arguments = [command, str(source), "--seen-from", "RU", "--out", str(out)] if command == "cargo" else [command, str(source), str(out)]  # fmt: skip
    status, seconds, peak, told = measured(arguments)
    assert status in (0, 12), told
    with (room / "out.rejects.csv").open(encoding="utf-8", newline="") as file:
        lost = list(csv.DictReader(file))
    first_line = 1 if command == "cargo" else 0  # a manifest's rows are counted as its file is opened: with the heading
    assert [row["row"] for row in lost] == [str(bad + first_line)]
    with out.open(encoding="utf-8", newline="") as file:
        answers = sum(1 for _ in csv.reader(file)) - 1
    assert answers == rows if command == "decide-batch" else abs(answers - rows / LINES_A_BILL) <= 1
    with capsys.disabled():
        sys.stdout.write(
            f"\n{command}: {source.stat().st_size / 1e9:.2f} GB, {rows:,} rows, {seconds:.0f} s, "
            f"peak {peak / 1024:,.0f} MiB a process; row {lost[0]['row']}: {lost[0].get('reason') or lost[0]['allowed']}\n"
        )
    assert peak < MOST_KB[command]
