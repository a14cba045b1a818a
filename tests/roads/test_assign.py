"""Assigning, praising and asking for help, through the practice workspace's own API over Socket Mode."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.demo.county import CHANNEL
from bot.practice.inputs import elements
from bot.practice.person import Person, PersonError, written
from storage import register
from storage.models import Complaint, Compliment
from storage.models import Person as Member
from storage.register import NewComplaint, Response
from storage.register.organisation import Organisation, PersonEntry, RoleEntry
from storage.vocabulary import Role
from tests.roads.town import Town, open_town

Json = dict[str, Any]
REFERENCE = "CS-2026-0001"
TEAM = "First Response"

pytestmark = pytest.mark.slow


@pytest.fixture
def town(sqlite_url: str) -> Iterator[Town]:
    with open_town(sqlite_url, "socket", rates="off") as opened:
        # A viewer doesn't belong in the channel, and may be put there all the same.
        channel = opened.server.seed.channels[0].name
        opened.person("U0HESTER").command("/invite @vida", channel=channel, may_fail=True)
        yield opened


@pytest.fixture
def card(town: Town) -> Json:
    """The card of a complaint that nobody owns yet."""
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team = desk.teams.named(TEAM)
        assert team is not None
        register.record(desk, NewComplaint(received_on=date(2026, 11, 20), lead_team_id=team.id))
    return drawn(town)


def drawn(town: Town) -> Json:
    """The card as it stands in the channel now."""
    town.beat()
    return town.person("U0HESTER").wait_for_message(CHANNEL, REFERENCE)


def owner(town: Town) -> str | None:
    with town.wired.database.reading() as session:
        return session.scalar(
            select(Member.slack_id).where(
                Member.id == select(Complaint.owner_id).where(Complaint.reference == REFERENCE).scalar_subquery()
            )
        )


def offered(view: Json) -> list[str]:
    """The labels that a form's list of managers offers."""
    return [option["text"]["text"] for _block, element in elements(view["blocks"]) for option in element["options"]]


def told(town: Town, who: str) -> list[str]:
    """What the app wrote to somebody directly."""
    person = town.person(who)
    return [message["text"] for message in person.messages(person.dm_with_app())]


def assign(town: Town, by: str, card: Json, label: str) -> Json:
    person = town.person(by)
    person.click(card, "assign")
    return person.submit(person.view(), {"manager_id": label})


def test_a_handler_gives_a_complaint_to_a_manager_who_is_told(town: Town, card: Json) -> None:
    hester = town.person("U0HESTER")
    hester.click(card, "assign")
    form = hester.view()
    assert "for First Response, due 4 December 2026" in written(form)
    assert offered(form) == ["Mabel Eastwood (0 open)", "Noor Fenwick (0 open)"]
    hester.submit(form, {"manager_id": "Noor Fenwick (0 open)"})
    assert hester.views() == []
    assert owner(town) == "U0NOOR"
    redrawn = drawn(town)
    assert redrawn["ts"] == card["ts"]
    assert "<@U0NOOR>" in written(redrawn)
    assert "Nobody yet" not in written(redrawn)
    assert "claim" not in {element.get("action_id") for _block, element in elements(redrawn["blocks"])}
    assert told(town, "U0NOOR") == [
        "Hester Quill gave you CS-2026-0001 for First Response. "
        "The response is due 4 December 2026 (9 working days left)."
    ]
    assert told(town, "U0MABEL") == []


def test_the_thread_says_who_assigned_it_to_whom(town: Town, card: Json) -> None:
    assign(town, "U0HESTER", card, "Mabel Eastwood (0 open)")
    town.beat()
    town.person("U0VIDA").wait_for_message(
        CHANNEL, "Mabel Eastwood now owns this. Hester Quill assigned it.", thread_ts=card["ts"]
    )


