"""The whole procedure in Slack, over both transports and on both databases: from the first card to a remedy."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.demo.county import CHANNEL
from bot.practice.person import Person, written
from storage import checking, register
from storage.models import Person as Who
from storage.models import Stage, Team
from storage.register import NewComplaint
from storage.register.ombudsman import NewRemedy
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow

REFERENCE = "CS-2026-0001"
RECEIVED = date(2026, 11, 16)
WHY = "The reasons are in the letter of that day"


@pytest.fixture
def town(way: tuple[str, str]) -> Iterator[Town]:
    with open_town(*way, rates="off") as opened:
        with opened.wired.office.change("U0HESTER", opened.server.clock.now()) as desk:
            team = desk.session.exec(select(Team).where(Team.name == "First Response")).one()
            new = NewComplaint(received_on=RECEIVED, lead_team_id=team.id or 0, summary="Calls went unanswered")
            register.record(desk, new)
        with opened.wired.office.change("U0MABEL", opened.server.clock.now()) as desk:
            register.claim(desk, REFERENCE)
        opened.beat()
        yield opened
        with opened.wired.office.look(None, opened.server.clock.now()) as desk:
            assert checking.check(desk).differences == ()


def card(person: Person) -> Any:
    """The newest message of the channel that has the card's buttons."""
    return next(one for one in reversed(person.messages(CHANNEL)) if "'action_id': 'more'" in str(one.get("blocks")))


def choose(person: Person, action_id: str) -> Any:
    """Presses *More…* on the card and chooses; returns the form that opens."""
    person.click(card(person), "more")
    more = person.view()
    before = len(person.views())
    person.click(more, action_id)
    return person.wait_for(lambda: person.views()[-1] if len(person.views()) > before else None, what="the form")


def redrawn(person: Person, field: str) -> Any:
    """The form in front, once it has been drawn again with this field."""
    return person.wait_for(
        lambda: next((view for view in person.views()[-1:] if f"'block_id': '{field}'" in str(view)), None), what=field
    )


def in_front(person: Person, said: str, *, times: int | None = None, of: str = "") -> Any:
    """The modal in front, once it says this, and has so many of something."""

    def look() -> Any:
        view = person.views()[-1:]
        there = [one for one in view if said in written(one) and times in {None, str(one).count(of)}]
        return there[0] if there else None

    return person.wait_for(look, what=said)


def offered(person: Person) -> str:
    person.click(card(person), "more")
    said = written(person.view())
    person.close(person.view(), everything=True)
    return said


def stages(town: Town) -> list[Stage]:
    with town.wired.office.look(None, town.server.clock.now()) as desk:
        return list(desk.session.exec(select(Stage).order_by(Stage.number)).all())  # type: ignore[arg-type]  # reason: a column at class level


def test_a_pause_is_asked_for_refused_asked_again_agreed_and_ended(town: Town) -> None:
    mabel, cora = town.person("U0MABEL"), town.person("U0CORA")
    pause = {"kind": "Court proceedings", "starts_on": "2026-11-20", "until": "2026-12-04", "reason": WHY}
    mabel.submit(choose(mabel, "ask_pause"), pause)
    assert mabel.views() == []
    town.beat()
    wanted = cora.wait_for_message(cora.dm_with_app(), "clock of CS-2026-0001")
    cora.click(wanted, "refuse")
    cora.submit(cora.view(), {"reason": "The hearing was last week"})
    town.beat()
    mabel.wait_for_message(mabel.dm_with_app(), "Cora Ledger refused the pause")
    mabel.submit(choose(mabel, "ask_pause"), pause)
    town.beat()
    again = [one for one in cora.messages(cora.dm_with_app()) if "clock of CS-2026-0001" in one["text"]][-1]
    cora.click(again, "approve")
    cora.wait_for_message(cora.dm_with_app(), "You approved it")
    assert stages(town)[0].due_on == date(2026, 12, 14)
    town.beat()
    mabel.click(card(mabel), "more")
    mabel.click(mabel.view(), "end_pause")
    mabel.wait_for(lambda: stages(town)[0].due_on == date(2026, 12, 1), what="the clock to run again")


