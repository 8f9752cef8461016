"""What is not there, and what is not done yet: failures that every door tells as such."""

from collections.abc import Iterator
from contextlib import contextmanager

from openembargo.decisions.casework import NotAllowed
from openembargo.storage.case_files import TooLate
from openembargo.terms.errors import InputError, SourceError


class NotThere(InputError):  # noqa: N818 - the state
    """What an address names does not exist."""


class NotYet(InputError):  # noqa: N818 - the state
    """What is asked for does not exist yet."""


@contextmanager
def there() -> Iterator[None]:
    """Tell that what is looked up within the block is not there, when it is not."""
    try:
        yield
    except (NotAllowed, TooLate, SourceError):
        raise
    except InputError as error:
        raise NotThere(error.mistakes) from None
