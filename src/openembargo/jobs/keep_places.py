"""Load UN/LOCODE, find places by name, show one."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openembargo.papers.place_names import folded
from openembargo.papers.places import Place
from openembargo.storage import place_archive
from openembargo.storage.place_archive import Loaded
from openembargo.storage.place_files import open_gazetteer
from openembargo.terms.countries import country_codes, nearest_country
from openembargo.terms.errors import InputError, Mistake

MOST = 50
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What a text may mean.

    Attributes:
        places: Every place that it names.
        suggested: Where it names none: places of a like name, or of this name elsewhere.
        loaded: UN/LOCODE in use beside the places that come with the program.
    """

    places: tuple[Place, ...]
    suggested: tuple[Place, ...]
    loaded: Loaded | None


def load_files(files: list[Path], day: date) -> Loaded:
    """Load the parts of UN/LOCODE.

    Raises:
        InputError: A file cannot be read.
        SourceError: A file is not UN/LOCODE; what was loaded before is still in use.
    """
    found = place_archive.load(files, day)
    open_gazetteer.cache_clear()
    return found


def find(text: str, country: str = "") -> Found:
    """Return the places that a text names.

    Raises:
        InputError: The text is too short, or the country is none.
    """
    if len(folded(text)) < SHORTEST:
        raise InputError([Mistake("text", f"found {text!r}", f"at least {SHORTEST} letters of a name")])
    if country and country not in country_codes():
        near = nearest_country(country)
        raise InputError(
            [Mistake("--country", f"found {country!r}", f"a two-letter code{f' such as {near}' if near else ''}")]
        )
    gazetteer = open_gazetteer()
    places = gazetteer.named(text, country)
    suggested = () if places else (*gazetteer.suggested(text, country), *_beginning(text, country))
    return Found(places, tuple(dict.fromkeys(suggested))[:MOST], place_archive.in_use())


def _beginning(text: str, country: str) -> tuple[Place, ...]:
    loaded = place_archive.loaded_places()
    found = loaded.beginning(folded(text), MOST) if loaded else ()
    return tuple(place for place in found if not country or place.country == country)


def show(code: str) -> Place:
    """Return the place of a UN/LOCODE.

    Raises:
        InputError: No place that is held has this code.
    """
    place = open_gazetteer().coded(code.upper())
    if place is None:
        held = "UN/LOCODE as loaded" if place_archive.in_use() else "the places that come with the program"
        allowed = f"a code of {held}, such as KPRJN; `openembargo places load FILE...` brings all of UN/LOCODE"
        raise InputError([Mistake("code", f"no place {code!r}", allowed)])
    return place
