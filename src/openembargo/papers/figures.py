"""Numbers as papers print them: `1,234.50`, `1.234,50`, `1 234`. What a single separator means is not guessed."""

import re
from decimal import Decimal

PRINTED = re.compile(r"[0-9]{1,3}(?:[ .,'\u00a0][0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?")
GROUP = 3


def readings(printed: str) -> tuple[Decimal, ...]:
    """Return what a printed number may mean: one value, or two where the only separator has three digits after it."""
    text = re.sub(r"[ '\u00a0]", "", printed.strip())
    marks = [c for c in text if c in ".,"]
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)*", text):
        return ()
    if not marks:
        return (Decimal(text),)
    last = marks[-1]
    tail = text.rpartition(last)[2]
    if len(set(marks)) > 1 or (len(marks) == 1 and len(tail) != GROUP):
        other = "," if last == "." else "."
        whole = text.replace(other, "")
        return (Decimal(whole.replace(",", ".")),) if whole.count(last) == 1 else ()
    grouped = Decimal(text.replace(last, ""))
    return (grouped,) if len(marks) > 1 else (Decimal(text.replace(",", ".")), grouped)
