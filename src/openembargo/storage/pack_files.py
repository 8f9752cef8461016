"""ZIP files for outsiders: open formats, a manifest with SHA-256, the same bytes for the same content."""

import json
import os
import zipfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from openembargo.terms.errors import InputError, Mistake

MANIFEST = "manifest.json"
FORMAT = "openembargo-pack-1"


def pack(target: Path, files: Iterable[tuple[str, bytes]], head: dict[str, object]) -> str:
    """Write files into a ZIP, whole or not at all, readable by its owner alone.

    Args:
        target: Where it goes; there must be nothing yet.
        files: Names and contents; each name once.
        head: What the manifest says beside the digests.

    Returns:
        The ZIP's SHA-256.

    Raises:
        InputError: There is something already, or it cannot be written.
    """
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    digests: dict[str, str] = {}
    try:
        if target.exists():
            raise InputError([Mistake(str(target), "is there already", "another name")])
        out = os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        with out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as held:
            for name, content in files:
                digests[name] = sha256(content).hexdigest()
                _add(held, name, content)
            told = {"format": FORMAT, **head, "sha256": digests}
            _add(held, MANIFEST, (json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())
        digest = sha256(fresh.read_bytes()).hexdigest()
        fresh.replace(target)
    except OSError as error:
        raise InputError([Mistake(str(target), f"cannot be written: {error.strerror}", "a file")]) from None
    finally:
        fresh.unlink(missing_ok=True)
    return digest


def _add(held: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file whose bytes in the ZIP depend on nothing but its name and content: no time, no rights of this machine."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
    held.writestr(entry, content)


def read_whole(path: Path) -> bytes:
    """Return a file that goes into a pack.

    Raises:
        InputError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError([Mistake(str(path), error.strerror or "cannot be read", "a file")]) from None
