"""Where each paragraph is encoded: as a measure, an exemption, a general exemption, or a provision that decides no deal."""

from dataclasses import dataclass
from datetime import date

from .model import Regime


@dataclass(frozen=True, slots=True)
class Encoded:
    """One citable row of the book.

    Attributes:
        provision: Its id.
        act: Number of the act.
        paragraph: Paragraph as printed.
        title: In words.
        role: measure, exemption, general exemption or provision.
        decides: What it does to deals, or the reason why it decides none.
        first_day: First day.
        last_day: Last day, or None.
        confidence: How sure it is.
        note: What is unsure.
        source: Where it is from.
        hs_basis: Whether the act names the headings, a note does, or they are inferred.
        file: The file that holds it.
    """

    provision: str
    act: str
    paragraph: str
    title: str
    role: str
    decides: str
    first_day: date
    last_day: date | None
    confidence: str
    note: str
    source: str
    hs_basis: str
    file: str

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {
            "provision": self.provision,
            "act": self.act,
            "paragraph": self.paragraph,
            "title": self.title,
            "encoded_as": self.role,
            "decides": self.decides,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat() if self.last_day else None,
            "confidence": self.confidence,
            "note": self.note or None,
            "source": self.source,
            "hs_basis": self.hs_basis or None,
            "file": self.file,
        }


def coverage(regime: Regime) -> tuple[Encoded, ...]:
    """Return every row of the book, in the order of acts and paragraphs."""
    rows: list[Encoded] = []
    for m in regime.measures:
        first, last = m.versions[0].first_day, m.versions[-1].last_day
        rows.append(
            Encoded(m.id, m.act, m.paragraph, m.title, "measure", m.effect, first, last, m.grounds.confidence,
                    m.grounds.note, m.grounds.source, m.hs_basis, m.file)
        )  # fmt: skip
        rows += [
            Encoded(e.id, m.act, e.paragraph, e.title, f"exemption of {m.id}", e.grants, e.first_day,
                    e.last_day or last, e.grounds.confidence, e.grounds.note, e.grounds.source, "", m.file)
            for e in m.exemptions
        ]  # fmt: skip
    for g in regime.general:
        first, last = g.routes[0].first_day, g.routes[-1].last_day
        rows.append(
            Encoded(g.id, g.act, g.paragraph, g.title, "general exemption", g.routes[0].grants, first, last,
                    g.grounds.confidence, g.grounds.note, g.grounds.source, "", g.file)
        )  # fmt: skip
    for p in regime.provisions:
        rows.append(
            Encoded(p.id, p.act, p.paragraph, p.title, "provision", f"no deal: {p.reason}", p.first_day, p.last_day,
                    p.grounds.confidence, p.grounds.note, p.grounds.source, "", p.file)
        )  # fmt: skip
    order = {act.number: index for index, act in enumerate(regime.acts)}
    return tuple(sorted(rows, key=lambda row: (order.get(row.act, 99), _natural(row.paragraph), row.provision)))


def _natural(paragraph: str) -> tuple[int, str]:
    digits = ""
    for letter in paragraph:
        if not letter.isdigit():
            break
        digits += letter
    return (int(digits) if digits else 9999, paragraph)
