"""What a council recorded with Part 1 goes on under Part 2: nothing lost, nothing counted otherwise, all of it in the chain."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, create_engine, inspect, text
from sqlmodel import col, select

from storage import checking, figures, register, schema, views_complaint, views_history
from storage.database import Database
from storage.models import Event, FreeText, LearningAction, OutboxRow, Stage, metadata
from storage.office import Office
from storage.periods import parse
from storage.register import Response, requests
from storage.register.requests import Extension
from storage.vocabulary import Band, EventKind
from tests import county as people
from tests.conftest import open_office
from tests.county import DONE
from tests.storage.witness import at

pytestmark = pytest.mark.slow

WRITTEN = (Path(__file__).parent / "data" / "part_1.sql").read_text("utf-8")
NOW = at("2026-11-23 09:30")
OPEN, CLOSED, EXTENDED = "CS-2026-0002", "CS-2026-0001", "CS-2026-0004"


@pytest.fixture
def part_1(empty: Database) -> Database:
    """A database at the last revision of Part 1, with what Part 1 wrote."""
    schema.upgrade(empty, "0001")
    fill(empty)
    return empty


@pytest.fixture
def office(part_1: Database) -> Office:
    schema.upgrade(part_1)
    return open_office(part_1)


def fill(database: Database) -> None:
    statements = re.sub(r"^--.*$", "", WRITTEN, flags=re.MULTILINE).split(";\n")
    tables = re.findall(r"INSERT INTO (\w+) \(id", WRITTEN)
    with database.engine.begin() as connection:
        for statement in statements:
            if statement.strip():
                connection.exec_driver_sql(statement)
        if not database.is_sqlite:
            for table in tables:
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
                )


def old_rows(database: Database) -> dict[str, list[str]]:
    """What Part 1 knew, read with nothing but SQL."""
    known = {
        "complaint": "reference, received_on, lead_team_id, owner_id, handler_id, closed_on, changes",
        "stage": "complaint_id, number, started_on, limit_days, maximum_days, original_due_on, due_on, ended_on, days_taken, "
        "band, outcome, finding, recorded_after, owner_id, lead_team_id",
        "event": "complaint_id, sequence, kind, stage, happened_on, recorded_at, actor_id",
        "free_text": "complaint_id, about, body",
        "learning_action": "complaint_id, text_id, owner_id, due_on, done_on",
        "outbox": "key, kind, person_id, complaint_id, state, not_before",
        "complaint_theme": "complaint_id, theme_id",
        "person": "slack_id, name",
        "appointment": "person_id, role, team_id",
    }
    with database.engine.connect() as connection:
        return {
            table: sorted(map(repr, connection.execute(text(f"SELECT {columns} FROM {table}")).all()))  # noqa: S608
            for table, columns in known.items()
        }


def test_an_upgraded_register_has_lost_nothing_and_nothing_in_it_differs(part_1: Database) -> None:
    before = old_rows(part_1)
    schema.upgrade(part_1)
    assert old_rows(part_1) == before
    with open_office(part_1).look(None, NOW) as desk:
        checked = checking.check(desk)
    assert checked.differences == ()
    assert (checked.complaints, checked.events) == (5, 15)


def test_the_models_and_an_upgraded_database_say_the_same(part_1: Database) -> None:
    schema.upgrade(part_1)
    schema.check(part_1)


def test_figures_are_as_they_were(office: Office) -> None:
    """By hand from the rows: two answered, on day 8 and on day 17 of an extension agreed in time; one withdrawn; two open."""
    with office.look(people.COMPLAINTS_MANAGER, NOW) as desk:
        table = figures.team_table(desk, parse("2026/27", desk.today))
    total = table.total
    assert (total.received, total.closed, total.not_proceeded, total.open) == (5, 2, 1, 2)
    assert (total.within_limit, total.agreed_extension, total.within_maximum, total.over_maximum) == (1, 1, 0, 0)
    assert (total.days, total.unallocated, total.overdue) == (25, 1, 1)
    assert total.outcomes == {"fault": 1, "no_fault": 1}


def test_columns_that_are_new_say_what_was_so_before(office: Office) -> None:
    with office.look(None, NOW) as desk:
        stages = desk.session.exec(select(Stage).order_by(col(Stage.complaint_id))).all()
    assert [stage.is_open for stage in stages] == [False, True, False, False, True]
    assert all(stage.opened_on == stage.counted_from == stage.started_on for stage in stages)
    assert all(stage.next_due_on == stage.due_on and stage.next_step is None for stage in stages)
    assert [stage.days_net for stage in stages] == [stage.days_taken for stage in stages] == [8, None, None, 17, None]
    assert [stage.acknowledged_on for stage in stages] == [date(2026, 10, 1), None, None, None, None]


def test_every_text_has_a_key_and_its_event_a_digest(office: Office) -> None:
    with office.look(None, NOW) as desk:
        texts = desk.session.exec(select(FreeText)).all()
        events = desk.session.exec(select(Event)).all()
    assert len({text.key for text in texts}) == len(texts) == 3
    assert all("digest" in event.data for event in events if "text" in event.data)
    assert sum("clock" in event.data for event in events) == 3


def test_an_old_complaint_can_be_acknowledged_extended_and_answered(office: Office) -> None:
    early = at("2026-11-16 10:00")
    with office.change(people.SECOND_MANAGER, early) as desk:
        register.claim(desk, OPEN)
    with office.change(people.SECOND_MANAGER, early) as desk:
        assert register.acknowledge(desk, OPEN).stage.acknowledged_on == early.date()
        asked = requests.ask_extension(
            desk, OPEN, Extension(until=date(2026, 11, 25), reason="Two services have to answer.")
        )
        request_id = asked.id or 0
    with office.change(people.COMPLAINTS_MANAGER, early) as desk:
        requests.decide(desk, request_id, granted=True)
    with office.change(people.SECOND_MANAGER, NOW) as desk:
        file = register.respond(desk, OPEN, Response(responded_on=NOW.date(), outcome="no_fault"))
        assert (file.stage.days_taken, file.stage.band) == (15, Band.AGREED_EXTENSION)
    with office.look(None, NOW) as desk:
        assert checking.check(desk).differences == ()


def test_an_old_closed_complaint_can_be_corrected_opened_again_and_asked_to_go_on(office: Office) -> None:
    with office.change(people.COMPLAINTS_MANAGER, NOW) as desk:
        wrong = register.corrections.Correction(field="ended_on", new="2026-10-07", reason="The letter has that date.")
        assert register.corrections.correct(desk, CLOSED, wrong).stage.days_taken == 7
    with office.change(people.HANDLER, NOW) as desk:
        register.endings.reopen(desk, CLOSED, "The complainant sent more.")
        asked = register.escalation.StageRequest(requested_on=NOW.date())
        register.escalation.request_stage(desk, EXTENDED, asked)
    with office.look(None, NOW) as desk:
        assert checking.check(desk).differences == ()
        assert views_complaint.complaint(desk, EXTENDED).line.number == 2


def test_what_waited_to_be_sent_still_waits_and_the_history_still_reads(office: Office) -> None:
    with office.look(None, NOW) as desk:
        assert len(desk.session.exec(select(OutboxRow)).all()) == 21
        history = views_history.history(desk, CLOSED)
    assert [entry.kind for entry in history.entries] == [
        EventKind.RECEIVED, EventKind.CLAIMED, EventKind.ACKNOWLEDGED, EventKind.RESPONDED, EventKind.ACTION_ADDED,
    ]  # fmt: skip


def test_a_promise_from_part_1_can_be_kept(office: Office) -> None:
    with office.change(people.SECOND_MANAGER, NOW) as desk:
        action_id = desk.session.exec(select(LearningAction.id)).one() or 0
        register.learning.action_done(desk, action_id, DONE)
    with office.change(people.HANDLER, NOW) as desk:
        register.learning.action_verified(desk, action_id)
    with office.look(None, NOW) as desk:
        assert checking.check(desk).differences == ()


def test_a_promise_that_was_kept_before_anybody_verified_is_over(part_1: Database) -> None:
    """The history of that time has no text of what was done, and nobody is asked now whether it was."""
    schema.upgrade(part_1, "0002")
    with part_1.engine.begin() as connection:
        connection.execute(text("UPDATE learning_action SET done_on = '2026-11-20'"))
    schema.upgrade(part_1)
    with part_1.engine.connect() as connection:
        row = connection.execute(text("SELECT done_on, verified_on, verified_by_id FROM learning_action")).one()
    assert [str(value) for value in row] == ["2026-11-20", "2026-11-20", "None"]


def test_what_was_said_of_a_stage_is_known_under_its_new_name_and_back_again(part_1: Database) -> None:
    schema.upgrade(part_1, "0002")
    said = "stage_id, rung, about, step, person_id, outbox_key, day"
    rows = "(3, 'due in 5', '2026-11-30', 0, 4, 'nudge:4:2026-11-23', '2026-11-23')"
    with part_1.engine.begin() as connection:
        connection.execute(text(f"INSERT INTO nudge_record ({said}) VALUES {rows}"))  # noqa: S608
    schema.upgrade(part_1)
    with part_1.engine.connect() as connection:
        found = connection.execute(text("SELECT subject, complaint_id, rung FROM nudge_record")).one()
        complaint = connection.execute(text("SELECT complaint_id FROM stage WHERE id = 3")).scalar_one()
    assert tuple(found) == ("stage:3", complaint, "due in 5")
    schema.downgrade(part_1, "0002")
    with part_1.engine.connect() as connection:
        assert connection.execute(text("SELECT stage_id FROM nudge_record")).scalar_one() == 3


def test_the_time_to_allocate_is_reckoned_from_what_the_history_knows(office: Office) -> None:
    with office.look(None, NOW) as desk:
        stages = desk.session.exec(select(Stage).order_by(col(Stage.complaint_id))).all()
        events = desk.session.exec(
            select(Event).where(col(Event.kind).in_([EventKind.CLAIMED, EventKind.ALLOCATED]))
        ).all()
        given = {event.complaint_id: event.happened_on for event in events if event.data.get("how") != "imported"}
        assert len(given) >= 3
        for stage in stages:
            first = given.get(stage.complaint_id)
            days = max(desk.calendar.between(stage.started_on, first), 0) if first else None
            assert stage.allocated_after == days


def test_taking_the_migration_back_and_running_it_again_keeps_what_was_recorded(part_1: Database) -> None:
    before = old_rows(part_1)
    for _ in range(2):
        schema.upgrade(part_1)
        schema.downgrade(part_1, "0001")
        assert old_rows(part_1) == before
        with part_1.engine.connect() as connection:
            acknowledged = connection.execute(text("SELECT acknowledged_on FROM complaint ORDER BY id")).scalars().all()
        assert [str(day) for day in acknowledged] == ["2026-10-01", "None", "None", "None", "None"]
    schema.upgrade(part_1)
    assert old_rows(part_1) == before
    with open_office(part_1).look(None, NOW) as desk:
        assert checking.check(desk).differences == ()
    schema.check(part_1)


def test_an_upgraded_database_is_built_like_a_new_one(part_1: Database, request: pytest.FixtureRequest) -> None:
    schema.upgrade(part_1)
    new = Database(request.getfixturevalue("sqlite_url" if part_1.is_sqlite else "postgres_url"))
    assert built(part_1) == built(new)
    new.close()


def built(database: Database) -> list[str]:
    """Tables, indexes, constraints and triggers as the database itself says them, spelled evenly."""
    question = (
        "SELECT coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        if database.is_sqlite
        else "SELECT pg_get_constraintdef(oid) || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
        "UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.engine.connect() as connection:
        found = connection.execute(text(question)).scalars().all()
    return sorted(_even(sql) for sql in found)


def _even(sql: str) -> str:
    """Spelled evenly: SQLite's tables list their constraints in the order in which a migration happened to write them."""
    pieces = re.sub(r'[\s"]+', " ", sql).strip().removesuffix(" )").split(", CONSTRAINT")
    return " ".join([pieces[0], *sorted(pieces[1:])])


