"""`/complaint mine`: what I own and what I promised."""

from bot.blocks import lists
from bot.door import Door
from bot.requests import Answer, Say, Typed
from storage import views, views_commitments
from storage.permissions import TABLE, Operation


def register(door: Door) -> None:
    """Adds the sub-command."""

    def typed(command: Typed) -> Answer:
        with door.office.look(command.user, door.clock()) as desk:
            person_id = desk.actor.person_id or 0
            return Say(
                lists.mine(
                    views.owned(desk, person_id),
                    views.actions_owned(desk, person_id),
                    views_commitments.mine(desk),
                    covered=views.covered(desk),
                    can_work=desk.actor.has(*TABLE[Operation.WORK]),
                    can_conduct=desk.actor.has(*TABLE[Operation.CONDUCT]),
                )
            )

    door.subcommand("mine", "", "the complaints you own and what you promised", typed, needs=Operation.PROMISE)
