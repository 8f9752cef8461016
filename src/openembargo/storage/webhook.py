"""Sends a signed message to an address of the user's own, only when asked: it arrives, or the failure is told."""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from openembargo.terms.errors import SourceError

TRIES = 5
FIRST_PAUSE_S = 1.0
CONNECT_S, READ_S = 10.0, 30.0
RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
DONE = range(200, 300)
MOST_READ = 64 * 1024
SIGNATURE, DELIVERY, TIME = "X-Openembargo-Signature", "X-Openembargo-Delivery", "X-Openembargo-Time"
AGENT = "openembargo (watch)"
OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent.

    Attributes:
        content: JSON.
        delivery: Id that stays the same when the message is sent again, so that the receiver can tell.
        at: When, UTC, ISO 8601.
    """

    content: bytes
    delivery: str
    at: str


def signature(secret: str, message: Message) -> str:
    """Return the signature of a message: HMAC over its time, a full stop, and its content.

    Source: RFC 2104 with SHA-256.
    """
    signed = message.at.encode() + b"." + message.content
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def send(address: str, secret: str, message: Message, pause: Callable[[float], None] = time.sleep) -> int:
    """Send a message; failures that may pass are tried again with growing pauses.

    Args:
        address: HTTPS address; plain HTTP to one's own machine only.
        secret: What both sides know, for the signature.
        message: The message.
        pause: Waits the seconds given.

    Returns:
        How often it was tried.

    Raises:
        SourceError: It did not arrive; says why.
    """
    check_address(address)
    headers = {
        "User-Agent": AGENT, "Content-Type": "application/json", TIME: message.at, DELIVERY: message.delivery,
        SIGNATURE: signature(secret, message),
    }  # fmt: skip
    last, wait = "", FIRST_PAUSE_S
    with httpx.Client(follow_redirects=False, timeout=httpx.Timeout(READ_S, connect=CONNECT_S)) as client:
        for attempt in range(1, TRIES + 1):
            if attempt > 1:
                pause(wait)
                wait *= 2
            try:
                status = _once(client, address, message.content, headers)
            except httpx.HTTPError as error:
                last = f"{type(error).__name__}: {error}"
                continue
            if status in DONE:
                return attempt
            last = f"it answered {status}"
            if status not in RETRIED:
                raise SourceError(f"{address}: the digest was refused ({last}); it is sent again at the next run")
    raise SourceError(f"{address}: not delivered after {TRIES} tries ({last}); it is sent again at the next run")


def _once(client: httpx.Client, address: str, content: bytes, headers: dict[str, str]) -> int:
    with client.stream("POST", address, content=content, headers=headers) as answer:
        read = 0
        for part in answer.iter_raw():
            read += len(part)
            if read > MOST_READ:
                break
        return int(answer.status_code)


def check_address(address: str) -> None:
    """Refuse an address that a digest must not be sent to.

    Raises:
        SourceError: Neither https, nor http to one's own machine.
    """
    parts = urlsplit(address)
    if not (parts.scheme == "https" and parts.hostname) and not (
        parts.scheme == "http" and parts.hostname in OWN_MACHINE
    ):
        raise SourceError(f"{address}: a digest is sent over https, or over http to this machine alone")
