"""`complaints demo`, where it can't be what its reader hopes for."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.cli.demo import running
from bot.demo import county
from bot.practice.person import Person, PersonError
from bot.practice.server import PracticeServer
from tests.roads.town import START


@pytest.mark.slow
def test_a_port_that_is_taken_is_named_with_another() -> None:
    """In a process of its own, as logging and signals are the process's."""
    with PracticeServer(county.workspace()) as server:
        port = server.url.rpartition(":")[2]
        words = [sys.executable, "-c", "from bot.cli import main; main()", "demo", "--port", port]
        ended = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own words
    assert ended.returncode == 1
    assert ended.stderr.strip() == (
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
