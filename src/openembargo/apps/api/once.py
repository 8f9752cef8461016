"""`Idempotency-Key`: the same request with the same key is answered once, however often it is sent."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from openembargo.apps.doors.asking import desks_of, person_of
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.answer_once import LONGEST_KEY, Asked, answer_once

from .shapes import Plain

MEDIA_TYPE = "application/json"


class Once:
    """Answers one request, from what was kept under its key where it has one."""

    def __init__(self, desks: Desks, asked: Asked | None) -> None:
        """Take the desks, and the request with its key."""
        self._desks = desks
        self._asked = asked

    def __call__(self, work: Callable[[], Plain], status: int = 201, location: str = "") -> Response:
        """Do the work, or return what it was answered with before.

        Args:
            work: Returns the answer.
            status: HTTP status of the answer.
            location: Where what was made is found, with `{id}` for its id.
        """

        def told() -> tuple[int, bytes]:
            return status, json.dumps(work(), ensure_ascii=False, separators=(",", ":")).encode()

        headers = {}
        if self._asked is None:
            code, content = told()
        else:
            done = False
            try:
                code, content, again = answer_once(self._desks.store, self._asked, told)
                done = True
            finally:
                if not done:
                    self._desks.record.distrust()
            if again:
                headers["Idempotency-Replayed"] = "true"
        if location:
            headers["Location"] = location.format(id=json.loads(content)["id"])
        return Response(content, code, headers, MEDIA_TYPE)


async def once_of(
    request: Request,
    desks: Annotated[Desks, Depends(desks_of)],
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key", min_length=1, max_length=LONGEST_KEY, pattern="^[!-~]+$",
            description="A key of one's own for this request: sent again with it, it is answered as before and done once.",
        ),
    ] = None,
) -> Once:  # fmt: skip
    """Return what answers this request once."""
    if key is None:
        return Once(desks, None)
    person = person_of(request)
    digest = sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode() + await request.body())
    return Once(desks, Asked(person.id or person.name, key, digest.hexdigest()))


OnceAnswered = Annotated[Once, Depends(once_of)]
