"""Tariff headings and the measures that touch them, on a terminal."""

from collections.abc import Sequence
from datetime import date

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from openembargo.goods.nomenclature import dotted
from openembargo.goods.touch import Touch
from openembargo.jobs.find_goods import Answer, Placed, Shown

SHOWN_REASONS, SHOWN_TOUCHES, SHOWN_NEAR, SHOWN_CODES = 5, 8, 5, 12


def print_answers(console: Console, description: str, found: Sequence[Answer], on: date | None) -> None:
    """Print the headings that a description may mean."""
    if not found:
        console.print(
            Text(f"No heading is found for “{description}”: none of its words is in the tariff or a name of the trade.")
        )
        return
    for number, one in enumerate(found, start=1):
        for head in one.headings:
            console.print(Text(f"{number}. {dotted(head.code)} {head.text}", style="bold"))
            for code, text in head.above:
                _soft(console, f"in {dotted(code)} {text}")
        reasons = [f"“{r.word}”{_met(r.word, r.matched, r.how)} ({r.where})" for r in one.found.reasons if r.speaks > 0]
        _line(console, f"score {one.found.score:.1f}, because of {'; '.join(reasons[:SHOWN_REASONS])}")
        against = [f"“{reason.word}”" for reason in one.found.reasons if reason.speaks < 0]
        if against:
            _line(console, f"against it: {', '.join(against)} is said to be elsewhere")
        for line in one.lines:
            _line(console, f"{dotted(line.code)} {line.text}")
        _touches(console, one, on)


def _met(word: str, matched: str, how: str) -> str:
    if how:
        return f" taken for “{matched}”, by {how}" if how in ("spelling", "parts") else f" stands for “{matched}”"
    return "" if word == matched else f" = “{matched}”"


def _touches(console: Console, one: Answer, on: date | None) -> None:
    placed = one.lines or one.headings
    by_measure = {t.measure: t for p in placed for t in p.touches}
    print_touches(console, tuple(by_measure.values()), on)


def print_touches(console: Console, touches: Sequence[Touch], on: date | None) -> None:
    """Print the measures that touch a code, those in force first."""
    if not touches:
        _line(
            console, f"No measure touches it{f' on {on}' if on else ''}, unless it reaches goods of any kind.", "green"
        )
        return
    ranked = sorted(
        touches, key=lambda t: (t.last_day is not None, t.effect == "advises", not t.sure, t.regime, t.first_day)
    )
    for touch in ranked[:SHOWN_TOUCHES]:
        _line(console, touch_words(touch), "red" if touch.effect == "prohibits" else "yellow")
    if len(ranked) > SHOWN_TOUCHES:
        _line(console, f"and {len(ranked) - SHOWN_TOUCHES} more measures (--json shows all)")


def touch_words(touch: Touch) -> str:
    """Return a measure that touches a code in words."""
    days = f"from {touch.first_day}" + (f" to {touch.last_day}" if touch.last_day else "")
    under = (
        f" by {dotted(touch.heading)} {touch.label} ({touch.basis})"
        if touch.heading
        else f" as {touch.label} ({touch.basis})"
    )
    hangs = "" if touch.sure else f"; hangs on {', '.join(touch.hangs_on) or 'the reading'}"
    reading = f"; only under another reading of {touch.reading}" if touch.reading else ""
    return f"{touch.measure} {touch.effect.replace('_', ' ')}, {touch.direction.replace('_', ' ')}, {days}{under}{hangs}{reading}"


def print_shown(console: Console, shown: Shown, on: date | None) -> None:
    """Print one code."""
    placed = shown.placed
    for code, text in placed.above:
        _soft(console, f"{dotted(code)} {text}", 0)
    console.print(Text(f"{dotted(placed.code)} {placed.text}", style="bold"))
    _line(console, f"In the editions of {', '.join(map(str, sorted(shown.editions)))}.")
    for edition, codes, exact in shown.links:
        more = f" and {len(codes) - SHOWN_CODES} more" if len(codes) > SHOWN_CODES else ""
        told = f"{', '.join(map(dotted, codes[:SHOWN_CODES]))}{more}" if codes else "no code: the tables tell none"
        _line(
            console,
            f"{edition}: {told}"
            + (" (the same)" if exact else " (shares codes with others: values are split)" if codes else ""),
        )
    for code, text in shown.below:
        _line(console, f"{dotted(code)} {text}")
    print_touches(console, placed.touches, on)
    if shown.near:
        console.print(Text("Neighbours that are touched", style="bold underline"))
        for one in shown.near[:SHOWN_NEAR]:
            _neighbour(console, one)


def _neighbour(console: Console, one: Placed) -> None:
    measures = ", ".join(dict.fromkeys(touch.measure for touch in one.touches))
    _line(console, f"{dotted(one.code)} {one.text} [{measures}]")


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Padding(Text(text, style=style), (0, 0, 0, 3)))


def _soft(console: Console, text: str, indent: int = 3) -> None:
    console.print(Padding(Text(text, style="dim"), (0, 0, 0, indent)))
