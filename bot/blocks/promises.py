"""Commitments: what is said when one is recorded or asked back, the lists of them, and their forms. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.blocks import forms, words
from bot.blocks.forms import Choice, Groups
from bot.blocks.message import Block, Message, View, actions, button, clip, context, header, safe, saying, section
from bot.blocks.names import Action, Form
from storage.dates import in_words
from storage.promising import EXAMPLE, Ambiguous
from storage.register.commitments import ACTION_LENGTH
from storage.register.promising_rules import BODY_LENGTH, ORIGIN_LENGTH
from storage.register.writing import REASON_LENGTH
from storage.views_commitments import CommitmentLine, Standing

REDATE, WITHDRAW = "redate", "withdraw"
# Slack takes fifty blocks in a message; two go with each commitment.
MOST_LISTED = 11
_BUTTON_VALUE = 2000
_TEXT_SHOWN = 300
_NO_NAMES = "No names, dates of birth, addresses or numbers."


@dataclass(frozen=True, slots=True)
class PromiseChoices:
    """What the form offers. `people` is empty for who can only promise something themselves; `themes` makes it a wider action."""

    areas: Groups
    people: Groups = field(default_factory=dict)
    themes: Sequence[Choice] = ()
    owner: str | None = None
    theme: str | None = None


def status(line: CommitmentLine) -> str:
    """How a commitment stands, as the tracker says it."""
    match line.standing:
        case Standing.WITHDRAWN:
            return "Withdrawn"
        case Standing.COMPLETED:
            return f"Completed {in_words(line.done_on or line.due_on)}"
        case Standing.CLAIMED:
            return "Done, to be verified"
        case Standing.OVERDUE:
            return f"Overdue since {in_words(line.due_on)}"
        case Standing.DUE:
            return f"Due {in_words(line.due_on)}"


def made(line: CommitmentLine) -> Message:
    """What whoever recorded a commitment is told."""
    said = (
        f"*{line.reference}* is recorded: {_text(line)}, promised to {safe(line.origin)}. "
        f"Due {words.due(line.due_on, line.days_left)}. {_owner(line)} owns it{_area(line)}."
    )
    offered = buttons(line)
    if not (line.can_redate or line.can_withdraw):
        said += " To change it, ask the complaints team."
    return Message(said, [section(said), *([actions(*offered)] if offered else [])])


def noted(line: CommitmentLine) -> View:
    """The same where it was recorded with the form."""
    return forms.modal(Form.NOTE, "Recorded", [section(made(line).text)], close="Close")


def ask_back(asked: Ambiguous) -> Message:
    """What was read and what is not clear, with each reading to press or to type."""
    opening = f"{safe(asked.question)} Nothing is recorded yet. Choose the day, or type one of these:"
    if len(asked.readings) == 1:
        opening = f"{safe(asked.question)} Nothing is recorded yet. If you mean this day, choose it or type:"
    typed = [f"/complaint promise {safe(one.typed)}" for one in asked.readings]
    choices = [
        button(in_words(one.due_on), Action.PROMISE, one.words, describe=f"Due {in_words(one.due_on)}")
        for one in asked.readings
        if len(one.words) <= _BUTTON_VALUE
    ]
    blocks: list[Block] = [section("\n".join([opening, *(f"•  {one}" for one in typed)]))]
    blocks += [actions(one) for one in choices]
    return Message("\n".join([opening, *typed]), blocks)


def unclear(problem: str) -> Message:
    """That what was typed can't be understood, and how it is typed."""
    said = safe(problem)
    form = button("Use the form…", Action.PROMISE, "new", describe="Record a commitment with the form")
    return Message(said, [section(said), actions(form)])


