"""The Bolt app as it is built: what it logs by itself."""

import logging
from datetime import datetime

import pytest
from slack_bolt import BoltRequest

from bot import app as bolt
from bot.cli.demo import settings
from storage.office import Office


def test_what_a_forged_request_says_is_not_logged(
    office: Office, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    # As bot.logs sets them; what is said last is what caplog itself keeps.
    caplog.set_level(logging.WARNING, "slack_bolt")
    caplog.set_level(logging.INFO)
    built = bolt.build(settings("http://127.0.0.1:9/api/", "sqlite:///nowhere.db"), office, clock=lambda: now)
    answer = built.dispatch(BoltRequest(body="command=%2Fcomplaint&text=the+mother+of+the+child", headers={}))
    assert answer.status == 401
    assert "mother" not in caplog.text
