"""The Home tab: what is mine, what is due, what I promised; for the complaints team, the unallocated first."""

from bot import events
from bot.blocks import lists, setup
from bot.blocks.lists import HomeFacts
from bot.blocks.message import View
from bot.door import Door, explain
from storage import (
    views,
    views_commitments,
    views_learning,
    views_ombudsman,
    views_people,
    views_requests,
    views_risk,
    views_setup,
)
from storage.errors import NotAllowed
from storage.office import Desk
from storage.permissions import TABLE, Operation
from storage.vocabulary import Role


def register(door: Door) -> None:
    """Draws the Home tab when it is opened, and again after a button in it was pressed."""

    def drawn(user: str) -> View:
        try:
            with door.office.look(user, door.clock()) as desk:
                return lists.home(facts(desk, door.channel))
        except NotAllowed as problem:
            return _refused(door, problem)
        except Exception as problem:  # noqa: BLE001 - the edge: the tab itself says what is wrong
            return lists.home_refused(explain(problem))

    door.after.home = drawn
    events.home_opened(door)


def _refused(door: Door, problem: NotAllowed) -> View:
    """Nobody has a role before somebody set the app up."""
    with door.office.look(None, door.clock()) as desk:
        return lists.home_refused(str(problem)) if views_setup.begun(desk) else setup.not_begun()


def facts(desk: Desk, channel: str | None = None) -> HomeFacts:
    """What this person's tab shows. `channel`: where cards go when the register does not say."""
    person_id = desk.actor.person_id or 0
    claims = desk.actor.has(Role.NAMED_MANAGER, Role.SENIOR_MANAGER)
    return HomeFacts(
        owned=views.owned(desk, person_id) if claims else None,
        promised=views.actions_owned(desk, person_id),
        remedies=views_ombudsman.remedies_of_mine(desk),
        to_decide=views_requests.waiting(desk) if desk.actor.has(*TABLE[Operation.APPROVE]) else [],
        unallocated=views.unallocated(desk) if claims or desk.actor.sees_all else None,
        can_record=desk.actor.has(*TABLE[Operation.RECORD]),
        can_claim=claims,
        can_assign=desk.actor.has(*TABLE[Operation.ALLOCATE]),
        can_work=desk.actor.has(*TABLE[Operation.WORK]),
        can_conduct=desk.actor.has(*TABLE[Operation.CONDUCT]),
        open_in_all=views.count_open(desk) if desk.actor.sees_all else None,
        to_verify=views_learning.to_verify(desk),
        days=views_people.own(desk),
        at_risk=views_risk.at_risk(desk),
        commitments=views_commitments.mine(desk),
        kept=views_commitments.to_verify(desk),
        setup=_left_to_set_up(desk, channel),
        covered=views.covered(desk),
    )


def _left_to_set_up(desk: Desk, channel: str | None) -> views_setup.SetUp | None:
    if not desk.actor.has(*TABLE[Operation.ORGANISE]):
        return None
    state = views_setup.state(desk, channel)
    return None if state.done else state
