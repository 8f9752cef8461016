"""Bytes by their digest in the store: the law's texts and the settings that past decisions were taken under."""

import zlib
from hashlib import sha256

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from openembargo.terms.errors import InputError, Mistake

from .tables import blobs


def put(connection: Connection, content: bytes) -> str:
    """Keep some bytes, once, and return their digest."""
    digest = sha256(content).hexdigest()
    if connection.execute(select(blobs.c.sha256).where(blobs.c.sha256 == digest)).scalar() is None:
        try:
            with connection.begin_nested():
                connection.execute(insert(blobs).values(sha256=digest, content=zlib.compress(content, 9)))
        except IntegrityError:
            pass  # another process kept the same bytes in between
    return digest


def get(connection: Connection, digest: str) -> bytes:
    """Return kept bytes.

    Raises:
        InputError: Nothing is kept under that digest, or what is kept is not what was put.
    """
    held = connection.execute(select(blobs.c.content).where(blobs.c.sha256 == digest)).scalar()
    if held is None:
        raise InputError([Mistake(f"sha256:{digest[:12]}", "is not kept in this store", "the store that decided it")])
    content = zlib.decompress(held)
    if sha256(content).hexdigest() != digest:
        raise InputError([Mistake(f"sha256:{digest[:12]}", "is not what was put there", "a restored backup")])
    return content
