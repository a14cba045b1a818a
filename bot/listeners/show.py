"""`/complaint show REF` and *See it*: one complaint, for one person."""

from collections.abc import Iterator

from bot.blocks import investigation, learning, ombudsman
from bot.blocks.card import screen
from bot.blocks.message import Block, Message
from bot.blocks.names import Action
from bot.door import Door
from bot.requests import Answer, Pressed, Say, Typed
from storage import views_complaint, views_investigation, views_learning, views_ombudsman
from storage.errors import Refusal
from storage.office import Desk
from storage.permissions import Operation, may
from storage.views_complaint import ComplaintFacts

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

    door.subcommand(
        "show", "reference", "one complaint, such as `/complaint show CS-2026-0042`", typed, needs=Operation.SEE
    )
    door.action(Action.SHOW, pressed)


def drawn(desk: Desk, reference: str) -> Message:
    """One complaint with the buttons this person may use. Raises UnknownReference."""
    facts = views_complaint.complaint(desk, reference)
    line = desk.teams.line(facts.line.team_id)
    owner_id = facts.line.owner.id if facts.line.owner else None
    return screen(
        facts,
        list(_more(desk, facts)),
        can_work=may(desk.actor, Operation.WORK, team_line=line, owner_id=owner_id),
        can_claim=may(desk.actor, Operation.CLAIM, team_line=line),
        can_assign=may(desk.actor, Operation.ALLOCATE, team_line=line),
        can_conduct=may(desk.actor, Operation.CONDUCT, team_line=line, owner_id=owner_id),
    )


def _more(desk: Desk, facts: ComplaintFacts) -> Iterator[Block]:
    """What few complaints have; it is asked for only where there is some."""
    here = facts.line
    if not facts.rules.stage(here.number).is_an_answer_alone:
        yield from investigation.summary(views_investigation.investigation(desk, here.reference))
    if views_ombudsman.is_known(desk, here.complaint_id):
        yield from ombudsman.summary(views_ombudsman.of_complaint(desk, here.reference))
    if any(one.done_on and not one.verified_on for one in facts.actions):
        yield from learning.to_verify(views_learning.to_verify(desk, here.complaint_id), MOST_TO_VERIFY)
