"""One line that stands for every event written so far: noted outside the register, it can be compared for as long as that runs.

An event is never changed or deleted, so complaints that go on growing leave what an earlier seal stands for as it was. What
the database alone can't show, such as a last event that somebody took away together with everything that follows from it, is
seen when the seal that was noted before no longer holds.
"""

import re
from dataclasses import dataclass

from sqlalchemy import func, text
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from storage import chain
from storage.errors import Refusal
from storage.models import Event
from storage.office import Desk

_SEAL = re.compile(r"(0|[1-9][0-9]{0,17}):([0-9a-f]{64})")
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Seal:
    """Stands for every event up to the one with the id `upto`. As text it is `upto:link`, such as `1204:9f…`."""

    upto: int
    link: str

    def __str__(self) -> str:
        return f"{self.upto}:{self.link}"


def read(said: str) -> Seal:
    """A seal from its text. Raises Refusal saying what one looks like."""
    found = _SEAL.fullmatch(said.strip().lower())
    if found is None:
        raise Refusal(
            "That is not a seal. A seal is a number, a colon and 64 letters and digits, as complaints check printed it. "
            "Copy the whole line."
        )
    return Seal(int(found[1]), found[2])


def settled(desk: Desk) -> int:
    """The last event of which it is certain that none with a lower id is still being written.

    Call it in a transaction of its own, before the one that makes the seal. Raises Refusal while somebody writes for long.
    """
    if desk.session.get_bind().dialect.name == "postgresql":
        # Ids are given out before they are committed, so writers at work are waited for; less long than others wait for us.
        try:
            desk.session.execute(text("SET LOCAL lock_timeout = '1s'"))
            desk.session.execute(text("LOCK TABLE event IN SHARE MODE"))
        except OperationalError as busy:
            desk.session.rollback()
            raise Refusal(
                "Somebody is writing to the register just now, perhaps an import. Try again in a minute."
            ) from busy
    return desk.session.scalar(select(func.max(col(Event.id)))) or 0


def seal(desk: Desk, upto: int) -> Seal:
    """The seal of every event up to this id."""
    link, after = chain.link_seals("", 0, ""), 0
    while True:
        rows = desk.session.exec(
            select(Event.id, Event.hash)
            .where(col(Event.id) > after, col(Event.id) <= upto)
            .order_by(col(Event.id))
            .limit(_BATCH)
        ).all()
        if not rows:
            return Seal(upto, link)
        for event_id, event_hash in rows:
            after = event_id or 0
            link = chain.link_seals(link, after, event_hash)


def still_holds(desk: Desk, noted: Seal) -> bool:
    """Whether everything that an earlier seal stands for is there unchanged; what was recorded since makes no difference."""
    return seal(desk, noted.upto) == noted
