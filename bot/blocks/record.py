"""The forms in which complaints and compliments are recorded. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import forms, words
from bot.blocks.forms import Choice
from bot.blocks.message import Block, View, context, safe, section
from bot.blocks.names import Action, Form
from storage.dates import in_words
from storage.register.record import SUMMARY_LENGTH, Recorded
from storage.views_complaint import ComplaintFacts

NO_NAMES = (
    "No names, initials, dates of birth, addresses, phone numbers or case numbers. The letter stays in your files."
)


@dataclass(frozen=True, slots=True)
class RecordChoices:
    """What the form offers. Teams are grouped by service area; every value is an id or a label as stored."""

    teams: dict[str, list[Choice]]
    procedures: list[Choice]
    themes: list[Choice]
    customer_groups: list[Choice]
    contact_methods: list[Choice]


@dataclass(frozen=True, slots=True)
class ClockPreview:
    """What the date chosen would mean: its due date, and how long after receipt it is being recorded."""

    received_on: date
    due_on: date
    days_left: int
    recorded_after: int
    late: bool


def record_form(
    choices: RecordChoices,
    preview: ClockPreview | None,
    *,
    today: date,
    written: str | None = None,
    not_copied: bool = False,
    carries: dict[str, str] | None = None,
) -> View:
    """The form of `/complaint new` and of *Record as complaint*.

    `written` is the message's own text, offered for editing; `not_copied` says that it was left out because it seems to identify
    somebody.
    """
    blocks: list[Block] = [
        forms.field(
            "received_on",
            "Date received",
            forms.day(preview.received_on if preview else today, action_id=Action.RECEIVED_ON),
            hint="The day the council got it, not the day you record it.",
            calls_back=True,
        ),
        context(clock_line(preview)),
        forms.field(
            "lead_team_id", "Team it is about", forms.choose_grouped(choices.teams, placeholder="Choose the lead team")
        ),
        forms.field(
            "summary",
            "What it is about, in a sentence or two",
            forms.text(most=SUMMARY_LENGTH, several_lines=True, written=written),
            hint="The message seems to identify somebody, so it was not copied here. " + NO_NAMES
            if not_copied
            else NO_NAMES,
        ),
        forms.field(
            "customer_group", "Who complained", forms.choose(choices.customer_groups, placeholder="Choose a group")
        ),
        forms.field(
            "contact_method", "How it came in", forms.choose(choices.contact_methods, placeholder="Choose one")
        ),
    ]
    if choices.themes:
        blocks.append(
            forms.field(
                "theme_ids", "Themes", forms.choose_several(choices.themes, placeholder="Choose any"), optional=True
            )
        )
    blocks += [
        forms.field(
            "matter_on",
            "When it happened",
            forms.day(None),
            hint="If that is known. Record it even if it was long ago: only the complaints team may refuse it, with reasons.",
            optional=True,
        ),
        forms.field(
            "other_team_ids",
            "Other teams involved",
            forms.choose_several_grouped(choices.teams, placeholder="Choose any"),
            optional=True,
        ),
        forms.field(
            "correspondence_ref",
            "Your reference for the correspondence",
            forms.text(most=40),
            hint="The number your post or email system gave it. Never a person's number in a case system.",
            optional=True,
        ),
        forms.field(
            "procedure",
            "Procedure",
            forms.choose(choices.procedures, placeholder="Choose one", chosen=choices.procedures[0][0]),
        ),
    ]
    return forms.modal(Form.RECORD, "Record a complaint", blocks, submit="Record", carries=carries)


def complete_form(choices: RecordChoices, facts: ComplaintFacts) -> View:
    """What can be filled in of a complaint that is recorded, with what is known of it already."""
    themes = {str(theme_id): name for theme_id, name in zip(facts.theme_ids, facts.themes, strict=True)}
    themes |= dict(choices.themes)
    blocks = [
        section(f"*{facts.line.reference}*: no date moves, and who filled it in is in the history."),
        forms.field(
            "customer_group",
            "Who complained",
            forms.choose(
                _with_own(choices.customer_groups, facts.customer_group),
                placeholder="Choose a group",
                chosen=facts.customer_group,
            ),
            optional=True,
        ),
        forms.field(
            "contact_method",
            "How it came in",
            forms.choose(
                _with_own(choices.contact_methods, facts.contact_method),
                placeholder="Choose one",
                chosen=facts.contact_method,
            ),
            optional=True,
        ),
        *(
            [
                forms.field(
                    "theme_ids",
                    "Themes",
                    forms.choose_several(
                        list(themes.items()),
                        placeholder="Choose any",
                        chosen=[str(theme_id) for theme_id in facts.theme_ids],
                    ),
                    optional=True,
                )
            ]
            if themes
            else []
        ),
        forms.field(
            "correspondence_ref",
            "Your reference for the correspondence",
            forms.text(most=40, written=facts.correspondence_ref),
            hint="The number your post or email system gave it. Never a person's number in a case system.",
            optional=True,
        ),
    ]
    carries = {"reference": facts.line.reference}
    return forms.modal(Form.COMPLETE, "Complete the record", blocks, submit="Save", carries=carries)


def _with_own(choices: Sequence[Choice], own: str | None) -> list[Choice]:
    """A list, with what this complaint has from elsewhere at its head, such as an import."""
    return [*choices] if own is None or own in dict(choices) else [(own, own), *choices]


def clock_line(preview: ClockPreview | None) -> str:
    """The line under the date: when the response would be due, and a warning when recording is late."""
    if preview is None:
        return "Choose a date that is not in the future."
    said = f"Stage 1 response due {words.due(preview.due_on, preview.days_left)}."
    if preview.late:
        said += (
            f" This is {words.days(preview.recorded_after)} after receipt, so it will be counted as recorded late. "
            "That is fine: record it all the same."
        )
    return said


def recorded_note(recorded: Recorded, channel: str | None) -> View:
    """What the person sees when the complaint is in the register."""
    if recorded.owner:
        owner = f"{safe(recorded.owner.name)} owns it and has been told."
    else:
        where = f" in <#{channel}>" if channel else ""
        owner = f"It is offered to the managers of {safe(recorded.team)}{where}. One of them will claim it, or you can assign it."
    lines = [
        f"*{recorded.reference}* is recorded.",
        f"The response is due {words.due(recorded.due_on, recorded.days_left)}.",
        owner,
    ]
    if recorded.recorded_late:
        lines.append(
            f"It was recorded {words.days(recorded.recorded_after)} after receipt and counts as recorded late."
        )
    if recorded.matter_is_old:
        lines.append(
            "This happened so long ago that it may be refused as late. The complaints team decides, with reasons, under More… "
            "on the card."
        )
    return forms.modal(Form.NOTE, "Recorded", [section("\n".join(lines))], close="Close")


def compliment_form(choices: RecordChoices, *, today: date) -> View:
    """The form of `/complaint compliment`."""
    return forms.modal(
        Form.COMPLIMENT,
        "Record a compliment",
        [
            forms.field("received_on", "Date received", forms.day(today)),
            forms.field(
                "team_id", "Team it is about", forms.choose_grouped(choices.teams, placeholder="Choose the team")
            ),
            forms.field(
                "customer_group", "Who sent it", forms.choose(choices.customer_groups, placeholder="Choose a group")
            ),
            forms.field(
                "summary",
                "What was praised",
                forms.text(most=SUMMARY_LENGTH, several_lines=True),
                hint=NO_NAMES,
                optional=True,
            ),
        ],
        submit="Record",
    )


def compliment_note(team: str, received_on: date) -> View:
    said = f"The compliment of {in_words(received_on)} for {safe(team)} is recorded. It will be in the annual report."
    return forms.modal(Form.NOTE, "Recorded", [section(said)], close="Close")