def test_an_upgraded_sqlite_file_keeps_every_rule_that_the_models_ask_for(tmp_path: Path) -> None:
    """Building a table anew, which SQLite needs for some changes, drops what nobody thinks of."""
    upgraded = Database(f"sqlite:///{tmp_path / 'upgraded.db'}")
    schema.upgrade(upgraded, "0001")
    fill(upgraded)
    schema.upgrade(upgraded)
    asked = create_engine(f"sqlite:///{tmp_path / 'asked.db'}")
    metadata.create_all(asked)
    assert rules(upgraded.engine) == rules(asked)
    upgraded.close()
    asked.dispose()


def rules(engine: Engine) -> dict[str, set[str]]:
    """Per table: checks, uniques, foreign keys and indexes, and the columns that may not be empty."""
    found: dict[str, set[str]] = {}
    reflected = MetaData()
    reflected.reflect(engine)
    inspector = inspect(engine)
    for name, table in reflected.tables.items():
        if name == "alembic_version":
            continue
        found[name] = (
            {f"check {one['name']} {_even(str(one['sqltext']))}" for one in inspector.get_check_constraints(name)}
            | {f"unique {one['name']} {one['column_names']}" for one in inspector.get_unique_constraints(name)}
            # By what they say: SQLite tells no name of one that came with its column.
            | {
                f"foreign {one['constrained_columns']} {one['referred_table']} {one['referred_columns']}"
                for one in inspector.get_foreign_keys(name)
            }
            | {f"index {one['name']} {one['column_names']}" for one in inspector.get_indexes(name)}
            | {f"{column.name} {column.type} {column.nullable}" for column in table.columns}
        )
    return found
