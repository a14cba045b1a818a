"""Turns an outbox row into what is to be said, at the moment of sending, from the register as it is then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.blocks import card, nudge
from bot.blocks.message import Message
from bot.blocks.nudge import NudgeLine
from jobs import gather, nudges
from jobs.ladder import To
from storage import figures, outbox, people, views
from storage.models import Person
from storage.office import Desk
from storage.outbox import Leased
from storage.periods import parse
from storage.register.ledger import card_key
from storage.vocabulary import EventKind, MessageKind


@dataclass(frozen=True, slots=True)
class Ready:
    """A message and where it goes: a channel's id, or a person's Slack id for a direct message.

    `update` is the ts of a message to be drawn again; `thread` the ts of the message it is a reply to.
    """

    message: Message
    channel: str | None = None
    person: str | None = None
    thread: str | None = None
    update: str | None = None


class NotYet(Exception):
    """Something else has to be sent first."""


def render(desk: Desk, row: Leased, default_channel: str | None) -> Ready | None:
    """What the row says now; None when it no longer needs to be said. Raises NotYet; UnknownReference for a cleared complaint."""
    return _RENDERERS[row.kind](desk, row, default_channel)


def _card(desk: Desk, row: Leased, default_channel: str | None) -> Ready | None:
    facts = views.complaint_by_id(desk, row.complaint_id or 0)
    standing = outbox.standing(desk.session, row.key)
    channel = standing[0] if standing else facts.channel or default_channel
    if channel is None:
        raise NotYet("no channel: set COMPLAINTS_CHANNEL, or a channel for the team")
    return Ready(card.card(facts), channel=channel, update=standing[1] if standing else None)


def _thread(desk: Desk, row: Leased, _default_channel: str | None) -> Ready | None:
    standing = outbox.standing(desk.session, card_key(row.complaint_id or 0))
    if standing is None:
        raise NotYet("the card is not posted yet")
    facts = views.complaint_by_id(desk, row.complaint_id or 0)
    happened = views.event(desk, row.complaint_id or 0, row.data["sequence"])
    if happened.kind is EventKind.RECEIVED:
        message = card.details(facts)
    else:
        owner_id = happened.data.get("owner")
        owner = people.everyone(desk.session, [owner_id]).get(owner_id or 0)
        text_id = happened.data.get("text")
        message = card.event(facts, happened, owner=owner, text=views.text(desk, text_id) if text_id else None)
    return Ready(message, channel=standing[0], thread=standing[1])


def _allocated(desk: Desk, row: Leased, _default_channel: str | None) -> Ready | None:
    facts = views.complaint_by_id(desk, row.complaint_id or 0)
    owner = facts.line.owner
    if owner is None or owner.id != row.person_id or facts.line.ended_on is not None:
        return None
    giver = views.event(desk, row.complaint_id or 0, row.data["sequence"]).actor
    return Ready(card.allocated(facts, giver.name if giver else None), person=owner.slack_id)


def _nudge(desk: Desk, row: Leased, _default_channel: str | None) -> Ready | None:
    person = _person(desk, row)
    lines = nudges.lines_from(row.data["lines"])
    stages = {stage.stage_id: stage for stage in gather.open_stages(desk, [line.complaint_id for line in lines])}
    said = []
    for line in lines:
        if nudges.still_due(line, stages.get(line.stage_id), row.person_id or 0):
            facts = views.complaint_by_id(desk, line.complaint_id)
            said.append(
                NudgeLine(
                    facts.line,
                    line.to.value,
                    owns=line.to is To.OWNER,
                    can_claim=line.to in {To.TEAM_MANAGERS, To.SENIOR_MANAGER},
                )
            )
    if not said:
        return None
    said.sort(key=lambda one: one.line.days_left)
    return Ready(nudge.nudge(said, hour=person.nudge_hour), person=person.slack_id)


def _digest(desk: Desk, row: Leased, _default_channel: str | None) -> Ready | None:
    person = _person(desk, row)
    period = parse("", desk.today)
    tables = [figures.team_table(desk, period, team_id=team_id) for team_id in row.data["teams"]]
    team_ids: set[int] = set()
    for team_id in row.data["teams"]:
        team_ids |= {team.id for team in desk.teams} if team_id is None else desk.teams.subtree(team_id)
    overdue = [line for line in views.overdue(desk) if line.team_id in team_ids]
    return Ready(nudge.digest(person.name, tables, overdue), person=person.slack_id)


def _person(desk: Desk, row: Leased) -> Person:
    person = desk.session.get(Person, row.person_id)
    if person is None:
        raise LookupError(f"outbox row {row.id} is for nobody")
    return person


_RENDERERS: Mapping[MessageKind, Callable[[Desk, Leased, str | None], Ready | None]] = {
    MessageKind.CARD: _card,
    MessageKind.THREAD: _thread,
    MessageKind.ALLOCATED: _allocated,
    MessageKind.NUDGE: _nudge,
    MessageKind.DIGEST: _digest,
}
