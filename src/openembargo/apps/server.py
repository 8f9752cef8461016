"""The application that is served: the pages and the interface for programs over one pair of desks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from openembargo import __version__

from .api.routes import PREFIX as API
from .api.routes import router as api_router
from .doors import problems
from .doors.desks import Serving, open_desks
from .doors.guard import Guard
from .doors.health import router as health_router
from .doors.watch import Meters, Watch
from .web import routes as web
from .web.sign_in import router as sign_in_router
from .yente.routes import PREFIX as YENTE
from .yente.routes import router as yente_router


def create_app(serving: Serving) -> FastAPI:
    """Return the application; the desks are opened when it starts.

    Args:
        serving: How it runs.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.desks = open_desks(serving)
        app.state.desks.batches.start()
        yield
        app.state.desks.close()

    app = FastAPI(title="openembargo", version=__version__, lifespan=lifespan, openapi_url=None)
    problems.add_to(app)
    app.state.meters = Meters()
    app.add_middleware(Guard, serving=serving)
    app.add_middleware(Watch, meters=app.state.meters)
    app.include_router(health_router)
    app.include_router(api_router, prefix=API)
    app.include_router(yente_router, prefix=YENTE)
    if serving.team:
        app.include_router(sign_in_router)
    web.add_to(app)
    return app
