"""Changes that concern the whole council: settings, bank holidays, procedures. Each is on record, and open stages follow."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.easter import easter
from pydantic import ValidationError
from sqlalchemy import or_
from sqlmodel import col, select, update

from storage import outbox, policy, timeline
from storage.adding import insert_if_absent
from storage.dates import in_words
from storage.errors import Refusal
from storage.models import IS_OPEN, CalendarChange, Complaint, CouncilChange, Event, ProcedureVersion, Stage
from storage.office import Desk
from storage.permissions import Operation
from storage.policy import Policy
from storage.procedures import Procedure
from storage.register import ledger
from storage.register.ledger import File
from storage.vocabulary import CouncilMatter, EventKind, MessageKind

MOVES_CLOCKS = {"count_from", "stage2_clock"}


@dataclass(frozen=True, slots=True)
class Redated:
    """One open stage whose due date moved."""

    reference: str
    stage: int
    before: date
    after: date


def change_setting(desk: Desk, key: str, value: Any) -> list[Redated]:
    """Sets one of the council's settings, and gives open stages new dates where it moves them.

    To set what is set already enters nothing anew. A stage that was recorded while the setting changed, by the old one, gets its
    date then, as with the calendar; `complaints check` names such a stage. Raises Refusal saying what would do; NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    if key not in Policy.model_fields:
        raise Refusal(f"There is no setting {key!r}. The settings are {', '.join(Policy.model_fields)}.")
    before = desk.policy.model_dump(mode="json")[key]
    try:
        after = policy.save(desk.session, key, value)
    except ValidationError as problem:
        said = "; ".join(_plain(one["type"], one["msg"], one.get("ctx", {})) for one in problem.errors())
        raise Refusal(f"{key} can't be set to that: {said}.") from problem
    desk.__dict__["policy"] = after
    now = after.model_dump(mode="json")[key]
    change = (
        _noted(desk, CouncilMatter.SETTING, {"setting": key, "old": before, "new": now})
        if before != now
        else _latest(desk, CouncilMatter.SETTING, setting=key)
    )
    return redate(desk, change, {"setting": key}) if change is not None and key in MOVES_CLOCKS else []


def _plain(kind: str, message: str, limits: Mapping[str, Any]) -> str:
    """Pydantic's words for a programmer, in words for whoever sets it."""
    match kind:
        case "int_parsing" | "int_type" | "int_from_float" | "float_parsing":
            return "write a number"
        case "bool_parsing" | "bool_type":
            return "write true or false"
        case "greater_than_equal":
            return f"write {limits['ge']} or more"
        case "less_than_equal":
            return f"write {limits['le']} or less"
        case _:
            return message.removeprefix("Value error, ")


