"""What is in force for the whole council: its working-day calendar and its procedures, in every version still in use."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.models import IS_OPEN, CalendarChange, Complaint, ProcedureVersion, Stage
from storage.procedures import Procedure
from storage.workdays import WorkingDays


def calendar(session: Session, shipped: WorkingDays) -> WorkingDays:
    """The shipped calendar with the bank holidays that came or went since."""
    rows = session.execute(select(col(CalendarChange.day), col(CalendarChange.is_holiday))).all()
    if not rows:
        return shipped
    added = frozenset(row.day for row in rows if row.is_holiday)
    return _changed(shipped, added, frozenset(row.day for row in rows if not row.is_holiday))


@lru_cache(maxsize=8)
def _changed(shipped: WorkingDays, added: frozenset[date], removed: frozenset[date]) -> WorkingDays:
    return shipped.changed(added=added, removed=removed)


@lru_cache(maxsize=16)
def with_closures(base: WorkingDays, closures: tuple[date, ...]) -> WorkingDays:
    """The calendar of a procedure that honours the council's closure days."""
    return base.with_closures(closures)


def procedures(session: Session, shipped: Mapping[str, Procedure]) -> dict[str, Procedure]:
    """The procedures that new complaints begin under, by name; a council's own come after, or in place of, the shipped."""
    rows = session.scalars(
        select(col(ProcedureVersion.body))
        .where(col(ProcedureVersion.current).is_(True))
        .order_by(col(ProcedureVersion.name))
    )
    own = [_parsed(json.dumps(body, sort_keys=True)) for body in rows]
    return {**shipped, **{one.name: one for one in own}}


def procedure(session: Session, shipped: Mapping[str, Procedure], name: str, version: str) -> Procedure:
    """One procedure as it was in one version. Raises KeyError when the register never had it."""
    known = shipped.get(name)
    if known is not None and known.version == version:
        return known
    body = session.scalar(
        select(col(ProcedureVersion.body)).where(
            col(ProcedureVersion.name) == name, col(ProcedureVersion.version) == version
        )
    )
    if body is None:
        raise KeyError(f"{name} version {version}")
    return _parsed(json.dumps(body, sort_keys=True))


def versions(session: Session, shipped: Mapping[str, Procedure], name: str) -> list[str]:
    """The versions of a procedure that the register knows, in the order of their names; empty for an unknown procedure."""
    rows = session.scalars(select(col(ProcedureVersion.version)).where(col(ProcedureVersion.name) == name))
    return sorted({*rows, *([shipped[name].version] if name in shipped else [])})


def open_by_version(session: Session, name: str) -> dict[str, int]:
    """How many open complaints go by each version of a procedure."""
    rows = session.execute(
        select(col(Complaint.procedure_version), func.count())
        .join(Stage, col(Stage.complaint_id) == col(Complaint.id))
        .where(col(Complaint.procedure) == name, IS_OPEN)
        .group_by(col(Complaint.procedure_version))
        .order_by(col(Complaint.procedure_version))
    )
    return {version: count for version, count in rows}  # noqa: C416 - rows are not pairs to the type checker


@lru_cache(maxsize=64)
def _parsed(body: str) -> Procedure:
    return Procedure.model_validate_json(body)
