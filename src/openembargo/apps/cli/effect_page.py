"""A measured effect as one HTML page that needs nothing else: the sentence, its parts, tables, charts, caveats."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape
from pathlib import Path

from openembargo.impact.classing import CLASSES
from openembargo.jobs.measure_effect import EffectRun

from .effect_charts import charts

MOST_SHOWN = 25
STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#d0d7de;--card:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--paper:#0d1117;--line:#30363d;--card:#161b22}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:68rem;margin:0 auto;padding:1.5rem 1rem 4rem}h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
.soft{color:var(--soft);font-size:.9rem}.answer{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.8rem 1rem}
.answer strong{font-size:1.15rem}.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(26rem,100%),1fr));gap:1.2rem}
figure{margin:0;color:var(--ink);break-inside:avoid}figure svg{max-width:100%;height:auto}figcaption{font-weight:600;font-size:.95rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid var(--line);vertical-align:top}td.n,th.n{text-align:right}td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
@media print{body{font-size:10pt}main{max-width:none;padding:0}svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
_NUMBER = re.compile(r"[+-]?[\d,]+(\.\d+)?( to [\d,.]+)?")


def write_effect(target: Path, run: EffectRun) -> None:
    """Write the page."""
    from openembargo.storage.deal_writer import write_text

    write_text(target, effect_page(run))


def effect_page(run: EffectRun) -> str:
    """Return the page; the same run gives the same text.

    Raises:
        InputError: When the extra `trade` is not installed.
    """
    study = run.study
    parts = "".join(
        f"<li>{escape(p.asks[0].upper() + p.asks[1:])}: <b>{escape(p.verdict)}</b> ({escape(p.says)})</li>"
        for p in run.parts
    )
    drawn = "".join(f"<figure><figcaption>{escape(one.title)}</figcaption>{one.svg()}</figure>" for one in charts(run))
    caveats = "".join(f"<li>{escape(one)}</li>" for one in run.caveats)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(study.title)}</title><style>{STYLE}</style></head><body><main><h1>{escape(study.title)}</h1>"
        f'<p class="soft">Claim: {escape(study.claim)} Event: {run.event}. Baseline: {escape(", ".join(study.baseline))}. '
        f"Law: {escape(study.regime)} {escape(run.law[:19])}.</p>"
        f'<div class="answer"><strong>{escape(run.verdict.capitalize())}</strong><ul>{parts}</ul></div>'
        f'<h2>Charts</h2><div class="charts">{drawn}</div>{"".join(_tables(run))}<h2>What cannot be said, and caveats</h2><ul>{caveats}</ul>'
        "</main></body></html>\n"
    )


def _tables(run: EffectRun) -> Iterable[str]:
    yield _table("Printed totals", ("period", "US dollars", "publisher", "source", "confidence", "note"), [
        (f.period, f"{f.value_usd:,}", f.publisher, f.source, f.confidence, f.note) for one in run.spreads for f in one.figures
    ])  # fmt: skip
    yield _table("Chapters of the tariff by the law's book", ("period", "direction", *CLASSES), [
        (period, way.replace("_", " "), *(str(counts[name]) for name in CLASSES))
        for period, ways in run.chapters.items()
        for way, counts in ways.items()
    ])  # fmt: skip
    yield _table("Index", ("period", "US dollars", "index", *CLASSES, "prohibited between", "allowed between"), [
        (p.period, f"{p.value_usd:,.0f}", f"{float(p.index):.1f}", *(f"{p.printed[n]:+}" for n in CLASSES), _ends(p.banned), _ends(p.allowed))
        for p in run.index
    ])  # fmt: skip
    named = [
        ("prohibited lines", run.panel.banned),
        ("never prohibited", run.panel.allowed),
        ("difference", run.panel.apart),
    ]
    named += [(f"prohibited from {start}", found) for start, found in run.panel.cohorts.items()]
    named += [("series of prohibited lines", run.series.estimate if run.series else None)]
    named += [("gravity with other partners", run.gravity.estimate if run.gravity else None)]
    yield _table("Estimates", ("what", "change", "interval of 95 %", "observations", "method"), [
        (name, f"{e.percent[0]:+.1f} %", f"{e.percent[1]:+.1f} % to {e.percent[2]:+.1f} %", str(e.observations), e.method)
        for name, e in named if e
    ])  # fmt: skip
    yield _table("Comparisons with placebo", ("what", "effect", "place among placebos", "made of"), _placebos(run))
    shown = run.anomalies[:MOST_SHOWN]
    more = f" (the first {len(shown)} of {len(run.anomalies)})" if len(shown) < len(run.anomalies) else ""
    yield _table(f"What deserves a look{more}", ("what", "where", "US dollars", "evidence", "benign reading"), [
        (a.kind, a.where, f"{a.value_usd:,.0f}", a.evidence, a.benign) for a in shown
    ])  # fmt: skip
    yield _table("Both sides' records of the same trade", ("exporter", "importer", "HS", "period", "exported", "imported"), [
        (m.exporter, m.importer, m.hs, m.period, f"{m.exported:,.0f}", f"{m.imported:,.0f}") for m in run.mirror[:MOST_SHOWN]
    ])  # fmt: skip
    yield _table("Kept out of sums", ("reason", "rows"), [(reason, f"{n:,}") for reason, n in run.kept_out.items()])
    yield _table("Counterparts not comparable", ("counterpart", "periods not reported"), [
        (who, ", ".join(periods)) for who, periods in run.not_comparable.items()
    ])  # fmt: skip


def _placebos(run: EffectRun) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    if run.gravity:
        one = run.gravity
        found.append(
            (
                "gravity",
                f"{one.estimate.percent[0]:+.1f} %",
                f"{one.rank} of {one.units}",
                "other partners taken for the target in turn",
            )
        )
    if run.control:
        held = run.control.found
        made = ", ".join(f"{name} {weight:.2f}" for name, weight in sorted(held.weights.items()))
        effect = f"{held.effect:+.1f} points"
        found.append(("synthetic control", effect, f"{held.rank} of {held.units}", f"{run.control.donors}: {made}"))
    return found


def _ends(found: tuple[Fraction, Fraction] | None) -> str:
    return f"{float(found[0]):.1f} to {float(found[1]):.1f}" if found else "-"


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    numbers = [all(_NUMBER.fullmatch(row[n]) or row[n] == "-" for row in rows) for n in range(len(heads))]
    head = "".join(
        f'<th class="n">{escape(one)}</th>' if of_numbers else f"<th>{escape(one)}</th>"
        for one, of_numbers in zip(heads, numbers, strict=True)
    )
    body = "".join("<tr>" + "".join(_cell(one) for one in row) + "</tr>" for row in rows)
    return f'<h2>{escape(title)}</h2><div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(text: str) -> str:
    return f'<td class="n">{escape(text)}</td>' if _NUMBER.fullmatch(text) else f"<td>{escape(text)}</td>"
