"""What the edge logs and counts: one id for all of an interaction, its name, how it ended; nothing of what was typed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import structlog
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from bot.meters import Interactions
from tests import county as people
from tests.bot.listeners.counter import Counter


class Closed:
    """A Slack that can't be reached: every call fails."""

    def __getattr__(self, _name: str) -> Any:
        raise ConnectionResetError


@pytest.fixture
def background(counter: Counter) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        counter.door.after.background = pool
        yield pool


def typed(counter: Counter, text: str) -> list[Any]:
    """Types a command; what was logged, once everything that followed is done."""
    command = {
        "user_id": people.HANDLER, "text": text, "channel_id": "C0COMPLAINTS", "trigger_id": "1.2",
    }  # fmt: skip
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        counter.heard["command", "/complaint"](lambda **_: None, command, Closed())
        counter.door.after.background.submit(lambda: None).result()
    return logged


def test_what_an_interaction_leaves_for_later_is_logged_under_its_id(
    counter: Counter, background: ThreadPoolExecutor
) -> None:
    own, later = typed(counter, "new")
    assert (own["event"], own["outcome"], own["name"]) == ("interaction", "ok", "/complaint new")
    assert later["event"] == "slack could not be reached"
    assert later["interaction"] == own["interaction"]
    assert later["user"] == own["user"] == people.HANDLER
    assert typed(counter, "new")[0]["interaction"] != own["interaction"]
    assert structlog.contextvars.get_contextvars() == {}


def test_nothing_that_was_typed_is_logged_or_counted(counter: Counter, background: ThreadPoolExecutor) -> None:
    registry = CollectorRegistry()
    counter.door.meters = Interactions(registry)
    for text in ("Marigold Finch shouted", "show Marigold Finch", "status Marigold Finch"):
        assert "Marigold" not in str(typed(counter, text))
    counted = {
        (sample.labels["name"], sample.labels["outcome"]): sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name.endswith("_count")
    }
    assert set(counted.values()) == {1}
    assert {name for name, _ in counted} == {"/complaint", "/complaint show", "/complaint status"}
