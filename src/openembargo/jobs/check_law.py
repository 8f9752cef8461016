"""Check regime folders: every mistake at once, and every case run."""

from dataclasses import dataclass
from pathlib import Path

from openembargo.decisions.cases import Case, read_cases, run_case, uncovered
from openembargo.decisions.decide import Decider
from openembargo.law.book import Book
from openembargo.law.check_links import provision_ids
from openembargo.law.check_regions import Remark, region_mistakes, region_remarks
from openembargo.law.load import load_placing, load_regime
from openembargo.law.model import Regime
from openembargo.law.words import nearest
from openembargo.storage.regime_files import (
    BUILT_IN,
    CASES,
    read_folder,
    read_placing,
    read_shared,
    regime_folders,
    shown,
)
from openembargo.terms.errors import LawError, Mistake


@dataclass(frozen=True, slots=True)
class Checked:
    """A regime folder that has no mistake.

    Attributes:
        regime: The regime.
        cases: Its cases, all of them met.
        remarks: Lapses, closed routes and measures that stand twice: what may be meant so.
    """

    regime: Regime
    cases: tuple[Case, ...]
    remarks: tuple[Remark, ...] = ()


def check_law(folder: Path | None = None) -> tuple[Checked, ...]:
    """Check every regime at or below a folder, the program's own when none is named.

    Raises:
        LawError: With every mistake and every case that is not met, over all folders.
    """
    checked: list[Checked] = []
    mistakes: list[Mistake] = []
    for one in regime_folders(folder or BUILT_IN):
        try:
            checked.append(check_folder(one))
        except LawError as error:
            mistakes += error.mistakes
    if mistakes:
        raise LawError(mistakes)
    return tuple(checked)


def check_folder(folder: Path) -> Checked:
    """Check one regime folder.

    Raises:
        LawError: With every mistake of the law, of the cases, and every case that is not met.
    """
    files = read_folder(folder, with_cases=True)
    law = {name: text for name, text in files.items() if not name.startswith(CASES)}
    mistakes: list[Mistake] = []
    cases: list[Case] = []
    for name in sorted(set(files) - set(law)):
        found, wrong = read_cases(f"{shown(folder)}/{name}", files[name])
        cases += found
        mistakes += wrong
    try:
        regime = load_regime(law, shown(folder), load_placing(read_placing()), read_shared())
    except LawError as error:
        raise LawError((*error.mistakes, *mistakes)) from None
    if not cases:
        mistakes.append(
            Mistake(f"{shown(folder)}/cases", "no cases", "a regime without cases is refused: write cases/*.toml")
        )
    mistakes += region_mistakes(regime)
    decider = Decider(Book((regime,)))
    for case in cases:
        mistakes += [Mistake(case.where, failure) for failure in run_case(decider, case)]
    known = {name for name, _ in provision_ids(regime)}
    mistakes += [
        Mistake(
            case.where, f"covers {case.covers!r}, which is no provision of {regime.id}", nearest(case.covers, known)
        )
        for case in cases
        if case.covers not in known
    ]
    mistakes += [
        Mistake(f"{shown(folder)}/cases", f"no case covers {name}", "write one that names it in `covers`")
        for name in (uncovered(regime, cases) if cases else ())
    ]
    if mistakes:
        raise LawError(mistakes)
    return Checked(regime, tuple(cases), tuple(region_remarks(regime)))
