"""The application that is served: the pages and the interface for programs over one pair of desks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from openembargo import __version__

from .api.routes import router as api_router
from .doors import problems
from .doors.desks import Serving, open_desks
from .web import routes as web


def create_app(serving: Serving) -> FastAPI:
    """Return the application; the desks are opened when it starts.

    Args:
        serving: How it runs.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.desks = open_desks(serving)
        yield
        app.state.desks.store.close()

    app = FastAPI(title="openembargo", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    problems.add_to(app)
    app.include_router(api_router, prefix="/api/v1")
    web.add_to(app)
    return app
