"""The one message a person gets a working day, and the senior managers' weekly digest. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import status, words
from bot.blocks.card import owned_by
from bot.blocks.message import Block, Message, actions, button, context, header, safe, section
from bot.blocks.names import Action
from storage.dates import in_words
from storage.figures import TeamTable
from storage.views import StageLine

MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class NudgeLine:
    """One thing in a nudge. `name` heads it; `said` is what waits; `why` completes "You get this because you are …".

    `snooze` is the value of *Not now…*, None where it can't be put off. `done` says by whom and when it was done, in a message
    that is drawn again; it has no buttons then. `again`: when this person hears of it next, unless it is done.
    """

    name: str
    said: str
    why: str
    buttons: Sequence[Block] = ()
    overdue: bool = False
    snooze: str | None = None
    done: str | None = None
    again: date | None = None


def owner_wanted(line: StageLine, why: str, *, can_claim: bool) -> NudgeLine:
    """A complaint that nobody owns yet."""
    likely = (
        button("Claim", Action.CLAIM, line.reference, style="primary", describe=f"Claim {line.reference}")
        if can_claim
        else button("Assign…", Action.ASSIGN, line.reference, style="primary", describe=f"Assign {line.reference}")
    )
    said = f"nobody owns it yet; response due {words.due(line.due_on, line.days_left)}"
    return _of_stage(line, f"{said}, {_received(line)}", why, likely)


def answer_due(line: StageLine, why: str, *, owns: bool, may_work: bool = True) -> NudgeLine:
    """The response of a complaint that has an owner. Who may not answer it is offered to hand it over."""
    owner = "" if owns else f"{owned_by(line)}; "
    said = f"{owner}response due {words.due(line.due_on, line.days_left)}, {_received(line)}"
    likely = button(
        "Respond…", Action.RESPOND, line.reference, style="primary", describe=f"Record the response to {line.reference}"
    )
    return _of_stage(line, said, why, *([likely] if may_work else _hand_over(line)))


def acknowledgement_due(line: StageLine, why: str, due_on: date, days_left: int, *, may_work: bool = True) -> NudgeLine:
    """A complaint whose complainant has had no acknowledgement."""
    likely = button(
        "Acknowledge", Action.ACKNOWLEDGE, line.reference, style="primary", describe=f"Acknowledge {line.reference}"
    )
    said = f"not acknowledged yet; acknowledgement due {words.due(due_on, days_left)}, {_received(line)}"
    return _of_stage(line, said, why, *([likely] if may_work else _hand_over(line)), overdue=days_left < 0)


def step_due(line: StageLine, why: str) -> NudgeLine:
    """The next dated step of a stage, such as the panel."""
    step = (line.next_step or "").lower()
    said = (
        f"stage {line.number}: {safe(step)} by {in_words(line.next_due_on)}, response due "
        f"{words.due(line.due_on, line.days_left)}"
    )
    return _of_stage(line, said, why, _more(line))


def investigation_due(line: StageLine, why: str) -> NudgeLine:
    """The response of a stage that is independent of the service: its owner is told, and does not answer it."""
    said = (
        f"stage {line.number}, {safe(line.stage_title.lower())}: response due {words.due(line.due_on, line.days_left)}"
    )
    return _of_stage(line, said, why, _more(line))


def stage_waits(line: StageLine, why: str) -> NudgeLine:
    """A further stage that was asked for and is neither opened nor refused."""
    said = (
        f"stage {line.number} was asked for on {in_words(line.started_on)}. Open it, or refuse it with written reasons"
    )
    likely = button(f"Open stage {line.number}", Action.OPEN_STAGE, line.reference, style="primary")
    return _of_stage(line, said, why, likely)


def posts_empty(line: StageLine, why: str, posts: Sequence[str]) -> NudgeLine:
    """Posts of a stage that have been empty for too long."""
    said = (
        f"stage {line.number}, asked for on {in_words(line.started_on)}, has no "
        f"{safe(words.listed([post.lower() for post in posts]))} yet"
    )
    return _of_stage(line, said, why, _more(line))


def reply_due(line: StageLine, why: str, due_on: date, days_left: int) -> NudgeLine:
    """A reply that the Ombudsman waits for; the complaint itself may be closed long since."""
    said = f"the Ombudsman waits for a reply, due {words.due(due_on, days_left)}"
    return _of_stage(line, said, why, _more(line), overdue=days_left < 0)


def of_complaint(line: StageLine, said: str, why: str, *buttons: Block, overdue: bool = False) -> NudgeLine:
    """Anything else that waits on a complaint, with the buttons that deal with it and one that shows it."""
    return _of_stage(line, said, why, *buttons, overdue=overdue)


def nudge(lines: Sequence[NudgeLine], *, hour: int, total: int | None = None, overdue: int | None = None) -> Message:
    """Overdue first, at most ten lines, each saying what is due, when, and why this person is told.

    `total` and `overdue` count all that waits, also what is left out. Lines that are done say so and have no buttons.
    """
    shown = lines[:MOST_LINES]
    still = [one for one in lines if one.done is None]
    total = len(still) if total is None else total
    opening = _opening(total, sum(one.overdue for one in still) if overdue is None else overdue)
    blocks: list[Block] = [section(opening)]
    text = [opening]
    for one in shown:
        said = _said(one)
        text.append(said)
        blocks.append(section(said))
        if one.done is None:
            later = (
                [button("Not now…", Action.SNOOZE, one.snooze, describe=f"Not now: {one.name}")] if one.snooze else []
            )
            blocks.append(actions(*one.buttons, *later))
    closing = f"At most one of these a working day, after {hour:02d}:00. Everything you own is on this app's Home tab."
    hidden = total - len([one for one in shown if one.done is None])
    if hidden > 0:
        closing = f"and {hidden} more on this app's Home tab. {closing}"
    blocks.append(context(closing))
    text.append(closing)
    return Message("\n".join(text), blocks)


def digest(name: str, tables: Sequence[TeamTable], overdue: Sequence[StageLine]) -> Message:
    """The week for one senior manager: their services' figures as `/complaint status` has them, then what is overdue."""
    opening = f"Your weekly digest, {safe(name)}"
    blocks: list[Block] = [header(opening)]
    text = [opening]
    for table in tables:
        said = status.summary(table, None)
        blocks.append(section(f"*{safe(status.heading(table))}*\n{safe(said)}"))
        text.append(f"{safe(status.heading(table))}\n{safe(said)}")
        text += [safe(line) for line in status.team_lines(table)]
    if overdue:
        late = [
            f"*{line.reference}*  {safe(line.team)}: {words.left(line.days_left)}, {owned_by(line)}"
            for line in overdue[:MOST_LINES]
        ]
        if len(overdue) > MOST_LINES:
            late.append(f"and {len(overdue) - MOST_LINES} more")
        blocks.append(section("*Overdue now*\n" + "\n".join(late)))
        text.append("Overdue now\n" + "\n".join(late))
    else:
        blocks.append(section("Nothing is overdue."))
        text.append("Nothing is overdue.")
    if tables:
        whole = status.joined(tables)
        blocks += [*status.pictured(whole), status.grid(whole)]
        blocks.append(context(safe(status.definitions(tables[0]))))
        text.append(safe(status.definitions(tables[0])))
    return Message("\n".join(text), blocks)


