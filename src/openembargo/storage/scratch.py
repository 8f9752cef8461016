"""Folders that are thrown away when the work in them is done."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .deal_writer import check_writable


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a folder of one's own; it is gone afterwards with all that is in it."""
    with tempfile.TemporaryDirectory(prefix="openembargo-") as name:
        yield Path(name)


def put_file(path: Path, content: bytes) -> Path:
    """Write a file into such a folder, and return its path."""
    check_writable(path)
    path.write_bytes(content)
    return path
