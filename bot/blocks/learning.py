"""Learning: the forms for actions and notes, what waits to be verified, and the note that all managers read. Pure."""

from collections.abc import Sequence
from datetime import date

from bot.blocks import forms, words
from bot.blocks.forms import Choice, Groups
from bot.blocks.message import Block, Message, View, actions, button, clip, context, header, safe, section
from bot.blocks.names import Action, Form
from bot.blocks.nudge import NudgeLine
from storage.dates import in_words
from storage.figures.notes import Readers
from storage.register.learning import ACTION_LENGTH, EVIDENCE_LENGTH
from storage.register.notes import NOTE_LENGTH
from storage.register.writing import REASON_LENGTH
from storage.views_complaint import ComplaintFacts
from storage.views_learning import ActionFacts, Draft, NoteFacts

SHARE, NOTHING = "share", "nothing"
_DECISIONS: list[Choice] = [(SHARE, "Share the note below"), (NOTHING, "There is nothing to share")]
_NO_NAMES = "No names, dates of birth, addresses or numbers."
CLEARED = "text cleared"
_MOST_TEAMS = 8
_MISSING_SHOWN = 200
# What Slack takes when a message is changed is shorter than when it is posted.
_TEXT = 4000


def lesson_fields(people: Groups, *, owner: str | None = None, chosen: bool) -> list[Block]:
    """An action, or why none is needed, for a form that closes a stage. `chosen`: fault was found, so one of them is wanted."""
    wanted = "Say one or the other: what will be done, or why nothing is needed."
    return [
        *([context(f"Fault was found. {wanted}")] if chosen else []),
        *_action_fields(
            people,
            owner=owner,
            hint=f"One learning action, in a sentence. {_NO_NAMES} Leave it empty only where nothing is needed.",
            optional=True,
        ),
        forms.field(
            "no_action_reason",
            "Or: why no action is needed",
            forms.text(most=REASON_LENGTH, several_lines=True),
            hint=f"{wanted if chosen else f'Where fault is found: {wanted[0].lower()}{wanted[1:]}'} {_NO_NAMES}",
            optional=True,
        ),
    ]


def add_form(facts: ComplaintFacts, people: Groups) -> View:
    """One more action on a complaint at which fault was found."""
    return forms.modal(
        Form.ADD_ACTION,
        "Add a learning action",
        [
            section(
                f"*{facts.line.reference}* for {safe(facts.line.team)}. An action outlives the closure of its complaint."
            ),
            *_action_fields(people, owner=None, hint=f"In a sentence. {_NO_NAMES}", optional=False),
        ],
        submit="Add",
        carries={"reference": facts.line.reference},
    )


def _action_fields(people: Groups, *, owner: str | None, hint: str, optional: bool) -> list[Block]:
    return [
        forms.field(
            "action",
            "What will be done so that it doesn't happen again",
            forms.text(most=ACTION_LENGTH, several_lines=True),
            hint=hint,
            optional=optional,
        ),
        forms.field(
            "action_owner_id",
            "Who will see to it",
            forms.choose_grouped(people, placeholder="Choose a person", chosen=owner),
            optional=optional,
        ),
        forms.field("action_due_on", "By when", forms.day(None), optional=optional),
    ]


def done_form(action: ActionFacts, *, today: date, missing: str | None = None) -> View:
    """What was done, in the words of whoever did it; `missing`: why it was given back to them before."""
    back = f"\nSent back: {safe(clip(missing, _MISSING_SHOWN))}" if missing else ""
    return forms.modal(
        Form.ACTION_DONE,
        "What was done",
        [
            section(
                f"*{action.reference}*  {_text(action)}\nDue {words.due(action.due_on, action.days_left)}. The complaints team "
                f"checks that it was done.{back}"
            ),
            forms.field(
                "evidence",
                "What was done",
                forms.text(most=EVIDENCE_LENGTH, several_lines=True),
                hint=f"A sentence or two: what changed, and where that can be seen. {_NO_NAMES}",
            ),
            forms.field("done_on", "On which day", forms.day(today), optional=True),
        ],
        submit="Done",
        carries={"action": str(action.id)},
    )


def send_back_form(action: ActionFacts) -> View:
    """What is still missing of an action that is said to be done."""
    return forms.modal(
        Form.ACTION_SEND_BACK,
        "Not done yet",
        [
            section(f"*{action.reference}*  {_text(action)}\n{_claimed(action)} It goes back to {_owner(action)}."),
            forms.field(
                "reason",
                "What is still missing",
                forms.text(most=REASON_LENGTH, several_lines=True),
                hint=_NO_NAMES,
            ),
        ],
        submit="Send it back",
        carries={"action": str(action.id)},
    )


def done_button(action_id: int, reference: str) -> Block:
    """The button of whoever sees to an action."""
    described = f"Say what was done about the action of {reference}"
    return button("Done…", Action.ACTION_DONE, str(action_id), describe=described)


def to_verify(waiting: Sequence[ActionFacts], most: int) -> list[Block]:
    """Actions whose owners say they are done, each with the two buttons of whoever verifies it."""
    blocks: list[Block] = []
    for action in waiting[:most]:
        blocks.append(section(f"*{action.reference}*  {_text(action)}\n{_claimed(action)}"))
        blocks.append(actions(*_verifying(action)))
    return [*blocks, context(f"and {len(waiting) - most} more")] if len(waiting) > most else blocks


