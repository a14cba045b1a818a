"""People who are away, leave or stand in: the forms, what is answered, the Home tab's part of it, and the nudges. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.blocks import forms, words
from bot.blocks.forms import Choice
from bot.blocks.message import Block, Message, View, actions, button, clip, context, header, safe, section
from bot.blocks.names import Action, Form
from bot.blocks.nudge import NudgeLine
from storage.dates import in_words, in_words_range
from storage.people import Who
from storage.views_ownership import Held, Kind
from storage.views_people import Days, Own, StandsIn
from storage.views_risk import AtRisk, Risk

MOST_NAMED = 8
MOST_AT_RISK = 5
MOST_STOOD_IN_FOR = 3


def away_form(
    covers: Sequence[Who], others: Mapping[str, Sequence[Who]], *, today: date, who: Who | None = None
) -> View:
    """Days off and who stands in. `who` is whose days these are when they aren't one's own; `others` can be chosen instead."""
    blocks = _whose(who, others)
    blocks += [
        forms.field("from_on", "First day away", forms.day(today)),
        forms.field("until_on", "Last day away", forms.day(None)),
    ]
    if covers:
        blocks.append(
            forms.field(
                "cover_id",
                "Who stands in",
                forms.choose_grouped(_by_letter(covers), placeholder="Choose a person"),
                hint="They may do what the owner may, and are told on the first day. Without anybody the senior manager is told.",
                optional=True,
            )
        )
    return forms.modal(Form.AWAY, "Away", blocks, submit="Record", carries={"person": str(who.id)} if who else None)


def leaving_form(others: Mapping[str, Sequence[Who]], *, last_day: date | None, who: Who | None = None) -> View:
    """The last day at work; see `away_form`. Left empty it takes back one that is recorded."""
    blocks = _whose(who, others)
    # Whether somebody who is still to be chosen has one, nobody knows yet.
    can_be_taken_back = last_day is not None or bool(others)
    blocks.append(
        forms.field(
            "last_day",
            "Last day at work",
            forms.day(last_day),
            hint="Leave it empty to take back a day that is recorded." if can_be_taken_back else "",
            optional=can_be_taken_back,
        )
    )
    return forms.modal(
        Form.LEAVING, "Leaving", blocks, submit="Record", carries={"person": str(who.id)} if who else None
    )


def left(who: Who, last_day: date, items: Sequence[Held], *, own: bool) -> Message:
    """That a last day is recorded, with what has to be handed over before."""
    whose = "Your" if own else f"{safe(who.name)}’s"
    said = [f"{whose} last day at work is recorded: {in_words(last_day)}."]
    subject = "You own" if own else "They own"
    if items:
        said.append(f"{subject} {owned(items)}. Hand this over before then.")
    else:
        said.append(f"{subject} nothing that has to be handed over.")
    text = " ".join(said)
    return Message(text, [section(text), *([actions(hand_over(who.id))] if items else [])])


def stays(who: Who, *, own: bool) -> Message:
    """That a last day was taken back."""
    return _say(f"{'Your' if own else f'{safe(who.name)}’s'} last day is taken back. Nothing has to be handed over.")


def gone_away(who: Who, days: Days, alone: Sequence[Who], *, own: bool) -> Message:
    """That an absence is recorded, and who sees to things. `alone` are those for whom this person would have stood in."""
    text = f"{'You are' if own else f'{safe(who.name)} is'} down as away {in_words_range(days.from_on, days.until_on)}."
    if days.cover is not None:
        text += f" {safe(days.cover.name)} stands in, and is told on the first working day."
    else:
        text += " Nobody stands in, so the senior manager is told when it begins. Type /complaint away again to name somebody."
    if alone:
        names = words.listed([safe(one.name) for one in alone[:MOST_NAMED]])
        text += f" {'You stand' if own else 'They stand'} in for {names} in that time: somebody else has to."
    return _say(text)


def returned(who: Who, *, own: bool) -> Message:
    """That an absence ended."""
    return _say(
        "Welcome back. You are down as at work from today."
        if own
        else f"{safe(who.name)} is down as at work from today."
    )


def taken_back(who: Who, *, own: bool) -> Message:
    """That what was planned won't be."""
    return _say(f"What was planned is taken back: {'you are' if own else f'{safe(who.name)} is'} not down as away.")


