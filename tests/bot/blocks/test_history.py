from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from bot.blocks import card, history
from storage import register, views_history
from storage.models import Event, FreeText
from storage.register import Response
from storage.views_history import Entry
from storage.vocabulary import EventKind
from tests import county as people
from tests.bot.blocks.sentences import NAMES, RULES, WHOLE
from tests.county import County


def entry(
    kind: EventKind,
    data: Mapping[str, Any] | None = None,
    *,
    texts: Mapping[str, str | None] | None = None,
    stage: int = 1,
    actor: int | None = 1,
) -> Entry:
    return Entry(
        sequence=2,
        kind=kind,
        stage=stage,
        happened_on=date(2026, 11, 12),
        recorded_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        actor_id=actor,
        data=data or {},
        texts=texts or {},
    )


def said(kind: EventKind, data: Mapping[str, Any] | None = None, **more: Any) -> str:
    return history.sentence(entry(kind, data, **more), NAMES)


def test_every_kind_of_entry_has_its_sentence() -> None:
    assert {kind for kind, *_ in WHOLE} == set(EventKind)


@pytest.mark.parametrize(("kind", "data", "text", "sentence"), WHOLE, ids=[kind.value for kind, *_ in WHOLE])
def test_an_entry_is_one_plain_sentence(kind: EventKind, data: dict[str, Any], text: str | None, sentence: str) -> None:
    assert said(kind, data, texts={"text": text} if text else None) == sentence


@pytest.mark.parametrize("kind", EventKind)
def test_an_entry_that_is_poorer_than_today_still_reads(kind: EventKind) -> None:
    """Earlier releases and imports wrote fewer facts, people leave, and teams are renamed."""
    poor = {"field": "lead_team", "old": "77", "new": "78"} if kind is EventKind.CORRECTED else {}
    sentence = said(kind, poor, actor=99)
    assert sentence.endswith(".")
    assert "None" not in sentence
    assert "  " not in sentence


@pytest.mark.parametrize(("kind", "data", "text", "_sentence"), [one for one in WHOLE if one[2]])
def test_a_text_that_was_cleared_is_said_to_be(
    kind: EventKind, data: dict[str, Any], text: str, _sentence: str
) -> None:
    sentence = said(kind, data, texts={"text": None})
    assert "ext cleared." in sentence
    assert text not in sentence


def test_what_the_app_did_by_itself_is_said_of_the_app() -> None:
    assert said(EventKind.CLEARED, {"texts": 1}, actor=None).startswith("The complaints app cleared 1 text on")


def test_the_evidence_that_is_wanted_follows_the_remedy() -> None:
    data = {"owner": 5, "due": "2027-01-29", "text": 1, "evidence_text": 2}
    sentence = said(
        EventKind.REMEDY_AGREED, data, texts={"text": "An apology.", "evidence_text": "a copy of the letter"}
    )
    assert sentence.endswith("by 29 January 2027. Evidence wanted: a copy of the letter.")


def test_a_corrected_start_of_a_later_stage_is_the_day_it_was_asked_for() -> None:
    data = {"field": "received_on", "old": "2026-11-12", "new": "2026-11-11", "is_date": True}
    assert "corrected the day stage 2 was asked for" in said(EventKind.CORRECTED, data, stage=2)


def test_a_text_of_several_lines_becomes_one() -> None:
    sentence = said(EventKind.REOPENED, {}, texts={"text": "First.\n\n  Second.\n"})
    assert sentence.endswith("Reason: First. Second.")


def test_in_slack_nothing_that_somebody_wrote_is_markup() -> None:
    """A channel-wide mention or a link in a reason must stay text."""
    message = card.event(
        entry(EventKind.REOPENED, {}, texts={"text": "<!channel> see <http://example.org|this>"}), NAMES
    )
    assert "<!channel>" not in message.text
    assert "<http" not in message.text


def test_a_real_history_names_its_people_and_its_texts_and_says_what_was_cleared(county: County, now: datetime) -> None:
    reference = county.record(now, received=date(2026, 11, 2), summary="Calls were not returned.").reference
    with county.office.change(people.MANAGER, now) as desk:
        register.claim(desk, reference)
        response = Response(
            responded_on=date(2026, 11, 12),
            outcome="fault",
            action="Calls are returned within two working days.",
            action_owner_id=county.people[people.SECOND_MANAGER],
            action_due_on=date(2027, 1, 29),
        )
        register.respond(desk, reference, response)
    with county.office.look(people.MANAGER, now) as desk:
        found = views_history.history(desk, reference)
    assert [history.sentence(one, found.names) for one in found.entries] == [
        "Hester Quill recorded this complaint for East, 15 working days after it was received on 2 November 2026. "
        "What it is about: "
        "Calls were not returned.",
        "Mabel Eastwood claimed this and owns it until it is resolved.",
        "Mabel Eastwood recorded the response of 12 November 2026: Fault found. It took 8 working days, within "
        "the limit of 10.",
        "Learning action: Calls are returned within two working days. Noor Eastham will see to it by 29 January 2027.",
    ]
    with county.office.change(None, now) as desk:
        for text in desk.session.exec(select(FreeText)).all():
            text.body = text.key = None
    with county.office.look(None, now) as desk:
        (complaint_id,) = {
            event.complaint_id for event in desk.session.exec(select(Event).order_by(col(Event.id))).all()
        }
        one, names = views_history.entry(desk, complaint_id, 4, RULES)
        with pytest.raises(LookupError):
            views_history.entry(desk, complaint_id, 5, RULES)
    assert history.sentence(one, names).startswith("Learning action: Text cleared. Noor Eastham will see to it")
