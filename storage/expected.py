"""What a complaint's columns should hold by its events alone, for whoever compares the two, or puts one right by the other."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from storage import timeline
from storage.models import Complaint, Event, Stage
from storage.office import Desk
from storage.procedures import Procedure
from storage.register import ledger
from storage.register.corrections import OUTCOME, TEAM
from storage.vocabulary import EventKind

_ALLOCATED = "allocated_after"
_OWNED = {EventKind.CLAIMED, EventKind.ALLOCATED}
_FROZEN = ("started_on", "ended_on", "is_open")


def differences(desk: Desk, complaint: Complaint, history: list[Event], stages: list[Stage]) -> Iterator[str]:
    """Says in words where a complaint or one of its stages is not as its history says. `history` in the order of recording."""
    recorded, history = history, timeline.standing(history)
    if not begins(history):
        if stages:
            yield f"its import was taken back, and the register has the stages {_listed([one.number for one in stages])}"
        yield from _compared("the complaint", complaint, taken_back(recorded[-1].happened_on))
        return
    rules = desk.rules_of(complaint)
    begun = sorted({event.stage for event in history if event.kind.starts})
    if begun != [stage.number for stage in stages]:
        yield f"the history has the stages {_listed(begun)}, the register {_listed([stage.number for stage in stages])}"
        return
    for stage in stages:
        frozen = next(
            (event.data["clock"] for event in reversed(_of(stage.number, history)) if "clock" in event.data), None
        )
        columns = stage_columns(desk, rules, stage.number, history)
        if columns["ended_on"] is not None and frozen is not None:
            here = ledger.frozen(stage)
            if here != frozen:
                yield f"stage {stage.number} is not as it was frozen: {_told(here, frozen)}"
        yield from _compared(f"stage {stage.number}", stage, columns)
    yield from _compared("the complaint", complaint, complaint_columns(history, stages))


def begins(history: list[Event]) -> bool:
    """Whether a complaint is left in what still counts of its history."""
    return any(event.kind is EventKind.RECEIVED for event in history)


def stage_columns(desk: Desk, rules: Procedure, number: int, history: list[Event]) -> dict[str, Any]:
    """Columns of a stage by what still counts of its complaint's history; of one that has ended nothing that was frozen then."""
    mine = _of(number, history)
    # What became of the complaint after the next stage began is no business of this one; its own corrections are.
    over = next((event.sequence for event in history if event.stage > number and event.kind.starts), None)
    then = [event for event in history if over is None or event.sequence < over]
    clock = ledger.replayed(desk, rules, number, timeline.happenings(mine))
    reckoned = ledger.columns(clock)
    if clock.ended_on is not None and any("clock" in event.data for event in mine):
        # What was frozen then, and not what later holidays and settings would make of it.
        reckoned = {name: reckoned[name] for name in _FROZEN}
    began = next(event for event in mine if event.kind.starts)
    return {
        **reckoned,
        "procedure": rules.name,
        "opened_on": _opened_on(mine),
        "recorded_after": began.data.get("recorded_after"),
        **_allocated_after(mine),
        "acknowledged_on": _acknowledged_on(mine),
        "lead_team_id": _team(then),
        "owner_id": _owner(then),
        **dict(zip(("outcome", "finding"), _outcome(rules, mine, is_open=clock.ended_on is None), strict=True)),
        "import_id": began.data.get("import"),
    }


def taken_back(on: date) -> dict[str, Any]:
    """Columns of a complaint whose import was taken back on that day: its reference and its history are all it keeps."""
    nothing = (
        "imported_key",
        "correspondence_ref",
        "customer_group",
        "contact_method",
        "owner_id",
        "handler_id",
        "owned_at",
    )
    return {**dict.fromkeys(nothing), "closed_on": on, "cleared_on": on, "taken_back_on": on}


