"""The main job as people do it: in Chromium, against the practice workspace. Screenshots are left in artefacts/."""

import pytest
from playwright.sync_api import Page, expect

from tests.roads.pages import control, picture, say, visit
from tests.roads.town import Town

pytestmark = pytest.mark.browser


def test_the_main_job_in_a_browser(town: Town, page: Page) -> None:  # noqa: PLR0915 - one road, walked once
    visit(page, town, "U0HESTER")
    say(page, "/complaint new")
    modal = page.get_by_test_id("modal")
    expect(modal).to_contain_text("Record a complaint")
    control(modal, "received_on").fill("2026-11-20")
    expect(modal).to_contain_text("4 December 2026")
    control(modal, "lead_team_id").select_option(label="First Response")
    control(modal, "summary").fill("Calls were not returned for three weeks after the assessment")
    control(modal, "customer_group").select_option(label="Parent")
    control(modal, "contact_method").select_option(label="Letter")
    picture(page, "1-record")
    page.get_by_test_id("modal-submit").click()
    expect(modal).to_contain_text("CS-2026-0001 is recorded")
    page.get_by_test_id("modal-close").click()
    town.beat()

    visit(page, town, "U0MABEL")
    expect(page.get_by_test_id("messages")).to_contain_text("Nobody yet")
    picture(page, "2-card")
    page.get_by_role("button", name="Claim CS-2026-0001").click()
    expect(page.get_by_test_id("messages")).to_contain_text("You own CS-2026-0001")

    # Noor's page still shows the old card: the second to press is told who was first.
    visit(page, town, "U0NOOR")
    page.get_by_role("button", name="Claim CS-2026-0001").click()
    expect(page.get_by_test_id("messages")).to_contain_text("Mabel Eastwood was first")
    picture(page, "3-second-refused")
    town.beat()

    visit(page, town, "U0MABEL")
    for _ in range(4):
        page.get_by_test_id("clock-day").click()
    page.get_by_test_id("clock-hour").click()
    expect(page.get_by_test_id("clock-now")).to_contain_text("27 November 2026, 09:")
    town.beat()
    dm = town.person("U0MABEL").dm_with_app()
    visit(page, town, "U0MABEL", channel=dm)
    expect(page.get_by_test_id("messages")).to_contain_text("5 working days left")
    picture(page, "4-nudge")

    page.get_by_role("button", name="Record the response to CS-2026-0001").click()
    control(modal, "outcome").select_option(label="Fault found")
    expect(modal).to_contain_text("What will be done")
    control(modal, "responded_on").fill("2026-11-27")
    control(modal, "action").fill("Return calls within two working days and tell families who covers")
    control(modal, "action_due_on").fill("2026-12-18")
    picture(page, "5-respond")
    page.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
    town.beat()

    visit(page, town, "U0HESTER")
    say(page, "/complaint status")
    expect(page.get_by_test_id("messages")).to_contain_text("100 % (1 of 1)")
    expect(page.get_by_test_id("messages")).to_contain_text("Unallocated (in the teams above)")
    page.get_by_role("heading", name="stage 1 complaints").last.evaluate("heading => heading.scrollIntoView()")
    picture(page, "6-status")
    visit(page, town, "U0MABEL", channel=dm)
    page.get_by_test_id("home-tab").click()
    expect(page.get_by_test_id("home")).to_contain_text("Return calls within two working days")
    picture(page, "7-home")
