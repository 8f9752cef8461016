"""The interface for programs: all its routes."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from openembargo import __version__
from openembargo.apps.doors.asking import open_to_all

from . import batches, cases, decisions, law, lists, papers, record, screening, tasks
from .shapes import FAILURES, PROBLEM

PREFIX = "/api/v1"
SAYS = (
    "May this deal go ahead, on this day, and under which paragraph? Decisions are kept on a record that can be verified and replayed. "
    "Failures are problem details (RFC 9457). A POST with an `Idempotency-Key` may be sent again. Lists come in pages; `next` leads on."
)
router = APIRouter(responses=FAILURES)
for part in (decisions, papers, batches, screening, law, lists, cases, tasks, record):
    router.include_router(part.router)


def described(app: FastAPI) -> dict[str, Any]:
    """Return the description of the interface, OpenAPI 3.1."""
    told = get_openapi(
        title="openembargo", version=__version__, description=SAYS, routes=router.routes, servers=[{"url": PREFIX}]
    )
    parts = told.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = PROBLEM
    parts["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of the desk; a desk of one person asks for none.",
        },
        "yente_key": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The same key as clients of yente send it: `ApiKey KEY`.",
        },
    }
    told["security"] = [{}, {"key": []}, {"yente_key": []}]
    return told


@router.get("/openapi.json", include_in_schema=False, dependencies=[open_to_all])
def openapi() -> dict[str, Any]:
    """Describe this interface."""
    return described(FastAPI())