def test_the_new_owner_can_answer_from_the_message_that_told_them(town: Town, card: Json) -> None:
    assign(town, "U0HESTER", card, "Mabel Eastwood (0 open)")
    town.beat()
    mabel = town.person("U0MABEL")
    message = mabel.wait_for_message(mabel.dm_with_app(), "gave you CS-2026-0001")
    mabel.click(message, "respond")
    mabel.submit(mabel.view(), {"responded_on": "2026-11-23", "outcome": "No fault"})
    assert "closed on 23 November 2026" in written(drawn(town))


def test_it_can_be_given_to_somebody_else_who_is_told_while_the_first_is_not_offered(town: Town, card: Json) -> None:
    assign(town, "U0HESTER", card, "Mabel Eastwood (0 open)")
    again = drawn(town)
    cora = town.person("U0CORA")
    cora.click(again, "assign")
    form = cora.view()
    assert "Mabel Eastwood owns it now." in written(form)
    assert offered(form) == ["Noor Fenwick (0 open)"]
    cora.submit(form, {"manager_id": "Noor Fenwick (0 open)"})
    assert owner(town) == "U0NOOR"
    assert "<@U0NOOR>" in written(drawn(town))
    given, taken = told(town, "U0MABEL")
    assert given.startswith("Hester Quill gave you CS-2026-0001")
    assert taken.startswith("Noor Fenwick owns this now, and no longer you: CS-2026-0001. Cora Ledger handed it over.")
    assert len(told(town, "U0NOOR")) == 1
    assert told(town, "U0NOOR")[0].startswith("Cora Ledger gave you CS-2026-0001")


def test_the_least_loaded_manager_is_offered_first(town: Town, card: Json) -> None:
    assign(town, "U0HESTER", card, "Mabel Eastwood (0 open)")
    with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
        team = desk.teams.named(TEAM)
        assert team is not None
        register.record(desk, NewComplaint(received_on=desk.today, lead_team_id=team.id))
    town.beat()
    hester = town.person("U0HESTER")
    hester.click(hester.wait_for_message(CHANNEL, "CS-2026-0002"), "assign")
    assert offered(hester.view()) == ["Noor Fenwick (0 open)", "Mabel Eastwood (1 open)"]


@pytest.mark.parametrize("who", ["U0MABEL", "U0SEFTON"])
def test_somebody_whose_role_is_not_to_assign_is_refused_in_words(town: Town, card: Json, who: str) -> None:
    person = town.person(who)
    person.click(card, "assign")
    said = person.wait_for_message(CHANNEL, "You can't allocate a complaint with the role you have.")
    assert "Ask Cora Ledger" in said["text"]
    assert said["ephemeral"]
    assert person.views() == []
    assert owner(town) is None


@pytest.mark.parametrize("who", ["U0PIPPA", "U0FENN", "U0PETRA", "U0VIDA"])
def test_somebody_of_another_team_learns_nothing_from_the_button(town: Town, card: Json, who: str) -> None:
    person = town.person(who)
    person.click(card, "assign")
    person.wait_for_message(CHANNEL, f"There is no complaint {REFERENCE} that you can see.")
    assert person.views() == []
    assert owner(town) is None


def test_a_manager_of_another_team_is_not_offered_and_cannot_be_chosen(town: Town, card: Json) -> None:
    hester = town.person("U0HESTER")
    hester.click(card, "assign")
    form = hester.view()
    with pytest.raises(PersonError, match="is not offered"):
        hester.submit(form, {"manager_id": "Pippa Marsh (0 open)"})


def test_a_manager_who_left_while_the_form_was_open_is_refused_on_the_field(town: Town, card: Json) -> None:
    hester = town.person("U0HESTER")
    hester.click(card, "assign")
    form = hester.view()
    with town.wired.office.change(None, town.server.clock.now()) as desk:
        role = RoleEntry(role=Role.NAMED_MANAGER, team=TEAM)
        mabel = PersonEntry(slack_id="U0MABEL", name="Mabel Eastwood", leaves=date(2026, 11, 20), roles=(role,))
        register.organisation.load(desk, Organisation(people=(mabel,)))
    refused = hester.submit(form, {"manager_id": "Mabel Eastwood (0 open)"})
    assert refused["errors"] == {"manager_id": "Mabel Eastwood left on 20 November 2026. Choose somebody who stays."}
    assert owner(town) is None


