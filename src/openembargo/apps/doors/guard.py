"""What holds for every request before a route sees it: its host, its size, where it comes from; and for every answer: its headers.

Source: OWASP Secure Headers Project; Fetch Metadata (W3C), as the defence against forged requests.
"""

import contextlib
import re
from http import HTTPStatus
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .asking import key_in
from .desks import Serving
from .limits import limit_of
from .problems import problem
from .sessions import SAFE_METHODS

HOST = re.compile(r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?$")
LENGTH = re.compile(r"^[0-9]{1,15}$")
REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TOO_LARGE = "The request is too large"
CLOSING = {"Connection": "close"}
"""With a refusal before the body was read: what follows on the connection is not read either."""
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class TooLarge(BaseException):
    """A body that is larger than is taken; no handler of failures is to see it."""


class _Body:
    """What is received of a request, counted."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most, self._taken = receive, most, 0

    @property
    def is_too_large(self) -> bool:
        return self._taken > self._most

    async def __call__(self) -> Message:
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        if self.is_too_large:
            raise TooLarge
        return message


class Guard:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        """Take the application and how it is served."""
        self.app = app
        self.serving = serving
        self.hosts = frozenset(serving.known_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        state = scope.setdefault("state", {})
        request_id = state.setdefault("request_id", given if REQUEST_ID.match(given) else str(uuid4()))
        most = min(limit_of(scope["path"]), self.serving.largest_body)
        body = _Body(receive, most)
        answering = False

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), scope["scheme"], request_id)
            await send(message)

        async def answer_unless_too_large(message: Message) -> None:
            nonlocal answering
            if answering or not body.is_too_large:  # what has begun is not begun again
                answering = True
                await answer(message)

        refusal = self._refusal(scope, headers, most)
        if refusal is not None:
            await problem(refusal[0], refusal[1], detail=refusal[2], headers=CLOSING)(scope, receive, answer)
            return
        with contextlib.suppress(TooLarge):
            await self.app(scope, body, answer_unless_too_large)
        if body.is_too_large and not answering:
            told = problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE, detail=_size_words(most), headers=CLOSING)
            await told(scope, receive, answer)

    def _refusal(self, scope: Scope, headers: Headers, most: int) -> tuple[HTTPStatus, str, str] | None:
        if _host(headers.get("host", "")) not in self.hosts:
            return HTTPStatus.MISDIRECTED_REQUEST, "Not a host of this desk", "The operator names hosts with --host."
        length = headers.get("content-length", "0")
        if not LENGTH.match(length) or int(length) > most:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE, _size_words(most)
        if scope["method"] not in SAFE_METHODS and not self._by_key(headers) and _is_from_elsewhere(headers):
            return HTTPStatus.FORBIDDEN, "The request comes from another site", "Use the pages of this desk."
        return None

    def _by_key(self, headers: Headers) -> bool:
        return self.serving.team and bool(key_in(headers.get("authorization", "")))


def _size_words(most: int) -> str:
    return f"At most {most:,} bytes are taken here."


def _host(named: str) -> str:
    """Return the host of a Host header, without its port; empty when it is none."""
    found = HOST.match(named)
    return found.group(1).strip("[]").lower() if found else ""


def _is_from_elsewhere(headers: Headers) -> bool:
    """Tell whether a browser says that a request was made by a page of another site."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host", "")


def _add_headers(headers: MutableHeaders, scheme: str, request_id: str) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Request-ID"] = request_id
    if scheme == "https":
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
