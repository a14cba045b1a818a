"""From a stage's recorded events to what the clock replays, with corrections applied. Pure."""

from collections.abc import Iterable, Sequence
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
    """What happened in one stage as it is known now: a corrected date replaces the one that was recorded.

    A stage that was refused and is asked for again is the same stage, opened again: its clock began with the first request.
    """
    ordered = sorted(events, key=lambda event: event.sequence)
    corrected = _corrected(ordered)
    first = next((event for event in ordered if event.kind.starts), None)
    return [
        Happening(
            kind=EventKind.REOPENED if event.kind.starts and event is not first else event.kind,
            on=corrected.get(event.sequence, event.happened_on),
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


def _corrected(ordered: Sequence[Event]) -> dict[int, date]:
    """Corrected dates, by the sequence of the event that each is about: of several ends, the one that counted just then."""
    found: dict[int, date] = {}
    for place, event in enumerate(ordered):
        if event.kind is EventKind.CORRECTED and event.data.get("is_date"):
            about = _about(event.data["field"], ordered, ordered[:place])
            if about is not None:
                found[about.sequence] = date.fromisoformat(event.data["new"])
    return found


def _about(field: str, ordered: Sequence[Event], before: Sequence[Event]) -> Event | None:
    if field == ENDED:
        return counting_end(before)
    return next((event for event in ordered if _field(event) == field), None)


def _field(event: Event) -> str:
    if event.kind.starts:
        return RECEIVED
    if event.kind is EventKind.ACKNOWLEDGED:
        return ACKNOWLEDGED
    return step_field(event.data["step"]) if event.kind is EventKind.STEP_DONE else ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
