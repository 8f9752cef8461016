"""Worksheets as PDF, one page each, by typst: the same bytes for the same words."""

from importlib.resources import files
from pathlib import Path

from openembargo.apps.sheets.typst_pdf import pdf_of
from openembargo.decisions.worksheet import Worksheet

SIZES = (9.5, 8.8, 8.2, 7.6, 7.0, 6.4, 5.8, 5.2, 4.6)
"""Sizes of the letters, in points, tried until the sheet is one page."""


def worksheet_pdf(sheet: Worksheet) -> bytes:
    """Return a worksheet as PDF.

    Raises:
        InputError: When typst is not installed.
    """
    template = files("openembargo").joinpath("apps", "cli", "worksheet.typ").read_bytes()

    def made(size: float, findings: str) -> bytes:
        return pdf_of(template, "sheet", sheet.plain(), {"size": str(size), "findings": findings})

    size = next((size for size in SIZES if page_count(made(size, "least")) == 1), SIZES[-1])
    return made(size, "rest")


def page_count(content: bytes) -> int:
    """Return how many pages a PDF of typst has."""
    return content.count(b"/Type /Page\n") or content.count(b"/Type/Page/")


def pdf_name(folder: Path, number: str) -> Path:
    """Return the file of a consignment's sheet: its number, with signs that no file name bears left out."""
    plain = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in number).strip(".") or "sheet"
    return folder / f"{plain[:80]}.pdf"
