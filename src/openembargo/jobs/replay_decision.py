"""Decide a past decision again, from what was kept of its day, and compare byte by byte."""

from dataclasses import dataclass, replace

from openembargo.decisions.decide import Decider
from openembargo.storage import book_archive, decision_records
from openembargo.storage.deal_files import parse_table
from openembargo.storage.decision_records import Recorded
from openembargo.storage.shelf import program_digest
from openembargo.storage.store import Store
from openembargo.terms.chain import canonical
from openembargo.terms.origin import Origin
from openembargo.terms.read_deal import read_deal

from .keep_record import options_of, view_of
from .look_up import ListLook


@dataclass(frozen=True, slots=True)
class Replay:
    """A past decision beside the same one taken again.

    Attributes:
        recorded: The past one.
        answer: Canonical JSON of the answer now.
        same_program: Whether the program's text is that of then.
    """

    recorded: Recorded
    answer: bytes
    same_program: bool

    @property
    def same(self) -> bool:
        """Whether both answers are the same bytes."""
        return self.answer == self.recorded.answer


def replay(store: Store, decision_id: str) -> Replay:
    """Decide again from the stored inputs, list snapshots, law and settings.

    Raises:
        InputError: There is no such decision, or something that it was taken from is gone.
    """
    with store.read() as connection:
        recorded = decision_records.get(connection, decision_id)
        inputs = recorded.inputs
        archived, replaced = inputs["book"], inputs["replaced"]
        assert isinstance(archived, list)
        assert isinstance(replaced, list)
        book = book_archive.opened(connection, [(str(name), str(digest)) for name, digest in archived], replaced)
    origins = inputs["origins"]
    assert isinstance(origins, dict)
    deal = read_deal(parse_table(str(inputs["deal"]), f"decision {recorded.id}"))
    deal = replace(deal, origins={path: Origin(**origin) for path, origin in origins.items()})
    answer = Decider(book, ListLook(view_of(inputs["view"]))).decide(deal, options_of(inputs))
    return Replay(recorded, canonical(answer.plain()), inputs["program"] == program_digest())
