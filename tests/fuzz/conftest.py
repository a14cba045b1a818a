"""One site for a whole module: what an input changes in its register is put back before the next."""

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest

from storage import schema
from storage.database import Database
from tests.conftest import database_made, open_office
from tests.fuzz.effort import ALL, Tries
from tests.fuzz.site import Site, copied, open_slack
from tests.fuzz.slack import Slack
from tests.fuzz.views import Forms, gather
from tests.fuzz.world import World


@pytest.fixture(scope="session")
def slack() -> Iterator[Slack]:
    with open_slack() as opened:
        yield opened


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, slack: Slack) -> Iterator[Site]:
    url = f"sqlite:///{tmp_path_factory.mktemp('fuzz') / 'complaints.db'}"
    with _built(url, slack) as built:
        yield built


@pytest.fixture(scope="session")
def postgres_site(postgres_server: str, slack: Slack) -> Iterator[Site]:
    with database_made(postgres_server, f"fuzz_{uuid4().hex[:12]}") as url, _built(url, slack) as built:
        yield built


@contextmanager
def _built(url: str, slack: Slack) -> Iterator[Site]:
    """A site in front of a register with one of everything, all of which has been told."""
    database = Database(url)
    schema.upgrade(database)
    World(open_office(database)).build().everything_was_sent()
    put_back = copied(database)
    database.close()
    site = Site(url, slack, put_back)
    yield site
    site.database.close()


@pytest.fixture(scope="session")
def forms(site: Site) -> Forms:
    """Every modal of the app that can be submitted."""
    return gather(site)


@pytest.fixture
def tries(request: pytest.FixtureRequest) -> Iterator[Tries]:
    """How many inputs a test has had; told at the end of a long run."""
    tries = Tries()
    started = time.monotonic()
    yield tries
    seconds = round(time.monotonic() - started, 1)
    request.node.user_properties.append(("inputs", (tries.tried, tries.left_out, seconds)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What a long run came to, also where it ran in several processes."""
    reports = [
        report for found in terminalreporter.stats.values() for report in found if hasattr(report, "user_properties")
    ]
    told = {
        report.nodeid: dict(report.user_properties)["inputs"]
        for report in reports
        if dict(report.user_properties).get("inputs")
    }
    if not told or not ALL:
        return
    terminalreporter.section("inputs")
    for nodeid, (tried, left_out, seconds) in sorted(told.items()):
        late = f", and {left_out:,} left out when its time was over" if left_out else ""
        terminalreporter.write_line(f"{tried:>8,} in {seconds:>6.1f} s  {nodeid.partition('tests/fuzz/')[2]}{late}")
    terminalreporter.write_line(f"{sum(tried for tried, _, _ in told.values()):>8,} in all")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What was written may be no text that can be sent from one process to another, and what is told of a test quotes it."""
    report = yield
    report.sections = [(name, _sendable(said)) for name, said in report.sections]
    if report.longrepr is not None and _sendable(str(report.longrepr)) != str(report.longrepr):
        report.longrepr = _sendable(str(report.longrepr))
    return report


def _sendable(said: str) -> str:
    return said.encode("utf-8", "backslashreplace").decode("utf-8")
