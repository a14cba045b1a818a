"""Turns an outbox row into what is to be said, at the moment of sending, from the register as it is then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.blocks import card, cleared, decisions, handover, learning, nudge, reporting
from bot.blocks import people as people_blocks
from bot.blocks.message import Message, clip
from jobs import nudges, pages, said
from jobs.around import Around
from jobs.gather import SCHEDULED
from storage import (
    outbox,
    people,
    views,
    views_complaint,
    views_history,
    views_learning,
    views_ownership,
    views_people,
    views_requests,
)
from storage.models import Complaint, Person, ReportRequest
from storage.office import Desk
from storage.periods import Period
from storage.register.ledger import card_key
from storage.sending import Leased
from storage.vocabulary import EventKind, MessageKind

# docs.slack.dev, chat.update: longer text is msg_too_long, though chat.postMessage takes ten times that.
_CHANGED_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Ready:
    """A message and where it goes: a channel's id, or a person's Slack id for a direct message.

    `update` is the ts of a message to be drawn again; `thread` the ts of the message it is a reply to. `cleared`: its complaint
    was cleared, so it changes what stands and is never put up anew. `old`: the same of a message of an earlier day.
    """

    message: Message
    channel: str | None = None
    person: str | None = None
    thread: str | None = None
    update: str | None = None
    cleared: bool = False
    old: bool = False


class NotYet(Exception):
    """Something else has to be sent first; or it may go out only from `until`."""

    def __init__(self, why: str, until: datetime | None = None) -> None:
        super().__init__(why)
        self.until = until


def render(desk: Desk, row: Leased, around: Around) -> Ready | None:
    """What the row says now; None when it no longer needs to be said, or is for somebody who is gone.

    Raises NotYet; UnknownReference.
    """
    if _is_for_nobody(row, around):
        return None
    complaint = desk.session.get(Complaint, row.complaint_id) if row.complaint_id else None
    if complaint is not None and complaint.taken_back_on is not None:
        return _about_taken_back(row, complaint.reference, complaint.taken_back_on)
    if complaint is None or complaint.cleared_on is None:
        return _RENDERERS[row.kind](desk, row, around)
    return _about_cleared(desk, row, complaint.reference, complaint.cleared_on, around)


def _is_for_nobody(row: Leased, around: Around) -> bool:
    """Slack takes a message to somebody who is gone, and nobody reads it. One that stands already may still have to change."""
    return row.person_id is not None and row.person_id not in around.staff.everybody and row.standing is None


def _about_cleared(desk: Desk, row: Leased, reference: str, cleared_on: date, around: Around) -> Ready | None:
    """Only retention has a message drawn again that is not a card: it showed what is gone now."""
    standing = row.standing if row.kind is not MessageKind.CARD else None
    if standing is not None:
        said = cleared.cleared(reference, cleared_on)
        return Ready(said, channel=standing[0], update=standing[1], cleared=True)
    ready = _RENDERERS[row.kind](desk, row, around)
    return replace(ready, cleared=True) if ready else None


def _about_taken_back(row: Leased, reference: str, on: date) -> Ready | None:
    """What was never posted is never said; what stands says that it is over."""
    standing = row.standing
    if standing is None:
        return None
    return Ready(cleared.taken_back(reference, on), channel=standing[0], update=standing[1], cleared=True)


def _card(desk: Desk, row: Leased, around: Around) -> Ready | None:
    facts = views_complaint.complaint_by_id(desk, row.complaint_id or 0)
    standing = row.standing
    channel = standing[0] if standing else facts.channel or around.channel
    if channel is None:
        raise NotYet("no channel: choose one with /complaint setup, or set COMPLAINTS_CHANNEL")
    return Ready(card.card(facts), channel=channel, update=standing[1] if standing else None)


def _thread(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    standing = outbox.standing(desk.session, card_key(row.complaint_id or 0))
    if standing is None:
        raise NotYet("the card is not posted yet")
    complaint = desk.session.get_one(Complaint, row.complaint_id)
    entry, names = views_history.entry(desk, row.complaint_id or 0, row.data["sequence"], desk.rules_of(complaint))
    # The channel is for all managers, who see what a complaint is about before they claim it; what people wrote in deciding it is
    # for those who may see the complaint, and they find it in its history.
    if entry.kind is EventKind.RECEIVED:
        message = card.details(views_complaint.complaint_by_id(desk, row.complaint_id or 0))
    else:
        message = card.event(replace(entry, texts={}), names)
    return Ready(message, channel=standing[0], thread=standing[1])


def _allocated(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    facts = views_complaint.complaint_by_id(desk, row.complaint_id or 0)
    owner = facts.line.owner
    if owner is None or owner.id != row.person_id or not facts.line.is_open:
        return None
    giver = views.event(desk, row.complaint_id or 0, row.data["sequence"]).actor
    return Ready(card.allocated(facts, giver.name if giver else None), person=owner.slack_id)


def _decision_wanted(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    asked = views_requests.one(desk, row.data["request"])
    facts = views_complaint.complaint_by_id(desk, row.complaint_id or 0)
    if asked is None or not asked.is_waiting or not facts.line.is_open:
        return None
    return Ready(decisions.wanted(asked), person=_person(desk, row).slack_id)


def _decided(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    asked = views_requests.one(desk, row.data["request"])
    if asked is None or asked.is_waiting:
        return None
    return Ready(decisions.decided(asked, views_requests.why(desk, asked)), person=_person(desk, row).slack_id)


def _redated(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    still = views.still_open(desk, row.data["complaints"])
    change = views_requests.council_change(desk, row.data["change"])
    before = views_requests.moved_from(desk, row.data["change"], row.data["complaints"])
    return Ready(nudge.redated(still, change, before), person=_person(desk, row).slack_id) if still else None


def _nudge(desk: Desk, row: Leased, around: Around) -> Ready | None:
    message = _lines(desk, row, around)
    return _personal(desk, row, around, message) if message else None


def _lines(desk: Desk, row: Leased, around: Around) -> Message | None:
    """What a nudge says, or what it says of itself since; None when there is nothing to say."""
    person = _person(desk, row)
    lines = nudges.lines_from(row.data.get("lines") or ())
    if row.standing is None:
        found = said.said(desk, around.staff, lines, person.id or 0)
    else:
        found = said.said_since(desk, around.staff, lines, person.id or 0, datetime.fromisoformat(row.data["at"]))
    if not found.shown:
        return None
    return nudge.nudge(found.shown, hour=person.nudge_hour, total=found.total, overdue=found.overdue)


def _personal(desk: Desk, row: Leased, around: Around, message: Message) -> Ready | None:
    """A direct message, or the same message drawn again where it stands; None for somebody who is not here any more.

    Raises NotYet outside the person's hours, and when they have had one that day: what Slack could not be given in time waits.
    """
    standing = row.standing
    if standing is not None:
        shorter = replace(message, text=clip(message.text, _CHANGED_TEXT))
        return Ready(shorter, channel=standing[0], update=standing[1], old=True)
    person, until = _person(desk, row), desk.policy.nudges_until_hour
    if person.id not in around.staff.present:
        return None
    recipient = nudges.Recipient(person.id or 0, person.tz, person.nudge_hour)
    day = nudges.sending_day(desk.now, recipient, desk.calendar, until)
    midnight = datetime.combine(desk.now.astimezone(ZoneInfo(person.tz)).date(), time(), ZoneInfo(person.tz))
    if day is None or outbox.came_since(desk.session, person.id or 0, SCHEDULED, midnight, desk.now):
        opens = nudges.next_opening(desk.now, recipient, desk.calendar, until)
        raise NotYet("outside the person's hours, or they had today's message", until=opens)
    return Ready(message, person=person.slack_id)


def _digest(desk: Desk, row: Leased, around: Around) -> Ready | None:
    lines = _lines(desk, row, around)
    said = pages.digest(desk, around, _person(desk, row).name, row.data)
    return _personal(desk, row, around, lines.followed_by(said) if lines else said)


def _monthly(desk: Desk, row: Leased, around: Around) -> Ready | None:
    lines = _lines(desk, row, around)
    said = pages.monthly(desk, around, _person(desk, row).name, row.data)
    return _personal(desk, row, around, lines.followed_by(said) if lines else said)


def _handed_over(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    items = views_ownership.passed_on(desk, row.data["items"], row.person_id or 0)
    who = people.everyone(desk.session, [row.data["by"], row.data["from"]])
    if not items:
        return None
    said = handover.taken(items, who.get(row.data["by"] or 0), who.get(row.data["from"]))
    return Ready(said, person=_person(desk, row).slack_id)


def _taken_over(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    who = people.everyone(desk.session, [row.data["by"], row.data["to"]])
    names = views_ownership.names(desk, row.data["items"])
    said = handover.gone(names, who.get(row.data["to"]), who.get(row.data["by"] or 0))
    return Ready(said, person=_person(desk, row).slack_id)


def _note(desk: Desk, row: Leased, around: Around) -> Ready | None:
    """Where it stands it stays; the channel that all managers read may be set, or changed, later."""
    facts = views_learning.note(desk, row.data["note"])
    if facts is None:
        return None
    standing = row.standing
    channel = standing[0] if standing else desk.policy.learning_channel or around.channel
    if channel is None:
        raise NotYet("no channel: set COMPLAINTS_CHANNEL, or learning_channel among the settings")
    return Ready(learning.note(facts), channel=channel, update=standing[1] if standing else None)


def _person(desk: Desk, row: Leased) -> Person:
    person = desk.session.get(Person, row.person_id)
    if person is None:
        raise LookupError(f"outbox row {row.id} is for nobody")
    return person


def _report(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    """That a report is being built, and in the same place that it is there, or why it isn't."""
    asked = desk.session.get_one(ReportRequest, row.data["report"])
    said = reporting.report(
        Period.of(asked.first_day, asked.last_day), built=asked.done_at is not None, problem=asked.problem
    )
    standing = row.standing
    if standing is not None:
        return Ready(said, channel=standing[0], update=standing[1])
    return Ready(said, person=_person(desk, row).slack_id)


def _covering(desk: Desk, row: Leased, _around: Around) -> Ready | None:
    one = views_people.covering(desk, row.data["absence"], row.person_id or 0)
    return Ready(people_blocks.covering(one), person=_person(desk, row).slack_id) if one else None


_RENDERERS: Mapping[MessageKind, Callable[[Desk, Leased, Around], Ready | None]] = {
    MessageKind.CARD: _card,
    MessageKind.THREAD: _thread,
    MessageKind.ALLOCATED: _allocated,
    MessageKind.NUDGE: _nudge,
    MessageKind.DIGEST: _digest,
    MessageKind.DECISION_WANTED: _decision_wanted,
    MessageKind.DECIDED: _decided,
    MessageKind.REDATED: _redated,
    MessageKind.MONTHLY: _monthly,
    MessageKind.NOTE: _note,
    MessageKind.HANDED_OVER: _handed_over,
    MessageKind.TAKEN_OVER: _taken_over,
    MessageKind.COVERING: _covering,
    MessageKind.REPORT: _report,
}
