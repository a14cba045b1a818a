"""`complaints check` and `complaints history`, as somebody types them."""

from datetime import date, datetime
from pathlib import Path

import pytest

from storage import register
from storage.database import Database
from storage.register import Response
from tests import county as people
from tests.bot.cli.keyboard import Typed, at_the_keyboard
from tests.county import County
from tests.storage.tampering import forge, tamper

pytestmark = pytest.mark.slow


@pytest.fixture
def typed(county: County, database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Typed:
    return at_the_keyboard(database, now, monkeypatch)


@pytest.fixture
def reference(county: County, now: datetime) -> str:
    reference = county.record(
        now, received=date(2026, 11, 2), summary="Calls were not returned for three weeks."
    ).reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
        register.respond(desk, reference, Response(responded_on=date(2026, 11, 12), outcome="no_fault"))
    return reference


def seal_in(said: str) -> str:
    (line,) = [line for line in said.splitlines() if line.startswith("Seal: ")]
    return line.removeprefix("Seal: ")


def test_a_register_that_is_as_it_was_recorded_is_well(typed: Typed, reference: str) -> None:
    said = typed("check")
    assert "1 complaint with 3 events looked at: nothing differs.\n" in said
    assert seal_in(said).startswith("3:")


def test_each_difference_is_a_line_and_scripts_hear_of_it(typed: Typed, county: County, reference: str) -> None:
    tamper(county.office.database, "UPDATE stage SET days_taken = 9, limit_days = 11")
    tamper(county.office.database, "UPDATE free_text SET body = 'All was well.'")
    said = typed("check", fails=True)
    assert "  CS-2026-0001: the text of event 1 is not the one that was written\n" in said
    assert "  CS-2026-0001: stage 1 is not as it was frozen: limit is 11, was 10, taken is 9, was 8\n" in said
    assert "looked at: 2 differences.\n" in said


def test_a_seal_that_was_noted_holds_while_complaints_go_on(
    typed: Typed, county: County, now: datetime, reference: str
) -> None:
    seal = seal_in(typed("check"))
    county.record(now, received=date(2026, 11, 3))
    said = typed("check", "--seal", seal)
    assert "Everything up to event 3 is unchanged since the seal you gave was made.\n" in said
    assert seal_in(said) != seal


def test_a_seal_that_no_longer_holds_is_told_although_nothing_differs(
    typed: Typed, county: County, reference: str
) -> None:
    seal = seal_in(typed("check"))
    forge(county.office, reference, 2, "actor_id", "2")
    said = typed("check", "--seal", seal, fails=True)
    assert "nothing differs." in said
    assert "The seal you gave no longer holds" in said


@pytest.mark.parametrize("seal", ["12", "yesterday's", "3:abc"])
def test_what_is_not_a_seal_is_refused(typed: Typed, seal: str) -> None:
    assert "That is not a seal." in typed("check", "--seal", seal, fails=True)


def test_a_history_is_told_in_plain_english(typed: Typed, reference: str) -> None:
    said = typed("history", "cs 2026 1")
    assert said.splitlines()[:3] == [f"{reference}, Children's statutory procedure", "", "Stage 1: Local resolution"]
    assert "  2  2026-11-23  Mabel Eastwood claimed this and owns it until it is resolved.\n" in said
    flowing = " ".join(said.split())
    assert "What it is about: Calls were not returned for three weeks. Recorded on 23 November 2026." in flowing
    assert "Mabel Eastwood recorded the response of 12 November 2026: No fault. It took 8 working days" in flowing


def test_what_somebody_wrote_gives_no_orders_to_the_terminal(typed: Typed, county: County, now: datetime) -> None:
    summary = "Letters \x1b[8mwent\x9b8m \x07unanswered"
    reference = county.record(now, received=now.date(), summary=summary).reference
    for command in ("history", "subject-access"):
        said = typed(command, reference)
        assert {"\x1b", "\x9b", "\x07"}.isdisjoint(said), command
        assert "Letters [8mwent8m unanswered" in " ".join(said.split()), command


def test_a_text_that_retention_cleared_is_said_to_be(typed: Typed, county: County, reference: str) -> None:
    tamper(county.office.database, "UPDATE free_text SET body = NULL, key = NULL")
    assert "text cleared" in typed("history", reference)


@pytest.mark.parametrize("reference", ["CS-2026-0099", "Anna Example"])
def test_a_history_that_is_not_there_is_refused_in_words(typed: Typed, reference: str) -> None:
    said = typed("history", reference, fails=True)
    assert "References look like CS-2026-0042" in said
    assert "Anna" not in said


@pytest.mark.parametrize("command", ["check", "history", "settings", "calendar", "procedure"])
def test_a_database_that_is_not_up_to_date_is_told(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    more = {"history": ["CS-2026-0001"], "settings": ["show"], "calendar": ["show"], "procedure": ["list"]}
    assert "Run complaints db upgrade first." in typed(command, *more.get(command, []), fails=True)


def test_a_database_that_is_away_is_told(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert "The register can't be reached just now" in typed("check", fails=True)
