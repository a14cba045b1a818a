"""Ownership that survives people, and promises that are kept, as people do it in Chromium while the clock moves on."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from storage import register
from storage.models import Team
from storage.register import NewComplaint
from tests.roads.pages import control, move, picture, press, say, submit, visit, visit_home, visit_messages
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.browser

PROMISED, SAID = "Letters are read by two people before they go out", "Every letter since Monday has a second signature"
UPDATE, TO = '"update on recording of complaints"', "to Children and Families committee"


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with open_town(sqlite_url, "socket", rates="off") as opened:
        yield opened


def owned(town: Town, by: str, team: str, received_on: date) -> str:
    """A complaint that somebody claimed, or that was allocated to them, before the road begins."""
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        found = desk.session.exec(select(Team).where(Team.name == team)).one()
        recorded = register.record(desk, NewComplaint(received_on=received_on, lead_team_id=found.id or 0))
    if recorded.owner is None:
        with town.wired.office.change(by, town.server.clock.now()) as desk:
            register.claim(desk, recorded.reference)
    town.beat()
    return recorded.reference


def closed(page: Page) -> None:
    expect(page.get_by_test_id("modal")).to_have_count(0)


def fits(page: Page) -> None:
    """Nothing is wider than a phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 1280, "height": 800})


def form(page: Page) -> Locator:
    return page.get_by_test_id("modal").last


def test_a_leaver_hands_over_what_they_own_and_who_leaves_without_doing_so_is_escalated(town: Town, page: Page) -> None:
    first = owned(town, "U0MABEL", "First Response", date(2026, 11, 20))
    second = owned(town, "U0MABEL", "First Response", date(2026, 11, 23))
    third = owned(town, "U0OSCAR", "Strengthening Families West", date(2026, 11, 20))
    messages = page.get_by_test_id("messages")
    for who, last_day, what in (("U0MABEL", "1 December 2026", second), ("U0OSCAR", "27 November 2026", third)):
        visit(page, town, who)
        say(page, f"/complaint leaving {last_day}")
        expect(messages).to_contain_text(f"Your last day at work is recorded: {last_day}.")
        expect(messages).to_contain_text(what)
    picture(page, "20-leaving")

    move(page, town, date(2026, 11, 24))
    home = visit_home(page, town, "U0SEFTON")
    expect(home).to_contain_text("Ownership at risk")
    expect(home).to_contain_text(f"leaves on 1 December 2026 (5 working days left). Owns {first} and {second}.")
    expect(home).to_contain_text("works for an agency")
    picture(page, "21-ownership-at-risk")
    fits(page)

    visit_messages(page, town, "U0MABEL")
    expect(messages).to_contain_text(
        f"is 1 December 2026 (5 working days left), and you still own {first} and {second}"
    )
    picture(page, "22-leaver-nudged")
    press(page, "Hand over what you own")
    control(form(page), "to_id").select_option(label="Noor Fenwick (0 open)")
    control(form(page), "note:complaint:1").fill("Ring 07700 900123")
    submit(page)
    expect(form(page)).to_contain_text("phone number")
    control(form(page), "note:complaint:1").fill("A meeting with the family is agreed for Thursday")
    picture(page, "23-handing-over")
    submit(page)
    closed(page)
    town.beat()
    expect(messages).to_contain_text("handed over by Mabel Eastwood at 09:00")
    expect(page.get_by_role("button", name="Hand over what you own")).to_have_count(0)

    visit_messages(page, town, "U0NOOR")
    expect(messages.get_by_text("handed this over to you")).to_have_count(1)
    expect(messages).to_contain_text("A meeting with the family is agreed for Thursday")
    expect(messages).to_contain_text(second)
    picture(page, "24-taken-over")
    visit(page, town, "U0SEFTON")
    expect(messages).not_to_contain_text("Mabel Eastwood")
    expect(messages).to_contain_text("Noor Fenwick")
    expect(visit_home(page, town, "U0SEFTON")).not_to_contain_text("Mabel Eastwood")

    move(page, town, date(2026, 11, 30))
    visit_messages(page, town, "U0SEFTON")
    expect(messages).to_contain_text(f"left on 27 November 2026 and still owns {third}")
    picture(page, "25-left-without-handing-over")
    press(page, "Hand over what Oscar Westbrook owns")
    expect(form(page)).to_contain_text(third)
    expect(form(page)).to_contain_text("The complaints manager can add one to the team with /complaint setup.")
    picture(page, "26-nobody-can-take-it")