def action_due(action: ActionFacts, why: str, *, may_do: bool, missing: str | None = None) -> NudgeLine:
    """An action that its owner has to do; `may_do`: the reader can say that it is done; `missing`: why it was given back."""
    see = button("See it", Action.SHOW, action.reference, describe=f"See {action.reference}")
    owner = "" if may_do else f", {_owner(action)} sees to it"
    return NudgeLine(
        name=action.reference,
        said=f"learning action: {_text(action)} Due {words.due(action.due_on, action.days_left)}{owner}{_sent_back(missing)}",
        why=why,
        buttons=(done_button(action.id, action.reference) if may_do else see,),
        overdue=action.days_left < 0,
    )


def _sent_back(missing: str | None) -> str:
    return f". Sent back: {safe(clip(missing, _MISSING_SHOWN)).rstrip('.')}" if missing else ""


def action_claimed(action: ActionFacts, why: str) -> NudgeLine:
    """An action that waits to be verified."""
    said = f"learning action: {_text(action)} {_claimed(action).rstrip('.')}"
    return NudgeLine(name=action.reference, said=said, why=why, buttons=_verifying(action))


def note_wanted(reference: str, stage: int, ended_on: date, why: str) -> NudgeLine:
    """A stage in which fault was found, of which nobody has shared what can be learned."""
    described = f"Write the learning note of {reference}"
    return NudgeLine(
        name=reference,
        said=f"stage {stage} ended on {in_words(ended_on)} with fault found. Share what other managers can learn, or say why "
        "there is nothing to share",
        why=why,
        buttons=(button("Learning note…", Action.NOTE, f"{reference}/{stage}", style="primary", describe=described),),
    )


def note_form(draft: Draft) -> View:
    """The draft of a note, to be edited and approved, or why there is nothing to share."""
    return forms.modal(
        Form.LEARNING_NOTE,
        "Learning note",
        [
            section(
                f"*{draft.reference}*, stage {draft.stage}: fault was found. What you approve here is posted for all managers to "
                "read. It names no complaint, no team and nobody."
            ),
            forms.field("decision", "What to do", forms.choose(_DECISIONS, placeholder="Choose one", chosen=SHARE)),
            forms.field(
                "body",
                "Note",
                forms.text(most=NOTE_LENGTH, several_lines=True, written=drafted(draft)),
                hint=f"A draft from the themes and the actions: make it yours. No reference, no team. {_NO_NAMES}",
                optional=True,
            ),
            forms.field(
                "reason",
                "Why there is nothing to share",
                forms.text(most=REASON_LENGTH, several_lines=True),
                hint=f"Needed only where there is nothing to share. {_NO_NAMES}",
                optional=True,
            ),
        ],
        submit="Record",
        carries={"reference": draft.reference, "stage": str(draft.stage)},
    )


def drafted(draft: Draft) -> str:
    """The words that a note begins with."""
    about = f" about {words.listed([theme.lower() for theme in draft.themes])}" if draft.themes else ""
    said = [f"Fault was found in a complaint{about}."]
    if draft.actions:
        said.append("What will be done so that it doesn't happen again:")
        said += [f"•  {action}" for action in draft.actions]
    said.append("Could the same happen in your team?")
    return "\n".join(said)


def note(facts: NoteFacts) -> Message:
    """A note as it stands in the channel: what can be learned, a button for whoever has read it, and how far it has been read."""
    opening = f"Learning note, shared on {in_words(facts.shared_on)}"
    read = read_by(facts.readers)
    blocks: list[Block] = [
        header("Learning note"),
        section(safe(facts.body)),
        actions(
            button(
                "I have read this",
                Action.NOTE_READ,
                str(facts.id),
                describe="Say that you have read this learning note",
            )
        ),
        context(f"Shared on {in_words(facts.shared_on)}. {read}"),
    ]
    return Message(clip(f"{opening}\n{read}\n{safe(facts.body)}", _TEXT), blocks)


def read_by(readers: Readers) -> str:
    """`Read by 3 of 12 service managers: East 2 of 5, Fostering 1 of 7.`"""
    if not readers.total.whole:
        return "There are no service managers to read it yet."
    by_team = [f"{safe(one.team)} {one.read.part} of {one.read.whole}" for one in readers.by_team[:_MOST_TEAMS]]
    if len(readers.by_team) > _MOST_TEAMS:
        by_team.append(f"and {len(readers.by_team) - _MOST_TEAMS} more")
    return f"Read by {readers.total.part} of {readers.total.whole} service managers: {', '.join(by_team)}."


def _verifying(action: ActionFacts) -> tuple[Block, Block]:
    about, value = f"the action of {action.reference}", str(action.id)
    return (
        button("Verified", Action.ACTION_VERIFY, value, style="primary", describe=f"Record that {about} was done"),
        button("Not yet…", Action.ACTION_SEND_BACK, value, describe=f"Send {about} back to its owner"),
    )


def _text(action: ActionFacts) -> str:
    said = clip(action.text or CLEARED, 300).strip()
    return safe(said if said.endswith((".", "!", "?", "…")) else f"{said}.")


def _owner(action: ActionFacts) -> str:
    return safe(action.owner.name) if action.owner else "its owner"


def _claimed(action: ActionFacts) -> str:
    """`Noor Eastham says it was done on 23 November 2026: letters go out on time.`"""
    who = safe(action.done_by.name) if action.done_by else "Its owner"
    when = in_words(action.done_on) if action.done_on else "an earlier day"
    said = clip(action.evidence or CLEARED, 400).strip()
    return f"{who} says it was done on {when}: {safe(said if said.endswith(('.', '!', '?', '…')) else f'{said}.')}"
