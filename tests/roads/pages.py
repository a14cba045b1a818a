"""The practice page in Chromium: going there as somebody, typing, filling in forms, taking pictures."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bot.demo.county import CHANNEL
from tests.roads.town import Town

ARTEFACTS = Path(__file__).parents[2] / "artefacts"


def visit(page: Page, town: Town, person: str, channel: str = CHANNEL) -> None:
    page.goto("about:blank")
    page.goto(f"{town.server.url}/#as={person}&channel={channel}")
    expect(page.get_by_test_id("composer")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()


def control(modal: Locator, name: str) -> Locator:
    return modal.locator(f"[data-block-id={name}][data-action-id]")


def picture(page: Page, name: str) -> None:
    """One at a desk's width and one at a phone's."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.wait_for_timeout(150)
    page.screenshot(path=ARTEFACTS / f"{name}-1280.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(150)
    page.screenshot(path=ARTEFACTS / f"{name}-390.png")
    page.set_viewport_size({"width": 1280, "height": 800})


def choose(page: Page, label: str, reference: str) -> Locator:
    """Presses *More…* on the card, chooses what to do, and returns the form that opens."""
    page.get_by_role("button", name=f"More to do with {reference}").first.click()
    page.get_by_role("button", name=f"{label} for {reference}").click()
    return page.get_by_test_id("modal").last


def submit(page: Page) -> None:
    page.get_by_test_id("modal-submit").last.click()
