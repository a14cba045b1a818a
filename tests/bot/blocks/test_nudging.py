"""What `/complaint sent` calls the messages that a person gets."""

from bot.blocks.nudging import KINDS
from storage.vocabulary import MessageKind

# What nobody in particular is sent: cards and what goes to channels, and files that were asked for and say so themselves.
_TO_NOBODY = {MessageKind.CARD, MessageKind.THREAD, MessageKind.NOTE, MessageKind.REPORT}


def test_every_message_that_goes_to_a_person_has_a_name() -> None:
    assert set(MessageKind) - set(KINDS) == _TO_NOBODY