def covering(one: StandsIn) -> Message:
    """What somebody who stands in is told, once."""
    opening = (
        f"You stand in for {safe(one.who.name)} until {in_words(one.until_on)}. Until then you may do what they may, and you are "
        "told what they would be."
    )
    blocks: list[Block] = [section(opening)]
    text = [opening]
    for item in one.items[:MOST_NAMED]:
        line = f"*{safe(item.name)}*, due {in_words(item.due_on)}"
        see = button("See it", Action.SHOW, item.reference, describe=f"See {item.reference}")
        blocks.append(section(line, accessory=see if item.kind is Kind.COMPLAINT else None))
        text.append(f"•  {line}")
    hidden = len(one.items) - MOST_NAMED
    if hidden > 0 or not one.items:
        rest = f"and {hidden} more" if one.items else "They own nothing that is open now."
        blocks.append(context(rest))
        text.append(rest)
    return Message("\n".join(text), blocks)


def banner(own: Own) -> list[Block]:
    """On one's own tab: away, leaving, standing in; nothing when none of it is so."""
    blocks: list[Block] = []
    for days in own.absences[:2]:
        cover = f"{safe(days.cover.name)} stands in." if days.cover else "Nobody stands in."
        if days.begun:
            back = button("I am back", Action.BACK, str(own.person_id), describe="End the absence today")
            blocks.append(section(f"You are down as away until {in_words(days.until_on)}. {cover}", accessory=back))
        else:
            span = in_words_range(days.from_on, days.until_on)
            change = button("Change…", Action.AWAY, str(own.person_id), describe="Change the days away")
            said = f"You are down as away {span}. {cover} /complaint away never takes it back."
            blocks.append(section(said, accessory=change))
    if own.leaves_on is not None:
        said = f"Your last day at work is {in_words(own.leaves_on)} ({_days_left(own.days_left)})."
        said += f" You own {own.items} thing{'' if own.items == 1 else 's'} to hand over." if own.items else ""
        change = button("Change…", Action.LEAVING, str(own.person_id), describe="Change the last day at work")
        blocks += [section(said), actions(*([hand_over(own.person_id)] if own.items else []), change)]
    for one in own.stands_in[:MOST_STOOD_IN_FOR]:
        what = f": {owned(one.items)}" if one.items else ""
        blocks.append(section(f"You stand in for {safe(one.who.name)} until {in_words(one.until_on)}{what}."))
    return blocks


def at_risk(found: Sequence[AtRisk]) -> list[Block]:
    """For senior managers and the complaints team: whose work is at risk, and why; nothing when none is."""
    if not found:
        return []
    blocks: list[Block] = [header("Ownership at risk")]
    for one in found[:MOST_AT_RISK]:
        said = f"*{safe(one.who.name)}*  {'; '.join(_risk(one, risk) for risk in one.risks)}. Owns {owned(one.items)}."
        blocks.append(section(said, accessory=hand_over(one.who.id, one.who.name)))
    hidden = len(found) - MOST_AT_RISK
    if hidden > 0:
        names = words.listed([safe(one.who.name) for one in found[MOST_AT_RISK : MOST_AT_RISK + MOST_NAMED]])
        blocks.append(context(f"and {hidden} more: {names}{'…' if hidden > MOST_NAMED else ''}"))
    return blocks


def leaves_line(one: AtRisk, why: str, *, own: bool) -> NudgeLine:
    """Somebody who leaves and still owns something."""
    assert one.leaves_on is not None  # noqa: S101 - whoever leaves has a last day
    when = f"{in_words(one.leaves_on)} ({_days_left(one.days_left)})"
    if own:
        said = f"is {when}, and you still own {owned(one.items)}. Hand this over before then"
        return NudgeLine("Your last day", said, why, (hand_over(one.who.id),))
    said = f"leaves on {when} and still owns {owned(one.items)}"
    return NudgeLine(one.who.name, said, why, (hand_over(one.who.id, one.who.name),))


