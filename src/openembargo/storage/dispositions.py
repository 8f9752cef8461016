"""What people decided about hits: true match or false positive, by whom, on which day, and why. Append-only."""

import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date

from openembargo.terms.errors import InputError, Mistake

from .settings import home

FILE = "dispositions.jsonl"
VERDICTS = ("true_match", "false_positive", "unresolved")


@dataclass(frozen=True, slots=True)
class Disposition:
    """One decision about a name and a listing.

    Attributes:
        name: The name that was screened, as written.
        entry: Reference of the listing.
        verdict: One of `VERDICTS`.
        by: Who decided.
        day: On which day.
        reason: Why.
        asked_print: Digest of what was known of the party; empty binds the decision to the name alone.
        entry_print: Digest of the listing as it stood; when it changes, the decision no longer holds. Empty binds it to the id alone.
    """

    name: str
    entry: str
    verdict: str
    by: str
    day: date
    reason: str
    asked_print: str = ""
    entry_print: str = ""

    @property
    def name_key(self) -> str:
        """Return the name without case, accents and spaces."""
        return name_key_of(self.name)


def name_key_of(name: str) -> str:
    """Return a name without case, accents and spaces: under this it is remembered."""
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in spread if letter.isalnum())


def dispositions() -> tuple[Disposition, ...]:
    """Return the decisions in the order in which they were taken; the last one about a pair counts.

    Raises:
        InputError: A line of the file is not a decision.
    """
    path = home() / FILE
    if not path.exists():
        return ()
    found: dict[tuple[str, str], Disposition] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            one = Disposition(**{**row, "day": date.fromisoformat(row["day"])})
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(
                [Mistake(f"{path} line {number}", str(error), "name, entry, verdict, by, day, reason")]
            ) from error
        found.pop((one.name_key, one.entry), None)
        found[one.name_key, one.entry] = one
    return tuple(found.values())


def record(disposition: Disposition) -> None:
    """Append a decision.

    Raises:
        InputError: An unknown verdict, or no author or reason.
    """
    wrong = []
    if disposition.verdict not in VERDICTS:
        wrong.append(Mistake("verdict", repr(disposition.verdict), f"one of {', '.join(VERDICTS)}"))
    wrong += [
        Mistake(field, "is empty", "who decided, and why")
        for field in ("name", "by", "reason")
        if not getattr(disposition, field).strip()
    ]
    if wrong:
        raise InputError(wrong)
    path = home() / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**asdict(disposition), "day": disposition.day.isoformat()}, ensure_ascii=False) + "\n")