def test_of_two_who_assign_to_the_same_manager_the_second_is_told_on_the_field(town: Town, card: Json) -> None:
    hester, cora = town.person("U0HESTER"), town.person("U0CORA")
    forms = {}
    for person in (hester, cora):
        person.click(card, "assign")
        forms[person.id] = person.view()
    hester.submit(forms[hester.id], {"manager_id": "Mabel Eastwood (0 open)"})
    refused = cora.submit(forms[cora.id], {"manager_id": "Mabel Eastwood (0 open)"})
    assert refused["errors"] == {
        "manager_id": "Mabel Eastwood owns CS-2026-0001 already. Choose somebody else, or close the form."
    }
    town.beat()
    assert len(told(town, "U0MABEL")) == 1


def test_a_complaint_that_was_closed_while_the_form_was_open_is_refused_in_it(town: Town, card: Json) -> None:
    hester = town.person("U0HESTER")
    hester.click(card, "assign")
    form = hester.view()
    with town.wired.office.change("U0CORA", town.server.clock.now()) as desk:
        register.respond(desk, REFERENCE, Response(responded_on=desk.today, outcome="no_fault"))
    refused = hester.submit(form, {"manager_id": "Mabel Eastwood (0 open)"})
    assert "was closed on 23 November 2026" in refused["errors"]["manager_id"]


def test_one_assigns_from_the_home_tab_too(town: Town, card: Json) -> None:
    hester = town.person("U0HESTER")
    hester.open_home()
    assert REFERENCE in written(hester.home())
    hester.click(hester.home(), "assign", value=REFERENCE)
    hester.submit(hester.view(), {"manager_id": "Mabel Eastwood (0 open)"})
    assert owner(town) == "U0MABEL"
    hester.open_home()
    hester.wait_for(lambda: REFERENCE not in written(hester.home()), what="the Home tab without the complaint")
    mabel = town.person("U0MABEL")
    mabel.open_home()
    assert REFERENCE in written(mabel.home())


def test_a_compliment_is_recorded_by_its_form(town: Town) -> None:
    hester = town.person("U0HESTER")
    hester.command("/complaint compliment", channel=CHANNEL)
    form = hester.view()
    assert "Record a compliment" in written(form)
    hester.submit(
        form,
        {
            "received_on": "2026-11-20",
            "team_id": "Children in Care",
            "customer_group": "Foster carer",
            "summary": "Somebody rang back on the same day, every time",
        },
    )
    said = written(hester.view())
    assert "The compliment of 20 November 2026 for Children in Care is recorded." in said
    with town.wired.database.reading() as session:
        (kept,) = session.exec(select(Compliment)).all()
    assert (kept.received_on, kept.customer_group) == (date(2026, 11, 20), "Foster carer")
    assert kept.body == "Somebody rang back on the same day, every time"


def test_a_compliment_has_no_clock_no_card_and_counts_as_no_complaint(town: Town) -> None:
    hester = town.person("U0HESTER")
    hester.command("/complaint compliment", channel=CHANNEL)
    hester.submit(hester.view(), {"team_id": "Children in Care", "customer_group": "Parent"})
    assert "is recorded" in written(hester.view())
    town.beat()
    assert [one for one in hester.messages(CHANNEL) if not one.get("ephemeral")] == []
    hester.command("/complaint status Children in Care", channel=CHANNEL)
    hester.wait_for_message(CHANNEL, "0 received, 0 closed")


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"received_on": "2026-11-24"}, "received_on", "can't be in the future"),
        ({"summary": "Please thank her on 07700 900123"}, "summary", "phone number"),
    ],
)
def test_a_compliment_that_will_not_do_is_refused_on_its_field(
    town: Town, wrong: dict[str, str], field: str, said: str
) -> None:
    hester = town.person("U0HESTER")
    hester.command("/complaint compliment", channel=CHANNEL)
    right = {"team_id": "Children in Care", "customer_group": "Parent"}
    answer = hester.submit(hester.view(), right | wrong)
    assert said in answer["errors"][field]
    assert "900123" not in str(answer["errors"])
    with town.wired.database.reading() as session:
        assert session.exec(select(Compliment)).all() == []


