"""What contradicts a line of goods: reasons to look again. A flag is no verdict and changes no outcome."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openembargo.terms.deal import Row

from .nomenclature import CHAPTER, HEADING, SUBHEADING, dotted, plain_code
from .tariff import Tariff
from .touch import Touch
from .unit_values import MEASURES, value_of

NEAR, FAR = 0.15, 0.25
"""Shares of the best heading's score below which the stated one is not what is described, in its own chapter and in others."""
TELLS_ENOUGH, WORTH_TELLING = 6.0, 0.5
SHOWN, SHOWN_PLACES = 3, 8
DIFFERS = Decimal("0.05")
MOST_ON_A_SHIP_KG = Decimal(500_000_000)


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to look at a line again.

    Attributes:
        kind: Which contradiction, by id.
        path: The line, such as `goods[0]`.
        says: The reason in plain words.
        facts: Facts of the line that it is about.
        codes: Tariff codes that it names, other than the line's.
        measures: Measures that it names.
    """

    kind: str
    path: str
    says: str
    facts: tuple[str, ...]
    codes: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "kind": self.kind,
            "path": self.path,
            "says": self.says,
            "facts": [f"{self.path}.{name}" for name in self.facts],
            "codes": list(self.codes),
            "measures": list(self.measures),
        }


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the line.

    Attributes:
        on: Day of the deal.
        touching: Measures that touch a code, hold on the day and bear on the deal.
        products: Tariff prefixes by word of `goods.product`.
        materials: Tariff prefixes by word of `goods.material`.
    """

    on: date | None
    touching: Callable[[str], tuple[Touch, ...]]
    products: Mapping[str, tuple[str, ...]]
    materials: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Looked:
    """A line that is looked at."""

    row: Row
    path: str
    tariff: Tariff
    beside: Beside

    @property
    def code(self) -> str:
        """The digits of its tariff code, at most six."""
        return plain_code(str(self.row.get("hs", "")))

    @property
    def edition(self) -> int | None:
        """The edition that it states, if that is held."""
        stated = self.row.get("hs_edition")
        return stated if isinstance(stated, int) and stated in self.tariff.concordance.editions else None

    def number(self, name: str) -> Decimal | None:
        """Return a number of the line."""
        found = self.row.get(name)
        return Decimal(str(found)) if isinstance(found, int | Decimal) and not isinstance(found, bool) else None

    def flag(
        self, kind: str, says: str, facts: Iterable[str], codes: Iterable[str] = (), measures: Iterable[str] = ()
    ) -> Flag:
        """Return a flag on the line."""
        return Flag(kind, self.path, says, tuple(facts), tuple(codes), tuple(dict.fromkeys(measures)))


def flags(row: Row, path: str, tariff: Tariff, beside: Beside) -> tuple[Flag, ...]:
    """Return what contradicts a line of goods.

    Args:
        row: Facts of the line.
        path: Where it stands in the deal.
        tariff: The tariff.
        beside: The day, the measures and the placing of words.
    """
    line = Looked(row, path, tariff, beside)
    return tuple(flag for check in CHECKS for flag in check(line))


def in_no_edition(line: Looked) -> list[Flag]:
    """The code is in no edition that is held, or not in the one that is stated or of the day's year."""
    code, held = line.code, line.tariff.concordance.editions
    if not code:
        return []
    having = line.tariff.concordance.editions_with(code)
    years = ", ".join(map(str, sorted(having)))
    if not having:
        known = f"{min(held)} to {max(held)}"
        return [
            line.flag(
                "code_in_no_edition",
                f"{dotted(code)} is no code of any edition of the Harmonized System, {known}",
                ["hs"],
            )
        ]
    stated = line.edition
    if stated and stated not in having:
        now = [one for one in line.tariff.current(code) if one != code][:SHOWN]
        told = f"; in {line.tariff.newest} its goods are in {', '.join(map(dotted, now))}" if now else ""
        return [
            line.flag(
                "code_not_in_edition",
                f"{dotted(code)} is no code of the edition of {stated}; it is of {years}{told}",
                ["hs", "hs_edition"],
                now,
            )
        ]
    on = line.beside.on
    then = line.tariff.edition_of(on.year) if on else None
    if not stated and then and then not in having and min(having) > then:
        says = (
            f"{dotted(code)} came with the edition of {min(having)}; on the day of the deal that of {then} was in use"
        )
        return [line.flag("code_not_in_edition", says, ["hs"])]
    return []


