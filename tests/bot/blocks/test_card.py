"""What a card says of a complaint, and of the words that a council has of its own."""

from dataclasses import replace

from bot.blocks import acts, card
from tests.bot.blocks.samples import CLOSED, OWNED
from tests.bot.listeners.counter import said


def test_a_councils_own_titles_and_labels_call_nobody_and_lead_nowhere() -> None:
    harm = "<!channel> <https://evil.example|click>"
    owned = replace(OWNED, line=replace(OWNED.line, stage_title=harm))
    closed = replace(CLOSED, line=replace(CLOSED.line, stage_title=harm, outcome=harm))
    for shown in (card.card(owned), card.card(closed)):
        assert "<!" not in said([shown.text, shown.blocks])
        assert "<http" not in said([shown.text, shown.blocks])
    assert "<!" not in said(acts.more(owned, []))


def test_a_complaint_that_was_closed_without_an_outcome_says_so() -> None:
    closed = replace(CLOSED, line=replace(CLOSED.line, outcome=None))
    shown = card.card(closed)
    assert ", no outcome recorded. It took" in shown.text
    assert ": no outcome recorded" in said(shown.blocks)
    assert "None" not in said(shown.blocks)