def test_what_was_closed_is_opened_again_and_corrected(town: Town) -> None:
    hester, mabel = town.person("U0HESTER"), town.person("U0MABEL")
    form = choose(mabel, "end")
    refused = mabel.submit(form, {"outcome": "Refused: outside the procedure", "reason": WHY})
    assert "You can't decide how this complaint goes on" in str(refused["errors"])
    mabel.submit(mabel.view(), {"outcome": "Withdrawn by the complainant"})
    town.beat()
    assert not stages(town)[0].is_open
    assert "Open it again" not in offered(mabel)
    hester.submit(choose(hester, "reopen"), {"reason": "They wrote again"})
    town.beat()
    assert stages(town)[0].is_open
    form = choose(hester, "correct")
    hester.choose(form, "correct_field", "the day it was received (16 November 2026)")
    hester.submit(
        redrawn(hester, "new_received_on"),
        {"new_received_on": "2026-11-13", "reason": "The letter carries an earlier stamp"},
    )
    assert stages(town)[0].started_on == date(2026, 11, 13)
    town.beat()
    hester.command(f"/complaint history {REFERENCE}", channel=CHANNEL)
    history = written(hester.wait_for_message(CHANNEL, f"History of {REFERENCE}"))
    for said in ("Withdrawn by the complainant", "They wrote again", "earlier stamp"):
        assert said in history


def test_stage_2_runs_from_the_request_to_findings_on_each_issue_and_a_remedy(town: Town) -> None:
    hester, noor = town.person("U0HESTER"), town.person("U0NOOR")
    town.server.clock.advance(timedelta(days=8))
    form = choose(hester, "request_stage")
    assert "has run out of time" in written(form)
    hester.submit(form, {"requested_on": "2026-12-01", "contact_method": "Telephone"})
    town.beat()
    hester.click(card(hester), "open_stage")
    hester.wait_for_message(CHANNEL, "Stage 2 of CS-2026-0001 is open")
    town.beat()
    form = choose(hester, "appoint")
    hester.choose(form, "appoint_role", "Independent person")
    refused = hester.submit(redrawn(hester, "who"), {"who": "Maud Grey"})
    assert "member" in refused["errors"]["who"]
    hester.submit(hester.view(), {"who": "Ines Harrow"})
    hester.submit(choose(hester, "step"), {"step": "Statement of complaint agreed"})
    for text in ("Letters went unanswered", "A meeting was missed"):
        hester.submit(choose(hester, "add_issue"), {"text": text, "team_id": "First Response"})
    town.beat()
    form = choose(hester, "adjudicate")
    assert "A meeting was missed" in written(form)
    findings = {"finding_1": "Fault found", "finding_2": "No fault"}
    refused = hester.submit(form, findings)
    assert (
        "say what will be done so that it doesn't happen again, or why nothing is needed" in refused["errors"]["action"]
    )
    promise = {
        "action": "Letters are answered in two days",
        "action_owner_id": "Noor Fenwick",
        "action_due_on": "2026-12-18",
    }
    hester.submit(hester.view(), {**findings, **promise})
    town.beat()
    first, second = stages(town)
    assert (first.outcome, second.outcome, second.is_open) == ("overtaken", "partial", False)

    hester.submit(choose(hester, "enquiry"), {"reply_due_on": "2026-12-21"})
    hester.submit(choose(hester, "ombudsman_decided"), {"outcome": "Fault found"})
    remedy = {
        "text": "An apology in writing",
        "owner_id": "Noor Fenwick",
        "due_on": "2026-12-18",
        "evidence_wanted": "A copy",
    }
    hester.submit(choose(hester, "remedy"), remedy)
    noor.open_home()
    assert "An apology in writing" in written(noor.home())
    noor.click(noor.home(), "remedy_evidence")
    noor.submit(noor.view(), {"evidence_ref": "REC 2026 17"})
    noor.wait_for(lambda: "'remedy_done'" in str(noor.home()), what="the button")
    noor.click(noor.home(), "remedy_done")
    hester.command(f"/complaint show {REFERENCE}", channel=CHANNEL)
    shown = written(hester.wait_for_message(CHANNEL, "An apology in writing"))
    for said in ("Ines Harrow", "evidence supplied", "Partial fault", "Letters went unanswered"):
        assert said in shown


