"""Worksheets as one HTML page that needs nothing else: light and dark, narrow and wide, and on paper."""

from collections.abc import Iterable, Sequence
from html import escape

from openembargo.apps.sheets.page import STYLE
from openembargo.decisions.worksheet import Question, Worksheet

OWN_STYLE = """
.boxes{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.5rem;margin:.8rem 0}
.box{border:1px solid var(--line);border-left-width:5px;border-radius:.4rem;padding:.3rem .7rem;background:var(--card)}
.box b{display:block;color:var(--ink)}.box.prohibited{border-left-color:var(--stop)}.box.undetermined{border-left-color:var(--open)}
.box.conditions,.box.permitted_with_conditions{border-left-color:var(--cond)}.box.authorisation_required{border-left-color:var(--ask)}
.box.permitted{border-left-color:var(--ok)}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.5rem 0}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}ul.ticks{list-style:none;padding:0;margin:.3rem 0}ul.ticks li{margin:.3rem 0}
label{white-space:nowrap;margin-right:.9rem}input[type=checkbox]{width:1.05em;height:1.05em;vertical-align:-.15em;margin:0 .35em 0 0}
input[type=text],textarea{font:inherit;color:inherit;background:transparent;border:0;border-bottom:1px solid var(--soft);width:100%}
textarea{border:1px solid var(--soft);border-radius:.3rem;min-height:5.5rem;padding:.3rem}.answer{display:block}.answer input[type=text]{max-width:22rem}
.fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.6rem 1.2rem;margin:.6rem 0}.fields label{display:block;white-space:normal;margin:0}.fields span{color:var(--soft);font-size:.9rem}
section.sheet+section.sheet{border-top:3px double var(--line);margin-top:2.5rem;padding-top:1rem}.num{text-align:right}.foot{overflow-wrap:anywhere}
@media (max-width:38rem){tr.head{display:none}dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}.num{text-align:left}}
ul.ticks li:has(>input){padding-left:1.45em;text-indent:-1.45em}.findings{margin:0}th,td{padding-right:1rem}.checks{columns:2;column-gap:1.5rem}.checks li{break-inside:avoid}@media (max-width:38rem){.checks{columns:1}}
@media print{@page{size:A4;margin:10mm 12mm}:root{--ink:#000;--soft:#444;--paper:#fff;--card:#fff;--line:#888}body{font-size:8pt;line-height:1.25}
main{max-width:none;padding:0}section.sheet{break-after:page;break-inside:avoid;display:flex;flex-direction:column;height:276mm;overflow:hidden}
section.sheet:last-child{break-after:auto}section.sheet+section.sheet{border:0;margin:0;padding:0}.soft,.fields span{font-size:.9em}h1{font-size:1.5em;margin:0}
h2{font-size:1.1em;margin:.55em 0 .2em;padding-bottom:.1em}dl{grid-template-columns:max-content 1fr max-content 1fr;margin:.3em 0}p,ul{margin:.25em 0}
.boxes{grid-template-columns:repeat(4,1fr);margin:.4em 0}.box{padding:.2em .6em}th,td{padding:.15em .8em .15em 0}ul.ticks li{margin:.1em 0}
.answer{display:inline;margin-left:.8em}.answer input[type=text]{width:16em}.inspection{flex:1;display:flex;flex-direction:column;min-height:32mm}
.findings{flex:1;display:flex;flex-direction:column;min-height:14mm}textarea{flex:1;min-height:0;resize:none}.fields{margin:.4em 0;gap:.4em 1.2em}.ends{grid-template-columns:repeat(4,1fr)}
section.tight{font-size:.82em}section.tightest{font-size:.66em}}
"""
HEADS = ("", "Goods", "HS", "Quantity", "Origin", "Value", "Outcome")
NUMBERS = (3, 5)
TIGHT = ((34.0, ""), (48.0, " tight"), (70.0, " tightest"))
"""Rows of a sheet up to which a page of A4 holds them, and the class of that size."""
NUMBER = ' class="num"'


