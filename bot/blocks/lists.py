"""Lists of complaints and actions: `/complaint mine`, the Home tab, help. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.blocks import decisions, learning, ombudsman, people, promises, setup, words
from bot.blocks.card import answer_button, owned_by
from bot.blocks.message import (
    Block,
    Message,
    View,
    actions,
    button,
    clip,
    context,
    divider,
    header,
    safe,
    saying,
    section,
)
from bot.blocks.names import Action
from storage.dates import in_words
from storage.views import NOBODYS, ActionLine, Covered, StageLine
from storage.views_commitments import CommitmentLine
from storage.views_learning import ActionFacts
from storage.views_ombudsman import RemedyLine
from storage.views_people import Own
from storage.views_requests import RequestFacts
from storage.views_risk import AtRisk
from storage.views_setup import SetUp

# Slack takes a hundred blocks in a Home tab and fifty in a message; two go with each line.
MOST_LINES = 8
# As many references as fit into one line's three thousand characters.
MOST_NAMED = 60
MOST_REMEDIES = 4
MOST_TO_VERIFY = 3
MOST_COMMITMENTS = 3
MOST_COVERED = 2


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """What one person's Home tab shows, and what their role lets them do there. None for a list that isn't for their role.

    `to_verify` and `kept` are the actions and the commitments that are said to be done and that this person can verify. `covered`
    is what they see to for others.
    """

    owned: Sequence[StageLine] | None
    promised: Sequence[ActionLine]
    remedies: Sequence[RemedyLine]
    to_decide: Sequence[RequestFacts]
    unallocated: Sequence[StageLine] | None
    can_record: bool
    can_claim: bool
    can_assign: bool
    can_work: bool
    can_conduct: bool
    open_in_all: int | None
    to_verify: Sequence[ActionFacts] = ()
    days: Own | None = None
    at_risk: Sequence[AtRisk] = ()
    commitments: Sequence[CommitmentLine] = ()
    kept: Sequence[CommitmentLine] = ()
    setup: SetUp | None = None
    covered: Covered = NOBODYS


def mine(
    lines: Sequence[StageLine],
    promised: Sequence[ActionLine],
    commitments: Sequence[CommitmentLine] = (),
    *,
    covered: Covered = NOBODYS,
    can_work: bool = True,
    can_conduct: bool = False,
) -> Message:
    """What one person owns, the nearest due date first, with what they may do about it; then what they stand in for."""
    if not (lines or promised or commitments or covered):
        said = "You own no open complaint and have promised nothing. New complaints appear in the complaints channel."
        return saying(said)
    text = [f"You own {_count(len(lines), 'open complaint')}."]
    text += [_line(line) for line in lines[:MOST_LINES]]
    text += [_promise(action) for action in promised[:MOST_LINES]]
    text += [promises.sentence(one) for one in commitments[:MOST_COMMITMENTS]]
    text += [said for said in (_rest(lines), _rest(promised)) if said]
    blocks: list[Block] = [section(text[0])]
    blocks += _lines(lines, can_work=can_work, can_conduct=can_conduct)
    if promised or commitments:
        blocks.append(section("You promised:"))
    blocks += [*_promises(promised), *promises.rows(commitments, MOST_COMMITMENTS)]
    if covered:
        text += ["You stand in for others:", *(_line(line, whose=True) for line in covered.lines[:MOST_COVERED])]
        text += [_promise(action, whose=True) for action in covered.promised[:MOST_COVERED]]
        blocks += [section("You stand in for others:"), *_covered(covered, can_work=can_work, can_conduct=can_conduct)]
    return Message("\n".join(text), blocks)


def home(facts: HomeFacts) -> View:
    """The Home tab: for the complaints team the unallocated first, then what this person owns, is due, and promised."""
    blocks: list[Block] = people.banner(facts.days) if facts.days else []
    if facts.setup is not None and not facts.setup.in_use:
        # Nothing else is of use before there is a complaint.
        return {"type": "home", "blocks": [*blocks, *setup.steps(facts.setup)]}
    if facts.setup is not None:
        blocks.append(setup.notice(facts.setup))
    if facts.can_record:
        blocks.append(
            actions(button("Record a complaint", Action.NEW, "new", style="primary"), block_id="home-actions")
        )
    if facts.open_in_all is not None:
        blocks.append(
            context(f"{_count(facts.open_in_all, 'complaint')} open in all. Type /complaint status for the figures.")
        )
    waiting = [header("Without a named manager"), *_unallocated(facts)] if facts.unallocated is not None else []
    own: list[Block] = []
    if facts.owned is not None:
        # What they stand in for takes the room of some of their own; the rest is named below it.
        most = MOST_LINES - 2 * MOST_COVERED if facts.covered else MOST_LINES
        listed = _lines(facts.owned, can_work=facts.can_work, can_conduct=facts.can_conduct, most=most)
        own = [header("You own"), *(listed or [section("You own no open complaint.")])]
    at_risk = people.at_risk(facts.at_risk)
    blocks += [*at_risk, divider()] if at_risk else []
    blocks += _to_verify(facts)
    if facts.to_decide:
        blocks += [header("Waiting for your decision"), *_to_decide(facts.to_decide), divider()]
    # Who allocates sees first what nobody has; who answers sees first what is theirs.
    for part in (waiting, own) if facts.can_assign else (own, waiting):
        blocks += [*part, divider()] if part else []
    if facts.covered:
        listed = _covered(facts.covered, can_work=facts.can_work, can_conduct=facts.can_conduct)
        blocks += [header("You stand in for others"), *listed, divider()]
    blocks.append(header("You promised"))
    blocks += _all_promised(facts) or [section("You have no open learning action or commitment.")]
    if facts.remedies:
        shown = ombudsman.remedy_lines(facts.remedies[:MOST_REMEDIES], may_tell=facts.can_conduct)
        blocks += [header("Remedies you see to"), *shown, *_more(facts.remedies, MOST_REMEDIES)]
    blocks.append(context("Type /complaint help in any channel to see what you can do."))
    return {"type": "home", "blocks": blocks}


def home_refused(message: str) -> View:
    """The Home tab of somebody without a role, or while the register is away."""
    return {"type": "home", "blocks": [section(safe(message))]}


def _to_verify(facts: HomeFacts) -> list[Block]:
    """Actions and commitments that are said to be done, with room for one commitment at least where there are any."""
    if not facts.to_verify and not facts.kept:
        return []
    first = min(len(facts.to_verify), MOST_TO_VERIFY - bool(facts.kept))
    shown = [*learning.to_verify(facts.to_verify, first), *promises.rows(facts.kept, MOST_TO_VERIFY - first)]
    return [header("To verify"), *shown, divider()]


def _unallocated(facts: HomeFacts) -> list[Block]:
    lines = facts.unallocated or ()
    if not lines:
        whose = "Every open complaint" if facts.can_assign else "Every open complaint of your teams"
        return [section(f"{whose} has a named manager.")]
    blocks: list[Block] = []
    for line in lines[:MOST_LINES]:
        blocks.append(section(_line(line)))
        choices = []
        if facts.can_claim:
            choices.append(
                button("Claim", Action.CLAIM, line.reference, style="primary", describe=f"Claim {line.reference}")
            )
        if facts.can_assign:
            choices.append(button("Assign…", Action.ASSIGN, line.reference, describe=f"Assign {line.reference}"))
        choices.append(button("See it", Action.SHOW, line.reference, describe=f"See {line.reference}"))
        blocks.append(actions(*choices))
    return blocks + _more(lines)


def _lines(
    lines: Sequence[StageLine], *, can_work: bool, can_conduct: bool, most: int = MOST_LINES, whose: bool = False
) -> list[Block]:
    blocks: list[Block] = []
    for line in lines[:most]:
        answer = answer_button(line, can_work=can_work, can_conduct=can_conduct)
        see = button("See it", Action.SHOW, line.reference, describe=f"See {line.reference}")
        blocks += [section(_line(line, whose=whose)), actions(*([answer] if answer else []), see)]
    return blocks + _more(lines, most)


def _covered(covered: Covered, *, can_work: bool, can_conduct: bool) -> list[Block]:
    return [
        *_lines(covered.lines, can_work=can_work, can_conduct=can_conduct, most=MOST_COVERED, whose=True),
        *_actions(covered.promised[:MOST_COVERED], whose=True),
        *_more(covered.promised, MOST_COVERED),
    ]


def _to_decide(asked: Sequence[RequestFacts]) -> list[Block]:
    blocks: list[Block] = []
    for one in asked[:MOST_REMEDIES]:
        blocks += decisions.deciding(one)
    hidden = len(asked) - MOST_REMEDIES
    return [*blocks, context(f"and {hidden} more")] if hidden > 0 else blocks


def _all_promised(facts: HomeFacts) -> list[Block]:
    """Actions and commitments, together no more than a list has; one line says how many are left out."""
    kept = facts.commitments[:MOST_COMMITMENTS]
    shown = facts.promised[: MOST_LINES - len(kept)]
    hidden = len(facts.promised) + len(facts.commitments) - len(kept) - len(shown)
    blocks = [*_actions(shown), *(promises.short_row(one) for one in kept)]
    return [*blocks, context(f"and {hidden} more: /complaint mine and /complaint promises")] if hidden else blocks


def _promises(promised: Sequence[ActionLine]) -> list[Block]:
    return _actions(promised[:MOST_LINES]) + _more(promised)


def _actions(promised: Sequence[ActionLine], *, whose: bool = False) -> list[Block]:
    return [
        section(_promise(action, whose=whose), accessory=learning.done_button(action.id, action.reference))
        for action in promised
    ]


class _Due(Protocol):
    @property
    def reference(self) -> str: ...
    @property
    def due_on(self) -> date: ...


def _more(lines: Sequence[_Due], most: int = MOST_LINES) -> list[Block]:
    said = _rest(lines, most)
    return [context(said)] if said else []


def _rest(lines: Sequence[_Due], most: int = MOST_LINES) -> str:
    """What a list has no room to say much of, by its reference: nothing that is somebody's is on no list at all."""
    named = lines[most:]
    if not named:
        return ""
    said = "; ".join(f"{one.reference}, due {in_words(one.due_on)}" for one in named[:MOST_NAMED])
    beyond = f"; and {len(named) - MOST_NAMED} more that are due later" if len(named) > MOST_NAMED else ""
    return f"and {len(named)} more: {said}{beyond}. Type /complaint show and the reference."


def _line(line: StageLine, *, whose: bool = False) -> str:
    """One complaint. `whose`: for somebody who isn't its owner."""
    owner = f". {owned_by(line)}" if line.owner and whose else "" if line.owner else ". Nobody owns it yet"
    waiting = "" if line.acknowledged_on or line.number > 1 else ". Not acknowledged yet"
    if line.waits:
        waiting = f". Stage {line.number} was asked for and is neither open nor refused yet"
    return (
        f"*{line.reference}*  {safe(line.team)}: response due {words.due(line.due_on, line.days_left)}{owner}{waiting}"
    )


def _promise(action: ActionLine, *, whose: bool = False) -> str:
    promised = f". {safe(action.owner.name)} promised it" if whose and action.owner else ""
    return (
        f"*{action.reference}*  {safe(clip(action.text or 'text cleared', 300).rstrip('.'))}. "
        f"Due {words.due(action.due_on, action.days_left)}{promised}"
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
