"""Writes docs/reference/vocabulary.md from the vocabulary; with --check, tells whether it is up to date."""

import sys
from pathlib import Path

from openembargo.terms.vocabulary import SECTIONS, facts_of

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "vocabulary.md"


def page() -> str:
    """Return the page."""
    lines = [
        "# The facts of a deal",
        "",
        "Made by `scripts/vocabulary_page.py`; do not edit. A fact that is absent is unknown, unless a default is given here.",
        "",
    ]
    for section in SECTIONS:
        lines += [f"## {section}", "", "| fact | written as | meaning | question when missing |", "|---|---|---|---|"]
        for fact in facts_of(section).values():
            if fact.derived:
                continue
            allowed = ", ".join(f"`{word}`" for word in fact.one_of) or fact.type.value
            unit = f", in {fact.unit}" if fact.unit else ""
            default = f" (default `{str(fact.default).lower()}`)" if fact.default is not None else ""
            lines.append(f"| `{fact.name}` | {allowed}{unit}{default} | {fact.meaning} | {fact.question} |")
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Write the page, or compare it."""
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        sys.stdout.write(
            "vocabulary.md is up to date\n" if current else "vocabulary.md is out of date: run `make docs`\n"
        )
        return 0 if current else 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
