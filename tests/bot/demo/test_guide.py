"""The guide, walked through by the people it speaks of, with the demo's own bot, scheduler and workspace."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.cli.demo import Trial, running
from bot.demo import county
from bot.demo.chapters import CHAPTERS, OWNER, SENIOR
from bot.practice.person import Person, PersonError
from tests.roads.town import START

pytestmark = pytest.mark.slow
SECONDS = 25.0


@pytest.fixture
def trial() -> Iterator[Trial]:
    with running(0, START) as found:
        yield found


def test_the_first_five_minutes_lead_from_a_call_to_the_figures(trial: Trial) -> None:
    assert _now(trial, "first") == "record"
    hester = _person(trial, "U0HESTER")
    hester.command("/complaint new", channel=county.CHANNEL)
    answer = hester.submit(
        hester.view(),
        {
            "lead_team_id": "First Response",
            "summary": "A meeting was moved three times",
            "customer_group": "Parent",
            "contact_method": "Telephone",
        },
    )
    assert not answer.get("errors")

    manager = _person(trial, str(_step(trial, "first", "claim")["as"]))
    card = manager.wait_for_message(county.CHANNEL, str(_reference(trial)))
    manager.click(card, "claim")
    _until(trial, "first", "acknowledge")
    manager.click(manager.wait_for_message(county.CHANNEL, "Owned by"), "acknowledge")
    step = _until(trial, "first", "nudge")
    manager.press_guide(str(step["press"]))
    _until(trial, "first", "respond")
    nudge = manager.wait_for_message(manager.dm_with_app(), str(_reference(trial)), timeout=SECONDS)
    manager.click(nudge, "respond")
    assert not manager.submit(manager.view(), {"outcome": "no_fault"}).get("errors")
    step = _until(trial, "first", "status")
    assert "Sefton Hale" in str(step["text"])
    _person(trial, str(step["as"])).command(str(step["offer"]), channel=county.CHANNEL)
    assert _until(trial, "first", None) == {}


def test_a_manager_leaves_and_nothing_is_left_behind(trial: Trial) -> None:
    noor = _person(trial, "U0NOOR")
    noor.press_guide("begin leaver")
    assert _now(trial, "leaver") == "leaving"
    noor.command("/complaint leaving 7 December 2026", channel=county.CHANNEL)
    step = _until(trial, "leaver", "reminded")
    noor.press_guide(str(step["press"]))
    step = _until(trial, "leaver", "handover")
    noor.command(str(step["offer"]), channel=county.CHANNEL)
    form = noor.view()
    assert not noor.submit(form, {"to_id": _first(form, "to_id"), "note": "The family was rung on Monday"}).get(
        "errors"
    )
    step = _until(trial, "leaver", "taken")
    assert step["as"] not in {"U0NOOR", None}
    assert step["by_hand"]
    noor.press_guide("done leaver taken")
    assert _until(trial, "leaver", None) == {}


def test_a_bank_holiday_moves_the_date_and_says_so(trial: Trial) -> None:
    pippa = _person(trial, "U0PIPPA")
    pippa.press_guide("begin holiday")
    pippa.press_guide("done holiday before")
    step = _until(trial, "holiday", "announce")
    pippa.press_guide(str(step["press"]))
    _until(trial, "holiday", "after")
    told = pippa.wait_for_message(pippa.dm_with_app(), "bank holiday", timeout=SECONDS)
    assert told


def test_an_extension_is_refused_and_who_asked_is_told(trial: Trial) -> None:
    fenn, cora = _person(trial, "U0FENN"), _person(trial, "U0CORA")
    guide = fenn.press_guide("begin extension")
    text = next(one for one in guide["chapters"] if one["id"] == "extension")["steps"][0]["text"]
    reference = next(word for word in text.split() if word.startswith("CS-"))
    card = fenn.wait_for_message(county.CHANNEL, reference, timeout=SECONDS)
    fenn.click(card, "more")
    fenn.click(fenn.view(), "ask_extension")
    form = fenn.wait_for(lambda: next((one for one in fenn.views() if "until" in _inputs(one)), None))
    assert not fenn.submit(form, {"until": date(2026, 12, 14), "reason": "Somebody is away"}).get("errors")
    _until(trial, "extension", "refuse")
    wanted = cora.wait_for_message(cora.dm_with_app(), reference, timeout=SECONDS)
    cora.click(wanted, "refuse")
    assert not cora.submit(cora.view(), {"reason": "The family has waited long enough"}).get("errors")
    _until(trial, "extension", "told")
    assert fenn.wait_for_message(fenn.dm_with_app(), "refused", timeout=SECONDS)


def test_the_clock_goes_to_the_next_due_date_and_says_so_when_there_is_none(trial: Trial) -> None:
    hester = _person(trial, "U0HESTER")
    before = trial.server.clock.now()
    hester.press_guide("next_due")
    assert before < trial.server.clock.now()
    for _ in range(20):
        try:
            hester.press_guide("next_due")
        except PersonError as refusal:
            assert "Record a complaint first" in str(refusal)
            return
    pytest.fail("there is no end of due dates")


def test_starting_afresh_is_passed_on(trial: Trial) -> None:
    assert not trial.again.is_set()
    _person(trial, "U0HESTER").press_guide("reset")
    assert trial.again.is_set()


def test_what_is_started_afresh_is_at_the_same_address_and_has_its_guide_from_the_first_answer_on() -> None:
    with running(0, START) as before:
        url, port = before.server.url, int(before.server.url.rpartition(":")[2])
        Person(url, "U0HESTER").press_guide("next_due")
    with running(port, START) as after:
        assert after.server.url == url
        assert _now(after, "first") == "record"
        assert after.server.clock.moved_seconds == 0


def test_a_press_that_the_guide_does_not_know_is_refused_in_words(trial: Trial) -> None:
    for name in ("fly", " ", "fly away to somewhere else"):
        with pytest.raises(PersonError, match="Load the page again"):
            _person(trial, "U0HESTER").press_guide(name)
    # What belongs to a chapter that nobody began begins it.
    _person(trial, "U0HESTER").press_guide("done holiday before")
    assert _now(trial, "holiday") == "announce"


def test_everybody_a_step_speaks_to_is_in_the_county() -> None:
    known = {person.slack_id for person in county.organisation().people} | {OWNER, SENIOR}
    assert {step.person for chapter in CHAPTERS for step in chapter.steps} <= known


def _person(trial: Trial, slack_id: str) -> Person:
    return Person(trial.server.url, slack_id)


def _steps(trial: Trial, chapter: str) -> list[dict[str, Any]]:
    guide = _person(trial, "U0HESTER").guide()
    steps: list[dict[str, Any]] = next(one for one in guide["chapters"] if one["id"] == chapter)["steps"]
    return steps


def _now(trial: Trial, chapter: str) -> str | None:
    return next((one["id"] for one in _steps(trial, chapter) if not one["done"]), None)


def _step(trial: Trial, chapter: str, step: str) -> dict[str, Any]:
    return next(one for one in _steps(trial, chapter) if one["id"] == step)


def _until(trial: Trial, chapter: str, step: str | None) -> dict[str, Any]:
    """Waits until this step is the next to be done, None for the end."""
    hester = _person(trial, "U0HESTER")
    hester.wait_for(
        lambda: _now(trial, chapter) == step, timeout=SECONDS, what=f"step {step}, not {_now(trial, chapter)}"
    )
    return {} if step is None else _step(trial, chapter, step)


def _reference(trial: Trial) -> str:
    text = str(_step(trial, "first", "claim")["text"])
    return next(word for word in text.split() if word.startswith("CS-"))


def _inputs(view: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def _first(view: dict[str, Any], block_id: str) -> str:
    block = next(one for one in view["blocks"] if one.get("block_id") == block_id)
    return str(block["element"]["options"][0]["value"])
