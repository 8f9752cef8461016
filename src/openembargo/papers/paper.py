"""What a reader found in a paper."""

from dataclasses import dataclass, field

from openembargo.terms.deal import Deal

Plain = dict[str, object]


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a paper that no fact was taken from.

    Attributes:
        at: Where it stands.
        text: What it says, cut to a line.
        why: Why it was left, where that is not plain.
        deal: Number of the deal in the paper that lacks it, from 0; None: of no deal, or of all.
        is_lost: Whether it would have been read, had it been as allowed: a wrong cell, a row that is no row.
    """

    at: str
    text: str
    why: str = ""
    deal: int | None = None
    is_lost: bool = False

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {"at": self.at, "text": self.text, "why": self.why}


@dataclass(frozen=True, slots=True)
class Open:
    """Something that the paper does not settle: it is asked, never guessed.

    Attributes:
        deal: Number of the deal in the paper, from 0.
        fact: Path of the fact, such as `route.to`.
        question: What to ask.
        at: Where the paper speaks of it; empty when it does not.
        text: What it says there.
        answers: Values that would fit.
    """

    deal: int
    fact: str
    question: str
    at: str = ""
    text: str = ""
    answers: tuple[str, ...] = ()

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "deal": self.deal,
            "fact": self.fact,
            "question": self.question,
            "at": self.at,
            "text": self.text,
            "answers": list(self.answers),
        }


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, read.

    Attributes:
        source: File name.
        format: Id of the format, such as `swift.mt103`.
        title: What the format is called.
        deals: The deals found, in the paper's order: one a message, transaction or consignment.
        unread: Parts that no fact was taken from.
        questions: What the paper does not settle.
        notes: What was assumed or noticed: encoding, damage that was passed over, contradictions within the paper.
        columns: How the columns of a table are read, a line a column.
    """

    source: str
    format: str
    title: str
    deals: tuple[Deal, ...]
    unread: tuple[Unread, ...] = field(default=())
    questions: tuple[Open, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())
    columns: tuple[str, ...] = field(default=())

    def plain(self) -> Plain:
        """Return it as JSON holds it."""
        return {
            "source": self.source,
            "format": self.format,
            "title": self.title,
            "deals": [
                {"deal": deal.plain(), "origins": {path: origin.plain() for path, origin in deal.origins.items()}}
                for deal in self.deals
            ],
            "unread": [part.plain() for part in self.unread],
            "questions": [one.plain() for one in self.questions],
            "notes": [*self.notes, *self.columns],
        }
