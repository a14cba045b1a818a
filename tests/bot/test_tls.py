"""Certificates: read once, whoever calls Slack."""

import ssl

from bot.app import client
from bot.cli.demo import settings
from bot.tls import trusted


def test_every_client_of_slack_shares_what_was_read_once() -> None:
    one, another = (client(settings("https://slack.test/api/", "sqlite:///nowhere.db")) for _ in range(2))
    assert one.ssl is another.ssl is trusted()


def test_who_says_that_it_is_slack_has_to_prove_it() -> None:
    assert trusted().verify_mode is ssl.CERT_REQUIRED
    assert trusted().check_hostname
