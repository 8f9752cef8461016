"""A deal in the making: facts are put one by one, each with the place in the paper where it was read."""

from dataclasses import dataclass, field

from openembargo.terms.deal import Deal, Value
from openembargo.terms.errors import InputError, Mistake, SourceError
from openembargo.terms.origin import Origin
from openembargo.terms.read_deal import read_fact
from openembargo.terms.vocabulary import TABLES, facts_of

from .paper import Open, Paper, Unread
from .places import Gazetteer

SHOWN_TEXT = 160
REGION_OF = {"from": "from_region", "to": "to_region"}


@dataclass(slots=True)
class DraftRow:
    """One line of goods, party or vessel, or one section, in the making."""

    draft: "Draft"
    section: str
    path: str
    cells: dict[str, Value] = field(default_factory=dict)

    def put(self, name: str, value: object, origin: Origin) -> None:
        """Put a fact; a value that is no value of the fact is a mistake of the paper. Empty text puts nothing.

        A fact that is put twice with different values keeps the first, and the contradiction is noted.
        """
        if value is None or value == "":
            return
        fact = facts_of(self.section)[name]
        at = name if self.section == "deal" else f"{self.path}.{name}"
        try:
            read = read_fact(fact, value, at)
        except InputError as error:
            self.draft.mistakes += [
                Mistake(f"{self.draft.source}: {origin.at} ({at})", one.found, one.allowed) for one in error.mistakes
            ]
            return
        if name in self.cells and self.cells[name] != read:
            first = self.draft.origins[at]
            self.draft.notes.append(
                f"{at}: {first.at} says “{first.text}”, {origin.at} says “{origin.text}”; the first is kept"
            )
            return
        self.cells[name] = read
        self.draft.origins.setdefault(at, origin)


class Draft:
    """One deal in the making."""

    def __init__(self, source: str, gazetteer: Gazetteer, number: int = 0) -> None:
        """Begin a deal of a paper.

        Args:
            source: File name, for messages.
            gazetteer: Places and countries.
            number: Number of the deal in the paper, from 0.
        """
        self.source = source
        self.gazetteer = gazetteer
        self.number = number
        self.origins: dict[str, Origin] = {}
        self.mistakes: list[Mistake] = []
        self.notes: list[str] = []
        self.unread: list[Unread] = []
        self.questions: list[Open] = []
        self.top = DraftRow(self, "deal", "deal")
        self._rows: dict[str, list[DraftRow]] = {section: [] for section in TABLES}
        self._sections = {s: DraftRow(self, s, s) for s in ("route", "finance", "undertaking", "facts")}

    def add(self, section: str) -> DraftRow:
        """Add a row to `goods`, `party` or `vessel`."""
        row = DraftRow(self, section, f"{section}[{len(self._rows[section])}]")
        self._rows[section].append(row)
        return row

    def rows(self, section: str) -> tuple[DraftRow, ...]:
        """Return the rows of a table that were added so far."""
        return tuple(self._rows[section])

    def section(self, name: str) -> DraftRow:
        """Return `route`, `finance`, `undertaking` or `facts`."""
        return self._sections[name]

    def leave(self, at: str, text: str, why: str = "") -> None:
        """Record a part of the paper that no fact was taken from."""
        self.unread.append(Unread(at, shown(text), why))

    def ask(self, fact: str, question: str, origin: Origin, answers: tuple[str, ...] = ()) -> None:
        """Record a question that the paper does not settle."""
        self.questions.append(Open(self.number, fact, question, origin.at, shown(origin.text), answers))

    def asks(self, fact: str) -> bool:
        """Tell whether a question on a fact is recorded."""
        return any(one.fact == fact for one in self.questions)

    def place(self, name: str, origin: Origin, country: str = "") -> None:
        """Put a place of the route (`from`, `to`, `loaded_at`) and its region, or ask which one is meant.

        Where several places of one country are meant the country is put, and the place is asked. A name beside which stands a
        country in which no such place is known puts nothing: it contradicts itself.
        """
        route = self.section("route")
        found = self.gazetteer.named(origin.text, country)
        asked = f"Which place is “{shown(origin.text)}”?"
        countries, regions = {place.country for place in found}, {place.region for place in found}
        if len(countries) == 1 and country in (*countries, ""):
            if len(found) == 1:
                how = (
                    f"UN/LOCODE of {found[0].name}"
                    if found[0].has_code
                    else f"country of {found[0].name}, without UN/LOCODE"
                )
                route.put(name, found[0].code, Origin(origin.at, origin.text, how))
            else:
                route.put(name, found[0].country, Origin(origin.at, origin.text, "country of the place"))
                self.ask(f"route.{name}", asked, origin, tuple(place.code for place in found))
            if name in REGION_OF and len(regions) == 1 and found[0].region:
                how = f"region of {found[0].name}"
                route.put(REGION_OF[name], found[0].region, Origin(origin.at, origin.text, how))
            return
        near = found or self.gazetteer.suggested(origin.text, country)
        where = country or self.gazetteer.country(origin.text) or self.gazetteer.country_within(origin.text)
        elsewhere = [place for place in self.gazetteer.called(origin.text) if place.country != where]
        if where and not found and (not elsewhere or self.gazetteer.country(origin.text)):
            route.put(name, where, Origin(origin.at, origin.text, "country of the place"))
            return
        self.ask(
            f"route.{name}", asked, origin, tuple(dict.fromkeys([place.code for place in near] + [where] * bool(where)))
        )

    def deal(self) -> Deal:
        """Return the deal.

        Raises:
            SourceError: With every value that is no value of its fact.
        """
        if self.mistakes:
            raise SourceError(self.mistakes)
        rows = {section: tuple(row.cells for row in held) for section, held in self._rows.items()}
        sections = {name: row.cells for name, row in self._sections.items()}
        return Deal(top=self.top.cells, origins=dict(self.origins), **rows, **sections)  # type: ignore[arg-type]


def paper_of(source: str, form: tuple[str, str], drafts: list[Draft], notes: tuple[str, ...] = ()) -> Paper:
    """Return a paper of finished drafts.

    Args:
        source: File name.
        form: Id and title of the format.
        drafts: Its deals.
        notes: What was noticed of the file as a whole.

    Raises:
        SourceError: With every mistake of every draft.
    """
    mistakes = [mistake for draft in drafts for mistake in draft.mistakes]
    if mistakes:
        raise SourceError(mistakes)
    return Paper(
        source,
        form[0],
        form[1],
        tuple(draft.deal() for draft in drafts),
        tuple(part for draft in drafts for part in draft.unread),
        tuple(one for draft in drafts for one in draft.questions),
        (*notes, *(note for draft in drafts for note in draft.notes)),
    )


def shown(text: str) -> str:
    """Return a text as one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_TEXT else line[: SHOWN_TEXT - 1] + "…"
