"""Measure what an act did to trade: class each flow by the book, index it, fit the models, judge the claim."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

from openembargo.decisions.goods_reach import GoodsReach
from openembargo.impact.anomalies import Anomaly, mixed_up, prohibited
from openembargo.impact.classing import BANNED, CLASSES, Classer, days_of
from openembargo.impact.index import Cell, IndexPoint, index_of
from openembargo.impact.interrupted import Interrupted, segmented
from openembargo.impact.panel import EventStudy, event_study
from openembargo.impact.study import Spread, Study, of_baseline, read_study, spreads
from openembargo.impact.verdict import CANNOT_SAY, Part, of_lines, of_totals, overall
from openembargo.law.book import Book
from openembargo.law.model import Regime
from openembargo.storage.trade_files import confused_areas, read_study_text
from openembargo.storage.trade_query import profiles, reported, sums_with
from openembargo.storage.trade_tables import TradeTable
from openembargo.terms.errors import InputError, Mistake

CAVEATS = (
    "Recorded trade is not all trade, and a record in a prohibited line is no finding of law: records hold errors, and exemptions and "
    "approvals of the Committee are not seen in them.",
    "The period in which the event lies counts neither before nor after.",
)
Progress = Callable[[str], None]


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
    anomalies: tuple[Anomaly, ...] = ()
    kept_out: dict[str, int] = field(default_factory=dict)
    not_comparable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    caveats: list[str] = field(default_factory=list)

    @property
    def event_period(self) -> str:
        """Period in which the event lies."""
        return self.event.strftime("%Y-%m" if self.study.monthly else "%Y")

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
        _by_totals(run, study_path.name)
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


def _by_totals(run: EffectRun, where: str) -> None:
    run.spreads = spreads(run.study)
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
    with TradeTable() as table:
        table.open(flows)
        run.kept_out = table.counts()["fault"]
        tell("classing lines")
        classer = Classer(regime, GoodsReach((regime,)).touching)
        run.cells = _cells(run, classer, table)
        pairs = [pair for pair in confused_areas() if regime.target in pair]
        mixes = [a for pair in pairs for a in _mixed(table, regime.target, next(c for c in pair if c != regime.target))]
    if not any(c.value_usd for c in run.cells if c.period in study.baseline):
        raise InputError(
            [Mistake(flows.name, "holds no comparable trade in the baseline", "other periods or counterparts")]
        )
    run.index = index_of(run.cells, study.baseline, study.periods)
    run.anomalies = tuple(prohibited(run.cells) + mixes)
    if find_spec("pyfixest") is None or find_spec("statsmodels") is None:
        run.caveats.append("Models were not fitted: that needs openembargo[trade].")
    else:
        tell("fitting models")
        _fit(run, classer)
    run.parts = of_lines(run.panel.banned, run.panel.allowed, run.panel.apart)
    run.caveats += [one[0].upper() + one[1:] + "." for one in run.panel.caveats]
    fitted = [
        e
        for e in (run.panel.banned, run.panel.allowed, run.panel.apart, run.series.estimate if run.series else None)
        if e
    ]
    run.caveats += dict.fromkeys(f"{one[0].upper()}{one[1:]}." for e in fitted for one in e.caveats)
    mixed = sum(c.value_usd for c in run.cells if c.basket.name == "mixed")
    whole = sum(c.value_usd for c in run.cells)
    run.caveats += (
        [f"{100 * mixed / whole:.0f} % of the value lies in lines that the data's codes leave mixed."] if mixed else []
    )
    run.caveats += study.cannot_be_said


def _cells(run: EffectRun, classer: Classer, table: TradeTable) -> tuple[Cell, ...]:
    study, target = run.study, classer.regime.target
    last = days_of(study.last)[1]
    told = reported(table, monthly=study.monthly)
    wanted = [s for s in sums_with(table, target, monthly=study.monthly) if s.period in study.periods]
    wanted = [s for s in wanted if not study.counterparts or s.counterpart in study.counterparts]
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


def plain(run: EffectRun) -> dict[str, object]:
    """Return a run as JSON holds it."""
    panel = run.panel
    return {
        "title": run.study.title,
        "claim": run.study.claim,
        "sentence": run.sentence(),
        "verdict": run.verdict,
        "parts": [part.plain() for part in run.parts],
        "event": run.event.isoformat(),
        "law": run.law,
        "totals": [
            {
                "period": one.period,
                "least_usd": str(one.least),
                "most_usd": str(one.most),
                "percent_of_baseline": [round(float(s), 1) for s in share] if share else None,
                "figures": [
                    {
                        "value_usd": str(f.value_usd),
                        "publisher": f.publisher,
                        "source": f.source,
                        "confidence": f.confidence,
                        "note": f.note,
                    }
                    for f in one.figures
                ],
            }
            for one, share in run.shares()
        ],
        "index": [
            {
                "period": p.period,
                "value_usd": str(p.value_usd),
                "index": round(float(p.index), 1),
                "contributions": {name: float(p.printed[name]) for name in CLASSES},
                "prohibited_between": _ends(p.banned),
                "allowed_between": _ends(p.allowed),
            }
            for p in run.index
        ],
        "lines": dict(panel.lines),
        "estimates": {
            name: found.plain()
            for name, found in (
                ("prohibited", panel.banned),
                ("never_prohibited", panel.allowed),
                ("difference", panel.apart),
            )
            if found
        },
        "by_period": {p: found.plain() for p, found in panel.by_period.items()},
        "cohorts": {p: found.plain() for p, found in panel.cohorts.items()},
        "series": run.series.estimate.plain() if run.series else None,
        "anomalies": [one.plain() for one in run.anomalies],
        "kept_out": run.kept_out,
        "not_comparable": {who: list(periods) for who, periods in run.not_comparable.items()},
        "caveats": run.caveats,
    }


def _ends(found: Sequence[Fraction] | None) -> list[float] | None:
    return [round(float(one), 1) for one in found] if found else None
