"""Everything that is drawn, from the longest and nastiest input the register can hold, against what Slack refuses."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import (
    acts,
    behind,
    card,
    decisions,
    earlier,
    entries,
    handover,
    investigation,
    learned,
    learning,
    listen,
    lists,
    monthly,
    names,
    nudge,
    nudging,
    ombudsman,
    promises,
    record,
    respond,
    snooze,
    stages,
    status,
    tables,
    themes,
)
from bot.blocks.lists import HomeFacts
from bot.blocks.message import Message, View, saying
from bot.blocks.nudge import NudgeLine
from bot.blocks.promises import PromiseChoices
from bot.blocks.record import ClockPreview, RecordChoices
from bot.blocks.respond import RespondChoices
from bot.practice.api_chat import UPDATE_TEXT
from bot.practice.content import TEXT_CUT
from bot.practice.limits import message_problems, view_problems
from storage import figures, procedures, promising
from storage.availability import Away
from storage.figures import BehindLine, Counts, Share, TeamRow, TeamTable
from storage.figures.actions import ActionCounts, ActionRow, ActionTable
from storage.figures.notes import ReadBy, Readers
from storage.figures.themes import ThemeCounts, ThemeRow, ThemeTable
from storage.ladder import LADDER, Change, Ladder, To
from storage.people import Candidate, Who
from storage.periods import Period
from storage.register import Recorded
from storage.register.commitments import ACTION_LENGTH as TAKEN_LENGTH
from storage.register.learning import ACTION_LENGTH, EVIDENCE_LENGTH
from storage.register.notes import NOTE_LENGTH
from storage.register.promising_rules import BODY_LENGTH, ORIGIN_LENGTH
from storage.register.record import SUMMARY_LENGTH
from storage.register.snoozing import MOST_DAYS, PutOff
from storage.register.writing import REASON_LENGTH
from storage.views import ActionLine, Covered, StageLine
from storage.views_channels import Listening
from storage.views_commitments import CommitmentLine
from storage.views_complaint import ComplaintFacts
from storage.views_history import Entry, History, Names
from storage.views_issues import IssueFacts
from storage.views_learning import ActionFacts, Draft, NoteFacts
from storage.views_missing import Lack, Lacking, MissingList
from storage.views_ombudsman import OmbudsmanFacts, RemedyLine
from storage.views_ownership import Held, Kind
from storage.views_people import Days, Own, StandsIn
from storage.views_requests import RequestFacts
from storage.views_risk import AtRisk, Risk
from storage.views_sent import Sent, SentFacts, SentLine
from storage.vocabulary import Asked, Band, EventKind, Finding, MessageKind, OutboxState
from tests.jobs.outbox import NOT_TAKEN

NASTY = "<!channel> & <@U0MABEL> <http://example.org|here> *_~`> &amp; @here 👩‍👩‍👧‍👦 \u202e\u0000é "
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
# The lengths that the register's columns and the org file allow.
TEAM_NAME, PERSON_NAME, LABEL = 75, 100, 75
RULES = procedures.shipped()["statutory"]
EVENT_DATA = {
    "how": "assigned", "due": "2026-12-31", "owner": 1, "person": 1, "team": 1, "until": "2026-12-31", "old": "2026-12-31",
    "new": "2026-12-31", "outcome": "fault", "finding": "fault", "field": "received_on", "is_date": True, "step": "commenced",
    "role": "independent_person", "outsider": 1, "number": 1, "decision": "fault", "asked": "extension", "text": 1, "digest": "",
}  # fmt: skip
# What the app itself puts between angle brackets: a mention of a member of staff, a link to a channel.
MARKUP_OF_OUR_OWN = re.compile(r"<@U[A-Z0-9]+>|<#[CG][A-Z0-9]+>")


def long(length: int, *, start: str = "") -> str:
    """Exactly `length` characters of everything that could go wrong in Slack's markup."""
    return (start + NASTY * (length // len(NASTY) + 1))[:length]


def who(number: int = 1) -> Who:
    return Who(number, f"U{number:010d}", long(PERSON_NAME, start=f"{number} "))


def line(number: int = 1, /, **changed: Any) -> StageLine:
    values: dict[str, Any] = {
        "complaint_id": number,
        "stage_id": number,
        "reference": f"ABCDEF-2026-{number:06d}",
        "team": long(TEAM_NAME),
        "team_id": 1,
        "number": 1,
        "stage_title": "Local resolution",
        "received_on": date(2026, 9, 23),
        "started_on": date(2026, 9, 23),
        "due_on": date(2026, 9, 30),
        "days_left": -1234,
        "owner": who(),
        "acknowledged_on": None,
        "is_open": True,
        "ended_on": None,
        "outcome": None,
        "next_due_on": date(2026, 9, 30),
        "next_step": long(LABEL),
    }
    return StageLine(**(values | changed))


def promise(number: int = 1, **changed: Any) -> ActionLine:
    values: dict[str, Any] = {
        "id": number,
        "reference": f"ABCDEF-2026-{number:06d}",
        "text": long(ACTION_LENGTH),
        "owner": who(),
        "due_on": date(2026, 9, 30),
        "days_left": -1234,
        "done_on": None,
    }
    return ActionLine(**(values | changed))


def lines_of_every_kind(amount: int) -> list[StageLine]:
    kinds: list[dict[str, Any]] = [{}, {"waits": True}, {"independent": True}, {"independent": True, "by_issue": True}]
    return [line(number, number=2, **kinds[number % 4]) for number in range(1, amount + 1)]


def asked(**changed: Any) -> RequestFacts:
    values: dict[str, Any] = {
        "id": 1,
        "reference": "ABCDEF-2026-000001",
        "complaint_id": 1,
        "team": long(TEAM_NAME),
        "stage": 1,
        "kind": Asked.EXTENSION,
        "pause": long(LABEL),
        "starts_on": TODAY,
        "until": TODAY,
        "due_on": TODAY,
        "reason": long(REASON_LENGTH),
        "asked_by": who(),
        "asked_on": TODAY,
        "decided_by": None,
        "decided_on": None,
        "granted": None,
        "told_on": None,
        "tells": ("the reason", long(LABEL)),
    }
    return RequestFacts(**(values | changed))


def facts(one: StageLine, **changed: Any) -> ComplaintFacts:
    values: dict[str, Any] = {
        "line": one,
        "procedure": "statutory",
        "rules": RULES,
        "procedure_title": long(LABEL),
        "others": tuple(long(TEAM_NAME, start=f"{number} ") for number in range(60)),
        "handler": who(2),
        "senior": who(3),
        "customer_group": long(LABEL),
        "contact_method": long(LABEL),
        "correspondence_ref": "X" * 40,
        "themes": tuple(long(LABEL, start=f"{number} ") for number in range(100)),
        "theme_ids": tuple(range(1, 101)),
        "summary": long(SUMMARY_LENGTH),
        "recorded_at": NOW,
        "recorded_after": 1234,
        "recorded_late": True,
        "original_due_on": date(2026, 9, 30),
        "days_taken": None,
        "limit_days": 10,
        "band": None,
        "finding": None,
        "actions": tuple(promise(number) for number in range(1, 21)),
        "opened_on": date(2026, 9, 23),
        "next_number": 2,
        "next_stage": long(LABEL),
        "requests": (asked(), asked(kind=Asked.PAUSE, granted=True, decided_on=TODAY, decided_by=who(4))),
        "days_net": None,
        "held": False,
        "matter_is_old": True,
        "cleared_on": None,
        "channel": "C0COMPLAINTS",
    }
    return ComplaintFacts(**(values | changed))


NAMES = Names({1: long(PERSON_NAME)}, {1: long(PERSON_NAME)}, {1: long(TEAM_NAME)}, RULES)
OPEN = facts(line(owner=None))
OWNED = facts(line(acknowledged_on=date(2026, 9, 24)))
CLOSED = facts(
    line(is_open=False, ended_on=TODAY, outcome="O" * LABEL),
    band=Band.OVER_MAXIMUM,
    days_taken=1234,
    finding=Finding.FAULT,
    recorded_late=False,
)
CLEARED = facts(line(), summary=None, themes=(), theme_ids=(), others=(), actions=(promise(text=None, owner=None),))
ASKED_FOR = facts(line(number=2, waits=True, independent=True), opened_on=None)
BY_ISSUE = facts(line(number=2, independent=True, by_issue=True))
REVIEWED = facts(line(number=3, ended_on=TODAY))
EVERY_STATE = {
    "open": OPEN, "owned": OWNED, "closed": CLOSED, "cleared": CLEARED, "stage asked for": ASKED_FOR, "opened again": REVIEWED,
    "answered issue by issue": BY_ISSUE,
}  # fmt: skip


def counts(size: int) -> Counts:
    return Counts(
        received=size, not_proceeded=size, closed=size, within_limit=size, agreed_extension=0, within_maximum=size,
        over_maximum=size, days=size * 10, open=size, due_soon=size, overdue=size, unallocated=size,
        outcomes=Counter({"fault": size}), recorded_after=Counter({3: size}), recorded_late=size,
        allocated=size, days_to_allocate=size * 10,
    )  # fmt: skip


def table(*, teams: int, name: int, size: int, scope: str | None = None) -> TeamTable:
    total = Counts()
    rows = tuple(
        TeamRow(number, long(name, start=f"{number} "), counts(size * (number % 2))) for number in range(teams)
    )
    for row in rows:
        total += row.counts
    return TeamTable(
        period=Period.of(date(2026, 4, 1), date(2027, 3, 31)),
        as_at=TODAY,
        statutory=False,
        procedure="Children's statutory procedure",
        number=1,
        scope=scope,
        limit_days=10,
        maximum_days=20,
        due_soon_days=3,
        late_recording_days=2,
        green_percent=90,
        amber_percent=85,
        rows=rows,
        total=total,
        outcome_labels={"fault": "Fault found"},
    )


def marked_up(node: Any) -> Iterator[str]:
    """Every text that Slack reads as mrkdwn, anywhere in blocks or a view."""
    if isinstance(node, dict):
        if node.get("type") in {"mrkdwn", "markdown"}:
            yield node["text"]
        for value in node.values():
            yield from marked_up(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from marked_up(value)


def harmless(texts: Sequence[str]) -> None:
    for text in texts:
        assert "<!" not in text
        left = MARKUP_OF_OUR_OWN.sub("", text)
        assert "<" not in left
        assert "@here" not in left


def drawn(message: Message) -> None:
    """Slack takes it, with charts or without; it pings nobody, and its text alone says something."""
    for kinds in NOT_TAKEN:
        assert message_problems(list(tables.without(message, set(kinds)).blocks), without=kinds) == []
    harmless([message.text, *marked_up(message.blocks)])
    assert message.text.strip()
    assert len(message.text) <= TEXT_CUT


def shown(view: View) -> None:
    assert view_problems(view, without=frozenset({tables.CHART, tables.DATA_TABLE})) == []
    harmless(list(marked_up(view)))


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


@pytest.mark.parametrize(
    ("teams", "name", "size"),
    [
        (0, 1, 0),
        (1, TEAM_NAME, 0),
        (60, TEAM_NAME, 0),
        (60, TEAM_NAME, 9),
        (60, 20, 9_999),
        (97, 20, 99),
        (98, 20, 9),
    ],
)
def test_a_team_table_is_valid_for_a_large_council(teams: int, name: int, size: int) -> None:
    now = table(teams=teams, name=name, size=size, scope=long(TEAM_NAME))
    drawn(status.status(now, None))
    drawn(status.status(now, table(teams=teams, name=name, size=size)))


CARRIES = {"team": "999999999", "first": "2026-04-01", "last": "2027-03-31", "procedure": "é" * 40, "stage": "9"}


@pytest.mark.parametrize(
    ("teams", "areas"), [(0, 1), (1, 1), (97, 3), (98, 1), (100, 1), (100, 100), (350, 1), (350, 90)]
)
def test_opening_a_number_is_valid_for_a_large_council(teams: int, areas: int) -> None:
    now = table(teams=teams, name=TEAM_NAME, size=1234, scope=long(TEAM_NAME))
    assert len(behind.value({**CARRIES, "row": "rest", "figure": "recording_delay"})) <= 2000
    drawn(status.status(now, now, opens=behind.value(CARRIES)))
    rows = behind.rows(now, None)
    under = {str(number): long(TEAM_NAME, start=f"{number % areas} ") for number in range(teams)}
    offered: set[str] = set()
    for row in (
        behind.TOTAL,
        behind.UNALLOCATED,
        *([behind.REST] if teams > 97 else []),
        *map(str, range(min(teams, 2))),
    ):
        form = behind.form(now, rows, under, CARRIES, row=row)
        shown(form)
        (element,) = [block["element"] for block in form["blocks"] if block.get("block_id") == "row"]
        assert element["initial_option"]["value"] == row
        offered = {option["value"] for group in element["option_groups"] for option in group["options"]}
    assert offered == set(rows)
    assert set(map(str, range(teams))) < offered
    name, received = (cell["text"] for cell in status.grid(now)["rows"][-3][:2]) if teams else ("", "")
    assert (behind.REST in rows) is ("more teams" in name)
    assert behind.REST in rows or teams <= 97
    if behind.REST in rows:
        rest = rows[behind.REST]
        assert (name, received) == (rest.name, f"{rest.counts.received:,}")
        assert len(rest.team_ids or ()) == int(name.split()[1])


@pytest.mark.parametrize("amount", [0, 1, 25, 26, 1000])
@pytest.mark.parametrize("key", ["on_time", "average_days", "escalation", "overdue"])
@pytest.mark.parametrize("state", ["closed", "open", "open again", "not answered"])
def test_a_list_behind_a_number_is_valid_on_every_page(amount: int, key: str, state: str) -> None:
    what = figures.figure(key)
    counted = Counts(within_limit=amount, closed=amount, next_received=amount, overdue=amount)
    row = behind.Row(long(TEAM_NAME), f"of {long(TEAM_NAME)}", counted, frozenset({1}))
    opened = behind.Number(table(teams=100, name=TEAM_NAME, size=amount), row, what, row.opens(key) or "")
    one = BehindLine(
        reference="ABCDEF-2026-000001",
        stage_title=long(LABEL),
        team=long(TEAM_NAME),
        started_on=TODAY,
        due_on=TODAY,
        days_left=-1234 if state.startswith("open") else None,
        ended_on=None if state == "open" else TODAY,
        days_taken=1234 if state == "closed" else None,
        band=Band.OVER_MAXIMUM if state == "closed" else None,
        owner=long(PERSON_NAME) if state != "open" else None,
    )
    seen = 0
    for first in range(0, max(amount, 1), behind.PAGE):
        lines = [one] * min(behind.PAGE, amount - first)
        view = behind.page(opened, lines, first=first, now=NOW, carries={**CARRIES, "row": "rest", "figure": key})
        shown(view)
        seen += str(view).count("*ABCDEF-2026-000001*")
        last = first + behind.PAGE >= amount
        assert (names.Action.NUMBER_NEXT in str(view)) is not last
        assert (names.Action.NUMBER_PREVIOUS in str(view)) is (first > 0)
    assert seen == amount


@pytest.mark.parametrize(("parts", "teams"), [(1, 0), (1, 60), (4, 15), (5, 10), (40, 2)])
@pytest.mark.parametrize("late", [0, 1, 11, 100])
@pytest.mark.parametrize("lacking", [None, 0, 1, 1000])
def test_a_monthly_page_is_valid_however_many_teams_overdue_complaints_and_gaps_there_are(
    parts: int, teams: int, late: int, lacking: int | None
) -> None:
    shown = [
        monthly.Part(
            table(teams=teams, name=TEAM_NAME, size=9, scope=long(TEAM_NAME)),
            table(teams=teams, name=TEAM_NAME, size=9),
            ActionCounts(on_time=1234, late=1, open=1, overdue=1, to_verify=1),
        )
        for _ in range(parts)
    ]
    references = tuple(f"ABCDEF-2026-{number:06d}" for number in range(lacking or 0))
    gaps = tuple(Lacking(lack, references) for lack in Lack) if references else ()
    missing = None if lacking is None else MissingList(shown[0].table.period, 1000, gaps)
    overdue = [line(number) for number in range(1, late + 1)]
    drawn(monthly.monthly(long(PERSON_NAME), shown, overdue, missing))


def test_a_suggestion_and_what_listen_answers_are_valid() -> None:
    drawn(listen.suggestion("1764000000.000100"))
    drawn(listen.not_a_complaint())
    drawn(listen.turned_off())
    for member in (True, False):
        drawn(listen.turned_on(member=member))
        for found in (None, Listening(TODAY, None), Listening(TODAY, who())):
            drawn(listen.state(found, member=member))


@pytest.mark.parametrize(("services", "teams"), [(0, 0), (1, 60), (3, 20), (10, 6)])
@pytest.mark.parametrize("late", [0, 1, 10, 11, 100])
def test_a_digest_is_valid_however_many_services_and_overdue_complaints_there_are(
    services: int, teams: int, late: int
) -> None:
    tables = [table(teams=teams, name=TEAM_NAME, size=9, scope=long(TEAM_NAME)) for _ in range(services)]
    drawn(nudge.digest(long(PERSON_NAME), tables, [line(number) for number in range(1, late + 1)]))


def remedy(number: int = 1, **changed: Any) -> RemedyLine:
    values: dict[str, Any] = {
        "id": number,
        "complaint_id": number,
        "reference": f"ABCDEF-2026-{number:06d}",
        "team_id": 1,
        "handler": who(2),
        "owner": who(),
        "text": long(REASON_LENGTH),
        "evidence_wanted": long(REASON_LENGTH),
        "wants_evidence": True,
        "due_on": date(2026, 9, 30),
        "days_left": -1234,
        "evidence_ref": None,
        "evidenced_on": None,
        "done_on": None,
        "told_on": None,
    }
    return RemedyLine(**(values | changed))


def held(number: int = 1, kind: Kind = Kind.REMEDY) -> Held:
    return Held(kind, number, f"ABCDEF-2026-{number:06d}", 1, 1, date(2026, 9, 30), number)


def at_risk(number: int = 1, amount: int = 100, **changed: Any) -> AtRisk:
    """Somebody whose work is at risk for every reason there is."""
    values: dict[str, Any] = {
        "who": who(number),
        "risks": tuple(Risk),
        "items": tuple(held(one) for one in range(1, amount + 1)),
        "open_complaints": 1234,
        "since": TODAY,
        "deactivated_at": NOW,
        "leaves_on": TODAY,
        "days_left": 1234,
        "away": Away(number, TODAY, TODAY, None),
        "moved": {1: TODAY},
    }
    return AtRisk(**(values | changed))


def days_of(amount: int) -> Own:
    """Somebody away twice, leaving and standing in for as many as that."""
    items = tuple(held(one) for one in range(1, amount + 1))
    return Own(
        person_id=1,
        absences=(Days(TODAY, TODAY, who(2), begun=True), *[Days(TODAY, TODAY, None, begun=False)] * amount),
        leaves_on=TODAY,
        days_left=amount,
        stands_in=tuple(StandsIn(who(number), TODAY, items) for number in range(1, amount + 1)),
        items=amount,
    )


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


def test_putting_off_and_the_rules_of_nudging_are_valid() -> None:
    shown(snooze.form(PutOff("commitment:999999999", TODAY, MOST_DAYS)))
    shown(nudging.rung_form())
    every = {rung.name: Change(days=-60, every=60) for rung in LADDER}
    drawn(nudging.ladder(Ladder.changed(every), every, may_change=True))
    drawn(nudging.ladder(Ladder.changed({}), {}, may_change=False))


@pytest.mark.parametrize("amount", [0, 1, 10])
def test_what_was_sent_is_valid_however_much_it_was(amount: int) -> None:
    moment = datetime.fromisoformat("2026-09-30T09:00:00+00:00")
    lines = tuple(SentLine(f"ABCDEF-2026-{number:06d}", rung.name, rung.to.name) for number, rung in enumerate(LADDER))
    messages = tuple(
        SentFacts(kind, moment, moment if number % 2 else None, OutboxState.PENDING, long(200), lines)
        for number, kind in enumerate([*MessageKind][:amount])
    )
    drawn(nudging.sent(Sent(9, 17, messages), whose=long(PERSON_NAME)))


def claimed(number: int = 1, **changed: Any) -> ActionFacts:
    values: dict[str, Any] = {
        "id": number,
        "complaint_id": number,
        "reference": f"ABCDEF-2026-{number:06d}",
        "team_id": 1,
        "handler_id": None,
        "text": long(ACTION_LENGTH),
        "owner": who(),
        "due_on": date(2026, 9, 30),
        "days_left": -1234,
        "done_on": TODAY,
        "done_by": who(2),
        "evidence": long(EVIDENCE_LENGTH),
        "verified_on": None,
    }
    return ActionFacts(**(values | changed))


CLEARED_ACTION = claimed(text=None, evidence=None, owner=None, done_by=None, done_on=None)


def commitment(number: int = 1, **changed: Any) -> CommitmentLine:
    """A commitment with which its reader may do everything, sent back once."""
    values: dict[str, Any] = {
        "id": number,
        "reference": f"P-{number:06d}",
        "origin": long(ORIGIN_LENGTH),
        "theme_id": None,
        "team_id": 1,
        "area": long(TEAM_NAME),
        "made_on": TODAY,
        "body": long(BODY_LENGTH),
        "owner_id": 1,
        "owner": who(),
        "due_on": date(2026, 9, 30),
        "days_left": -1234,
        "done_on": None,
        "done_by_id": None,
        "action_taken": long(TAKEN_LENGTH),
        "evidence_ref": "X" * 40,
        "ended_on": None,
        "withdrawn": False,
        "sent_back": 1,
        "missing": long(REASON_LENGTH),
        "can_finish": True,
        "can_verify": True,
        "can_redate": True,
        "can_withdraw": True,
    }
    return CommitmentLine(**(values | changed))


COMMITMENTS = {
    "overdue": commitment(),
    "due": commitment(days_left=3, missing=None, action_taken=None, evidence_ref=None, area=None, owner=None),
    "claimed": commitment(done_on=TODAY, missing=None),
    "completed": commitment(done_on=TODAY, ended_on=TODAY, can_redate=False, can_withdraw=False),
    "withdrawn": commitment(ended_on=TODAY, withdrawn=True, can_redate=False),
}


@pytest.mark.parametrize("state", COMMITMENTS)
@pytest.mark.parametrize("size", [0, 1, 100])
def test_everything_about_a_commitment_is_valid(state: str, size: int) -> None:
    one = COMMITMENTS[state]
    drawn(promises.made(one))
    shown(promises.noted(one))
    shown(promises.done_form(one))
    shown(promises.send_back_form(one))
    if one.can_redate or one.can_withdraw:
        shown(promises.change_form(one))
    themes = [(str(number), long(LABEL, start=f"{number} ")) for number in range(size)]
    shown(promises.promise_form(PromiseChoices(areas=groups(size), people=groups(size), themes=themes, theme="0")))
    for mine in (True, False):
        buttons = promises.nudge_buttons(one, mine=mine, above=not mine)
        nudged = NudgeLine(one.reference, promises.nudged(one, mine=False), long(200), buttons, snooze="commitment:1")
        drawn(nudge.nudge([nudged] * 12, hour=9))


@pytest.mark.parametrize("amount", [0, 1, 11, 12, 100])
def test_the_list_of_commitments_is_valid_however_long_it_is(amount: int) -> None:
    some = [commitment(number) for number in range(1, amount + 1)]
    for others in (None, [], some):
        drawn(promises.listing(some, others))
        drawn(promises.listing([], others))


@pytest.mark.parametrize("length", [1, 400, 3000])
def test_what_is_asked_back_is_valid_whatever_was_typed(length: int) -> None:
    found = promising.read(
        f"“{long(length).replace('<@U0MABEL>', '').replace('@here', '')}” 3/4/2027 to {long(60)}", TODAY
    )
    assert isinstance(found, promising.Ambiguous | promising.Unclear)
    if isinstance(found, promising.Ambiguous):
        drawn(promises.ask_back(found))
    else:
        drawn(promises.unclear(found.problem))
    drawn(promises.unclear(long(300)))


def theme_table(count: int, size: int) -> ThemeTable:
    now, before = ThemeCounts(size, size, size // 2), ThemeCounts(size * 2, size, size)
    rows = tuple(ThemeRow(one, long(LABEL, start=f"{one} "), now, before, size, one % 2 == 0) for one in range(count))
    period = Period.of(date(2026, 4, 1), date(2027, 3, 31))
    extra = [ThemeRow(None, name, now, before) for name in ("Without a theme", "All complaints")]
    return ThemeTable(period, period.year_earlier(), TODAY, long(LABEL), rows, *extra)


@pytest.mark.parametrize("count", [0, 1, 5, 96, 97, 200])
@pytest.mark.parametrize("size", [0, 1, 99_999])
def test_a_table_of_themes_is_valid_however_many_there_are(count: int, size: int) -> None:
    for may_widen in (True, False):
        drawn(themes.themes(theme_table(count, size), may_widen=may_widen))


def learning_note(number: int = 1, teams: int = 97) -> NoteFacts:
    by_team = tuple(ReadBy(team, long(TEAM_NAME, start=f"{team} "), Share(999, 1999)) for team in range(teams))
    return NoteFacts(number, long(NOTE_LENGTH), TODAY, Readers(Share(9_999, 99_999), by_team))


def test_a_learning_note_is_valid_and_short_enough_to_be_redrawn() -> None:
    for teams in (0, 1, 8, 97):
        message = learning.note(learning_note(teams=teams))
        drawn(message)
        assert len(message.text) <= UPDATE_TEXT
    drawn(learning.note(NoteFacts(1, "x", TODAY, Readers(Share(0, 0), ()))))


@pytest.mark.parametrize("size", [1, 100])
def test_every_form_of_learning_is_valid(size: int) -> None:
    for action in (claimed(), CLEARED_ACTION):
        shown(learning.done_form(action, today=TODAY))
        shown(learning.send_back_form(action))
        for may in (True, False):
            drawn(nudge.nudge([learning.action_due(action, long(200), may_do=may)] * 12, hour=9))
        drawn(nudge.nudge([learning.action_claimed(action, To.HANDLER.value)] * 12, hour=9))
    drawn(nudge.nudge([learning.note_wanted("ABCDEF-2026-000001", 3, TODAY, To.HANDLER.value)] * 12, hour=9))
    shown(learning.add_form(OWNED, groups(size)))
    themes = tuple(long(LABEL, start=f"{number} ") for number in range(100))
    for draft in (Draft("ABCDEF-2026-000001", 3, themes, (long(ACTION_LENGTH),) * 3), Draft("CS-2026-0001", 1, (), ())):
        shown(learning.note_form(draft))


@pytest.mark.parametrize(("teams", "notes"), [(0, 0), (1, 1), (60, 11), (97, 60), (200, 60)])
def test_the_answer_about_learning_is_valid_however_much_there_is(teams: int, notes: int) -> None:
    counts = ActionCounts(99_999, 99_999, 99_999, 99_999, 99_999)
    rows = tuple(ActionRow(number, long(TEAM_NAME, start=f"{number} "), counts) for number in range(teams))
    read = [ReadBy(number, long(TEAM_NAME, start=f"{number} "), Share(9_999, 99_999)) for number in range(5, teams + 5)]
    table = ActionTable(Period.of(date(2026, 4, 1), date(2027, 3, 31)), rows, counts)
    drawn(learned.learned(table, [learning_note(number, teams) for number in range(notes)], read, Share(1, 2)))


def groups(size: int) -> dict[str, list[tuple[str, str]]]:
    return {long(LABEL): [(f"p{number}", long(PERSON_NAME, start=f"{number} ")) for number in range(size)]}


@pytest.mark.parametrize("state", EVERY_STATE)
@pytest.mark.parametrize("size", [0, 1, 100])
def test_every_form_of_the_procedure_is_valid(state: str, size: int) -> None:
    one = EVERY_STATE[state]
    options = [(f"key{number}", long(LABEL, start=f"{number} ")) for number in range(max(size, 1))]
    shown(acts.more(one, [(long(LABEL), f"act{number}", long(300)) for number in range(min(size, 30))]))
    shown(decisions.extension_form(one, latest_on=TODAY, maximum_days=20))
    shown(decisions.pause_form(one, options, today=TODAY))
    shown(decisions.refuse_form(asked()))
    shown(stages.request_form(one, [label for _key, label in options], today=TODAY))
    shown(stages.refuse_stage_form(one))
    shown(stages.end_form(one, options, today=TODAY))
    shown(stages.reopen_form(one))
    fields = {"step:report_received": long(LABEL), "outcome": long(LABEL)}
    shown(stages.correct_form(one, fields, chosen=None, choices=None))
    shown(stages.correct_form(one, fields, chosen="step:report_received", choices=None))
    shown(stages.correct_form(one, fields, chosen="outcome", choices=options))
    shown(investigation.appoint_form(one, RULES.stage(2).posts, groups(size), chosen="independent_person", today=TODAY))
    shown(investigation.step_form(one, options, today=TODAY, late_matters=True))
    shown(investigation.agree_form(one))
    shown(earlier.form(one, "acknowledged_earlier", "When was the complainant told?", today=TODAY))
    shown(investigation.issue_form(one, 1, groups(max(size, 1)), options))
    issues = [IssueFacts(number, long(TEAM_NAME), long(LABEL), long(REASON_LENGTH), {}) for number in range(1, 31)]
    shown(investigation.adjudicate_form(one, issues, options, groups(max(size, 1)), today=TODAY))
    shown(ombudsman.enquiry_form(one, today=TODAY))
    shown(ombudsman.decision_form(one, today=TODAY))
    shown(ombudsman.remedy_form(one, groups(max(size, 1)), today=TODAY))
    shown(ombudsman.evidence_form(1, today=TODAY))
    remedies = tuple(remedy(number, evidenced_on=TODAY if number % 2 else None) for number in range(1, size + 1))
    shown(ombudsman.remedies(OmbudsmanFacts("ABCDEF-2026-000001", (), (), remedies)))


def test_the_messages_of_a_decision_are_valid() -> None:
    for kind in Asked:
        for too_late in (True, False):
            drawn(decisions.wanted(asked(kind=kind, decide_by=TODAY, too_late=too_late)))
        drawn(decisions.wanted(asked(kind=kind)))
        for granted in (True, False):
            answer = asked(kind=kind, granted=granted, decided_on=TODAY, decided_by=who(2))
            drawn(decisions.decided(answer, long(REASON_LENGTH)))
    drawn(nudge.redated([line(number) for number in range(1, 101)], long(300), {1: date(2026, 12, 2)}))


def record_choices(*, areas: int = 10, teams: int = 6) -> RecordChoices:
    return RecordChoices(
        teams={
            long(TEAM_NAME, start=f"{area} "): [
                (str(area * 1000 + number), long(TEAM_NAME, start=f"{number} ")) for number in range(teams)
            ]
            for area in range(areas)
        },
        procedures=[("statutory", long(LABEL))],
        themes=[(str(number), long(LABEL, start=f"{number} ")) for number in range(120)],
        customer_groups=[(long(LABEL, start=f"{number} "),) * 2 for number in range(60)],
        contact_methods=[(long(LABEL, start=f"{number} "),) * 2 for number in range(60)],
    )


PREVIEWS = (None, ClockPreview(TODAY, TODAY, -1234, 1234, late=True), ClockPreview(TODAY, TODAY, 10, 0, late=False))


@pytest.mark.parametrize("preview", PREVIEWS)
@pytest.mark.parametrize(("areas", "teams"), [(1, 1), (10, 6), (100, 3), (120, 1), (1, 120)])
def test_the_form_of_a_new_complaint_is_valid(preview: ClockPreview | None, areas: int, teams: int) -> None:
    choices = record_choices(areas=areas, teams=teams)
    for written in (None, "", long(SUMMARY_LENGTH), long(40_000)):
        shown(record.record_form(choices, preview, today=TODAY, written=written, not_copied=written is None))
    shown(record.record_form(choices, preview, today=TODAY, carries={"not_copied": "yes"}))


def test_the_form_of_a_compliment_is_valid() -> None:
    shown(record.compliment_form(record_choices(), today=TODAY))


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


@pytest.mark.parametrize("managers", [0, 1, 2, 100, 150])
def test_the_form_that_assigns_is_valid_however_many_managers_there_are(managers: int) -> None:
    candidates = [Candidate(who(number), 999_999) for number in range(1, managers + 1)]
    shown(respond.assign_form(OPEN, candidates))
    shown(respond.assign_form(OWNED, candidates))


@pytest.mark.parametrize("outcome", [None, "key-0", "key-1", "no such outcome"])
@pytest.mark.parametrize("people", [1, 100, 150])
@pytest.mark.parametrize("themes", [0, 1, 120])
def test_the_form_of_a_response_is_valid(outcome: str | None, people: int, themes: int) -> None:
    choices = RespondChoices(
        outcomes=[(f"key-{number}", long(LABEL, start=f"{number} ")) for number in range(100)],
        themes=[(str(number), long(LABEL, start=f"{number} ")) for number in range(themes)],
        people={
            long(TEAM_NAME): [(str(number), who(number).name) for number in range(people)],
            "Other managers": [],
            "Complaints team": [(str(number), who(number).name) for number in range(1000, 1000 + people)],
        },
        finds_fault=frozenset({"key-0"}),
    )
    for state in (OPEN, OWNED):
        shown(respond.respond_form(state, choices, today=TODAY, outcome=outcome))


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
