"""What a platform asks over HTTP, and what Prometheus reads."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from bot.health import Health
from bot.meters import Interactions, Register
from bot.web import Pages
from jobs.meters import Meters
from storage import heartbeat, outbox
from storage.database import Database
from storage.vocabulary import MessageKind


def ask(pages: Pages, path: str, shown: str | None = None) -> tuple[int, bytes]:
    said: list[str] = []

    def start_response(status: str, _headers: Any) -> None:
        said.append(status)

    environ = {"PATH_INFO": path, **({"HTTP_AUTHORIZATION": shown} if shown else {})}
    body = b"".join(pages(environ, start_response))
    return int(said[0][:3]), body


def told(pages: Pages) -> dict[str, float]:
    """Every sample that Prometheus would read, by its name and labels."""
    status, body = ask(pages, "/metrics")
    assert status == 200
    return {
        " ".join([sample.name, *(f"{key}={value}" for key, value in sorted(sample.labels.items()) if key != "le")]): (
            sample.value
        )
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def healthy() -> Health:
    return Health(warnings=("something to look at",))


def test_warnings_leave_a_process_ready_and_problems_do_not() -> None:
    well = Pages(healthy, CollectorRegistry())
    assert ask(well, "/healthz") == (200, b'{"ok": true}')
    status, body = ask(well, "/readyz")
    assert (status, json.loads(body)) == (200, {"ok": True, "problems": [], "warnings": ["something to look at"]})
    ill = Pages(lambda: Health(problems=("no database",)), CollectorRegistry())
    assert ask(ill, "/readyz")[0] == 503
    assert ask(ill, "/healthz")[0] == 200
    assert ask(ill, "/anything")[0] == 404


@pytest.mark.parametrize(
    ("shown", "status"),
    [(None, 401), ("Bearer wrong", 401), ("Bearer café", 401), ("sesame", 401), ("Bearer sesame", 200)],
)
def test_metrics_are_for_who_shows_the_token(shown: str | None, status: int) -> None:
    assert ask(Pages(healthy, CollectorRegistry(), token="sesame"), "/metrics", shown)[0] == status


def test_metrics_say_what_waits_since_when_and_when_somebody_ticked(database: Database, now: datetime) -> None:
    registry = CollectorRegistry()
    registry.register(Register(database, lambda: now))
    pages = Pages(healthy, registry)
    assert told(pages) == {
        "complaints_register_up": 1, "complaints_outbox_waiting": 0, "complaints_outbox_oldest_seconds": 0,
    }  # fmt: skip
    with database.writing() as session:
        heartbeat.beat(session, heartbeat.TICK, now)
        for number in range(3):
            then = now - timedelta(seconds=number)
            outbox.put(session, key=f"digest:{number}:2026-11-23", kind=MessageKind.DIGEST, now=then)
    assert told(pages) == {
        "complaints_register_up": 1, "complaints_outbox_waiting": 3, "complaints_outbox_oldest_seconds": 2,
        "complaints_last_tick_timestamp_seconds": now.timestamp(),
    }  # fmt: skip


def test_metrics_are_told_while_the_register_is_away(now: datetime) -> None:
    registry = CollectorRegistry()
    registry.register(Register(Database("sqlite:////nowhere/at/all.db"), lambda: now))
    assert told(Pages(healthy, registry)) == {"complaints_register_up": 0}


def test_what_people_and_beats_did_is_counted_by_kind_and_end() -> None:
    registry = CollectorRegistry()
    interactions, meters = Interactions(registry), Meters(registry)
    interactions.count("action", "claim", "ok", 0.02)
    interactions.count("action", "claim", "AlreadyOwned", 0.02)
    meters.message("card", "sent", None)
    meters.message("card", "postpone", "ratelimited")
    with meters.beat("tick"):
        pass
    found = told(Pages(healthy, registry))
    assert found["complaints_interaction_seconds_count kind=action name=claim outcome=ok"] == 1
    assert found["complaints_interaction_seconds_count kind=action name=claim outcome=AlreadyOwned"] == 1
    assert found["complaints_messages_total kind=card outcome=sent"] == 1
    assert found["complaints_message_problems_total problem=ratelimited"] == 1
    assert found["complaints_beat_seconds_count beat=tick"] == 1
