"""`complaints settings …`, and where the commands about the whole council come together."""

import json
from typing import Annotated, Any

import typer

from bot.cli import calendar, nudges, procedures
from bot.cli.opening import office, say, say_moved
from bot.cli.wiring import real_clock
from storage import register
from storage.policy import Policy


def add_to(cli: typer.Typer) -> None:
    """Adds `procedure`, `settings`, `calendar` and `nudges` to the command line."""
    settings = typer.Typer(help="What the council can set, each with a default.", no_args_is_help=True)
    settings.command("show")(show)
    settings.command("set")(set_one)
    cli.add_typer(procedures.build(), name="procedure")
    cli.add_typer(settings, name="settings")
    cli.add_typer(calendar.build(), name="calendar")
    cli.add_typer(nudges.build(), name="nudges")


def show() -> None:
    """Lists every setting with its value, its default and what it does."""
    with office() as place, place.look(None, real_clock()) as desk:
        values = desk.policy.model_dump(mode="json")
    defaults = Policy().model_dump(mode="json")
    for key, field in Policy.model_fields.items():
        is_default = values[key] == defaults[key]
        say(f"{key} = {_shown(values[key])}")
        say(str(field.description), indent=4)
        say("This is the default." if is_default else f"Default: {_shown(defaults[key])}", indent=4)


def set_one(
    key: Annotated[str, typer.Argument(help="as complaints settings show lists it")],
    value: Annotated[str, typer.Argument(help='a word, a number, or JSON such as ["Letter", "E-mail"]')],
) -> None:
    """Changes a setting; where it moves clocks, open complaints get new due dates."""
    with office() as place, place.change(None, real_clock()) as desk:
        moved = register.council.change_setting(desk, key, _read(value))
        now = desk.policy.model_dump(mode="json")[key]
    typer.echo(f"{key} = {_shown(now)}")
    if moved or key in register.council.MOVES_CLOCKS:
        say_moved(moved)


def _read(value: str) -> Any:
    """JSON where it is that, else the text as it stands."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
