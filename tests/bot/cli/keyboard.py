"""Commands as somebody types them, on a real database."""

from datetime import date, datetime

import pytest
from typer.testing import CliRunner

import bot.cli.backup
import bot.cli.calendar
import bot.cli.checking
import bot.cli.council
import bot.cli.nudges
import bot.cli.procedures
from bot.cli import build
from storage import register
from storage.database import Database
from storage.register import NewComplaint
from tests import county as people
from tests.county import County

THURSDAY = datetime.fromisoformat("2026-11-05T09:30:00+00:00")
WHERE_TIME_IS_ASKED = (
    bot.cli.backup, bot.cli.calendar, bot.cli.checking, bot.cli.council, bot.cli.nudges, bot.cli.procedures,
)  # fmt: skip


class Typed:
    """`typed("calendar", "show")` gives everything that was printed, and fails the test unless it ended as was to be expected."""

    def __call__(self, *words: str, answer: str | None = None, fails: bool = False) -> str:
        result = CliRunner().invoke(build(), list(words), input=answer)
        said = result.output
        assert result.exit_code == (1 if fails else 0), said
        assert "Traceback" not in said
        assert {"show", "history"}.isdisjoint(words) or fails or all(len(line) <= 80 for line in said.splitlines()), (
            said
        )
        return said


def at_the_keyboard(database: Database, now: datetime, patch: pytest.MonkeyPatch) -> Typed:
    """Somebody at a terminal of 80 columns, where it is `now`."""
    patch.setenv("DATABASE_URL", database.url.render_as_string(hide_password=False))
    patch.setenv("COLUMNS", "80")
    for module in WHERE_TIME_IS_ASKED:
        patch.setattr(module, "real_clock", lambda: now)
    return Typed()


def received_on_monday(county: County) -> str:
    """A complaint of Monday 2 November 2026, due on the 16th."""
    with county.office.change(people.HANDLER, THURSDAY) as desk:
        new = NewComplaint(received_on=date(2026, 11, 2), lead_team_id=county.teams["East"])
        return register.record(desk, new).reference
