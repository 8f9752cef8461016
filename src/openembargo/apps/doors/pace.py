"""How often somebody may ask: a limit for each person or key, and one for strangers at an address."""

from math import ceil
from time import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

A_PERSON, A_STRANGER = "6000/minute", "60/minute"


class TooOften(Exception):  # noqa: N818 - what happened
    """Somebody asks more often than is allowed.

    Attributes:
        wait_s: Seconds after which they may ask again.
    """

    def __init__(self, wait_s: int) -> None:
        """Take the wait."""
        super().__init__(f"wait {wait_s} seconds")
        self.wait_s = wait_s


class Pace:
    """Counts requests in the memory of one process."""

    def __init__(self, a_person: str = A_PERSON, a_stranger: str = A_STRANGER) -> None:
        """Take the limits, such as `6000/minute`."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._person, self._stranger = parse(a_person), parse(a_stranger)

    def count_person(self, who: str) -> None:
        """Count a request of a person or key.

        Raises:
            TooOften: It is one too many.
        """
        self._count(self._person, f"person {who}")

    def count_stranger(self, address: str) -> None:
        """Count a request with a key or session that is not valid.

        Raises:
            TooOften: It is one too many.
        """
        self._count(self._stranger, f"stranger {address}")

    def _count(self, item: RateLimitItem, who: str) -> None:
        if not self._limiter.hit(item, who):
            raise TooOften(max(1, ceil(self._limiter.get_window_stats(item, who).reset_time - time())))
