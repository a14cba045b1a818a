"""The forms that move a complaint on: assigning it and recording the response. Pure."""

from dataclasses import dataclass
from datetime import date

from bot.blocks import forms, learning, words
from bot.blocks.forms import Choice
from bot.blocks.investigation import late_field
from bot.blocks.message import Block, Message, View, clip, context, safe, section
from bot.blocks.names import Action, Form
from storage.people import Candidate
from storage.views_complaint import ComplaintFacts


@dataclass(frozen=True, slots=True)
class RespondChoices:
    """What the response form offers; `finds_fault` are the outcomes that ask for a learning action, `answerers` whoever may have
    answered a complaint that nobody owns.
    """

    outcomes: list[Choice]
    themes: list[Choice]
    people: dict[str, list[Choice]]
    finds_fault: frozenset[str]
    answerers: tuple[Choice, ...] = ()


def assign_form(facts: ComplaintFacts, candidates: list[Candidate]) -> View:
    """Choose among the managers of the team, each with what they have open, the least loaded first."""
    line = facts.line
    choices = [
        (str(one.who.id), f"{clip(one.who.name, 60)} ({one.open_complaints} open)")
        for one in candidates
        if line.owner is None or one.who.id != line.owner.id
    ]
    about = f"*{line.reference}* for {safe(line.team)}, due {words.due(line.due_on, line.days_left)}."
    if line.owner:
        about += f" {safe(line.owner.name)} owns it now."
    if not choices:
        return note(
            "Assign",
            f"{about}\nThis team has no other manager at work who could take it. The complaints manager can add one with "
            "/complaint setup.",
        )
    return forms.modal(
        Form.ASSIGN,
        "Assign",
        [
            section(about),
            forms.field("manager_id", "Who will own it", forms.choose(choices, placeholder="Choose a manager")),
        ],
        submit="Assign",
        carries={"reference": line.reference},
    )


def respond_form(facts: ComplaintFacts, choices: RespondChoices, *, today: date, outcome: str | None = None) -> View:
    """Outcome, date and themes; and, once the outcome says that fault was found, what will be done about it."""
    line = facts.line
    blocks: list[Block] = [
        section(f"*{line.reference}* for {safe(line.team)}, due {words.due(line.due_on, line.days_left)}."),
        *_who_answered(facts, choices),
        forms.field("responded_on", "Date the response went out", forms.day(today)),
        forms.field(
            "outcome",
            "Outcome",
            forms.choose(choices.outcomes, placeholder="Choose an outcome", chosen=outcome, action_id=Action.OUTCOME),
            calls_back=True,
        ),
    ]
    if outcome in choices.finds_fault:
        owner = str(line.owner.id) if line.owner else None
        blocks += learning.lesson_fields(choices.people, owner=owner, chosen=True)
    else:
        blocks.append(context("If fault was found, you will be asked for a learning action, or why none is needed."))
    blocks += late_field(facts, today)
    if choices.themes:
        blocks.append(
            forms.field(
                "theme_ids",
                "Themes",
                forms.choose_several(
                    choices.themes, placeholder="Choose any", chosen=[str(theme) for theme in facts.theme_ids]
                ),
                optional=True,
            )
        )
    return forms.modal(
        Form.RESPOND, "Record the response", blocks, submit="Close the stage", carries={"reference": line.reference}
    )


def _who_answered(facts: ComplaintFacts, choices: RespondChoices) -> list[Block]:
    # What an investigation or a panel came to is no manager's answer (DOMAIN.md, 5).
    if facts.line.owner is not None or facts.line.independent or not choices.answerers:
        return []
    return [
        forms.field(
            "answered_by_id",
            "Who answered it",
            forms.choose(choices.answerers, placeholder="Choose a manager"),
            hint=(
                "Nobody owns this complaint. Whoever you choose is its named manager from now on. "
                "Leave this empty only if they are not in the list."
            ),
            optional=True,
        )
    ]


# Slack takes these in messages and not in modals.
_IN_MESSAGES = {"table", "data_table", "data_visualization"}


def shown(title: str, message: Message) -> View:
    """A message as a modal, for where a person pressed and Slack has no place for a message."""
    # Their words are in the text.
    if not message.blocks or any(block["type"] in _IN_MESSAGES for block in message.blocks):
        return note(title, clip(message.text, 3000))
    return forms.modal(Form.NOTE, title, message.blocks, close="Close")


def note(title: str, text: str) -> View:
    """A modal that only says something."""
    return forms.modal(Form.NOTE, title, [section(text)], close="Close")
