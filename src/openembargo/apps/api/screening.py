"""Screening: is this name, vessel or bank on a list, and why does the program think so?"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from openembargo.apps.doors.answers import ScreeningAsked, screened
from openembargo.apps.doors.asking import desks_of, needs
from openembargo.apps.doors.desks import Desks
from openembargo.apps.doors.hit_plain import Asked
from openembargo.terms.person import Person, Right

from .shapes import Name, Plain, Shape

router = APIRouter(tags=["screening"])
MOST_NAMES = 200


class Party(Shape):
    """Somebody or something to be looked for: a name, numbers, or both."""

    id: Name = Field("", description="The caller's own reference.")
    name: Annotated[Name, Field(description="Name as written, in any script.")] = ""
    kind: Name = Field("", description="person, entity, vessel or aircraft; empty when it is not known.")
    dob: Name = Field("", description="Birth date or year, such as 1970 or 1970-05-01.")
    country: Name = Field("", description="Country of nationality, seat or flag, two letters.")
    identifiers: list[Name] = Field([], max_length=20, description="Numbers, such as imo:9187629 or passport:A123.")


class ToScreen(Shape):
    """Whom to look for, and in which lists."""

    parties: list[Party] = Field(min_length=1, max_length=MOST_NAMES)
    on: date | None = Field(None, description="Day on which a party must have been listed; else today.")
    known_on: date | None = Field(None, description="Day by which the listing had to be published.")
    lists: list[Name] = Field(
        [], max_length=50, description="Lists to search; none means the annexes and every loaded list."
    )
    top: int = Field(5, ge=1, le=100, description="Most candidates a party.")
    min_score: float | None = Field(
        None, ge=0, le=1, description="Show candidates from this score; else from the threshold."
    )
    why: bool = Field(True, description="Whether hits say feature by feature why.")


class Screening(BaseModel):
    """What was found, in which lists, under which threshold."""

    on: str
    threshold: float
    examined: list[Plain]
    queries: list[Plain] = Field(description="One for each party, in their order: `alert` and `hits`.")


@router.post("/screen", response_model=Screening)
def screen(
    asked: ToScreen,
    person: Annotated[Person, Depends(needs(Right.SCREEN))],
    desks: Annotated[Desks, Depends(desks_of)],
) -> Plain:
    """Screen names and numbers against the designations of the regimes and the loaded lists."""
    parties = tuple(
        Asked(one.name, one.dob, one.country, one.kind, tuple(one.identifiers), one.id) for one in asked.parties
    )
    wanted = ScreeningAsked(
        parties, asked.on, asked.known_on, tuple(asked.lists), asked.top, asked.min_score, asked.why
    )
    return screened(desks, wanted)
