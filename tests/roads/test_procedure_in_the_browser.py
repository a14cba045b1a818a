"""The whole procedure as people do it in Chromium: extensions, a stage 2 that can't be closed silently, an independent panel."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from storage import register, views_complaint
from storage.independence import Holder
from storage.models import Outsider, Team
from storage.procedures import StageRole
from storage.register import NewComplaint, Response
from storage.register.escalation import StageRequest
from storage.register.posts import NewAppointment
from tests.roads.pages import choose, control, picture, submit, visit
from tests.roads.town import Town

pytestmark = pytest.mark.browser

REFERENCE = "CS-2026-0001"
RECEIVED, TODAY = date(2026, 11, 16), date(2026, 11, 23)


@pytest.fixture
def complaint(town: Town) -> None:
    """A complaint of First Response, owned by Mabel Eastwood and due on 30 November, whose card is in the channel."""
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team = desk.session.exec(select(Team).where(Team.name == "First Response")).one()
        register.record(desk, NewComplaint(received_on=RECEIVED, lead_team_id=team.id or 0, summary="Calls unanswered"))
    with town.wired.office.change("U0MABEL", town.server.clock.now()) as desk:
        register.claim(desk, REFERENCE)
    town.beat()


def answered(town: Town) -> None:
    with town.wired.office.change("U0MABEL", town.server.clock.now()) as desk:
        register.respond(desk, REFERENCE, Response(responded_on=TODAY, outcome="no_fault"))
    town.beat()


def outsider(town: Town, name: str) -> Holder:
    with town.wired.office.look("U0HESTER", town.server.clock.now()) as desk:
        return Holder(outsider_id=desk.session.exec(select(Outsider).where(Outsider.name == name)).one().id)


def test_an_extension_is_asked_for_approved_by_another_and_the_complainant_told(
    town: Town, page: Page, complaint: None
) -> None:
    visit(page, town, "U0MABEL")
    messages = page.get_by_test_id("messages")
    form = choose(page, "Ask for an extension…", REFERENCE)
    expect(form).to_contain_text("14 December 2026 at the latest: 20 working days in all")
    control(form, "until").fill("2027-01-20")
    control(form, "reason").fill("Two teams have to read their records first")
    submit(page)
    expect(form).to_contain_text("There is no power to extend beyond that")
    picture(page, "8-extension-too-long")
    control(form, "until").fill("2026-12-09")
    submit(page)
    expect(page.get_by_test_id("modal")).to_have_count(0)
    town.beat()

    dm = town.person("U0SEFTON").dm_with_app()
    visit(page, town, "U0SEFTON", channel=dm)
    expect(messages).to_contain_text("Mabel Eastwood asks for CS-2026-0001")
    picture(page, "9-extension-asked")
    page.get_by_role("button", name=f"Approve the extension of {REFERENCE}").click()
    expect(messages).to_contain_text("You approved it")
    town.beat()

    dm = town.person("U0MABEL").dm_with_app()
    visit(page, town, "U0MABEL", channel=dm)
    expect(messages).to_contain_text("it is due on 9 December 2026 now")
    expect(messages).to_contain_text("Tell the complainant the reason and the new date")
    page.get_by_role("button", name=f"Record that the complainant of {REFERENCE} was told today").click()
    expect(messages).to_contain_text("It is recorded that the complainant was told today")
    picture(page, "10-extension-told")
    town.beat()
    visit(page, town, "U0MABEL")
    expect(messages).to_contain_text("Originally 30 November 2026")
    expect(messages).to_contain_text("complainant told on 23 November 2026")
    picture(page, "11-extended-card")


def test_stage_2_is_asked_for_and_cannot_be_closed_silently(town: Town, page: Page, complaint: None) -> None:
    answered(town)
    visit(page, town, "U0MABEL")
    messages = page.get_by_test_id("messages")
    form = choose(page, "The complainant wants the next stage…", REFERENCE)
    control(form, "requested_on").fill("2026-11-23")
    picture(page, "12-stage-2-asked")
    submit(page)
    expect(page.get_by_test_id("modal")).to_have_count(0)
    town.beat()

    visit(page, town, "U0HESTER")
    expect(messages).to_contain_text("Stage 2 asked for, waiting to be opened or refused")
    expect(messages).to_contain_text("Stage 2 asked for")
    # Neither the card nor its owner's Home tab offers anything that would close it.
    expect(page.get_by_role("button", name="Record the response")).to_have_count(0)
    visit(page, town, "U0MABEL", channel=town.person("U0MABEL").dm_with_app())
    page.get_by_test_id("home-tab").click()
    expect(page.get_by_role("button", name=f"See {REFERENCE}")).to_have_count(1)
    expect(page.get_by_text("Stage 2 was asked for and is neither open nor refused yet")).to_be_visible()
    expect(page.get_by_role("button", name="Record the response")).to_have_count(0)
    picture(page, "13-not-closed-silently")
    visit(page, town, "U0HESTER")
    page.get_by_role("button", name="Refuse stage 2…").click()
    form = page.get_by_test_id("modal")
    expect(form).to_contain_text("nothing could be added")
    picture(page, "14-stage-2-refusing")
    submit(page)
    expect(form).to_contain_text("complete this required field")
    page.get_by_test_id("modal-close").click()
    page.get_by_role("button", name="Open stage 2").click()
    expect(messages).to_contain_text("Stage 2 of CS-2026-0001 is open")
    town.beat()
    visit(page, town, "U0HESTER")
    expect(messages).to_contain_text("Independent investigation".lower())
    picture(page, "15-stage-2-open")


def test_the_attempt_to_close_a_request_silently_is_refused(town: Town, page: Page, complaint: None) -> None:
    """The form was opened for stage 1; while it stands there, the complainant asks for stage 2."""
    visit(page, town, "U0HESTER")
    form = choose(page, "Close without a response…", REFERENCE)
    control(form, "outcome").select_option(label="Withdrawn by the complainant")
    with town.wired.office.change("U0MABEL", town.server.clock.now()) as desk:
        asked = StageRequest(requested_on=TODAY, reason="Agreed with the complainant")
        register.escalation.request_stage(desk, REFERENCE, asked)
    submit(page)
    expect(form).to_contain_text("a request can't be closed in any other way")
    picture(page, "18-silent-close-refused")
    with town.wired.office.look("U0HESTER", town.server.clock.now()) as desk:
        facts = views_complaint.complaint(desk, REFERENCE)
    assert (facts.line.number, facts.line.is_open, facts.opened_on) == (2, True, None)


def test_a_panel_member_who_was_independent_person_at_stage_2_is_refused(
    town: Town, page: Page, complaint: None
) -> None:
    answered(town)
    ines, now = outsider(town, "Ines Harrow"), town.server.clock.now()
    with town.wired.office.change("U0HESTER", now) as desk:
        register.escalation.request_stage(desk, REFERENCE, StageRequest(requested_on=TODAY))
        register.escalation.open_stage(desk, REFERENCE)
        new = NewAppointment(role=StageRole.INDEPENDENT_PERSON, who=ines, appointed_on=TODAY)
        register.posts.appoint(desk, REFERENCE, new)
        register.respond(desk, REFERENCE, Response(responded_on=TODAY, outcome="no_fault"))
        register.escalation.request_stage(desk, REFERENCE, StageRequest(requested_on=TODAY))
        register.escalation.open_stage(desk, REFERENCE)
    town.beat()

    visit(page, town, "U0HESTER")
    form = choose(page, "Appoint somebody…", REFERENCE)
    control(form, "role").select_option(label="Panel member")
    control(form, "who").select_option(label="Ines Harrow")
    submit(page)
    expect(form).to_contain_text("reg 19")
    picture(page, "16-panel-refused")
    control(form, "who").select_option(label="Maud Grey")
    submit(page)
    expect(form).to_contain_text("member")
    control(form, "who").select_option(label="Tobias Lark")
    submit(page)
    expect(page.get_by_test_id("modal")).to_have_count(0)
    town.beat()
    page.get_by_role("button", name=f"More to do with {REFERENCE}").first.click()
    page.get_by_role("button", name=f"History for {REFERENCE}").click()
    expect(page.get_by_test_id("modal").last).to_contain_text("Tobias Lark")
    picture(page, "17-history")
