"""When each list was last fetched with success, also where its publisher had nothing new, and what failed since."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from openembargo.terms.errors import InputError, Mistake

from .settings import home

FILE = "list-updates.json"


@dataclass(frozen=True, slots=True)
class ListUpdate:
    """How the updates of a list went.

    Attributes:
        succeeded: Last day on which its publisher was asked and what is in use is what it publishes; empty for never.
        failed: Day of the last failure; empty for never.
        failure: What failed then.
    """

    succeeded: str = ""
    failed: str = ""
    failure: str = ""

    @property
    def is_failing(self) -> bool:
        """Tell whether the last update failed."""
        return bool(self.failure)


def list_updates() -> Mapping[str, ListUpdate]:
    """Return how the updates of each list went.

    Raises:
        InputError: The file does not hold what it should.
    """
    path = home() / FILE
    if not path.exists():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        found = {str(name): ListUpdate(**row) for name, row in rows.items()}
        for one in found.values():
            for day in filter(None, (one.succeeded, one.failed)):
                date.fromisoformat(day)
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(
            [Mistake(str(path), str(error), "for each list its days; remove the file, and update the lists again")]
        ) from error
    return found


def note(list_id: str, day: date, failure: str = "") -> None:
    """Keep how an update went.

    Args:
        list_id: The list.
        day: The day.
        failure: What failed; empty when nothing did.
    """
    rows = dict(list_updates())
    before = rows.get(list_id, ListUpdate())
    told = day.isoformat()
    rows[list_id] = ListUpdate(before.succeeded, told, failure) if failure else ListUpdate(told, before.failed)
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / (FILE + ".new")
    plain = {name: asdict(one) for name, one in sorted(rows.items())}
    fresh.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(folder / FILE)
