"""The practice page with two thousand messages in a channel, against itself with fifty: until it can be used."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser

from bot.demo import county as demo
from bot.practice.person import Person
from bot.practice.server import PracticeServer
from tests.bench.lines import Line, at_most, side_by_side
from tests.roads.browser import open_browser

FEW, MANY = 50, 2_000


def measure(_folder: Path) -> list[Line]:
    """Usable is when the last message is there and something can be typed."""
    with ExitStack() as stack:
        browser = stack.enter_context(open_browser())
        servers = [stack.enter_context(_filled(count)) for count in (FEW, MANY)]
        few, many = side_by_side(
            *(_opened(browser, server, count) for server, count in zip(servers, (FEW, MANY), strict=True))
        )
    return [at_most(f"practice page with {MANY:,} messages until it can be used, against with {FEW}", many, few, 2.0)]


@contextmanager
def _filled(count: int) -> Iterator[PracticeServer]:
    with PracticeServer(replace(demo.workspace(), rates="off")) as server:
        hester = Person(server.url, "U0HESTER")
        for number in range(1, count + 1):
            hester.say(f"Message {number} of {count}", channel=demo.CHANNEL)
        yield server


def _opened(browser: Browser, server: PracticeServer, count: int) -> Callable[[], object]:
    def opened() -> None:
        page = browser.new_page()
        page.goto(f"{server.url}/#as=U0HESTER&channel={demo.CHANNEL}")
        page.get_by_text(f"Message {count} of {count}").wait_for()
        page.get_by_role("textbox").first.fill("I can type")
        page.close()

    return opened
