"""`/complaint compare [team, team …] [period]`: a period with the year before, or several teams with each other."""

from bot.blocks import compare as drawing
from bot.door import Door
from bot.listeners.status import drawn, earlier, narrowed
from bot.papers import png
from bot.papers.paper import Chart, Series
from bot.requests import Answer, Picture, Say, Typed
from storage import figures
from storage.errors import Refusal
from storage.figures import TeamTable
from storage.office import Desk
from storage.permissions import Operation

MOST_TEAMS = 6


def register(door: Door) -> None:
    """Adds the sub-command."""

    def typed(command: Typed) -> Answer:
        return drawn(door, "compare", command, answer)

    door.subcommand(
        "compare",
        "[team, team …] [period]",
        "with the year before, or several teams with each other",
        typed,
        needs=Operation.FIGURES,
    )


def answer(desk: Desk, words: str) -> Say:
    """One team, or all, with the year before; several, which have commas between them, with each other."""
    *others, last = [part.strip() for part in words.split(",")] if words else [""]
    wanted = narrowed(desk, last)

    def table(team_id: int | None) -> TeamTable:
        return figures.team_table(
            desk, wanted.period, team_id=team_id, procedure=wanted.procedure, number=wanted.number
        )

    if not others:
        before = figures.team_table(
            desk,
            earlier(wanted.period, desk),
            team_id=wanted.team_id,
            procedure=wanted.procedure,
            number=wanted.number,
        )
        return Say(drawing.with_year_before(table(wanted.team_id), before))
    ids = [narrowed(desk, name).team_id for name in others]
    if wanted.team_id is None or None in ids:
        raise Refusal("Name the teams with commas between them, then the period: East, West last month.")
    chosen = list(dict.fromkeys([*ids, wanted.team_id]))
    if len(chosen) > MOST_TEAMS:
        raise Refusal(f"That is {len(chosen)} teams, and {MOST_TEAMS} fit beside each other. Name fewer.")
    found = [table(team_id) for team_id in chosen]
    return Say(drawing.teams(found), _picture(found))


def _picture(found: list[TeamTable]) -> Picture:
    names = tuple(table.scope or "" for table in found)
    counts = tuple(float(table.total.received) for table in found)
    said = "; ".join(f"{name} {count:,g}" for name, count in zip(names, counts, strict=True))
    chart = Chart(
        title=f"Received, {found[0].period.label}",
        labels=names,
        series=(Series("Received", counts),),
        text=f"Received: {said}.",
        unit="complaints",
        first="Team",
    )
    return Picture("teams.png", chart.text, lambda: png.chart(chart))
