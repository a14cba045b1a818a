"""`complaints nudges …`: the ladder as it is in force, and how a council moves a rung."""

from collections.abc import Sequence
from typing import Annotated

import typer

from bot.blocks import nudging
from bot.cli.opening import office, say
from bot.cli.wiring import real_clock
from storage import register
from storage.ladder import Change

Name = Annotated[str, typer.Argument(metavar="RULE", help='as complaints nudges show lists it, such as "due in 5"')]


def build() -> typer.Typer:
    """`complaints nudges` with its commands."""
    group = typer.Typer(help="The rules of nudges: when the app speaks, and to whom.", no_args_is_help=True)
    group.command("show")(show)
    group.command("set")(set_one)
    group.command("reset")(reset)
    return group


def show() -> None:
    """Lists every rule: when the nudge comes, whether it comes again, who gets it, and what the council has set."""
    with office() as place, place.look(None, real_clock()) as desk:
        for line in nudging.lines(desk.ladder, desk.policy.ladder):
            say(line)


def set_one(
    name: Name,
    days: Annotated[int | None, typer.Option(min=-60, max=60, help="working days; negative for overdue")] = None,
    every: Annotated[int | None, typer.Option(min=1, max=60, help="again after so many working days")] = None,
    off: Annotated[bool, typer.Option("--off", help="leave this rule out")] = False,
) -> None:
    """Changes a rule, or leaves it out."""
    with office() as place, place.change(None, real_clock()) as desk:
        register.nudging.change_rung(desk, name, Change(days=days, every=every, off=off))
        _say_one(nudging.lines(desk.ladder, desk.policy.ladder), name)


def reset(name: Name) -> None:
    """Puts a rule back as it came."""
    with office() as place, place.change(None, real_clock()) as desk:
        register.nudging.change_rung(desk, name, None)
        _say_one(nudging.lines(desk.ladder, desk.policy.ladder), name)


def _say_one(lines: Sequence[str], name: str) -> None:
    say(next(line for line in lines if line.startswith(f"{name}:")))
