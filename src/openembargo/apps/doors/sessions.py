"""The session of a browser: its cookie, and the mark that its forms carry."""

import ipaddress

from fastapi import Request, Response
from starlette.datastructures import FormData

from openembargo.jobs.keep_people import WHOLE_HOURS
from openembargo.storage.secrets_kept import is_mark, mark_of

NAME = "openembargo"
FIELD, HEADER = "csrf", "x-csrf-token"
MOST_FIELDS, MOST_FIELD_BYTES = 2_000, 8 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def is_secure(request: Request) -> bool:
    """Tell whether cookies are to be sent over TLS alone: always, save on this machine itself."""
    return request.url.scheme == "https" or not is_loopback(request.url.hostname or "")


def cookie_name(request: Request, of: str = NAME) -> str:
    """Return the name of a cookie; `__Host-` lets no other host or path set it."""
    return f"__Host-{of}" if is_secure(request) else of


def token_of(request: Request) -> str:
    """Return the session's token; empty for none."""
    return request.cookies.get(cookie_name(request), "")


def set_token(request: Request, response: Response, token: str) -> None:
    """Hand a session's token to the browser."""
    set_cookie(request, response, NAME, token, WHOLE_HOURS * 3600)


def set_cookie(request: Request, response: Response, of: str, value: str, seconds: int) -> None:
    """Hand a cookie to the browser that no script reads and no other site sends along with a form."""
    response.set_cookie(
        cookie_name(request, of), value, max_age=seconds, path="/", secure=is_secure(request), httponly=True,
        samesite="lax",
    )  # fmt: skip


def drop_cookie(request: Request, response: Response, of: str = NAME) -> None:
    """Take a cookie back."""
    response.delete_cookie(cookie_name(request, of), path="/", secure=is_secure(request), httponly=True, samesite="lax")


def mark_for(request: Request) -> str:
    """Return the mark that the forms of this browser's session carry; empty without a session."""
    token = token_of(request)
    return mark_of(token) if token else ""


async def form_of(request: Request) -> FormData:
    """Return the form of a request; whoever asks first sets how large its fields may be, so all ask here."""
    return await request.form(max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES)


async def given_mark(request: Request) -> str:
    """Return the mark that a request carries, in its header or in its form."""
    found = request.headers.get(HEADER, "")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not found and kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        value = (await form_of(request)).get(FIELD)
        found = value if isinstance(value, str) else ""
    return found


async def carries_mark(request: Request, token: str) -> bool:
    """Tell whether a request carries the mark of a session's forms."""
    return bool(token) and is_mark(token, await given_mark(request))
