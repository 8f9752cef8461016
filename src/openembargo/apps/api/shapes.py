"""What requests are made of: texts that can be kept, ids, pages, and failures as the description of the interface tells them."""

import base64
import binascii
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path, Query, Request, Response
from fastapi.params import Path as PathParam
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from openembargo.apps.doors import problems
from openembargo.terms.errors import InputError, Mistake

MOST = 200
LONGEST = 4000
UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
DIGEST = "^[0-9a-f]{64}$"
Plain = dict[str, Any]


def writable(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value of JSON, or refuse what no store can hold: NUL, half a surrogate pair, numbers that are none."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and ("\0" in one or any("\ud800" <= letter <= "\udfff" for letter in one)):
            raise ValueError("holds NUL or half a surrogate pair; text is Unicode without them")
        if isinstance(one, float) and not math.isfinite(one):
            raise ValueError("holds a number that is none; numbers are finite")
        if isinstance(one, Mapping):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
    return value


Text = Annotated[str, AfterValidator(writable), Field(max_length=LONGEST)]
Name = Annotated[str, AfterValidator(writable), Field(max_length=200)]
Object = Annotated[dict[str, Any], AfterValidator(writable)]
Ask = Annotated[str, AfterValidator(writable), Query(max_length=300)]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at the most.")]
Cursor = Annotated[
    str, AfterValidator(writable), Query(max_length=500, description="Where the page begins, as `next` told it.")
]


def id_path(what: str) -> PathParam:
    """Return the description of an id in a path."""
    found = Path(pattern=UUID, description=f"Id of the {what}.")
    assert isinstance(found, PathParam)
    return found


class Shape(BaseModel):
    """A body that names everything that it may hold."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel):
    """One page of a list, and where the next begins."""

    items: list[Plain]
    next: str | None = Field(description="Address of the next page; null on the last.")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list is asked for, and what is answered with it."""

    request: Request
    response: Response
    limit: int
    cursor: str

    @property
    def more(self) -> int:
        """How many rows to find: one more than the page holds tells whether another follows."""
        return self.limit + 1

    def after(self, kind: type[int] | type[str]) -> Any:  # noqa: ANN401 - as `page` wrote it
        """Return where the page begins; None for the first.

        Raises:
            InputError: The cursor is none of ours.
        """
        return begins_at(self.cursor, kind)

    def page(self, rows: Sequence[Plain], at: str) -> Plain:
        """Return the page with the address of the next, which stands in the `Link` header too.

        Args:
            rows: Rows from where the page begins; one more than it holds, when there are more.
            at: Name of the cell at which the next page begins.
        """
        shown = list(rows[: self.limit])
        following = None
        if len(rows) > self.limit:
            asked = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
            told = base64.urlsafe_b64encode(json.dumps([shown[-1][at]]).encode()).decode().rstrip("=")
            following = f"{self.request.url.path}?{urlencode([*asked, ('cursor', told)])}"
            self.response.headers["Link"] = f'<{following}>; rel="next"'
        return {"items": shown, "next": following}


def _paging(request: Request, response: Response, limit: Limit = 50, cursor: Cursor = "") -> Paging:
    return Paging(request, response, limit, cursor)


Pages = Annotated[Paging, Depends(_paging)]


def begins_at(cursor: str, kind: type[int] | type[str]) -> Any:  # noqa: ANN401 - as `page` wrote it
    """Return where a page begins; None for the first.

    Raises:
        InputError: The cursor is none of ours.
    """
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        found = None
    right = isinstance(found, list) and len(found) == 1 and type(found[0]) is kind
    if not right or (kind is int and not 0 <= found[0] < 1 << 62) or (kind is str and writable_fault(found[0])):
        raise InputError([Mistake("cursor", f"found {cursor[:40]!r}", "the one in `next` of the page before")])
    return found[0]


def writable_fault(text: str) -> bool:
    """Tell whether a text cannot be kept."""
    try:
        writable(text)
    except ValueError:
        return True
    return False


_TOLD = (400, 401, 403, 404, 405, 409, 413, 415, 421, 422, 429, 503, 507)
FAILURES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": HTTPStatus(status).phrase,
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in _TOLD
}
PROBLEM: Plain = {
    "type": "object",
    "description": "A failure, as RFC 9457 has it.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "What went wrong."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "found", "allowed"],
                "properties": {
                    "where": {"type": "string", "description": "File, line, path in a deal, record or cell."},
                    "found": {"type": "string"},
                    "allowed": {"type": "string"},
                },
            },
        },
    },
}


def binary(*types: str) -> Plain:
    """Return the description of a body of plain bytes."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in types}
    return {"requestBody": {"required": True, "content": content}}


def answers(*types: str) -> dict[int | str, dict[str, Any]]:
    """Return the description of an answer of plain bytes."""
    return {200: {"description": "The bytes.", "content": {one: {"schema": {"type": "string"}} for one in types}}}


async def body_of(request: Request) -> bytes:
    """Return the bytes of a request."""
    return await request.body()
