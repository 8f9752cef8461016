"""Settings of the desk in the store: a name, a value, who set it and when."""

from sqlalchemy import Connection, delete, insert, select

from .tables import settings


def put(connection: Connection, name: str, value: str, actor: str, at: str) -> str:
    """Set a value and return the one before; empty for none."""
    before = connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar()
    connection.execute(delete(settings).where(settings.c.name == name))
    connection.execute(insert(settings).values(name=name, value=value, actor=actor, at=at))
    return str(before or "")


def held(connection: Connection, beginning: str = "") -> dict[str, str]:
    """Return all settings whose name begins so."""
    rows = connection.execute(
        select(settings).where(settings.c.name.startswith(beginning, autoescape=True)).order_by(settings.c.name)
    ).all()
    return {row.name: row.value for row in rows}
