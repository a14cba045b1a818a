"""Statements that every card, form and message of a complaint needs, each built once: building took longer than running them."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, String, bindparam, select
from sqlmodel import col

from storage.models import Complaint, ComplaintTeam, ComplaintTheme, FreeText, Stage, Theme

_COMPLAINT = bindparam("complaint", type_=Integer)


@cache
def themes_of() -> Any:
    """A complaint's themes by name."""
    return (
        select(col(Theme.id), col(Theme.name))
        .join(ComplaintTheme, col(ComplaintTheme.theme_id) == col(Theme.id))
        .where(col(ComplaintTheme.complaint_id) == _COMPLAINT)
        .order_by(col(Theme.name))
    )


@cache
def others_of() -> Any:
    """The other teams involved in it."""
    return select(col(ComplaintTeam.team_id)).where(col(ComplaintTeam.complaint_id) == _COMPLAINT)


@cache
def summary_of() -> Any:
    """What it is about, in a sentence or two."""
    return select(col(FreeText.body)).where(col(FreeText.complaint_id) == _COMPLAINT, col(FreeText.about) == "summary")


@cache
def by_reference() -> Any:
    """A complaint by its reference, with its latest stage."""
    return (
        select(Complaint, Stage)
        .join(Stage, col(Stage.complaint_id) == col(Complaint.id))
        .where(col(Complaint.reference) == bindparam("wanted", type_=String))
        .order_by(col(Stage.number).desc())
        .limit(1)
    )
