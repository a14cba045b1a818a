"""The one message a person gets a working day, and the senior managers' weekly digest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import status, words
from bot.blocks.card import owner_name
from bot.blocks.message import Block, Message, actions, button, context, header, safe, section
from bot.blocks.names import Action
from storage.dates import in_words
from storage.figures import TeamTable
from storage.views import ComplaintFacts, StageLine

MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits on a complaint beside its response: a sentence, and the buttons that deal with it."""

    said: str
    buttons: Sequence[Block]


@dataclass(frozen=True, slots=True)
class NudgeLine:
    """One complaint in a nudge: `why` completes "You get this because you are …"; `owns` says whether it is theirs to answer."""

    line: StageLine
    why: str
    owns: bool
    can_claim: bool
    waiting: Waiting | None = None


def step_due(facts: ComplaintFacts) -> Waiting:
    """The next dated step of a stage, such as the panel."""
    line = facts.line
    step = (facts.next_step or "").lower()
    return Waiting(
        f"stage {line.number}: {safe(step)} by {in_words(facts.next_due_on)}, response due "
        f"{words.due(line.due_on, line.days_left)}",
        [button("More…", Action.MORE, line.reference, describe=f"More to do with {line.reference}")],
    )


def investigation_due(facts: ComplaintFacts) -> Waiting:
    """The response of a stage that is independent of the service: its owner is told, and does not answer it."""
    line = facts.line
    return Waiting(
        f"stage {line.number}, {safe(line.stage_title.lower())}: response due {words.due(line.due_on, line.days_left)}",
        [button("More…", Action.MORE, line.reference, describe=f"More to do with {line.reference}")],
    )


def stage_waits(facts: ComplaintFacts) -> Waiting:
    """A further stage that was asked for and is neither opened nor refused."""
    line = facts.line
    return Waiting(
        f"stage {line.number} was asked for on {in_words(line.started_on)}. Open it, or refuse it with written reasons",
        [button(f"Open stage {line.number}", Action.OPEN_STAGE, line.reference, style="primary")],
    )


def posts_empty(facts: ComplaintFacts, posts: Sequence[str]) -> Waiting:
    """Posts of a stage that have been empty for too long."""
    line = facts.line
    return Waiting(
        f"stage {line.number}, asked for on {in_words(line.started_on)}, has no "
        f"{safe(words.listed([post.lower() for post in posts]))} yet",
        [button("More…", Action.MORE, line.reference, describe=f"Appoint people for {line.reference}")],
    )


def reply_due(facts: ComplaintFacts, due_on: date, days_left: int) -> Waiting:
    """A reply that the Ombudsman waits for; the complaint itself may be closed long since."""
    line = facts.line
    return Waiting(
        f"the Ombudsman waits for a reply, due {words.due(due_on, days_left)}",
        [button("More…", Action.MORE, line.reference, describe=f"More to do with {line.reference}")],
    )


def nudge(lines: Sequence[NudgeLine], *, hour: int, total: int | None = None, overdue: int | None = None) -> Message:
    """Overdue first, at most ten lines, each saying what is due, when, and why this person is told.

    `total` and `overdue` count complaints, also those of lines that are left out.
    """
    shown = lines[:MOST_LINES]
    total = len(lines) if total is None else total
    opening = _opening(total, sum(one.line.days_left < 0 for one in lines) if overdue is None else overdue)
    blocks: list[Block] = [section(opening)]
    text = [opening]
    for one in shown:
        said = _said(one)
        text.append(said)
        blocks.append(section(said))
        likely = one.waiting.buttons if one.waiting else [_likely(one)]
        blocks.append(
            actions(*likely, button("See it", Action.SHOW, one.line.reference, describe=f"See {one.line.reference}"))
        )
    closing = f"At most one of these a working day, after {hour:02d}:00. Everything you own is on this app's Home tab."
    if total > len(shown):
        closing = f"and {total - len(shown)} more on this app's Home tab. {closing}"
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
            f"*{line.reference}*  {safe(line.team)}: {words.left(line.days_left)}, owner {owner_name(line)}"
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
        blocks.append(status.grid(status.joined(tables)))
        blocks.append(context(safe(status.definitions(tables[0]))))
        text.append(safe(status.definitions(tables[0])))
    return Message("\n".join(text), blocks)


def redated(lines: Sequence[StageLine], why: str) -> Message:
    """Tells an owner, once, that due dates moved and why."""
    opening = f"{safe(why)}, so {'a due date' if len(lines) == 1 else 'due dates'} of yours moved:"
    said = [
        f"*{line.reference}*  {safe(line.team)}: due {words.due(line.due_on, line.days_left)} now" for line in lines
    ]
    shown = said[:MOST_LINES]
    if len(said) > MOST_LINES:
        shown.append(f"and {len(said) - MOST_LINES} more on this app's Home tab")
    return Message("\n".join([opening, *shown]), [section(opening), section("\n".join(shown))])


def _opening(total: int, overdue: int) -> str:
    if total == 1:
        return "One complaint needs you today." if not overdue else "One complaint is overdue and needs you."
    late = f", {overdue} of them overdue" if overdue else ""
    return f"{total} complaints need you today{late}."


def _said(one: NudgeLine) -> str:
    line = one.line
    if one.waiting is not None:
        return f"*{line.reference}*  {safe(line.team)}: {one.waiting.said}. You get this because you are {one.why}."
    if line.owner is None:
        waiting = f"nobody owns it yet; response due {words.due(line.due_on, line.days_left)}"
    elif one.owns:
        waiting = f"response due {words.due(line.due_on, line.days_left)}"
    else:
        waiting = f"{owner_name(line)} owns it; response due {words.due(line.due_on, line.days_left)}"
    received = f"received {in_words(line.received_on)}"
    return f"*{line.reference}*  {safe(line.team)}: {waiting}, {received}. You get this because you are {one.why}."


def _likely(one: NudgeLine) -> Block:
    reference = one.line.reference
    if one.line.owner is None and one.can_claim:
        return button("Claim", Action.CLAIM, reference, style="primary", describe=f"Claim {reference}")
    if one.line.owner is None:
        return button("Assign…", Action.ASSIGN, reference, style="primary", describe=f"Assign {reference}")
    return button(
        "Respond…", Action.RESPOND, reference, style="primary", describe=f"Record the response to {reference}"
    )
