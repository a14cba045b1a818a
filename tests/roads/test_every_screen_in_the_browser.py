"""Every screen of the app in Chromium: each is opened, looked at by axe-core and at twice the size, and walked with the keyboard.

What is listed on the screen is what is opened: a sub-command, a button, an entry of *More…* that is added is looked at from then
on. At the end no form and no button of the app may have been missed.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from bot.blocks.names import Action, Form
from bot.demo.county import CHANNEL
from storage import register
from storage.database import Database
from storage.register import NewComplaint
from storage.register.staff import NewAbsence
from storage.vocabulary import Role
from tests.conftest import open_office
from tests.fuzz import world
from tests.fuzz.world import HANDLER, IN_CHARGE, LISTENING, OWNER, SECOND, SENIOR, STAFF, TODAY, VIEWER, World
from tests.roads.pages import control, picture, press, say, submit
from tests.roads.rounds import Round
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.browser

# Whoever had one role and lost it.
NOBODY = "U0FENN"
# What is special about each is in the world of the fuzzers: together they offer everything that can be done to a complaint.
ADULTS = "CS-2026-0026"
REFERENCES = (
    world.UNOWNED, "CS-2026-0002", world.ASKED, world.PAUSED, world.TO_PAUSE, world.FAULT, world.INQUIRY, world.WAITS,
    world.PANEL, world.WITHDRAWN, ADULTS,
)  # fmt: skip
OWNED = (world.ASKED, world.FAULT, world.INQUIRY)
# With words behind the sub-command the answer looks otherwise.
ASKED = (
    "status last 12 months", "status 2025/26 stage 2", "status First Response", "trend on time", "trend First Response received",
    "compare First Response, Children in Care", "themes last 12 months", "learning last 12 months", "promises export", "sent",
    "report last month", 'promise "An update" by 3/4/2027 to Scrutiny committee', "status nonsense",
    f"show {world.INQUIRY}", f"history {world.INQUIRY}", "nonsense",
)  # fmt: skip
PASSED_ON = "Mum is furious, nobody called her back about the assessment"
# Only an app that nobody has set up shows it: test_setting_up_in_the_browser looks at it.
ELSEWHERE = {"setup_begin"}


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    """One in which there is one of everything, and its cards, digests and nudges are there."""
    database = Database(sqlite_url)
    made = World(open_office(database)).build()
    teams, people = made.ids["teams"], made.ids["people"]
    with made.by(HANDLER) as desk:
        register.record(desk, NewComplaint(received_on=TODAY, lead_team_id=teams["First Response"], procedure="adults"))
        # With these there is more than one page of what is behind a number.
        for ago in range(3):
            received = TODAY - timedelta(days=30 + ago)
            register.record(desk, NewComplaint(received_on=received, lead_team_id=teams["Children in Care"]))
    with made.by(OWNER) as desk:
        days = NewAbsence(from_on=date(2026, 12, 21), until_on=date(2026, 12, 24))
        register.staff.away(desk, people[OWNER], days)
    with made.by(IN_CHARGE) as desk:
        register.staff.leaving(desk, people[SECOND], date(2026, 12, 31))
    database.close()
    with open_town(sqlite_url, "socket", start=world.NOW, rates="off") as opened:
        with opened.wired.office.change(IN_CHARGE, opened.server.clock.now()) as desk:
            team = teams["Fostering and Adoption"]
            register.setting_up.end_role(desk, [NOBODY], Role.NAMED_MANAGER, team)
        opened.beat()
        yield opened


def test_nobody_could_object_to_any_screen_of_the_app(town: Town, page: Page) -> None:
    # Nothing slides, so that nothing is waited for.
    page.emulate_media(reduced_motion="reduce")
    going = Round(page, town)
    for who, references in ((HANDLER, REFERENCES), (OWNER, OWNED)):
        quietly(going, who)
        for reference in references:
            type_it(going, f"show {reference}")
    for who in (IN_CHARGE, HANDLER, OWNER, SENIOR, VIEWER, NOBODY):
        answers(going, who)
    numbers_behind(going)
    the_channel(going)
    for who in STAFF:
        home = going.go_home(who)
        going.look("Home tab")
        going.press_all(home, "Home tab")
        direct_messages(going, who)
    # A week's digests, then a month's pages, and what was due is overdue.
    for day in ("2026-11-30", "2026-12-01"):
        town.server.clock.to(datetime.fromisoformat(f"{day}T10:00:00+00:00"))
        town.beat()
    for who in STAFF:
        direct_messages(going, who)
    assert not going.faults, "\n".join(going.faults)
    assert set(Form) - going.forms == ELSEWHERE
    assert set(Action) - going.actions == ELSEWHERE


def answers(going: Round, who: str) -> None:
    """What somebody is shown who types everything that help names."""
    going.who = who
    elsewhere = going.town.person(who).dm_with(SENIOR)
    offered = re.findall(r"`/complaint (\w+)", going.asked(elsewhere, "help")["text"])
    words = ("help", *offered, *(ASKED if who == IN_CHARGE else ()))
    new = [one for one in words if going.is_new(one, going.asked(elsewhere, one))]
    quietly(going, who)
    for one in new:
        type_it(going, one)


def quietly(going: Round, who: str) -> None:
    """To where somebody writes to themselves: axe-core looks at what is behind a form too, so little should be."""
    going.go(who, going.town.person(who).dm_with(who))


def type_it(going: Round, words: str) -> None:
    """Types this after /complaint, looks at what is shown and at all that opens from there, and puts it away."""
    page, messages, said = going.page, going.page.get_by_test_id("messages"), f"/complaint {words}"
    before = going.sight()
    say(page, said)
    going.wait_for_other(before)
    going.settle()
    if going.modal.count():
        going.look_at_modal(said)
        going.close_all(said)
        return
    going.look_at_newest(said)
    going.press_all(messages, said)
    dismiss = page.get_by_role("button", name="Dismiss")
    for left in range(dismiss.count(), 0, -1):
        dismiss.first.click()
        expect(dismiss).to_have_count(left - 1)


def numbers_behind(going: Round) -> None:
    """The complaints behind a number, on several pages."""
    quietly(going, IN_CHARGE)
    say(going.page, "/complaint status 2026/27")
    press(going.page, "Open a number…")
    going.modal.wait_for()
    control(going.modal, "figure").select_option(index=1)
    submit(going.page)
    expect(going.page.get_by_role("button", name="Next")).to_be_visible()
    going.look_at_modal("a number opened")
    picture(going.page, "screen-number-opened", zoomed=True)
    going.page.get_by_role("button", name="Next").click()
    expect(going.page.get_by_role("button", name="Previous")).to_be_visible()
    going.look_at_modal("a number opened, the next page")
    going.close_all("a number opened")


def the_channel(going: Round) -> None:
    """Cards, a thread, a hint to record what was passed on, and a message recorded from its menu."""
    page = going.page
    messages = going.go(HANDLER, CHANNEL)
    expect(messages).to_contain_text(world.ELSEWHERE)
    going.look("cards")
    picture(page, "screen-cards", zoomed=True)
    messages.locator(".replies").last.click()
    expect(page.get_by_test_id("thread-composer")).to_be_visible()
    going.look("a thread")
    picture(page, "screen-thread", zoomed=True)

    messages = going.go(OWNER, LISTENING)
    say(page, "/invite @complaints")
    expect(messages.locator(".message").last).to_contain_text("This app keeps")
    say(page, PASSED_ON)
    expect(messages.locator(".message").last).to_contain_text("Only visible to you")
    going.look("a hint")
    going.press_all(messages, "a hint")
    going.go(HANDLER, LISTENING)
    messages.get_by_role("button", name="More actions for the message of Mabel").last.click()
    going.look("the menu of a message")
    page.get_by_role("menuitem", name="Record as complaint").click()
    going.modal.wait_for()
    going.look_at_modal("record a message")
    going.close_all("record a message")


def direct_messages(going: Round, who: str) -> None:
    """What the app told somebody, and what its buttons open."""
    messages = going.go_to_messages(who)
    going.look("direct messages")
    going.press_all(messages, "direct messages")