def too_coarse(line: Looked) -> list[Flag]:
    """A measure tells goods apart within the stated code."""
    waiting = [touch for touch in line.beside.touching(line.code) if "hs" in touch.hangs_on] if line.code else []
    if not waiting:
        return []
    names = list(dict.fromkeys(f"{dotted(touch.heading)} ({touch.label})" for touch in waiting if touch.heading))[
        :SHOWN
    ]
    says = f"{dotted(line.code)} is coarser than the law needs: it tells {', '.join(names)} apart"
    return [
        line.flag("coarser_than_law", says, ["hs"], [t.heading for t in waiting][:SHOWN], [t.measure for t in waiting])
    ]


def far_from_description(line: Looked) -> list[Flag]:
    """The description means other headings than the stated one."""
    described, code = line.row.get("description"), line.code
    now = line.tariff.current(code, line.edition) if code else ()
    if not isinstance(described, str) or not now:
        return []
    scores = line.tariff.finder.scores(described)
    most = max(scores.values(), default=0.0)
    if most < TELLS_ENOUGH:
        return []
    length = min(len(code), HEADING)
    stated = {one[:length] for one in now}
    share = max((score for heading, score in scores.items() if heading[:length] in stated), default=0.0) / most
    best = line.tariff.finder.find(described, SHOWN)
    near = best[0].heading[:CHAPTER] in {one[:CHAPTER] for one in now}
    if share >= (NEAR if near else FAR):
        return []
    best = tuple(one for one in best if one.share >= WORTH_TELLING)
    names = "; ".join(f"{one.heading} {line.tariff.nomenclature.text(one.heading)[:60]}" for one in best)
    why = ", ".join(dict.fromkeys(f"“{reason.word}”" for reason in best[0].reasons[:2]))
    says = f"the description (by {why}) speaks of {names}; not of {dotted(code)} {line.tariff.text(code)[:60]}"
    measures = [touch.measure for one in best for touch in line.beside.touching(one.heading) if touch.sure]
    codes = [one.heading for one in best]
    return [line.flag("description_against_hs", says, ["description", "hs"], codes, measures)]


def amounts(line: Looked) -> list[Flag]:
    """Quantity and values are nothing, more than can be, or do not agree."""
    found = []
    quantity, value, each = (line.number(name) for name in ("quantity", "value_usd", "unit_value_usd"))
    for name, number in (("quantity", quantity), ("value_usd", value), ("unit_value_usd", each)):
        if number is not None and number <= 0:
            found.append(line.flag("amount_impossible", f"{name} is {number}", [name]))
    kind, factor = MEASURES.get(str(line.row.get("unit", "")), ("", Decimal(0)))
    if quantity and kind == "mass" and quantity * factor > MOST_ON_A_SHIP_KG:
        found.append(
            line.flag(
                "amount_impossible",
                f"{quantity} {line.row['unit']} is more than any ship carries",
                ["quantity", "unit"],
            )
        )
    if quantity and value and each and kind == "count" and abs(quantity * each - value) > DIFFERS * value:
        says = f"{quantity} at {each} US dollars is {quantity * each}, not {value}"
        found.append(line.flag("amounts_disagree", says, ["quantity", "unit_value_usd", "value_usd"]))
    return found


def unit_fits(line: Looked) -> list[Flag]:
    """The goods are not measured so, or a unit is worth far less or more than it has been."""
    quantity, unit, value = line.number("quantity"), str(line.row.get("unit", "")), line.number("value_usd")
    codes = line.tariff.current(line.code, line.edition) if line.code else ()
    held = value_of(line.tariff.unit_values, codes[0]) if codes else None
    kind = MEASURES.get(unit, ("", Decimal(0)))[0]
    if held is None or not kind:
        return []
    if kind not in held.measured_in:
        ways = ", ".join(sorted(held.measured_in))
        return [
            line.flag("unit_impossible", f"goods of {held.hs} are measured by {ways}, not in {unit}", ["unit", "hs"])
        ]
    amount = held.amount(quantity, unit) if quantity else None
    if not amount or not value or held.low is None or held.high is None:
        return []
    each = value / amount
    if held.low <= each <= held.high:
        return []
    much = "less" if each < held.low else "more"
    says = f"{each:.4g} US dollars a {held.per} is {much} than goods of {held.hs} have been worth: {held.low} to {held.high} ({held.source})"
    return [line.flag("unit_value_out_of_range", says, ["value_usd", "quantity", "hs"])]


