"""A form is saved once, whichever process is asked to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from storage import saved_forms
from storage.errors import AlreadyDone, Refusal
from storage.models import SavedForm, Theme
from storage.office import Office


def save(office: Office, now: datetime, form: str = "V1 1.0", theme: str = "Delay") -> None:
    with office.change(None, now, form=form) as desk:
        desk.session.add(Theme(name=theme))


def themes(office: Office, now: datetime) -> list[str]:
    with office.look(None, now) as desk:
        return sorted(desk.session.exec(select(Theme.name)))


def test_what_was_saved_is_refused_and_another_form_is_saved(office: Office, now: datetime) -> None:
    save(office, now)
    with pytest.raises(AlreadyDone, match="saved already"):
        save(office, now + timedelta(hours=1), theme="Conduct")
    save(office, now, "V1 2.0", "Records")
    assert themes(office, now) == ["Delay", "Records"]


def test_what_was_refused_may_be_tried_again(office: Office, now: datetime) -> None:
    with pytest.raises(Refusal, match="Choose"), office.change(None, now, form="V1 1.0"):
        raise Refusal("Choose the day.")
    save(office, now)
    assert themes(office, now) == ["Delay"]


def test_of_many_at_once_one_saves_it(office: Office, now: datetime) -> None:
    def attempt(number: int) -> bool:
        try:
            save(office, now, theme=f"Theme {number}")
        except AlreadyDone:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert len(themes(office, now)) == 1


def test_what_is_old_goes_a_few_at_a_time_and_what_it_is_kept_by_says_nothing(office: Office, now: datetime) -> None:
    for number in range(30):
        save(office, now, f"V{number} 1.0", f"Theme {number}")
    save(office, now + saved_forms.KEPT + timedelta(minutes=1), "V99 1.0", "Last")
    with office.look(None, now) as desk:
        left = desk.session.exec(select(SavedForm.form)).all()
    assert len(left) == 11
    assert all(len(form) == 64 for form in left)
