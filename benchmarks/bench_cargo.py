"""Consignments a second of `cargo`, over a made-up manifest with the variety of a port in a fortnight in which the law turned; and rows a second of each table reader.

`python benchmarks/bench_cargo.py [CONSIGNMENTS]`; default 100,000. Prints seconds, situations, names screened and peak memory.
"""

import csv
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from openembargo.jobs.cargo_desk import CargoRequest
from openembargo.jobs.decide_cargo import decide_cargo
from openembargo.jobs.decide_deal import open_decider
from openembargo.jobs.map_columns import mapping_of
from openembargo.jobs.read_paper import Seen
from openembargo.papers.table_rows import RowReader
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.table_files import open_table

CONSIGNMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
COLUMNS = (
    "B/L No", "Arrival date", "Vessel", "IMO", "Flag", "Port of loading", "Port of discharge", "Shipper", "Shipper country",
    "Consignee", "Consignee country", "Description", "HS code", "Origin", "Net weight (kg)", "Value (USD)", "Mode",
)  # fmt: skip
COUNTRIES = [
    "CN",
    "KR",
    "JP",
    "DE",
    "IN",
    "VN",
    "TR",
    "BR",
    "US",
    "IT",
    "PL",
    "TH",
    "MY",
    "EG",
    "AE",
    "IR",
    "KP",
    "LY",
    "SO",
    "SD",
    "CD",
    "IQ",
]
RARE = {"KP", "IR", "LY", "SO", "SD", "CD", "IQ"}
PORTS = [
    "Rajin",
    "Nampo",
    "Vladivostok",
    "Dalian",
    "CNSHA",
    "KRPUS",
    "DEHAM",
    "JPYOK",
    "SGSIN",
    "VNSGN",
    "AEJEA",
    "TRIST",
    "INNSA",
]
WORDS = [
    "Global",
    "Orient",
    "Pacific",
    "Star",
    "Sea",
    "Silver",
    "Delta",
    "Baltic",
    "Amur",
    "Nova",
    "Golden",
    "Union",
    "Eastern",
    "Prime",
    "Metro",
    "Atlas",
    "Crown",
    "Apex",
    "Lotus",
    "Harbour",
]
TRADES = [
    "Trading",
    "Shipping",
    "Logistics",
    "Steel",
    "Pumps",
    "Chemicals",
    "Foods",
    "Textiles",
    "Machinery",
    "Electronics",
    "Mining",
    "Energy",
    "Timber",
    "Seafood",
    "Paper",
]
FORMS = ["Co Ltd", "GmbH", "LLC", "SA", "Inc", "Corporation", "OOO", "Pte Ltd", "Srl", "JSC"]
GOODS = [
    "parts of pumps",
    "cotton fabric",
    "frozen fish",
    "anthracite",
    "iron ore",
    "machine tools",
    "plastic sheets",
    "wooden furniture",
    "diesel",
    "copper wire",
    "toys",
    "lathes",
    "medicine",
    "rice",
    "steel coils",
]
LISTED = [
    "Korea Mining Development Trading Corporation",
    "Tanchon Commercial Bank",
    "Ocean Maritime Management Company",
]


def imo(random: Random) -> str:
    digits = [random.randint(1, 9), *(random.randint(0, 9) for _ in range(5))]
    return "".join(map(str, digits)) + str(sum(d * (7 - i) for i, d in enumerate(digits)) % 10)


def firms(random: Random, count: int) -> list[tuple[str, str]]:
    def own() -> str:
        return "".join(
            random.choice("bdgklmnprstvz") + random.choice("aeiou") for _ in range(random.randint(2, 4))
        ).title()

    return [
        (f"{random.choice(WORDS)} {own()} {random.choice(TRADES)} {random.choice(FORMS)}", country(random))
        for _ in range(count)
    ]


def country(random: Random) -> str:
    found = random.choice(COUNTRIES)
    return found if found not in RARE or random.random() < 0.3 else random.choice(COUNTRIES[:15])


def made_up(path: Path, consignments: int, seed: int = 7) -> int:
    """Write a manifest; return how many rows it has."""
    random = Random(seed)
    shippers, consignees = firms(random, consignments // 12 + 10), firms(random, consignments // 8 + 10)
    vessels = [
        (f"MV {random.choice(WORDS)} {random.choice(WORDS)} {i}".upper(), imo(random), country(random))
        for i in range(600)
    ]
    codes = [
        f"{c:02d}{random.randint(1, 30):02d}.{random.choice([10, 11, 19, 20, 29, 30, 90])}"
        for c in range(1, 97)
        for _ in range(30)
    ]
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number in range(consignments):
            shipper, consignee = random.choice(shippers), random.choice(consignees)
            if random.random() < 0.001:
                shipper = (random.choice(LISTED), "KP")
            vessel = random.choice(vessels)
            day = f"2017-09-{random.randint(5, 18):02d}"
            loading = random.choice(PORTS[4:]) if random.random() < 0.97 else random.choice(PORTS)
            for _ in range(random.choice([1, 1, 1, 2, 3])):
                rows += 1
                table.writerow(
                    (f"BL{number:07d}", day, *vessel, loading, "Vladivostok", *shipper, *consignee, random.choice(GOODS),
                     random.choice(codes), shipper[1] if random.random() < 0.9 else country(random),
                     random.randint(50, 60_000), random.randint(100, 900_000), "sea")
                )  # fmt: skip
    return rows


def readers(folder: Path, source: Path) -> None:
    import duckdb
    from openpyxl import Workbook

    parquet, xlsx = folder / "m.parquet", folder / "m.xlsx"
    with duckdb.connect() as db:
        db.execute(f"COPY (SELECT * FROM read_csv('{source}', all_varchar = true)) TO '{parquet}' (FORMAT parquet)")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Manifest")
    with source.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            if number <= 20_000:
                sheet.append(row)
    book.save(xlsx)
    for path in (source, parquet, xlsx):
        mapping = mapping_of(str(path))
        reader = RowReader(open_table(str(path), mapping), mapping, open_gazetteer())
        began, rows = time.perf_counter(), 0
        for row in reader.source.rows():
            reader.deals([row])
            rows += 1
        taken = time.perf_counter() - began
        print(f"{path.suffix[1:]} to deals: {rows:,} rows in {taken:.1f} s, {rows / taken:,.0f} rows a second")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "manifest.csv"
        rows = made_up(source, CONSIGNMENTS)
        print(f"manifest: {CONSIGNMENTS:,} consignments, {rows:,} rows, {source.stat().st_size / 1e6:.0f} MB")
        began = time.perf_counter()
        run = decide_cargo(
            str(source), open_decider(), CargoRequest(Seen(seen_from="RU")), folder / "out.csv", folder / "rejects.csv"
        )
        taken = time.perf_counter() - began
        own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = max(own.ru_maxrss, others.ru_maxrss) / 1024 / 1024
        cpu = sum(one.ru_utime + one.ru_stime for one in (own, others))
        print(
            f"cargo: {taken:.1f} s, {CONSIGNMENTS / taken:,.0f} consignments a second; {run.situations:,} situations decided; "
            f"{run.names:,} names screened; {len(run.crafts):,} ships; processor {cpu:.0f} s in all; peak {peak:.2f} GiB a process"
        )
        print("inspect and outcome: " + ", ".join(f"{a}/{b} {n:,}" for (a, b), n in sorted(run.counts.items())))
        readers(folder, source)


if __name__ == "__main__":
    main()