def test_a_fault_found_becomes_an_action_that_is_nudged_evidenced_and_verified_and_a_note_that_is_read(  # noqa: PLR0915 - one road, walked once
    town: Town, page: Page
) -> None:
    reference = owned(town, "U0MABEL", "First Response", date(2026, 11, 16))
    messages = page.get_by_test_id("messages")
    visit(page, town, "U0MABEL")
    press(page, f"Record the response to {reference}")
    control(form(page), "outcome").select_option(label="Fault found")
    expect(form(page)).to_contain_text("One learning action, in a sentence")
    submit(page)
    expect(form(page)).to_contain_text(
        "say what will be done so that it doesn't happen again, or why nothing is needed"
    )
    picture(page, "30-fault-without-action")
    control(form(page), "action").fill(PROMISED)
    control(form(page), "action_owner_id").select_option(label="Noor Fenwick")
    control(form(page), "action_due_on").fill("2026-12-16")
    picture(page, "31-fault-with-action")
    submit(page)
    closed(page)
    town.beat()

    move(page, town, date(2026, 11, 25))
    visit_messages(page, town, "U0HESTER")
    expect(messages).to_contain_text("Share what other managers can learn")
    press(page, f"Write the learning note of {reference}")
    expect(form(page)).to_contain_text("It names no complaint, no team and nobody")
    picture(page, "32-learning-note-approved")
    submit(page)
    closed(page)
    town.beat()
    expect(messages).to_contain_text("shared by Hester Quill at 09:00")
    visit(page, town, "U0NOOR")
    expect(messages).to_contain_text("Read by 0 of 7 service managers")
    press(page, "Say that you have read this learning note")
    expect(messages).to_contain_text("It is noted that you have read this.")
    town.beat()
    expect(messages).to_contain_text("Read by 1 of 7 service managers")
    picture(page, "33-learning-note")
    fits(page)

    move(page, town, date(2026, 12, 9))
    visit_messages(page, town, "U0NOOR")
    expect(messages).to_contain_text(PROMISED)
    picture(page, "34-action-nudged")
    press(page, f"Say what was done about the action of {reference}")
    control(form(page), "evidence").fill(SAID)
    submit(page)
    closed(page)
    town.beat()
    expect(messages).to_contain_text("done by Noor Fenwick at 09:00")

    move(page, town, date(2026, 12, 10))
    visit_messages(page, town, "U0HESTER")
    expect(messages).to_contain_text(f"Noor Fenwick says it was done on 9 December 2026: {SAID}")
    picture(page, "35-to-verify")
    press(page, f"Send the action of {reference} back to its owner")
    control(form(page), "reason").fill("Two letters of Tuesday have one signature")
    picture(page, "36-not-yet")
    submit(page)
    closed(page)
    town.beat()
    expect(messages).to_contain_text("sent back by Hester Quill at 09:00")

    visit_messages(page, town, "U0NOOR")
    expect(messages).to_contain_text("Due 16 December 2026 (4 working days left)")
    press(page, f"Say what was done about the action of {reference}")
    control(form(page), "evidence").fill(f"{SAID}, and those of Tuesday have one too")
    submit(page)
    closed(page)

    move(page, town, date(2026, 12, 11))
    visit_messages(page, town, "U0HESTER")
    expect(messages).to_contain_text("those of Tuesday have one too")
    press(page, f"Record that the action of {reference} was done")
    expect(messages).to_contain_text("The action is recorded as verified today, and is over.")
    town.beat()
    expect(messages).to_contain_text("verified by Hester Quill at 09:00")
    expect(page.get_by_role("button", name=f"the action of {reference}")).to_have_count(0)
    picture(page, "37-verified")


def test_a_promise_in_six_months_is_asked_back_where_unclear_nudged_kept_and_verified(town: Town, page: Page) -> None:
    messages = page.get_by_test_id("messages")
    visit(page, town, "U0MABEL")
    say(page, f"/complaint promise {UPDATE} in six months {TO}")
    expect(messages).to_contain_text("P-0001 is recorded")
    expect(messages).to_contain_text("Due 23 May 2027")
    say(page, f"/complaint promise {UPDATE} by 3/4/2027 {TO}")
    expect(messages).to_contain_text("Nothing is recorded yet")
    expect(page.get_by_role("button", name="Due 4 March 2027")).to_have_count(1)
    picture(page, "40-promised-and-asked-back")
    fits(page)
    press(page, "Due 3 April 2027")
    expect(messages).to_contain_text("P-0002 is recorded")

    move(page, town, date(2027, 4, 23))
    visit_messages(page, town, "U0MABEL")
    expect(messages).to_contain_text("promised to Children and Families committee")
    expect(messages).to_contain_text("due 23 May 2027 (20 working days left)")
    picture(page, "41-promise-nudged")
    press(page, "Say what was done about P-0001")
    control(form(page), "action_taken").fill("A report went to the committee")
    control(form(page), "evidence_ref").fill("REP 2027/3")
    picture(page, "42-promise-done")
    submit(page)
    closed(page)
    town.beat()
    expect(messages).to_contain_text("done by Mabel Eastwood at 09:00")

    move(page, town, date(2027, 4, 26))
    visit(page, town, "U0CORA")
    say(page, "/complaint promises")
    expect(messages).to_contain_text("Others promised: 2 open, 1 overdue")
    expect(messages).to_contain_text("Done, to be verified. Mabel Eastwood owns it, for First Response.")
    expect(messages).to_contain_text("Done: A report went to the committee. Evidence: REP 2027/3.")
    picture(page, "43-promises")
    visit_messages(page, town, "U0CORA")
    expect(messages).to_contain_text("nobody has verified it yet")
    picture(page, "44-promise-to-verify")
    press(page, "P-0001 is verified as done")
    expect(messages).to_contain_text("P-0001 is verified as done, and over.")
    town.beat()
    expect(messages).to_contain_text("verified by Cora Ledger at 09:00")
    visit(page, town, "U0CORA")
    say(page, "/complaint promises")
    expect(messages).to_contain_text("Others promised: 1 open, 1 overdue")
