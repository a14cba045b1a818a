"""`complaints demo`, where it can't be what its reader hopes for."""

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from bot.cli import build
from bot.cli.demo import running
from bot.demo import county
from bot.practice.person import Person, PersonError
from bot.practice.server import PracticeServer
from tests.roads.town import START


def test_a_port_that_is_taken_is_named_with_another(monkeypatch: pytest.MonkeyPatch) -> None:
    # Who asks the main thread to stop is no business of this test.
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with PracticeServer(county.workspace()) as server:
        port = server.url.rpartition(":")[2]
        result = CliRunner().invoke(build(), ["demo", "--port", port])
    assert result.exit_code == 1
    assert result.output.strip() == (
        f"Port {port} is taken, perhaps by another demo. Stop that one, or choose another port: complaints demo --port "
        f"{int(port) + 1}"
    )


@pytest.mark.slow
def test_the_clock_goes_no_further_than_working_days_are_known() -> None:
    with running(0, START) as trial:
        hester = Person(trial.server.url, "U0HESTER")
        far = datetime(2031, 11, 1, tzinfo=UTC)
        with pytest.raises(PersonError, match="it goes as far as 30 December 2029 here"):
            hester.move_clock(to=far)
        assert trial.server.clock.now() - START < timedelta(minutes=5)