def test_a_stage_asked_for_in_time_but_recorded_late_is_left_out_with_its_reason(town: Town) -> None:
    hester, mabel = town.person("U0HESTER"), town.person("U0MABEL")
    mabel.submit(choose(mabel, "ask_extension"), {"until": "2026-12-09", "reason": WHY})
    town.server.clock.advance(timedelta(days=8))
    town.beat()
    form = choose(hester, "request_stage")
    refused = hester.submit(form, {"requested_on": "2026-11-27"})
    assert set(refused["errors"]) == {"reason"}
    hester.submit(hester.view(), {"requested_on": "2026-11-27", "reason": WHY})
    assert hester.views() == []
    assert [stage.outcome for stage in stages(town)] == ["skipped", None]
    town.beat()
    drawn = written(card(hester))
    assert "Stage 2 asked for*\n27 November 2026" in drawn
    assert "asked for, not decided yet" not in drawn
    mabel.open_home()
    mabel.wait_for(lambda: "was asked for and is neither open nor refused" in written(mabel.home()), what="stage 2")
    assert "'respond'" not in str(mabel.home())
    hester.click(card(hester), "open_stage")
    hester.wait_for_message(CHANNEL, "Stage 2 of CS-2026-0001 is open")
    town.beat()
    assert "Ask for an extension" in offered(hester)
    form = choose(hester, "appoint")
    hester.choose(form, "appoint_role", "Independent person")
    hester.submit(redrawn(hester, "who"), {"who": "Ines Harrow"})
    refused = hester.submit(
        choose(hester, "stand_down"), {"appointment": "Ines Harrow, independent person", "on": "2026-11-02"}
    )
    assert set(refused["errors"]) == {"on"}
    hester.submit(hester.view(), {"on": "2026-12-01"})
    assert hester.views() == []


def test_whoever_decides_can_only_refuse_an_extension_that_waited_too_long(town: Town) -> None:
    mabel, cora = town.person("U0MABEL"), town.person("U0CORA")
    mabel.submit(choose(mabel, "ask_extension"), {"until": "2026-12-09", "reason": WHY})
    assert "Ask for an extension" not in offered(mabel)
    cora.open_home()
    cora.wait_for(lambda: "'approve'" in str(cora.home()), what="the request")
    town.server.clock.advance(timedelta(days=8))
    cora.open_home()
    cora.wait_for(lambda: "too late: all that is left" in written(cora.home()), what="that it is too late")
    assert "'approve'" not in str(cora.home())
    cora.click(cora.home(), "refuse")
    cora.submit(cora.view(), {"reason": "It was not seen in time"})
    cora.wait_for(lambda: "'refuse'" not in str(cora.home()), what="the request to go")
    town.beat()
    for closed in ("Ask for an extension", "Stop the clock"):
        assert closed not in offered(mabel)


