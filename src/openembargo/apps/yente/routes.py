"""The addresses of yente.

Source: the interface of yente 5, as its client speaks it.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from pydantic import BaseModel, Field, field_validator

from openembargo import __version__
from openembargo.apps.api.shapes import writable
from openembargo.apps.doors.asking import desks_of, needs, open_to_all
from openembargo.apps.doors.desks import Desks
from openembargo.jobs.screen_names import EMBEDDED
from openembargo.storage import list_archive
from openembargo.storage.list_catalogue import catalogue as known_lists
from openembargo.storage.screening_settings import threshold as threshold_in_use
from openembargo.terms.person import Person, Right

from .entities import NoQuestion, Plain, entity_id, queries_of
from .matching import ALGORITHM, BEST, Wanted, matched
from .scope import EVERYTHING, OWN_TITLE, Scope, Word, datasets, desk_of, refused, scope_of, shown
from .searching import Sought, faceted, sought

PREFIX = "/yente"
MOST_QUERIES = 100
CUTOFF_SHARE = 0.5
SAYS = (
    "The trained score of openembargo over the words of a name and their sounds, with birth date, country and numbers; the same as "
    "`openembargo screen`. Its scores are not those of yente's algorithms."
)
router = APIRouter(tags=["yente"])
Screening = Annotated[Person, Depends(needs(Right.SCREEN))]
AtDesk = Annotated[Desks, Depends(desks_of)]
Dataset = Annotated[Word, Path(max_length=80)]
Filters = Annotated[Scope, Depends(scope_of)]


class Example(BaseModel):
    """Somebody to look for, as an entity of FollowTheMoney."""

    id: str | None = None
    schema_: str = Field(alias="schema", max_length=60)
    properties: dict[str, list[str]] = Field(default_factory=dict, max_length=100)

    @field_validator("properties", mode="before")
    @classmethod
    def _listed(cls, found: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        if not isinstance(found, dict):
            return found
        return {name: [value] if isinstance(value, str) else value for name, value in writable(found).items()}


class Examples(BaseModel):
    """Examples by the caller's own keys."""

    queries: dict[Word, Example] = Field(max_length=MOST_QUERIES)
    weights: dict[str, float] = Field(default_factory=dict)
    config: dict[str, Any] = Field(default_factory=dict)


class Params(BaseModel):
    """How matches are wanted."""

    limit: int = Field(5, ge=0, le=500)
    threshold: float | None = Field(
        None, ge=0, le=1, description="Score from which a result is a match; else the one in use."
    )
    cutoff: float | None = Field(
        None, ge=0, le=1, description="Score below which nothing is returned; else half the threshold."
    )
    algorithm: str = Field(BEST, max_length=60)


def _params(
    limit: Annotated[int, Query(ge=1, le=500)] = 5,
    threshold: Annotated[float | None, Query(ge=0, le=1)] = None,
    cutoff: Annotated[float | None, Query(ge=0, le=1)] = None,
    algorithm: Annotated[str, Query(max_length=60)] = BEST,
) -> Params:
    if algorithm not in (ALGORITHM, BEST):
        raise refused(
            f"algorithm: found {algorithm!r}; {ALGORITHM}, or {BEST}. Scores of other algorithms are not offered."
        )
    return Params(limit=limit, threshold=threshold, cutoff=cutoff, algorithm=algorithm)


@router.post("/match/{dataset}")
def match(  # noqa: PLR0913 - one parameter a part of the interface
    dataset: Dataset,
    asked: Examples,
    params: Annotated[Params, Depends(_params)],
    scope: Filters,
    person: Screening,
    desks: AtDesk,
    exclude_entity_ids: Annotated[list[Word], Query(max_length=200)] = [],  # noqa: B006 - FastAPI copies it
) -> Plain:
    """Match examples against the listings of a dataset."""
    if asked.weights or asked.config:
        raise refused("weights and config: this score takes none; leave them out")
    level = threshold_in_use() if params.threshold is None else params.threshold
    cutoff = level * CUTOFF_SHARE if params.cutoff is None else params.cutoff
    wanted = Wanted(params.limit, level, cutoff, frozenset(exclude_entity_ids))
    held = shown(desk_of(desks, dataset, scope))
    responses: Plain = {}
    for key, example in asked.queries.items():
        try:
            queries = queries_of(example.schema_, example.properties)
        except NoQuestion as error:
            raise refused(f"queries.{key}: {error}") from None
        results = matched(desks, held, queries, scope, wanted)
        responses[key] = {
            "status": 200, "results": results, "total": {"value": len(results), "relation": "eq"},
            "query": {"id": example.id, "schema": example.schema_, "properties": example.properties},
        }  # fmt: skip
    return {"responses": responses, "matcher": {ALGORITHM: {"description": SAYS}}, "limit": params.limit}