def named_without_code(line: Looked) -> list[Flag]:
    """No code is stated, and the description speaks of a heading that a measure touches."""
    described = line.row.get("description")
    if line.code or not isinstance(described, str):
        return []
    best = line.tariff.finder.find(described, 1)
    touched = [t for one in best for t in line.beside.touching(one.heading) if t.effect != "advises"]
    if not touched or best[0].score < TELLS_ENOUGH:
        return []
    heading = best[0].heading
    says = f"no tariff code is stated; the description speaks of {heading} {line.tariff.text(heading)[:60]}, which a measure touches"
    return [line.flag("description_names_banned", says, ["description"], [heading], [t.measure for t in touched])]


def words_against_code(line: Looked) -> list[Flag]:
    """The product or material is not in the stated heading."""
    found = []
    for name, placed in (("product", line.beside.products), ("material", line.beside.materials)):
        word, code = line.row.get(name), line.code
        places = placed.get(str(word), ()) if word else ()
        codes = {code, *line.tariff.current(code, line.edition)} if code else set()
        if (
            places
            and codes
            and not any(one.startswith(place) or place.startswith(one) for one in codes for place in places)
        ):
            shown = ", ".join(map(dotted, places[:SHOWN_PLACES]))
            says = f"{name} is {word}, which is in {shown}; the code is {dotted(code)}"
            found.append(line.flag(f"{name}_against_hs", says, [name, "hs"], places[:SHOWN]))
    return found


def near_a_banned_one(line: Looked) -> list[Flag]:
    """The code is not touched, and one beside it is: of its heading, of another edition, or of the same material."""
    code = line.code
    if len(code) < SUBHEADING or line.beside.touching(code):
        return []
    ways = (
        ("of the same heading", line.tariff.nomenclature.beside(code)),
        ("what it became or was in another edition", _other_editions(line)),
        ("of the same material", _same_material(line)),
    )
    for how, codes in ways:
        touched = [
            (one, touch)
            for one in codes
            for touch in line.beside.touching(one)
            if touch.sure and touch.effect != "advises"
        ]
        if touched:
            near = list(dict.fromkeys(one for one, _ in touched))[:SHOWN]
            measures = [touch.measure for _, touch in touched]
            names = "; ".join(f"{dotted(one)} {line.tariff.text(one)[:50]}" for one in near)
            says = f"{dotted(code)} is under no measure here; its neighbour is, {how}: {names}. Make sure which it is"
            return [line.flag("neighbour_of_banned", says, ["hs", "description"], near, measures)]
    return []


def _other_editions(line: Looked) -> list[str]:
    concordance = line.tariff.concordance
    found = [
        one
        for start in concordance.editions_with(line.code)
        for end in concordance.editions
        for one in concordance.became(line.code, start, end)
    ]
    return [one for one in dict.fromkeys(found) if one != line.code and one[:CHAPTER] == line.code[:CHAPTER]]


def _same_material(line: Looked) -> list[str]:
    """Return where else the line's material is; where it names none, that of each material whose own heading the code is of.

    A chapter of articles says too little of what they are made of to name an ore beside each of them.
    """
    said = line.row.get("material")
    least = CHAPTER if said else HEADING
    groups = [
        places
        for word, places in line.beside.materials.items()
        if said in (None, word) and any(len(place) >= least and line.code.startswith(place) for place in places)
    ]
    return [place for places in groups for place in places if not line.code.startswith(place)]


CHECKS: tuple[Callable[[Looked], list[Flag]], ...] = (
    in_no_edition,
    too_coarse,
    far_from_description,
    named_without_code,
    words_against_code,
    unit_fits,
    amounts,
    near_a_banned_one,
)
"""In the order in which they are told."""
