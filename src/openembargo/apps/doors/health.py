"""Whether the server lives, whether it can answer, and what Prometheus is told."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from openembargo.jobs.watch_desk import is_up
from openembargo.terms.person import Person, Right

from .asking import desks_of, needs, open_to_all
from .desks import Desks
from .problems import RETRY_SECONDS, problem
from .watch import MEDIA_TYPE, Meters

router = APIRouter(include_in_schema=False)
AtDesk = Annotated[Desks, Depends(desks_of)]


@router.get("/healthz", dependencies=[open_to_all])
async def healthz() -> dict[str, str]:
    """Tell that the server lives."""
    return {"status": "ok"}


@router.get("/readyz", dependencies=[open_to_all])
def readyz(desks: AtDesk) -> Response:
    """Tell whether the store answers."""
    if is_up(desks.store):
        return Response('{"status":"ok"}', media_type="application/json")
    retry = {"Retry-After": str(RETRY_SECONDS)}
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The store does not answer", headers=retry)


@router.get("/metrics")
def metrics(request: Request, person: Annotated[Person, Depends(needs(Right.READ_LOG))], desks: AtDesk) -> Response:
    """Tell Prometheus what there is to tell."""
    meters = request.app.state.meters
    assert isinstance(meters, Meters)
    return Response(meters.told(desks), media_type=MEDIA_TYPE)
