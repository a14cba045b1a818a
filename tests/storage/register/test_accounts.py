"""What Slack says of people's accounts: what is taken over, what is left alone, and that it is done once a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage import register
from storage.errors import NotAllowed
from storage.models import Person
from storage.register import accounts, daily
from storage.register.accounts import Account
from storage.vocabulary import Role
from tests import county as people
from tests.county import County
from tests.storage.register.test_staff import changes
from tests.storage.witness import at, contents, refused


def account(slack_id: str = people.MANAGER, **said: Any) -> Account:
    found = Account.read({"id": slack_id, "profile": {"title": "x"}, "is_bot": False, **said})
    assert found is not None
    return found


def follow(county: County, now: datetime, *found: Account) -> int:
    with county.office.change(None, now) as desk:
        return accounts.follow(desk, found)


def person(county: County, now: datetime, who: str = people.MANAGER) -> Person:
    with county.office.look(None, now) as desk:
        return desk.session.get_one(Person, county.people[who])


def test_who_is_deactivated_has_no_standing_until_the_account_is_given_back(county: County, now: datetime) -> None:
    assert follow(county, now, account(deleted=True)) == 1
    assert person(county, now).deactivated_at == now
    with pytest.raises(NotAllowed), county.office.look(people.MANAGER, now):
        pass
    assert follow(county, now + timedelta(hours=1), account(deleted=False, tz="Europe/London")) == 1
    assert person(county, now).deactivated_at is None
    number = county.people[people.MANAGER]
    assert changes(county, now) == [
        {"person": number, "deactivated": True},
        {"person": number, "deactivated": False},
    ]


def test_the_moment_of_the_first_word_of_it_stays(county: County, now: datetime) -> None:
    follow(county, now, account(deleted=True))
    before = contents(county.office)
    assert follow(county, now + timedelta(days=3), account(deleted=True)) == 0
    assert contents(county.office) == before


@pytest.mark.parametrize(
    ("tz", "kept"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("Europe/Leicester", "Europe/London"),
        ("", "Europe/London"),
        (None, "Europe/London"),
        ("../etc/passwd", "Europe/London"),
    ],
)
def test_a_time_zone_is_taken_over_by_its_name_when_it_is_one(
    county: County, now: datetime, tz: str | None, kept: str
) -> None:
    follow(county, now, account(tz=tz))
    assert person(county, now).tz == kept


def test_a_name_is_taken_over_only_where_there_was_none(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        register.organisation.appoint(desk, ["UNEW"], Role.COMPLAINTS_MANAGER)
    follow(county, now, account(real_name="Somebody Else"), account("UNEW", real_name="  Orla Finch "))
    assert person(county, now).name == "Mabel Eastwood"
    with county.office.look("UNEW", now) as desk:
        assert desk.actor.name == "Orla Finch"
    assert all("Orla" not in str(change) for change in changes(county, now))


def test_accounts_that_say_nothing_new_and_people_who_are_not_here_change_nothing(
    county: County, now: datetime
) -> None:
    before = contents(county.office)
    said = [account(deleted=False, tz="Europe/London", real_name="M. Eastwood"), account("USLACKBOT", deleted=True)]
    with county.office.look(None, now) as desk:
        assert not accounts.differ(desk, said)
    assert follow(county, now, *said) == 0
    assert contents(county.office) == before


@pytest.mark.parametrize("described", [{}, {"id": None}, {"id": "U1", "deleted": "perhaps"}, {"id": "U1", "tz": 7}])
def test_what_is_no_account_is_left_alone(described: dict[str, Any]) -> None:
    assert Account.read(described) is None


def test_nobody_says_it_for_slack(county: County, now: datetime) -> None:
    with refused(county.office, NotAllowed), county.office.change(people.HANDLER, now) as desk:
        accounts.follow(desk, [account(deleted=True)])


# --- once a day --------------------------------------------------------------------------------------------------------


def test_what_is_done_once_a_day_is_done_again_on_the_next_day_of_london(county: County) -> None:
    for moment, first in (
        ("2026-07-01 10:00", True),
        ("2026-07-01 22:59", False),
        # Midnight in London, an hour before it is in UTC.
        ("2026-07-01 23:00", True),
        ("2026-07-02 10:00", False),
        ("2026-07-05 10:00", True),
    ):
        with county.office.change(None, at(moment)) as desk:
            assert daily.done_today(desk, "a test") is not first
            assert daily.first_today(desk, "a test") is first, moment
            assert daily.done_today(desk, "a test")


def test_what_fails_was_not_done(county: County, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), county.office.change(None, now) as desk:
        assert daily.first_today(desk, "a test")
        raise ZeroDivisionError
    with county.office.look(None, now) as desk:
        assert not daily.done_today(desk, "a test")


def test_of_many_who_come_at_once_one_is_the_first(county: County, now: datetime) -> None:
    def come(_: int) -> bool:
        with county.office.change(None, now) as desk:
            return daily.first_today(desk, "a test")

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(come, range(12))) == 1


def test_what_slack_said_before_an_account_changed_does_not_undo_the_change(county: County, now: datetime) -> None:
    began, event, written = now, now + timedelta(minutes=1), now + timedelta(minutes=2)
    with county.office.change(None, event) as desk:
        accounts.follow(desk, [Account(id=people.MANAGER, deleted=True)])
    old = [Account(id=people.MANAGER, deleted=False), Account(id=people.SECOND_MANAGER, deleted=True)]
    with county.office.change(None, written) as desk:
        assert accounts.follow(desk, old, as_of=began) == 1
    with county.office.look(None, written) as desk:
        assert desk.session.get_one(Person, county.people[people.MANAGER]).deactivated_at == event
    # A day later Slack is asked again.
    with county.office.change(None, now + timedelta(days=1)) as desk:
        assert accounts.follow(desk, old[:1], as_of=now + timedelta(days=1)) == 1
