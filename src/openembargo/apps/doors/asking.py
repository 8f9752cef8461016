"""Who asks: found out for each request, once, and asked for by every route."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from openembargo.terms.person import Person, Right

from .desks import LOCAL_PERSON, Desks
from .sessions import SAFE_METHODS, carries_mark, token_of

KEY_SCHEMES = ("bearer", "apikey")
"""Words before a key: that of the standard, and that of yente's clients."""


class NotKnown(Exception):  # noqa: N818 - the state
    """Nobody is logged in, or a key is not valid."""


class NotYours(Exception):  # noqa: N818 - the state
    """Somebody may not do what they ask for."""


class NotFromHere(Exception):  # noqa: N818 - the state
    """A form that does not come from a page of the session in which it is sent."""


def desks_of(request: Request) -> Desks:
    """Return the desks of the server that a request came to."""
    desks = request.app.state.desks
    assert isinstance(desks, Desks)
    return desks


def address_of(request: Request) -> str:
    """Return the address that a request comes from."""
    return request.client.host if request.client else ""


def person_of(request: Request) -> Person:
    """Return who asks: the person of a key, or of a session; at a desk without log-in the one at this machine.

    Raises:
        NotKnown: Nobody who is known here.
        TooOften: Somebody who asks too often.
    """
    desks = desks_of(request)
    if not desks.serving.team:
        return LOCAL_PERSON
    held = getattr(request.state, "person", None)
    if isinstance(held, Person):
        return held
    found = _found(request, desks)
    if found is None:
        raise NotKnown
    desks.pace.count_person(found.id)
    request.state.person = found
    return found


def _found(request: Request, desks: Desks) -> Person | None:
    given, token = request.headers.get("authorization", ""), token_of(request)
    if not given and not token:
        return None
    if given:  # a key that is wrong is not made good by a session
        found = desks.people.person_of_key(key) if (key := key_in(given)) else None
    else:
        found = desks.people.person_of_session(token)
    if found is None:
        desks.pace.count_stranger(address_of(request))
    return found


def key_in(authorization: str) -> str:
    """Return the key that an Authorization header carries; empty for none.

    Source: RFC 9110, 11.4; RFC 6750, 2.1.
    """
    scheme, _, key = authorization.strip().partition(" ")
    return key.strip() if scheme.lower() in KEY_SCHEMES else ""


async def from_our_form(request: Request) -> None:
    """Refuse a request that changes something, made in a session but not by a page of it. Keys need no mark: no browser sends them by itself.

    Raises:
        NotFromHere: It carries no mark of the session.
    """
    if request.method in SAFE_METHODS or not desks_of(request).serving.team or request.headers.get("authorization"):
        return
    token = token_of(request)
    if token and not await carries_mark(request, token):
        raise NotFromHere


def needs(*rights: Right) -> Callable[..., Person]:
    """Return a dependency that gives who asks, and refuses those without some right, and forms from elsewhere.

    Args:
        rights: What a route needs; every one of them.
    """

    def person(request: Request, _: Annotated[None, Depends(from_our_form)]) -> Person:
        who = person_of(request)
        lacking = [right.value for right in rights if not who.may(right)]
        if lacking:
            raise NotYours(", ".join(lacking))
        return who

    return person


def _nobody() -> None:
    """Ask for nobody."""


open_to_all = Depends(_nobody)
"""For routes that tell nothing of the desk: whether it lives, and how it is asked."""
