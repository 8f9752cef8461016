"""How the command line tells of failures: by their kind, also where a failure is a narrower kind of another."""

import pytest
import typer

from openembargo.apps.cli.failing import clear_failures
from openembargo.decisions.casework import NotAllowed
from openembargo.storage.case_files import TooLate
from openembargo.storage.store_states import StoreFull, StoreGone
from openembargo.terms.errors import InputError, LawError, Mistake, OutsideCoverage, SourceError

MISTAKE = [Mistake("goods[0].hs", "found 'x'", "a heading")]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError(MISTAKE), 2), (LawError(MISTAKE), 3), (SourceError(MISTAKE), 4), (OutsideCoverage(MISTAKE), 5),
        (TooLate(MISTAKE), 2), (NotAllowed(MISTAKE), 2), (StoreGone("no answer"), 6), (StoreFull("no room"), 6),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else str(one),
)  # fmt: skip
def test_a_failure_ends_with_the_status_of_its_kind(error, status, capsys):
    with pytest.raises(typer.Exit) as ended, clear_failures():
        raise error
    assert ended.value.exit_code == status
    assert ("goods[0].hs" in capsys.readouterr().err) == (status != 6)
