"""The forms that decide how a complaint goes on: the next stage, an end without a response, a new start, a correction. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.blocks import forms, words
from bot.blocks.forms import Choice
from bot.blocks.message import Block, View, context, safe, section
from bot.blocks.names import Action, Form
from storage.dates import in_words
from storage.register.writing import REASON_LENGTH
from storage.views_complaint import ComplaintFacts

_NO_NAMES = "No names, dates of birth, addresses or numbers."


def request_form(
    facts: ComplaintFacts, methods: Sequence[str], *, today: date, window_ends: date | None = None
) -> View:
    """That the complainant asked for the next stage. `window_ends`: the last day for asking, which warns and refuses nothing."""
    line, number = facts.line, facts.next_number
    again = " It was refused before, and is asked for again." if number == line.number else ""
    blocks: list[Block] = [
        section(
            f"*{line.reference}*: stage {number}, {safe((facts.next_stage or '').lower())}.{again} Record the day they asked. "
            "Any way of asking counts: you may not insist on a form. The clock starts that day."
        ),
        forms.field("requested_on", "Day the complainant asked", forms.day(today)),
        forms.field(
            "contact_method",
            "How they asked",
            forms.choose([(method, method) for method in methods], placeholder="Choose one"),
            optional=True,
        ),
    ]
    if line.is_open:
        overdue = line.due_on < today
        if overdue:
            blocks.append(
                context(
                    f"Stage {line.number} has run out of time: it ends as not answered in time, and counts as late. If they "
                    "asked while it still had time, it is left out instead, and that needs a reason."
                )
            )
        wanted = (
            f"Needed when they asked on {in_words(line.due_on)} or before, while stage {line.number} still had time."
            if overdue
            else f"Stage {line.number} still has until {in_words(line.due_on)}."
        )
        blocks.append(
            forms.field(
                "reason",
                f"Why stage {line.number} is left out",
                forms.text(most=REASON_LENGTH, several_lines=True),
                hint=f"{wanted} {_NO_NAMES}",
                optional=overdue,
            )
        )
    if window_ends is not None and window_ends < today:
        blocks.append(
            context(
                f"The time for asking is believed to have ended on {in_words(window_ends)}. Record the request all the same: "
                "it is then opened, or refused with reasons."
            )
        )
    return forms.modal(
        Form.REQUEST_STAGE, f"Stage {number} asked for", blocks, submit="Record", carries={"reference": line.reference}
    )


def refuse_stage_form(facts: ComplaintFacts) -> View:
    """The reasons for which a request for a stage is refused."""
    line = facts.line
    return forms.modal(
        Form.REFUSE_STAGE,
        f"Refuse stage {line.number}",
        [
            section(
                f"*{line.reference}*: the Ombudsman finds fault where stage {line.number} is refused because “nothing could be "
                "added”. A refusal needs reasons, given to the complainant in writing, with the way to the Ombudsman."
            ),
            forms.field("reason", "Reasons given", forms.text(most=REASON_LENGTH, several_lines=True), hint=_NO_NAMES),
        ],
        submit="Refuse",
        carries={"reference": line.reference},
    )


def end_form(facts: ComplaintFacts, ways: list[Choice], *, today: date) -> View:
    """How it ended without a response, and why: a stage that was asked for never ends without reasons."""
    line = facts.line
    needed = (
        "Needed when it is refused: a decision of the complaints team, never a rule."
        if line.number == 1
        else f"The complainant asked for stage {line.number}, so it doesn't end without its reasons on record."
    )
    return forms.modal(
        Form.END,
        "Close without a response",
        [
            section(
                f"*{line.reference}* for {safe(line.team)}. It counts as received and as not proceeded, in no other figure."
            ),
            forms.field("ended_on", "Day it ended", forms.day(today)),
            forms.field("outcome", "How it ended", forms.choose(ways, placeholder="Choose one")),
            forms.field(
                "reason",
                "Reasons",
                forms.text(most=REASON_LENGTH, several_lines=True),
                hint=f"{needed} {_NO_NAMES}",
                optional=line.number == 1,
            ),
        ],
        submit="Close it",
        carries={"reference": line.reference},
    )


def reopen_form(facts: ComplaintFacts) -> View:
    """Why a closed complaint is opened again."""
    line = facts.line
    return forms.modal(
        Form.REOPEN,
        "Open it again",
        [
            section(
                f"*{line.reference}* goes on with the clock it had: it was due on {in_words(line.due_on)}. What was published "
                "stays. To set a wrong date or outcome right, correct it instead."
            ),
            forms.field("reason", "Why", forms.text(most=REASON_LENGTH, several_lines=True), hint=_NO_NAMES),
        ],
        submit="Open it again",
        carries={"reference": line.reference},
    )


def correct_form(
    facts: ComplaintFacts,
    fields: Mapping[str, str],
    *,
    chosen: str | None,
    choices: Sequence[Choice] | None,
) -> View:
    """What was wrong, what it should be, and why. `choices` are the values to choose from; None asks for a day."""
    line = facts.line
    blocks: list[Block] = [
        section(
            f"*{line.reference}*. What was recorded stays in the history, with the new value and your reason beside it."
        ),
        forms.field(
            "field",
            "What was wrong",
            forms.choose(list(fields.items()), placeholder="Choose one", chosen=chosen, action_id=Action.CORRECT_FIELD),
            calls_back=True,
        ),
    ]
    if chosen is not None:
        element = forms.day(None) if choices is None else forms.choose(choices, placeholder="Choose one")
        blocks.append(forms.field(f"new_{chosen.replace(':', '_')}", "What it should be", element))
    blocks.append(
        forms.field(
            "reason",
            "What was wrong and how you know",
            forms.text(most=REASON_LENGTH, several_lines=True),
            hint=_NO_NAMES,
        )
    )
    return forms.modal(Form.CORRECT, "Correct it", blocks, submit="Correct", carries={"reference": line.reference})


def opened(facts: ComplaintFacts) -> str:
    """What to say once a stage was opened."""
    line = facts.line
    return (
        f"Stage {line.number} of {line.reference} is open. The response is due {words.due(line.due_on, line.days_left)}. "
        "Appoint people and record dates under More… on the card."
    )