def test_the_complaints_team_sees_to_every_remedy_from_one_list(town: Town) -> None:
    """Slack stacks three modals: also from the Home tab, over See it and More…, the evidence has its form."""
    hester, noor = town.person("U0HESTER"), town.person("U0NOOR")
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team = desk.session.exec(select(Team).where(Team.name == "First Response")).one()
        other = register.record(desk, NewComplaint(received_on=RECEIVED, lead_team_id=team.id or 0)).reference
        owner = desk.session.exec(select(Who).where(Who.slack_id == "U0NOOR")).one().id or 0
        for what in ("An apology in writing", "A payment of 100 pounds"):
            due = date(2026, 12, 18)
            new = NewRemedy(
                text=what, owner_id=owner, due_on=due, evidence_wanted="A copy" if "apology" in what else ""
            )
            register.ombudsman.remedy_agreed(desk, other, new)
    noor.open_home()
    assert "'remedy_told'" not in str(noor.home())
    hester.open_home()
    hester.click(hester.home(), "show", value=other)
    hester.click(hester.view(), "more")
    hester.wait_for(lambda: len(hester.views()) == 2, what="what there is to do")
    hester.click(hester.view(), "remedies")
    listed = in_front(hester, "A payment of 100 pounds")
    assert len(hester.views()) == 2
    hester.click(listed, "remedy_evidence")
    form = in_front(hester, "Supplied on")
    assert len(hester.views()) == 3
    refused = hester.submit(form, {"evidence_ref": "REC 2026 17", "on": "2026-11-02"})
    assert set(refused["errors"]) == {"on"}
    hester.submit(hester.view(), {"on": "2026-11-23"})
    assert hester.views() == []

    hester.command(f"/complaint show {other}", channel=CHANNEL)
    shown = hester.wait_for_message(CHANNEL, "evidence supplied")
    hester.click(shown, "more")
    hester.click(hester.view(), "remedies")
    for left in (2, 1, 0):
        listed = in_front(hester, "A payment of 100 pounds", times=left, of="'remedy_done'")
        if left:
            hester.click(listed, "remedy_done")
    for left in (2, 1, 0):
        listed = in_front(hester, "A payment of 100 pounds", times=left, of="'remedy_told'")
        if left:
            hester.click(listed, "remedy_told")
    assert "complainant not told yet" not in written(listed)
    assert len(hester.views()) == 1


def test_people_outside_the_table_see_nothing_also_when_they_forge(town: Town) -> None:
    fenn, mabel = town.person("U0FENN"), town.person("U0MABEL")
    mabel.submit(choose(mabel, "ask_extension"), {"until": "2026-12-09", "reason": WHY})
    for typed in ("show", "history"):
        fenn.command(f"/complaint {typed} {REFERENCE}", channel=CHANNEL)
        fenn.wait_for_message(CHANNEL, f"There is no complaint {REFERENCE} that you can see")
    before = len(fenn.messages(CHANNEL))
    for action_id in ("more", "respond"):
        fenn.click(card(fenn), action_id)
    fenn.wait_for(lambda: len(fenn.messages(CHANNEL)) >= before + 2, what="two refusals")
    assert fenn.views() == []
    assert all("that you can see" in one["text"] for one in fenn.messages(CHANNEL)[before:])


def test_an_extension_that_waits_and_a_stage_that_waits_are_nudged(town: Town) -> None:
    """DESIGN, Nudges: extensions waiting for approval, and requests and appointments of stage 2, have rungs of their own."""
    hester, mabel, cora = town.person("U0HESTER"), town.person("U0MABEL"), town.person("U0CORA")
    mabel.submit(choose(mabel, "ask_extension"), {"until": "2026-12-09", "reason": WHY})
    town.beat()
    town.server.clock.advance(timedelta(days=1, hours=2))
    town.beat()
    nudge = cora.wait_for_message(cora.dm_with_app(), "somebody who may decide it")
    cora.click(nudge, "approve")
    cora.wait_for_message(cora.dm_with_app(), "You approved it")
    town.server.clock.advance(timedelta(days=1))
    town.beat()
    told = mabel.wait_for_message(mabel.dm_with_app(), "has not been told")
    mabel.click(told, "told")
    mabel.wait_for_message(mabel.dm_with_app(), "told today")

    hester.submit(
        choose(hester, "request_stage"), {"requested_on": "2026-11-25", "reason": "Agreed with the complainant"}
    )
    town.server.clock.advance(timedelta(days=1))
    town.beat()
    waits = hester.wait_for_message(hester.dm_with_app(), "stage 2 was asked for on 25 November 2026")
    hester.click(waits, "open_stage")
    hester.wait_for(lambda: stages(town)[-1].opened_on is not None, what="the stage to open")
    town.server.clock.advance(timedelta(days=8))
    town.beat()
    hester.wait_for_message(hester.dm_with_app(), "has no independent person and investigating officer yet")
