"""A CSV manifest of many gigabytes with one damaged row in its middle: is it streamed, is the row told by its number, what does it take?

`python benchmarks/bench_long_table.py [MEGABYTES] [FOLDER]`; default 2,000 in the temporary folder. The file is deleted afterwards.
"""

import csv
import resource
import sys
import tempfile
import time
from pathlib import Path

from openembargo.jobs.cargo_desk import CargoRequest
from openembargo.jobs.decide_cargo import decide_cargo
from openembargo.jobs.decide_deal import open_decider
from openembargo.jobs.read_paper import Seen

MEGABYTES = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
FOLDER = sys.argv[2] if len(sys.argv) > 2 else None
HEAD = "B/L No,Arrival date,Shipper,Shipper country,Consignee,Consignee country,Description,HS code,Net weight (kg),Port of loading,Port of discharge\n"
WORDS = "shipper's load stow and count, said to contain, freight prepaid, clean on board; packed on pallets, marks as addressed. "
DAMAGE = b'BL-DAMAGED,2017-09-20,"Never Closed Trading,CN,B Firm,RU,pumps,8413.70,100,CNDLC,RUVVO\n'


def write(path: Path, megabytes: int) -> tuple[int, int]:
    """Write a manifest; return its rows and the number of the damaged one, as a spreadsheet counts."""
    row, damaged, written, goal = 1, 0, 0, megabytes * 1_000_000
    with path.open("wb") as file:
        written += file.write(HEAD.encode())
        while written < goal:
            row += 1
            if not damaged and written > goal / 2:
                damaged = row
                written += file.write(DAMAGE)
                continue
            country = ("CN", "DE", "VN", "KP")[0 if row % 97 else 3] if row % 5 else ("DE", "VN")[row % 2]
            text = f"pumps, lot {row}: " + WORDS * 28
            line = f'BL{row:09d},2017-09-{row % 14 + 5:02d},Firm {row % 5000} Trading,{country},Buyer {row % 9000},RU,"{text}",8413.{row % 9}0,{row % 60000 + 50},CNDLC,RUVVO\n'
            written += file.write(line.encode())
    return row, damaged


def peak_megabytes() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def main() -> None:
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        folder = Path(name)
        rows, damaged = write(folder / "long.csv", MEGABYTES)
        size = (folder / "long.csv").stat().st_size
        began = time.perf_counter()
        run = decide_cargo(
            str(folder / "long.csv"),
            open_decider(),
            CargoRequest(Seen(seen_from="RU")),
            folder / "out.csv",
            folder / "rejects.csv",
        )
        taken = time.perf_counter() - began
        cpu = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        with (folder / "rejects.csv").open(encoding="utf-8", newline="") as file:
            rejects = list(csv.DictReader(file))
        print(f"{size / 1e9:.2f} GB, {rows:,} rows, the damaged one is row {damaged:,}")
        print(f"decided {run.consignments:,}; rejects: {[(one['row'], one['allowed']) for one in rejects]}")
        print(f"{taken:.0f} s by the clock, {cpu:.0f} s of processor; at most {peak_megabytes():.0f} MB a process")
        assert [one["row"] for one in rejects] == [str(damaged)]
        assert run.consignments == rows - 2


if __name__ == "__main__":
    main()
