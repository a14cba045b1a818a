"""A complaint's card in the channel, the details in its thread, and its screen for one person. Pure."""

from collections.abc import Sequence

from bot.blocks import decisions, history, words
from bot.blocks.message import Block, Message, actions, button, clip, context, mention, safe, saying, section
from bot.blocks.names import Action
from storage.dates import in_words
from storage.views import ActionLine, StageLine
from storage.views_complaint import ComplaintFacts
from storage.views_history import Entry, Names

NOBODY = "Nobody yet"
NEVER_OWNED = "Nobody"


def card(facts: ComplaintFacts) -> Message:
    """The card as everyone in the channel sees it: references and dates, no case-level text."""
    line = facts.line
    buttons = actions(*_buttons(facts), block_id=f"card-{line.reference}")
    return Message(_headline(facts), [*_top(facts, due=_stays(line)), buttons, *_foot(facts)])


def details(facts: ComplaintFacts) -> Message:
    """What the complaint is about, for its thread and for the people who may see it."""
    rows = [
        ("What it is about", facts.summary),
        ("Themes", words.listed(list(facts.themes))),
        ("Who complained", facts.customer_group),
        ("How it came in", facts.contact_method),
        ("Correspondence", facts.correspondence_ref),
        ("Also involved", words.listed(list(facts.others))),
        ("Procedure", facts.procedure_title),
    ]
    lines = [f"*{name}:* {safe(value)}" for name, value in rows if value]
    return Message(f"Details of {facts.line.reference}", [section("\n".join(lines))])


def screen(
    facts: ComplaintFacts,
    more: Sequence[Block] = (),
    *,
    can_work: bool,
    can_claim: bool,
    can_assign: bool,
    can_conduct: bool,
) -> Message:
    """`/complaint show`: card and details for one person, with only the buttons this person may use."""
    blocks = [*_top(facts, due=words.due(facts.line.due_on, facts.line.days_left)), *details(facts).blocks]
    if facts.actions:
        blocks.append(section("*Learning actions*\n" + "\n".join(_action_line(action) for action in facts.actions)))
    blocks += [*_foot(facts), *more]
    allowed = {
        Action.CLAIM: can_claim,
        Action.ASSIGN: can_assign,
        Action.MORE: True,
        Action.OPEN_STAGE: can_conduct,
        Action.REFUSE_STAGE: can_conduct,
        Action.ADJUDICATE: can_conduct,
        Action.RESPOND: can_work and (can_conduct or not facts.line.independent),
    }
    buttons = [element for element in _buttons(facts) if allowed.get(element["action_id"], can_work)]
    blocks.append(actions(*buttons))
    return Message(_headline(facts), blocks)


def event(entry: Entry, names: Names) -> Message:
    """One line in the thread for one entry of the history."""
    return saying(safe(history.sentence(entry, names)))


def allocated(facts: ComplaintFacts, giver: str | None) -> Message:
    """Tells a manager, once, that a complaint is theirs now."""
    line = facts.line
    by = f"{safe(giver)} gave you" if giver else "You have been given"
    said = f"{by} {line.reference} for {safe(line.team)}. The response is due {words.due(line.due_on, line.days_left)}."
    see = button("See it", Action.SHOW, line.reference, describe=f"See {line.reference}")
    answer = answer_button(line, can_work=True, can_conduct=False, style="primary")
    return Message(
        said, [section(f"{said}\nYou own it until it is resolved."), actions(see, *([answer] if answer else []))]
    )


def answer_button(line: StageLine, *, can_work: bool, can_conduct: bool, style: str | None = None) -> Block | None:
    """What brings a stage to its end, for whoever may do it: opening what was asked for, findings on its issues, a response."""
    reference = line.reference
    if line.waits:
        opens = button(f"Open stage {line.number}", Action.OPEN_STAGE, reference, style="primary")
        return opens if can_conduct else None
    if line.independent and not can_conduct:
        return None
    if line.by_issue:
        described = f"Record the findings on {reference}"
        return button("Record the findings…", Action.ADJUDICATE, reference, style=style, describe=described)
    if not can_work:
        return None
    return button("Respond…", Action.RESPOND, reference, style=style, describe=f"Record the response to {reference}")


def owned_by(line: StageLine) -> str:
    """`Noor Fenwick owns it`, inside a sentence."""
    return f"{safe(line.owner.name)} owns it" if line.owner else "nobody owns it yet"


def _headline(facts: ComplaintFacts) -> str:
    line = facts.line
    if not line.is_open and line.ended_on:
        return f"{line.reference} for {safe(line.team)}: closed on {in_words(line.ended_on)}, {_outcome(line)}. {_timing(facts)}"
    owner = f"Owned by {safe(line.owner.name)}." if line.owner else "Nobody owns it yet."
    return f"{line.reference} for {safe(line.team)}: response due {_stays(line)}. {owner}"


