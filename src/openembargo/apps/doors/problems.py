"""Failures as RFC 9457 problem details."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from openembargo.decisions.casework import NotAllowed
from openembargo.storage.case_files import TooLate
from openembargo.storage.store_states import StoreFull, StoreGone
from openembargo.terms.errors import (
    InputError,
    LawError,
    Mistake,
    OpenembargoError,
    OutsideCoverage,
    SourceError,
)

from .asking import NotFromHere, NotKnown, NotYours, desks_of
from .forms import FormTooOld
from .missing import NotThere, NotYet
from .pace import TooOften

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
FULL = "disk is full"
AGAIN = "What has no answer may be sent again; with the same Idempotency-Key it is done once."


def problem(
    status: int, title: str, mistakes: Sequence[Mistake] = (), detail: str = "", headers: dict[str, str] | None = None
) -> JSONResponse:
    """Return a failure.

    Args:
        status: HTTP status.
        title: What went wrong.
        mistakes: What is wrong where.
        detail: What to do.
        headers: Further headers.
    """
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if mistakes:
        body["errors"] = [{"where": m.where, "found": m.found, "allowed": m.allowed} for m in mistakes]
    return JSONResponse(body, status, headers, MEDIA_TYPE)


TOLD: tuple[tuple[type[OpenembargoError], HTTPStatus, str], ...] = (
    (TooLate, HTTPStatus.CONFLICT, "Somebody else was faster"),
    (NotAllowed, HTTPStatus.CONFLICT, "The case does not allow it as it stands"),
    (NotThere, HTTPStatus.NOT_FOUND, "Not found"),
    (NotYet, HTTPStatus.CONFLICT, "Not yet"),
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY, "The input is wrong"),
    (SourceError, HTTPStatus.UNPROCESSABLE_ENTITY, "The input is wrong"),
    (OutsideCoverage, HTTPStatus.UNPROCESSABLE_ENTITY, "No law is held for that day"),
    (LawError, HTTPStatus.INTERNAL_SERVER_ERROR, "The law that is held is damaged"),
)
"""How failures of jobs are told; the first kind that fits counts."""


def wants_page(request: Request) -> bool:
    """Tell whether whoever asks reads pages rather than JSON."""
    return "text/html" in request.headers.get("accept", "") and hasattr(request.app.state, "failure_page")


def _told(request: Request, response: JSONResponse) -> Response:
    """Return a failure as a page for those who read pages."""
    if not wants_page(request):
        return response
    page: Response = request.app.state.failure_page(request, json.loads(bytes(response.body)))
    page.headers.update({k: v for k, v in response.headers.items() if k in ("retry-after", "www-authenticate")})
    return page


def of_failure(request: Request, error: Exception) -> Response:
    """Tell a failure of a job, as a page where a page is asked for."""
    return _told(request, problem_of(error))


def problem_of(error: Exception) -> JSONResponse:
    """Return the problem that a failure of a job is."""
    if isinstance(error, OpenembargoError):
        status, title = next((status, title) for kind, status, title in TOLD if isinstance(error, kind))
        return problem(status, title, error.mistakes)
    if isinstance(error, NotYours):
        return problem(HTTPStatus.FORBIDDEN, "Not allowed", detail=f"It needs the right: {error}.")
    if isinstance(error, StoreFull):
        detail = "Nothing was kept of this request. What was kept before can be read."
        return problem(HTTPStatus.INSUFFICIENT_STORAGE, "The store's disk is full", detail=detail)
    if isinstance(error, FormTooOld):
        again = "Open the page again and send it once more: the desk was started anew, or the cookie is gone."
        return problem(HTTPStatus.FORBIDDEN, "The form is too old", detail=again)
    if isinstance(error, StoreGone):
        retry = {"Retry-After": str(RETRY_SECONDS)}
        title = "The disk of the store is full" if FULL in str(error) else "The store does not answer"
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, title, detail=AGAIN, headers=retry)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "A defect of the program")


def of_asking(request: Request, error: Exception) -> Response:
    """Return what is told to whoever may not ask, or not now; a browser that asks for a page is shown the log-in."""
    if isinstance(error, TooOften):
        retry = {"Retry-After": str(error.wait_s)}
        return _told(request, problem(HTTPStatus.TOO_MANY_REQUESTS, "Asked too often", headers=retry))
    if isinstance(error, NotFromHere):
        detail = "Load the page again, then send it."
        return _told(request, problem(HTTPStatus.FORBIDDEN, "The form is not of this session", detail=detail))
    if _is_page(request):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?{urlencode({'next': asked})}", HTTPStatus.SEE_OTHER)
    return problem(HTTPStatus.UNAUTHORIZED, "Who asks is not known", headers={"WWW-Authenticate": "Bearer"})


def _is_page(request: Request) -> bool:
    """Tell whether a browser asks for a page, and people log in here."""
    wants = "text/html" in request.headers.get("accept", "")
    api = request.url.path.startswith("/api/") or "authorization" in request.headers
    return request.method == "GET" and wants and not api and desks_of(request).serving.team


def _of_shape(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    mistakes = [Mistake(".".join(map(str, e["loc"])), str(e["msg"])) for e in error.errors()]
    return _told(request, problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request has the wrong shape", mistakes))


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    phrase = HTTPStatus(error.status_code).phrase
    detail = "" if error.detail == phrase else str(error.detail or "")
    return _told(request, problem(error.status_code, phrase, detail=detail, headers=headers))


def add_to(app: FastAPI) -> None:
    """Tell failures of an application as problems."""
    for kind in (OpenembargoError, StoreGone, NotYours, FormTooOld, Exception):
        app.add_exception_handler(kind, of_failure)
    for asking in (NotKnown, NotFromHere, TooOften):
        app.add_exception_handler(asking, of_asking)
    app.add_exception_handler(RequestValidationError, _of_shape)
    app.add_exception_handler(HTTPException, _of_http)
