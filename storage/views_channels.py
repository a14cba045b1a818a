"""The reading side of channels that are listened to."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from storage import people
from storage.models import ListeningChannel
from storage.office import Desk
from storage.people import Who


@dataclass(frozen=True, slots=True)
class Listening:
    """Since when a channel is listened to, and who turned that on."""

    since: date
    set_by: Who | None


def is_listening(desk: Desk, channel: str) -> bool:
    """Whether a channel is listened to; one look by its key, since every message in every channel asks."""
    query = select(col(ListeningChannel.channel)).where(col(ListeningChannel.channel) == channel)
    return desk.session.scalar(query) is not None


def listening(desk: Desk, channel: str) -> Listening | None:
    """Since when a channel is listened to; None where it isn't."""
    row = desk.session.get(ListeningChannel, channel)
    if row is None:
        return None
    return Listening(row.since, people.everyone(desk.session, [row.set_by_id]).get(row.set_by_id or 0))