def worksheet_page(sheets: Sequence[Worksheet]) -> str:
    """Return worksheets as one HTML page; printed, each begins a page."""
    title = escape(", ".join(sheet.number for sheet in sheets))
    body = "".join(_sheet(sheet) for sheet in sheets)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Inspection worksheet: {title}</title><style>{STYLE}{OWN_STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def _sheet(sheet: Worksheet) -> str:
    more = (
        f'<p class="soft">and {sheet.more_lines} more line{"s" * (sheet.more_lines > 1)}: see the rows of the manifest</p>'
        * bool(sheet.more_lines)
    )
    others = (
        f'<p class="soft">and {sheet.more_reasons} more paragraph{"s" * (sheet.more_reasons > 1)}, see <code>openembargo decide</code></p>'
        * bool(sheet.more_reasons)
    )
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in sheet.facts)
    parts = [
        f'<p class="soft">Inspection worksheet</p><h1>Consignment {escape(sheet.number)}</h1><dl>{facts}</dl>',
        f'<div class="boxes">{"".join(map(_box, sheet.boxes))}</div>',
        _section("Goods", _goods(sheet) + more),
        _section("What is to be done", _ticks(f"{escape(words)} {_cite(cite)}" for words, cite in sheet.steps)),
        _section("Questions (those in bold can decide)", _questions(sheet.questions)),
        _section(
            "Would be a ground for inspection or seizure; nothing is stated of it", _ticks(map(escape, sheet.grounds))
        ),
        _section("Paragraphs that reach it", _reasons(sheet) + others),
        _section("Reports", _ticks(_report(*report) for report in sheet.reports)),
        _section(
            "Cells of the manifest that were not read", "".join(f"<p>{escape(text)}</p>" for text in sheet.not_read)
        ),
        f'<div class="inspection">{_section("Inspection", _checks(sheet) + _fields(sheet))}</div>',
        f'<p class="soft foot">{escape(sheet.foot)}</p>',
    ]
    return f'<section class="sheet{_tightness(sheet)}">{"".join(parts)}</section>'


def _tightness(sheet: Worksheet) -> str:
    """Return the class by which a long sheet is printed smaller, so that it stays one page."""
    rows = 1.6 * len(sheet.questions) + len(sheet.grounds) + len(sheet.lines) + 1.4 * len(sheet.reasons)
    rows += 1.2 * (len(sheet.steps) + len(sheet.reports) + len(sheet.not_read))
    return next((word for most, word in TIGHT if rows <= most), TIGHT[-1][1])


def _checks(sheet: Worksheet) -> str:
    return _ticks(map(escape, sheet.checks)).replace('class="ticks"', 'class="ticks checks"')


def _section(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2>{body}" if body else ""


def _box(box: tuple[str, str, str]) -> str:
    name, words, mark = box
    return f'<div class="box {escape(mark)}"><span class="soft">{escape(name)}</span><b>{escape(words)}</b></div>'


def _cite(cite: str) -> str:
    return f'<span class="soft">[{escape(cite)}]</span>'


def _goods(sheet: Worksheet) -> str:
    head = "".join(f"<th{NUMBER * (place in NUMBERS)}>{name}</th>" for place, name in enumerate(HEADS))
    rows = "".join(f"<tr>{''.join(_cell(place, cell) for place, cell in enumerate(row))}</tr>" for row in sheet.lines)
    return f'<div class="scroll"><table><tr class="head">{head}</tr>{rows}</table></div>' if rows else ""


def _cell(place: int, cell: str) -> str:
    kind = NUMBER * (place in NUMBERS)
    name = f' data-name="{HEADS[place]}"' if HEADS[place] and cell else ""
    return f"<td{kind}{name}>{escape(cell)}</td>"


def _ticks(rows: Iterable[str]) -> str:
    items = "".join(f'<li><input type="checkbox"> {row}</li>' for row in rows)
    return f'<ul class="ticks">{items}</ul>' if items else ""


def _questions(questions: Sequence[Question]) -> str:
    items = "".join(
        f"<li>{_asked(question)}<span class=answer>{_answer(question)}</span></li>" for question in questions
    )
    return f'<ul class="ticks">{items}</ul>' if items else ""


def _asked(question: Question) -> str:
    words = f"<strong>{escape(question.text)}</strong>" if question.decides else escape(question.text)
    return words + (f' <span class="soft">{escape(question.about)}</span>' if question.about else "")


def _answer(question: Question) -> str:
    if question.answers:
        return "".join(f'<label><input type="checkbox"> {escape(word)}</label>' for word in question.answers)
    return f'<input type="text" aria-label="{escape(question.text)}">'


def _reasons(sheet: Worksheet) -> str:
    items = "".join(
        f"<li>{escape(title)} ({escape(about)}): {escape(effect)} {_cite(cite)}</li>"
        for effect, about, title, cite in sheet.reasons
    )
    return f"<ul>{items}</ul>" if items else ""


def _report(duty: str, to: str, when: str, cite: str) -> str:
    words = escape(duty) + (f" → {escape(to)}" if to else "") + (f", {escape(when)}" if when else "")
    return f"{words} {_cite(cite)}"


def _fields(sheet: Worksheet) -> str:
    names = ["Seals found", "New seals"]
    if sheet.consents:
        names += [f"Consent of {', '.join(sheet.consents)}: given or refused, by whom, when"]
    fields = "".join(f'<label><span>{escape(name)}</span><input type="text"></label>' for name in names)
    ends = "".join(
        f'<label><span>{name}</span><input type="text"></label>'
        for name in ("Others told", "Officer", "Place, day, hour", "Signature")
    )
    marks = "".join(f'<label><input type="checkbox"> {word}</label>' for word in ("released", "held", "seized"))
    return (
        f'<div class="fields">{fields}</div><label class="findings" style="white-space:normal"><span class="soft">Findings</span><textarea></textarea></label>'
        f'<p>{marks}</p><div class="fields ends">{ends}</div>'
    )
