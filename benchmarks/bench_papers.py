"""Speed of the readers of papers: papers, lines and megabytes a second of processor time, on the samples and on large files of them.

Readers of other formats add a row to `SAMPLES`, and to `LARGE` where a large file can be made from the sample. A line is a transaction,
consignment or line of goods; in texts and PDF it is a printed line. Parquet is read by DuckDB: see `bench_cargo.py`.
"""

import csv
import io
import json
import re
import resource
import time
from pathlib import Path

from openembargo.papers.formats import FORMATS, format_of, read_paper
from openembargo.papers.pdf import sheet_of_pdf
from openembargo.papers.sheet import sheet_of
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.schema_files import open_schema

PAPERS = Path(__file__).parent.parent / "examples" / "papers"
SAMPLES = (
    "payment.mt103",
    "credit.mt700",
    "payment.pacs008.xml",
    "order.pain001.xml",
    "manifest.cuscar",
    "instruction.iftmin",
    "invoice.ubl.xml",
    "despatch.ubl.xml",
    "bill.ubl.xml",
    "bill.dcsa.json",
    "manifest.csv",
    "stowage.xlsx",
    "sea-waybill.pdf",
    "bill-of-lading.txt",
    "article-2017-02-03.txt",
)
PRINTED = {"sea-waybill.pdf": sheet_of_pdf, "bill-of-lading.txt": sheet_of, "article-2017-02-03.txt": sheet_of}
"""Papers whose lines are those that are printed."""
SECONDS = 1.0
MANY = 5_000


def many_messages(content: bytes) -> bytes:
    return b"\n".join([content] * MANY)


def many_elements(tag: str, count: str):
    """A file in which the last element of a name stands many times, and its counter says so."""

    def make(content: bytes) -> bytes:
        opening, closing = f"<{tag}>".encode(), f"</{tag}>".encode()
        start, end = content.rindex(opening), content.rindex(closing) + len(closing)
        others = content.count(opening) - 1
        grown = content[:start] + content[start:end] * MANY + content[end:]
        return re.sub(rf"<{count}>\d+<".encode(), f"<{count}>{MANY + others}<".encode(), grown) if count else grown

    return make


def many_consignments(content: bytes) -> bytes:
    start, end = content.index(b"CNI+1"), content.index(b"CNI+2")
    return content[:start] + content[start:end] * MANY + content[end:]


def many_instructions(content: bytes) -> bytes:
    return content * MANY


def many_bills(content: bytes) -> bytes:
    return json.dumps([json.loads(content)] * MANY).encode()


def many_rows(content: bytes) -> bytes:
    heading, *rows = csv.reader(io.StringIO(content.decode()))
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(heading)
    table.writerows([f"{number}-{row[0]}", *row[1:]] for number in range(MANY) for row in rows)
    return out.getvalue().encode()


def many_sheet_rows(content: bytes) -> bytes:
    from openpyxl import Workbook, load_workbook

    heading, *rows = load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Stowage")
    sheet.append(heading)
    for number in range(MANY // len(rows)):
        for row in rows:
            sheet.append([f"{number}-{row[0]}", *row[1:]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def many_paragraphs(content: bytes) -> bytes:
    return b"\n\n".join([content] * 100)


LARGE = {
    "payment.mt103": many_messages,
    "credit.mt700": many_messages,
    "payment.pacs008.xml": many_elements("CdtTrfTxInf", "NbOfTxs"),
    "order.pain001.xml": many_elements("CdtTrfTxInf", "NbOfTxs"),
    "manifest.cuscar": many_consignments,
    "instruction.iftmin": many_instructions,
    "invoice.ubl.xml": many_elements("cac:InvoiceLine", ""),
    "despatch.ubl.xml": many_elements("cac:DespatchLine", ""),
    "bill.ubl.xml": many_elements("cac:GoodsItem", ""),
    "bill.dcsa.json": many_bills,
    "manifest.csv": many_rows,
    "stowage.xlsx": many_sheet_rows,
    "article-2017-02-03.txt": many_paragraphs,
}


def read(content: bytes, name: str):
    return read_paper(content, name, open_gazetteer(), open_schema)


def small(name: str) -> float:
    """Papers a second."""
    content = (PAPERS / name).read_bytes()
    read(content, name)
    began, count = time.process_time(), 0
    while time.process_time() - began < SECONDS:
        read(content, name)
        count += 1
    return count / (time.process_time() - began)


def printed(content: bytes, name: str) -> int:
    """Printed lines of a text or PDF; 0 for other papers."""
    return PRINTED[name](content, name).text.count("\n") + 1 if name in PRINTED else 0


def large(name: str) -> tuple[float, float, float, int]:
    """Seconds, megabytes, and lines a second: deals, or lines of goods where one deal holds them all."""
    content = LARGE[name]((PAPERS / name).read_bytes())
    began = time.process_time()
    paper = read(content, name)
    took = time.process_time() - began
    lines = printed(content, name) or max(len(paper.deals), sum(len(deal.goods) for deal in paper.deals))
    return took, len(content) / 1e6, lines / took, lines


def main() -> None:
    print("| paper | papers a second | large file, MB | its lines | seconds | lines a second | MB a second |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    formats = {name: format_of((PAPERS / name).read_bytes(), name).id for name in SAMPLES}
    assert {form.id for form in FORMATS} == set(formats.values()), "a format has no row here"
    for name in SAMPLES:
        rate = small(name)
        if name not in LARGE:
            content = (PAPERS / name).read_bytes()
            print(
                f"| {name} | {rate:,.0f} | | | | {rate * printed(content, name):,.0f} | {rate * len(content) / 1e6:.1f} |"
            )
            continue
        took, size, speed, lines = large(name)
        print(f"| {name} | {rate:,.0f} | {size:.1f} | {lines:,} | {took:.2f} | {speed:,.0f} | {size / took:.1f} |")
    print(f"Largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