def redated(lines: Sequence[StageLine], why: str, before: Mapping[int, date]) -> Message:
    """Tells an owner, once, that due dates moved and why. `before`: the date that each complaint had, by its id."""
    opening = f"{safe(why)}, so {'a due date' if len(lines) == 1 else 'due dates'} of yours moved:"
    said = [
        f"*{line.reference}*  {safe(line.team)}: due {words.due(line.due_on, line.days_left)} now{_was(line, before)}"
        for line in lines
    ]
    shown = said[:MOST_LINES]
    if len(said) > MOST_LINES:
        shown.append(f"and {len(said) - MOST_LINES} more on this app's Home tab")
    return Message("\n".join([opening, *shown]), [section(opening), section("\n".join(shown))])


def _was(line: StageLine, before: Mapping[int, date]) -> str:
    old = before.get(line.complaint_id)
    return f", before it was {in_words(old)}" if old else ""


def _opening(total: int, overdue: int) -> str:
    if total == 0:
        return "All of this is done. Thank you."
    if total == 1:
        return "One thing needs you today." if not overdue else "One thing is overdue and needs you."
    late = f", {overdue} of them overdue" if overdue else ""
    return f"{total} things need you today{late}."


def _said(one: NudgeLine) -> str:
    if one.done is not None:
        return f"*{safe(one.name)}*  {one.done}."
    again = f" Next on {in_words(one.again)}, unless it is done." if one.again else ""
    return f"*{safe(one.name)}*  {one.said}. You get this because you are {safe(one.why)}.{again}"


def _of_stage(line: StageLine, said: str, why: str, *buttons: Block, overdue: bool | None = None) -> NudgeLine:
    see = button("See it", Action.SHOW, line.reference, describe=f"See {line.reference}")
    late = line.is_open and line.days_left < 0
    return NudgeLine(
        name=line.reference,
        said=f"{safe(line.team)}: {said}",
        why=why,
        buttons=(*buttons, see),
        overdue=late if overdue is None else overdue,
    )


def _hand_over(line: StageLine) -> list[Block]:
    if line.owner is None:
        return []
    describe = f"Hand over what {line.owner.name} owns"
    return [button("Hand over…", Action.HAND_OVER, str(line.owner.id), describe=describe)]


def _received(line: StageLine) -> str:
    return f"received {in_words(line.received_on)}"


def _more(line: StageLine) -> Block:
    return button("More…", Action.MORE, line.reference, describe=f"More to do with {line.reference}")
