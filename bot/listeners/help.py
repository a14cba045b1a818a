"""`/complaint` itself: finds the sub-command, and says what there is when it isn't one."""

import re
from difflib import get_close_matches

from bot.blocks.message import Message, clip, safe, section
from bot.blocks.words import listed
from bot.door import COMMAND, Door
from bot.requests import Answer, Say, Typed
from storage.office import Desk
from storage.permissions import Operation

_REFERENCE = re.compile(r"[A-Za-z]{1,6}[- ]\d{4}[- ]\d{1,6}")


def register(door: Door) -> None:
    """Adds `help`."""

    def show_help(typed: Typed) -> Answer:
        with door.office.look(typed.user, door.clock()) as desk:
            return Say(_help(door, desk, f"What you can type as {_roles(desk)}:"))

    door.subcommand("help", "", "this list", show_help)


def listen(door: Door) -> None:
    """Adds the one listener of /complaint, which knows the sub-commands that are there when something is typed."""

    def dispatch(typed: Typed) -> Answer:
        text = typed.words.strip()
        if _REFERENCE.fullmatch(text):
            text = f"show {text}"
        word, _, rest = text.partition(" ")
        known = door.subcommands.get(word.casefold() or "help")
        if known is not None:
            return known.handle(Typed(typed.user, rest.strip(), typed.channel, typed.trigger_id))
        with door.office.look(typed.user, door.clock()) as desk:
            return Say(_help(door, desk, _unknown(door, word)))

    door.command(dispatch)


# What is done to one complaint has a button there, and no command.
_ON_THE_CARD = {
    "claim": "Claim",
    "assign": "Assign…",
    "allocate": "Assign…",
    "acknowledge": "Acknowledge",
    "respond": "Respond…",
    "close": "Respond…",
    "extend": "More…",
    "extension": "More…",
    "correct": "More…",
    "reopen": "More…",
}


def _unknown(door: Door, word: str) -> str:
    near = get_close_matches(word.casefold(), door.subcommands, n=1, cutoff=0.5)
    shown = safe(clip(word, 30))
    on_the_card = _ON_THE_CARD.get(word.casefold())
    if on_the_card:
        return f"There is no {COMMAND} {shown}. Press *{on_the_card}* on the complaint's card. What you can type:"
    if near:
        return f"There is no {COMMAND} {shown}. Did you mean {COMMAND} {near[0]}? What you can type:"
    return f"There is no {COMMAND} {shown}. What you can type:"


def _roles(desk: Desk) -> str:
    """`named manager of East and West`, or `handler`."""
    of: dict[str, list[str]] = {}
    for role, team_id in desk.actor.roles:
        of.setdefault(role.label, []).extend([desk.teams[team_id].name] if team_id is not None else [])
    said = [f"{role} of {listed(sorted(teams))}" if teams else role for role, teams in of.items()]
    return safe(clip(listed(said), 300))


def _help(door: Door, desk: Desk, opening: str) -> Message:
    lines = [
        f"•  `{' '.join(part for part in (COMMAND, command.name, command.usage) if part)}`  {command.summary}"
        for command in door.subcommands.values()
        if command.needs is None or desk.may(command.needs)
    ]
    recording = (
        "To record a message somebody sent you as a complaint, open that message's menu and choose *Record as complaint*. "
        if desk.may(Operation.RECORD)
        else ""
    )
    closing = f"{recording}Your own work is on this app's Home tab."
    text = "\n".join([opening, *lines, closing])
    return Message(text, [section(text)])
