"""Reads papers from disk, whole, up to a size that no paper has."""

from pathlib import Path

from openembargo.terms.errors import InputError, Mistake

MOST_BYTES = 64 * 1024 * 1024


def read_bytes(name: str, most: int = MOST_BYTES) -> bytes:
    """Return the content of a file.

    Args:
        name: Its path.
        most: Bytes beyond which it is refused.

    Raises:
        InputError: When it cannot be read or is too large.
    """
    path = Path(name)
    try:
        size = path.stat().st_size
        if size > most:
            raise InputError(
                [
                    Mistake(
                        name,
                        f"has {size:,} bytes",
                        f"a paper of at most {most:,} bytes; a longer table goes to `openembargo cargo` or `decide-batch`",
                    )
                ]
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError([Mistake(name, f"cannot be read: {error.strerror}", "a file")]) from None
