"""Which forms were saved: Slack doesn't say whether an answer arrived, so one may be submitted again, to another process too."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Table, delete, select
from sqlmodel import Session

from storage.database import inserting
from storage.errors import AlreadyDone
from storage.models import SavedForm

# Slack's forms are gone long before; the rest of a working day is for whoever left one open.
KEPT = timedelta(days=2)
# A few each time, so that nobody waits for it.
_AT_A_TIME = 20

_table: Table = SavedForm.__table__  # type: ignore[attr-defined]  # reason: SQLModel adds it when the class is made


def save(session: Session, form: str, now: datetime) -> None:
    """Notes in the transaction that saves it that `form` is saved; of two at once, one waits for the other.

    `form` names the form as it stands in Slack. Raises AlreadyDone when it was saved in the last two days.
    """
    name = hashlib.sha256(form.encode()).hexdigest()
    new = inserting(session, _table).values(form=name, saved_at=now).on_conflict_do_nothing(index_elements=["form"])
    if not session.execute(new.returning(_table.c.form)).first():
        raise AlreadyDone(
            "This form was saved already. Close it and look at what was saved; what is wrong in it can be corrected there."
        )
    # Whoever clears at the same moment takes others.
    old = (
        select(_table.c.form).where(_table.c.saved_at < now - KEPT).limit(_AT_A_TIME).with_for_update(skip_locked=True)
    )
    # In two steps: PostgreSQL may ask a query within a deletion again for each row, and its limit with it.
    gone = list(session.scalars(old))
    if gone:
        session.execute(delete(_table).where(_table.c.form.in_(gone)))
