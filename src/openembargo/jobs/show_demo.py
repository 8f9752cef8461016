"""The demonstration: the deals of a news report of 3 February 2017, decided as of that day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openembargo.decisions.determination import Determination
from openembargo.storage.example_files import read_example

from .decide_deal import Request, decide_one, open_decider

REPORTED = (
    ("coal", "the report: a ban on coal"),
    ("iron-ore", "the report: a ban on iron ore"),
    ("rare-earth", "the report: a ban on rare earth metals"),
    ("gold", "the report: a ban on gold"),
    ("titanium-ore", "the report: a ban on titanium"),
    ("titanium-metal", "the same word, the metal"),
    ("vanadium-ore", "the report: a ban on vanadium"),
    ("vanadium-metal", "the same word, the metal"),
    ("jet-fuel-airport", "the report: an embargo on rocket and jet fuel"),
    ("jet-fuel-airliner", "the same fuel, in an airliner's tanks"),
    ("correspondent-account", "the report: banks are cut off"),
    ("rail-cargo", "the report: cargo is checked"),
    ("flour", "the report: cooperation in areas not prohibited"),
)
NAMES = (
    ("RI JE-SON", "as the list prints it"),
    ("리제선", "in Hangul"),
    ("Lee Je-sun", "as a southern newspaper spells it"),
    ("Tanchon Comercial Bank", "with a slip"),
    ("Kim Min-su", "a common name"),
)
COAL_DAYS = (
    (date(2016, 3, 1), "the day before the first ban"),
    (date(2016, 3, 10), "exempt for livelihood, no cap"),
    (date(2017, 2, 3), "under a world-wide cap"),
    (date(2017, 8, 6), "banned altogether"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One deal of the demonstration."""

    remark: str
    answer: Determination


def show_demo() -> tuple[tuple[Shown, ...], tuple[Shown, ...]]:
    """Decide the reported deals, then the same coal on four days."""
    decider = open_decider()

    def reported() -> Iterator[Shown]:
        for name, remark in REPORTED:
            yield Shown(remark, decide_one(decider, read_example(name), Request()))

    def coal() -> Iterator[Shown]:
        for day, remark in COAL_DAYS:
            yield Shown(remark, decide_one(decider, read_example("coal"), Request(on=day)))

    return tuple(reported()), tuple(coal())


@dataclass(frozen=True, slots=True)
class NameShown:
    """One name of the demonstration: what it is, and the best hit with score and whether it alerts."""

    name: str
    remark: str
    listed: str
    ref: str
    score: float
    alerts: bool


def show_names() -> tuple[NameShown, ...]:
    """Screen names against the designations that come with the regimes, as of the report's day."""
    from openembargo.screening.hits import Query
    from openembargo.storage.screening_settings import threshold

    from .screen_names import EMBEDDED, open_desk

    desk, level = open_desk([EMBEDDED], COAL_DAYS[2][0]), threshold()
    shown = []
    for (name, remark), hits in zip(NAMES, desk.screener.screen([Query(n) for n, _ in NAMES], 1), strict=True):
        best = hits[0] if hits else None
        alerts = best is not None and best.score >= level
        shown.append(
            NameShown(
                name,
                remark,
                best.entry.name if best else "",
                best.entry.id if best else "",
                best.score if best else 0.0,
                alerts,
            )
        )
    return tuple(shown)
