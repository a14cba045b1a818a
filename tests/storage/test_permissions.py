"""DESIGN.md's table of roles, walked: every kind of person tries every operation through the register itself."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from storage import figures, permissions, register, views_complaint
from storage.errors import NotAllowed, Refusal, UnknownReference
from storage.models import Person
from storage.office import Desk
from storage.periods import Period
from storage.permissions import Operation, Standing, may
from storage.register import NewComplaint, Response
from storage.register.compliments import NewCompliment
from storage.register.organisation import Organisation
from storage.vocabulary import Role
from tests import county as people
from tests.county import County
from tests.storage.witness import contents

RECEIVED = date(2026, 11, 20)
Try = Callable[[Desk, County, str], object]

RECORDING: dict[str, Try] = {
    "record": lambda desk, county, _: register.record(
        desk, NewComplaint(received_on=RECEIVED, lead_team_id=county.teams["East"])
    ),
    "record a compliment": lambda desk, county, _: register.compliments.record(
        desk, NewCompliment(received_on=RECEIVED, team_id=county.teams["East"])
    ),
    "see the figures": lambda desk, _, __: figures.team_table(desk, Period.of(RECEIVED, RECEIVED)),
    "organise": lambda desk, _, __: register.organisation.load(desk, Organisation()),
}
ON_A_COMPLAINT: dict[str, Try] = {
    "see": lambda desk, _, reference: views_complaint.complaint(desk, reference),
    "claim": lambda desk, _, reference: register.claim(desk, reference),
    "allocate": lambda desk, county, reference: register.allocate(
        desk, reference, county.people[people.SECOND_MANAGER]
    ),
    "acknowledge": lambda desk, _, reference: register.acknowledge(desk, reference),
    "respond": lambda desk, _, reference: register.respond(
        desk, reference, Response(responded_on=RECEIVED, outcome="no_fault")
    ),
}

YES, ASK, HIDDEN = "yes", "told whom to ask", "as if it were not there"

# Who may do what to a complaint of East that nobody owns, and to one that Mabel Eastwood owns.
COMPLAINTS_TEAM = {"see": YES, "claim": ASK, "allocate": YES, "acknowledge": YES, "respond": YES}
NOT_THERE = dict.fromkeys(ON_A_COMPLAINT, HIDDEN)
NO_ROLE = dict.fromkeys(ON_A_COMPLAINT, ASK)
TEAMS_MANAGER = {"see": YES, "claim": YES, "allocate": ASK, "acknowledge": ASK, "respond": ASK}
UNOWNED = {
    people.HANDLER: COMPLAINTS_TEAM,
    people.COMPLAINTS_MANAGER: COMPLAINTS_TEAM,
    people.MANAGER: TEAMS_MANAGER,
    people.SECOND_MANAGER: TEAMS_MANAGER,
    people.OTHER_TEAMS_MANAGER: NOT_THERE,
    people.SENIOR: TEAMS_MANAGER,
    people.OTHER_SENIOR: NOT_THERE,
    people.VIEWER: NOT_THERE,
    people.STRANGER: NO_ROLE,
}
OWNED = UNOWNED | {people.MANAGER: {"see": YES, "allocate": ASK, "acknowledge": YES, "respond": YES}}
GENERAL = {
    people.HANDLER: (YES, YES, YES, ASK),
    people.COMPLAINTS_MANAGER: (YES, YES, YES, YES),
    people.MANAGER: (YES, YES, YES, ASK),
    people.SECOND_MANAGER: (YES, YES, YES, ASK),
    people.OTHER_TEAMS_MANAGER: (YES, YES, YES, ASK),
    people.SENIOR: (ASK, ASK, YES, ASK),
    people.OTHER_SENIOR: (ASK, ASK, YES, ASK),
    people.VIEWER: (ASK, ASK, YES, ASK),
    people.STRANGER: (ASK, ASK, ASK, ASK),
}


def outcome(county: County, who: str, now: datetime, attempt: Try, reference: str = "") -> str:
    """What became of it. Whatever was refused has changed nothing."""
    before = contents(county.office)
    try:
        with county.office.change(who, now) as desk:
            attempt(desk, county, reference)
    except UnknownReference:
        answer = HIDDEN
    except NotAllowed as refusal:
        assert "Ask Cora Ledger" in str(refusal) or "You can give it to one of them with Assign…" in str(refusal)
        answer = ASK
    except Refusal as refusal:
        return type(refusal).__name__
    else:
        return YES
    assert contents(county.office) == before
    return answer


@pytest.mark.slow
@pytest.mark.parametrize("who", list(UNOWNED))
def test_everybody_may_do_what_the_table_says_and_nothing_else(county: County, now: datetime, who: str) -> None:
    for expected, owned in ((UNOWNED[who], False), (OWNED[who], True)):
        found: dict[str, str] = {}
        for name in expected:
            if owned and name == "claim" and expected[name] == YES:
                continue
            reference = county.record(now, received=RECEIVED).reference
            if owned:
                with county.office.change(people.MANAGER, now) as desk:
                    register.claim(desk, reference)
            found[name] = outcome(county, who, now, ON_A_COMPLAINT[name], reference)
        assert found == {name: answer for name, answer in expected.items() if name in found}
    general = {name: outcome(county, who, now, attempt) for name, attempt in RECORDING.items()}
    assert general == dict(zip(RECORDING, GENERAL[who], strict=True))


@pytest.mark.parametrize("who", [people.STRANGER, people.VIEWER, people.OTHER_TEAMS_MANAGER, people.OTHER_SENIOR])
def test_a_reference_that_exists_gives_the_same_answer_as_one_that_does_not(
    county: County, now: datetime, who: str
) -> None:
    there, not_there = county.record(now, received=RECEIVED).reference, "CS-2026-0099"
    for name, attempt in ON_A_COMPLAINT.items():
        said = []
        for reference in (there, not_there):
            with pytest.raises((UnknownReference, NotAllowed)) as refused, county.office.change(who, now) as desk:
                attempt(desk, county, reference)
            said.append((refused.type, str(refused.value).replace(reference, "…")))
        assert said[0] == said[1], name


@pytest.mark.parametrize("typed", ["Tabitha Thornbury", "12 Larch Road LE3", "07700 900123"])
def test_what_somebody_typed_instead_of_a_reference_is_not_repeated(county: County, now: datetime, typed: str) -> None:
    """A name typed by mistake must not come back in a message that Slack keeps."""
    with pytest.raises(UnknownReference) as refused, county.office.look(people.HANDLER, now) as desk:
        views_complaint.complaint(desk, typed)
    assert typed[:8] not in str(refused.value)


def test_an_unknown_reference_says_what_references_look_like(county: County, now: datetime) -> None:
    with (
        pytest.raises(UnknownReference, match=r"CS-2026-0099.*look like CS-2026-0042"),
        county.office.look(people.HANDLER, now) as desk,
    ):
        views_complaint.complaint(desk, "CS-2026-0099")


@pytest.mark.parametrize("owner", [people.MANAGER, people.SENIOR])
def test_who_may_claim_a_complaint_may_then_answer_it(county: County, now: datetime, owner: str) -> None:
    reference = county.record(now, received=RECEIVED).reference
    with county.office.change(owner, now) as desk:
        register.claim(desk, reference)
    for name in ("see", "acknowledge", "respond"):
        assert outcome(county, owner, now, ON_A_COMPLAINT[name], reference) == YES


def test_somebody_deactivated_has_no_standing(county: County, now: datetime) -> None:
    with county.office.change(None, now) as desk:
        person = desk.session.get(Person, county.people[people.HANDLER])
        assert person is not None
        person.deactivated_at = now
    assert outcome(county, people.HANDLER, now, RECORDING["record"]) == ASK


def test_the_app_itself_may_do_everything(county: County, now: datetime) -> None:
    app = Standing(None, "Complaints app", ())
    assert all(may(app, operation) for operation in Operation)
    assert app.sees_all


def test_every_operation_is_in_the_table_and_reads_as_a_sentence() -> None:
    assert set(permissions.TABLE) == set(Operation)
    for operation in Operation:
        assert operation.value[0].islower()
        assert not operation.value.endswith(".")


def test_only_the_complaints_team_imports() -> None:
    importers = {role for role in Role if may(Standing(1, "Somebody", ((role, None),)), Operation.IMPORT)}
    assert importers == {Role.HANDLER, Role.COMPLAINTS_MANAGER}


def test_a_role_for_a_service_area_reaches_the_teams_below_it_and_no_other() -> None:
    area, team, other = 1, 2, 3
    manager = Standing(7, "Somebody", ((Role.NAMED_MANAGER, area),))
    assert may(manager, Operation.CLAIM, team_line=(team, area))
    assert not may(manager, Operation.CLAIM, team_line=(other,))
    below = Standing(7, "Somebody", ((Role.NAMED_MANAGER, team),))
    assert not may(below, Operation.CLAIM, team_line=(area,))


def test_who_owns_a_complaint_still_sees_it_when_it_is_another_teams() -> None:
    manager = Standing(7, "Somebody", ((Role.NAMED_MANAGER, 1),))
    assert may(manager, Operation.SEE, team_line=(2,), owner_id=7)
    assert may(manager, Operation.WORK, team_line=(2,), owner_id=7)
    assert not may(manager, Operation.WORK, team_line=(1,), owner_id=8)


def test_two_roles_add_up() -> None:
    both = Standing(7, "Somebody", ((Role.VIEWER, None), (Role.NAMED_MANAGER, 1)))
    assert may(both, Operation.CLAIM, team_line=(1,))
    assert may(both, Operation.FIGURES)
    assert not may(both, Operation.ORGANISE)
