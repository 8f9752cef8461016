"""The ledger of caps in the store: notifications, once each, and reservations of pending deals."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, insert, select, update

from openembargo.decisions.cap_ledger import Notification
from openembargo.terms.chain import digest_of
from openembargo.terms.errors import InputError, Mistake

from .tables import cap_reservations, cap_rows

DAYS = ("first_day", "last_day", "reported_on")
NUMBERS = ("quantity", "value_usd")


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a pending deal holds of a cap.

    Attributes:
        id: Its id.
        cap: The cap.
        period_first: First day of the period.
        reference: The deal.
        amounts: By unit: t, usd, bbl.
        actor, at: Who reserved, and when.
        last_day: Last day on which it holds.
        ended_at, ended_for: When it was released, and why; empty while it holds.
    """

    id: str
    cap: str
    period_first: date
    reference: str
    amounts: Mapping[str, Decimal]
    actor: str
    at: str
    last_day: date
    ended_at: str = ""
    ended_for: str = ""


def plain(one: Notification) -> dict[str, object]:
    """Return a notification as JSON holds it; the line of its file is no part of it."""
    return {
        "cap": one.cap, "kind": one.kind, "state": one.state, "first_day": one.first_day.isoformat(),
        "last_day": one.last_day.isoformat(), "quantity": None if one.quantity is None else str(one.quantity),
        "unit": one.unit, "value_usd": None if one.value_usd is None else str(one.value_usd), "product": one.product,
        "reported_on": one.reported_on.isoformat(), "source": one.source,
    }  # fmt: skip


def key_of(one: Notification) -> str:
    """Return the digest by which a notification is known."""
    return digest_of(plain(one))


def unheld(connection: Connection, new: Iterable[Notification]) -> tuple[Notification, ...]:
    """Return those that are not held yet."""
    held = set(connection.execute(select(cap_rows.c.id)).scalars())
    return tuple({key: one for one in new if (key := key_of(one)) not in held}.values())


def put(connection: Connection, new: Iterable[Notification], seq: int) -> None:
    """Keep notifications that are not held yet, with the entry of the log that tells of them."""
    rows = [
        {
            "id": key_of(one),
            "seq": seq,
            "cap": one.cap,
            "reported_on": one.reported_on,
            "row": json.dumps(plain(one) | {"line": one.line}),
        }
        for one in new
    ]
    if rows:
        connection.execute(insert(cap_rows), rows)


def held(connection: Connection, cap: str = "") -> tuple[Notification, ...]:
    """Return the notifications, of one cap or of all."""
    query = select(cap_rows.c.row).order_by(cap_rows.c.reported_on, cap_rows.c.id)
    if cap:
        query = query.where(cap_rows.c.cap == cap)
    return tuple(_notification(json.loads(row)) for row in connection.execute(query).scalars())


def _notification(row: dict[str, str | None]) -> Notification:
    days = {name: date.fromisoformat(str(row[name])) for name in DAYS}
    numbers = {name: None if (found := row[name]) is None else Decimal(found) for name in NUMBERS}
    return Notification(**{**row, **days, **numbers})  # type: ignore[arg-type]


def reserve(connection: Connection, one: Reservation, seq: int) -> None:
    """Keep a reservation."""
    connection.execute(
        insert(cap_reservations).values(
            id=one.id, seq=seq, cap=one.cap, period_first=one.period_first, reference=one.reference[:200],
            amounts=json.dumps({unit: str(amount) for unit, amount in one.amounts.items()}), actor=one.actor,
            at=one.at, last_day=one.last_day,
        )
    )  # fmt: skip


def reservations(connection: Connection, on: date, cap: str = "", *, ended: bool = False) -> tuple[Reservation, ...]:
    """Return the reservations that hold on a day, or with `ended` all that were ever made, oldest first."""
    query = select(cap_reservations).order_by(cap_reservations.c.at)
    if cap:
        query = query.where(cap_reservations.c.cap == cap)
    if not ended:
        query = query.where(cap_reservations.c.ended_at.is_(None), cap_reservations.c.last_day >= on)
    return tuple(
        Reservation(
            r.id, r.cap, r.period_first, r.reference,
            {unit: Decimal(amount) for unit, amount in json.loads(r.amounts).items()},
            r.actor, r.at, r.last_day, r.ended_at or "", r.ended_for or "",
        )
        for r in connection.execute(query)
    )  # fmt: skip


def release(connection: Connection, reservation_id: str, at: str, why: str) -> Reservation:
    """End a reservation.

    Raises:
        InputError: There is none of that id that holds.
    """
    found = connection.execute(
        select(cap_reservations).where(cap_reservations.c.id == reservation_id, cap_reservations.c.ended_at.is_(None))
    ).one_or_none()
    if found is None:
        raise InputError(
            [Mistake("reservation", repr(reservation_id), "one that holds; `caps reservations` shows them")]
        )
    connection.execute(
        update(cap_reservations).where(cap_reservations.c.id == reservation_id).values(ended_at=at, ended_for=why)
    )
    return next(one for one in reservations(connection, date.min, ended=True) if one.id == reservation_id)
