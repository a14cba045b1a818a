"""Cards in the channel say when a complaint is overdue: on the day it becomes so they are drawn again, and on no other."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from storage import outbox
from storage.models import IS_OPEN, OutboxRow, Stage
from storage.office import Desk, Office
from storage.register import daily
from storage.register.ledger import card_key

_NAME = "cards"
# A card that stands since before this was done at all is old enough to be drawn again for another reason.
_AT_FIRST = timedelta(days=7)


def run(office: Office, now: datetime) -> int:
    """Asks for the cards of what became overdue since this was last done, once a day; returns how many. Raises RegisterAway."""
    with office.look(None, now) as desk:
        if daily.done_today(desk, _NAME):
            return 0
    with office.change(None, now) as desk:
        since = daily.last(desk, _NAME) or desk.today - _AT_FIRST
        if not daily.first_today(desk, _NAME):
            return 0
        keys = [card_key(complaint_id) for complaint_id in became_overdue(desk, since)]
        outbox.redraw_sent(desk.session, select(col(OutboxRow.key)).where(col(OutboxRow.key).in_(keys)), now=desk.now)
        return len(keys)


def became_overdue(desk: Desk, since: date) -> list[int]:
    """The complaints that are open and were due on that day or later, and before today."""
    due = select(col(Stage.complaint_id)).where(IS_OPEN, col(Stage.due_on) >= since, col(Stage.due_on) < desk.today)
    return list(desk.session.exec(due).all())
