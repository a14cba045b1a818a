"""A town and a page for the browser tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.roads.browser import open_browser
from tests.roads.town import Town, open_town


@pytest.fixture(params=["socket-sqlite", "http-postgresql"])
def way(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A database's URL and a transport. All four crossings are test_main_job's, since neither knows of the other."""
    transport, engine = request.param.split("-")
    return request.getfixturevalue("sqlite_url" if engine == "sqlite" else "postgres_url"), transport


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    """A fictional county over Socket Mode; tests that want it otherwise have a `town` of their own."""
    with open_town(sqlite_url, "socket") as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desk's width; `pages.picture` looks at a phone's too."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="Europe/London")
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    yield opened
    context.close()