def listing(mine: Sequence[CommitmentLine], others: Sequence[CommitmentLine] | None) -> Message:
    """`/complaint promises`: mine, and for who may see them everybody else's. `others` None: only mine are for this person."""
    if not mine and not others:
        whose = "You have promised nothing that is open" if others is None else "No commitment is open"
        return saying(f"{whose}. To record one, type: /complaint promise {safe(EXAMPLE)}")
    text: list[str] = []
    blocks: list[Block] = []
    # What waits for the reader comes first.
    theirs = sorted(others or (), key=lambda one: not one.can_verify)
    for title, lines in (("You promised", mine), ("Others promised", theirs)):
        if not lines:
            continue
        late = sum(one.standing is Standing.OVERDUE for one in lines)
        opening = f"{title}: {len(lines)} open{f', {late} overdue' if late else ''}"
        text += [opening, *(sentence(one) for one in lines[:MOST_LISTED])]
        blocks += [header(opening), *rows(lines, MOST_LISTED)]
        if len(lines) > MOST_LISTED:
            text.append(f"and {len(lines) - MOST_LISTED} more")
    if others is not None:
        closing = "All of them, with what is over: /complaint promises export"
        text.append(closing)
        blocks.append(context(closing))
    return Message("\n".join(text), blocks)


def rows(lines: Sequence[CommitmentLine], most: int) -> list[Block]:
    """Commitments with what the reader may do with each."""
    blocks: list[Block] = []
    for line in lines[:most]:
        blocks.append(section(sentence(line)))
        offered = buttons(line)
        if offered:
            blocks.append(actions(*offered))
    if len(lines) > most:
        blocks.append(context(f"and {len(lines) - most} more: /complaint promises"))
    return blocks


def short_row(line: CommitmentLine) -> Block:
    """A commitment with the likely next act, where there is little room."""
    offered = buttons(line)
    return section(sentence(line), accessory=offered[0] if offered else None)


def sentence(line: CommitmentLine) -> str:
    """One commitment: what, to whom, its owner, and how it stands."""
    left = f" ({words.left(line.days_left)})" if line.standing in {Standing.DUE, Standing.OVERDUE} else ""
    said = (
        f"*{line.reference}*  {_text(line)}, to {safe(line.origin)}. {status(line)}{left}. "
        f"{_owner(line)} owns it{_area(line)}."
    )
    if line.standing is Standing.CLAIMED and line.action_taken:
        evidence = f" Evidence: {safe(line.evidence_ref)}." if line.evidence_ref else ""
        said += f"\nDone: {safe(clip(line.action_taken, _TEXT_SHOWN)).rstrip('.')}.{evidence}"
    if line.missing:
        said += f"\nNot done yet: {safe(clip(line.missing, _TEXT_SHOWN)).rstrip('.')}."
    return said


def nudged(line: CommitmentLine, *, mine: bool) -> str:
    """What a nudge says of a commitment, after its reference; `mine`: to its owner."""
    if line.standing is Standing.CLAIMED and line.done_on is not None:
        said = f"{_text(line)}, promised to {safe(line.origin)}"
        return f"{said}: done on {in_words(line.done_on)}, says {_owner(line)}; nobody has verified it yet"
    missing = f". Sent back: {safe(clip(line.missing, _TEXT_SHOWN)).rstrip('.')}" if line.missing else ""
    due = words.due(line.due_on, line.days_left)
    owner = "" if mine else f", {_owner(line)} owns it"
    return f"{_text(line)}, promised to {safe(line.origin)}{owner}: due {due}{missing}"


def nudge_buttons(line: CommitmentLine, *, mine: bool, above: bool) -> list[Block]:
    """The likely next act: of its owner or stand-in (`mine`), of a senior manager (`above`), or of who verifies it."""
    if line.standing is Standing.CLAIMED:
        return _verifying(line)
    found = [_done_button(line)] if mine else []
    return [*found, _change(line)] if above else found


def buttons(line: CommitmentLine) -> list[Block]:
    """What the reader may do with a commitment now."""
    found = [_done_button(line)] if line.can_finish else []
    if line.can_verify:
        found += _verifying(line)
    if line.can_redate or line.can_withdraw:
        found.append(_change(line))
    return found


