"""Pages are written here: the templates, what every page knows, and the headers that it goes out with."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import TypeVar

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException

from openembargo import __version__
from openembargo.apps.doors.asking import NotKnown, desks_of, person_of
from openembargo.apps.doors.forms import csrf_of, keep_desk
from openembargo.decisions import explain
from openembargo.storage.settings import today
from openembargo.terms.countries import country_name
from openembargo.terms.errors import InputError, Mistake
from openembargo.terms.outcome import UNDETERMINED, Level
from openembargo.terms.person import Person, Right

T = TypeVar("T")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
OUTCOME_WORDS = {
    Level.PERMITTED.word: "No prohibition found",
    Level.PERMITTED_WITH_CONDITIONS.word: "Permitted with conditions",
    Level.AUTHORISATION_REQUIRED.word: "Authorisation required",
    UNDETERMINED: "Undetermined",
    Level.PROHIBITED.word: "Prohibited",
}
OUTCOME_MARKS = {
    Level.PERMITTED.word: "✓", Level.PERMITTED_WITH_CONDITIONS.word: "✓", Level.AUTHORISATION_REQUIRED.word: "◷",
    UNDETERMINED: "?", Level.PROHIBITED.word: "✕",
}  # fmt: skip
MENU: tuple[tuple[str, str, str, Right | None], ...] = (
    ("start", "/", "Start", None),
    ("deal", "/deal", "Check a deal", Right.DECIDE),
    ("screen", "/screen", "Screen", Right.SCREEN),
    ("bulk", "/bulk", "Bulk", Right.SCREEN),
    ("decisions", "/decisions", "Decisions", Right.READ_CASES),
    ("cases", "/cases", "Cases", Right.READ_CASES),
    ("law", "/law", "Law", Right.READ_LAW),
    ("lists", "/lists", "Lists", Right.READ_LISTS),
    ("caps", "/caps", "Caps", Right.READ_LAW),
    ("log", "/log", "Log", Right.READ_LOG),
)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def page(request: Request, template: str, context: Mapping[str, object], status: int = HTTPStatus.OK) -> HTMLResponse:
    """Return a page.

    Args:
        request: What asked for it.
        template: Name of its template.
        context: What it shows.
        status: HTTP status.
    """
    person = _person(request)
    known: dict[str, object] = {
        "person": person,
        "may": lambda name: person is not None and person.may(Right(name)),
        "menu": [(key, at, words) for key, at, words, right in MENU if _shown(person, right)],
        "csrf": csrf_of(request),
        "team": desks_of(request).serving.team if hasattr(request.app.state, "desks") else False,
        "today": today(),
        "mistakes": (),
    }
    text = environment().get_template(template).render({**known, **context})
    response = HTMLResponse(text, status, HEADERS)
    keep_desk(request, response)
    return response


def found(look: Callable[[str], T], named: str) -> T:
    """Return what an address names.

    Raises:
        HTTPException: There is nothing of that name: 404.
    """
    try:
        return look(named)
    except InputError as error:
        raise HTTPException(HTTPStatus.NOT_FOUND, "; ".join(str(one) for one in error.mistakes)) from None


def see(address: str) -> RedirectResponse:
    """Return the answer to a form that was taken: look there."""
    return RedirectResponse(address, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def failure_page(request: Request, problem: Mapping[str, object]) -> HTMLResponse:
    """Return a failure as a page: what was wrong, and what to do."""
    errors = problem.get("errors") or ()
    assert isinstance(errors, Sequence)
    mistakes = [Mistake(str(e["where"]), str(e["found"]), str(e["allowed"])) for e in errors]
    status = int(str(problem["status"]))
    context = {"problem": problem, "mistakes": mistakes, "back": _back(request)}
    return page(request, "failure.html", context, status)


def _back(request: Request) -> str:
    """Return the page that a request came from, where it is one of ours."""
    came = request.headers.get("referer", "")
    own = str(request.base_url)
    return "/" + came.removeprefix(own) if came.startswith(own) else "/"


def _person(request: Request) -> Person | None:
    try:
        return person_of(request)
    except NotKnown:
        return None


def _shown(person: Person | None, right: Right | None) -> bool:
    return person is not None and (right is None or person.may(right))


@cache
def environment() -> Environment:
    """Return the templates with the words that they use."""
    held = Environment(
        loader=PackageLoader("openembargo.apps.web", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    held.globals.update(
        version=__version__, static=static_address, outcome_words=explain.outcome_words, headline=explain.headline,
        noun=explain.noun, why=explain.why, authority_name=explain.authority_name, parting_words=explain.parting_words,
        quiet_words=explain.quiet_words, fact_words=explain.fact_words, shown_value=explain.shown_value,
        shown_change=explain.shown_change, on_another_day=explain.on_another_day, country_name=country_name,
        OUTCOME_WORDS=OUTCOME_WORDS, OUTCOME_MARKS=OUTCOME_MARKS, CONFIDENCE_WORDS=explain.CONFIDENCE_WORDS,
        GRANT_WORDS=explain.GRANT_WORDS,
    )  # fmt: skip
    held.filters.update(plainly=plainly, days=unbroken_days, clock=clock, number=number, short=short, whom=whom)
    return held


def plainly(word: object) -> str:
    """Return a word of the program in plain letters: `in_review` is `in review`."""
    return str(word).replace("_", " ")


def whom(word: object) -> str:
    """Return who owes something to whom, in words."""
    return {"seen_from": "the State concerned"}.get(str(word), plainly(word))


def unbroken_days(text: object) -> Markup:
    """Return a text whose days are not broken at the end of a line."""
    return Markup(DAY.sub(r'<span class="day">\g<0></span>', str(escape(text))))


def clock(at: object) -> str:
    """Return a time of the record to the minute."""
    return str(at)[:16].replace("T", " ")


def number(value: object) -> str:
    """Return a number with its thousands apart."""
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return f"{value.quantize(Decimal(1)) if whole else value.normalize():,f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def short(text: object, most: int = 12) -> str:
    """Return the beginning of an id or digest."""
    return str(text).removeprefix("sha256:")[:most]


@cache
def static_address(name: str) -> str:
    """Return the address of a style or script; it changes with its content, so that browsers may keep it."""
    content = files("openembargo").joinpath("apps", "web", "static", name).read_bytes()
    return f"/static/{name}?v={sha256(content).hexdigest()[:12]}"


def day_of(text: str, otherwise: date) -> date:
    """Return a day as typed; another where nothing is typed.

    Raises:
        ValueError: It is no day.
    """
    return date.fromisoformat(text.strip()) if text.strip() else otherwise
