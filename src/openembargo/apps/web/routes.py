"""All pages, and how they are added to the server."""

from importlib.resources import files

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from openembargo.apps.web import (
    bulk_pages,
    cap_pages,
    case_pages,
    deal_pages,
    decision_pages,
    health_pages,
    law_pages,
    list_pages,
    log_pages,
    paper_pages,
    screen_pages,
    start_pages,
)

from .pages import failure_page

MATTERS = (
    start_pages, deal_pages, paper_pages, decision_pages, screen_pages, bulk_pages, law_pages, list_pages, case_pages,
    cap_pages, log_pages, health_pages,
)  # fmt: skip


def add_to(app: FastAPI) -> None:
    """Add every page, the styles, and failures as pages."""
    app.state.failure_page = failure_page
    for matter in MATTERS:
        app.include_router(matter.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=str(files("openembargo").joinpath("apps", "web", "static"))))
