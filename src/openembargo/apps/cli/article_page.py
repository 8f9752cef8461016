"""A marked text as one HTML page that needs nothing else: each paragraph with its phrases highlighted, the law beside it."""

import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

from openembargo.decisions.ties import Tied
from openembargo.jobs.read_article import Article
from openembargo.terms.errors import InputError, Mistake

from .article_rows import KIND_WORDS, VERDICTS, Row, more_words, numbers_of, read_as, rows_of, sentence

PARAGRAPH = re.compile(r"\n[ \t]*\n")
STYLE = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--card:#f6f8fa;--line:#d0d7de;--differs:#7a4a00;--agrees:#116329;
--goods:#fff1c2;--party:#eedcfb;--place:#d8f0f4;--day:#dcf3de;--resolution:#dbe7ff;--measure:#ffe0dc}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--paper:#0d1117;--card:#161b22;--line:#30363d;--differs:#e3b341;
--agrees:#56d364;--goods:#4d3f10;--party:#3f2a55;--place:#123f47;--day:#173f1e;--resolution:#1b3564;--measure:#57231f}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
main{max-width:76rem;margin:0 auto;padding:1.5rem 1rem 4rem}h1{font-size:1.3rem;margin:.2rem 0}.soft{color:var(--soft);font-size:.9rem}
.legend{display:flex;flex-wrap:wrap;gap:.4rem .6rem;margin:.6rem 0 1.2rem;padding:0;list-style:none;font-size:.9rem}
mark{color:inherit;border-radius:.25rem;padding:.05rem .2rem;border-bottom:2px solid var(--line)}mark.differs{border-bottom-color:var(--differs)}
mark.agrees{border-bottom-color:var(--agrees)}.goods{background:var(--goods)}.party{background:var(--party)}.place{background:var(--place)}
.day{background:var(--day)}.resolution{background:var(--resolution)}.measure{background:var(--measure)}
sup{line-height:0}sup a{color:var(--soft);text-decoration:none;padding:0 .1rem}
.row{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 2rem;border-top:1px solid var(--line);padding:.6rem 0}
.row>p{margin:.2rem 0;white-space:pre-line;overflow-wrap:anywhere}.notes{font-size:.9rem;line-height:1.45}.notes a{color:inherit}
@media (min-width:48.01rem) and (min-height:30rem){.row>p{position:sticky;top:.6rem;align-self:start}}
article{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--line);border-radius:.4rem;padding:.35rem .7rem;margin:.2rem 0 .5rem}
article.differs{border-left-color:var(--differs)}article.agrees{border-left-color:var(--agrees)}article:target{outline:2px solid var(--differs)}
article p{margin:.2rem 0;overflow-wrap:anywhere}.verdict{font-weight:700}.differs .verdict{color:var(--differs)}.agrees .verdict{color:var(--agrees)}
code{font-size:.88em;overflow-wrap:anywhere}.warn{border:1px solid var(--differs);border-radius:.4rem;padding:.4rem .8rem}
@media (max-width:48rem){.row{display:block}.notes{margin-top:.5rem}}
@media print{.row>p{position:static}.row{grid-template-columns:1fr 1fr}article{break-inside:avoid}body{font-size:10.5pt}mark,article{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def write_article(target: Path, articles: Mapping[str, Article]) -> None:
    """Write the page of the one text that was read.

    Raises:
        InputError: When there is none, or more than one.
    """
    from openembargo.storage.deal_writer import write_text

    if len(articles) != 1:
        raise InputError([Mistake("--html", f"{len(articles)} texts were read", "one text of prose")])
    write_text(target, article_page(next(iter(articles.values()))))


def article_page(article: Article) -> str:
    """Return a marked text as one HTML page."""
    rows = rows_of(article)
    title = escape(article.sheet.source.rpartition("/")[2])
    day = (
        f"Read against the law as it stood on {article.on} (told by {escape(article.told_by)})."
        if article.on
        else "The text tells no day: give one by --on to see the law beside it."
    )
    legend = "".join(f'<li><mark class="{kind}">{word}</mark></li>' for kind, word in KIND_WORDS.items())
    notes = "".join(f'<p class="warn">{escape(note)}</p>' for note in article.sheet.notes)
    body = "".join(_paragraphs(article, rows))
    differ = sum(row.verdict == "differs" for row in rows)
    count = f"{len(rows)} phrases with law beside them; in {differ} the words and the law differ."
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}: words and law</title><style>{STYLE}</style></head><body><main>"
        f'<h1>{title}</h1><p class="soft">{day} {count}</p>{notes}<ul class="legend">{legend}</ul>{body}'
        '<p class="soft">Found by rule and lexicon: what is not marked was not examined. Decision support, not a ruling.</p>'
        "</main></body></html>\n"
    )


def _paragraphs(article: Article, rows: tuple[Row, ...]) -> Iterator[str]:
    """Yield each paragraph with the rows of the phrases that first stand in it."""
    text, numbers = article.sheet.text, numbers_of(article, rows)
    ends = [*(match.start() for match in PARAGRAPH.finditer(text)), len(text)]
    begin = 0
    told: set[int] = set()
    for end in ends:
        inside = [one for one in article.tied if begin <= one.mark.start < end]
        fresh = [row for row in rows if row.tied in inside and row.number not in told]
        told |= {row.number for row in fresh}
        part = text[begin:end].strip("\n")
        if part.strip():
            beside = "".join(map(_row, fresh))
            words = _marked(text, begin, end, inside, numbers, rows).strip("\n")
            yield f'<section class="row"><p>{words}</p><div class="notes">{beside}</div></section>'
        begin = end


def _marked(text: str, begin: int, end: int, inside: list[Tied], numbers: dict[int, int], rows: tuple[Row, ...]) -> str:
    parts = []
    last = begin
    for one in inside:
        mark = one.mark
        if mark.start < last:
            continue
        number = numbers.get(mark.start)
        verdict = rows[number - 1].verdict if number else ""
        link = f'<sup><a href="#n{number}">{number}</a></sup>' if number else ""
        parts += [
            escape(text[last : mark.start]),
            f'<mark class="{mark.kind} {verdict}" title="{mark.kind}">{escape(text[mark.start : mark.end])}</mark>{link}',
        ]
        last = mark.end
    return "".join([*parts, escape(text[last:end])])


def _row(row: Row) -> str:
    mark = row.tied.mark
    said = f", {mark.says}" if mark.says and mark.says != mark.text.casefold() else ""
    law = "".join(
        f"<p><strong>{escape(where.partition(' [')[0])}</strong> <code>{escape(where.partition(' [')[2].rstrip(']'))}</code>"
        + ("</p>" if row.same_as else f"<br>{escape(title)}: {escape(effect)}</p>")
        for where, title, effect in row.lines
    )
    law += f'<p class="soft">as <a href="#n{row.same_as}">{row.same_as}</a></p>' if row.same_as else ""
    note = f"<p>{escape(row.tied.note)}</p>" if row.tied.note else ""
    more = f'<p class="soft">{escape(more_words(row))}</p>' if more_words(row) else ""
    verdict = f'<p class="verdict">{VERDICTS[row.verdict]}</p>' if row.verdict else ""
    differ = "".join(f"<p>{escape(sentence(one.says))}</p>" for one in row.tied.differences)
    return (
        f'<article id="n{row.number}" class="{row.verdict}"><p>{row.number}. <mark class="{mark.kind}">{escape(mark.text)}</mark> '
        f'<span class="soft">{escape(read_as(row))}{mark.kind}{said}</span></p>{note}{law}{more}{verdict}{differ}</article>'
    )
