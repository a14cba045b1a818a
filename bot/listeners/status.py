"""`/complaint status [team] [period]`: the figures, team by team."""

from difflib import get_close_matches

from bot.blocks import status as drawing
from bot.blocks.message import Message, clip
from bot.door import Door
from bot.requests import Answer, Say, Typed
from storage import figures
from storage.errors import Refusal
from storage.office import Desk
from storage.periods import EXAMPLES, Period, parse, split_period


def register(door: Door) -> None:
    """Adds the sub-command."""

    def typed(command: Typed) -> Answer:
        with door.office.look(command.user, door.clock()) as desk:
            return Say(answer(desk, command.words))

    door.subcommand("status", "[team] [period]", "the figures, such as `/complaint status East last month`", typed)


def answer(desk: Desk, words: str) -> Message:
    """The table for what was asked. Raises Refusal for a team nobody knows, NotAPeriod for dates that can't be."""
    team_id, period = asked(desk, words)
    table = figures.team_table(desk, period, team_id=team_id)
    return drawing.status(table, figures.team_table(desk, earlier(period, desk), team_id=team_id))


def asked(desk: Desk, words: str) -> tuple[int | None, Period]:
    """The team (None for all) and the period somebody typed, in either order; this financial year when none was."""
    named, period = split_period(words, desk.today, is_team=lambda text: desk.teams.named(text) is not None)
    if period is None:
        period = parse("", desk.today)
    if not named:
        return None, period
    team = desk.teams.named(named)
    if team is None:
        raise Refusal(_unknown(desk, named))
    return team.id, period


def earlier(period: Period, desk: Desk) -> Period:
    """The same period a year before; of a period that is not over yet, only as far as today, so that like meets like."""
    return Period.of(period.first, min(period.last, max(desk.today, period.first))).year_earlier()


def _unknown(desk: Desk, named: str) -> str:
    names = {team.name.casefold(): team.name for team in desk.teams}
    near = [names[name] for name in get_close_matches(named.casefold(), names, n=3, cutoff=0.5)]
    hint = (
        f"Did you mean {' or '.join(near)}?"
        if near
        else "Type a team's name as it is in the table of /complaint status."
    )
    return (
        f"“{clip(named, 40)}” is neither a team nor a period. {hint} For a period: {EXAMPLES[0].lower()}{EXAMPLES[1:]}"
    )
