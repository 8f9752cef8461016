"""A determination as one HTML page that needs nothing else: light and dark, narrow and wide, and on paper."""

import re
from collections.abc import Iterable, Sequence
from html import escape

from openembargo.decisions.determination import Determination, Examined
from openembargo.decisions.explain import (
    authority_name,
    headline,
    noun,
    on_another_day,
    outcome_words,
    parting_words,
    quiet_words,
    shown_change,
    shown_value,
    why,
)
from openembargo.decisions.explain import fact_words as words_of
from openembargo.goods.flags import Flag
from openembargo.jobs.decide_deal import OtherWays
from openembargo.terms.outcome import UNDETERMINED, Level

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MARKS = {
    Level.PERMITTED.word: "✓ No prohibition found",
    Level.PERMITTED_WITH_CONDITIONS.word: "✓ Permitted with conditions",
    Level.AUTHORISATION_REQUIRED.word: "◷ Authorisation required",
    UNDETERMINED: "? Undetermined",
    Level.PROHIBITED.word: "✕ Prohibited",
}
STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--card:#f6f8fa;--line:#d0d7de;--ok:#116329;--cond:#0b5394;
--ask:#7a4a00;--open:#6639a6;--stop:#a40e26}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--paper:#0d1117;--card:#161b22;--line:#30363d;--ok:#56d364;
--cond:#79c0ff;--ask:#e3b341;--open:#d2a8ff;--stop:#ff938a}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:54rem;margin:0 auto;padding:1.5rem 1rem 4rem}h1{font-size:1.35rem;margin:.2rem 0 .6rem}
h2{font-size:1.05rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}h3{font-size:1rem;margin:1.1rem 0 .2rem}
.mark{display:inline-block;font-weight:700;border:2px solid;border-radius:.4rem;padding:.15rem .7rem;margin:.2rem 0}
.permitted{color:var(--ok)}.permitted_with_conditions,.conditions{color:var(--cond)}.authorisation_required,.requires_authorisation{color:var(--ask)}
.undetermined{color:var(--open)}.prohibited,.prohibits{color:var(--stop)}.soft,.basis{color:var(--soft);font-size:.9rem}
article{background:var(--card);border:1px solid var(--line);border-left-width:5px;border-radius:.4rem;padding:.2rem 1rem .7rem;margin:.8rem 0}
article.prohibits{border-left-color:var(--stop)}article.conditions{border-left-color:var(--cond)}article.undetermined{border-left-color:var(--open)}
article.requires_authorisation{border-left-color:var(--ask)}article p{color:var(--ink);margin:.35rem 0}ul{padding-left:1.2rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:.4rem .5rem .4rem 0}
.day{white-space:nowrap}.scroll{overflow-x:auto}code{font-size:.88em;overflow-wrap:anywhere}.warn{border:1px solid var(--ask);border-radius:.4rem;padding:.4rem .8rem}
@media (max-width:38rem){th{display:none}td{display:block;border:0;padding:.1rem 0}tr{display:block;border-bottom:1px solid var(--line);padding:.5rem 0}
td[data-name]::before{content:attr(data-name) ": ";color:var(--soft)}}
@media print{article{break-inside:avoid}body{font-size:11pt}}
"""


def page(answers: Sequence[tuple[Determination, OtherWays | None, Sequence[Flag]]]) -> str:
    """Return determinations as one HTML page."""
    title = escape(", ".join(str(a.deal.top.get("id") or "deal") for a, _, _ in answers))
    body = "<hr>".join(_answer(answer, ways, flags) for answer, ways, flags in answers)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Determination: {title}</title><style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def _answer(answer: Determination, ways: OtherWays | None, flags: Sequence[Flag]) -> str:
    answer = answer.told()
    word = answer.outcome
    name = escape(str(answer.deal.top.get("id") or "Deal"))
    parts = [
        f'<p class="soft">Determination of {name}, act of {answer.on}</p>',
        f'<p class="mark {word}">{MARKS[word]}</p><h1>{_unbroken(headline(answer))}.</h1>',
        *(f'<p class="warn">Warning: {escape(warning)}</p>' for warning in answer.warnings),
        _authorities(answer),
        _deal(answer),
        _section("Look again (flags change no outcome)", _list(f"{flag.path}: {flag.says}" for flag in flags)),
        _questions(answer),
        _section("Why", "".join(_told(told.heading, told.lines, told.effect, told.provision) for told in why(answer))),
        _conditions(answer.examined),
        _section("Duties of the State, whatever the outcome", _list(_duties(answer.examined, advice=False))),
        _section("Advice (calls upon; forbids nothing)", _list(_duties(answer.examined, advice=True))),
        _section("If it is done all the same", _list(_consequences(answer.examined))),
        _section("Where readings of the law part", _list(_partings(answer.examined))),
        _section("What would change it", _ways(answer, ways)) if ways else "",
        _section("Screening", _list(_screened(answer))),
        _section("Not examined, because nothing is said of it", _list(_unexamined(answer.examined))),
        _foot(answer),
    ]
    return "".join(parts)


def _unbroken(text: str) -> str:
    """Return a text whose days are not broken at the end of a line."""
    return DAY.sub(r'<span class="day">\g<0></span>', escape(text))


def _section(title: str, body: str) -> str:
    return f"<h2>{escape(title)}</h2>{body}" if body else ""


def _list(rows: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(row)}</li>" for row in rows)
    return f"<ul>{items}</ul>" if items else ""


def _authorities(answer: Determination) -> str:
    if len(answer.by_authority) < 2:  # noqa: PLR2004 - one authority needs no list
        return ""
    rows = [
        f"{authority_name(name)}: {outcome_words(best, worst)}" + (f" ({', '.join(touched)})" if touched else "")
        for name, best, worst in answer.by_authority
        for touched in ([one.id for one in answer.touched if one.authority == name],)
    ]
    return _section("Side by side", _list(rows))


def _deal(answer: Determination) -> str:
    rows = [f"{noun(line.path, answer.deal)}: {outcome_words(line.best, line.worst)}" for line in answer.lines]
    return _section("Line by line", _list(dict.fromkeys(rows)))


def _told(heading: str, lines: Sequence[str], effect: str, provision: str) -> str:
    body = "".join(
        f'<p class="basis">{escape(x)}</p>' if x.startswith("How sure") else f"<p>{escape(x)}</p>" for x in lines
    )
    code = f" <code>{escape(provision)}</code>" if provision else ""
    return f'<article class="{escape(effect)}"><h3>{escape(heading)}{code}</h3>{body}</article>'


def _questions(answer: Determination) -> str:
    rows = [(m.question, m.fact, m.decides) for m in answer.missing]
    items = "".join(
        f"<li>{'<strong>' if d else ''}{escape(q)}{'</strong>' if d else ''} <code>{escape(f)}</code></li>"
        for q, f, d in dict.fromkeys(rows)
    )
    return _section("What is missing", f"<ul>{items}</ul>" if items else "")


def _conditions(examined: Sequence[Examined]) -> str:
    rows = "".join(
        f'<tr><td>{escape(c.duty)}</td><td data-name="By whom">{escape(c.by_whom)}</td><td data-name="To whom">{escape(c.to_whom)}</td>'
        f'<td data-name="By when">{c.by_when or ""} <span class="soft">{escape(c.when)}</span></td>'
        f'<td data-name="Provision"><code>{escape(c.provision)}</code></td></tr>'
        for one in examined
        for c in one.conditions
    )
    head = "<tr><th>What is owed</th><th>By whom</th><th>To whom</th><th>By when</th><th>Provision</th></tr>"
    sure = all(c.certain for one in examined for c in one.conditions)
    title = "Conditions" if sure else "Conditions, if that route is taken"
    return _section(title, f'<div class="scroll"><table>{head}{rows}</table></div>' if rows else "")


def _duties(examined: Iterable[Examined], *, advice: bool) -> list[str]:
    return [f"{d.words} [{d.provision}]" for one in examined for d in one.duties if d.advice is advice]


def _consequences(examined: Iterable[Examined]) -> list[str]:
    return list(dict.fromkeys(f"{o.says} [{o.by or o.provision}]" for one in examined for o in one.consequences))


def _partings(examined: Iterable[Examined]) -> list[str]:
    return [parting_words(p) for one in examined for p in one.partings]


def _ways(answer: Determination, ways: OtherWays) -> str:
    rows = [
        f"{outcome_words(found.best, found.worst)} if "
        + "; ".join(
            f"{words_of(c.path, answer.deal)}: {shown_value(c.path, shown_change(c.now))}" for c in found.changes
        )
        + (f". Then owed: {'; '.join(found.owed)}" if found.owed else "")
        for found in ways.changes
    ]
    rows += [f"{outcome_words(best, worst)} {on_another_day(day, answer)}" for day, best, worst in ways.days]
    note = '<p class="soft">Each was proved by deciding again. Facts are to be established, not arranged.</p>'
    none = "<p>No change of a fact in which honest parties could differ leads to a better outcome.</p>"
    return _list(rows) + note if rows else none


def _screened(answer: Determination) -> list[str]:
    rows = []
    for row in answer.screened:
        found = "; ".join(f"{a['ref']} by {a['by']} “{a['matched']}”" for a in row.alerts) or "no alert"
        rows.append(f"{noun(row.path, answer.deal)}: {row.how}; {found}")
    return rows or ["Nobody was screened: the deal names no party and no vessel"]


def _unexamined(examined: Iterable[Examined]) -> list[str]:
    return list(dict.fromkeys(m.question for one in examined for m in one.not_examined))


def _foot(answer: Determination) -> str:
    rows = [f"{one.id}: {one.name}, law checked {one.checked}, version {one.version}" for one in answer.touched]
    rows += [words.removesuffix(".") for words in quiet_words(answer)]
    known = f" As known on {answer.known_on}." if answer.known_on else ""
    return (
        f'<h2>What was examined</h2>{_list(rows)}<p class="soft">Engine {answer.engine}.{known} Digest <code>{answer.digest}</code>. '
        "Decision support, not a ruling: only States and the Committee decide.</p>"
    )
