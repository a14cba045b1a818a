"""The longest and nastiest that the register can hold, to be drawn; and what Slack refuses of what is drawn."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from bot.blocks import tables
from bot.blocks.message import Message, View
from bot.practice.content import TEXT_CUT
from bot.practice.limits import message_problems, view_problems
from storage import procedures
from storage.availability import Away
from storage.figures import Share
from storage.figures.notes import ReadBy, Readers
from storage.people import Who
from storage.register.commitments import ACTION_LENGTH as TAKEN_LENGTH
from storage.register.learning import ACTION_LENGTH, EVIDENCE_LENGTH
from storage.register.notes import NOTE_LENGTH
from storage.register.promising_rules import BODY_LENGTH, ORIGIN_LENGTH
from storage.register.record import SUMMARY_LENGTH
from storage.register.writing import REASON_LENGTH
from storage.views import ActionLine, StageLine
from storage.views_commitments import CommitmentLine
from storage.views_complaint import ComplaintFacts
from storage.views_learning import ActionFacts, NoteFacts
from storage.views_ombudsman import RemedyLine
from storage.views_ownership import Held, Kind
from storage.views_people import Days, Own, StandsIn
from storage.views_requests import RequestFacts
from storage.views_risk import AtRisk, Risk
from storage.vocabulary import Asked, Band, Finding
from tests.jobs.outbox import NOT_TAKEN

NASTY = "<!channel> & <@U0MABEL> <http://example.org|here> *_~`> &amp; @here 👩‍👩‍👧‍👦 \u202e\u0000é "


TODAY = date(2026, 11, 23)


NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


# The lengths that the register's columns and the org file allow.
TEAM_NAME, PERSON_NAME, LABEL = 75, 100, 75


RULES = procedures.shipped()["statutory"]


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


def learning_note(number: int = 1, teams: int = 97) -> NoteFacts:
    by_team = tuple(ReadBy(team, long(TEAM_NAME, start=f"{team} "), Share(999, 1999)) for team in range(teams))
    return NoteFacts(number, long(NOTE_LENGTH), TODAY, Readers(Share(9_999, 99_999), by_team))
