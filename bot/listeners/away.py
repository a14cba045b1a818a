"""`/complaint away` and `back`: days off, and who stands in."""

import re
from dataclasses import dataclass

from bot.blocks import people
from bot.blocks.message import Message, View
from bot.blocks.names import Action, Form
from bot.blocks.respond import shown
from bot.door import Door
from bot.mentions import mentions
from bot.requests import Answer, Open, Pressed, Say, Submitted, Typed, as_number
from storage import covering, views_people
from storage.dates import london_day
from storage.day_reading import read_days
from storage.errors import FieldProblems, Refusal
from storage.models import Absence
from storage.office import Desk
from storage.people import Who, everyone
from storage.permissions import TABLE, Operation
from storage.register import staff
from storage.register.staff import NewAbsence

_PICK = (
    "Type @ and pick the person from the list that Slack offers, or type /complaint away alone and choose in the form."
)
_AFTER = "To name who stands in for you, put them after the days: /complaint away 1 December to 12 December @name."
# `… to 12 December with @name`, `… covered by @name`.
_BEFORE_COVER = re.compile(r"\s*\b(?:with|and|by|cover|covered by)\s*$", re.IGNORECASE)


def register(door: Door) -> None:
    """Adds two sub-commands, two buttons and the form."""
    _going(door)
    _returning(door)


def _going(door: Door) -> None:
    def typed(command: Typed) -> Answer:
        said = _read(command.words)
        if not said.days:
            with door.office.look(command.user, door.clock()) as desk:
                return Open(_form(desk, _meant(desk, said.whose or said.cover)))
        never = said.days.casefold() == "never"
        days = None if never else read_days(said.days, london_day(door.clock()))
        with door.office.change(command.user, door.clock()) as desk:
            if said.whose and not said.cover and not desk.actor.has(*TABLE[Operation.STAFF]):
                raise Refusal(_AFTER)
            whose = _meant(desk, said.whose)
            if days is None:
                staff.stays(desk, whose)
                return Say(people.taken_back(_who(desk, whose), own=_own(desk, whose)))
            # 0, who is nobody, is refused as one who isn't in the register.
            cover_id = views_people.person_id(desk, said.cover) if said.cover else None
            absence = NewAbsence(from_on=days.first, until_on=days.last, cover_id=cover_id)
            return Say(_recorded(desk, staff.away(desk, whose, absence)))

    def pressed(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            return Open(_form(desk, as_number(press.value) or desk.actor.person_id or 0))

    def submitted(form: Submitted) -> View | None:
        first, last = form.values.day("from_on"), form.values.day("until_on")
        if first is None or last is None:
            raise FieldProblems({"from_on" if first is None else "until_on": "Choose a day."})
        with door.saving(form) as desk:
            whose = as_number(form.carries.get("person")) or form.values.number("person_id") or desk.actor.person_id
            absence = NewAbsence(from_on=first, until_on=last, cover_id=form.values.number("cover_id"))
            return shown("Away", _recorded(desk, staff.away(desk, whose or 0, absence)))

    door.subcommand(
        "away", "[@person] [from] to [until] [@cover]", "days off, and who stands in", typed, needs=Operation.SEE
    )
    door.action(Action.AWAY, pressed)
    door.form(Form.AWAY, submitted)


def _returning(door: Door) -> None:
    def typed(command: Typed) -> Answer:
        named = mentions(command.words)
        if named.unread or named.rest or len(named.slack_ids) > 1:
            raise Refusal("Type /complaint back for yourself, or @ and the name of who is back after it.")
        with door.office.change(command.user, door.clock()) as desk:
            return _back(desk, _meant(desk, next(iter(named.slack_ids), None)))

    def pressed(press: Pressed) -> Answer:
        with door.office.change(press.user, door.clock()) as desk:
            return _back(desk, as_number(press.value) or desk.actor.person_id or 0)

    door.subcommand("back", "[@person]", "ends days off today", typed, needs=Operation.SEE)
    door.action(Action.BACK, pressed)


@dataclass(frozen=True, slots=True)
class _Said:
    """What was typed: the Slack ids of whose days these are and of who stands in, and the days as they were typed."""

    whose: str | None
    cover: str | None
    days: str


def _read(words: str) -> _Said:
    """Whoever comes before the days is who is away, whoever comes after them stands in."""
    named = mentions(words)
    if named.unread or len(named.slack_ids) > 2:
        raise Refusal(f"It is not clear who is meant. {_PICK}")
    leading = bool(named.slack_ids) and words.lstrip().startswith("<@")
    whose = named.slack_ids[0] if leading else None
    rest = named.slack_ids[1:] if leading else named.slack_ids
    if len(rest) > 1:
        raise Refusal(f"It is not clear who stands in: one person can. {_PICK}")
    return _Said(whose, rest[0] if rest else None, _BEFORE_COVER.sub("", named.rest))


def _form(desk: Desk, whose: int) -> View:
    staff.must_speak_for(desk, whose)
    own = _own(desk, whose)
    return people.away_form(
        covering.possible(desk, whose),
        views_people.spoken_for(desk) if own else {},
        today=desk.today,
        who=None if own else _who(desk, whose),
    )


def _recorded(desk: Desk, absence: Absence) -> Message:
    whose = absence.person_id
    days = next(one for one in views_people.absences(desk, whose) if one.until_on == absence.until_on)
    alone = views_people.left_alone(desk, whose, absence.from_on, absence.until_on)
    return people.gone_away(_who(desk, whose), days, alone, own=_own(desk, whose))


def _back(desk: Desk, whose: int) -> Answer:
    staff.back(desk, whose)
    return Say(people.returned(_who(desk, whose), own=_own(desk, whose)))


def _meant(desk: Desk, slack_id: str | None) -> int:
    """Whose days: those of the one named, else one's own."""
    return (desk.actor.person_id or 0) if slack_id is None else views_people.person_id(desk, slack_id)


def _who(desk: Desk, whose: int) -> Who:
    return everyone(desk.session, [whose])[whose]


def _own(desk: Desk, whose: int) -> bool:
    return whose == desk.actor.person_id
