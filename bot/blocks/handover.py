"""Handing over: the form, and what the new owner and the one before are told. Pure."""

from collections.abc import Sequence

from bot.blocks import forms
from bot.blocks.message import Block, Message, View, button, clip, context, safe, saying, section
from bot.blocks.names import Action, Form
from storage.dates import in_words
from storage.people import Who
from storage.views_ownership import Held, Kind

NOTE_LENGTH = 500
# Slack takes a hundred blocks in a modal; a note field for each thing would drown who hands over forty.
MOST_NOTES = 15
MOST_LINES = 12
MOST_OPTIONS = 100


def form(who: Who, items: Sequence[Held], people: Sequence[tuple[Who, int]]) -> View:
    """Choose what goes, to whom, and what they should know. `people` can take all of it, each with what they have open."""
    shown = items[:MOST_OPTIONS]
    choices = [(one.key, option(one)) for one in shown]
    blocks: list[Block] = [section(f"{safe(who.name)} owns {_count(len(items))}.")]
    if len(items) > len(shown):
        blocks.append(context(f"These are the {len(shown)} that are due first; hand over the others afterwards."))
    takers = [(str(one.id), f"{clip(one.name, 60)} ({count} open)") for one, count in people[:MOST_OPTIONS]]
    blocks += [
        forms.field("to_id", "New owner", forms.choose(takers, placeholder="Choose who takes it")),
        forms.field(
            "keys",
            "What goes to them",
            forms.choose_several(choices, placeholder="Choose", chosen=[key for key, _label in choices]),
        ),
        forms.field(
            "note",
            "Note for all of it",
            forms.text(most=NOTE_LENGTH, several_lines=True),
            optional=True,
            hint="What the new owner has to know. No names of children or families.",
        ),
    ]
    if len(shown) <= MOST_NOTES:
        blocks += [
            forms.field(
                f"note:{one.key}",
                clip(f"Note for {one.name}", 150),
                forms.text(most=NOTE_LENGTH, several_lines=True),
                optional=True,
            )
            for one in shown
        ]
    return forms.modal(Form.HAND_OVER, "Hand over", blocks, submit="Hand over", carries={"from": str(who.id)})


def nobody(who: Who, items: Sequence[Held]) -> View:
    """When nobody can take all of it: what to do instead."""
    rule = "a complaint goes to a manager of its own team who is here until it is due"
    if len({one.team_id for one in items}) > 1:
        way = "Hand it over team by team: /complaint handover @name and the team."
    else:
        way = (
            "There is no such manager now. The complaints manager can add one to the team with /complaint setup. Then hand it "
            "over."
        )
    said = f"{safe(who.name)} owns {_count(len(items))}, and nobody could take all of it: {rule}. {way}"
    return forms.modal(
        Form.NOTE, "Hand over", [section(said), *[section(line(one)) for one in items[:MOST_LINES]]], close="Close"
    )


def nothing(who: Who, *, own: bool) -> Message:
    """That there is nothing to hand over."""
    return saying(
        "You own nothing that could be handed over."
        if own
        else f"{safe(who.name)} owns nothing that you could hand over."
    )


def done(to: Who, items: Sequence[Held]) -> Message:
    """What whoever handed over is told."""
    text = [f"{safe(to.name)} owns {_count(len(items))} now, and is told.", *_listed(items)]
    return Message("\n".join(text), [section("\n".join(text))])


def taken(items: Sequence[tuple[Held, str | None]], by: Who | None, before: Who | None) -> Message:
    """What the new owner is told, once for all of it, each with its note."""
    whose = f" from {safe(before.name)}" if before and (by is None or by.id != before.id) else ""
    giver = f"{safe(by.name)} handed this over to you{whose}" if by else f"This was handed over to you{whose}"
    opening = f"{giver}. You own it now."
    listed = [_said(one, note) for one, note in items[:MOST_LINES]]
    blocks: list[Block] = [section(opening)]
    for (one, _note), said in zip(items, listed, strict=False):
        see = button("See it", Action.SHOW, one.reference, describe=f"See {one.reference}")
        blocks.append(section(said, accessory=see if one.kind is Kind.COMPLAINT else None))
    closing = _hidden(items) or "All that you own is on this app's Home tab."
    blocks.append(context(closing))
    return Message("\n".join([opening, *listed, closing]), blocks)


def gone(items: Sequence[str], to: Who | None, by: Who | None) -> Message:
    """What the one who had it before is told. `items` are names such as `CS-2026-0042`."""
    shown = [safe(one) for one in items[:MOST_LINES]]
    if len(items) > MOST_LINES:
        shown.append(f"and {len(items) - MOST_LINES} more")
    owner = safe(to.name) if to else "Somebody else"
    why = f" {safe(by.name)} handed it over." if by and (to is None or by.id != to.id) else ""
    return saying(f"{owner} owns this now, and no longer you: {', '.join(shown)}.{why} There is nothing for you to do.")


def line(one: Held) -> str:
    """One thing in a list."""
    return f"*{safe(one.name)}*, due {in_words(one.due_on)}"


def option(one: Held) -> str:
    """The same where a list offers it; Slack cuts at 75 characters."""
    return clip(f"{one.name}, due {in_words(one.due_on)}", 75)


def _listed(items: Sequence[Held]) -> list[str]:
    return [*(_said(one, None) for one in items[:MOST_LINES]), *filter(None, [_hidden(items)])]


def _said(one: Held, note: str | None) -> str:
    return f"•  {line(one)}" + (f"\n{safe(clip(note, 200))}" if note else "")


def _hidden(items: Sequence[object]) -> str:
    return f"and {len(items) - MOST_LINES} more on this app's Home tab" if len(items) > MOST_LINES else ""


def _count(number: int) -> str:
    return f"{number} thing{'' if number == 1 else 's'}"
