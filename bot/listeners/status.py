"""`/complaint status [team] [period] [procedure] [stage]`: the figures, team by team."""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from bot.blocks import behind
from bot.blocks import status as drawing
from bot.blocks.message import Message, clip
from bot.door import Door
from bot.requests import Answer, Say, Typed
from storage import figures
from storage.dates import london_day
from storage.errors import Refusal
from storage.office import Desk
from storage.periods import EXAMPLES, Period, parse, split_period
from storage.permissions import Operation
from storage.teams import TeamFacts

T = TypeVar("T")

_MOST_NEAR = 4
_STAGE = re.compile(r"\bstage ([1-9])\b", re.IGNORECASE)


def register(door: Door) -> None:
    """Adds the sub-command."""

    def typed(command: Typed) -> Answer:
        return Say(drawn(door, "status", command, answer))

    door.subcommand(
        "status",
        "[team] [period] [stage 2]",
        "the figures, such as `/complaint status last month`",
        typed,
        needs=Operation.FIGURES,
    )


def _rights(desk: Desk) -> Hashable:
    return desk.may(Operation.FIGURES), desk.may(Operation.SEE)


def drawn(
    door: Door, what: str, command: Typed, draw: Callable[[Desk, str], T], rights: Callable[[Desk], Hashable] = _rights
) -> T:
    """What is drawn of figures for somebody, from memory while nothing has changed.

    In a meeting many ask the same: what was drawn for one is drawn for all who may see as much, which `rights` tells apart.
    """
    now, moment = door.clock(), door.office.memory.moment()

    def seen() -> T:
        with door.office.look(command.user, now) as desk:
            return moment.once((what, desk.today, rights(desk), command.words), lambda: draw(desk, command.words))

    return moment.once((what, command.user, london_day(now), command.words), seen)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: a team (None for all), a period, a procedure and one of its stages."""

    team_id: int | None
    period: Period
    procedure: str
    number: int


def answer(desk: Desk, words: str) -> Message:
    """The table for what was asked. Raises Refusal for a team nobody knows, NotAPeriod for dates that can't be."""
    wanted = narrowed(desk, words)

    def table(period: Period) -> figures.TeamTable:
        return figures.team_table(
            desk, period, team_id=wanted.team_id, procedure=wanted.procedure, number=wanted.number
        )

    opens = behind.carried(wanted.team_id, wanted.period, wanted.procedure, wanted.number)
    return drawing.status(
        table(wanted.period),
        table(earlier(wanted.period, desk)),
        opens=behind.value(opens) if desk.may(Operation.SEE) else None,
    )


def narrowed(desk: Desk, words: str, default: Period | None = None) -> Asked:
    """The team and period, and which procedure and stage when it isn't the first: `corporate stage 2 East last month`.

    `default` is the period when none was typed; without it, this financial year.
    """
    first = next(iter(desk.procedures))
    try:
        return Asked(*asked(desk, words, default), first, 1)
    except Refusal:
        left, number = _taken(words, _STAGE)
        procedure = first
        for name in desk.procedures:
            left, found = _taken(left, re.compile(rf"\b({re.escape(name)})\b", re.IGNORECASE))
            procedure = name if found else procedure
        if left == words:
            raise
    stage = int(number or 1)
    if not desk.procedures[procedure].has_stage(stage):
        raise Refusal(f"{desk.procedures[procedure].title} has no stage {stage}. Type another stage, or leave it out.")
    return Asked(*asked(desk, left, default), procedure, stage)


def _taken(words: str, pattern: re.Pattern[str]) -> tuple[str, str | None]:
    """What is left of the words without what the pattern finds, and that."""
    match = pattern.search(words)
    return (" ".join(f"{words[: match.start()]} {words[match.end() :]}".split()), match[1]) if match else (words, None)


def asked(desk: Desk, words: str, default: Period | None = None) -> tuple[int | None, Period]:
    """The team (None for all) and the period somebody typed, in either order; `default`, or else this year, when none was.

    A team may go by any words of its name that no other team has. Raises Refusal; NotAPeriod.
    """
    named, period = split_period(words, desk.today, is_team=lambda text: desk.teams.named(text) is not None)
    if period is None:
        period = default or parse("", desk.today)
    if period.first > desk.today:
        raise Refusal(f"{period.label} has not begun. Choose a period that has.")
    if not named:
        return None, period
    team, holding = desk.teams.named(named), desk.teams.holding(named)
    if team is None and len(holding) == 1:
        # Nobody types "Strengthening Families East" who knows it as East.
        return holding[0].id, period
    if team is None:
        raise Refusal(_unknown(desk, named, holding))
    return team.id, period


def earlier(period: Period, desk: Desk) -> Period:
    """The same period a year before; of a period that is not over yet, only as far as today, so that like meets like."""
    return period.so_far(desk.today).year_earlier()


def _unknown(desk: Desk, named: str, holding: Sequence[TeamFacts]) -> str:
    names = {team.name.casefold(): team.name for team in desk.teams}
    near = [names[name] for name in get_close_matches(named.casefold(), names, n=3, cutoff=0.5)]
    near = [team.name for team in holding[:_MOST_NEAR]] or near
    hint = (
        f"Did you mean {' or '.join(near)}?"
        if near
        else "Type a team's name as it is in the table of /complaint status."
    )
    return (
        f"“{clip(named, 40)}” is neither a team nor a period. {hint} For a period: {EXAMPLES[0].lower()}{EXAMPLES[1:]}"
    )
