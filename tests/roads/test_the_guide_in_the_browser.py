"""The guide in Chromium: a newcomer's first five minutes by its buttons alone, a scenario, and starting afresh."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from bot.cli.demo import Trial, running
from bot.demo.county import CHANNEL
from tests.roads.pages import control, nothing_to_object_to, picture
from tests.roads.town import START

pytestmark = pytest.mark.browser
# The demo's own worker ticks and sends, as it does for a newcomer.
SECONDS = 20_000


_WATCH_STEPS = """() => {
  window.steps = [];
  const guide = document.querySelector("[data-testid=guide]");
  const look = () => window.steps.push(guide.querySelector("[data-testid=guide-count]").textContent);
  new MutationObserver(look).observe(guide, { childList: true, subtree: true });
}"""


@pytest.fixture
def trial() -> Iterator[Trial]:
    with running(0, START) as found:
        yield found


def test_the_first_five_minutes_need_only_what_the_guide_offers_and_what_the_screen_shows(
    page: Page, trial: Trial
) -> None:
    page.goto(trial.address)
    guide, messages, modal = (page.get_by_test_id(name) for name in ("guide", "messages", "modal"))
    expect(guide).to_contain_text("Step 1 of 6")
    expect(messages).to_contain_text("Nobody yet", timeout=SECONDS)
    nothing_to_object_to(page)
    picture(page, "guide-1-record", zoomed=True)
    _led(guide, "Write it for me")
    expect(page.get_by_test_id("composer")).to_be_focused()
    page.keyboard.press("Enter")
    control(modal, "lead_team_id").select_option(label="First Response")
    control(modal, "summary").fill("A meeting was moved three times")
    control(modal, "customer_group").select_option(label="Parent")
    control(modal, "contact_method").select_option(label="Telephone")
    page.get_by_test_id("modal-submit").click()
    expect(modal).to_contain_text("is recorded")
    page.get_by_test_id("modal-close").click()

    expect(guide).to_contain_text("Step 2 of 6")
    _led(guide, "Act as Mabel Eastwood")
    expect(messages).to_contain_text("CS-2026-0012")
    picture(page, "guide-2-claim")
    page.get_by_role("button", name="Claim CS-2026-0012").click()
    expect(guide).to_contain_text("Step 3 of 6")
    page.get_by_role("button", name="Record that CS-2026-0012 was acknowledged").click()
    expect(guide).to_contain_text("Step 4 of 6")
    _led(guide, "Open the app’s messages", "Move the clock")
    expect(guide).to_contain_text("Step 5 of 6", timeout=SECONDS)
    expect(messages).to_contain_text("need you today")
    nothing_to_object_to(page)
    picture(page, "guide-5-respond", zoomed=True)
    page.get_by_role("button", name="Record the response to CS-2026-0012").click()
    control(modal, "outcome").select_option(label="No fault")
    page.get_by_test_id("modal-submit").click()
    expect(guide).to_contain_text("Step 6 of 6")
    _led(guide, "Act as Sefton Hale", "Write it for me")
    page.keyboard.press("Enter")
    expect(guide).to_contain_text("That was it")
    nothing_to_object_to(page)
    picture(page, "guide-7-end")


def test_a_scenario_is_chosen_with_the_keyboard_and_everything_can_be_started_afresh(page: Page, trial: Trial) -> None:
    page.goto(trial.address)
    guide = page.get_by_test_id("guide")
    guide.get_by_test_id("guide-chapters").focus()
    page.keyboard.press("Enter")
    picture(page, "guide-chapters", zoomed=True)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(guide).to_contain_text("Step 1 of 3")
    expect(guide).to_contain_text("You are Pippa")
    _led(guide, "Act as Pippa Marsh")
    expect(guide.get_by_test_id("guide-next")).to_have_text("I have seen it")
    guide.get_by_test_id("guide-toggle").click()
    expect(guide.get_by_test_id("guide-next")).to_have_count(0)
    guide.get_by_test_id("guide-toggle").click()
    page.get_by_test_id("control-next_due").click()
    guide.get_by_test_id("guide-chapters").click()
    page.get_by_role("menuitem", name="Start afresh").click()
    page.get_by_test_id("confirm-accept").click()
    expect(guide).to_contain_text("Step 1 of 6")
    assert trial.again.wait(5)


def test_a_manager_leaves(page: Page, trial: Trial) -> None:
    guide, modal = _chapter(page, trial, "A manager leaves")
    _led(guide, "Act as Noor Fenwick", "Write it for me")
    page.keyboard.press("Enter")
    control(modal, "last_day").fill("2026-12-07")
    page.get_by_test_id("modal-submit").click()
    expect(modal).to_contain_text("last day at work is recorded")
    page.get_by_test_id("modal-close").click()
    expect(guide).to_contain_text("Step 2 of 4")
    _led(guide, "Open the app’s messages", "Move the clock")
    expect(guide).to_contain_text("Step 3 of 4", timeout=SECONDS)
    expect(page.get_by_test_id("messages")).to_contain_text("need")
    picture(page, "guide-leaver-3-handover")
    _led(guide, "Go to #complaints", "Write it for me")
    page.keyboard.press("Enter")
    control(modal, "to_id").select_option(index=1)
    page.get_by_test_id("modal-submit").click()
    expect(guide).to_contain_text("Step 4 of 4")
    _led(guide, "Act as Mabel Eastwood", "Open the app’s messages")
    expect(page.get_by_test_id("messages")).to_contain_text("handed this over to you", timeout=SECONDS)
    picture(page, "guide-leaver-4-taken")
    _led(guide, "I have seen it")
    expect(guide).to_contain_text("That was it")


def test_nothing_is_written_into_a_conversation_that_is_about_to_be_left(page: Page, trial: Trial) -> None:
    guide, modal = _chapter(page, trial, "A manager leaves")
    before = page.get_by_test_id("act-as").input_value()
    noors, held, holding = re.compile(r"/practice/state\?as=U0NOOR"), list[Route](), True
    page.route(noors, lambda route: held.append(route) if holding else route.continue_())
    # What somebody says meanwhile has the guide drawn anew, a quarter of a second later.
    said = {"as": "U0HESTER", "channel": CHANNEL, "text": "Is anybody leaving?"}
    assert page.request.post(f"{trial.server.url}/practice/say", data=said).ok
    with page.expect_response("**/practice/guide*"), page.expect_request(noors):
        guide.get_by_test_id("guide-next").click()
    page.wait_for_timeout(500)
    expect(guide.get_by_test_id("guide-next")).to_have_text("Act as Noor Fenwick")
    expect(page.get_by_test_id("act-as")).to_have_value(before)
    holding = False
    for each in held:
        each.continue_()
    _led(guide, "Write it for me")
    page.keyboard.press("Enter")
    expect(control(modal, "last_day")).to_be_focused()


def test_an_answer_that_comes_late_does_not_take_a_step_back(page: Page, trial: Trial) -> None:
    page.goto(trial.address)
    guide, late = page.get_by_test_id("guide"), list[tuple[Route, APIResponse]]()
    expect(guide).to_contain_text("Step 1 of 6")
    page.route("**/practice/guide?", lambda route: route.continue_() if late else late.append((route, route.fetch())))
    said = {"as": "U0HESTER", "channel": CHANNEL, "text": "Good morning"}
    with page.expect_request("**/practice/guide?"):
        assert page.request.post(f"{trial.server.url}/practice/say", data=said).ok
    guide.get_by_test_id("guide-skip").click()
    expect(guide).to_contain_text("Step 2 of 6")
    page.evaluate(_WATCH_STEPS)
    [(route, answer)] = late
    route.fulfill(response=answer)
    page.wait_for_timeout(500)
    assert "Step 1 of 6" not in page.evaluate("window.steps")


def test_a_bank_holiday_is_announced(page: Page, trial: Trial) -> None:
    guide, _modal = _chapter(page, trial, "A bank holiday is announced")
    _led(guide, "Act as Pippa Marsh", "I have seen it")
    expect(guide).to_contain_text("Step 2 of 3")
    _led(guide, "Open the app’s messages", "Announce it")
    expect(guide).to_contain_text("Step 3 of 3")
    expect(page.get_by_test_id("messages")).to_contain_text("bank holiday", timeout=SECONDS)
    picture(page, "guide-holiday-3-after")
    _led(guide, "I have seen it")
    expect(guide).to_contain_text("That was it")


def test_an_extension_is_refused(page: Page, trial: Trial) -> None:
    guide, modal = _chapter(page, trial, "An extension is refused")
    _led(guide, "Act as Fenn Carraway")
    found = re.search(r"CS-\d{4}-\d{4}", guide.inner_text())
    assert found is not None
    reference = found[0]
    page.get_by_role("button", name=f"More to do with {reference}").click(timeout=SECONDS)
    page.get_by_role("button", name="Ask for an extension").last.click()
    control(modal.last, "until").fill("2026-12-14")
    control(modal.last, "reason").fill("Somebody who knows the case is away")
    page.get_by_test_id("modal-submit").last.click()
    expect(guide).to_contain_text("Step 2 of 3")
    _led(guide, "Act as Cora Ledger", "Open the app’s messages")
    page.get_by_role("button", name=re.compile(f"Refuse .*{reference}")).click(timeout=SECONDS)
    control(modal, "reason").fill("The family has waited long enough")
    page.get_by_test_id("modal-submit").click()
    expect(guide).to_contain_text("Step 3 of 3")
    _led(guide, "Act as Fenn Carraway", "Open the app’s messages")
    expect(page.get_by_test_id("messages")).to_contain_text("refused", timeout=SECONDS)
    picture(page, "guide-extension-3-told")
    _led(guide, "I have seen it")
    expect(guide).to_contain_text("That was it")


def _chapter(page: Page, trial: Trial, title: str) -> tuple[Locator, Locator]:
    """Chooses a chapter from the list; the guide, and whatever modal is open."""
    page.goto(trial.address)
    guide = page.get_by_test_id("guide")
    guide.get_by_test_id("guide-chapters").click()
    page.get_by_role("menuitem", name=title).click()
    expect(guide).to_contain_text("Step 1 of")
    return guide, page.get_by_test_id("modal")


def _led(guide: Locator, *said: str) -> None:
    """Presses what the guide offers next, which has to be these in turn."""
    following = guide.get_by_test_id("guide-next")
    for label in said:
        expect(following).to_have_text(label)
        following.click()
        if label.startswith("Act as "):
            expect(guide.page.get_by_test_id("act-as")).to_have_value(label.removeprefix("Act as "))
