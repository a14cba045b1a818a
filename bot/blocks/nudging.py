"""The ladder, what was sent, and why: answers to "why do I get this?". Pure."""

from collections.abc import Mapping, Sequence

from bot.blocks import forms, words
from bot.blocks.message import Block, Message, View, actions, button, safe, section
from bot.blocks.names import Action, Form
from storage.ladder import LADDER, Change, Ladder, Measure, Rung, To
from storage.views_sent import Sent, SentFacts
from storage.vocabulary import MessageKind, OutboxState

# What each measure is of, as it completes "… working days".
_OF: Mapping[Measure, str] = {
    Measure.WAITING: "without an owner",
    Measure.LEFT: "the response or the next step is due",
    Measure.ACKNOWLEDGE: "the acknowledgement is due",
    Measure.ASKED: "after a decision was asked for",
    Measure.UNTOLD: "after a decision of which the complainant was not told",
    Measure.REQUESTED: "after a further stage was asked for",
    Measure.REPLY: "the reply to the Ombudsman is due",
    Measure.EMPTY: "after a post should have been filled",
    Measure.ACTION: "a learning action is due",
    Measure.REMEDY: "a remedy is due",
    Measure.REMEDY_UNTOLD: "after a remedy of which the complainant was not told",
    Measure.COMMITMENT: "a commitment is due",
    Measure.CLAIMED: "after something was said to be done, and not verified",
    Measure.UNSHARED: "after fault was found, and nothing was shared",
    Measure.LEAVES: "the last day of somebody who owns work",
    Measure.ORPHANED: "after the owner of work was gone",
    Measure.MOVED: "after the owner of a complaint moved to another team",
    Measure.UNCOVERED: "after the owner of work was away with nobody standing in",
}
_WHO: Mapping[To, str] = {
    To.OWNER: "the owner, or who stands in",
    To.TEAM_MANAGERS: "the managers of the team",
    To.SENIOR_MANAGER: "the senior manager",
    To.COMPLAINTS_MANAGERS: "the complaints managers",
    To.HANDLER: "the handler",
    To.DECIDERS: "those who may decide",
    To.ASKER: "who asked",
}
KINDS: Mapping[MessageKind, str] = {
    MessageKind.NUDGE: "Nudge",
    MessageKind.DIGEST: "Weekly digest",
    MessageKind.MONTHLY: "Monthly page",
    MessageKind.ALLOCATED: "A complaint is yours",
    MessageKind.DECISION_WANTED: "A decision is wanted",
    MessageKind.DECIDED: "A decision",
    MessageKind.REDATED: "New due dates",
    MessageKind.HANDED_OVER: "Handed over to you",
    MessageKind.TAKEN_OVER: "Handed over from you",
    MessageKind.COVERING: "You stand in",
}
MOST_SHOWN = 6


def rung(one: Rung) -> str:
    """When it is reached and who is told: `5 working days before the response or the next step is due: the owner`."""
    count = words.days(abs(one.days))
    of = _OF[one.measure]
    if not one.measure.counts_down:
        when = f"{count} {of}" if one.days else f"at once {of}"
    elif one.days > 0:
        when = f"{count} before {of}"
    else:
        when = f"on the day {of}" if one.days == 0 else f"{count} after {of}"
    again = f", again every {words.days(one.every)}" if one.every else ""
    return f"{when}{again}: {_WHO[one.to]}"


def ladder(in_force: Ladder, changes: Mapping[str, Change], *, may_change: bool) -> Message:
    """Every rung, also those left out."""
    shown = {one.name: one for one in in_force.rungs}
    text = ["When the app speaks, and to whom. Days are working days; nobody gets more than one nudge a working day."]
    text += [f"•  {one.name}: {_state(one, shown, changes)}" for one in LADDER]
    parts = [text[start : start + 16] for start in range(0, len(text), 16)]
    blocks: list[Block] = [section("\n".join(safe(line) for line in part)) for part in parts]
    if may_change:
        blocks.append(actions(button("Change a rule…", Action.RUNG, "rung")))
    return Message("\n".join(safe(line) for line in text), blocks)


def rung_form() -> View:
    """Moves one rung, or leaves it out."""
    choices = [(one.name, one.name) for one in LADDER]
    return forms.modal(
        Form.RUNG,
        "Change a rule",
        [
            forms.field("rung", "Rule", forms.choose(choices, placeholder="Choose")),
            forms.field(
                "days",
                "Working days",
                forms.text(most=4),
                optional=True,
                hint="Before the due date, or after it with a minus sign in front. Where there is no due date: after it "
                "began. Leave it empty for what the app came with.",
            ),
            forms.field("every", "Again after how many working days", forms.text(most=3), optional=True),
            forms.field(
                "off",
                "Is this nudge sent?",
                forms.choose([("on", "Yes"), ("off", "No, leave it out")], placeholder="Choose", chosen="on"),
            ),
        ],
        submit="Change",
    )


def sent(found: Sent, *, whose: str | None = None) -> Message:
    """What a person was sent, the newest first, each line with its reason."""
    to = f"{safe(whose)} is" if whose else "You are"
    own = "their" if whose else "your"
    text = [
        f"{to} nudged at most once a working day, from {found.hour:02d}:00 to {found.until_hour:02d}:00 of {own} own day, "
        "and only when something is due; decisions and handovers come at once. /complaint hour 8 changes the hour; "
        "/complaint nudges shows the rules."
    ]
    text += [_message(one) for one in found.messages] or ["Nothing was sent in the last 2 weeks."]
    return Message("\n".join(text), [section(line) for line in text])


def _message(one: SentFacts) -> str:
    state = f"sent at {words.clock(one.arrived)}" if one.arrived else _STATES.get(one.state, "waits to be sent")
    problem = f" ({safe(one.problem)})" if one.problem and not one.arrived else ""
    head = f"*{KINDS.get(one.kind, 'Message')}* of {words.clock(one.written_at)}, {state}{problem}"
    names = {rung.name: rung for rung in LADDER}
    lines = []
    for line in one.lines[:MOST_SHOWN]:
        known = names.get(line.rung)
        because = f": “{safe(line.rung)}” is for {_WHO[known.to]}" if known else ""
        lines.append(f"•  {safe(line.reference)}{because}")
    if len(one.lines) > MOST_SHOWN:
        lines.append(f"and {len(one.lines) - MOST_SHOWN} more")
    return "\n".join([head, *lines])


_STATES = {OutboxState.DROPPED: "not sent: it no longer needed saying", OutboxState.FAILED: "Slack did not take it"}


def _state(one: Rung, shown: Mapping[str, Rung], changes: Mapping[str, Change]) -> str:
    if one.name not in shown:
        return "left out by the council"
    return rung(shown[one.name]) + (" (set by the council)" if one.name in changes else "")


def lines(in_force: Ladder, changes: Mapping[str, Change]) -> Sequence[str]:
    """The same for the command line."""
    shown = {one.name: one for one in in_force.rungs}
    return [f"{one.name}: {_state(one, shown, changes)}" for one in LADDER]
