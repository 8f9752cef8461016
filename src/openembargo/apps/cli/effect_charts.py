"""Charts of an effect as SVG that takes the page's ink, so that they read on white, on black and in print. Drawn by altair and vl-convert."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from openembargo.impact.classing import CLASSES
from openembargo.jobs.measure_effect import EffectRun
from openembargo.terms.errors import InputError, Mistake

WIDTH, HEIGHT = 460, 240
COLOURS = ("#c2373f", "#d4820f", "#8a8f98", "#2f7fc1")
"""Banned, capped, mixed, allowed: told apart also by those who do not see red and green apart."""
INK = "currentColor"
_ON_WHITE = "#1b1f24"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its title, and its drawing in the words of Vega-Lite, with the page's ink."""

    title: str
    drawing: str

    def svg(self) -> str:
        """Return it as SVG that takes the ink of the page around it."""
        return str(_drawer().vegalite_to_svg(self.drawing))

    def files(self) -> tuple[str, bytes]:
        """Return it as SVG and PNG that stand alone, on white."""
        alone = self.drawing.replace(f'"{INK}"', f'"{_ON_WHITE}"').replace('"transparent"', '"white"')
        return str(_drawer().vegalite_to_svg(alone)), bytes(_drawer().vegalite_to_png(alone, scale=2))


def charts(run: EffectRun) -> Iterator[Chart]:
    """Yield each chart that the run has figures for.

    Raises:
        InputError: When the extra `trade` is not installed.
    """
    try:
        import altair
    except ImportError:
        raise _lacks() from None
    _drawer()
    for title, chart in _drawn(altair, run):
        spec = chart.properties(width=WIDTH, height=HEIGHT, background="transparent").configure(
            axis={
                "labelColor": INK,
                "titleColor": INK,
                "tickColor": INK,
                "domainColor": INK,
                "gridOpacity": 0.25,
                "labelFontSize": 12,
            },
            legend={"labelColor": INK, "titleColor": INK, "orient": "bottom"},
            view={"stroke": "transparent"},
            text={"color": INK},
        )
        yield Chart(title, json.dumps(spec.to_dict(), sort_keys=True))


def _drawer() -> Any:  # noqa: ANN401 - vl_convert has no types
    try:
        import vl_convert
    except ImportError:
        raise _lacks() from None
    return vl_convert


def _lacks() -> InputError:
    return InputError([Mistake("--html", "charts need altair and vl-convert", "install openembargo[trade]")])


def _drawn(alt: Any, run: EffectRun) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - altair has no types
    if run.spreads:
        yield "Printed totals by publisher, million US dollars", _totals(alt, run)
        yield "Least and most of the baseline, per cent", _shares(alt, run)
        return
    event = (
        alt.Chart(alt.Data(values=[{"p": run.event_period}])).mark_rule(strokeDash=[4, 3], color=INK).encode(x="p:O")
    )
    rows = [{"p": p.period, "index": float(p.index)} for p in run.index]
    yield "Index of recorded trade, baseline 100", _line(alt, rows, "index", "index") + event
    yield "What each class contributed, points of the index", _contributions(alt, run)
    bounds = [
        {"p": p.period, "basket": name, "low": float(ends[0]), "high": float(ends[1])}
        for p in run.index
        for name, ends in (("prohibited lines", p.banned), ("lines never prohibited", p.allowed))
        if ends
    ]
    yield "Baskets between what mixed lines may be, own baseline 100", _bands(alt, bounds) + event
    if run.panel.by_period:
        yield (
            "Prohibited against other lines, change in logarithms, 95 %",
            _intervals(alt, [(p, e.effect, e.low, e.high) for p, e in sorted(run.panel.by_period.items())], "period"),
        )
    named = (("prohibited", run.panel.banned), ("never prohibited", run.panel.allowed), ("difference", run.panel.apart))
    changes = [(name, e.effect, e.low, e.high) for name, e in named if e]
    changes += [("gravity", g.effect, g.low, g.high) for g in ([run.gravity.estimate] if run.gravity else [])]
    if changes:
        yield "Change after the event in logarithms, 95 %", _intervals(alt, changes, "lines")
    if run.series:
        lines = [
            {"p": period, "value": value, "what": what}
            for what, held in (("fitted", run.series.fitted), ("without the event", run.series.counterfactual))
            for period, value in zip(run.study.periods, held, strict=True)
        ]
        yield (
            "Prohibited lines and what they would have been, US dollars",
            _line(alt, lines, "value", "US dollars", "what"),
        )
    if run.control:
        mixture = {p: value - run.control.found.gaps[p] for p, value in run.control.treated.items()}
        lines = [
            {"p": p, "value": value, "what": what}
            for what, held in (("recorded", run.control.treated), ("synthetic", mixture))
            for p, value in held.items()
        ]
        yield (
            "Prohibited lines and their synthetic control, mean before the event 100",
            _line(alt, lines, "value", "index", "what") + event,
        )


