"""`complaints calendar …`: the days off, and bank holidays that come late or are moved away."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.opening import office, say_moved, text_of
from bot.cli.wiring import real_clock
from storage import calendars, register
from storage.calendars import Compared
from storage.dates import in_words
from storage.errors import Refusal
from storage.office import Office

_SATURDAY = 5

Day = Annotated[str, typer.Argument(metavar="DATE", help="such as 2026-12-25")]
Title = Annotated[str, typer.Argument(help="what the holiday is called")]


def build() -> typer.Typer:
    """`complaints calendar` with its commands."""
    group = typer.Typer(help="Bank holidays. Open complaints get new due dates when they change.", no_args_is_help=True)
    group.command("show")(show)
    group.command("add")(add)
    group.command("remove")(remove)
    group.command("load")(load)
    return group


def show(year: Annotated[int | None, typer.Argument(help="such as 2026; else this year")] = None) -> None:
    """Lists the bank holidays of a year; weekends are days off as well."""
    with office() as place, place.look(None, real_clock()) as desk:
        chosen = year if year is not None else desk.today.year
        for one in calendars.days_off(desk, chosen, chosen):
            typer.echo(f"{one.day:%Y-%m-%d} {_weekday(one.day.weekday())}  {one.title}{' (added)' * one.since_shipped}")


def add(day: Day, title: Title) -> None:
    """Enters a bank holiday, and gives open complaints new due dates."""
    with office() as place:
        when = _day(day)
        _change(place, Compared(added={when: _title(title)}, removed={}))
    if when.weekday() >= _SATURDAY:
        typer.echo(
            f"{in_words(when)} is at a weekend, which is a day off anyway. If another day is off in its place, add that day too."
        )


def remove(day: Day, title: Title) -> None:
    """Takes out a bank holiday that was moved away, and gives open complaints new due dates."""
    with office() as place:
        _change(place, Compared(added={}, removed={_day(day): _title(title)}))


def load(
    file: Annotated[Path, typer.Argument(help="bank holidays, CSV with the columns date and title")],
    yes: Annotated[bool, typer.Option("--yes", help="change the calendar without asking")] = False,
) -> None:
    """Makes the calendar say what a file says for the years in it: shows what is new and what has gone, then asks."""
    with office() as place:
        listed = calendars.parse(text_of(file))
        with place.look(None, real_clock()) as desk:
            compared = calendars.compare(desk, listed)
        _say(compared)
        if not compared.is_same and not yes and not typer.confirm("Change the calendar like this?"):
            typer.echo("Nothing was changed.")
            return
        if not compared.is_same:
            _change(place, compared)


def _change(place: Office, compared: Compared) -> None:
    with place.change(None, real_clock()) as desk:
        moved = register.council.change_calendar(desk, added=compared.added, removed=compared.removed)
    say_moved(moved)


def _say(compared: Compared) -> None:
    for what, days in (("new", compared.added), ("gone", compared.removed)):
        for day, title in days.items():
            typer.echo(f"  {what:<4}  {day:%Y-%m-%d} {_weekday(day.weekday())}  {title}")
    if compared.is_same:
        typer.echo("The calendar says the same already, so nothing changes.")


def _day(text: str) -> date:
    day = calendars.iso_day(text.strip())
    if day is None:
        raise Refusal("The date has to look like 2026-12-25.")
    return day


def _title(text: str) -> str:
    problem = calendars.title_problem(text.strip())
    if problem:
        raise Refusal(f"{problem[0].upper()}{problem[1:]}.")
    return text.strip()


def _weekday(number: int) -> str:
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[number]
