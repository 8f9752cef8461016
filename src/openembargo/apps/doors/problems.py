"""Failures as RFC 9457 problem details."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from openembargo.decisions.casework import NotAllowed
from openembargo.storage.case_files import TooLate
from openembargo.storage.store import StoreGone
from openembargo.terms.errors import (
    InputError,
    LawError,
    Mistake,
    OpenembargoError,
    OutsideCoverage,
    SourceError,
)

from .asking import NotKnown, NotYours
from .missing import NotThere, NotYet

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


def of_failure(request: Request, error: Exception) -> JSONResponse:
    """Return the problem that a failure of a job is."""
    if isinstance(error, OpenembargoError):
        status, title = next((status, title) for kind, status, title in TOLD if isinstance(error, kind))
        return problem(status, title, error.mistakes)
    if isinstance(error, NotKnown):
        return problem(HTTPStatus.UNAUTHORIZED, "Who asks is not known", headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, NotYours):
        return problem(HTTPStatus.FORBIDDEN, "Not allowed", detail=f"It needs the right: {error}.")
    if isinstance(error, StoreGone):
        retry = {"Retry-After": str(RETRY_SECONDS)}
        title = "The disk of the store is full" if FULL in str(error) else "The store does not answer"
        return problem(HTTPStatus.SERVICE_UNAVAILABLE, title, detail=AGAIN, headers=retry)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "A defect of the program")


def _of_shape(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    mistakes = [Mistake(".".join(map(str, e["loc"])), str(e["msg"])) for e in error.errors()]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The request has the wrong shape", mistakes)


def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers) if error.headers else None
    phrase = HTTPStatus(error.status_code).phrase
    detail = "" if error.detail == phrase else str(error.detail or "")
    return problem(error.status_code, phrase, detail=detail, headers=headers)


def add_to(app: FastAPI) -> None:
    """Tell failures of an application as problems."""
    for kind in (OpenembargoError, StoreGone, NotKnown, NotYours, Exception):
        app.add_exception_handler(kind, of_failure)
    app.add_exception_handler(RequestValidationError, _of_shape)
    app.add_exception_handler(HTTPException, _of_http)
