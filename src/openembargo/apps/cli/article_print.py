"""A marked text on a terminal: the text with its phrases highlighted and numbered, then phrase by phrase the law."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from openembargo.jobs.read_article import Article

from .article_rows import VERDICTS, Row, more_words, numbers_of, read_as, rows_of, sentence

STYLES = {
    "goods": "bold yellow",
    "party": "bold magenta",
    "place": "cyan",
    "day": "green",
    "resolution": "bold blue",
    "measure": "bold red",
}
VERDICT_STYLE = {"differs": "yellow", "agrees": "green"}


def print_article(console: Console, article: Article) -> None:
    """Print a marked text."""
    rows = rows_of(article)
    source = article.sheet.source
    day = f"the law as it stood on {article.on} (told by {article.told_by})" if article.on else "no day"
    console.print(Text(f"{source}: prose, read against {day}", style="bold"))
    for note in article.sheet.notes:
        console.print(Text(f"Note: {note}", style="yellow"))
    if not article.on:
        console.print(
            Text("Note: the text tells no day; give one by --on DAY to see the law beside it", style="yellow")
        )
    console.print()
    console.print(Padding(_text(article, rows), (0, 0, 0, 2)))
    if not article.tied:
        console.print("Nothing that a regime speaks of was found.")
        return
    legend = Text("Marked: ")
    for kind, style in STYLES.items():
        legend.append(kind, style=style)
        legend.append("  ")
    console.print(legend)
    if rows:
        console.print(Text("\nThe words and the law", style="bold underline"))
        console.print(_table(rows))
    console.print(Text("Found by rule and lexicon: what is not marked was not examined.", style="dim"))


def _text(article: Article, rows: tuple[Row, ...]) -> Text:
    numbers = numbers_of(article, rows)
    shown = Text()
    last = 0
    for one in article.tied:
        mark = one.mark
        if mark.start < last:
            continue
        shown.append(article.sheet.text[last : mark.start])
        shown.append(article.sheet.text[mark.start : mark.end], style=STYLES[mark.kind])
        if mark.start in numbers:
            shown.append(f"[{numbers[mark.start]}]", style="dim")
        last = mark.end
    shown.append(article.sheet.text[last:])
    return shown


def _table(rows: tuple[Row, ...]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("", no_wrap=True, justify="right", style="dim")
    table.add_column("The text", overflow="fold", max_width=24)
    table.add_column("The law on that day", overflow="fold", ratio=4)
    table.add_column("Words and law", overflow="fold", ratio=3)
    for row in rows:
        table.add_row(str(row.number), _phrase(row), _law(row), _verdict(row), end_section=True)
    return table


def _phrase(row: Row) -> Text:
    mark = row.tied.mark
    words = Text(mark.text, style=STYLES[mark.kind])
    words.append(
        f"\n{read_as(row)}{mark.kind}" + (f", {mark.says}" if mark.says and mark.text.casefold() != mark.says else ""),
        style="dim",
    )
    return words


def _law(row: Row) -> Text:
    words = Text()
    if row.tied.note:
        words.append(row.tied.note + "\n")
    for where, title, effect in row.lines:
        words.append(where + "\n", style="bold")
        words.append("" if row.same_as else f"{title}: {effect}\n")
    words.append(f"as {row.same_as}\n" if row.same_as else "", style="dim")
    words.append(more_words(row), style="dim")
    words.rstrip()
    return words


def _verdict(row: Row) -> Text:
    words = Text(VERDICTS.get(row.verdict, ""), style=VERDICT_STYLE.get(row.verdict, ""))
    for one in row.tied.differences:
        words.append(f"\n{sentence(one.says)}", style="default")
    return words
