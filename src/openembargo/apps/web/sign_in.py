"""Log-in, log-out, one's own password; the pages of a desk where people log in."""

from hmac import compare_digest
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from openembargo.apps.doors import sessions
from openembargo.apps.doors.asking import NotFromHere, address_of, desks_of, from_our_form, person_of
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.keep_people import LetIn, NotLetIn
from openembargo.storage.secrets_kept import mark_of, new_token
from openembargo.storage.settings import today
from openembargo.terms.errors import InputError
from openembargo.terms.person import Person

from .pages import environment, page

router = APIRouter(include_in_schema=False)
BEFORE, AWAY = "openembargo-sign-in", "openembargo-openid"
"""Cookies of the log-in form before there is a session, and of a log-in that is under way at a provider."""
FORM_SECONDS, AWAY_SECONDS = 3600, 600
MOST_ADDRESS = 900

TheDesks = Annotated[Desks, Depends(desks_of)]
Word = Annotated[str, Form()]


def local_page(asked: str) -> str:
    """Return a page of this desk to go on to; the first one when an address leads elsewhere."""
    parts = urlsplit(asked)
    plain = asked.isprintable() and "\\" not in asked and len(asked) <= MOST_ADDRESS
    here = not parts.scheme and not parts.netloc and asked.startswith("/") and not asked.startswith("//")
    return asked if plain and here else "/"


@router.get("/sign-in")
def sign_in_form(request: Request, desks: TheDesks, next: str = "/") -> Response:
    """Show the form."""
    return _form(request, desks, local_page(next))


async def from_log_in_form(request: Request) -> None:
    """Refuse a log-in that does not come from our form: nobody is to be logged in as somebody else unawares.

    Raises:
        NotFromHere: It carries no mark of the form.
    """
    if not await sessions.carries_mark(request, request.cookies.get(sessions.cookie_name(request, BEFORE), "")):
        raise NotFromHere


@router.post("/sign-in", dependencies=[Depends(from_log_in_form)])
def sign_in(request: Request, desks: TheDesks, name: Word = "", password: Word = "", go_on: Word = "/") -> Response:
    """Log in, with a new session."""
    try:
        let_in = desks.people.sign_in(name, password, address_of(request), sessions.token_of(request))
    except NotLetIn as refused:
        return _refused(request, desks, local_page(go_on), refused)
    return _entered(request, let_in, local_page(go_on))


@router.post("/sign-out", dependencies=[Depends(from_our_form)])
def sign_out(request: Request, desks: TheDesks, person: Annotated[Person, Depends(person_of)]) -> Response:
    """Log out."""
    desks.people.sign_out(sessions.token_of(request))
    answer = RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)
    sessions.drop_cookie(request, answer)
    return answer


@router.get("/password")
def password_form(request: Request, person: Annotated[Person, Depends(person_of)]) -> Response:
    """Show the form for one's own password."""
    return _password_form(request, person)


