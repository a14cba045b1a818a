"""Turns, with threads that wait for each other: nobody sleeps and hopes."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from bot.turn import LONGEST_WAIT, Turn

PATIENT = 30.0


def test_no_more_work_at_once_than_may() -> None:
    turn, start = Turn(2), Barrier(10)
    working: list[int] = []
    seen: list[int] = []

    def work(_number: int) -> None:
        start.wait(PATIENT)
        with turn.taken():
            working.append(1)
            seen.append(len(working))
            time.sleep(0.005)
            working.pop()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, range(10)))
    assert len(seen) == 10
    assert max(seen) == 2


def test_one_long_look_holds_nobody_up_for_longer_than_the_longest_wait() -> None:
    turn, done = Turn(1), Event()
    with ThreadPoolExecutor(1) as pool:
        _held(pool, turn, done)
        started = time.monotonic()
        with turn.taken():
            waited = time.monotonic() - started
        done.set()
    assert waited + 0.001 >= LONGEST_WAIT


def test_who_went_ahead_gives_nobody_a_turn_that_was_not_theirs() -> None:
    turn, done = Turn(1), Event()
    with ThreadPoolExecutor(1) as pool:
        _held(pool, turn, done)
        with turn.taken():
            pass
        started = time.monotonic()
        with turn.taken():
            waited = time.monotonic() - started
        done.set()
    assert waited + 0.001 >= LONGEST_WAIT


def test_a_turn_is_given_back_by_who_fails() -> None:
    turn = Turn(1)
    for _ in range(3):
        try:
            with turn.taken():
                raise ValueError
        except ValueError:
            pass
    started = time.monotonic()
    with turn.taken():
        pass
    assert time.monotonic() - started < LONGEST_WAIT


def test_what_comes_afterwards_begins_when_nobody_wants_an_answer() -> None:
    turn, done, order = Turn(1), Event(), list[str]()
    with ThreadPoolExecutor(2) as pool:
        held = _held(pool, turn, done, lambda: order.append("answered"))
        waiting = Event()

        def after() -> None:
            waiting.set()
            turn.after()
            order.append("after")

        afterwards = pool.submit(after)
        assert waiting.wait(PATIENT)
        done.set()
        held(), afterwards.result(PATIENT)
    assert order == ["answered", "after"]


def test_what_comes_afterwards_waits_no_longer_than_the_longest_wait() -> None:
    turn, done = Turn(1), Event()
    with ThreadPoolExecutor(1) as pool:
        _held(pool, turn, done)
        turn.after()
        assert not done.is_set()
        done.set()


def _held(
    pool: ThreadPoolExecutor, turn: Turn, done: Event, then: Callable[[], object] = lambda: None
) -> Callable[[], object]:
    """Somebody has the turn until `done`, for certain by the time this returns; what is returned waits for them."""
    taken = Event()

    def hold() -> None:
        with turn.taken():
            taken.set()
            done.wait(PATIENT)
            then()

    future = pool.submit(hold)
    assert taken.wait(PATIENT)
    return lambda: future.result(PATIENT)
