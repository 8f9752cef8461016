"""Where the words of a text and the law of its day differ: general rules, none of which knows a country or a heading."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from openembargo.law.book import InForce
from openembargo.law.model import Exemption, Regime

GRANTED = {
    "exempt": "exempt",
    "authorisation": "with approval",
    "capped": "within a cap",
    "grace": "for old contracts, for a time",
    "wind_down": "for winding down",
}
STRONG = frozenset({"banned", "frozen", "checked", "capped"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One point in which the words and the law differ.

    Attributes:
        kind: wider, capped, uncapped, not_outright, asked_only, still_banned, not_in_force, not_listed, no_such_act.
        says: In words.
    """

    kind: str
    says: str


@dataclass(frozen=True, slots=True)
class Reached:
    """A measure that a phrase is tied to.

    Attributes:
        regime: Its regime.
        law: The measure as it holds on the day.
        routes: Its own ways out that may concern the phrase.
        labels: For goods: what of the word's meanings it reaches.
    """

    regime: Regime
    law: InForce
    routes: tuple[Exemption, ...]
    labels: tuple[str, ...] = ()

    @property
    def capped(self) -> bool:
        """Whether it sets a cap, or lets goods through within one."""
        return self.law.measure.kind == "quantity_cap" or any(route.grants == "capped" for route in self.routes)


def effect_words(reached: Reached) -> str:
    """Return what a measure does on the day, in words."""
    measure = reached.law.measure
    if measure.modality == "calls_upon" or measure.effect == "advises":
        return (
            "asked for, not decided" if measure.modality == "calls_upon" else "makes clear how other paragraphs apply"
        )
    if measure.effect == "duty":
        return "duty: " + ("; ".join(dict.fromkeys(one.duty for one in measure.conditions)) or measure.title)
    if measure.effect == "designates":
        return "lists parties"
    if measure.effect == "conditions":
        return "allowed on conditions"
    ways = "; ".join(f"{route.title} ({GRANTED[route.grants]})" for route in reached.routes)
    if measure.kind == "quantity_cap":
        return f"capped: {ways}" if ways else "capped"
    return f"prohibited, save: {ways}" if ways else "prohibited"


def differences(phrase: str, says: str, all_labels: Sequence[str], ties: Sequence[Reached]) -> tuple[Difference, ...]:
    """Return where a phrase and the measures that it is tied to differ.

    Args:
        phrase: What the text calls it.
        says: What the text says of it: banned, capped, allowed, frozen, checked, or empty.
        all_labels: For goods: all that the word may mean.
        ties: The measures in force that it is tied to; at least one.
    """
    found = [*_wider(phrase, all_labels, ties)]
    binding = [one for one in ties if one.law.measure.effect in ("prohibits", "duty", "conditions")]
    if says in STRONG and not binding:
        found.append(Difference("asked_only", "the Council only asks for it, or explains: no paragraph decides it"))
    prohibiting = [one for one in binding if one.law.measure.effect == "prohibits"]
    if says == "banned":
        found += _not_outright(prohibiting)
    if says == "capped" and prohibiting and not any(one.capped for one in prohibiting):
        found.append(Difference("uncapped", "no cap holds on that day: " + _effects(prohibiting)))
    if says == "allowed" and prohibiting:
        found.append(Difference("still_banned", "the law of that day says: " + _effects(prohibiting)))
    return tuple(found)


def _wider(phrase: str, all_labels: Sequence[str], ties: Sequence[Reached]) -> Iterable[Difference]:
    reached = {label for one in ties for label in one.labels}
    beyond = [label for label in all_labels if label not in reached]
    if reached and beyond:
        named = " and ".join(label for label in all_labels if label in reached)
        says = f"“{phrase}” is wider than the law, which reaches {named}, not {' or '.join(beyond)}"
        yield Difference("wider", says)


def _not_outright(ties: Sequence[Reached]) -> Iterable[Difference]:
    capped = [one for one in ties if one.capped]
    if capped:
        yield Difference("capped", "not banned outright but capped: " + _ways_out(capped))
    open_ways = [one for one in ties if one.routes and not one.capped]
    if open_ways:
        yield Difference("not_outright", "not without exception: " + _ways_out(open_ways))


def _effects(ties: Iterable[Reached]) -> str:
    return "; ".join(dict.fromkeys(f"{effect_words(one)} [{one.law.measure.id}]" for one in ties))


def _ways_out(ties: Iterable[Reached]) -> str:
    named = ((route, one) for one in ties for route in one.routes)
    return "; ".join(dict.fromkeys(f"{route.title}, {GRANTED[route.grants]} [{route.id}]" for route, _ in named))


def none_in_force(
    what: str, on: date, before: Sequence[tuple[str, date]], after: Sequence[tuple[str, date]], regimes: Sequence[str]
) -> Difference:
    """Return that nothing in force reaches a phrase, with what ended before and what began after.

    Args:
        what: The phrase.
        on: The day.
        before: Provisions that had ended, with their last day.
        after: Provisions that came later, with their first day.
        regimes: Ids of the regimes looked at.
    """
    past = "".join(f"; {provision} ended on {day}" for provision, day in before)
    later = "".join(f"; {provision} begins on {day}" for provision, day in after)
    where = ", ".join(regimes)
    return Difference("not_in_force", f"nothing in force on {on} under {where} reaches “{what}”{past}{later}")
