"""Failures as RFC 9457 problem details."""

import json
from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from openembargo.decisions.casework import NotAllowed
from openembargo.storage.case_files import TooLate
from openembargo.storage.store import StoreGone
from openembargo.terms.errors import InputError, LawError, Mistake, OutsideCoverage, SourceError

from .asking import NotKnown, NotYours
from .forms import FormTooOld

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2


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
    if isinstance(error, TooLate):
        return problem(HTTPStatus.CONFLICT, "Somebody else was faster", error.mistakes)
    if isinstance(error, NotAllowed):
        return problem(HTTPStatus.CONFLICT, "The case does not allow it as it stands", error.mistakes)
    if isinstance(error, InputError | SourceError):
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The input is wrong", error.mistakes)
    if isinstance(error, OutsideCoverage):
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "No law is held for that day", error.mistakes)
    if isinstance(error, NotKnown):
        return problem(HTTPStatus.UNAUTHORIZED, "Who asks is not known", headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, NotYours):
        return problem(HTTPStatus.FORBIDDEN, "Not allowed", detail=f"It needs the right: {error}.")
    if isinstance(error, FormTooOld):
        again = "Open the page again and send it once more: the desk was started anew, or the cookie is gone."
        return problem(HTTPStatus.FORBIDDEN, "The form is too old", detail=again)
    if isinstance(error, StoreGone):
        retry = {"Retry-After": str(RETRY_SECONDS)}
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The store does not answer", headers=retry)
    if isinstance(error, LawError):
        return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The law that is held is damaged", error.mistakes)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "A defect of the program")


def _of_shape(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    mistakes = [Mistake(".".join(map(str, e["loc"])), str(e["msg"])) for e in error.errors()]
    return _told(request, problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request has the wrong shape", mistakes))


def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    return _told(request, problem(error.status_code, title, detail=str(error.detail or "")))


def add_to(app: FastAPI) -> None:
    """Tell failures of an application as problems."""
    for kind in (InputError, SourceError, OutsideCoverage, LawError, StoreGone, NotKnown, NotYours, FormTooOld):
        app.add_exception_handler(kind, of_failure)
    app.add_exception_handler(RequestValidationError, _of_shape)
    app.add_exception_handler(HTTPException, _of_http)
