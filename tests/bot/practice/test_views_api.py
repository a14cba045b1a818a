"""views.*: triggers, hashes, stacks and what a person entered."""

import time
from collections.abc import Iterator

import pytest
from slack_bolt import Ack, App

from tests.bot.practice.house import House, field_block, modal, over_socket
from tests.bot.practice.test_web_api import error

FORM = modal(field_block("words", {"type": "plain_text_input"}))


def register(app: App, house: House) -> None:
    """A command that only keeps its payload."""

    @app.command("/helper")
    def keep(ack: Ack, body: dict[str, str]) -> None:
        house.seen.append(body)
        ack()


@pytest.fixture(scope="module")
def pressing() -> Iterator[House]:
    with over_socket(register) as running:
        yield running


def trigger(house: House) -> str:
    """A fresh trigger_id of Ada's."""
    house.ada.command("/helper", channel="general")
    return str(house.seen[-1]["trigger_id"])


def test_a_trigger_works_once(pressing: House) -> None:
    fresh = trigger(pressing)
    pressing.client.views_open(trigger_id=fresh, view=FORM)
    assert error(lambda: pressing.client.views_open(trigger_id=fresh, view=FORM)) == "exchanged_trigger_id"
    assert error(lambda: pressing.client.views_open(trigger_id="1.2.x", view=FORM)) == "invalid_trigger_id"


def test_a_trigger_expires(pressing: House) -> None:
    fresh = trigger(pressing)
    time.sleep(0.35)
    assert error(lambda: pressing.client.views_open(trigger_id=fresh, view=FORM)) == "expired_trigger_id"


def test_a_refused_view_does_not_use_the_trigger_up(pressing: House) -> None:
    fresh = trigger(pressing)
    bad = {**FORM, "title": {"type": "plain_text", "text": "x" * 25}}
    assert error(lambda: pressing.client.views_open(trigger_id=fresh, view=bad)) == "invalid_arguments"
    assert pressing.client.views_open(trigger_id=fresh, view=FORM)["ok"]


def test_an_update_at_an_old_hash_conflicts(pressing: House) -> None:
    view = pressing.client.views_open(trigger_id=trigger(pressing), view=FORM)["view"]
    newer = pressing.client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)["view"]
    assert newer["hash"] != view["hash"]
    assert (
        error(lambda: pressing.client.views_update(view_id=view["id"], hash=view["hash"], view=FORM)) == "hash_conflict"
    )
    assert error(lambda: pressing.client.views_update(view_id="V999", view=FORM)) == "not_found"


def test_an_update_finds_its_view_by_external_id_which_is_unique(pressing: House) -> None:
    named = {**FORM, "external_id": "the-form"}
    view = pressing.client.views_open(trigger_id=trigger(pressing), view=named)["view"]
    assert pressing.client.views_update(external_id="the-form", view=named)["view"]["id"] == view["id"]
    assert (
        error(lambda: pressing.client.views_push(trigger_id=trigger(pressing), view=named)) == "duplicate_external_id"
    )


def test_at_most_three_modals_lie_on_each_other(pressing: House) -> None:
    pressing.client.views_open(trigger_id=trigger(pressing), view=FORM)
    for _ in range(2):
        pressing.client.views_push(trigger_id=trigger(pressing), view=FORM)
    assert error(lambda: pressing.client.views_push(trigger_id=trigger(pressing), view=FORM)) == "push_limit_reached"
    assert len(pressing.ada.views()) == 3
    pressing.ada.close(pressing.ada.view())
    assert len(pressing.ada.views()) == 2


def test_a_view_beyond_250_kilobytes_is_too_large(pressing: House) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2600}}
    assert (
        error(lambda: pressing.client.views_open(trigger_id="1.2.x", view=modal(*[section] * 100))) == "view_too_large"
    )


def test_a_home_is_published_for_one_person_and_replaced(pressing: House) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = pressing.client.views_publish(user_id="U1", view=home)["view"]
    second = pressing.client.views_publish(user_id="U1", view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert error(lambda: pressing.client.views_publish(user_id="U1", view=home, hash=first["hash"])) == "hash_conflict"
    assert error(lambda: pressing.client.views_publish(user_id="U9", view=home)) == "user_not_found"
    assert error(lambda: pressing.client.views_publish(user_id="U1", view=FORM)) == "invalid_arguments"
