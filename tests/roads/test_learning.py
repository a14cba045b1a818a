"""Learning in Slack, over both transports and on both databases: fault found, promised, nudged, done, judged, shared and read."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import select

from bot.demo.county import CHANNEL
from bot.practice.person import Person, written
from storage import checking, register
from storage.models import Team
from storage.register import NewComplaint
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow

REFERENCE = "CS-2026-0001"
PROMISED, SAID = "Letters are read by two people", "A second person has signed every letter since Monday"


@pytest.fixture
def town(way: tuple[str, str]) -> Iterator[Town]:
    with open_town(*way, rates="off") as opened:
        with opened.wired.office.change("U0HESTER", opened.server.clock.now()) as desk:
            team = desk.session.exec(select(Team).where(Team.name == "First Response")).one()
            new = NewComplaint(received_on=date(2026, 11, 16), lead_team_id=team.id or 0)
            register.record(desk, new)
        with opened.wired.office.change("U0MABEL", opened.server.clock.now()) as desk:
            register.claim(desk, REFERENCE)
        opened.beat()
        yield opened
        with opened.wired.office.look(None, opened.server.clock.now()) as desk:
            assert checking.check(desk).differences == ()


def at(town: Town, moment: str) -> None:
    town.server.clock.to(datetime.fromisoformat(f"{moment}+00:00"))
    town.beat()


def form(person: Person, field: str) -> Any:
    """The form in front, once it has this field."""
    return person.wait_for(
        lambda: next((view for view in person.views()[-1:] if f"'block_id': '{field}'" in str(view)), None), what=field
    )


def nudge(person: Person, said: str) -> Any:
    return person.wait_for_message(person.dm_with_app(), said)


def _in_the_channel(town: Town) -> tuple[Person, ...]:
    """Handler, two managers, and a viewer, who reads what is learned though no complaint is theirs to see."""
    town.person("U0HESTER").command("/invite @vida", channel=CHANNEL, may_fail=True)
    return tuple(town.person(f"U0{name}") for name in ("HESTER", "MABEL", "NOOR", "VIDA"))


def test_what_was_promised_because_fault_was_found_ends_verified_and_shared(town: Town) -> None:
    hester, mabel, noor, vida = _in_the_channel(town)

    card = mabel.wait_for_message(CHANNEL, "response due")
    mabel.click(card, "respond")
    mabel.choose(form(mabel, "outcome"), "outcome", "Fault found")
    asked = form(mabel, "no_action_reason")
    refused = mabel.submit(asked, {"outcome": "Fault found"})
    assert (
        "say what will be done so that it doesn't happen again, or why nothing is needed" in refused["errors"]["action"]
    )
    promise = {"action": PROMISED, "action_owner_id": "Noor Fenwick", "action_due_on": "2026-12-16"}
    mabel.submit(asked, {"outcome": "Fault found", **promise})

    at(town, "2026-11-25T10:00:00")
    wanted = nudge(hester, "Share what other managers can learn")
    hester.click(wanted, "note")
    draft = form(hester, "body")
    assert REFERENCE not in written(draft["blocks"][2])
    hester.submit(draft)
    town.beat()
    note = vida.wait_for_message(CHANNEL, "Learning note")
    assert PROMISED in written(note)
    for person in (vida, noor):
        person.click(note, "note_read")
        person.wait_for_message(CHANNEL, "It is noted that you have read this.")
    noor.click(note, "note_read")
    noor.wait_for_message(CHANNEL, "that you have read this. There is nothing to do.")
    town.beat()
    vida.wait_for_message(CHANNEL, "Read by 1 of 7 service managers")
    assert "shared by Hester Quill" in written(nudge(hester, "All of this is done"))

    at(town, "2026-12-09T10:00:00")
    due = nudge(noor, PROMISED)
    assert "You get this because you are the one who will see to it" in written(due)
    noor.click(due, "action_done")
    noor.submit(form(noor, "evidence"), {"evidence": SAID})
    town.beat()
    assert "done by Noor Fenwick" in written(nudge(noor, "All of this is done"))

    at(town, "2026-12-10T10:00:00")
    judged = nudge(hester, SAID)
    hester.click(judged, "action_send_back")
    hester.submit(form(hester, "reason"), {"reason": "Two letters of Tuesday have one signature"})
    noor.open_home()
    home = noor.wait_for(lambda: noor.home() if PROMISED in written(noor.home()) else None, what="the action")
    noor.click(home, "action_done")
    noor.submit(form(noor, "evidence"), {"evidence": f"{SAID}, and those of Tuesday"})
    at(town, "2026-12-11T10:00:00")
    again = nudge(hester, "and those of Tuesday")
    hester.click(again, "action_verify")
    hester.wait_for_message(hester.dm_with_app(), "recorded as verified today")
    town.beat()
    assert "verified by Hester Quill" in written(nudge(hester, "All of this is done"))

    vida.command("/complaint learning this year", channel=CHANNEL)
    told = vida.wait_for_message(CHANNEL, "Learning, ")
    assert "1 learning action due: 1 done on time" in written(told)
    assert "1 learning note shared, read 1 of 7 times" in written(told)
