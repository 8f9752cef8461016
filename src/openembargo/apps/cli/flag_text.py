"""Flags on lines of goods, on a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from openembargo.goods.flags import Flag


def print_flags(console: Console, flags: Sequence[Flag]) -> None:
    """Print what contradicts the lines of goods."""
    if not flags:
        return
    console.print(Text("\nLook again (flags change no outcome)", style="bold underline"))
    for flag in flags:
        console.print(Padding(Text(flag_words(flag), style="yellow"), (0, 0, 0, 2)))


def flag_words(flag: Flag) -> str:
    """Return a flag as one line."""
    measures = f" [{', '.join(flag.measures)}]" if flag.measures else ""
    return f"- {flag.path}: {flag.says}{measures}"
