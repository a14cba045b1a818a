"""A complaint's card in the channel, the details in its thread, and its screen for one person. Pure."""

from bot.blocks import words
from bot.blocks.message import Block, Message, actions, button, clip, context, mention, safe, saying, section
from bot.blocks.names import Action
from storage.dates import in_words
from storage.people import Who
from storage.views import ActionLine, ComplaintFacts, EventFacts, StageLine
from storage.vocabulary import Band, EventKind

NOBODY = "Nobody yet"
_BANDS = {
    Band.WITHIN_LIMIT: "within the limit",
    Band.AGREED_EXTENSION: "within the agreed extension",
    Band.WITHIN_MAXIMUM: "over the limit, within the maximum",
    Band.OVER_MAXIMUM: "over the maximum",
}


def card(facts: ComplaintFacts) -> Message:
    """The card as everyone in the channel sees it: references and dates, no case-level text."""
    line = facts.line
    blocks = [
        section(f"*{line.reference}*  ·  {safe(line.team)}  ·  Stage {line.number}, {line.stage_title.lower()}"),
        section("", fields=_fields(facts)),
    ]
    if line.ended_on is None:
        blocks.append(actions(*_buttons(line), block_id=f"card-{line.reference}"))
    blocks.append(context(_footing(facts)))
    return Message(_headline(facts), blocks)


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


def screen(facts: ComplaintFacts, *, can_work: bool, can_claim: bool, can_assign: bool) -> Message:
    """`/complaint show`: card and details for one person, with only the buttons this person may use."""
    drawn = card(facts)
    blocks: list[Block] = [block for block in drawn.blocks if block["type"] != "actions"]
    blocks.insert(2, details(facts).blocks[0])
    if facts.actions:
        blocks.insert(3, section("*Learning actions*\n" + "\n".join(_action_line(action) for action in facts.actions)))
    if facts.line.ended_on is None:
        allowed = {Action.CLAIM: can_claim, Action.ASSIGN: can_assign}
        buttons = [element for element in _buttons(facts.line) if allowed.get(element["action_id"], can_work)]
        if buttons:
            blocks.append(actions(*buttons))
    return Message(drawn.text, blocks)


def event(facts: ComplaintFacts, happened: EventFacts, *, owner: Who | None, text: str | None) -> Message:
    """One line in the thread for one entry of the history."""
    who = safe(happened.actor.name) if happened.actor else "The complaints app"
    line = facts.line
    day = in_words(happened.happened_on)
    said = {
        EventKind.CLAIMED: lambda: f"{who} claimed this and owns it until it is resolved.",
        EventKind.ALLOCATED: lambda: (
            f"{safe(owner.name) if owner else 'Somebody'} now owns this. {_how(happened.data.get('how'), who)}"
        ),
        EventKind.ACKNOWLEDGED: lambda: f"{who} recorded that this was acknowledged on {day}.",
        EventKind.RESPONDED: lambda: f"{who} recorded the response of {day}: {line.outcome}. {_timing(facts)}",
        EventKind.NOT_PROCEEDED: lambda: f"{who} recorded that this did not go on, on {day}: {line.outcome}.",
        EventKind.ACTION_ADDED: lambda: _added(happened, owner, text),
        EventKind.ACTION_DONE: lambda: f"{who} marked a learning action as done on {day}.",
        EventKind.EXTENSION_APPROVED: lambda: f"{who} recorded an extension agreed on {day}.",
    }.get(happened.kind, lambda: f"{who} changed this on {day}.")()
    return saying(said)


def allocated(facts: ComplaintFacts, giver: str | None) -> Message:
    """Tells a manager, once, that a complaint is theirs now."""
    line = facts.line
    by = f"{safe(giver)} gave you" if giver else "You have been given"
    said = f"{by} {line.reference} for {safe(line.team)}. The response is due {words.due(line.due_on, line.days_left)}."
    return Message(
        said,
        [
            section(f"{said}\nYou own it until it is resolved."),
            actions(
                button("See it", Action.SHOW, line.reference, describe=f"See {line.reference}"),
                button(
                    "Respond…", Action.RESPOND, line.reference, style="primary", describe=f"Respond to {line.reference}"
                ),
            ),
        ],
    )


