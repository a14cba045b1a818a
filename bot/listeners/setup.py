"""`/complaint setup` and the Home tab's first run: channel, teams, people, procedure, hours, without a file being edited."""

from collections.abc import Callable
from functools import partial

from bot import setup_code
from bot.blocks import setup
from bot.blocks.forms import Groups
from bot.blocks.message import View
from bot.blocks.names import Action, Form
from bot.door import Door
from bot.listeners.promise import grouped
from bot.requests import Answer, Open, Pressed, Say, Submitted, Typed
from storage import register as registry
from storage import views_setup
from storage.errors import FieldProblems
from storage.office import Desk
from storage.permissions import Operation
from storage.policy import Stage2Clock
from storage.vocabulary import Role
from storage.workdays import CountFrom

_LAST_HOUR = 24


def register(door: Door) -> None:
    """Adds the sub-command, the buttons and the forms."""
    door.subcommand(
        "setup",
        "",
        "the channel, teams, people and rules of this app, for complaints managers",
        lambda command: _typed(door, command),
        needs=Operation.ORGANISE,
    )
    door.action(Action.SETUP_BEGIN, lambda _press: Open(setup.begin_form()))
    for action, draw in _DRAWN.items():
        door.action(action, partial(_opened, door, draw))
    for form, save in _SAVED.items():
        door.form(form, partial(save, door))


def _typed(door: Door, command: Typed) -> Answer:
    with door.office.look(command.user, door.clock()) as desk:
        return Say(setup.overview(_state(door, desk)))


def _opened(door: Door, draw: Callable[[Door, Desk], View], press: Pressed) -> Answer:
    with door.office.look(press.user, door.clock()) as desk:
        desk.require(Operation.ORGANISE)
        return Open(draw(door, desk))


def _state(door: Door, desk: Desk) -> views_setup.SetUp:
    desk.require(Operation.ORGANISE)
    return views_setup.state(desk, door.channel)


def _teams(desk: Desk) -> Groups:
    return grouped({"Teams and services": [(team.id, team.name) for team in desk.teams]})


_DRAWN: dict[Action, Callable[[Door, Desk], View]] = {
    Action.SETUP: lambda door, desk: setup.all_steps(_state(door, desk)),
    Action.SETUP_CHANNEL: lambda door, desk: setup.channel_form(_state(door, desk)),
    Action.SETUP_TEAMS: lambda door, desk: setup.teams_form(_state(door, desk)),
    Action.SETUP_PEOPLE: lambda _door, desk: setup.people_form(_teams(desk)),
    Action.SETUP_RULES: lambda door, desk: setup.rules_form(_state(door, desk)),
    Action.SETUP_HOURS: lambda door, desk: setup.hours_form(_state(door, desk)),
}


def _begun(door: Door, form: Submitted) -> View:
    if not setup_code.is_right(form.values.text("code"), door.setup_code):
        raise FieldProblems({"code": "That is not the code. Ask whoever installed the app to run complaints doctor."})
    with door.office.change(None, door.clock(), form=form.form) as desk:
        registry.setting_up.begin(desk, form.user)
    return setup.taken(["You look after complaints here now.", "This app’s Home tab shows what is left to set up."])


def _channel_chosen(door: Door, form: Submitted) -> View:
    channel = form.values.conversation("channel")
    if channel is None:
        raise FieldProblems({"channel": "Choose a channel."})
    with door.saving(form) as desk:
        registry.council.change_setting(desk, "complaints_channel", channel)
    return setup.taken(
        [
            f"New complaints appear in <#{channel}> from now on.",
            "This app has to be a member: type `/invite @complaints` there, if it isn’t yet.",
        ]
    )


def _teams_entered(door: Door, form: Submitted) -> None:
    with door.saving(form) as desk:
        registry.setting_up.set_teams(desk, form.values.text("teams"), whole=setup.WHOLE in form.carries)


def _people_picked(door: Door, form: Submitted) -> None:
    role = form.values.one("role")
    if role not in set(Role):
        raise FieldProblems({"role": "Choose a role."})
    act = registry.setting_up.end_role if form.values.one("what") == setup.END else registry.setting_up.give_role
    with door.saving(form) as desk:
        act(desk, form.values.people("people"), Role(role), form.values.number("team_id"))


def _rules_checked(door: Door, form: Submitted) -> None:
    count_from, stage2_clock = form.values.one("count_from"), form.values.one("stage2_clock")
    if count_from not in set(CountFrom):
        raise FieldProblems({"count_from": "Choose how days are counted."})
    if stage2_clock not in set(Stage2Clock):
        raise FieldProblems({"stage2_clock": "Choose from when stage 2 runs."})
    with door.saving(form) as desk:
        registry.council.change_setting(desk, "count_from", count_from)
        registry.council.change_setting(desk, "stage2_clock", stage2_clock)


def _hours_changed(door: Door, form: Submitted) -> None:
    hour = form.values.number("nudges_until_hour")
    if hour is None or not 1 <= hour <= _LAST_HOUR:
        raise FieldProblems({"nudges_until_hour": "Choose an hour."})
    with door.saving(form) as desk:
        registry.council.change_setting(desk, "nudges_until_hour", hour)


_SAVED: dict[Form, Callable[[Door, Submitted], View | None]] = {
    Form.SETUP_BEGIN: _begun,
    Form.SETUP_CHANNEL: _channel_chosen,
    Form.SETUP_TEAMS: _teams_entered,
    Form.SETUP_PEOPLE: _people_picked,
    Form.SETUP_RULES: _rules_checked,
    Form.SETUP_HOURS: _hours_changed,
}
