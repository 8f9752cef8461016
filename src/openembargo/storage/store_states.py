"""What may befall the store; told apart from mistakes of the user, and known without the database's packages."""


class StoreGone(Exception):  # noqa: N818 - the state, not a mistake of the user
    """The database does not answer; what was asked may be asked again."""


class StoreFull(StoreGone):
    """The database cannot write because its disk is full; what was kept can still be read."""
