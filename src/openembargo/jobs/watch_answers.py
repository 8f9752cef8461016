"""What is answered about one row of a register: outcome, paragraphs and alerts; and what the index holds of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from openembargo.decisions.decide import Options
from openembargo.decisions.prepare import fill
from openembargo.decisions.register_index import tokens_of
from openembargo.law.model import Regime
from openembargo.lists.entry import Entry
from openembargo.screening.anatomy import take_apart
from openembargo.screening.hits import Hit, Query
from openembargo.screening.names import forms, name_key, solid_key
from openembargo.storage.deal_files import parse_table
from openembargo.storage.register_rows import RegisterRow
from openembargo.storage.register_shelf import Said
from openembargo.terms.deal import Deal
from openembargo.terms.errors import InputError, OutsideCoverage
from openembargo.terms.numbers import plain
from openembargo.terms.outcome import outcome_word
from openembargo.terms.read_deal import read_deal

from .look_up import MOST, entry_print, query_of
from .watch_marks import Moment

OPTIONS = Options(accept_stale=True, brief=True)
NO_LAW, NOT_JUDGED = "no law held", "not judged"
NAME, NUMBER = "\x00name ", "\x00number "


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered about a row.

    Attributes:
        outcome: In one word.
        best, worst: Ends of the outcome, in words; empty where nothing was judged.
        cites: Provisions that reach it.
        alerts: Listings that a party or vessel is, or may be; in words.
    """

    outcome: str
    best: str = ""
    worst: str = ""
    cites: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "outcome": self.outcome, "best": self.best, "worst": self.worst, "cites": list(self.cites),
            "alerts": list(self.alerts),
        }  # fmt: skip


def deal_of(row: RegisterRow) -> Deal:
    """Return what a row of the register says."""
    return read_deal(parse_table(row.deal, f"row {row.number} of the register"))


def dated(deal: Deal, moment: Moment) -> Deal:
    """Return a deal with the day as of which it is judged."""
    return deal if deal.on else replace(deal, top={**deal.top, "on": moment.day})


def answer(moment: Moment, deal: Deal) -> Answer:
    """Return the answer about a row.

    Args:
        moment: Law, lists, settings and day.
        deal: What the row says.
    """
    asked = dated(deal, moment)
    alerts = tuple(sorted({*_alerts(moment, asked), *_of_other_lists(moment, deal)}))
    try:
        found = moment.decider.verdict(asked, OPTIONS)
    except OutsideCoverage:
        return Answer(NO_LAW, alerts=alerts)
    except InputError as error:
        return Answer(f"{NOT_JUDGED}: {error}", alerts=alerts)
    return Answer(outcome_word(found.best, found.worst), found.best.word, found.worst.word, found.cites, alerts)


def verdicts(moment: Moment, deal: Deal, regimes: Iterable[str]) -> tuple[object, ...]:
    """Return what some regimes say of a row, without anything else; and whether law is held for its day at all."""
    asked = dated(deal, moment)
    try:
        chosen = {regime.id: regime for regime in moment.decider.chosen(asked)}
        moment.decider.check_day(asked, asked.on or moment.day)
    except OutsideCoverage as error:
        return (str(error),)
    return tuple(_verdict(moment, asked, chosen.get(name)) for name in sorted(regimes))


def _verdict(moment: Moment, deal: Deal, regime: Regime | None) -> object:
    try:
        return moment.decider.verdict_of(deal, OPTIONS, regime) if regime else None
    except (OutsideCoverage, InputError) as error:
        return str(error)


def _alerts(moment: Moment, deal: Deal) -> Iterator[str]:
    if not deal.party and not deal.vessel:
        return
    filled = fill(deal)
    day = OPTIONS.list_day(deal.on or moment.day)
    for regime in _naming(moment, deal):
        for row in moment.decider.preparer_of(regime).screen(filled, day).screened:
            for alert in row.alerts:
                sure = "" if alert.certain else ", not certain"
                yield f"{row.path}: {alert.matched} ({alert.ref}; {regime.id}{sure})"


def _naming(moment: Moment, deal: Deal) -> Iterator[Regime]:
    try:
        chosen = moment.decider.chosen(deal)
    except OutsideCoverage:
        return
    yield from (regime for regime in chosen if regime.parties or regime.vessels or regime.list_types)


def _of_other_lists(moment: Moment, deal: Deal) -> Iterator[str]:
    for path, query in queries_of(deal):
        apart = moment.look.told_apart(query)
        for name, screener in moment.screeners.items():
            for hit in screener.screen([query], MOST, moment.view.threshold)[0]:
                if apart.get(hit.entry.id, "-") not in ("", entry_print(hit.entry)):
                    yield f"{path}: {hit.entry.name} ({hit.entry.id}; {name}{_sure(hit)})"


def _sure(hit: Hit) -> str:
    return "" if hit.by == "identifier" else ", not certain"


def queries_of(deal: Deal) -> Iterator[tuple[str, Query]]:
    """Yield path and query of each party and vessel that has a name or number."""
    for section in ("party", "vessel"):
        for index, row in enumerate(deal.rows(section)):
            query = query_of(section, row)
            if query.name or query.identifiers:
                yield f"{section}[{index}]", query


def said(deal: Deal) -> Said:
    """Return what the index holds of a row."""
    tokens = set(tokens_of(deal))
    names: list[tuple[str, str, bool]] = []
    for _, query in queries_of(deal):
        names.append((query.name, query.kind, bool(query.born)))
        tokens |= _keys([query.name]) | {NUMBER + plain(kind, value) for kind, value in query.identifiers}
        imo = take_apart(query.name, query.kind).imo if query.name else ""
        tokens |= {NUMBER + imo} if imo else set()
    for row in deal.vessel:
        former = row.get("former_names")
        tokens |= _keys(former if isinstance(former, tuple) else ())
    return Said(frozenset(tokens), tuple(dict.fromkeys(one for one in names if one[0])))


def _keys(names: Iterable[str]) -> set[str]:
    return {NAME + key for name in names if name for key in (name_key(name), solid_key(name))}


def tokens_of_entry(entry: Entry) -> set[str]:
    """Return the tokens by which rows bear the very name or number of a listing."""
    numbers = {NUMBER + plain(one.kind, one.value) for one in entry.identifiers}
    return numbers | _keys(form for name in entry.names for form in forms(name.text))


def tokens_of_name(name: str) -> set[str]:
    """Return the tokens of rows that bear a very name."""
    return _keys([name])
