"""From a stage's recorded events to what the clock replays, with corrections applied. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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


def standing(history: Iterable[Event]) -> list[Event]:
    """What still counts of a history, in the order of recording: what an import had added is out once it was taken back.

    What was cleared meanwhile stays cleared.
    """
    counting: list[Event] = []
    for event in sorted(history, key=lambda event: event.sequence):
        if event.kind is EventKind.TAKEN_BACK:
            counting = [one for one in counting if one.sequence < event.data["since"] or one.kind is EventKind.CLEARED]
        else:
            counting.append(event)
    return counting


def by_stage(events: Iterable[Event]) -> Mapping[tuple[int, int], list[Event]]:
    """What still counts of the histories of complaints, by complaint and stage, each in the order of recording."""
    histories: defaultdict[int, list[Event]] = defaultdict(list)
    for event in events:
        histories[event.complaint_id].append(event)
    found: defaultdict[tuple[int, int], list[Event]] = defaultdict(list)
    for complaint_id, history in histories.items():
        for event in standing(history):
            found[complaint_id, event.stage].append(event)
    return found


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