def promise_form(choices: PromiseChoices) -> View:
    """What was promised, to whom, by when; or, with themes, what will be done across teams about one of them."""
    wider = bool(choices.themes)
    blocks: list[Block] = []
    if wider:
        theme = forms.choose(choices.themes, placeholder="Choose a theme", chosen=choices.theme)
        blocks.append(forms.field("theme_id", "Theme", theme))
    what = "What will be done" if wider else "What was promised"
    blocks.append(
        forms.field("body", what, forms.text(most=BODY_LENGTH, several_lines=True), hint=f"In a sentence. {_NO_NAMES}")
    )
    if not wider:
        hint = "A committee, a board, a partner. Never a member of the public."
        blocks.append(forms.field("origin", "To whom", forms.text(most=ORIGIN_LENGTH), hint=hint))
    blocks.append(forms.field("due_on", "By when", forms.day(None)))
    if any(choices.people.values()):
        owner = forms.choose_grouped(choices.people, placeholder="Choose a person", chosen=choices.owner)
        blocks.append(forms.field("owner_id", "Who will see to it", owner))
    else:
        blocks.append(context("You will own it, and be reminded before it is due."))
    if any(choices.areas.values()):
        area = forms.choose_grouped(choices.areas, placeholder="All areas")
        hint = "Leave it empty when it is for all of them."
        blocks.append(forms.field("team_id", "Area", area, hint=hint, optional=True))
    title = "Wider action" if wider else "Record a commitment"
    return forms.modal(Form.PROMISE, title, blocks, submit="Record", carries={"wider": "yes"} if wider else {})


def done_form(line: CommitmentLine) -> View:
    """What its owner did."""
    return forms.modal(
        Form.PROMISE_DONE,
        "What was done",
        [
            section(sentence(line)),
            forms.field(
                "action_taken",
                "What was done",
                forms.text(most=ACTION_LENGTH, several_lines=True, written=line.action_taken),
                hint=f"The committee's tracker shows it as the action taken. {_NO_NAMES}",
            ),
            forms.field(
                "evidence_ref",
                "Evidence",
                forms.text(most=40, written=line.evidence_ref),
                hint="The council's own reference under which it is kept, such as a report's number.",
                optional=True,
            ),
        ],
        submit="Done",
        carries={"commitment": str(line.id)},
    )


def send_back_form(line: CommitmentLine) -> View:
    """What is still missing."""
    return forms.modal(
        Form.PROMISE_SEND_BACK,
        "Not done yet",
        [
            section(sentence(line)),
            forms.field(
                "reason",
                "What is still missing",
                forms.text(most=REASON_LENGTH, several_lines=True),
                hint=f"{_owner(line)} sees this. {_NO_NAMES}",
            ),
        ],
        submit="Send it back",
        carries={"commitment": str(line.id)},
    )


def change_form(line: CommitmentLine) -> View:
    """Another due date, or the end of it, with the reason."""
    ways: list[Choice] = []
    if line.can_redate:
        ways.append((REDATE, "Change the date it is due"))
    if line.can_withdraw:
        ways.append((WITHDRAW, "Withdraw it: it need not be done any more"))
    blocks: list[Block] = [
        section(sentence(line)),
        forms.field("change", "Change", forms.choose(ways, placeholder="Choose one", chosen=ways[0][0])),
    ]
    if line.can_redate:
        blocks.append(forms.field("due_on", "New due date", forms.day(line.due_on), optional=True))
    reason = forms.text(most=REASON_LENGTH, several_lines=True)
    blocks.append(forms.field("reason", "Why", reason, hint=f"Kept in its history. {_NO_NAMES}"))
    return forms.modal(
        Form.PROMISE_CHANGE, f"Change {line.reference}", blocks, submit="Change", carries={"commitment": str(line.id)}
    )


def _done_button(line: CommitmentLine) -> Block:
    said = f"Say what was done about {line.reference}"
    return button("Done…", Action.PROMISE_DONE, str(line.id), style="primary", describe=said)


def _verifying(line: CommitmentLine) -> list[Block]:
    value, ref = str(line.id), line.reference
    return [
        button("Verified", Action.PROMISE_VERIFY, value, style="primary", describe=f"{ref} is verified as done"),
        button("Not yet…", Action.PROMISE_SEND_BACK, value, describe=f"{ref} is not done yet"),
    ]


def _change(line: CommitmentLine) -> Block:
    return button("Change…", Action.PROMISE_CHANGE, str(line.id), describe=f"Change {line.reference}")


def _text(line: CommitmentLine) -> str:
    return f"“{safe(clip(line.body, _TEXT_SHOWN).rstrip('.'))}”"


def _owner(line: CommitmentLine) -> str:
    return safe(line.owner.name) if line.owner else "Nobody"


def _area(line: CommitmentLine) -> str:
    return f", for {safe(line.area)}" if line.area else ""
