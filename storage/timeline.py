"""From a stage's recorded events to what the clock replays, with corrections applied. Pure."""

from collections.abc import Iterable
from datetime import date

from storage.clocks import Happening
from storage.models import Event
from storage.vocabulary import EventKind

RECEIVED, ACKNOWLEDGED, ENDED = "received_on", "acknowledged_on", "ended_on"
_STEP = "step:"


def step_field(step: str) -> str:
    """What a correction calls the date of a step."""
    return f"{_STEP}{step}"


def step_of(field: str) -> str | None:
    """The step whose date a correction is about, or None for anything else."""
    return field.removeprefix(_STEP) if field.startswith(_STEP) else None


def happenings(events: Iterable[Event]) -> list[Happening]:
    """What happened in one stage as it is known now: a corrected date replaces the one that was recorded."""
    ordered = sorted(events, key=lambda event: event.sequence)
    corrected = {
        event.data["field"]: date.fromisoformat(event.data["new"])
        for event in ordered
        if event.kind is EventKind.CORRECTED and event.data.get("is_date")
    }
    counts = counting_end(ordered)
    return [
        Happening(
            kind=event.kind,
            on=corrected.get(_field(event, is_end=event is counts), event.happened_on),
            until=_day(event.data.get("until")),
            step=event.data.get("step"),
            sequence=event.sequence,
        )
        for event in ordered
    ]


def counting_end(events: Iterable[Event]) -> Event | None:
    """Of a stage's ends the one that its figures go by: the first answer, else the last stop. In the order of recording."""
    ends = [event for event in events if event.kind.ends]
    answers = [event for event in ends if event.kind is not EventKind.NOT_PROCEEDED]
    return next(iter(answers[:1] or ends[-1:]), None)


def _field(event: Event, *, is_end: bool) -> str:
    if event.kind.starts:
        return RECEIVED
    if event.kind is EventKind.ACKNOWLEDGED:
        return ACKNOWLEDGED
    if event.kind is EventKind.STEP_DONE:
        return step_field(event.data["step"])
    return ENDED if is_end else ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
