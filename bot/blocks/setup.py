"""Setting up, in Slack: what is done, what is left, and a form for each. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks import forms
from bot.blocks.forms import Groups
from bot.blocks.message import Block, Message, View, actions, button, clip, context, header, safe, section
from bot.blocks.names import Action, Form
from storage.policy import Stage2Clock
from storage.views_setup import Holders, SetUp
from storage.vocabulary import Role
from storage.workdays import CountFrom

GIVE, END = "give", "end"
WHOLE = "whole"
TEAMS_LENGTH = 3000
MOST_NAMED = 6
_SHOWN = 2600
_COUNT_FROM = {
    CountFrom.NEXT_WORKING_DAY: "The working day after receipt is day 1",
    CountFrom.SAME_DAY: "A working day of receipt is day 1",
}
_STAGE2 = {
    Stage2Clock.REQUEST: "Stage 2 runs from the request",
    Stage2Clock.STATEMENT: "Stage 2 runs from the agreed statement of complaint",
}
_ROLES = {
    Role.HANDLER: "Complaints handler: records, allocates, follows",
    Role.COMPLAINTS_MANAGER: "Complaints manager: also approves and sets up",
    Role.NAMED_MANAGER: "Named manager of a team: owns and answers",
    Role.SENIOR_MANAGER: "Senior manager of a service: decides, gets the digest",
    Role.VIEWER: "Viewer: sees figures",
}


def not_begun() -> View:
    """The Home tab for everybody until somebody looks after complaints."""
    said = (
        "*This app is not set up yet.* It records complaints about children’s social care, gives each one a named manager, and "
        "keeps to the law’s working days.\nIf you look after complaints in your council, begin here. You need a code: ask "
        "whoever installed the app for the one that `complaints doctor` prints."
    )
    return {
        "type": "home",
        "blocks": [
            header("Complaints"),
            section(said),
            actions(button("Set this app up…", Action.SETUP_BEGIN, "begin", style="primary")),
        ],
    }


def begin_form() -> View:
    """Asks for the code."""
    return forms.modal(
        Form.SETUP_BEGIN,
        "Set this app up",
        [
            section(
                "You become its first complaints manager: you say who does what, and you can give that role to others."
            ),
            forms.field(
                "code",
                "Code",
                forms.text(most=20, placeholder="ABCD-EFGH"),
                hint="Whoever installed the app gets it from complaints doctor.",
            ),
        ],
        submit="Begin",
    )


def overview(setup: SetUp) -> Message:
    """What `/complaint setup` says."""
    blocks = steps(setup)
    return Message("\n".join(_said(setup)), blocks)


def notice(setup: SetUp) -> Block:
    """One line on the Home tab of who can do something about it."""
    return section(f"This app {_left(setup)}.", accessory=button("Set up…", Action.SETUP, "setup"))


def all_steps(setup: SetUp) -> View:
    """The same as a modal, from which each part opens."""
    return forms.modal(Form.NOTE, "Set up", steps(setup), close="Close")


def steps(setup: SetUp) -> list[Block]:
    """A line and a button for each part, in the order in which they need each other."""
    heading = "Set up" if setup.done else f"Set up: {_left(setup)}"
    parts = zip(_said(setup), _BUTTONS, strict=True)
    blocks = [header(heading)]
    for said, (label, action, what) in parts:
        blocks.append(section(said, accessory=button(label, action, "setup", describe=f"{label} {what}")))
    blocks.append(context(_ROUNDED_OFF if setup.done else _MORE))
    return blocks


_BUTTONS = (
    ("Choose…", Action.SETUP_CHANNEL, "the channel for complaints"),
    ("Enter…", Action.SETUP_TEAMS, "the teams"),
    ("Pick…", Action.SETUP_PEOPLE, "people and their roles"),
    ("Check…", Action.SETUP_RULES, "how days are counted"),
    ("Change…", Action.SETUP_HOURS, "until when people are nudged"),
)
_MORE = (
    "Whoever runs the app can also load teams, people and themes from a file with `complaints org load`, and past complaints "
    "with `complaints import`."
)
_ROUNDED_OFF = f"Everything that is needed is there: type /complaint new. {_MORE}"


def _left(setup: SetUp) -> str:
    missing = [
        *([] if setup.channel else ["a channel"]),
        *([] if setup.teams else ["teams"]),
        *([f"a named manager for {safe(clip(', '.join(setup.unmanaged), 200))}"] if setup.unmanaged else []),
        *([] if setup.has_handler else ["somebody who handles complaints"]),
    ]
    return f"still needs {', '.join(missing)}"


def _said(setup: SetUp) -> list[str]:
    where = (
        f"New complaints appear in <#{setup.channel}>." if setup.channel else "*To do.* Where new complaints appear."
    )
    count = f"{len(setup.teams)} teams and services: {_teams(setup)}"
    return [
        f"*1. Channel*\n{where} Make it a private one, and invite this app: `/invite @complaints`.",
        f"*2. Teams*\n{count if setup.teams else '*To do.* The teams that answer complaints.'}",
        f"*3. People*\n{_people(setup)}",
        f"*4. Procedure and days*\n{', '.join(safe(one) for one in setup.procedures)}. {_COUNT_FROM[setup.count_from]}. "
        f"{_STAGE2[setup.stage2_clock]}.",
        f"*5. Working hours*\nNothing is sent after {setup.until_hour:02d}:00 of somebody’s own day. From which hour, everybody "
        "says for themselves: /complaint hour 8.",
    ]


def _teams(setup: SetUp) -> str:
    return safe(clip(", ".join(name for name, _ in setup.teams), 500)) + "."


def _people(setup: SetUp) -> str:
    lines = [_holders(one) for one in setup.holders]
    if setup.unmanaged:
        lines.append(f"*To do.* No named manager yet: {safe(clip(', '.join(setup.unmanaged), 400))}.")
    return clip("\n".join(lines), _SHOWN)


def _holders(held: Holders) -> str:
    names = ", ".join(f"<@{one.slack_id}>" for one in held.people[:MOST_NAMED])
    more = f" and {len(held.people) - MOST_NAMED} more" if len(held.people) > MOST_NAMED else ""
    where = f", {safe(held.team)}" if held.team else ""
    return f"•  {held.role.label.capitalize()}{where}: {names}{more}"


def channel_form(setup: SetUp) -> View:
    """Picks the channel that cards go to."""
    element: Block = {
        "type": "conversations_select",
        "action_id": forms.INPUT,
        "placeholder": {"type": "plain_text", "text": "Choose a channel"},
        "filter": {
            "include": ["private", "public"],
            "exclude_bot_users": True,
            "exclude_external_shared_channels": True,
        },
    }
    if setup.channel:
        element["initial_conversation"] = setup.channel
    return forms.modal(
        Form.SETUP_CHANNEL,
        "Channel",
        [
            forms.field(
                "channel",
                "Where new complaints appear",
                element,
                hint="A private channel with the managers of all teams. What a complaint is about can be read there.",
            ),
        ],
        submit="Choose",
    )


def teams_form(setup: SetUp) -> View:
    """The teams as they stand, to be added to."""
    written = "\n".join(f"{'-' * depth} {name}".strip() for name, depth in setup.teams)
    # Half a list would end in half a name, which would be a team of its own.
    fits = len(written) <= TEAMS_LENGTH
    return forms.modal(
        Form.SETUP_TEAMS,
        "Teams",
        [
            section("One team a line. Put the teams of a service under it, with a dash in front."),
            forms.field(
                "teams",
                "Teams" if fits else "New teams",
                forms.text(
                    most=TEAMS_LENGTH,
                    several_lines=True,
                    written=written if fits else None,
                    placeholder="Localities\n- First Response\n- Assessment",
                ),
                hint="A line that you take away closes no team: complaints may be with it."
                if fits
                else "There are too many to show. Type new ones, each under its service.",
            ),
        ],
        submit="Save",
        carries={WHOLE: "yes"} if fits else {},
    )


def people_form(teams: Groups) -> View:
    """Gives people a role, or ends one."""
    picked: Block = {
        "type": "multi_users_select",
        "action_id": forms.INPUT,
        "placeholder": {"type": "plain_text", "text": "Pick from Slack"},
    }
    blocks = [forms.field("people", "People", picked), forms.field("role", "Role", _one_of(_ROLES))]
    if any(teams.values()):
        blocks.append(
            forms.field(
                "team_id",
                "Team or service",
                forms.choose_grouped(teams, placeholder="Choose"),
                hint="For named and senior managers. A service stands for all its teams.",
                optional=True,
            )
        )
    blocks.append(
        forms.field("what", "What to do", _one_of({GIVE: "Give them this role", END: "End this role of theirs"}, GIVE))
    )
    return forms.modal(Form.SETUP_PEOPLE, "People", blocks, submit="Save")


def rules_form(setup: SetUp) -> View:
    """The two questions of counting that councils answer otherwise."""
    return forms.modal(
        Form.SETUP_RULES,
        "Procedure and days",
        [
            section(
                f"In force: {', '.join(safe(one) for one in setup.procedures)}. Whoever runs the app can "
                "print their stages, limits and sources with `complaints procedure show`. Open complaints get new dates when you "
                "change these."
            ),
            forms.field(
                "count_from",
                "How days are counted",
                _one_of(_COUNT_FROM, setup.count_from),
                hint="Believed to be the working day after receipt; ask your legal team.",
            ),
            forms.field(
                "stage2_clock",
                "From when stage 2 runs",
                _one_of(_STAGE2, setup.stage2_clock),
                hint="Disputed; figures show the other as well.",
            ),
        ],
        submit="Save",
    )


def _one_of(choices: Mapping[Any, str], chosen: str | None = None) -> Block:
    return forms.choose([(str(value), said) for value, said in choices.items()], placeholder="Choose", chosen=chosen)


def hours_form(setup: SetUp) -> View:
    """Until which hour people are nudged."""
    hours = [(str(hour), f"{hour:02d}:00") for hour in range(12, 25)]
    return forms.modal(
        Form.SETUP_HOURS,
        "Working hours",
        [
            forms.field(
                "nudges_until_hour",
                "Nothing is sent after",
                forms.choose(hours, placeholder="Choose", chosen=str(setup.until_hour)),
                hint="Of a person’s own day. What comes later goes out on the next working day.",
            )
        ],
        submit="Save",
    )


def joined(*, is_for_cards: bool, cards: str | None) -> Message:
    """What a channel is told that the app was added to. `cards`: where new complaints appear, when that is known."""
    if is_for_cards:
        said = (
            "*New complaints appear here.* Each is a card: a manager of its team presses *Claim* and owns it until it is "
            "resolved. What it is about is in the thread under it. Nothing that is written here is kept."
        )
    else:
        where = f"New complaints appear in <#{cards}>. " if cards else ""
        said = (
            f"*This app keeps the council’s complaints about children’s social care.* {where}In this channel it hears nothing, "
            "unless a complaints manager types `/complaint listen on`. To record a message as a complaint, use *Record as "
            "complaint* in its menu."
        )
    text = f"{said} `/complaint help` says what you can do."
    return Message(text, [section(text)])


def taken(said: Sequence[str]) -> View:
    """What was saved, and what comes next."""
    return forms.modal(Form.NOTE, "Saved", [section("\n".join(said))], close="Close")
