"""Filling in a record later: who complained, how it came in, its themes, and the reference of its correspondence."""

from pydantic import BaseModel, ConfigDict
from sqlmodel import select

from storage.errors import FieldProblems, Refusal
from storage.models import ComplaintTheme
from storage.office import Desk
from storage.permissions import Operation
from storage.register import ledger, record
from storage.register.ledger import File
from storage.vocabulary import EventKind


class Details(BaseModel):
    """What the record is to say. None leaves what is there; `theme_ids` are all of its themes."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    customer_group: str | None = None
    contact_method: str | None = None
    theme_ids: tuple[int, ...] = ()
    correspondence_ref: str | None = None


def complete(desk: Desk, reference: str, details: Details) -> File:
    """Fills in what was left out, also of a complaint that is closed; no date moves.

    The history names what was filled in, and of who complained and how not the answer: retention clears those.

    Raises FieldProblems; Refusal when nothing is different or the record was cleared; NotAllowed; UnknownReference.
    """
    file = ledger.find(desk, reference, Operation.CONDUCT)
    complaint = file.complaint
    if complaint.cleared_on is not None:
        raise Refusal(
            f"{complaint.reference} was cleared under the council's retention rule. Nothing can be filled in again."
        )
    have = set(desk.session.exec(select(ComplaintTheme.theme_id).where(ComplaintTheme.complaint_id == file.id)).all())
    _check(desk, details, have, complaint.customer_group, complaint.contact_method)
    new = {
        name: value
        for name in ("customer_group", "contact_method", "correspondence_ref")
        if (value := getattr(details, name)) and value != getattr(complaint, name)
    }
    data: dict[str, object] = {"filled": [*new]}
    for name, value in new.items():
        setattr(complaint, name, value)
    if set(details.theme_ids) != have:
        record.set_themes(desk, file, details.theme_ids)
        data = {"filled": [*new, "themes"], "themes": sorted(set(details.theme_ids))}
    if not data["filled"]:
        raise Refusal(
            "That is what the record says already, so nothing was changed. Fill something in, or close the form."
        )
    ledger.append(desk, file, EventKind.DETAILS_FILLED_IN, on=desk.today, data=data)
    return file


def _check(desk: Desk, details: Details, themes: set[int], group: str | None, method: str | None) -> None:
    """An imported group or method that is in none of the council's lists may stay where it is."""
    problems = {
        field: problem
        for field, problem in (
            (
                "customer_group",
                record.list_problem(details.customer_group, (*desk.policy.customer_groups, group or "")),
            ),
            (
                "contact_method",
                record.list_problem(details.contact_method, (*desk.policy.contact_methods, method or "")),
            ),
            ("theme_ids", record.themes_problem(desk, details.theme_ids, already=themes)),
            ("correspondence_ref", record.correspondence_problem(details.correspondence_ref)),
        )
        if problem
    }
    if problems:
        raise FieldProblems(problems)