def change_calendar(desk: Desk, *, added: Mapping[date, str], removed: Mapping[date, str]) -> list[Redated]:
    """Enters bank holidays that came late or were moved away, and gives open stages new dates. Closed stages never change.

    What the calendar says already is not entered again; a stage that was recorded while it changed, by the old one, gets its
    new date then, and `complaints check` names such a stage.
    Law, reg 2 of SI 2006/1738: a bank holiday is no working day. Raises Refusal for a day the calendar doesn't reach, or
    that is a day off by the regulation itself; NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    calendar = desk.shipped_calendar
    for day in (*added, *removed):
        if not calendar.first_day <= day <= calendar.last_day:
            raise Refusal(
                f"{in_words(day)} is outside the calendar, which reaches from {in_words(calendar.first_day)} to "
                f"{in_words(calendar.last_day)}. Check the year."
            )
    for day in removed:
        if _is_named_by_law(day):
            raise Refusal(
                f"{in_words(day)} is never a working day: reg 2 of SI 2006/1738 names it. Leave it in the calendar."
            )
    known = desk.calendar.non_working
    added = {day: title for day, title in added.items() if day not in known}
    removed = {day: title for day, title in removed.items() if day in known}
    if not added and not removed:
        latest = _latest(desk, CouncilMatter.CALENDAR)
        return _redated_for(desk, latest) if latest is not None else []
    for is_holiday, days in ((True, added), (False, removed)):
        for day, title in days.items():
            desk.session.merge(CalendarChange(day=day, is_holiday=is_holiday, title=title))
    desk.session.flush()
    desk.__dict__.pop("calendar", None)
    change = _noted(
        desk,
        CouncilMatter.CALENDAR,
        {
            "added": {day.isoformat(): title for day, title in added.items()},
            "removed": {day.isoformat(): title for day, title in removed.items()},
        },
    )
    return _redated_for(desk, change)


def _is_named_by_law(day: date) -> bool:
    """Christmas Day, Boxing Day and Good Friday are no working days whatever is announced."""
    return (day.month, day.day) in {(12, 25), (12, 26)} or day == easter(day.year) - timedelta(days=2)


def _redated_for(desk: Desk, change: CouncilChange) -> list[Redated]:
    return redate(desk, change, {"holidays": sorted((*change.data["added"], *change.data["removed"]))})


def load_procedure(desk: Desk, procedure: Procedure) -> bool:
    """Makes a procedure the one that new complaints begin under; open complaints keep the version they began under.

    False when this version is in force already. Raises Refusal when a version of that name has other rules; NotAllowed.
    """
    desk.require(Operation.ORGANISE)
    body = procedure.model_dump(mode="json")
    known = desk.session.get(ProcedureVersion, (procedure.name, procedure.version))
    shipped = desk.shipped_procedures.get(procedure.name)
    same_as = (
        known.body
        if known is not None
        else shipped.model_dump(mode="json")
        if shipped is not None and shipped.version == procedure.version
        else body
    )
    if same_as != body:
        raise Refusal(
            f"Version {procedure.version} of {procedure.name} has other rules, and complaints may have begun under it. "
            "Give the changed procedure a new version."
        )
    if desk.procedures.get(procedure.name) == procedure:
        return False
    _keep_version(desk, procedure)
    desk.session.execute(
        update(ProcedureVersion)
        .where(col(ProcedureVersion.name) == procedure.name)
        .values(current=col(ProcedureVersion.version) == procedure.version)
    )
    desk.session.expire_all()
    desk.__dict__.pop("procedures", None)
    _noted(desk, CouncilMatter.PROCEDURE, {"name": procedure.name, "version": procedure.version})
    return True


def keep_shipped(desk: Desk) -> None:
    """Keeps the shipped procedures as they are in this release, for complaints that will still go by them after the next.

    When a process starts, and not when a complaint is recorded: those who record would wait for each other.
    """
    for procedure in desk.shipped_procedures.values():
        _keep_version(desk, procedure)


def redate(desk: Desk, change: CouncilChange, why: dict[str, Any]) -> list[Redated]:
    """Reckons every stage that has not ended anew; the old date stays in the history, and whoever owns it is told."""
    moved: list[Redated] = []
    told: defaultdict[int, list[Complaint]] = defaultdict(list)
    for file, events in _running(desk):
        complaint, stage = file.complaint, file.stage
        clock = ledger.replayed(desk, file.procedure, stage.number, timeline.happenings(events))
        if ledger.columns(clock) == ledger.columns_of(stage):
            continue
        before = stage.due_on
        ledger.apply_clock(stage, clock)
        ledger.append(
            desk,
            file,
            EventKind.REDATED,
            on=desk.today,
            data={**why, "change": change.id, "old": before.isoformat(), "new": stage.due_on.isoformat()},
        )
        moved.append(Redated(complaint.reference, stage.number, before, stage.due_on))
        person = complaint.owner_id or complaint.handler_id
        if person is not None and before != stage.due_on:
            told[person].append(complaint)
    for person_id, complaints in told.items():
        # One change may be gone through more than once, and each time for other stages: the place in a history is never the same.
        first = complaints[0]
        outbox.put(
            desk.session,
            key=f"redated:{change.id}:{person_id}:{first.id}:{first.changes}",
            kind=MessageKind.REDATED,
            now=desk.now,
            person_id=person_id,
            data={"change": change.id, "complaints": [complaint.id for complaint in complaints]},
        )
    return moved


def _running(desk: Desk) -> list[tuple[File, list[Event]]]:
    """Every stage that has not ended, with its events. Its complaint is locked until the transaction ends.

    The locks come first: whoever answers or decides meanwhile is waited for, and what is read after that is what they wrote.
    """
    running = (IS_OPEN, col(Stage.ended_on).is_(None))
    locked = {
        complaint.id: complaint
        for complaint in desk.session.exec(
            select(Complaint)
            .where(col(Complaint.id).in_(select(Stage.complaint_id).where(*running)))
            .order_by(col(Complaint.id))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    }
    stages = desk.session.exec(
        select(Stage)
        .where(*running)
        .order_by(col(Stage.complaint_id), col(Stage.number))
        .execution_options(populate_existing=True)
    ).all()
    events = desk.session.exec(
        select(Event)
        .join(Stage, col(Stage.complaint_id) == col(Event.complaint_id))
        # What was taken back in a stage may be said at another.
        .where(*running, or_(col(Stage.number) == col(Event.stage), col(Event.kind) == EventKind.TAKEN_BACK))
        .execution_options(populate_existing=True)
    ).all()
    histories = timeline.by_stage(events)
    files = [
        File(locked[stage.complaint_id], stage, desk.rules_of(locked[stage.complaint_id]))
        for stage in stages
        if stage.complaint_id in locked
    ]
    return [(file, histories[file.id, file.stage.number]) for file in files]


def _latest(desk: Desk, matter: CouncilMatter, *, setting: str | None = None) -> CouncilChange | None:
    """The last change of this kind, of one setting where it is named."""
    changes = desk.session.exec(
        select(CouncilChange).where(CouncilChange.matter == matter).order_by(col(CouncilChange.id).desc())
    ).all()
    return next((one for one in changes if setting is None or one.data["setting"] == setting), None)


def _noted(desk: Desk, matter: CouncilMatter, data: dict[str, Any]) -> CouncilChange:
    change = CouncilChange(matter=matter, changed_at=desk.now, actor_id=desk.actor.person_id, data=data)
    desk.session.add(change)
    desk.session.flush()
    return change


def _keep_version(desk: Desk, procedure: Procedure) -> None:
    """Makes sure that the register has this version, for as long as a complaint that began under it may be asked about."""
    if desk.session.get(ProcedureVersion, (procedure.name, procedure.version)) is None:
        kept = {
            "name": procedure.name,
            "version": procedure.version,
            "body": procedure.model_dump(mode="json"),
            "current": False,
        }
        insert_if_absent(desk.session, ProcedureVersion, kept)
