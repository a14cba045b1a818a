"""Opting channels in and out, and suggesting at most once; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import col, select

from storage import register, views_channels
from storage.errors import AlreadyDone, NotAllowed, Refusal
from storage.models import CouncilChange, Suggestion
from storage.vocabulary import CouncilMatter
from tests import county as people
from tests.county import County

CHANNEL, OTHER = "C0TEAMEAST", "C0TEAMWEST"


@pytest.fixture
def listened(county: County, now: datetime) -> County:
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        register.channels.listen(desk, CHANNEL)
    return county


def ts(moment: datetime, number: int = 0) -> str:
    """Slack's time of a message at this moment."""
    return f"{int(moment.timestamp())}.{number:06d}"


def suggest(
    county: County, moment: datetime, *, who: str = people.MANAGER, channel: str = CHANNEL, number: int = 0
) -> bool:
    with county.office.change(who, moment) as desk:
        return register.channels.suggest(desk, channel, ts(moment, number), who)


def test_a_complaints_manager_turns_listening_on_and_off_and_it_is_on_record(county: County, now: datetime) -> None:
    with county.office.change(people.COMPLAINTS_MANAGER, now) as desk:
        assert views_channels.listening(desk, CHANNEL) is None
        register.channels.listen(desk, CHANNEL)
        found = views_channels.listening(desk, CHANNEL)
        assert found is not None
        assert (found.since, found.set_by and found.set_by.name) == (now.date(), "Cora Ledger")
        assert views_channels.is_listening(desk, CHANNEL)
        assert not views_channels.is_listening(desk, OTHER)
        register.channels.stop(desk, CHANNEL)
        assert not views_channels.is_listening(desk, CHANNEL)
        changes = desk.session.exec(select(CouncilChange).where(CouncilChange.matter == CouncilMatter.CHANNEL)).all()
    assert [change.data for change in changes] == [
        {"channel": CHANNEL, "listening": True},
        {"channel": CHANNEL, "listening": False},
    ]
    assert {change.actor_id for change in changes} == {county.people[people.COMPLAINTS_MANAGER]}


@pytest.mark.parametrize("who", [people.HANDLER, people.MANAGER, people.SENIOR, people.VIEWER, people.STRANGER])
def test_nobody_else_may(county: County, now: datetime, who: str) -> None:
    for act in (register.channels.listen, register.channels.stop):
        with pytest.raises(NotAllowed), county.office.change(who, now) as desk:
            act(desk, CHANNEL)


def test_turning_on_what_is_on_and_off_what_is_off_says_so_and_records_nothing(county: County, now: datetime) -> None:
    with pytest.raises(AlreadyDone, match="is off"), county.office.change(None, now) as desk:
        register.channels.stop(desk, CHANNEL)
    with county.office.change(None, now) as desk:
        register.channels.listen(desk, CHANNEL)
    with (
        pytest.raises(AlreadyDone, match="is on in this channel since 23 November 2026"),
        county.office.change(None, now + timedelta(days=2)) as desk,
    ):
        register.channels.listen(desk, CHANNEL)
    with county.office.look(None, now) as desk:
        assert (
            len(desk.session.exec(select(CouncilChange).where(CouncilChange.matter == CouncilMatter.CHANNEL)).all())
            == 1
        )


def test_a_direct_message_is_no_place_to_listen(county: County, now: datetime) -> None:
    with pytest.raises(Refusal, match="direct message"), county.office.change(None, now) as desk:
        register.channels.listen(desk, "D0123456")


def test_a_message_is_suggested_for_once_however_often_it_is_delivered(listened: County, now: datetime) -> None:
    assert [suggest(listened, now) for _ in range(3)] == [True, False, False]


def test_of_many_deliveries_at_once_one_suggests(listened: County, now: datetime) -> None:
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: suggest(listened, now), range(6)))
    assert sorted(found) == [False] * 5 + [True]


def test_of_many_messages_of_one_person_at_once_one_is_suggested_for(listened: County, now: datetime) -> None:
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda number: suggest(listened, now, number=number), range(6)))
    assert sorted(found) == [False] * 5 + [True]


def test_a_person_is_asked_once_a_day_and_channel_and_others_are_asked_too(listened: County, now: datetime) -> None:
    with listened.office.change(None, now) as desk:
        register.channels.listen(desk, OTHER)
    assert suggest(listened, now)
    assert not suggest(listened, now + timedelta(hours=5))
    assert suggest(listened, now + timedelta(hours=5), who=people.SECOND_MANAGER)
    assert suggest(listened, now + timedelta(hours=5), channel=OTHER)
    assert suggest(listened, now + timedelta(days=1))


def test_the_day_is_londons(listened: County) -> None:
    # In summer a quarter past eleven in the evening by UTC is the next day in London.
    evening = datetime.fromisoformat("2026-07-01T22:45:00+00:00")
    assert suggest(listened, evening)
    assert suggest(listened, evening + timedelta(minutes=30))


@pytest.mark.parametrize("who", [people.SENIOR, people.VIEWER])
def test_who_may_not_record_is_not_asked(listened: County, now: datetime, who: str) -> None:
    assert not suggest(listened, now, who=who)


@pytest.mark.parametrize("stamp", ["", "not a time", "12345678901.0", "1.99999999999"])
def test_what_is_no_time_of_a_message_is_left_alone(listened: County, now: datetime, stamp: str) -> None:
    with listened.office.change(people.MANAGER, now) as desk:
        assert not register.channels.suggest(desk, CHANNEL, stamp, people.MANAGER)


def test_where_nobody_listens_any_more_nothing_is_suggested(listened: County, now: datetime) -> None:
    with listened.office.change(None, now) as desk:
        register.channels.stop(desk, CHANNEL)
    assert not suggest(listened, now)
    assert not suggest(listened, now, channel=OTHER)


def test_all_that_is_kept_is_where_when_and_to_whom_and_that_not_for_long(listened: County, now: datetime) -> None:
    assert set(Suggestion.model_fields) == {"id", "channel", "ts", "slack_id", "day", "suggested_at"}
    assert suggest(listened, now - timedelta(days=40))
    assert suggest(listened, now - timedelta(days=3))
    assert suggest(listened, now)
    with listened.office.look(None, now) as desk:
        kept = desk.session.exec(select(col(Suggestion.day))).all()
    assert sorted(kept) == [date(2026, 11, 20), date(2026, 11, 23)]
