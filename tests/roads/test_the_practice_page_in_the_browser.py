"""The practice page's own screens in Chromium, and its modals with the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from bot.cli.demo import Trial, running
from bot.demo.county import CHANNEL
from bot.practice.person import Person
from tests.roads.pages import ARTEFACTS, SIZES, control, objections, picture, say, visit
from tests.roads.town import START, Town

pytestmark = pytest.mark.browser

REFERENCE = "CS-2026-0011"


@pytest.fixture
def trial() -> Iterator[Trial]:
    with running(0, START) as found:
        yield found


def test_nobody_could_object_to_the_guide_and_to_what_it_opens(page: Page, trial: Trial) -> None:
    page.goto(trial.address)
    guide, faults = page.get_by_test_id("guide"), []
    expect(guide).to_contain_text("Step 1 of 6")
    expect(page.get_by_test_id("messages")).to_contain_text("Nobody yet", timeout=20_000)
    guide.get_by_test_id("guide-chapters").click()
    faults += looked(page, "chapters")
    titles = page.get_by_role("menuitem").all_inner_texts()
    page.get_by_role("menuitem", name="Start afresh").click()
    faults += looked(page, "whether to start afresh")
    picture(page, "screen-start-afresh", zoomed=True)
    page.get_by_test_id("confirm-deny").click()
    guide.get_by_test_id("guide-toggle").click()
    faults += looked(page, "the guide put away")
    guide.get_by_test_id("guide-toggle").click()
    for title in (each.splitlines()[0] for each in titles if "afresh" not in each):
        guide.get_by_test_id("guide-chapters").click()
        page.get_by_role("menuitem", name=title).click()
        expect(guide.get_by_test_id("guide-count")).to_contain_text("Step 1 of")
        faults += looked(page, title)
        skip = guide.get_by_test_id("guide-skip")
        while skip.count():
            step = guide.inner_text()
            skip.click()
            expect(guide).not_to_have_text(step, use_inner_text=True)
        faults += looked(page, f"{title}, at its end")
    picture(page, "screen-guide-end", zoomed=True)
    assert not faults, "\n".join(faults)


def test_nobody_could_object_to_the_page_around_the_conversation(page: Page, town: Town) -> None:
    town.person("U0MABEL").say("Has anybody seen the rota?", channel=CHANNEL)
    town.person("U0MABEL").say("It was on the wall", channel=town.person("U0MABEL").dm_with("U0HESTER"))
    visit(page, town, "U0HESTER", "C0FIRSTRESP")
    faults = looked(page, "what is unread")
    composer = page.get_by_test_id("composer")
    for typed, called in (("/", "commands"), ("/complaint ", "a command"), ("Ask @", "people"), ("See #", "channels")):
        composer.fill(typed)
        expect(page.locator(".suggestions")).to_be_visible()
        faults += looked(page, f"suggestions of {called}")
        if called == "people":
            picture(page, "screen-suggestions", zoomed=True)
    composer.fill("")
    page.get_by_test_id("clock-date").fill("")
    page.get_by_test_id("clock-go").click()
    faults += looked(page, "a notice")
    page.get_by_test_id("toast").get_by_role("button").click()
    say(page, "/nothing")
    expect(page.get_by_test_id("messages").locator(".message").last).to_be_visible()
    faults += looked(page, "a command that there isn't")
    page.get_by_test_id("act-as").click()
    faults += looked(page, "who there is to act as")
    page.get_by_test_id("act-as").fill("nobody of this name")
    faults += looked(page, "nobody to act as")
    page.keyboard.press("Escape")
    page.get_by_test_id("new-dm").fill("Mabel")
    faults += looked(page, "whom to write to")
    page.keyboard.press("Escape")

    page.set_viewport_size(SIZES["390"])
    page.get_by_test_id("clock-toggle").click()
    page.get_by_test_id("menu").click()
    expect(page.get_by_test_id("channel-C0FIRSTRESP")).to_be_focused()
    faults += looked(page, "the drawer and the clock's buttons")
    page.set_viewport_size(SIZES["390"])
    page.screenshot(path=ARTEFACTS / "screen-drawer-390.png")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("menu")).to_be_focused()
    page.get_by_test_id("menu").click()
    page.get_by_test_id("new-dm").focus()
    page.keyboard.press("Tab")
    expect(page.locator("body")).not_to_have_class("drawer")
    page.route("**/practice/events*", lambda route: route.abort())
    visit(page, town, "U0MABEL")
    expect(page.get_by_text("Connection lost")).to_be_visible()
    page.route("**/practice/state*", lambda route: route.abort())
    faults += looked(page, "the connection lost")
    assert not faults, "\n".join(faults)


def test_a_form_that_was_filled_in_wrongly_says_so_and_is_still_without_fault(page: Page, town: Town) -> None:
    visit(page, town, "U0HESTER")
    say(page, "/complaint new")
    modal = page.get_by_test_id("modal")
    control(modal, "received_on").fill("2026-12-24")
    control(modal, "lead_team_id").select_option(label="First Response")
    control(modal, "summary").fill("Ring Anna Berg on 07700 900123")
    control(modal, "customer_group").select_option(label="Parent")
    control(modal, "contact_method").select_option(label="Letter")
    page.get_by_test_id("modal-submit").click()
    expect(modal.locator(".field-error:not([hidden])").first).to_be_visible()
    faults = looked(page, "wrongly filled in")
    picture(page, "screen-filled-in-wrongly", zoomed=True)
    assert not faults, "\n".join(faults)


def test_modals_are_worked_with_the_keyboard_alone(page: Page, trial: Trial) -> None:
    page.goto(trial.address)
    more = page.get_by_role("button", name=f"More to do with {REFERENCE}")
    more.focus(timeout=20_000)
    page.keyboard.press("Enter")
    modal = page.get_by_test_id("modal")
    expect(modal).to_contain_text("More to do")
    choose = modal.get_by_role("button", name=f"Close without a response… for {REFERENCE}")
    tab_to(page, choose)
    picture(page, "screen-more", zoomed=True)
    page.keyboard.press("Enter")
    expect(modal).to_contain_text("Close without a response")
    first = modal.locator(".block-input input, .block-input select").first
    expect(first).to_be_focused()
    # Round and round, both ways, and never out of it.
    submit = page.get_by_test_id("modal-submit")
    tab_to(page, submit)
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("modal-back")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(submit).to_be_focused()
    # What was typed in the form is gone with it; the list under it is as it was.
    page.keyboard.press("Escape")
    expect(modal).to_contain_text("More to do")
    expect(choose).to_be_focused()
    page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    expect(more).to_be_focused()

    more.press("Enter")
    choose.press("Enter")
    expect(first).to_be_focused()
    page.get_by_role("button", name="Close all").press("Enter")
    expect(modal).to_have_count(0)
    expect(more).to_be_focused()

    composer = page.get_by_test_id("composer")
    composer.fill("/complaint new")
    composer.press("Enter")
    expect(control(modal, "received_on")).to_be_focused()
    page.keyboard.press("Escape")
    expect(composer).to_be_focused()


def test_modals_that_are_closed_one_after_the_other_are_closed_in_that_order(page: Page, trial: Trial) -> None:
    page.goto(trial.address)
    page.get_by_role("button", name=f"More to do with {REFERENCE}").click(timeout=20_000)
    modal, hester = page.get_by_test_id("modal"), Person(trial.server.url, "U0HESTER")
    modal.get_by_role("button", name=f"Close without a response… for {REFERENCE}").click()
    expect(control(modal, "reason")).to_be_visible()
    expect(modal).to_contain_text("Close without a response")
    held = list[Route]()
    page.route("**/practice/close", lambda route: route.continue_() if held else held.append(route))
    form, more = reversed(hester.views())
    for _ in range(2):
        page.keyboard.press("Escape")
    expect(modal).to_have_count(0)
    page.wait_for_timeout(300)
    assert [view["id"] for view in hester.views()] == [more["id"], form["id"]]
    with page.expect_response(lambda response: more["id"] in (response.request.post_data or "")):
        held[0].continue_()
    assert not hester.views()
    expect(page.get_by_test_id("toast")).to_have_count(0)


def looked(page: Page, screen: str) -> list[str]:
    """What there is to object to on a screen."""
    return [f"{screen}: {fault}" for fault in objections(page)]


def tab_to(page: Page, wanted: Locator) -> None:
    """Presses Tab until this has the focus, which it has to get."""
    for _ in range(60):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab doesn't get to {wanted}")