def owner_name(line: StageLine) -> str:
    return safe(line.owner.name) if line.owner else NOBODY


def _headline(facts: ComplaintFacts) -> str:
    line = facts.line
    if line.ended_on is not None:
        return f"{line.reference} for {safe(line.team)}: closed on {in_words(line.ended_on)}, {line.outcome}. {_timing(facts)}"
    owner = f"Owned by {safe(line.owner.name)}." if line.owner else "Nobody owns it yet."
    return f"{line.reference} for {safe(line.team)}: response due {words.due(line.due_on, line.days_left)}. {owner}"


def _fields(facts: ComplaintFacts) -> list[str]:
    line = facts.line
    return [
        f"*Received*\n{in_words(line.received_on)}",
        f"*Due*\n{words.due(line.due_on, line.days_left)}"
        if line.ended_on is None
        else f"*Closed*\n{in_words(line.ended_on)}: {line.outcome}",
        f"*Owner*\n{mention(line.owner.slack_id) if line.owner else NOBODY}",
        f"*Handler*\n{mention(facts.handler.slack_id) if facts.handler else 'The complaints team'}",
        f"*Senior manager*\n{mention(facts.senior.slack_id) if facts.senior else 'None set for this team'}",
    ]


def _buttons(line: StageLine) -> list[Block]:
    found = []
    if line.owner is None:
        found.append(button("Claim", Action.CLAIM, line.reference, style="primary", describe=f"Claim {line.reference}"))
    found.append(button("Assign…", Action.ASSIGN, line.reference, describe=f"Assign {line.reference} to a manager"))
    if line.acknowledged_on is None:
        found.append(
            button(
                "Acknowledge",
                Action.ACKNOWLEDGE,
                line.reference,
                describe=f"Record that {line.reference} was acknowledged",
            )
        )
    found.append(
        button("Respond…", Action.RESPOND, line.reference, describe=f"Record the response to {line.reference}")
    )
    return found


def _footing(facts: ComplaintFacts) -> str:
    line = facts.line
    if line.ended_on is not None:
        return _timing(facts) or "This did not go on to a response, so it has no time taken."
    pieces = [
        f"Acknowledged on {in_words(line.acknowledged_on)}" if line.acknowledged_on else "Not acknowledged yet",
        f"Recorded {words.days(facts.recorded_after)} after receipt"
        if facts.recorded_late and facts.recorded_after
        else "",
        f"{line.team} managers: press Claim to own it" if line.owner is None else "",
    ]
    return safe("  ·  ".join(piece for piece in pieces if piece))


def _timing(facts: ComplaintFacts) -> str:
    if facts.days_taken is None or facts.band is None:
        return ""
    return (
        f"It took {words.days(facts.days_taken)}, {_BANDS[facts.band]} of {facts.limit_days}."
        if (facts.band is Band.WITHIN_LIMIT)
        else f"It took {words.days(facts.days_taken)}, {_BANDS[facts.band]}; the limit is {facts.limit_days}."
    )


def _how(how: str | None, who: str) -> str:
    return {
        "assigned": f"{who} assigned it.",
        "fixed": "The team's complaints go to this manager.",
        "balanced": "They had the fewest open complaints in the team.",
        "imported": "This came with the import.",
    }.get(how or "", "")


def _added(happened: EventFacts, owner: Who | None, text: str | None) -> str:
    due = in_words(happened.happened_on.fromisoformat(happened.data["due"]))
    named = safe(owner.name) if owner else "Somebody"
    return f"Learning action: {safe(clip(text or 'text cleared', 500))} {named} will see to it by {due}."


def _action_line(action: ActionLine) -> str:
    state = f"done on {in_words(action.done_on)}" if action.done_on else words.due(action.due_on, action.days_left)
    named = safe(action.owner.name) if action.owner else "Nobody"
    return f"•  {safe(clip(action.text or 'Text cleared', 300))} ({named}, {state})"
