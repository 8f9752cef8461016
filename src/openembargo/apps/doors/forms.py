"""Forms of pages: a hidden token ties each to the browser that it was shown to, so that no other site can send it."""

import hmac
from hashlib import sha256
from secrets import token_bytes, token_urlsafe

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import Response

from .sessions import FIELD, MOST_FIELD_BYTES, MOST_FIELDS, mark_for, token_of

COOKIE = "desk"
SECRET = token_bytes(32)
"""Made anew at every start: forms of before are refused, and shown again."""


class FormTooOld(Exception):  # noqa: N818 - the state
    """A form whose token is not that of this browser and this start of the server."""


def csrf_of(request: Request) -> str:
    """Return the token for the forms of a page: the mark of the session where there is one."""
    return mark_for(request) or _token(_desk_of(request))


def keep_desk(request: Request, response: Response) -> None:
    """Give a browser that has none the cookie that its tokens are tied to."""
    fresh = getattr(request.state, "desk", "")
    if fresh:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, fresh, httponly=True, samesite="lax", secure=secure)


async def checked_form(request: Request) -> FormData:
    """Return what a form holds.

    Raises:
        FormTooOld: Its token is not that of this browser.
    """
    form = await request.form(max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES)
    if request.app.state.desks.serving.team and token_of(request):
        return form  # the mark of the session was looked at before, with who asks
    desk = request.cookies.get(COOKIE, "")
    if not desk or not hmac.compare_digest(_token(desk).encode(), str(form.get(FIELD, "")).encode()):
        raise FormTooOld
    return form


def _desk_of(request: Request) -> str:
    held = request.cookies.get(COOKIE) or getattr(request.state, "desk", "")
    if not held:
        held = request.state.desk = token_urlsafe(24)
    return str(held)


def _token(desk: str) -> str:
    return hmac.new(SECRET, desk.encode(), sha256).hexdigest()