def _outcome(line: StageLine) -> str:
    # An import may bring a day of response and no outcome.
    return safe(line.outcome or "no outcome recorded")


def _stays(line: StageLine) -> str:
    """The due date in words that are true until the complaint changes: a card stands for weeks."""
    return f"{in_words(line.due_on)}{', overdue' if line.days_left < 0 else ''}"


def _top(facts: ComplaintFacts, *, due: str) -> list[Block]:
    line = facts.line
    title = f"*{line.reference}*  ·  {safe(line.team)}  ·  Stage {line.number}, {safe(line.stage_title.lower())}"
    return [section(title), section("", fields=_fields(facts, due=due))]


def _foot(facts: ComplaintFacts) -> list[Block]:
    footing = _footing(facts)
    return [context(footing)] if footing else []


def _fields(facts: ComplaintFacts, *, due: str) -> list[str]:
    line = facts.line
    return [
        f"*Received*\n{in_words(line.received_on)}",
        *([f"*Stage {line.number} asked for*\n{in_words(line.started_on)}"] if line.number > 1 else []),
        f"*Due*\n{due}{_moved(facts)}"
        if line.is_open or line.ended_on is None
        else f"*Closed*\n{in_words(line.ended_on)}: {_outcome(line)}",
        f"*Owner*\n{_owner(line)}",
        f"*Handler*\n{mention(facts.handler.slack_id) if facts.handler else 'The complaints team'}",
        f"*Senior manager*\n{mention(facts.senior.slack_id) if facts.senior else 'None set for this team'}",
    ]


def _owner(line: StageLine) -> str:
    if line.owner:
        return mention(line.owner.slack_id)
    return NOBODY if line.is_open else NEVER_OWNED


def _buttons(facts: ComplaintFacts) -> list[Block]:
    line = facts.line
    more = button("More…", Action.MORE, line.reference, describe=f"More to do with {line.reference}")
    if not line.is_open:
        return [more]
    if facts.opened_on is None:
        stage = f"stage {line.number}"
        return [
            button(f"Open {stage}", Action.OPEN_STAGE, line.reference, style="primary"),
            button(f"Refuse {stage}…", Action.REFUSE_STAGE, line.reference),
            more,
        ]
    found = []
    if line.owner is None:
        found.append(button("Claim", Action.CLAIM, line.reference, style="primary", describe=f"Claim {line.reference}"))
    found.append(button("Assign…", Action.ASSIGN, line.reference, describe=f"Assign {line.reference} to a manager"))
    if line.acknowledged_on is None and facts.rules.stage(line.number).acknowledged:
        found.append(
            button(
                "Acknowledge",
                Action.ACKNOWLEDGE,
                line.reference,
                describe=f"Record that {line.reference} was acknowledged",
            )
        )
    answer = answer_button(line, can_work=True, can_conduct=True)
    return [*found, *([answer] if answer else []), more]


def _footing(facts: ComplaintFacts) -> str:
    line = facts.line
    if not line.is_open:
        return _timing(facts) or "This did not go on to a response, so it has no time taken."
    acknowledged = (
        f"Acknowledged on {in_words(line.acknowledged_on)}" if line.acknowledged_on else "Not acknowledged yet"
    )
    pieces = [
        f"Stage {line.number} asked for, waiting to be opened or refused" if facts.opened_on is None else "",
        acknowledged if facts.rules.stage(line.number).acknowledged else "",
        f"Next: {line.next_step.lower()} by {in_words(line.next_due_on)}" if line.next_step else "",
        *(decisions.standing(asked) for asked in facts.requests),
        f"Opened again; it was closed on {in_words(line.ended_on)}" if line.ended_on else "",
        "This happened long before it was received: it may be refused as late, with reasons"
        if facts.matter_is_old
        else "",
        f"Recorded {words.days(facts.recorded_after)} after receipt"
        if facts.recorded_late and facts.recorded_after
        else "",
        f"{line.team} managers: press Claim to own it" if line.owner is None else "",
    ]
    return safe("  ·  ".join(piece for piece in pieces if piece))


def _moved(facts: ComplaintFacts) -> str:
    moved = facts.line.due_on != facts.original_due_on
    return f"\nOriginally {in_words(facts.original_due_on)}" if moved else ""


def _timing(facts: ComplaintFacts) -> str:
    if facts.days_taken is None or facts.band is None:
        return ""
    return words.took(facts.days_taken, facts.limit_days, facts.band)


def _action_line(action: ActionLine) -> str:
    state = f"done on {in_words(action.done_on)}" if action.done_on else words.due(action.due_on, action.days_left)
    if action.done_on and not action.verified_on:
        state += ", not verified yet"
    named = safe(action.owner.name) if action.owner else "Nobody"
    return f"•  {safe(clip(action.text or 'Text cleared', 300))} ({named}, {state})"