@router.post("/password", dependencies=[Depends(from_our_form)])
def change_password(
    request: Request, desks: TheDesks, person: Annotated[Person, Depends(person_of)], old: Word = "", new: Word = ""
) -> Response:
    """Change one's own password; all other sessions end."""
    if person.by != "session":
        raise NotFromHere
    try:
        let_in = desks.people.change_own_password(person, old, new, address_of(request))
    except NotLetIn as refused:
        says = f"Wait {refused.wait_s} seconds." if refused.wait_s else "The present password is wrong."
        return _password_form(request, person, says, HTTPStatus.FORBIDDEN)
    except InputError as error:
        says = "; ".join(f"The new password {m.found}: {m.allowed}" for m in error.mistakes)
        return _password_form(request, person, says, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _entered(request, let_in, "/")


@router.get("/sign-in/openid")
def away(request: Request, desks: TheDesks, next: str = "/") -> Response:
    """Go to the OpenID provider."""
    from openembargo.jobs.sign_in_openid import NotVouchedFor

    if desks.open_id is None:
        return _form(request, desks, "/", "No OpenID provider is set up here.", HTTPStatus.NOT_FOUND)
    try:
        address, state = desks.open_id.begin(_way_back(request), local_page(next))
    except NotVouchedFor as error:
        return _form(request, desks, local_page(next), f"No log-in: {error}.", HTTPStatus.BAD_GATEWAY)
    answer = RedirectResponse(address, HTTPStatus.SEE_OTHER)
    sessions.set_cookie(request, answer, AWAY, state, AWAY_SECONDS)
    return answer


@router.get("/sign-in/openid/back")
def back(request: Request, desks: TheDesks, state: str = "", code: str = "", iss: str = "") -> Response:
    """Come back from the OpenID provider."""
    from openembargo.jobs.sign_in_openid import NotVouchedFor

    if desks.open_id is None:
        return _form(request, desks, "/", "No OpenID provider is set up here.", HTTPStatus.NOT_FOUND)
    mine = request.cookies.get(sessions.cookie_name(request, AWAY), "")
    issuer = desks.open_id.provider.settings.issuer
    if not code or not mine or not compare_digest(mine.encode(), state.encode()) or iss not in ("", issuer):
        return _form(request, desks, "/", "This log-in was not begun in this browser.", HTTPStatus.FORBIDDEN)
    try:
        let_in, go_on = desks.open_id.finish(
            state, code, _way_back(request), address_of(request), sessions.token_of(request)
        )
    except NotVouchedFor as error:
        return _form(request, desks, "/", f"No log-in: {error}.", HTTPStatus.BAD_GATEWAY)
    except NotLetIn:
        return _form(request, desks, "/", "No log-in: no role at this desk.", HTTPStatus.FORBIDDEN)
    except InputError as error:
        says = "; ".join(f"the {m.where} {m.found}" for m in error.mistakes)
        return _form(request, desks, "/", f"No log-in: {says}.", HTTPStatus.CONFLICT)
    answer = _entered(request, let_in, go_on)
    sessions.drop_cookie(request, answer, AWAY)
    return answer


def _way_back(request: Request) -> str:
    return str(request.url_for("back"))


def _entered(request: Request, let_in: LetIn, go_on: str) -> Response:
    answer = RedirectResponse(go_on, HTTPStatus.SEE_OTHER)
    sessions.set_token(request, answer, let_in.token)
    sessions.drop_cookie(request, answer, BEFORE)
    return answer


def _refused(request: Request, desks: Desks, go_on: str, refused: NotLetIn) -> Response:
    if not refused.wait_s:
        return _form(request, desks, go_on, "Name or password is wrong.", HTTPStatus.UNAUTHORIZED)
    says = f"Too many attempts. Wait {refused.wait_s} seconds."
    told = _form(request, desks, go_on, says, HTTPStatus.TOO_MANY_REQUESTS)
    told.headers["Retry-After"] = str(refused.wait_s)
    return told


def _password_form(request: Request, person: Person, says: str = "", status: int = HTTPStatus.OK) -> Response:
    shown = {"mark": sessions.mark_for(request), "person": person, "says": says}
    return page(request, "password.html", shown, status)


def _form(request: Request, desks: Desks, go_on: str, says: str = "", status: int = HTTPStatus.OK) -> Response:
    token = request.cookies.get(sessions.cookie_name(request, BEFORE), "") or new_token()
    shown = {
        "mark": mark_of(token),
        "go_on": go_on,
        "says": says,
        "open_id": desks.open_id is not None,
        "person": None,
        "menu": (),
        "mistakes": (),
        "team": True,
        "csrf": mark_of(token),
        "today": today(),
        "plain_http": sessions.is_secure(request) and request.url.scheme != "https",
    }
    told = HTMLResponse(environment().get_template("sign_in.html").render(shown), status)
    sessions.set_cookie(request, told, BEFORE, token, FORM_SECONDS)
    return told