def _line(alt: Any, rows: Sequence[Row], field: str, title: str, colour: str = "") -> Any:  # noqa: ANN401
    chart = alt.Chart(alt.Data(values=rows)).mark_line(point=True, color=COLOURS[3])
    coded = (
        {"color": alt.Color(f"{colour}:N", scale=alt.Scale(range=[COLOURS[0], COLOURS[3]]), title=None)}
        if colour
        else {}
    )
    return chart.encode(x=alt.X("p:O", title=None), y=alt.Y(f"{field}:Q", title=title), **coded)


def _contributions(alt: Any, run: EffectRun) -> Any:  # noqa: ANN401
    rows = [{"p": p.period, "class": name, "points": float(p.printed[name])} for p in run.index for name in CLASSES]
    scale = alt.Scale(domain=list(CLASSES), range=list(COLOURS))
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("p:O", title=None),
            y=alt.Y("points:Q", title="points"),
            color=alt.Color("class:N", scale=scale, title=None),
        )
    )


def _bands(alt: Any, rows: Sequence[Row]) -> Any:  # noqa: ANN401
    scale = alt.Scale(domain=["prohibited lines", "lines never prohibited"], range=[COLOURS[0], COLOURS[3]])
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(width=10, opacity=0.75)
        .encode(
            x=alt.X("p:O", title=None),
            xOffset=alt.XOffset("basket:N"),
            y=alt.Y("low:Q", title="index"),
            y2="high:Q",
            color=alt.Color("basket:N", scale=scale, title=None),
        )
    )


def _intervals(alt: Any, found: Sequence[tuple[str, float, float, float]], title: str) -> Any:  # noqa: ANN401
    rows = [{"p": p, "effect": e, "low": low, "high": high} for p, e, low, high in found]
    base = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("p:O", title=title, sort=None, axis=alt.Axis(labelAngle=0)))
    zero = alt.Chart(alt.Data(values=[{"y": 0}])).mark_rule(color=INK, strokeDash=[4, 3]).encode(y="y:Q")
    ends = base.mark_rule(color=COLOURS[0], strokeWidth=2).encode(
        y=alt.Y("low:Q", title="change in logarithms"), y2="high:Q"
    )
    return zero + ends + base.mark_point(filled=True, color=COLOURS[0], size=60).encode(y="effect:Q")


def _totals(alt: Any, run: EffectRun) -> Any:  # noqa: ANN401
    rows = [
        {"p": f.period, "value": float(f.value_usd) / 1e6, "publisher": f.publisher, "sure": f.confidence}
        for one in run.spreads
        for f in one.figures
    ]
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_point(filled=True, size=90)
        .encode(
            x=alt.X("p:O", title=None),
            y=alt.Y("value:Q", title="million US dollars", scale=alt.Scale(zero=True)),
            color=alt.Color(
                "publisher:N",
                title=None,
                legend=alt.Legend(columns=1, labelLimit=220),
                scale=alt.Scale(scheme="tableau10"),
            ),
            shape=alt.Shape(
                "sure:N", title="confidence", legend=alt.Legend(symbolFillColor=INK, symbolStrokeColor=INK)
            ),
        )
    )


def _shares(alt: Any, run: EffectRun) -> Any:  # noqa: ANN401
    rows = [{"p": one.period, "low": float(s[0]), "high": float(s[1])} for one, s in run.shares() if s]
    hundred = alt.Chart(alt.Data(values=[{"y": 100}])).mark_rule(color=INK, strokeDash=[4, 3]).encode(y="y:Q")
    bars = alt.Chart(alt.Data(values=rows)).mark_bar(width=18, color=COLOURS[3])
    return hundred + bars.encode(
        x=alt.X("p:O", title=None),
        y=alt.Y("low:Q", title="per cent of the baseline", scale=alt.Scale(zero=True)),
        y2="high:Q",
    )
