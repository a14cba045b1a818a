from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from storage import policy
from storage.models import Setting
from storage.office import Office
from storage.policy import Policy
from storage.workdays import CountFrom
from tests.storage.witness import contents


def test_without_settings_every_default_holds(office: Office, now: datetime) -> None:
    with office.look(None, now) as desk:
        assert desk.policy == Policy()
    assert contents(office)["setting"] == []


def test_a_setting_is_kept_and_the_others_stay_as_they_are(office: Office, now: datetime) -> None:
    with office.change(None, now) as desk:
        saved = policy.save(desk.session, "due_soon_days", 5)
    assert saved.due_soon_days == 5
    with office.change(None, now) as desk:
        policy.save(desk.session, "count_from", CountFrom.SAME_DAY)
        policy.save(desk.session, "due_soon_days", "4")
    with office.look(None, now) as desk:
        assert desk.policy == Policy(due_soon_days=4, count_from=CountFrom.SAME_DAY)


WRONG: list[tuple[str, Any]] = [
    ("due_soon_days", -1),
    ("due_soon_days", "soon"),
    ("reference_prefix", "cs"),
    ("reference_prefix", "TOOLONGBYFAR"),
    ("count_from", "yesterday"),
    ("green_percent", 101),
    ("customer_groups", [""]),
    ("customer_groups", ["x" * 76]),
    ("nonesuch", 1),
]


def test_what_wont_do_is_refused_and_changes_nothing(office: Office, now: datetime) -> None:
    before = contents(office)
    for key, value in WRONG:
        with pytest.raises(ValidationError), office.change(None, now) as desk:
            policy.save(desk.session, key, value)
    assert contents(office) == before


def test_amber_begins_below_green(office: Office, now: datetime) -> None:
    with pytest.raises(ValidationError), office.change(None, now) as desk:
        policy.save(desk.session, "amber_percent", 95)


def test_a_stored_setting_that_no_longer_fits_says_so(office: Office, now: datetime) -> None:
    with office.change(None, now) as desk:
        desk.session.add(Setting(key="due_soon_days", value="soon"))
    with pytest.raises(ValidationError, match="due_soon_days"), office.look(None, now) as desk:
        _ = desk.policy


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Policy.model_fields.items():
        assert field.description, name


def test_what_was_set_of_a_rung_that_is_gone_is_left_out_and_stops_nobody(office: Office, now: datetime) -> None:
    with office.change(None, now) as desk:
        desk.session.add(Setting(key="ladder", value={"of an older version": {"days": 3}, "due in 5": {"days": 6}}))
    with office.look(None, now) as desk:
        assert desk.ladder.rung("of an older version") is None
        due = desk.ladder.rung("due in 5")
        assert due is not None
        assert due.days == 6
    with (
        pytest.raises(ValidationError, match="no nudge rule called of an older version"),
        office.change(None, now) as desk,
    ):
        policy.save(desk.session, "ladder", {"of an older version": {"days": 4}})
