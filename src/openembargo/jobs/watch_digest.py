"""What a run found, as a digest: JSON for programs, plain text for people."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from openembargo.storage.register_rows import Change, Run

STRICTNESS = (
    "permitted", "permitted_with_conditions", "authorisation_required", "undetermined", "prohibited",
)  # fmt: skip
SHOWN = 200
"""Changes that a text shows one by one; JSON holds them all."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A run with what it found, the gravest first."""

    run: Run
    changes: tuple[Change, ...]

    @classmethod
    def of(cls, run: Run, changes: Sequence[Change]) -> "Digest":
        """Return the digest of a run."""
        return cls(run, tuple(sorted(changes, key=lambda one: (-_gravity(one), one.number))))

    @property
    def subject(self) -> str:
        """What it is about, in one line."""
        return f"{self.run.changed} of {self.run.rows} rows changed by {self.run.on}"

    def plain(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        run = self.run
        return {
            "run": run.id, "at": run.at, "on": run.on.isoformat(), "rows": run.rows, "asked": run.asked,
            "changed": run.changed, "causes": list(run.causes), "changes": [change_plain(one) for one in self.changes],
        }  # fmt: skip

    def json(self) -> str:
        """Return it as JSON."""
        return json.dumps(self.plain(), ensure_ascii=False, indent=1) + "\n"

    def text(self) -> str:
        """Return it as plain text."""
        lines = [f"{self.subject}.", f"{self.run.asked} rows were asked again.", *self.run.causes, ""]
        for one in self.changes[:SHOWN]:
            lines.append(f"{title_of(one)}: {outcome_of(one.before)} -> {outcome_of(one.after)}")
            lines += [f"  {reason}" for reason in one.reasons]
        if len(self.changes) > SHOWN:
            lines.append(f"... and {len(self.changes) - SHOWN} more; `openembargo watch show {self.run.id}` has all")
        return "\n".join(lines) + "\n"


def _gravity(one: Change) -> int:
    outcome = str(one.after.get("outcome", ""))
    rank = STRICTNESS.index(outcome) if outcome in STRICTNESS else len(STRICTNESS)
    return rank * 2 + any(reason.startswith("new alert") for reason in one.reasons)


def change_plain(one: Change) -> dict[str, object]:
    """Return a change as JSON holds it."""
    return {
        "row": one.number, "kind": one.kind, "reference": one.reference, "before": dict(one.before),
        "after": dict(one.after), "reasons": list(one.reasons), "cases": None if one.cases is None else list(one.cases),
    }  # fmt: skip


def title_of(one: Change) -> str:
    """Return what people call the row of a change."""
    return f"{one.kind} {one.reference or one.number}"


def outcome_of(plain: object) -> str:
    """Return an outcome as people read it."""
    assert isinstance(plain, dict)
    return str(plain.get("outcome", "")).replace("_", " ")