def _sought(
    q: Annotated[Word, Query(max_length=500)] = "",
    schema: Annotated[Word, Query(max_length=60)] = "Thing",
    countries: Annotated[list[Word], Query(max_length=50)] = [],  # noqa: B006 - FastAPI copies it
    fuzzy: bool = False,
    simple: bool = False,
    sort: Annotated[list[Word], Query(max_length=5)] = [],  # noqa: B006
) -> Sought:
    del simple  # a text is words and nothing else
    return Sought(q, schema, tuple(countries), fuzzy, tuple(sort))


@router.get("/search/{dataset}")
def search(  # noqa: PLR0913 - one parameter a part of the interface
    dataset: Dataset,
    asked: Annotated[Sought, Depends(_sought)],
    scope: Filters,
    person: Screening,
    desks: AtDesk,
    limit: Annotated[int, Query(ge=0, le=500)] = 10,
    offset: Annotated[int, Query(ge=0, le=9499)] = 0,
    facets: Annotated[list[Word], Query(max_length=10)] = ["countries", "topics", "datasets"],  # noqa: B006
) -> Plain:
    """Search listings by their words."""
    rows = sought(desks, shown(desk_of(desks, dataset, scope)), asked, scope, threshold_in_use())
    return {
        "results": rows[offset : offset + limit], "facets": faceted(rows, facets), "limit": limit, "offset": offset,
        "total": {"value": len(rows), "relation": "eq"},
    }  # fmt: skip


EVERY = Scope((), (), (), (), "", ())


def _found(desks: Desks, ident: str) -> Plain:
    held = shown(desk_of(desks, EVERYTHING, EVERY))
    for entry in held.desk.screener.entries:
        if entity_id(held.desk.list_of[id(entry)], entry.id) == ident:
            return held.entity(entry)
    raise HTTPException(404, f"No such entity is listed today: {ident}")


def _adjacent(entity: Plain, prop: str, limit: int, offset: int) -> Plain:
    properties = entity["properties"]
    assert isinstance(properties, dict)
    rows = properties[prop]
    total = {"value": len(rows), "relation": "eq"}
    return {"results": rows[offset : offset + limit], "total": total, "limit": limit, "offset": offset}


Limit = Annotated[int, Query(ge=0, le=500)]
Offset = Annotated[int, Query(ge=0, le=9499)]


@router.get("/entities/{ident:path}/adjacent")
def adjacent(ident: Word, person: Screening, desks: AtDesk, limit: Limit = 10, offset: Offset = 0) -> Plain:
    """Show a listing with what is beside it."""
    entity = _found(desks, ident)
    return {"entity": entity, "adjacent": {"sanctions": _adjacent(entity, "sanctions", limit, offset)}}


@router.get("/entities/{ident:path}/adjacent/{prop}")
def adjacent_by(
    ident: Word, prop: Word, person: Screening, desks: AtDesk, limit: Limit = 10, offset: Offset = 0
) -> Plain:
    """Show one kind of what is beside a listing."""
    entity = _found(desks, ident)
    if prop != "sanctions":
        raise HTTPException(404, f"No such property leads to other entities: {prop}; only sanctions")
    return _adjacent(entity, prop, limit, offset)


@router.get("/entities/{ident:path}")
def entity(ident: Word, person: Screening, desks: AtDesk, nested: bool = True) -> Plain:
    """Show a listing."""
    found = _found(desks, ident)
    if not nested:
        properties = found["properties"]
        assert isinstance(properties, dict)
        found["properties"] = {name: values for name, values in properties.items() if name != "sanctions"}
    return found


@router.get("/catalog")
def catalog(person: Screening, desks: AtDesk) -> Plain:
    """List the datasets: everything, the annexes, and every list that is loaded."""
    known = known_lists()
    rows: list[Plain] = []
    for name in datasets():
        last = list_archive.active(name)[-1:] if name != EMBEDDED else ()
        listing = known.get(name)
        rows.append(
            {
                "name": name, "title": OWN_TITLE if name == EMBEDDED else listing.title if listing else name,
                "load": True, "index_current": True, "children": [],
                "version": last[0].published if last else __version__,
                "updated_at": f"{last[0].published}T00:00:00" if last else None,
                "entity_count": last[0].total if last else None,
                "publisher": {"name": listing.authority, "official": True} if listing else None,
            }
        )  # fmt: skip
    whole = {"name": EVERYTHING, "title": "Everything that is held", "load": True, "index_current": True}
    names = [str(row["name"]) for row in rows]
    return {
        "datasets": [{**whole, "children": names}, *rows], "current": [EVERYTHING, *names], "outdated": [],
        "index_stale": False,
    }  # fmt: skip


@router.get("/algorithms")
def algorithms(person: Screening) -> Plain:
    """List the one algorithm that there is."""
    one = {"name": ALGORITHM, "description": SAYS, "docs": {}}
    return {"algorithms": [one], "default": ALGORITHM, "best": ALGORITHM}


@router.get("/healthz", dependencies=[open_to_all])
def healthz() -> Plain:
    """Tell that the server lives."""
    return {"status": "ok"}


@router.get("/readyz", dependencies=[open_to_all])
def readyz(desks: AtDesk) -> Plain:
    """Tell that names can be looked for."""
    desk_of(desks, EVERYTHING, EVERY)
    return {"status": "ok"}
