"""How people are nudged: the rungs a council moves, and the hour a person chooses."""

from sqlalchemy import update
from sqlmodel import col

from storage.errors import Refusal
from storage.ladder import LADDER, Change
from storage.models import NudgeRecord, Person
from storage.office import Desk
from storage.permissions import Operation
from storage.register import council


def change_rung(desk: Desk, name: str, change: Change | None) -> None:
    """Moves one rung of the ladder, leaves it out, or (None) puts it back as it came; kept in the council's history.

    Raises Refusal for a rung that isn't there or a number that won't do; NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    if name not in {rung.name for rung in LADDER}:
        raise Refusal(
            f"There is no nudge rule called “{name}”. complaints nudges show, or /complaint nudges, lists them.",
            field="rung",
        )
    changes = {key: value.model_dump(exclude_defaults=True) for key, value in desk.policy.ladder.items() if key != name}
    if change is not None and change != Change():
        changes[name] = change.model_dump(exclude_defaults=True)
    council.change_setting(desk, "ladder", changes)
    desk.__dict__.pop("ladder", None)
    # Repeats are counted from the rung's days in its own rhythm: what was counted in another would keep it silent for months.
    desk.session.execute(
        update(NudgeRecord)
        .where(col(NudgeRecord.rung) == name, col(NudgeRecord.step) > 0)
        .values(step=-col(NudgeRecord.id))
        .execution_options(synchronize_session=False)
    )


def set_hour(desk: Desk, hour: int) -> int:
    """From which hour of their own day a person is written to. Raises Refusal outside the council's hours."""
    last = desk.policy.nudges_until_hour - 1
    if not 6 <= hour <= last:
        raise Refusal(
            f"Choose an hour from 6 to {last}: nothing is sent later in the day. For example: /complaint hour 8"
        )
    person = desk.session.get_one(Person, desk.actor.person_id)
    person.nudge_hour = hour
    return hour
