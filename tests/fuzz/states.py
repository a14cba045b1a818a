"""What a form can hold when it is submitted or something in it is chosen: what it offers, and anything else Slack can send."""

import json
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from bot.practice.inputs import HOLDERS, elements, options
from tests.fuzz import words, world

Json = dict[str, Any]
_NEAR = tuple((world.TODAY + timedelta(days=days)).isoformat() for days in (0, 0, -1, 1, -9, 5, 16, 200))
_DATES = (
    *_NEAR, "0001-01-01", "9999-12-31", "2006-08-31", "2026-02-30", "", "2026-11-23T10:00", "20261123", "+2026-11-23",
    "١٢٣٤-٠١-٠١",
)  # fmt: skip
_VALUES = (
    "", "0", "-1", "1", "2", "7", "25", "99", "999999999", "9999999999", "1" * 30, "²", "１", "1e3", "p1", "o1", "p", "p-1",
    "o999999999", "fault", "no_fault", "partial", "withdrawn", "refused_late", "skipped", "overtaken", "stage_refused",
    "court", "police", "commenced", "received_on", "team", "outcome", "investigating_officer", "statutory", "corporate",
    "adults", "nobody", "share", "nothing", "withdraw", "off", "total", "unallocated", "rest", "on_time", "due in 5",
    "complaint:13", "action:4",
    "complaint:999", "step:commenced", "None", "null", "true", "\x00", "Parent", "Letter", "CS-2026-0012", "None:1",
)  # fmt: skip
_METADATA = (
    "", "{}", "[]", "null", "0", '"reference"', "{", '{"reference": null}', '{"reference": ["CS-2026-0012"]}',
    '{"reference": {}}', '{"reference": 12}', '{"reference": "\\u0000"}', '{"reference": "\\ud800"}', '{"person": "-1"}',
    '{"person": "999999999"}', '{"person": "\\u00b2"}', '{"request": "1"}', '{"action": "4"}', '{"commitment": "1"}',
    '{"remedy": "1"}', '{"from": "3"}', '{"subject": "stage:14"}', '{"subject": "stage:"}', '{"subject": ":1"}',
    '{"stage": "1e9"}', '{"wider": ""}',
    '{"first": "2026-04-01", "last": "2027-03-31", "procedure": "statutory", "team": "", "stage": "1"}',
    '{"first": "0001-01-01", "last": "9999-12-31", "procedure": "statutory", "team": "999", "stage": "9"}',
    *(json.dumps({"reference": reference}) for reference in (world.ELSEWHERE, world.WITHDRAWN, "CS-2026-9999")),
)  # fmt: skip


def _option(value: str) -> Json:
    return {"text": {"type": "plain_text", "text": "An option", "emoji": False}, "value": value}


_other = st.one_of(st.sampled_from(_VALUES), words.written()).map(_option)
_number = st.sampled_from(("", "3", "-3", "0", "61", "1" * 5000, "１", "−5", "2.5", "x"))


def value_of(element: Json) -> SearchStrategy[Any]:
    """What an input holds: twice in three times something that it offers or expects."""
    return _holding(HOLDERS[element["type"]].key, json.dumps(options(element)))


# Kept, since making a strategy takes as long as the app takes for an answer.
@cache
def _holding(key: str, offers: str) -> SearchStrategy[Any]:
    offered = json.loads(offers)
    right: SearchStrategy[Any]
    wrong: SearchStrategy[Any]
    match key:
        case "selected_option":
            right = st.sampled_from(offered) if offered else st.none()
            wrong = st.one_of(st.none(), _other)
        case "selected_options":
            right = (
                st.lists(st.sampled_from(offered), max_size=3, unique_by=lambda one: one["value"])
                if offered
                else st.just([])
            )
            wrong = st.lists(
                st.one_of(_other, right.map(lambda chosen: chosen[0] if chosen else _option("1"))), max_size=4
            )
        case "selected_date":
            right = st.sampled_from(_NEAR)
            wrong = st.one_of(st.none(), st.sampled_from(_DATES))
        case _:
            right = st.one_of(st.sampled_from(words.PLAIN), st.just("REC 2026/17"), words.shown())
            wrong = st.one_of(st.none(), words.written(), _number)
    return st.one_of(right, right, wrong)


@st.composite
def filled(draw: DrawFn, view: Json, *, carries: tuple[str, ...]) -> Json:
    """A modal as it comes back: filled in, now and then with an input missing or one too many; it may carry what another does."""
    values: Json = {}
    for block, element in elements(view["blocks"]):
        holder = HOLDERS.get(element["type"])
        if holder is None or draw(st.integers(0, 40)) == 40:
            continue
        entry = {"type": element["type"], holder.key: draw(value_of(element))}
        if draw(st.integers(0, 60)) == 60:
            entry = draw(st.sampled_from(({}, {"type": element["type"]}, {"type": "plain_text_input", "value": "1"})))
        values.setdefault(block["block_id"], {})[element["action_id"]] = entry
    if draw(st.integers(0, 20)) == 20:
        values[draw(st.sampled_from(("unexpected", "", "note:complaint:13", "new_received_on", "reference")))] = draw(
            st.sampled_from(({}, {"input": {"type": "plain_text_input", "value": "=1+1"}}, {"input": {}}))
        )
    own = view.get("private_metadata") or ""
    carried = own if draw(st.booleans()) else draw(_carrying(carries))
    return {**view, "id": "V0FUZZ", "hash": "1.abc", "state": {"values": values}, "private_metadata": carried}


@cache
def _carrying(others: tuple[str, ...]) -> SearchStrategy[str]:
    return st.one_of(st.sampled_from(others), st.sampled_from(_METADATA), metadata())


@cache
def metadata() -> SearchStrategy[str]:
    """What a modal never carried."""
    known = st.sampled_from(
        (
            "reference",
            "person",
            "request",
            "action",
            "commitment",
            "remedy",
            "subject",
            "from",
            "stage",
            "row",
            "figure",
        )
    )
    value = st.one_of(
        st.sampled_from((*_VALUES, *words.REFERENCES)), st.none(), st.integers(), st.lists(st.integers(), max_size=2)
    )
    return st.one_of(words.written(), st.dictionaries(known, value, max_size=3).map(json.dumps))


@cache
def values(more: tuple[str, ...]) -> SearchStrategy[str | None]:
    """What a button carries: a reference, an id, `more` that some do, anything."""
    subject = st.builds(
        "{}:{}".format,
        st.sampled_from(("stage", "action", "remedy", "commitment", "person", "x", "")),
        st.sampled_from(_VALUES),
    )
    of_stage = st.builds(
        "{}/{}".format, st.sampled_from(words.REFERENCES), st.sampled_from(("1", "2", "0", "", "²", "99999999999"))
    )
    return st.one_of(
        st.sampled_from(words.REFERENCES),
        st.sampled_from(tuple(str(number) for number in range(30))),
        st.one_of(st.sampled_from((*more, *_METADATA)), metadata()),
        st.one_of(st.sampled_from(_VALUES), subject, of_stage, words.typed(), words.written(), st.none()),
    )
