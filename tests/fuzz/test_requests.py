"""Whatever anybody can send who doesn't know the secret, and whatever somebody might who does."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo import county
from bot.practice.http_post import signature
from bot.web import LARGEST_BODY
from tests.fuzz import words, world
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.site import FORM, JSON, Site

pytestmark = pytest.mark.slow

COMMAND = b"command=%2Fcomplaint&text=away+tomorrow&user_id=U0MABEL&channel_id=C0COMPLAINTS&trigger_id=1.1"
KIND = st.sampled_from(
    (FORM, JSON, "application/json; charset=utf-8", "text/plain", "multipart/form-data; boundary=x", "")
)
FRAGMENT = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        words.written(),
        st.sampled_from(("U0MABEL", "event_callback", "message")),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("event", "user", "id", "type", "team", "channel", "view", "actions", "payload", "x")),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)
BODY = st.one_of(
    st.just(COMMAND),
    st.binary(max_size=200),
    FRAGMENT.map(lambda one: json.dumps(one).encode()),
    FRAGMENT.map(lambda one: b"payload=" + json.dumps(one).encode()),
    st.sampled_from((b"{", b"payload=%7B", b"payload=", b"ssl_check=1&token=x", b"\xff", b"")),
    st.sampled_from(((b"[", 3000), (b"payload=[[[[[[[[[[[[", 1), (b"x", LARGEST_BODY + 1))).map(
        lambda one: one[0] * one[1]
    ),
)
STAMP = st.one_of(
    st.none(), st.sampled_from(("", "now", "-1", "9" * 30, "1e9", "²", "0x10", " 1 ")), st.integers(-400, 400)
)
SIGNED = st.one_of(st.none(), st.sampled_from(("", "v0=", "v0=é", "v1=" + "0" * 64, "v0=" + "0" * 64)), words.written())
LENGTH = st.sampled_from((None, None, None, "0", "-1", "ten", "²", "9" * 30, str(LARGEST_BODY + 1)))


@inputs(60, share=0.03)
@given(body=BODY, kind=KIND, stamp=STAMP, signed=SIGNED, length=LENGTH)
def test_whatever_is_not_signed_is_refused_and_nothing_comes_of_it(
    site: Site, tries: Tries, *, body: bytes, kind: str, stamp: str | int | None, signed: str | None, length: str | None
) -> None:
    if tries.over():
        return
    given_stamp = str(int(time.time()) + stamp) if isinstance(stamp, int) else stamp
    changed: dict[str, Any] = {"HTTP_X_SLACK_REQUEST_TIMESTAMP": given_stamp, "HTTP_X_SLACK_SIGNATURE": signed}
    answered = site.post(body, kind, **changed, **({"CONTENT_LENGTH": length} if length is not None else {}))
    assert answered.status in {401, 413}
    assert (answered.content, answered.calls, answered.log, answered.changed) == ({"ok": False}, [], [], False)


@inputs(40, share=0.02)
@given(st.integers(301, 10**9), st.booleans())
def test_what_was_signed_more_than_five_minutes_ago_or_later_than_now_is_refused(
    site: Site, tries: Tries, seconds: int, later: bool
) -> None:
    if tries.over():
        return
    # Later than now is told at its clock's pace: a second more is given, since one may pass meanwhile.
    stamp = str(int(time.time()) + (seconds + 2 if later else -seconds))
    signed = {
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": stamp,
        "HTTP_X_SLACK_SIGNATURE": signature(county.SIGNING_SECRET, stamp, COMMAND),
    }
    answered = site.post(COMMAND, **signed)
    assert (answered.status, answered.changed, answered.log) == (401, False, [])


@inputs(60, share=0.02)
@given(BODY.filter(lambda body: body != COMMAND), KIND)
def test_what_is_signed_and_makes_no_sense_is_turned_away(site: Site, tries: Tries, body: bytes, kind: str) -> None:
    if tries.over():
        return
    answered = site.post(body, kind)
    # Bolt's own middleware fails at events of shapes that Slack never sends. It is left to: only Slack can sign them.
    own = answered.status == 500 and [entry["what"] for entry in answered.log] == ["slack_bolt"]
    assert answered.status in {200, 400, 401, 404, 413} or own
    assert (answered.changed, answered.calls) == (False, [])
    assert all(entry.get("exc_info") is None for entry in answered.log), answered.log


def test_what_is_signed_now_is_done(site: Site) -> None:
    """Without this the others would show nothing."""
    answered = site.post(COMMAND)
    assert answered.status == 200
    assert answered.changed
    site.put_back()
    assert site.command(world.OWNER, "back").changed is False
