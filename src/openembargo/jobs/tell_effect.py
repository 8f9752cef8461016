"""A measured effect as it is handed on: JSON in which every number says its method and the rows that it rests on, and tables."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from openembargo.impact.classing import CLASSES
from openembargo.impact.estimate import Estimate
from openembargo.impact.index import Cell

from .measure_effect import EffectRun, Rows

HOW = {
    "index": "100 x value / mean of the baseline; contributions 100 x (value of the class - its mean in the baseline) / mean of the baseline",
    "bounds": "100 V(t) / (V(b) + M(b)) to 100 (V(t) + M(t)) / V(b), M what is mixed",
    "source_rows": "rows of the files, counted from 1 after the header; a number over several lines of trade rests on all their rows",
    "totals": "printed figures side by side; least and most of those whose confidence is not low",
}
TABLES = ("lines", "index", "estimates", "anomalies")
Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Header and rows."""


def spans(numbers: Iterable[int]) -> str:
    """Return row numbers as they are printed: `1-3, 7`."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def told_rows(rows: Iterable[Rows]) -> dict[str, str]:
    """Return files with the numbers of their rows."""
    found: dict[str, list[int]] = {}
    for one in rows:
        for file, numbers in one:
            found.setdefault(file, []).extend(numbers)
    return {file: spans(numbers) for file, numbers in sorted(found.items())}


def plain(run: EffectRun) -> dict[str, object]:
    """Return a run as JSON holds it."""
    panel, study = run.panel, run.study
    return {
        "title": study.title,
        "claim": study.claim,
        "sentence": run.sentence(),
        "verdict": run.verdict,
        "parts": [part.plain() for part in run.parts],
        "control_also_fell": run.control_fell,
        "event": run.event.isoformat(),
        "baseline": list(study.baseline),
        "periods": [study.first, study.last],
        "law": run.law,
        "methods": HOW,
        "totals": _totals(run),
        "chapters_by_class": {
            period: {way: dict(counts) for way, counts in ways.items()} for period, ways in run.chapters.items()
        },
        "index": [
            {
                "period": p.period,
                "value_usd": str(p.value_usd),
                "index": round(float(p.index), 1),
                "contributions": {name: float(p.printed[name]) for name in CLASSES},
                "prohibited_between": _ends(p.banned),
                "allowed_between": _ends(p.allowed),
                "source_rows": _period_rows(run, p.period),
            }
            for p in run.index
        ],
        "lines": dict(panel.lines),
        "estimates": {name: found.plain() for name, found in named(run).items()},
        "by_period": {p: found.plain() for p, found in panel.by_period.items()},
        "cohorts": {p: found.plain() for p, found in panel.cohorts.items()},
        "series": _series(run),
        "gravity": run.gravity.plain() if run.gravity else None,
        "synthetic_control": run.control.plain() if run.control else None,
        "estimates_rest_on": told_rows(run.rows_of(c) for c in run.cells),
        "mirror_gaps": [
            {
                "exporter": m.exporter,
                "importer": m.importer,
                "hs": m.hs,
                "period": m.period,
                "exported_usd": str(m.exported),
                "imported_usd": str(m.imported),
            }
            for m in run.mirror
        ],
        "anomalies": [{"rank": n} | one.plain() for n, one in enumerate(run.anomalies, start=1)],
        "cells": [_cell(run, cell) for cell in run.cells],
        "kept_out": run.kept_out,
        "not_comparable": {who: list(periods) for who, periods in run.not_comparable.items()},
        "caveats": run.caveats,
    }


def named(run: EffectRun) -> dict[str, Estimate]:
    """Return the estimates of the panel that were made."""
    panel = run.panel
    found = (("prohibited", panel.banned), ("never_prohibited", panel.allowed), ("difference", panel.apart))
    return {name: one for name, one in found if one}


def _totals(run: EffectRun) -> list[dict[str, object]]:
    return [
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
    ]


def _series(run: EffectRun) -> dict[str, object] | None:
    if run.series is None:
        return None
    fitted = {
        name: {p: round(v, 2) for p, v in zip(run.study.periods, values, strict=True)}
        for name, values in (("fitted", run.series.fitted), ("counterfactual", run.series.counterfactual))
    }
    return run.series.estimate.plain() | fitted


def _cell(run: EffectRun, cell: Cell) -> dict[str, object]:
    return {
        "counterpart": cell.counterpart,
        "direction": cell.direction,
        "hs": cell.hs,
        "period": cell.period,
        "value_usd": str(cell.value_usd),
        "in_its_period": cell.then.plain(),
        "basket": cell.basket.plain(),
        "source_rows": told_rows([run.rows_of(cell)]),
    }


def _period_rows(run: EffectRun, period: str) -> dict[str, str]:
    return told_rows(run.rows_of(c) for c in run.cells if c.period == period)


def _ends(found: Sequence[Fraction] | None) -> list[float] | None:
    return [round(float(one), 1) for one in found] if found else None


def as_json(run: EffectRun) -> str:
    """Return a run as a text of JSON; the same run gives the same text."""
    return json.dumps(plain(run), indent=2, ensure_ascii=False) + "\n"


def tables(run: EffectRun) -> Mapping[str, Table]:
    """Return the tables of a run by name."""
    return dict(zip(TABLES, (_lines(run), _index(run), _estimates(run), _anomalies(run)), strict=True))


def _lines(run: EffectRun) -> Table:
    head = (
        "counterpart", "direction", "hs", "period", "value_usd", "class_in_its_period", "least", "most", "basket", "reasons", "source_rows",
    )  # fmt: skip
    return head, [
        (
            c.counterpart, c.direction, c.hs, c.period, _plain(c.value_usd), c.then.name, c.then.low, c.then.high, c.basket.name,
            "; ".join(c.then.reasons), _rows_text(told_rows([run.rows_of(c)])),
        )
        for c in run.cells
    ]  # fmt: skip


def _index(run: EffectRun) -> Table:
    head = (
        "period", "value_usd", "index", *(f"points_{name}" for name in CLASSES), "prohibited_least", "prohibited_most", "allowed_least",
        "allowed_most", "source_rows",
    )  # fmt: skip
    rows = [
        (
            p.period, _plain(p.value_usd), f"{float(p.index):.1f}", *(str(p.printed[name]) for name in CLASSES),
            *(f"{end:.1f}" if end is not None else "" for found in (p.banned, p.allowed) for end in (_ends(found) or (None, None))),
            _rows_text(_period_rows(run, p.period)),
        )
        for p in run.index
    ]  # fmt: skip
    return head, rows


def _estimates(run: EffectRun) -> Table:
    found = list(named(run).items())
    found += [(f"difference in {p}", e) for p, e in run.panel.by_period.items()]
    found += [(f"prohibited from {p}", e) for p, e in run.panel.cohorts.items()]
    found += [("series", run.series.estimate)] if run.series else []
    found += [("gravity", run.gravity.estimate)] if run.gravity else []
    head = ("what", "log_effect", "standard_error", "percent", "percent_low", "percent_high", "observations", "method")
    return head, [
        (
            name, f"{e.effect:.6f}", f"{e.error:.6f}", *(f"{value:.1f}" for value in e.percent), str(e.observations), e.method,
        )
        for name, e in found
    ]  # fmt: skip


def _anomalies(run: EffectRun) -> Table:
    head = ("rank", "kind", "where", "value_usd", "evidence", "benign_reading")
    return head, [
        (str(n), a.kind, a.where, _plain(a.value_usd), a.evidence, a.benign)
        for n, a in enumerate(run.anomalies, start=1)
    ]


def _rows_text(rows: Mapping[str, str]) -> str:
    return "; ".join(f"{file}: {numbers}" for file, numbers in rows.items())


def _plain(value: Decimal) -> str:
    return f"{value:f}"
