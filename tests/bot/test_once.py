from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from bot.blocks.message import View
from bot.once import Once
from storage.errors import AlreadyDone, Refusal

EMPTY: dict[str, Any] = {}


class Register:
    """Counts what is saved."""

    def __init__(self) -> None:
        self.saved = 0

    def save(self) -> View | None:
        self.saved += 1
        return {"title": f"CS-2026-{self.saved:04d} is recorded"}


def test_a_form_that_is_submitted_again_is_answered_again_and_not_saved_again() -> None:
    once, register = Once(), Register()
    first = once.save("V1 1.0", EMPTY, register.save)
    assert once.save("V1 1.0", EMPTY, register.save) == first
    assert register.saved == 1


def test_another_form_and_the_next_state_of_the_same_form_are_saved() -> None:
    once, register = Once(), Register()
    for form in ("V1 1.0", "V2 1.0", "V1 2.0"):
        once.save(form, EMPTY, register.save)
    assert register.saved == 3


def test_what_was_refused_may_be_tried_again() -> None:
    once, register = Once(), Register()

    def refuse() -> View | None:
        raise Refusal("Choose the day the council received it.")

    with pytest.raises(Refusal, match="Choose the day"):
        once.save("V1 1.0", EMPTY, refuse)
    once.save("V1 1.0", EMPTY, register.save)
    assert register.saved == 1


def test_a_form_that_was_changed_after_it_was_saved_is_refused_so_that_no_change_is_lost_without_a_word() -> None:
    once, register = Once(), Register()
    once.save("V1 1.0", {"summary": "Letters were not answered"}, register.save)
    with pytest.raises(AlreadyDone, match="saved already, before its last changes"):
        once.save("V1 1.0", {"summary": "Calls were not answered"}, register.save)
    assert register.saved == 1


def test_whoever_presses_again_while_the_first_is_being_saved_gets_its_answer() -> None:
    once, register, going_on = Once(), Register(), Event()

    def slowly() -> View | None:
        going_on.wait(10)
        return register.save()

    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(once.save, "V1 1.0", EMPTY, slowly) for _ in range(3)]
        going_on.set()
        assert len({str(answer.result()) for answer in answers}) == 1
    assert register.saved == 1


def test_only_the_last_forms_are_kept() -> None:
    once, register = Once(kept=2), Register()
    for form in ("V1 1.0", "V2 1.0", "V3 1.0", "V1 1.0"):
        once.save(form, EMPTY, register.save)
    assert register.saved == 4
