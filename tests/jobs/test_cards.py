"""A card says that its complaint is overdue from the day it is, and is left alone on every other day."""

from datetime import date, timedelta

from bot.practice.person import written
from jobs import cards
from storage.vocabulary import MessageKind
from tests.county import County
from tests.jobs.outbox import posted, say, take
from tests.storage.witness import at

# Due on Monday 7 December 2026, ten working days after Monday 23 November.
RECEIVED = date(2026, 11, 23)
NOW = at("2026-11-23 09:30")
DUE = at("2026-12-07 09:30")


def test_the_card_is_drawn_again_on_the_day_after_the_due_date_and_not_before(county: County) -> None:
    county.record(NOW, received=RECEIVED)
    (row,) = take(county.office, NOW, MessageKind.CARD)
    first = say(county.office, NOW, row)
    assert first is not None
    assert "7 December 2026" in written({"text": first.message.text, "blocks": list(first.message.blocks)})
    posted(county.office, NOW, row, "1.1")
    for days in range(15):
        assert cards.run(county.office, NOW + timedelta(days=days)) == 0
        assert take(county.office, NOW + timedelta(days=days), MessageKind.CARD) == []
    late = DUE + timedelta(days=1)
    assert cards.run(county.office, late) == 1
    (again,) = take(county.office, late, MessageKind.CARD)
    ready = say(county.office, late, again)
    assert ready is not None
    assert ready.update == "1.1"
    assert ready.message.text == "CS-2026-0001 for East: response due 7 December 2026, overdue. Nobody owns it yet."
    posted(county.office, late, again, "1.1")
    assert cards.run(county.office, late) == 0
    assert cards.run(county.office, late + timedelta(days=1)) == 0


def test_days_on_which_no_worker_ran_are_caught_up(county: County) -> None:
    county.record(NOW, received=RECEIVED)
    (row,) = take(county.office, NOW, MessageKind.CARD)
    posted(county.office, NOW, row, "1.1")
    assert cards.run(county.office, NOW) == 0
    assert cards.run(county.office, DUE + timedelta(days=40)) == 1


def test_a_card_that_was_never_posted_is_not_asked_for(county: County) -> None:
    county.record(NOW, received=RECEIVED)
    take(county.office, NOW, MessageKind.CARD)
    cards.run(county.office, DUE + timedelta(days=1))
    assert take(county.office, DUE + timedelta(days=1), MessageKind.CARD) == []
