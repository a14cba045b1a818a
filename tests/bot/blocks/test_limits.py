"""Cards, lists and messages, drawn from the longest and nastiest input the register can hold, against what Slack refuses."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import card, decisions, entries, handover, learning, lists, nudge, nudging, record, respond
from bot.blocks.lists import HomeFacts
from bot.blocks.message import saying
from bot.practice.api_chat import UPDATE_TEXT
from storage.figures import Share
from storage.figures.notes import Readers
from storage.ladder import LADDER, To
from storage.people import Candidate, Who
from storage.register import Recorded
from storage.register.learning import ACTION_LENGTH
from storage.register.record import SUMMARY_LENGTH
from storage.register.writing import REASON_LENGTH
from storage.views import Covered, StageLine
from storage.views_history import Entry, History, Names
from storage.views_learning import NoteFacts
from storage.views_ownership import Kind
from storage.views_sent import Sent, SentFacts, SentLine
from storage.vocabulary import Asked, EventKind, MessageKind, OutboxState
from tests.bot.blocks.samples import (
    EVERY_STATE,
    LABEL,
    NOW,
    OWNED,
    PERSON_NAME,
    RULES,
    TEAM_NAME,
    TODAY,
    asked,
    at_risk,
    claimed,
    commitment,
    days_of,
    drawn,
    facts,
    held,
    learning_note,
    line,
    long,
    promise,
    remedy,
    shown,
    who,
)

EVENT_DATA = {
    "how": "assigned", "due": "2026-12-31", "owner": 1, "person": 1, "team": 1, "until": "2026-12-31", "old": "2026-12-31",
    "new": "2026-12-31", "outcome": "fault", "finding": "fault", "field": "received_on", "is_date": True, "step": "commenced",
    "role": "independent_person", "outsider": 1, "number": 1, "decision": "fault", "asked": "extension", "text": 1, "digest": "",
}  # fmt: skip


def lines_of_every_kind(amount: int) -> list[StageLine]:
    kinds: list[dict[str, Any]] = [{}, {"waits": True}, {"independent": True}, {"independent": True, "by_issue": True}]
    return [line(number, number=2, **kinds[number % 4]) for number in range(1, amount + 1)]


NAMES = Names({1: long(PERSON_NAME)}, {1: long(PERSON_NAME)}, {1: long(TEAM_NAME)}, RULES)


@pytest.mark.parametrize("state", EVERY_STATE)
def test_a_card_is_valid_and_short_enough_to_be_redrawn(state: str) -> None:
    message = card.card(EVERY_STATE[state])
    drawn(message)
    assert len(message.text) <= UPDATE_TEXT


def test_a_card_says_nothing_of_the_case() -> None:
    told = facts(
        line(team="East", owner=None),
        summary="a summary",
        themes=("a theme",),
        customer_group="a group",
        correspondence_ref="a reference",
        actions=(promise(text="an action"),),
    )
    for case in ("a summary", "a theme", "a group", "a reference", "an action"):
        assert case not in str(card.card(told))


@pytest.mark.parametrize("state", EVERY_STATE)
def test_the_details_of_a_complaint_are_valid(state: str) -> None:
    drawn(card.details(EVERY_STATE[state]))


@pytest.mark.parametrize("state", EVERY_STATE)
@pytest.mark.parametrize("may", [True, False])
def test_the_screen_of_a_complaint_is_valid_for_everybody(state: str, may: bool) -> None:
    drawn(card.screen(EVERY_STATE[state], can_work=may, can_claim=may, can_assign=may, can_conduct=may))
    drawn(card.screen(EVERY_STATE[state], can_work=may, can_claim=not may, can_assign=not may, can_conduct=not may))


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(EventKind))
@pytest.mark.parametrize("state", EVERY_STATE)
def test_every_entry_of_a_history_is_valid_in_the_thread(kind: EventKind, state: str) -> None:
    for actor, text in ((1, long(REASON_LENGTH)), (None, None)):
        happened = Entry(9, kind, EVERY_STATE[state].line.number, TODAY, NOW, actor, EVENT_DATA, {"text": text})
        drawn(card.event(happened, NAMES))
        drawn(entries.history(History("ABCDEF-2026-000001", (happened,) * 100, NAMES)))


@pytest.mark.parametrize("giver", [None, long(PERSON_NAME)])
def test_the_message_to_a_new_owner_is_valid(giver: str | None) -> None:
    drawn(card.allocated(OWNED, giver))


@pytest.mark.parametrize("amount", [0, 1, 15, 16, 100])
def test_the_list_of_ones_own_complaints_is_valid_however_long_it_is(amount: int) -> None:
    lines = [line(number) for number in range(1, amount + 1)]
    promised = [promise(number, text="Tell families before a change of worker") for number in range(1, amount + 1)]
    drawn(lists.mine(lines, promised))
    drawn(lists.mine([], promised))
    drawn(lists.mine(lines, promised, [commitment(number) for number in range(1, amount + 1)]))
    drawn(lists.mine(lines, []))
    covered = Covered(tuple(lines_of_every_kind(amount)), tuple(promised))
    drawn(lists.mine([], [], covered=covered))
    drawn(
        lists.mine(
            lines_of_every_kind(amount),
            promised,
            [commitment(number) for number in range(1, amount + 1)],
            covered=covered,
        )
    )
    for may in (True, False):
        drawn(lists.mine(lines_of_every_kind(amount), promised, can_work=may, can_conduct=may))


def test_whatever_somebody_owns_or_promised_is_named_however_much_it_is() -> None:
    owned = [line(number) for number in range(1, 31)]
    promised = [promise(number) for number in range(101, 131)]
    message = lists.mine(owned, promised)
    for written in (message.text, str(message.blocks)):
        references = [*(one.reference for one in owned), *(one.reference for one in promised)]
        assert [reference for reference in references if reference not in written] == []


@pytest.mark.parametrize("amount", [0, 1, 15, 16, 100])
@pytest.mark.parametrize("can_assign", [True, False])
def test_a_home_tab_is_valid_however_much_is_on_it(amount: int, can_assign: bool) -> None:
    lines = [line(number) for number in range(1, amount + 1)]
    unallocated = [line(number, owner=None) for number in range(101, amount + 101)]
    promised = [promise(number) for number in range(1, amount + 1)]
    for owned, waiting in ((lines, unallocated), (None, unallocated), (lines, None), (None, None)):
        shown(
            lists.home(
                HomeFacts(
                    owned=owned,
                    promised=promised,
                    remedies=[remedy(number) for number in range(1, amount + 1)],
                    to_decide=[asked(id=number) for number in range(1, amount + 1)],
                    unallocated=waiting,
                    can_record=True,
                    can_claim=True,
                    can_assign=can_assign,
                    can_work=True,
                    can_conduct=can_assign,
                    open_in_all=amount,
                    to_verify=[claimed(number) for number in range(1, amount + 1)],
                    days=days_of(amount),
                    at_risk=[at_risk(number) for number in range(1, amount + 1)],
                    commitments=[commitment(number) for number in range(1, amount + 1)],
                    kept=[commitment(number) for number in range(1, amount + 1)],
                    covered=Covered(tuple(lines), tuple(promised)),
                )
            )
        )


def test_a_home_tab_that_can_only_say_why_not_is_valid() -> None:
    shown(lists.home_refused(long(2000)))


@pytest.mark.parametrize("amount", [1, 10, 11, 100])
@pytest.mark.parametrize("to", list(To))
def test_a_nudge_is_valid_however_many_complaints_it_names(amount: int, to: To) -> None:
    for owner in (who(), None):
        lines = [
            nudge.answer_due(line(number, owner=owner), to.value, owns=to is To.OWNER)
            if number % 2
            else nudge.owner_wanted(line(number, owner=owner), to.value, can_claim=to is To.TEAM_MANAGERS)
            for number in range(1, amount + 1)
        ]
        drawn(nudge.nudge(lines, hour=23))


@pytest.mark.parametrize("amount", [1, 15, 16, 100, 101])
def test_a_handover_is_valid_however_much_it_is(amount: int) -> None:
    kinds = list(Kind)
    items = [held(number, kinds[number % len(kinds)]) for number in range(1, amount + 1)]
    takers = [(who(number), 9999) for number in range(1, 120)]
    shown(handover.form(who(), items, takers))
    shown(handover.nobody(who(), items))
    drawn(handover.done(who(), items))
    drawn(handover.taken([(one, long(500)) for one in items], who(), who(2)))
    drawn(handover.taken([(one, None) for one in items], None, None))
    drawn(handover.gone([one.name for one in items], who(), who(2)))
    drawn(handover.nothing(who(), own=False))


@pytest.mark.parametrize("amount", [0, 1, 10])
def test_what_was_sent_is_valid_however_much_it_was(amount: int) -> None:
    moment = datetime.fromisoformat("2026-09-30T09:00:00+00:00")
    lines = tuple(SentLine(f"ABCDEF-2026-{number:06d}", rung.name, rung.to.name) for number, rung in enumerate(LADDER))
    messages = tuple(
        SentFacts(kind, moment, moment if number % 2 else None, OutboxState.PENDING, long(200), lines)
        for number, kind in enumerate([*MessageKind][:amount])
    )
    drawn(nudging.sent(Sent(9, 17, messages), whose=long(PERSON_NAME)))


def test_a_learning_note_is_valid_and_short_enough_to_be_redrawn() -> None:
    for teams in (0, 1, 8, 97):
        message = learning.note(learning_note(teams=teams))
        drawn(message)
        assert len(message.text) <= UPDATE_TEXT
    drawn(learning.note(NoteFacts(1, "x", TODAY, Readers(Share(0, 0), ()))))


def test_the_messages_of_a_decision_are_valid() -> None:
    for kind in Asked:
        for too_late in (True, False):
            drawn(decisions.wanted(asked(kind=kind, decide_by=TODAY, too_late=too_late)))
        drawn(decisions.wanted(asked(kind=kind)))
        for granted in (True, False):
            answer = asked(kind=kind, granted=granted, decided_on=TODAY, decided_by=who(2))
            drawn(decisions.decided(answer, long(REASON_LENGTH)))
    drawn(nudge.redated([line(number) for number in range(1, 101)], long(300), {1: date(2026, 12, 2)}))


@pytest.mark.parametrize("owner", [None, who()])
@pytest.mark.parametrize("channel", [None, "C0COMPLAINTS"])
def test_what_is_said_after_recording_is_valid(owner: Who | None, channel: str | None) -> None:
    recorded = Recorded(
        reference="ABCDEF-2026-999999",
        due_on=TODAY,
        days_left=-1234,
        recorded_after=1234,
        recorded_late=True,
        team=long(TEAM_NAME),
        owner=owner,
    )
    shown(record.recorded_note(recorded, channel))
    shown(record.compliment_note(long(TEAM_NAME), TODAY))


def test_a_note_of_any_length_is_valid() -> None:
    shown(respond.note(long(400), "x" * 40_000))
    drawn(saying("x" * 40_000))


anything = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&!@#|*_~`"), min_size=1)


pieces = st.lists(st.sampled_from(["<!channel>", "<!here|x>", "<@U1>", "<#C1|y>", "&", "&lt;", "\n", "👍", "<", " x"]))


text_of_people = anything | pieces.map("".join).filter(bool)


@given(text_of_people, text_of_people, text_of_people)
def test_whatever_people_write_pings_nobody_and_is_taken_by_slack(name: str, team: str, summary: str) -> None:
    owner = Who(1, "U0000000001", name[:PERSON_NAME])
    one = line(team=team[:TEAM_NAME], owner=owner)
    case = facts(
        one,
        summary=summary[:SUMMARY_LENGTH],
        others=(team[:TEAM_NAME],),
        themes=(summary[:LABEL],),
        customer_group=summary[:LABEL],
        actions=(promise(text=summary[:ACTION_LENGTH], owner=owner),),
    )
    drawn(card.card(case))
    drawn(card.details(case))
    drawn(card.screen(case, can_work=True, can_claim=True, can_assign=True, can_conduct=True))
    drawn(card.allocated(case, name[:PERSON_NAME]))
    drawn(nudge.nudge([replace(nudge.answer_due(one, To.OWNER.value, owns=True), snooze="stage:1")], hour=9))
    drawn(nudge.digest(name[:PERSON_NAME], [], [one]))
    drawn(lists.mine([one], case.actions))
    shown(respond.assign_form(case, [Candidate(owner, 1), Candidate(Who(2, "U0000000002", name[:PERSON_NAME]), 1)]))
