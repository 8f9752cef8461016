"""Measure what an act did to trade: class each flow by the book, index it, fit the models, judge the claim."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

from openembargo.decisions.goods_reach import GoodsReach
from openembargo.impact.anomalies import Anomaly, mixed_up, prohibited
from openembargo.impact.classing import BANNED, MIXED, Classer, days_of
from openembargo.impact.comparisons import ClassSum, Control, Placed, control_of, gravity_of
from openembargo.impact.index import Cell, IndexPoint, index_of
from openembargo.impact.interrupted import Interrupted, segmented
from openembargo.impact.panel import EventStudy, event_study
from openembargo.impact.study import Spread, Study, of_baseline, read_study, spreads
from openembargo.impact.unit_prices import Priced, outliers
from openembargo.impact.vanished import vanished
from openembargo.impact.verdict import CANNOT_SAY, Part, of_lines, of_totals, overall
from openembargo.law.book import Book
from openembargo.law.model import Regime
from openembargo.storage.trade_files import confused_areas, read_study_text
from openembargo.storage.trade_lines import LineAt, codes_by_flow, quantities, rows_of, sums_by_class
from openembargo.storage.trade_query import Mirror, mirror_gaps, profiles, reported, sums_with
from openembargo.storage.trade_tables import TradeTable
from openembargo.terms.errors import InputError, Mistake

from .one_edition import in_one_edition, sources_of

CAVEATS = (
    "Recorded trade is not all trade, and a record in a prohibited line is no finding of law: records hold errors, and exemptions and "
    "approvals of the Committee are not seen in them.",
    "The period in which the event lies counts neither before nor after.",
)
Progress = Callable[[str], None]
Rows = tuple[tuple[str, tuple[int, ...]], ...]
"""Files with the numbers of their rows."""
MOST_MIRRORED = 50


@dataclass(slots=True)
class EffectRun:
    """What came of a study.

    Attributes:
        study: The study.
        event: Day of the event.
        law: Digest of the regime by which lines were classed.
        verdict: On the whole claim.
        parts: Part by part.
        spreads: Printed totals by period.
        cells: Lines of trade that count.
        index: Index by period.
        panel: Event study by line.
        series: Interrupted series of prohibited lines.
        gravity: Gravity with other partners, and its place among placebos.
        control: Synthetic control of prohibited lines.
        sources: Rows of the files that each line of trade sums.
        chapters: Where only totals are given: how many chapters the book holds banned, capped, mixed, allowed, by period and direction.
        mirror: Trade with the target that both sides record, the largest differences first.
        anomalies: What deserves a look.
        kept_out: Rows of the table kept out of sums, by reason.
        not_comparable: Counterparts that did not report every period, with the periods that lack.
        caveats: What must be said.
    """

    study: Study
    event: date
    law: str
    verdict: str = CANNOT_SAY
    parts: tuple[Part, ...] = ()
    spreads: tuple[Spread, ...] = ()
    cells: tuple[Cell, ...] = ()
    index: tuple[IndexPoint, ...] = ()
    panel: EventStudy = field(default_factory=EventStudy)
    series: Interrupted | None = None
    gravity: Placed | None = None
    control: Control | None = None
    sources: Mapping[LineAt, Rows] = field(default_factory=dict)
    chapters: Mapping[str, Mapping[str, Mapping[str, int]]] = field(default_factory=dict)
    mirror: tuple[Mirror, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    kept_out: dict[str, int] = field(default_factory=dict)
    not_comparable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    caveats: list[str] = field(default_factory=list)

    @property
    def event_period(self) -> str:
        """Period in which the event lies."""
        return self.event.strftime("%Y-%m" if self.study.monthly else "%Y")

    @property
    def control_fell(self) -> bool | None:
        """Whether lines that were never prohibited surely fell too; None when they cannot be told."""
        return None if self.panel.allowed is None else self.panel.allowed.high < 0

    def rows_of(self, cell: Cell) -> Rows:
        """Return the rows of the files that a line of trade sums."""
        return self.sources.get((cell.counterpart, cell.direction, cell.hs, cell.period), ())

    def shares(self) -> tuple[tuple[Spread, tuple[Decimal, Decimal] | None], ...]:
        """Return the printed totals, each with the least and most that it may be of the baseline, in per cent."""
        return tuple((one, of_baseline(self.spreads, self.study, one.period)) for one in self.spreads)

    def sentence(self) -> str:
        """Return the answer in one sentence."""
        told = [f"{p.asks}: {p.verdict} ({p.says})" for p in self.parts]
        return f"{self.verdict.capitalize()}. {'. '.join(one[0].upper() + one[1:] for one in told)}."


def measure(book: Book, study_path: Path, flows: Path | None, progress: Progress | None = None) -> EffectRun:
    """Run a study on a table of flows, or on its own printed totals.

    Raises:
        InputError: When the study is wrong, holds no figures and no flows are given, or the flows hold no trade in the baseline.
    """
    study = read_study(read_study_text(study_path), study_path.name)
    regime = _regime(book, study, study_path.name)
    run = EffectRun(study, _event(regime, study, study_path.name), regime.digest, caveats=list(CAVEATS))
    tell = progress or (lambda words: None)
    if not study.first < run.event_period <= study.last:
        raise InputError(
            [Mistake(study_path.name, f"the event, {run.event}, is outside the periods", "periods before and after it")]
        )
    if flows is None:
        _by_totals(run, regime, study_path.name)
    else:
        _by_lines(run, regime, flows, tell)
    run.verdict = overall(run.parts)
    return run


def _regime(book: Book, study: Study, where: str) -> Regime:
    found = next((r for r in book.regimes if r.id == study.regime), None)
    if found is None or not found.target:
        raise InputError(
            [
                Mistake(
                    where,
                    f"regime is {study.regime!r}",
                    "the id of a regime with a target, such as `law timeline` shows",
                )
            ]
        )
    return found


def _event(regime: Regime, study: Study, where: str) -> date:
    if study.event:
        return study.event
    act = next((a for a in regime.acts if a.number == study.act), None)
    if act is None:
        raise InputError(
            [Mistake(where, f"act is {study.act!r}", f"one of: {', '.join(a.number for a in regime.acts)}")]
        )
    return act.in_force


def _by_totals(run: EffectRun, regime: Regime, where: str) -> None:
    run.spreads = spreads(run.study)
    classer = Classer(regime, GoodsReach((regime,)).touching)
    run.chapters = {period: classer.chapters(*days_of(period)) for period in run.study.periods}
    share = of_baseline(run.spreads, run.study, run.study.last)
    if share is None:
        raise InputError(
            [
                Mistake(
                    where,
                    "no flows were given, and figures of the baseline or the last period are missing",
                    "--flows FLOWS",
                )
            ]
        )
    run.parts = of_totals(float(share[0]), float(share[1]))
    missing = [p for p in run.study.periods if p not in {s.period for s in run.spreads}]
    run.caveats += [f"No figure for {', '.join(missing)}."] if missing else []
    run.caveats += run.study.cannot_be_said


def _by_lines(run: EffectRun, regime: Regime, flows: Path, tell: Progress) -> None:
    study = run.study
    classer = Classer(regime, GoodsReach((regime,)).touching)
    with TradeTable() as table:
        table.open(flows)
        run.kept_out = table.counts()["fault"]
        tell("classing lines")
        run.cells = _cells(run, classer, table)
        if not any(c.value_usd for c in run.cells if c.period in study.baseline):
            raise InputError(
                [Mistake(flows.name, "holds no comparable trade in the baseline", "other periods or counterparts")]
            )
        run.anomalies = _anomalies(run, regime.target, table)
        gaps = mirror_gaps(table, regime.target, 2, MOST_MIRRORED)
        run.mirror = tuple(m for m in gaps if None not in (m.exported, m.imported) and m.period in study.periods)
        sums = _by_class(run, classer, table)
    run.index = index_of(run.cells, study.baseline, study.periods)
    if find_spec("pyfixest") is None or find_spec("statsmodels") is None:
        run.caveats.append("Models were not fitted: that needs openembargo[trade].")
    else:
        tell("fitting models")
        _fit(run, classer)
        run.gravity = gravity_of(sums, regime.target, study.periods, run.event_period)
        run.control = control_of(run.cells, sums, regime.target, study.periods, run.event_period)
    run.parts = of_lines(run.panel.banned, run.panel.allowed, run.panel.apart)
    run.caveats += _told_beside(run)
    run.caveats += study.cannot_be_said


def _anomalies(run: EffectRun, target: str, table: TradeTable) -> tuple[Anomaly, ...]:
    """Return what deserves a look, the largest value first."""
    pairs = [pair for pair in confused_areas() if target in pair]
    found = [a for pair in pairs for a in _mixed(table, target, next(c for c in pair if c != target))]
    known = {(c.counterpart, c.direction, c.hs, c.period) for c in run.cells}
    measured = [m for m in quantities(table, target, monthly=run.study.monthly) if m.at in known]
    before = [p for p in run.study.periods if p < run.event_period]
    after = [p for p in run.study.periods if p > run.event_period]
    found += prohibited(run.cells)
    found += outliers(Priced(*m.at, m.unit, m.value_usd, m.quantity) for m in measured)
    found += vanished(run.cells, before, after)
    return tuple(sorted(found, key=lambda a: (-a.value_usd, a.kind, a.where)))


def _by_class(run: EffectRun, classer: Classer, table: TradeTable) -> tuple[ClassSum, ...]:
    """Return the reporters' trade with all their partners, by the class that the line would have with the target on the study's last day."""
    last = days_of(run.study.last)[1]
    classes = [
        (hs, flow, classer.of(hs, "from_target" if flow == "import" else "to_target", last, last).name)
        for hs, flow in codes_by_flow(table, monthly=run.study.monthly)
    ]
    reporters = sorted({c.counterpart for c in run.cells})
    found = sums_by_class(table, classes, reporters, monthly=run.study.monthly)
    return tuple(one for one in (ClassSum(*row) for row in found) if one.period in run.study.periods)


def _told_beside(run: EffectRun) -> list[str]:
    """Return the caveats of the models and of what the data leave open."""
    estimates = (run.panel.banned, run.panel.allowed, run.panel.apart)
    fitted = [one for one in estimates if one]
    fitted += [run.series.estimate] if run.series else []
    fitted += [run.gravity.estimate] if run.gravity else []
    told = [*run.panel.caveats, *dict.fromkeys(one for e in fitted for one in e.caveats)]
    if run.control_fell:
        told.append("lines that were never prohibited fell too: what fell with them is not the measures' doing alone")
    told += run.control.caveats if run.control else ()
    if run.control is None:
        told.append("no synthetic control: too few donors with trade in all periods, or too few periods")
    if run.gravity is None:
        told.append(
            "no gravity: the table holds too little of the reporters' trade with other partners in both classes"
        )
    if not run.mirror:
        told.append("no mirror gaps: no trade here is recorded by both sides")
    mixed = sum(c.value_usd for c in run.cells if c.basket.name == MIXED)
    whole = sum(c.value_usd for c in run.cells)
    if mixed:
        told.append(f"{100 * mixed / whole:.0f} % of the value lies in lines that the data's codes leave mixed")
    return [f"{one[0].upper()}{one[1:]}." for one in told]


def _cells(run: EffectRun, classer: Classer, table: TradeTable) -> tuple[Cell, ...]:
    study, target = run.study, classer.regime.target
    last = days_of(study.last)[1]
    told = reported(table, monthly=study.monthly)
    wanted = [s for s in sums_with(table, target, monthly=study.monthly) if s.period in study.periods]
    wanted = [s for s in wanted if not study.counterparts or s.counterpart in study.counterparts]
    wanted, origins = in_one_edition(wanted, study.edition, run.caveats)
    run.sources = sources_of(rows_of(table, target, monthly=study.monthly), origins)
    for who in sorted({s.counterpart for s in wanted} | set(study.counterparts)):
        lacks = tuple(p for p in study.periods if p not in told.get("" if "" in told else who, frozenset()))
        if lacks:
            run.not_comparable[who] = lacks
    return tuple(
        Cell(
            s.counterpart, s.direction, s.hs, s.period, s.value_usd,
            classer.of(s.hs, s.direction, *days_of(s.period)), classer.of(s.hs, s.direction, last, last), s.rows,
        )
        for s in wanted
        if s.counterpart not in run.not_comparable
    )  # fmt: skip


def _fit(run: EffectRun, classer: Classer) -> None:
    since = {}
    for line in sorted({(c.counterpart, c.direction, c.hs) for c in run.cells if c.basket.name == BANNED}):
        day = classer.first_banned(line[2], line[1])
        if day:
            since[line] = day.strftime("%Y-%m" if run.study.monthly else "%Y")
    run.panel = event_study(run.cells, run.study.periods, run.event_period, since)
    values = [
        float(sum(c.value_usd for c in run.cells if c.period == p and c.basket.name == BANNED))
        for p in run.study.periods
    ]
    sides = [None if p == run.event_period else p > run.event_period for p in run.study.periods]
    run.series = segmented(values, sides)


def _mixed(table: TradeTable, target: str, other: str) -> list[Anomaly]:
    mine, theirs = profiles(table, target), profiles(table, other)
    return [
        anomaly
        for (reporter, flow), held in mine.items()
        for anomaly in mixed_up(held, theirs.get((reporter, flow), {}), (f"{reporter} {flow}", target, other))
    ]
