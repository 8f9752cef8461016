"""Damaged papers for tests: samples cut, flipped, swapped, doubled and spliced with one another."""

import json
import os
import resource
import time

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from openembargo.papers.formats import FORMATS
from openembargo.storage.place_files import open_gazetteer
from openembargo.storage.schema_files import open_schema
from openembargo.terms.errors import InputError, SourceError

SOAK = bool(os.environ.get("OPENEMBARGO_SOAK"))
EXAMPLES = 100_000 if SOAK else 60
MOST_SECONDS = 5
"""Of processor time: other work on the machine does not count."""
MOST_GROWTH = 512 * 1024
"""Kilobytes by which the process may grow while a reader is fed."""
ODD = (b"\x00", b"\xff", b"\xc3\x28", b"'", b"+", b":", b"?", b"<", b">", b"&x;", b"\"", b"{", b"}", b"[", b"]", b"\n:", b"\r",
       b"9" * 400, b"-1", b"1e999", b"NaN", b"\xd9\xa1\xd9\xa2", b"", b" ", b"null", b"<!DOCTYPE x>", b"\xef\xbb\xbf")  # fmt: skip

soaked = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@st.composite
def damaged(draw, samples: list[bytes]) -> bytes:
    """One sample with one to four damages."""
    content = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.integers(0, 6))
        start, length = draw(st.integers(0, max(0, len(content) - 1))), draw(st.integers(0, 40))
        end = min(len(content), start + length)
        if kind == 0:
            content = content[:start]
        elif kind == 1:
            content = content[:start] + content[end:]
        elif kind == 2 and content:
            content = content[:start] + bytes([content[start] ^ draw(st.integers(1, 255))]) + content[start + 1 :]
        elif kind == 3:
            content = content[:start] + draw(st.sampled_from(ODD)) + content[end:]
        elif kind == 4:
            other = draw(st.integers(0, len(content)))
            content = content[:other] + content[start:end] + content[other:]
        elif kind == 5:
            content = content[end:] + content[start:end] + content[:start]
        else:
            other = draw(st.sampled_from(samples))
            content = content[:start] + other[draw(st.integers(0, len(other))) :]
    return content


def must_be_read_or_refused(form: str, content: bytes) -> None:
    """Feed a reader: the paper is read or refused by name, soon, and without eating memory."""
    reader = next(one for one in FORMATS if one.id == form)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    reader.is_it(content[:4096], "paper")
    told: list[str] = []
    try:
        if reader.check:
            reader.check(content, "paper", open_schema)
    except (SourceError, InputError) as error:
        told = [str(mistake) for mistake in error.mistakes]
    try:
        paper = reader.read(content, "paper", open_gazetteer())
    except (SourceError, InputError) as error:
        told = [str(mistake) for mistake in error.mistakes]
    else:
        told = [json.dumps(paper.plain(), allow_nan=False)]
        told += [origin.at for deal in paper.deals for origin in deal.origins.values()]
    assert told
    assert all(told)
    assert time.process_time() - began < MOST_SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH
