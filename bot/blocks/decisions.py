"""Extensions and pauses: the forms that ask, the message to who decides, and the answer to who asked. Pure."""

from datetime import date

from bot.blocks import forms, words
from bot.blocks.forms import Choice
from bot.blocks.message import Block, Message, View, actions, button, clip, context, safe, section
from bot.blocks.names import Action, Form
from storage.dates import in_words
from storage.register.writing import REASON_LENGTH
from storage.views_complaint import ComplaintFacts
from storage.views_requests import RequestFacts
from storage.vocabulary import Asked

_NO_NAMES = "No names, dates of birth, addresses or numbers."


def extension_form(facts: ComplaintFacts, *, latest_on: date, maximum_days: int) -> View:
    """A new date and the reason."""
    line = facts.line
    said = (
        f"*{line.reference}* is due {words.due(line.due_on, line.days_left)}. It can be extended to {in_words(latest_on)} at the "
        f"latest: {maximum_days} working days in all."
    )
    return forms.modal(
        Form.EXTENSION,
        "Ask for an extension",
        [
            section(said),
            forms.field(
                "until",
                "New due date",
                forms.day(latest_on),
                hint="A day that is no working day runs on to the next one.",
            ),
            forms.field(
                "reason", "Why more time is needed", forms.text(most=REASON_LENGTH, several_lines=True), hint=_NO_NAMES
            ),
            context("Somebody else has to approve it on or before the due date. Then the complainant is told."),
        ],
        submit="Ask",
        carries={"reference": line.reference},
    )


def pause_form(facts: ComplaintFacts, kinds: list[Choice], *, today: date) -> View:
    """The kind of pause, its first day and the day the clock runs again."""
    line = facts.line
    return forms.modal(
        Form.PAUSE,
        "Stop the clock",
        [
            section(
                f"*{line.reference}* is due {words.due(line.due_on, line.days_left)}. Only these reasons stop the clock. "
                "Waiting for consent does not, and nor does mediation."
            ),
            forms.field("kind", "What it waits for", forms.choose(kinds, placeholder="Choose a reason")),
            forms.field("starts_on", "First day that doesn't count", forms.day(today)),
            forms.field("until", "Day the clock runs again", forms.day(None), hint="It can be ended earlier."),
            forms.field("reason", "Why", forms.text(most=REASON_LENGTH, several_lines=True), hint=_NO_NAMES),
            context("Somebody else has to approve it. Figures show working days with and without the pause."),
        ],
        submit="Ask",
        carries={"reference": line.reference},
    )


def refuse_form(asked: RequestFacts) -> View:
    """Why a request is refused."""
    return forms.modal(
        Form.REFUSE,
        f"Refuse the {asked.kind.value}",
        [
            section(summary(asked)),
            forms.field("reason", "Why not", forms.text(most=REASON_LENGTH, several_lines=True), hint=_NO_NAMES),
        ],
        submit="Refuse",
        carries={"request": str(asked.id)},
    )


def summary(asked: RequestFacts, *, reason: bool = True) -> str:
    """One or two sentences on what was asked for, by whom and, with `reason`, why."""
    who = safe(asked.asked_by.name) if asked.asked_by else "The complaints app"
    why = f" Reason: {safe(clip(asked.reason, 1000).rstrip('.'))}." if reason and asked.reason else ""
    if asked.kind is Asked.EXTENSION:
        wanted = f"{who} asks for {asked.reference} ({safe(asked.team)}, stage {asked.stage}) to be extended"
        return f"{wanted} from {in_words(asked.due_on)} to {in_words(asked.until)}.{why}"
    starts = in_words(asked.starts_on) if asked.starts_on else "now"
    kind = (asked.pause or "a pause").lower()
    return (
        f"{who} asks for the clock of {asked.reference} ({safe(asked.team)}, stage {asked.stage}) to be stopped from {starts} to "
        f"{in_words(asked.until)}: {safe(kind)}.{why}"
    )


def buttons(asked: RequestFacts) -> list[dict[str, object]]:
    """The buttons that decide: after the day by which it had to be approved, refusing is all there is."""
    what = f"the {asked.kind.value} of {asked.reference}"
    approve = button("Approve", Action.APPROVE, str(asked.id), style="primary", describe=f"Approve {what}")
    refuse = button("Refuse…", Action.REFUSE, str(asked.id), describe=f"Refuse {what}")
    return [refuse] if asked.too_late else [approve, refuse]


def deciding(asked: RequestFacts) -> list[Block]:
    """What was asked for, the day by which it has to be decided, and the buttons for whoever decides."""
    see = button("See it", Action.SHOW, asked.reference, describe=f"See {asked.reference}")
    return [section(f"{summary(asked)}{_deadline(asked)}"), actions(*buttons(asked), see)]


def wanted(asked: RequestFacts) -> Message:
    """Asks whoever may decide, once."""
    return Message(
        f"{summary(asked)}{_deadline(asked)}",
        [
            *deciding(asked),
            context(
                "You get this because you may decide it: a complaints manager, or the senior manager over the team."
            ),
        ],
    )


def _deadline(asked: RequestFacts) -> str:
    if asked.decide_by is None:
        return ""
    if asked.too_late:
        return f" It could be approved until {in_words(asked.decide_by)}, so it is too late: all that is left is to refuse it."
    return f" It has to be decided by {in_words(asked.decide_by)}, or it is too late."


def decided(asked: RequestFacts, why: str | None) -> Message:
    """Tells who asked what was decided, and what they have to do next."""
    who = safe(asked.decided_by.name) if asked.decided_by else "Somebody"
    if not asked.granted:
        because = f" The reason: “{safe(why).rstrip('.')}”." if why else ""
        said = f"{who} refused the {asked.kind.value} of {asked.reference}.{because} It is still due on {in_words(asked.due_on)}."
        return Message(
            said,
            [section(said), actions(button("See it", Action.SHOW, asked.reference, describe=f"See {asked.reference}"))],
        )
    if asked.kind is Asked.EXTENSION:
        said = f"{who} approved the extension of {asked.reference}: it is due on {in_words(asked.until)} now."
    else:
        starts = in_words(asked.starts_on) if asked.starts_on else "now"
        said = (
            f"{who} approved the pause of {asked.reference}: the clock is stopped from {starts} until {in_words(asked.until)}, "
            f"and the response is due on {in_words(asked.due_on)}."
        )
    tell = f"Tell the complainant {words.listed([safe(one) for one in asked.tells])}, then press *Complainant told*."
    return Message(
        f"{said} {tell.replace('*', '')}",
        [section(f"{said}\n{tell}"), actions(told_button(asked), button("See it", Action.SHOW, asked.reference))],
    )


def told_button(asked: RequestFacts) -> dict[str, object]:
    return button(
        "Complainant told",
        Action.TOLD,
        str(asked.id),
        style="primary",
        describe=f"Record that the complainant of {asked.reference} was told today",
    )


def untold(asked: RequestFacts) -> str:
    """That the complainant has to be told of what was agreed."""
    what = "extension" if asked.kind is Asked.EXTENSION else "pause"
    return (
        f"the complainant has not been told of the {what} to {in_words(asked.until)}: tell them "
        f"{words.listed([safe(one) for one in asked.tells])}"
    )


def standing(asked: RequestFacts) -> str:
    """How a request stands, in a few words for the card; empty for one that was refused."""
    what = "Extension" if asked.kind is Asked.EXTENSION else "Pause"
    if asked.is_waiting:
        return f"{what} to {in_words(asked.until)} asked for, not decided yet"
    if not asked.granted:
        return ""
    until = f"{what} agreed to {in_words(asked.until)}"
    return (
        f"{until}; complainant told on {in_words(asked.told_on)}"
        if asked.told_on
        else f"{until}; complainant not told yet"
    )
