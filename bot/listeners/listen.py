"""`/complaint listen`: in channels that were opted in, suggests privately to record what reads like a complaint passed on."""

from bot import events
from bot.blocks import listen
from bot.blocks.message import Message
from bot.blocks.names import Action
from bot.door import Door
from bot.listeners import record
from bot.requests import Answer, Heard, Open, Pressed, Replace, Say, Typed, Whisper
from storage import hearing, views_channels
from storage import register as registry
from storage.errors import Refusal


def register(door: Door) -> None:
    """Adds the sub-command, the ear, and the two buttons of a suggestion."""

    def recording(press: Pressed) -> Answer:
        with door.office.look(press.user, door.clock()) as desk:
            return Open(record.blank(desk))

    def declined(_press: Pressed) -> Answer:
        return Replace(listen.not_a_complaint())

    door.subcommand(
        "listen",
        "[on or off]",
        "whether messages in this channel are looked at for complaints that should be recorded",
        lambda command: _typed(door, command),
    )
    events.message_heard(door, lambda message: _heard(door, message))
    door.action(Action.SUGGESTED, recording)
    door.action(Action.NOT_SUGGESTED, declined)


def _typed(door: Door, command: Typed) -> Answer:
    word = command.words.casefold()
    if word == "on":
        with door.office.change(command.user, door.clock()) as desk:
            registry.channels.listen(desk, command.channel)
        return Whisper(command.channel, listen.turned_on(), otherwise=listen.turned_on(member=False))
    if word == "off":
        with door.office.change(command.user, door.clock()) as desk:
            registry.channels.stop(desk, command.channel)
        return Say(listen.turned_off())
    if word:
        raise Refusal("Type /complaint listen on, /complaint listen off, or /complaint listen to see which it is.")
    with door.office.look(command.user, door.clock()) as desk:
        found = views_channels.listening(desk, command.channel)
    if found is None:
        return Say(listen.state(None))
    return Whisper(command.channel, listen.state(found), otherwise=listen.state(found, member=False))


def _heard(door: Door, message: Heard) -> Message | None:
    """Where nobody opted in, the message isn't looked at: all it costs is the look whether they did."""
    with door.office.look(None, door.clock()) as desk:
        if not views_channels.is_listening(desk, message.channel):
            return None
    if hearing.heard(message.text) is None:
        return None
    with door.office.change(message.user, door.clock()) as desk:
        new = registry.channels.suggest(desk, message.channel, message.ts, message.user)
    return listen.suggestion(message.ts) if new else None
