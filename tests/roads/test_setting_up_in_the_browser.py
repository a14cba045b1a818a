"""A first hour in Chromium: from an app that nobody has set up to its first card, without a file being edited."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page, expect

from bot import setup_code
from bot.cli.demo import settings
from bot.cli.wiring import Wired
from bot.demo import county
from bot.practice.person import Person
from bot.practice.server import PracticeServer
from jobs.delivery import Delivery
from jobs.tick import tick
from storage import schema
from tests.patience import PATIENT
from tests.roads.pages import control, nothing_to_object_to, picture, say
from tests.roads.town import START

pytestmark = pytest.mark.browser


@dataclass
class Fresh:
    """A workspace with the app installed, and a register with nothing in it."""

    server: PracticeServer
    wired: Wired
    delivery: Delivery

    def beat(self) -> None:
        tick(self.wired.office, self.server.clock.now())
        self.delivery.run()


@pytest.fixture
def fresh(sqlite_url: str) -> Iterator[Fresh]:
    seed = replace(county.workspace(start=START), rates="off")
    with PracticeServer(seed) as server:
        given = settings(server.api_url, sqlite_url).model_copy(update={"complaints_channel": None})
        with Wired(given, server.clock.now, PATIENT) as wired:
            schema.upgrade(wired.database)
            socket, delivery = wired.socket(wired.app()), wired.delivery()
            socket.connect()
            yield Fresh(server, wired, delivery)
            socket.finish()
            delivery.close()


def test_the_app_is_set_up_from_its_home_tab_and_takes_its_first_complaint(page: Page, fresh: Fresh) -> None:
    page.goto(f"{fresh.server.url}/#as=U0CORA&home=1")
    home, modal = page.get_by_test_id("home"), page.get_by_test_id("modal").last
    expect(home).to_contain_text("This app is not set up yet")
    nothing_to_object_to(page)
    picture(page, "setup-1-not-begun", zoomed=True)
    home.get_by_role("button", name="Set this app up").click()
    control(modal, "code").fill("AAAA-AAAA")
    page.get_by_test_id("modal-submit").last.click()
    expect(modal).to_contain_text("That is not the code")
    nothing_to_object_to(page)
    control(modal, "code").fill(setup_code.code_of(county.BOT_TOKEN).lower())
    page.get_by_test_id("modal-submit").last.click()
    expect(modal).to_contain_text("You look after complaints here now")
    page.get_by_test_id("modal-close").last.click()

    expect(home).to_contain_text("Set up: still needs a channel, teams")
    nothing_to_object_to(page)
    picture(page, "setup-2-home", zoomed=True)
    home.get_by_role("button", name="the channel for complaints").click()
    control(modal, "channel").fill("complaints")
    page.keyboard.press("Enter")
    page.get_by_test_id("modal-submit").last.click()
    expect(modal).to_contain_text("from now on")
    page.get_by_test_id("modal-close").last.click()
    expect(home).to_contain_text("Set up: still needs teams")

    home.get_by_role("button", name="Enter").click()
    control(modal, "teams").fill("Localities\n- First Response\n- Assessment")
    nothing_to_object_to(page)
    picture(page, "setup-3-teams", zoomed=True)
    page.get_by_test_id("modal-submit").last.click()
    expect(page.get_by_test_id("modal")).to_have_count(0)
    expect(home).to_contain_text("still needs a named manager for Assessment, First Response")

    home.get_by_role("button", name="people and their roles").click()
    for name in ("Mabel", "Noor"):
        control(modal, "people").fill(name)
        page.keyboard.press("Enter")
    _select(page, "role", "Named manager of a team: owns and answers")
    _select(page, "team_id", "Localities")
    nothing_to_object_to(page)
    picture(page, "setup-4-people", zoomed=True)
    page.get_by_test_id("modal-submit").last.click()
    expect(page.get_by_test_id("modal")).to_have_count(0)
    expect(home).to_contain_text("Without a named manager")
    nothing_to_object_to(page)
    picture(page, "setup-5-done", zoomed=True)

    _first_complaint(page, fresh)


def test_the_app_says_what_it_is_where_it_is_added(page: Page, fresh: Fresh) -> None:
    mabel = Person(fresh.server.url, "U0MABEL")
    page.goto(f"{fresh.server.url}/#as=U0MABEL&channel={mabel.channel('first-response')}")
    say(page, "/invite @complaints")
    expect(page.get_by_test_id("messages")).to_contain_text("This app keeps the council’s complaints")
    nothing_to_object_to(page)
    picture(page, "setup-6-joined", zoomed=True)


def _select(page: Page, name: str, label: str) -> None:
    control(page.get_by_test_id("modal").last, name).select_option(label=label)


def _first_complaint(page: Page, fresh: Fresh) -> None:
    """Is recorded, and its card offered to the managers that were picked."""
    modal = page.get_by_test_id("modal").last
    page.goto("about:blank")
    page.goto(f"{fresh.server.url}/#as=U0CORA&channel={county.CHANNEL}")
    say(page, "/complaint new")
    _select(page, "lead_team_id", "First Response")
    control(modal, "summary").fill("Calls were not returned for three weeks")
    _select(page, "customer_group", "Parent")
    _select(page, "contact_method", "Letter")
    page.get_by_test_id("modal-submit").last.click()
    expect(modal).to_contain_text("is recorded")
    page.get_by_test_id("modal-close").last.click()
    fresh.beat()
    expect(page.get_by_test_id("messages")).to_contain_text("First Response managers: press Claim to own it")
