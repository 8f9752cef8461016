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
from .doors.limits import BodyLimit
from .web.sign_in import router as sign_in_router


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
    app.add_middleware(BodyLimit)
    app.add_middleware(Guard, serving=serving)
    app.include_router(api_router, prefix=API)
    if serving.team:
        app.include_router(sign_in_router)
    return app
