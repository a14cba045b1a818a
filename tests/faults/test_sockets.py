"""Connections that break while people work, answers that are lost on the way, events that come three times."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from bot.demo.county import CHANNEL
from bot.practice.person import Json, Person, PersonError, written
from bot.practice.seed import Timing
from storage import checking
from storage.models import Complaint, CouncilChange, Event, FreeText, Suggestion
from storage.vocabulary import CouncilMatter, EventKind
from tests.faults.crowd import managers
from tests.faults.meanwhile import over_and_over
from tests.roads.test_outages import FORM, ephemerals, everything_went_out_once, new_form, nothing_is_half_done, offer
from tests.roads.town import open_town

pytestmark = [pytest.mark.slow, pytest.mark.alone]

TEAM = "C0FIRSTRESP"
PASSED_ON = "A parent says that nobody called back about contact"
# Slack waits a minute and five before it sends an event again; nobody here has to.
AT_ONCE = Timing(event_retries=(0.0, 0.0, 0.0))


def until_it_works(act: Callable[[], Json]) -> Json:
    """Does it again as long as Slack says that the app did not answer, as people do; returns what came of it."""
    for _ in range(100):
        answer = act()
        if "failed" not in answer:
            return answer
        time.sleep(0.2)
    pytest.fail("the app never answered")


def until_it_opens(person: Person) -> Json:
    """The form for a new complaint; whoever is told that the command failed looks first whether a form came all the same."""
    for _ in range(100):
        failed = "failed" in person.command("/complaint new", channel=CHANNEL, may_fail=True)
        try:
            return person.view(timeout=0.5 if failed else 10)
        except PersonError:
            continue
    pytest.fail("no form ever opened")


@pytest.mark.alone
def test_a_lost_connection_is_made_anew_before_a_person_gives_up(sqlite_url: str) -> None:
    with open_town(sqlite_url, "socket", rates="off") as town:
        mabel = town.person("U0MABEL")
        for _ in range(2):
            mabel.drop_sockets()
            began = time.monotonic()
            mabel.wait_for(lambda: mabel.state()["apps"][0]["connected"], timeout=20, what="the app to come back")
            assert time.monotonic() - began < 3.5


@pytest.mark.alone
def test_connections_that_break_every_two_seconds_lose_and_double_nothing_that_people_do(sqlite_url: str) -> None:
    people = managers(5)
    with (
        capture_logs() as logged,
        open_town(sqlite_url, "socket", rates="off", more=people) as town,
        ThreadPoolExecutor(8) as pool,
    ):
        claimable = [offer(town) for _ in range(6)]
        town.beat()
        hester = town.person("U0HESTER")
        cards = {one: hester.wait_for_message(CHANNEL, one) for one in claimable}
        # Beside what breaks in the middle: every seventh answer that was given is lost.
        for what in ("view_submission", "block_actions"):
            hester.add_fault("answer_lost", method=what, share=1 / 7)
        over = Signal()

        def claim_all(person: Person) -> None:
            for card in cards.values():
                until_it_works(lambda card=card: person.click(card, "claim", may_fail=True))  # type: ignore[misc]
                time.sleep(0.5)

        def record(person: Person, pile: str) -> list[str]:
            written_down: list[str] = []
            while not over.is_set():
                summary = f"Letter {len(written_down) + 1} of the {pile} pile was not answered"
                form = until_it_opens(person)
                until_it_works(lambda form=form, summary=summary: person.submit(form, {**FORM, "summary": summary}))  # type: ignore[misc]
                assert written(person.view()).startswith("plain_text\nRecorded")
                person.close(person.view(), everything=True)
                written_down.append(summary)
            return written_down

        with over_and_over(town.person("U0HESTER").drop_sockets, every=2.0):
            claiming = [pool.submit(claim_all, town.person(one.slack_id)) for one in people]
            recording = [
                pool.submit(record, town.person(who), pile) for who, pile in (("U0HESTER", "left"), ("U0CORA", "right"))
            ]
            time.sleep(10)
            over.set()
            for each in claiming:
                each.result(40)
            recorded = [summary for each in recording for summary in each.result(40)]
        outcomes = Counter(one["outcome"] for one in hester.log()["deliveries"])
        town.beat()
        with town.wired.database.reading() as session:
            assert sorted(session.exec(select(FreeText.body)).all(), key=str) == sorted(recorded)
            claims = session.exec(select(Event.complaint_id).where(Event.kind == EventKind.CLAIMED)).all()
            owned = session.exec(select(Complaint.id).where(Complaint.reference.in_(claimable))).all()  # type: ignore[attr-defined]  # reason: a column
        assert Counter(claims) == Counter(owned)
        for one in people:
            told = " ".join(written(message) for message in ephemerals(town.person(one.slack_id)))
            assert all(reference in told for reference in claimable)
        nothing_is_half_done(town)
        everything_went_out_once(town)
        with town.wired.office.look(None, town.server.clock.now()) as desk:
            assert checking.check(desk).differences == ()
    assert outcomes.keys() - {"ok"}, "no connection broke while somebody waited"
    assert [one for one in logged if one["log_level"] in {"error", "critical"}] == []


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_a_form_that_is_sent_again_because_its_answer_was_lost_is_recorded_once(
    sqlite_url: str, transport: str
) -> None:
    with open_town(sqlite_url, transport, rates="off") as town:
        hester = town.person("U0HESTER")
        form = new_form(hester)
        hester.add_fault("answer_lost", method="view_submission", count=1)
        assert "failed" in hester.submit(form, FORM)
        hester.submit(hester.view(), FORM)
        assert "CS-2026-0001 is recorded" in written(hester.view()).replace("*", "")
        with town.wired.database.reading() as session:
            assert session.exec(select(Complaint.reference)).all() == ["CS-2026-0001"]


def test_a_form_that_is_sent_again_to_another_process_is_not_recorded_twice_and_its_person_is_told(
    database_url: str,
) -> None:
    with open_town(database_url, "http", rates="off") as town:
        hester = town.person("U0HESTER")
        form = new_form(hester)
        hester.add_fault("answer_lost", method="view_submission", count=1)
        assert "failed" in hester.submit(form, FORM)
        town.another()
        assert "This form was saved already" in str(hester.submit(hester.view(), FORM))
        with town.wired.database.reading() as session:
            assert session.exec(select(Complaint.reference)).all() == ["CS-2026-0001"]


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_a_claim_that_is_pressed_again_because_its_answer_was_lost_is_one_claim(
    sqlite_url: str, transport: str
) -> None:
    with open_town(sqlite_url, transport, rates="off") as town:
        mabel = town.person("U0MABEL")
        offer(town)
        town.beat()
        card = mabel.wait_for_message(CHANNEL, "CS-2026-0001")
        mabel.add_fault("answer_lost", method="block_actions", count=1)
        assert "failed" in mabel.click(card, "claim", may_fail=True)
        mabel.click(card, "claim")
        mabel.wait_for_message(CHANNEL, "You own CS-2026-0001")
        with town.wired.database.reading() as session:
            claims = session.exec(select(Event).where(Event.kind == EventKind.CLAIMED)).all()
        assert len(claims) == 1


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_an_event_that_comes_three_times_is_acted_on_once(sqlite_url: str, transport: str) -> None:
    with open_town(sqlite_url, transport, rates="off", timing=AT_ONCE) as town:
        cora, mabel = town.person("U0CORA"), town.person("U0MABEL")

        def delivered() -> Counter[str]:
            return Counter(one["type"] for one in cora.log()["deliveries"])

        cora.add_fault("answer_lost", method="member_joined_channel", count=2)
        cora.command("/invite @complaints", channel=TEAM)
        cora.wait_for(lambda: delivered()["member_joined_channel"] >= 3 and delivered()["message"] >= 1)
        own = delivered()["message"]
        cora.command("/complaint listen on", channel=TEAM)
        for kind in ("user_change", "message", "app_home_opened"):
            cora.add_fault("answer_lost", method=kind, count=2)
        cora.deactivate("U0OSCAR")
        mabel.say(PASSED_ON, channel=TEAM)
        mabel.open_home()

        cora.wait_for(
            lambda: (
                all(delivered()[kind] >= 3 for kind in ("user_change", "app_home_opened"))
                and delivered()["message"] >= own + 3
            ),
            what="each event to come three times",
        )
        mabel.wait_for_message(TEAM, "record")
        mabel.home()
        town.beat()
        with town.wired.database.reading() as session:
            changes = session.exec(select(CouncilChange).where(CouncilChange.matter == CouncilMatter.PEOPLE)).all()
            assert [change.data.get("deactivated") for change in changes if "deactivated" in change.data] == [True]
            assert len(session.exec(select(Suggestion)).all()) == 1
        assert len([one for one in mabel.messages(TEAM) if one.get("ephemeral")]) == 1
        assert len([one for one in mabel.messages(TEAM) if "In this channel it hears nothing" in one["text"]]) == 1
        assert delivered()["user_change"] == delivered()["app_home_opened"] == delivered()["member_joined_channel"] == 3
