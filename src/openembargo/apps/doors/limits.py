"""How large a request may be, told before it is read."""

from collections.abc import Mapping

MEGABYTE = 1024 * 1024
OTHERWISE = 64 * MEGABYTE
LIMITS: Mapping[str, int] = {
    "/api/v1/batches": 64 * MEGABYTE,
    "/api/v1/papers": 16 * MEGABYTE,
    "/api/v1/cases": 16 * MEGABYTE,
    "/api/v1": 2 * MEGABYTE,
    "/yente": 2 * MEGABYTE,
}
"""Bytes by the beginning of an address; the first that fits counts."""


def limit_of(path: str) -> int:
    """Return how many bytes a request to an address may have."""
    return next((most for start, most in LIMITS.items() if path == start or path.startswith(f"{start}/")), OTHERWISE)