def complaint_columns(history: list[Event], stages: list[Stage]) -> dict[str, Any]:
    """Columns of a complaint by what still counts of its history, and its stages, the first first."""
    first = history[0].data
    last = [event for event in history if event.stage == stages[-1].number]
    handlers = [event.data["handler"] for event in history if "handler" in event.data]
    holds = [event.kind for event in history if event.kind in {EventKind.HOLD_PLACED, EventKind.HOLD_LIFTED}]
    cleared = [event.happened_on for event in history if event.kind is EventKind.CLEARED]
    return {
        "procedure": first["procedure"],
        # What histories didn't say at first is unknown where they don't.
        **({"procedure_version": first["version"]} if "version" in first else {}),
        **({"handler_id": handlers[-1]} if handlers else {}),
        **({"matter_on": first["matter"] and date.fromisoformat(first["matter"])} if "matter" in first else {}),
        "recorded_at": history[0].recorded_at,
        "recorded_by_id": history[0].actor_id,
        "received_on": stages[0].started_on,
        "lead_team_id": _team(history),
        "owner_id": _owner(history),
        "owned_at": next((event.recorded_at for event in reversed(history) if event.kind in _OWNED), None),
        "closed_on": _closed_on(last),
        "held": holds[-1:] == [EventKind.HOLD_PLACED],
        "cleared_on": cleared[-1] if cleared else None,
        "taken_back_on": None,
    }


def _of(number: int, history: list[Event]) -> list[Event]:
    return [event for event in history if event.stage == number]


def _closed_on(mine: list[Event]) -> Any:
    """The day of the last end, unless the stage was opened again after it."""
    happened = timeline.happenings(mine)
    ends = [happening.on for happening in happened if happening.kind.ends]
    return ends[-1] if len(ends) > sum(happening.kind is EventKind.REOPENED for happening in happened) else None


def _opened_on(mine: list[Event]) -> Any:
    """A complaint is taken on by being recorded; a further stage by being opened, or by being reopened after a refusal."""
    taken_on = {EventKind.RECEIVED, EventKind.STAGE_OPENED, EventKind.REOPENED}
    return next((event.happened_on for event in mine if event.kind in taken_on), None)


def _allocated_after(mine: list[Event]) -> dict[str, int | None]:
    """What the history says of the time to allocate. Earlier histories named a manager without it, and are left alone."""
    given = [event for event in mine if event.kind in _OWNED and event.data.get("how") != "imported"]
    known = next((event.data[_ALLOCATED] for event in given if _ALLOCATED in event.data), None)
    return {_ALLOCATED: known} if known is not None or not given else {}


def _acknowledged_on(mine: list[Event]) -> Any:
    acknowledged = (one.on for one in timeline.happenings(mine) if one.kind is EventKind.ACKNOWLEDGED)
    return next(acknowledged, None)


def _team(history: list[Event]) -> int:
    """The last that a stage went to as it began, or that was found to be the right one."""
    named = [
        event.data["new"] if _corrects(event, TEAM) else event.data["team"]
        for event in history
        if _corrects(event, TEAM) or (event.kind.starts and "team" in event.data)
    ]
    return int(named[-1])


def _owner(history: list[Event]) -> int | None:
    owners = [event.data.get("owner") for event in history if event.kind in _OWNED]
    return owners[-1] if owners else None


def _outcome(rules: Procedure, mine: list[Event], *, is_open: bool) -> tuple[str | None, str | None]:
    end = timeline.counting_end(mine)
    if end is None or is_open:
        return None, None
    corrected = [event.data["new"] for event in mine if _corrects(event, OUTCOME)]
    if corrected:
        return corrected[-1], rules.outcome(corrected[-1]).finding.value
    return end.data.get("outcome"), end.data.get("finding")


def _corrects(event: Event, field: str) -> bool:
    return event.kind is EventKind.CORRECTED and event.data["field"] == field


def _compared(what: str, row: Complaint | Stage, expected: dict[str, Any]) -> Iterator[str]:
    here = {name: getattr(row, name) for name in expected}
    wrong = {name: value for name, value in expected.items() if here[name] != value}
    if wrong:
        yield f"{what} differs from its history: {_told(here, wrong)}"


def _told(here: dict[str, Any], expected: dict[str, Any]) -> str:
    return ", ".join(f"{name} is {here[name]}, was {value}" for name, value in expected.items() if here[name] != value)


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
