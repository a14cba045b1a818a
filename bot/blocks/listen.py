"""What `/complaint listen` answers, and the suggestion that only the author of a message sees. Pure."""

from bot.blocks.message import Message, actions, button, context, safe, saying, section
from bot.blocks.names import Action
from storage.dates import in_words
from storage.views_channels import Listening

_WHAT = (
    "When a message here reads like a complaint passed on, only whoever wrote it is asked, privately, whether to record it. "
    "At most one such question a person and day. Nothing anybody writes is kept."
)
_INVITE = "*This app is not a member of this channel*, so it hears nothing here yet. Type `/invite @complaints` in this channel."
_NOT_MEMBER = (
    "If no question ever comes, type `/invite @complaints` here: the app hears only channels it is a member of."
)


def turned_on(*, member: bool = True) -> Message:
    """Listening was turned on. `member`: whether the app is in the channel and hears it."""
    said = f"Listening is on in this channel. {_WHAT} Tell the members. `/complaint listen off` turns it off."
    return saying(said if member else f"{said}\n{_INVITE}")


def turned_off() -> Message:
    return saying("Listening is off in this channel.")


def state(found: Listening | None, *, member: bool = True) -> Message:
    """Whether this channel is listened to, since when and by whose decision."""
    if found is None:
        return saying(
            f"Listening is off in this channel. {_WHAT} A complaints manager can turn it on with `/complaint listen on`."
        )
    by = f", turned on by {safe(found.set_by.name)}" if found.set_by else ""
    said = f"Listening is on in this channel since {in_words(found.since)}{by}. {_WHAT}"
    return saying(f"{said}\n{_NOT_MEMBER if member else _INVITE}")


def suggestion(value: str) -> Message:
    """Asks the author of a message, privately. `value` goes with the buttons and says nothing of the message's text."""
    said = (
        "Your message reads as if somebody is complaining. If so, record it: a complaint counts from the day it came in, "
        "whoever heard of it first."
    )
    small = "Only you see this. Nothing you wrote is kept or copied. At most one of these a day here."
    return Message(
        f"{said} {small}",
        [
            section(said),
            actions(
                button("Record it…", Action.SUGGESTED, value, style="primary", describe="Record this as a complaint"),
                button("Not a complaint", Action.NOT_SUGGESTED, value, describe="This is not a complaint"),
            ),
            context(small),
        ],
    )


def not_a_complaint() -> Message:
    """What stands in the place of the suggestion once it was turned down."""
    return saying("Thank you. Nothing was recorded, and nothing you wrote was kept.")
