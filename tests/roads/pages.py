"""The practice page in Chromium: going there as somebody, typing, filling in forms, taking pictures."""

import os
from datetime import date
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect

from bot.demo.county import CHANNEL
from storage.dates import in_words
from tests.roads.town import Town

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "artefacts"
# To see everything at 200 % is to have half as many pixels each way.
SIZES: dict[str, ViewportSize] = {
    "1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}, "200": {"width": 640, "height": 400},
}  # fmt: skip
# What the README shows, when it is made anew: `make pictures`.
SHOWN = {
    "guide-1-record-1280": "demo", "guide-2-claim-1280": "card", "guide-5-respond-390": "nudge", "6-status-1280": "status",
    "7-home-1280": "home",
}  # fmt: skip


def visit(page: Page, town: Town, person: str, channel: str = CHANNEL) -> None:
    page.goto("about:blank")
    page.goto(f"{town.server.url}/#as={person}&channel={channel}")
    expect(page.get_by_test_id("composer")).to_be_visible()


def visit_messages(page: Page, town: Town, person: str) -> Locator:
    """What the app has told somebody directly; returns the messages."""
    visit(page, town, person, channel=town.person(person).dm_with_app())
    return page.get_by_test_id("messages")


def visit_home(page: Page, town: Town, person: str) -> Locator:
    """Somebody's Home tab; returns what it shows."""
    visit_messages(page, town, person)
    page.get_by_test_id("home-tab").click()
    return page.get_by_test_id("home")


def move(page: Page, town: Town, day: date) -> None:
    """Moves the clock to nine in the morning of this day with the page's own control; then the worker works."""
    page.get_by_test_id("clock-date").fill(day.isoformat())
    page.get_by_test_id("clock-go").click()
    expect(page.get_by_test_id("clock-now")).to_contain_text(in_words(day).rpartition(" ")[0])
    town.beat()


def say(page: Page, text: str) -> None:
    page.get_by_test_id("composer").fill(text)
    page.get_by_test_id("send").click()


def control(modal: Locator, name: str) -> Locator:
    return modal.locator(f'[data-block-id="{name}"][data-action-id]')


def picture(page: Page, name: str, *, zoomed: bool = False) -> None:
    """One at a desk's width and one at a phone's; `zoomed`, one at the desk's with everything twice as large."""
    ARTEFACTS.mkdir(exist_ok=True)
    for called, size in SIZES.items():
        if called == "200" and not zoomed:
            continue
        page.set_viewport_size(size)
        page.wait_for_timeout(150)
        taken = ARTEFACTS / f"{name}-{called}.png"
        page.screenshot(path=taken)
        if "PICTURES" in os.environ and taken.stem in SHOWN:
            _kept(taken, Path(os.environ["PICTURES"]) / f"{SHOWN[taken.stem]}.png")
    page.set_viewport_size(SIZES["1280"])


def nothing_to_object_to(page: Page) -> None:
    """axe-core finds no violation and nothing is wider than the screen: at a desk's width, a phone's, and at twice the size."""
    for called, size in SIZES.items():
        page.set_viewport_size(size)
        page.wait_for_timeout(150)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{called}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), called
    page.set_viewport_size(SIZES["1280"])


def _kept(taken: Path, place: Path) -> None:
    """As few bytes as a screen of few colours needs."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(taken) as image:
        image.convert("RGB").quantize(96).save(place, optimize=True)


def choose(page: Page, label: str, reference: str) -> Locator:
    """Presses *More…* on the card, chooses what to do, and returns the form that opens."""
    page.get_by_role("button", name=f"More to do with {reference}").first.click()
    page.get_by_role("button", name=f"{label} for {reference}").click()
    return page.get_by_test_id("modal").last


def press(page: Page, name: str) -> None:
    """Presses the newest button of this name; in messages the newest is the last."""
    page.get_by_role("button", name=name, exact=True).last.click()


def submit(page: Page) -> None:
    page.get_by_test_id("modal-submit").last.click()
