"""Who asks: found out for each request, once, and asked for by every route."""

from collections.abc import Callable

from fastapi import Depends, Request

from openembargo.terms.person import Person, Right

from .desks import LOCAL_PERSON, Desks


class NotKnown(Exception):  # noqa: N818 - the state
    """Nobody is logged in, or a key is not valid."""


class NotYours(Exception):  # noqa: N818 - the state
    """Somebody may not do what they ask for."""


def desks_of(request: Request) -> Desks:
    """Return the desks of the server that a request came to."""
    desks = request.app.state.desks
    assert isinstance(desks, Desks)
    return desks


def person_of(request: Request) -> Person:
    """Return who asks.

    Raises:
        NotKnown: Nobody who is known here.
    """
    if not desks_of(request).serving.team:
        return LOCAL_PERSON
    raise NotKnown


def needs(*rights: Right) -> Callable[[Request], Person]:
    """Return a dependency that gives who asks, and refuses those without some right.

    Args:
        rights: What a route needs; every one of them.
    """

    def person(request: Request) -> Person:
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
