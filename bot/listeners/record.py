"""Recording a complaint: `/complaint new`, the Home tab's button, and *Record as complaint* on a message."""

from datetime import date

from bot.blocks.message import View
from bot.blocks.names import Action, Form, Shortcut
from bot.blocks.record import ClockPreview, RecordChoices, record_form, recorded_note
from bot.door import Door
from bot.requests import Answer, Open, Pointed, Pressed, Redraw, Submitted, Typed
from storage import register as registry
from storage import views
from storage.clocks import Happening
from storage.errors import FieldProblems, Refusal
from storage.office import Desk
from storage.permissions import Operation
from storage.privacy import screen
from storage.register import ledger
from storage.register.record import SUMMARY_LENGTH, received_problem
from storage.vocabulary import EventKind


def register(door: Door) -> None:
    """Adds the sub-command, the button, the shortcut and the form."""

    def open_form(user: str, *, written: str | None = None, not_copied: bool = False) -> Answer:
        with door.office.look(user, door.clock()) as desk:
            return Open(blank(desk, written=written, not_copied=not_copied))

    def typed(command: Typed) -> Answer:
        return open_form(command.user)

    def pressed(press: Pressed) -> Answer:
        return open_form(press.user)

    def pointed(point: Pointed) -> Answer:
        identifying = bool(screen(point.text))
        written = None if identifying or not point.text else point.text[:SUMMARY_LENGTH]
        return open_form(point.user, written=written, not_copied=identifying)

    def date_chosen(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            chosen = press.values.day("received_on")
            possible = chosen is not None and received_problem(desk, chosen, press.values.one("procedure")) is None
            return Redraw(
                record_form(
                    choices(desk),
                    preview(desk, chosen, press.values.one("procedure")) if chosen and possible else None,
                    today=chosen or desk.today,
                    written=press.values.text("summary"),
                    not_copied="not_copied" in press.carries,
                    carries=press.carries,
                )
            )

    def submitted(form: Submitted) -> View:
        new = _read(form)
        with door.saving(form) as desk:
            recorded = registry.record(desk, new)
            channel = desk.teams[new.lead_team_id].channel or desk.policy.cards_go_to(door.channel)
        return recorded_note(recorded, channel)

    door.subcommand("new", "", "record a complaint", typed, needs=Operation.RECORD)
    door.action(Action.NEW, pressed)
    door.message_shortcut(Shortcut.RECORD, pointed)
    door.action(Action.RECEIVED_ON, date_chosen)
    door.form(Form.RECORD, submitted)


def blank(desk: Desk, *, written: str | None = None, not_copied: bool = False) -> View:
    """The form, received today. `written` and `not_copied` are of the message that is recorded. Raises NotAllowed; Refusal."""
    desk.require(Operation.RECORD)
    return record_form(
        choices(desk),
        preview(desk, desk.today, next(iter(desk.procedures))),
        today=desk.today,
        written=written,
        not_copied=not_copied,
        carries={"not_copied": "yes"} if not_copied else None,
    )


def open_teams(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """Teams that are open today, by service area, as forms offer them."""
    teams: dict[str, list[tuple[str, str]]] = {}
    for team in desk.teams:
        if team.is_open(desk.today) and not desk.teams.is_area(team.id):
            area = desk.teams[team.parent_id].name if team.parent_id else "Teams"
            teams.setdefault(area, []).append((str(team.id), team.name))
    return teams


def choices(desk: Desk) -> RecordChoices:
    """What the form offers today: open teams by service area, themes and the council's own lists.

    Raises Refusal while no team is open.
    """
    teams = open_teams(desk)
    if not teams:
        raise Refusal(
            "There is no team that is open today. A complaints manager can enter the teams with /complaint setup."
        )
    return RecordChoices(
        teams=teams,
        procedures=[(procedure.name, procedure.title) for procedure in desk.procedures.values()],
        themes=[(str(theme_id), name) for theme_id, name in views.themes(desk)],
        customer_groups=[(group, group) for group in desk.policy.customer_groups],
        contact_methods=[(method, method) for method in desk.policy.contact_methods],
    )


def preview(desk: Desk, received_on: date, procedure: str | None) -> ClockPreview:
    """What a date of receipt would mean for stage 1 of the procedure chosen. Raises CalendarTooShort."""
    rules = desk.procedures.get(procedure or "") or next(iter(desk.procedures.values()))
    due = ledger.replayed(desk, rules, 1, [Happening(EventKind.RECEIVED, received_on)]).due_on
    after = desk.calendar.between(received_on, desk.today)
    return ClockPreview(
        received_on, due, desk.calendar.days_left(desk.today, due), after, after > desk.policy.late_recording_days
    )


def _read(form: Submitted) -> registry.NewComplaint:
    received_on = form.values.day("received_on")
    team_id = form.values.number("lead_team_id")
    problems = {}
    if received_on is None:
        problems["received_on"] = "Choose the day the council received it."
    if team_id is None:
        problems["lead_team_id"] = "Choose the team it is about."
    if problems or received_on is None or team_id is None:
        raise FieldProblems(problems)
    return registry.NewComplaint(
        received_on=received_on,
        lead_team_id=team_id,
        procedure=form.values.one("procedure") or "statutory",
        other_team_ids=form.values.numbers("other_team_ids"),
        customer_group=form.values.one("customer_group"),
        contact_method=form.values.one("contact_method"),
        theme_ids=form.values.numbers("theme_ids"),
        summary=form.values.text("summary"),
        correspondence_ref=form.values.text("correspondence_ref") or None,
        matter_on=form.values.day("matter_on"),
    )
