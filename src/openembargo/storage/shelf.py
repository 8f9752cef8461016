"""What is costly to compute and follows from its inputs alone, kept on disk under a digest of all of them.

A kept copy is a pickle: it is trusted as much as the folder it lies in, which is the user's own.
"""

import gc
import os
import pickle
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from openembargo import __version__

from .settings import home

SHELF = "compiled"
PACKAGE = Path(__file__).parent.parent
Kept = TypeVar("Kept")


def key_of(rooms: Iterable[str], parts: Iterable[str | bytes]) -> str:
    """Return the digest of what a kept value follows from.

    Args:
        rooms: Rooms whose program text makes the value; a change of any of their lines makes it anew.
        parts: The inputs.
    """
    whole = sha256(f"{__version__} {sys.version_info[:2]}".encode())
    for room in rooms:
        whole.update(_program(room))
    for part in parts:
        whole.update(part.encode() if isinstance(part, str) else part)
        whole.update(b"\0")
    return whole.hexdigest()


@cache
def _program(room: str) -> bytes:
    whole = sha256()
    for path in sorted((PACKAGE / room).glob("*.py")):
        whole.update(path.read_bytes())
    return whole.digest()


@cache
def program_digest() -> str:
    """Return the digest of the whole program's text: which lines took a decision."""
    whole = sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        whole.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return f"sha256:{whole.hexdigest()}"


def taken(key: str, kind: str, wanted: type[Kept]) -> Kept | None:
    """Return a kept value; one that cannot be read is as good as none.

    Args:
        key: Its digest.
        kind: The file's ending, one a kind of value.
        wanted: Its type.
    """
    kept = home() / SHELF / f"{key}.{kind}"
    try:
        content = kept.read_bytes()
    except OSError:
        return None
    with suppress(OSError):
        os.utime(kept)
    running = gc.isenabled()
    gc.disable()  # many small objects come at once; collecting in between doubles the time
    try:
        found = pickle.loads(content)
    except (pickle.PickleError, AttributeError, EOFError, ImportError, IndexError, TypeError, ValueError):
        return None
    finally:
        if running:
            gc.enable()
    return found if isinstance(found, wanted) else None


def put(key: str, kind: str, value: object, most: int) -> None:
    """Keep a value; where the folder cannot be written, it is computed again the next time.

    Args:
        key: Its digest.
        kind: The file's ending.
        value: What is kept.
        most: Copies of this kind beyond which those longest unused are thrown away.
    """
    kept = home() / SHELF / f"{key}.{kind}"
    fresh = kept.with_name(f".{kept.name}.{os.getpid()}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))
        fresh.replace(kept)
        held = sorted(kept.parent.glob(f"*.{kind}"), key=lambda path: path.stat().st_mtime_ns)
        for old in held[: max(0, len(held) - most)]:
            old.unlink(missing_ok=True)
    except OSError:
        return
