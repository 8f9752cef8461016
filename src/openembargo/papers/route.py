"""The route that a paper tells: places by code where it gives one, else by name."""

import re
from dataclasses import dataclass, field

from openembargo.terms.countries import country_codes
from openembargo.terms.origin import Origin

from .draft import Draft
from .place_names import folded

LOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")


@dataclass(frozen=True, slots=True)
class Stop:
    """A place that a paper names.

    Attributes:
        origin: Where it stands, and what is printed there.
        code: UN/LOCODE or country, where the paper gives one.
        name: Its name, where the paper gives one.
        country: Country that the paper gives with it.
    """

    origin: Origin
    code: str = ""
    name: str = ""
    country: str = ""


def put_stop(draft: Draft, fact: str, stop: Stop) -> None:
    """Put a place of the route (`from`, `to`, `loaded_at`): by its code, else by its name.

    Where the name beside a code is another place, the place is asked; of the two only what they share is put: the country.
    """
    code = _code(stop)
    if code:
        others = _named_otherwise(draft, code, stop)
        if others:
            question = f"Which place is meant: the code says {code}, the name “{stop.name}”?"
            draft.ask(f"route.{fact}", question, stop.origin, (code, *others))
            draft.notes.append(f"{stop.origin.at}: the code {code} and the name “{stop.name}” are different places")
        countries = {one[:2] for one in (code, *others)}
        if others and len(countries) > 1:
            return
        shared = countries.pop() if others else code
        draft.section("route").put(fact, shared, Origin(stop.origin.at, code, "place by its code"))
    elif stop.name:
        draft.place(fact, Origin(stop.origin.at, stop.name), stop.country)
    elif stop.country:
        draft.section("route").put(fact, stop.country, Origin(stop.origin.at, stop.country, "country of the place"))


def put_via(draft: Draft, stops: list[Stop]) -> None:
    """Put the places passed; of those that are not known by a code, the country, or a question."""
    codes = []
    for stop in stops:
        found = _code(stop) or _by_name(draft, stop)
        if found and found not in codes:
            codes.append(found)
    if codes:
        at = ", ".join(stop.origin.at for stop in stops)
        draft.section("route").put("via", codes, Origin(at, ", ".join(stop.name or stop.code for stop in stops)))


def _code(stop: Stop) -> str:
    code = re.sub(r"\s", "", stop.code.upper())
    if code in country_codes():
        return code
    return code if LOCODE.fullmatch(code) and code[:2] in country_codes() else ""


def _by_name(draft: Draft, stop: Stop) -> str:
    text = stop.name or stop.code
    found = draft.gazetteer.named(text, stop.country) if text else ()
    if len(found) == 1:
        return found[0].code
    countries = {place.country for place in found}
    land = stop.country or draft.gazetteer.country(text) or draft.gazetteer.country_within(text)
    land = land or (countries.pop() if len(countries) == 1 else "")
    if text and not land:
        fits = tuple(place.code for place in found)
        draft.ask("route.via", f"Which place is “{text}”?", stop.origin, fits)
    return land


def _named_otherwise(draft: Draft, code: str, stop: Stop) -> tuple[str, ...]:
    """Return the places that the name beside a code means where the code is none of them."""
    named = draft.gazetteer.named(stop.name) if stop.name and folded(stop.name) != folded(code) else ()
    agrees = any(place.code[: len(code)] == code or code in place.also for place in named)
    return () if agrees else tuple(place.code for place in named)


@dataclass(slots=True)
class Way:
    """The places of a document as they are found, nearest to the deal first."""

    begins: list[Stop] = field(default_factory=list)
    ends: list[Stop] = field(default_factory=list)
    loaded: list[Stop] = field(default_factory=list)
    passed: list[Stop] = field(default_factory=list)
    landed: list[Stop] = field(default_factory=list)

    def put(self, draft: Draft) -> None:
        """Put the route: from the place of despatch, else of loading; to the place of delivery, else of unloading."""
        begins, ends = [*self.begins, *self.loaded], [*self.ends, *reversed(self.landed)]
        if begins:
            put_stop(draft, "from", begins[0])
        if self.loaded:
            put_stop(draft, "loaded_at", self.loaded[0])
        if ends:
            put_stop(draft, "to", ends[0])
        between = [stop for stop in (*self.loaded, *self.passed, *self.landed) if stop not in (begins[:1] + ends[:1])]
        if between:
            put_via(draft, between)
