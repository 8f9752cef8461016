"""Log people in whom an OpenID provider vouches for."""

from datetime import datetime, timedelta

from openembargo.storage import sign_in_states
from openembargo.storage.open_id import NotVouchedFor as NotVouchedFor
from openembargo.storage.open_id import OpenIdProvider
from openembargo.storage.sign_in_states import UnderWay

from .keep_people import LetIn, PeopleDesk

MINUTES = 10
"""So long a log-in may stay at the provider."""


class OpenIdDesk:
    """Sends people to a provider and takes them back."""

    def __init__(self, people: PeopleDesk, provider: OpenIdProvider) -> None:
        """Take the desk that keeps people, and the provider."""
        self.people = people
        self.provider = provider

    def begin(self, back: str, go_on: str) -> tuple[str, str]:
        """Return the address to send a browser to, and the state that it must bring back.

        Args:
            back: Address of this desk for the way back.
            go_on: Page to show afterwards.

        Raises:
            NotVouchedFor: The provider cannot be reached.
        """
        out = self.provider.way_out(back)
        until = datetime.fromisoformat(self.people.now()) + timedelta(minutes=MINUTES)
        one = UnderWay(out.nonce, out.verifier, go_on, until.isoformat(timespec="microseconds"))
        with self.people.store.write() as connection:
            sign_in_states.put(connection, out.state, one)
        return out.address, out.state

    def finish(self, state: str, code: str, back: str, address: str, old_token: str) -> tuple[LetIn, str]:
        """Log in whoever came back.

        Args:
            state: What the browser brought back; the caller has seen that the same browser went with it.
            code: The provider's code.
            back: Address of this desk for the way back.
            address: Address that they come from.
            old_token: Token of a session that the browser still has.

        Returns:
            The log-in, and the page to show.

        Raises:
            NotVouchedFor: The log-in took too long or was used before, or the provider vouches for nobody.
            NotLetIn: No role, or disabled.
            InputError: The name is taken by somebody else.
        """
        with self.people.store.write() as connection:
            held = sign_in_states.take(connection, state, self.people.now())
        if held is None:
            raise NotVouchedFor("the log-in took too long, or was used before")
        found = self.provider.identity(code, held.verifier, held.nonce, back)
        return self.people.let_in(found.subject, found.name, found.roles, address, old_token), held.go_on
