"""`/complaint handover`: what somebody owns goes to somebody else, all of it or some."""

from bot.blocks import handover
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Door
from bot.mentions import mentions
from bot.requests import Answer, Open, Pressed, Say, Submitted, Typed, as_number
from storage import people
from storage import register as registry
from storage.errors import FieldProblems, Refusal
from storage.office import Desk
from storage.permissions import Operation
from storage.register.handover import Handover, eligible, movable, person_named
from storage.vocabulary import Role

_HOW = (
    "Type /complaint handover, then @ and the name of who has it, then @ and the name of who takes it, then the team if not all "
    "of it goes."
)


def register(door: Door) -> None:
    """Adds the sub-command, the button and the form."""

    def typed(command: Typed) -> Answer:
        named = mentions(command.words)
        if named.unread or len(named.slack_ids) > 2:
            raise Refusal(
                f"{named.unread or 'That'} could not be read. Pick people from the list that Slack offers after @. {_HOW}"
            )
        if len(named.slack_ids) == 2:
            with door.office.change(command.user, door.clock()) as desk:
                return _all_at_once(desk, *named.slack_ids, named.rest)
        with door.office.look(command.user, door.clock()) as desk:
            from_id = person_named(desk, named.slack_ids[0]).id if named.slack_ids else desk.actor.person_id
            return _offered(desk, from_id or 0, _teams(desk, named.rest))

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            return _offered(desk, as_number(press.value) or desk.actor.person_id or 0, None)

    def submitted(form: Submitted) -> View | None:
        to_id, from_id = form.values.number("to_id"), as_number(form.carries.get("from")) or 0
        if to_id is None:
            raise FieldProblems({"to_id": "Choose who takes it."})
        keys = form.values.texts("keys")
        with door.saving(form) as desk:
            registry.handover.hand_over(
                desk,
                Handover(
                    from_id=from_id,
                    to_id=to_id,
                    keys=keys,
                    notes={key: form.values.text(f"note:{key}") for key in keys},
                    note=form.values.text("note"),
                ),
            )
        return None

    door.subcommand(
        "handover", "[@from] [@to] [team]", "give what somebody owns to somebody else", typed, needs=Operation.HAND_OVER
    )
    door.action(Action.HAND_OVER, pressed)
    door.form(Form.HAND_OVER, submitted)


def _all_at_once(desk: Desk, from_slack: str, to_slack: str, team: str) -> Answer:
    from_id, to_id = person_named(desk, from_slack).id or 0, person_named(desk, to_slack).id or 0
    team_ids = _teams(desk, team)
    keys = [one.key for one in movable(desk, from_id, team_ids)] if team_ids is not None else None
    try:
        moved = registry.handover.hand_over(desk, Handover(from_id=from_id, to_id=to_id, keys=keys))
    except FieldProblems as problem:
        # There is no form whose fields could carry it.
        raise Refusal(f"Nothing was handed over. {' '.join(problem.problems.values())}") from problem
    return Say(handover.done(moved.to, moved.items))


def _offered(desk: Desk, from_id: int, team_ids: frozenset[int] | None) -> Answer:
    items = movable(desk, from_id, team_ids)
    own = from_id == desk.actor.person_id
    who = people.everyone(desk.session, [from_id]).get(from_id)
    # Whoever stands in may pass on what they see to.
    theirs = desk.actor.owns(from_id)
    if who is None or not (theirs or desk.actor.has(Role.HANDLER, Role.COMPLAINTS_MANAGER, Role.SENIOR_MANAGER)):
        raise Refusal("You can hand over what you own yourself. The complaints team can hand over for others.")
    if not items:
        return Say(handover.nothing(who, own=own))
    able = eligible(desk, items)
    return Open(handover.form(who, items, able) if able else handover.nobody(who, items))


def _teams(desk: Desk, name: str) -> frozenset[int] | None:
    """The team that was typed and all below it; None when none was. Raises Refusal for one that isn't there."""
    if not name:
        return None
    team = desk.teams.named(name)
    if team is None:
        raise Refusal(f"There is no team of that name. {_HOW}")
    return desk.teams.subtree(team.id)
