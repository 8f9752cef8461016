"""Files that arrive over HTTP, put on disk for as long as they are read."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openembargo.terms.errors import InputError, Mistake

LONGEST_NAME = 100
MOST_BYTES = 64 * 1024 * 1024


@contextmanager
def arrived(name: str, content: bytes) -> Iterator[Path]:
    """Yield the path of a file that arrived; it is gone when the block ends.

    Args:
        name: Its name, as the sender calls it; only its last part and plain letters are kept.
        content: Its bytes.

    Raises:
        InputError: It is empty, or too large.
    """
    if not content:
        raise InputError([Mistake(name or "file", "is empty", "a file with content, or a pasted text")])
    if len(content) > MOST_BYTES:
        raise InputError([Mistake(name, f"has {len(content):,} bytes", f"at most {MOST_BYTES:,} bytes")])
    with tempfile.TemporaryDirectory(prefix="openembargo-") as folder:
        path = Path(folder) / plain_name(name)
        path.write_bytes(content)
        yield path


def plain_name(name: str) -> str:
    """Return the last part of a name with nothing in it that a path could mean."""
    last = name.replace("\\", "/").rpartition("/")[2].strip()
    plain = "".join(sign if sign.isalnum() or sign in "-_. " else "-" for sign in last).strip(". ")
    return plain[-LONGEST_NAME:] or "file.txt"
