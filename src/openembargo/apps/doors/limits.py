"""How large a request may be, told before it is read."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import problem

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


class BodyLimit:
    """Refuses requests that are too large, by what they say of their length, and by what comes."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application behind it."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = limit_of(scope["path"])
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if told.isdigit() and int(told) > most:
            await _refused(most)(scope, receive, send)
            return
        counted = _Counted(receive, send, most)
        try:
            await self.app(scope, counted.receive, counted.send)
        except _TooMuch:
            if not counted.answering:
                await _refused(most)(scope, receive, send)


class _TooMuch(BaseException):
    """More came than may come; no handler of failures is to see it."""


class _Counted:
    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._most = receive, send, most
        self._came = 0
        self.answering = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._came += len(message.get("body", b""))
        if self._came > self._most:
            raise _TooMuch
        return message

    async def send(self, message: Message) -> None:
        self.answering = True
        await self._send(message)


def _refused(most: int) -> ASGIApp:
    allowed = f"At most {most:,} bytes are taken here."
    headers = {"Connection": "close"}
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large", detail=allowed, headers=headers)
