"""The annual report with small numbers withheld says none of them anywhere, in tables or in sentences."""

import re
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from bot.papers.pack import report
from bot.papers.paper import Section
from storage import register
from storage.periods import parse
from storage.register import Response
from tests import county as people
from tests.county import County

_SMALL = re.compile(r"\b[1-4] of \d")


@pytest.fixture
def filled(county: County, now: datetime) -> County:
    """Three complaints, one of them recorded late and one answered late."""
    for received, answered in (
        (date(2026, 10, 5), date(2026, 10, 30)),
        (date(2026, 11, 2), date(2026, 11, 9)),
        (date(2026, 11, 20), None),
    ):
        reference = county.record(now, received=received).reference
        if answered:
            with county.office.change(people.HANDLER, now) as desk:
                register.respond(desk, reference, Response(responded_on=answered, outcome="no_fault"))
    return county


def sentences(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        yield from section.text
        yield from (chart.text for chart in section.charts)
        yield from sentences(section.sections)


@pytest.mark.parametrize("words", ["2026/27", "October 2026 to November 2026"])
def test_no_sentence_says_a_small_number_that_the_tables_withhold(filled: County, now: datetime, words: str) -> None:
    with filled.office.look(people.HANDLER, now) as desk:
        period = parse(words, desk.today)
        told, withheld = (report(desk, period, small=small) for small in (False, True))
    assert any(_SMALL.search(one) for one in sentences(told.sections))
    assert [one for one in sentences(withheld.sections) if _SMALL.search(one)] == []
