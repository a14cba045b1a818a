"""How well complaints passed on are told from ordinary talk, measured; and what is never listened to."""

import time

import pytest

from storage import hearing
from storage.hearing import RULES, heard
from tests.storage.hearing_corpus.corpus import HELD_OUT, SEEN, ordinary, passed_on


def found(messages: list[str]) -> float:
    """The share of messages in which something was heard."""
    return sum(heard(message) is not None for message in messages) / len(messages)


def test_the_corpus_is_large_enough_to_measure_with() -> None:
    assert len(passed_on(*SEEN)) >= 100
    assert len(ordinary(*SEEN)) >= 200
    assert len(passed_on(HELD_OUT)) >= 20
    assert len(ordinary(HELD_OUT)) >= 30
    everything = [*passed_on(*SEEN, HELD_OUT), *ordinary(*SEEN, HELD_OUT)]
    assert len(set(everything)) == len(everything)


def test_most_complaints_passed_on_are_heard() -> None:
    assert found(passed_on(*SEEN)) >= 0.95
    assert found(passed_on(HELD_OUT)) >= 0.75


def test_ordinary_talk_thanks_and_the_procedure_itself_are_left_in_peace() -> None:
    alarms = [message for message in ordinary(*SEEN, HELD_OUT) if heard(message)]
    assert alarms == []


def test_each_rule_is_needed_and_says_why_it_is_there() -> None:
    first = {rule.name for message in passed_on(*SEEN, HELD_OUT) if (rule := heard(message))}
    assert first == {rule.name for rule in RULES}
    assert all(rule.reason.strip() for rule in (*RULES, *hearing.SILENCES))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "> Mum wants to make a complaint\nWho wrote that?",
        "&gt; Mum wants to make a complaint\nWho wrote that?",
        "The form says `wants to make a complaint`, can we reword it?",
        "<https://example.gov.uk/formal-complaint-from-mum|the page> is down",
        "Dad wants to make a complaint, it is CS-2026-0042 already",
        "Mum is really happy with the social worker and sent her thanks",
    ],
)
def test_what_is_quoted_linked_recorded_already_or_praise_is_not_heard(text: str) -> None:
    assert heard(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Mum wants to make a complaint",
        "MUM WANTS TO MAKE A COMPLAINT!!",
        "*Mum* wants to _make a complaint_",
        "Mum isn’t happy with the social worker",
        "<@U0NOOR> mum wants\nto make   a complaint",
    ],
)
def test_spelling_markup_and_line_breaks_make_no_difference(text: str) -> None:
    assert heard(text) is not None


def test_only_the_beginning_of_a_long_message_is_read() -> None:
    assert heard("minutes " * 300 + "mum wants to make a complaint") is None


@pytest.mark.parametrize(
    "text",
    [
        "mum unhappy " * 400,
        "dad says we " * 400,
        "he unhappy with " * 400,
        "we " * 2000,
        "complaint " * 500,
        "`" * 4000,
        "<" * 4000,
    ],
)
def test_no_message_takes_long(text: str) -> None:
    started = time.perf_counter()
    heard(text)
    # Milliseconds, as measured; the bound is for a busy machine and far below Slack's three seconds.
    assert time.perf_counter() - started < 0.5