def gone_line(one: AtRisk, why: str, *, overdue: bool) -> NudgeLine:
    """Somebody who is gone and still owns something."""
    said = f"{_gone(one)} and still owns {owned(one.items)}. Give it to somebody who is here"
    return NudgeLine(one.who.name, said, why, (hand_over(one.who.id, one.who.name),), overdue=overdue)


def moved_line(one: AtRisk, why: str, *, own: bool) -> NudgeLine:
    """Somebody who has no role any more in the team of a complaint of theirs."""
    if own:
        said = f"is not your team any more, and you still own {owned(one.items)}. Hand it over, or answer it"
        return NudgeLine("Your former team", said, why, (hand_over(one.who.id),))
    said = f"moved to another team and still owns {owned(one.items)}"
    return NudgeLine(one.who.name, said, why, (hand_over(one.who.id, one.who.name),))


def uncovered_line(one: AtRisk, why: str, *, overdue: bool) -> NudgeLine:
    """Somebody who is away, owns something, and nobody stands in."""
    until = f" until {in_words(one.away.until_on)}" if one.away else ""
    said = f"is away{until} with nobody standing in, and owns {owned(one.items)}"
    name_one = button("Who stands in…", Action.AWAY, str(one.who.id), describe=f"Name who stands in for {one.who.name}")
    return NudgeLine(one.who.name, said, why, (name_one, hand_over(one.who.id, one.who.name)), overdue=overdue)


def owned(items: Sequence[Held]) -> str:
    """`CS-2026-0042, CS-2026-0043 and the action of CS-2026-0017`."""
    names = [safe(one.name) for one in items[:MOST_NAMED]]
    hidden = len(items) - len(names)
    return words.listed([*names, f"{hidden} more"] if hidden else names)


def hand_over(person_id: int, name: str | None = None) -> Block:
    """The button that opens what this person owns for handing over."""
    describe = f"Hand over what {name} owns" if name else "Hand over what you own"
    return button("Hand over…", Action.HAND_OVER, str(person_id), describe=describe)


def _risk(one: AtRisk, risk: Risk) -> str:
    if risk is Risk.GONE:
        return _gone(one)
    if risk is Risk.UNCOVERED:
        return f"away until {in_words(one.away.until_on)} with nobody standing in" if one.away else "away"
    if risk is Risk.LEAVES:
        return f"leaves on {in_words(one.leaves_on)} ({_days_left(one.days_left)})" if one.leaves_on else "leaves"
    return {
        Risk.MOVED: "has no role in the team of a complaint any more",
        Risk.OVERLOADED: f"has {one.open_complaints} open complaints",
    }.get(risk, "works for an agency")


def _gone(one: AtRisk) -> str:
    if one.leaves_on is not None and one.since is not None and one.leaves_on < one.since:
        return f"left on {in_words(one.leaves_on)}"
    return "is deactivated in Slack" if one.deactivated_at else "has no role in the register any more"


def _days_left(days: int) -> str:
    return f"{words.days(days)} left" if days else "today"


def _whose(who: Who | None, others: Mapping[str, Sequence[Who]]) -> list[Block]:
    if who is not None:
        return [section(f"For *{safe(who.name)}*.")]
    if not any(others.values()):
        return []
    groups = {group: [_choice(one) for one in members] for group, members in others.items()}
    choosing = forms.choose_grouped(groups, placeholder="Yourself")
    return [forms.field("person_id", "Whose days", choosing, hint="Leave it empty for your own.", optional=True)]


def _by_letter(people: Sequence[Who]) -> dict[str, list[Choice]]:
    groups: dict[str, list[Choice]] = {}
    for one in people:
        groups.setdefault(one.name[:1].upper(), []).append(_choice(one))
    return groups


def _choice(who: Who) -> Choice:
    return str(who.id), clip(who.name, 75)


def _say(text: str) -> Message:
    return Message(text, [section(text)])
