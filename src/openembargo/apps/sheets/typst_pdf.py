"""PDF by typst: words come as data, nothing of them is read as markup, and the same words give the same bytes."""

import json
import unicodedata
from collections.abc import Mapping

from openembargo.terms.errors import InputError, Mistake

BUILT_IN = ("LATIN", "GREEK", "CYRILLIC")
"""Letters that typst's own fonts hold; for others the fonts of the machine are asked."""


def pdf_of(template: bytes, name: str, words: Mapping[str, object], inputs: Mapping[str, str] | None = None) -> bytes:
    """Return a sheet as PDF.

    Args:
        template: The template's text.
        name: Under which name it finds the words.
        words: What the sheet says.
        inputs: Whatever else it is told.

    Raises:
        InputError: When typst is not installed.
    """
    try:
        import typst
    except ImportError:
        raise InputError([Mistake("PDF", "needs typst", "install openembargo[pdf]")]) from None
    text = json.dumps(words, ensure_ascii=False)
    own_fonts = all(_is_built_in(sign) for sign in text)
    told = {name: text, **(inputs or {})}
    return bytes(typst.compile(template, sys_inputs=told, ignore_system_fonts=own_fonts, format="pdf"))


def _is_built_in(sign: str) -> bool:
    return not sign.isalpha() or unicodedata.name(sign, "").startswith(BUILT_IN)