@pytest.mark.parametrize("who", ["U0SEFTON", "U0VIDA"])
@pytest.mark.parametrize("typed", ["new", "compliment"])
def test_who_may_not_record_is_told_so_instead_of_getting_a_form(town: Town, who: str, typed: str) -> None:
    person = town.person(who)
    person.command(f"/complaint {typed}", channel=CHANNEL)
    said = person.wait_for_message(CHANNEL, "You can't record a complaint or a compliment with the role you have.")
    assert "Ask Cora Ledger" in said["text"]
    assert person.views() == []


def help_of(person: Person, typed: str) -> str:
    person.command(typed, channel=CHANNEL)
    return str(person.wait_for_message(CHANNEL, "What you can type")["text"])


@pytest.mark.parametrize("typed", ["/complaint help", "/complaint HELP", "/complaint", "/complaint   "])
def test_help_lists_everything_that_a_complaints_manager_can_type(town: Town, typed: str) -> None:
    said = help_of(town.person("U0CORA"), typed)
    assert said.startswith("What you can type as complaints manager:")
    for usage in (
        "`/complaint new`",
        "`/complaint compliment`",
        "`/complaint mine`",
        "`/complaint show reference`",
        "`/complaint status [team] [period] [stage 2]`",
        "`/complaint setup`",
        "`/complaint help`",
        "*Record as complaint*",
        "Home tab",
    ):
        assert usage in said


@pytest.mark.parametrize(
    ("typed", "meant"), [("hlep", "help"), ("complement", "compliment"), ("statsu", "status"), ("Mien", "mine")]
)
def test_a_sub_command_that_is_mistyped_is_guessed(town: Town, typed: str, meant: str) -> None:
    said = help_of(town.person("U0HESTER"), f"/complaint {typed}")
    assert said.startswith(f"There is no /complaint {typed}. Did you mean /complaint {meant}? What you can type:")


@pytest.mark.parametrize(("typed", "button"), [("claim CS-2026-0001", "Claim"), ("Extend", "More…")])
def test_what_is_done_on_the_card_is_told_to_be_there(town: Town, typed: str, button: str) -> None:
    said = help_of(town.person("U0HESTER"), f"/complaint {typed}")
    assert said.startswith(
        f"There is no /complaint {typed.split(maxsplit=1)[0]}. Press *{button}* on the complaint's card."
    )


@pytest.mark.parametrize("typed", ["frobnicate", "<!channel>", "&", "x" * 300])
def test_a_sub_command_that_means_nothing_is_said_to_be_unknown_and_pings_nobody(town: Town, typed: str) -> None:
    said = help_of(town.person("U0HESTER"), f"/complaint {typed}")
    assert said.startswith("There is no /complaint ")
    assert "Did you mean" not in said
    assert "What you can type:" in said
    assert "<!channel>" not in said


def test_somebody_without_a_role_is_told_whom_to_ask(town: Town) -> None:
    with town.wired.office.change(None, town.server.clock.now()) as desk:
        vida = PersonEntry(slack_id="U0VIDA", name="Vida Glass")
        register.organisation.load(desk, Organisation(people=(vida,)))
    town.server.clock.advance(timedelta(days=1))
    person = town.person("U0VIDA")
    person.command("/complaint help", channel=CHANNEL)
    person.wait_for_message(CHANNEL, "You don't have a role in the complaints register")
