"""`/complaint show REF` and *See it*: one complaint, for one person."""

from bot.blocks import investigation, learning, ombudsman
from bot.blocks.card import screen
from bot.blocks.message import Message
from bot.blocks.names import Action
from bot.door import Door
from bot.requests import Answer, Pressed, Say, Typed
from storage import views_complaint, views_investigation, views_learning, views_ombudsman
from storage.errors import Refusal
from storage.office import Desk
from storage.permissions import Operation, may

MOST_TO_VERIFY = 5


def register(door: Door) -> None:
    """Adds the sub-command and the button."""

    def look(user: str, reference: str) -> Answer:
        with door.office.look(user, door.clock()) as desk:
            return Say(drawn(desk, reference))

    def typed(command: Typed) -> Answer:
        if not command.words:
            raise Refusal("Type the reference too, such as /complaint show CS-2026-0042. /complaint mine lists yours.")
        return look(command.user, command.words)

    def pressed(press: Pressed) -> Answer:
        return look(press.user, press.value)

    door.subcommand("show", "REFERENCE", "one complaint, such as `/complaint show CS-2026-0042`", typed)
    door.action(Action.SHOW, pressed)


def drawn(desk: Desk, reference: str) -> Message:
    """One complaint with the buttons this person may use. Raises UnknownReference."""
    facts = views_complaint.complaint(desk, reference)
    line = desk.teams.line(facts.line.team_id)
    owner_id = facts.line.owner.id if facts.line.owner else None
    more = [
        *investigation.summary(views_investigation.investigation(desk, reference)),
        *ombudsman.summary(views_ombudsman.of_complaint(desk, reference)),
        *learning.to_verify(views_learning.to_verify(desk, facts.line.complaint_id), MOST_TO_VERIFY),
    ]
    return screen(
        facts,
        more,
        can_work=may(desk.actor, Operation.WORK, team_line=line, owner_id=owner_id),
        can_claim=may(desk.actor, Operation.CLAIM, team_line=line),
        can_assign=may(desk.actor, Operation.ALLOCATE, team_line=line),
        can_conduct=may(desk.actor, Operation.CONDUCT, team_line=line, owner_id=owner_id),
    )
