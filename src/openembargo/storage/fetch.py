"""The one place that speaks to the network, and only when asked: a file over HTTPS, whole or not at all."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from openembargo.terms.errors import SourceError

TRIES = 4
FIRST_PAUSE_S = 1.0
MOST_REDIRECTS = 5
LARGEST = 512 * 1024 * 1024
CONNECT_S, READ_S, WHOLE_S = 15.0, 60.0, 1800.0
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
NOT_MODIFIED, OK = 304, 200
AGENT = "openembargo (sanctions list update)"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as fetched, or the word that it has not changed.

    Attributes:
        content: The bytes; empty when unchanged.
        changed: Whether the publisher sent a file.
        etag: The publisher's mark of this version.
        modified: The publisher's day of this version.
    """

    content: bytes
    changed: bool
    etag: str = ""
    modified: str = ""


def fetch(
    address: str,
    etag: str = "",
    modified: str = "",
    insecure: bool = False,
    pause: Callable[[float], None] = time.sleep,
    secret: Mapping[str, str] | None = None,
) -> Fetched:
    """Return the file at an address, or that it is unchanged since the version named.

    Failures that may pass (no connection, busy, broken off) are tried again with growing pauses.

    Args:
        address: HTTPS address; plain HTTP only with `insecure`.
        etag: Mark of the version held.
        modified: Day of the version held, as the publisher wrote it.
        insecure: Allow plain HTTP, for a mirror on one's own machine.
        pause: Waits the seconds given.
        secret: Further headers, such as a key; with them no redirection is followed, so that they reach nobody else.

    Raises:
        SourceError: The file could not be had whole; says why and what to do.
    """
    if not address.startswith("https://") and not (insecure and address.startswith("http://")):
        raise SourceError(f"{address}: files are fetched over https only (a mirror on your own machine: --allow-http)")
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    headers |= secret or {}
    wait = FIRST_PAUSE_S
    last = ""
    with httpx.Client(
        follow_redirects=not secret, max_redirects=MOST_REDIRECTS, timeout=httpx.Timeout(READ_S, connect=CONNECT_S)
    ) as client:
        for attempt in range(TRIES):
            if attempt:
                pause(wait)
                wait *= 2
            try:
                found = _once(client, address, headers, insecure)
            except httpx.TooManyRedirects as error:
                raise SourceError(
                    f"{address}: redirected more than {MOST_REDIRECTS} times; the address may have changed, see the publisher's page"
                ) from error
            except httpx.HTTPError as error:
                last = f"{type(error).__name__}: {error}"
                continue
            if isinstance(found, Fetched):
                return found
            last = found
    raise SourceError(
        f"{address}: not fetched after {TRIES} tries ({last}); what is held stays in use - try again later, or load a file by hand"
    )


def _once(client: httpx.Client, address: str, headers: dict[str, str], insecure: bool) -> Fetched | str:
    """Return the file, or a sentence why to try again."""
    begun = time.monotonic()
    with client.stream("GET", address, headers=headers) as answer:
        if answer.url.scheme != "https" and not insecure:
            raise SourceError(f"{address}: redirected to {answer.url}, which is not https; refused")
        if answer.status_code == NOT_MODIFIED:
            return Fetched(b"", False, headers.get("If-None-Match", ""), headers.get("If-Modified-Since", ""))
        if answer.status_code in RETRIED:
            return f"the publisher answered {answer.status_code}"
        if answer.status_code != OK:
            raise SourceError(
                f"{address}: the publisher answered {answer.status_code}; the address may have changed or ask for a key, see the publisher's page"
            )
        parts, size = [], 0
        for part in answer.iter_bytes():
            size += len(part)
            if size > LARGEST:
                raise SourceError(f"{address}: more than {LARGEST} bytes; no such file is that large, stopped")
            if time.monotonic() - begun > WHOLE_S:
                raise SourceError(f"{address}: not whole after {WHOLE_S:.0f} s; stopped")
            parts.append(part)
        said = answer.headers.get("Content-Length")
        if said and answer.headers.get("Content-Encoding") is None and said.isdigit() and int(said) != size:
            return f"broken off at {size} of {said} bytes"
        return Fetched(b"".join(parts), True, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
