"""Damaged papers of every format: a named error or a paper, never a crash, never a hang, never more memory than a paper needs.

A format that is registered in `papers/formats.py` and has a sample in `examples/papers` is fuzzed without a change here.
`OPENEMBARGO_SOAK=1` gives each reader 100,000 damaged papers, `OPENEMBARGO_SOAK_PAPERS` another number.
"""

import io
import os
import resource
import signal
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openembargo.papers.formats import FORMATS, HEAD
from openembargo.papers.paper import Paper
from openembargo.papers.tables import paper_of_table
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.table_files import PARQUET_MAGIC, open_table
from openembargo.terms.errors import InputError, SourceError

from .conftest import ROOT

SAMPLES = sorted(p for p in (ROOT / "examples" / "papers").iterdir() if p.is_file() and p.suffix != ".parquet")
SOAK = bool(os.environ.get("OPENEMBARGO_SOAK"))
EXAMPLES = int(os.environ.get("OPENEMBARGO_SOAK_PAPERS", "100000")) if SOAK else 40
SECONDS = 5
MOST_BYTES = 1 << 20
MOST_MEMORY_KB = 3 << 20
ODDITIES = (
    b"\x00", b"\x00" * 64, b"\x1b[31m", b"\x7f\x08\x0c", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"9" * 400, b"-1", b"1e999999", b"NaN", b"0.000000000000000000001", b"99999999999999999999,99", b"00000000", b"29991399",
    b"<" * 400, b"<a>" * 3000, b"[" * 3000, b'{"a":' * 3000, b"(" * 400, b"'" * 99, b'"', b"\r\n\r\n", b"\n:50K:", b"\n-}{4:",
    b"<!DOCTYPE a [<!ENTITY b \"bb\">]>", b"&b;" * 50, b"]]>", b"=cmd|' /C calc'!A0", b"%n%n%s", b"\xe2\x80\xae", b"A" * 5000,
    b"IMO " + b"1" * 300, b"MMSI 445123000", "라진".encode(), b"a, " * 2000, "İıß\u0345".encode(), b"\t;|," * 99,
)  # fmt: skip
DAMAGES = ("cut", "drop", "flip", "double", "insert", "overwrite", "swap", "splice", "widen", "encode")
damage = st.tuples(st.sampled_from(DAMAGES), st.integers(0, 1 << 30), st.integers(0, 1 << 30))


def samples_of(form) -> list[tuple[str, bytes]]:
    found = [(path.name, path.read_bytes()) for path in SAMPLES]
    return [
        (name, content)
        for name, content in found
        if next((one.id for one in FORMATS if one.is_it(content[:HEAD], name.lower())), "") == form.id
    ]


def damaged(content: bytes, kind: str, where: int, how: int) -> bytes:
    """Return a paper with one damage at a place, both told by numbers."""
    at = where % (len(content) + 1)
    length = how % 97 + 1
    odd = ODDITIES[how % len(ODDITIES)]
    part = content[at : at + length]
    if kind == "cut":
        return content[:at]
    if kind == "drop":
        return content[:at] + content[at + length :]
    if kind == "flip":
        return content[:at] + bytes(byte ^ (1 << how % 8) for byte in part[:3]) + content[at + 3 :]
    if kind == "double":
        return content[:at] + part * (how % 50 + 2) + content[at + length :]
    if kind == "insert":
        return content[:at] + odd + content[at:]
    if kind == "overwrite":
        return content[:at] + odd + content[at + len(odd) :]
    if kind == "swap":
        return content[at:] + content[:at]
    if kind == "splice":
        start = how % (len(content) + 1)
        return content[:at] + content[start : start + 999] + content[at:]
    if kind == "widen":
        return content.replace(content[at : at + 1] or b" ", content[at : at + 1] * (how % 20 + 2), 50)
    try:
        return content.decode().encode(("utf-16", "utf-32", "cp500", "utf-7", "latin-1")[how % 5])
    except UnicodeError:
        return content[::-1]


def damaged_inside(content: bytes, kind: str, where: int, how: int) -> bytes:
    """Return a packed paper with one damage within one of its members, packed again."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            members = {info.filename: pack.read(info) for info in pack.infolist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError, RuntimeError):
        return damaged(content, kind, where, how)
    if not members:
        return content
    chosen = sorted(members)[where % len(members)]
    members[chosen] = damaged(members[chosen], kind, where // 7, how)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, held in members.items():
            pack.writestr(name, held)
    return packed.getvalue()


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Fail when the block takes longer, also when it would never end: by the processor's clock, for machines are shared."""

    def late(*_: object) -> None:
        raise AssertionError(f"the reader took more than {seconds} s")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    begun = time.process_time()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert time.process_time() - begun < seconds


def read_or_refused(form, content: bytes, name: str, gazetteer) -> tuple[str, Paper | None]:
    """Return what is wrong with a paper by the reader's words, or the paper. Any other error is the test's."""
    try:
        return "", form.read(content, name, gazetteer)
    except (SourceError, InputError) as error:
        return "\n".join(map(str, error.mistakes)), None


def parquet_or_refused(name: str, gazetteer) -> tuple[str, Paper | None]:
    """The same for a Parquet file."""
    try:
        return "", paper_of_table(open_table(name), gazetteer)
    except (SourceError, InputError) as error:
        return "\n".join(map(str, error.mistakes)), None


def test_every_format_has_a_sample():
    assert [form.id for form in FORMATS if not samples_of(form)] == []


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.id)
def test_a_damaged_paper_is_read_or_refused_by_name(form):
    seeds = samples_of(form)
    gazetteer = open_gazetteer()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not SOAK,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, len(seeds) - 1), st.lists(damage, min_size=1, max_size=5))
    def check(number, damages):
        name, content = seeds[number]
        for kind, where, how in damages:
            inside = content[:2] == b"PK" and how % 4
            content = (damaged_inside if inside else damaged)(content, kind, where, how)[:MOST_BYTES]
        with at_most(SECONDS):
            told, found = read_or_refused(form, content, name, gazetteer)
        assert told.strip() or isinstance(found, Paper)
        assert told or found.plain()

    check()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY_KB


def test_a_damaged_parquet_file_is_read_or_refused_by_name(tmp_path):
    """Parquet is read from disk, by DuckDB, and is no format of `papers/formats.py`."""
    import duckdb

    plain = (ROOT / "examples" / "papers" / "manifest.csv").as_posix()
    seeds = []
    for number, packing in enumerate(("zstd", "snappy", "uncompressed")):
        path = tmp_path / f"seed{number}.parquet"
        with duckdb.connect() as db:
            db.execute(f"COPY (SELECT * FROM read_csv('{plain}')) TO '{path}' (FORMAT parquet, COMPRESSION {packing})")
        seeds.append(path.read_bytes())
    gazetteer = open_gazetteer()
    target = tmp_path / "damaged.parquet"

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not SOAK,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, len(seeds) - 1), st.lists(damage, min_size=1, max_size=3))
    def check(number, damages):
        content = seeds[number]
        for kind, where, how in damages:
            content = damaged(content, kind, where, how)[:MOST_BYTES]
        target.write_bytes(PARQUET_MAGIC + content[4:])
        with at_most(SECONDS):
            told, found = parquet_or_refused(str(target), gazetteer)
        assert told.strip() or isinstance(found, Paper)
        assert told or found.plain()

    check()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY_KB
