"""Tables, digests and pages of figures, drawn for the largest council there could be, against what Slack refuses."""

from collections import Counter
from datetime import date

import pytest

from bot.blocks import behind, learned, monthly, names, nudge, status, themes
from storage import figures
from storage.figures import BehindLine, Counts, Share, TeamRow, TeamTable
from storage.figures.actions import ActionCounts, ActionRow, ActionTable
from storage.figures.notes import ReadBy
from storage.figures.themes import ThemeCounts, ThemeRow, ThemeTable
from storage.periods import Period
from storage.views_missing import Lack, Lacking, MissingList
from storage.vocabulary import Band
from tests.bot.blocks.samples import LABEL, NOW, PERSON_NAME, TEAM_NAME, TODAY, drawn, learning_note, line, long, shown


def counts(size: int) -> Counts:
    return Counts(
        received=size, not_proceeded=size, closed=size, within_limit=size, agreed_extension=0, within_maximum=size,
        over_maximum=size, days=size * 10, open=size, due_soon=size, overdue=size, unallocated=size,
        outcomes=Counter({"fault": size}), recorded_after=Counter({3: size}), recorded_late=size,
        allocated=size, days_to_allocate=size * 10,
    )  # fmt: skip


def table(*, teams: int, name: int, size: int, scope: str | None = None) -> TeamTable:
    total = Counts()
    rows = tuple(
        TeamRow(number, long(name, start=f"{number} "), counts(size * (number % 2))) for number in range(teams)
    )
    for row in rows:
        total += row.counts
    return TeamTable(
        period=Period.of(date(2026, 4, 1), date(2027, 3, 31)),
        as_at=TODAY,
        statutory=False,
        procedure="Children's statutory procedure",
        number=1,
        scope=scope,
        limit_days=10,
        maximum_days=20,
        due_soon_days=3,
        late_recording_days=2,
        green_percent=90,
        amber_percent=85,
        rows=rows,
        total=total,
        outcome_labels={"fault": "Fault found"},
    )


@pytest.mark.parametrize(
    ("teams", "name", "size"),
    [
        (0, 1, 0),
        (1, TEAM_NAME, 0),
        (60, TEAM_NAME, 0),
        (60, TEAM_NAME, 9),
        (60, 20, 9_999),
        (97, 20, 99),
        (98, 20, 9),
    ],
)
def test_a_team_table_is_valid_for_a_large_council(teams: int, name: int, size: int) -> None:
    now = table(teams=teams, name=name, size=size, scope=long(TEAM_NAME))
    drawn(status.status(now, None))
    drawn(status.status(now, table(teams=teams, name=name, size=size)))


CARRIES = {"team": "999999999", "first": "2026-04-01", "last": "2027-03-31", "procedure": "é" * 40, "stage": "9"}


@pytest.mark.parametrize(
    ("teams", "areas"), [(0, 1), (1, 1), (97, 3), (98, 1), (100, 1), (100, 100), (350, 1), (350, 90)]
)
def test_opening_a_number_is_valid_for_a_large_council(teams: int, areas: int) -> None:
    now = table(teams=teams, name=TEAM_NAME, size=1234, scope=long(TEAM_NAME))
    assert len(behind.value({**CARRIES, "row": "rest", "figure": "recording_delay"})) <= 2000
    drawn(status.status(now, now, opens=behind.value(CARRIES)))
    rows = behind.rows(now, None)
    under = {str(number): long(TEAM_NAME, start=f"{number % areas} ") for number in range(teams)}
    offered: set[str] = set()
    for row in (
        behind.TOTAL,
        behind.UNALLOCATED,
        *([behind.REST] if teams > 97 else []),
        *map(str, range(min(teams, 2))),
    ):
        form = behind.form(now, rows, under, CARRIES, row=row)
        shown(form)
        (element,) = [block["element"] for block in form["blocks"] if block.get("block_id") == "row"]
        assert element["initial_option"]["value"] == row
        offered = {option["value"] for group in element["option_groups"] for option in group["options"]}
    assert offered == set(rows)
    assert set(map(str, range(teams))) < offered
    name, received = (cell["text"] for cell in status.grid(now)["rows"][-3][:2]) if teams else ("", "")
    assert (behind.REST in rows) is ("more teams" in name)
    assert behind.REST in rows or teams <= 97
    if behind.REST in rows:
        rest = rows[behind.REST]
        assert (name, received) == (rest.name, f"{rest.counts.received:,}")
        assert len(rest.team_ids or ()) == int(name.split()[1])


@pytest.mark.parametrize("amount", [0, 1, 25, 26, 1000])
@pytest.mark.parametrize("key", ["on_time", "average_days", "escalation", "overdue"])
@pytest.mark.parametrize("state", ["closed", "open", "open again", "not answered"])
def test_a_list_behind_a_number_is_valid_on_every_page(amount: int, key: str, state: str) -> None:
    what = figures.figure(key)
    counted = Counts(within_limit=amount, closed=amount, next_received=amount, overdue=amount)
    row = behind.Row(long(TEAM_NAME), f"of {long(TEAM_NAME)}", counted, frozenset({1}))
    opened = behind.Number(table(teams=100, name=TEAM_NAME, size=amount), row, what, row.opens(key) or "")
    one = BehindLine(
        reference="ABCDEF-2026-000001",
        stage_title=long(LABEL),
        team=long(TEAM_NAME),
        started_on=TODAY,
        due_on=TODAY,
        days_left=-1234 if state.startswith("open") else None,
        ended_on=None if state == "open" else TODAY,
        days_taken=1234 if state == "closed" else None,
        band=Band.OVER_MAXIMUM if state == "closed" else None,
        owner=long(PERSON_NAME) if state != "open" else None,
    )
    seen = 0
    for first in range(0, max(amount, 1), behind.PAGE):
        lines = [one] * min(behind.PAGE, amount - first)
        view = behind.page(opened, lines, first=first, now=NOW, carries={**CARRIES, "row": "rest", "figure": key})
        shown(view)
        seen += str(view).count("*ABCDEF-2026-000001*")
        last = first + behind.PAGE >= amount
        assert (names.Action.NUMBER_NEXT in str(view)) is not last
        assert (names.Action.NUMBER_PREVIOUS in str(view)) is (first > 0)
    assert seen == amount


@pytest.mark.parametrize(("parts", "teams"), [(1, 0), (1, 60), (4, 15), (5, 10), (40, 2)])
@pytest.mark.parametrize("late", [0, 1, 11, 100])
@pytest.mark.parametrize("lacking", [None, 0, 1, 1000])
def test_a_monthly_page_is_valid_however_many_teams_overdue_complaints_and_gaps_there_are(
    parts: int, teams: int, late: int, lacking: int | None
) -> None:
    shown = [
        monthly.Part(
            table(teams=teams, name=TEAM_NAME, size=9, scope=long(TEAM_NAME)),
            table(teams=teams, name=TEAM_NAME, size=9),
            ActionCounts(on_time=1234, late=1, open=1, overdue=1, to_verify=1),
        )
        for _ in range(parts)
    ]
    references = tuple(f"ABCDEF-2026-{number:06d}" for number in range(lacking or 0))
    gaps = tuple(Lacking(lack, references) for lack in Lack) if references else ()
    missing = None if lacking is None else MissingList(shown[0].table.period, 1000, gaps)
    overdue = [line(number) for number in range(1, late + 1)]
    drawn(monthly.monthly(long(PERSON_NAME), shown, overdue, missing))


@pytest.mark.parametrize(("services", "teams"), [(0, 0), (1, 60), (3, 20), (10, 6)])
@pytest.mark.parametrize("late", [0, 1, 10, 11, 100])
def test_a_digest_is_valid_however_many_services_and_overdue_complaints_there_are(
    services: int, teams: int, late: int
) -> None:
    tables = [table(teams=teams, name=TEAM_NAME, size=9, scope=long(TEAM_NAME)) for _ in range(services)]
    drawn(nudge.digest(long(PERSON_NAME), tables, [line(number) for number in range(1, late + 1)]))


def theme_table(count: int, size: int) -> ThemeTable:
    now, before = ThemeCounts(size, size, size // 2), ThemeCounts(size * 2, size, size)
    rows = tuple(ThemeRow(one, long(LABEL, start=f"{one} "), now, before, size, one % 2 == 0) for one in range(count))
    period = Period.of(date(2026, 4, 1), date(2027, 3, 31))
    extra = [ThemeRow(None, name, now, before) for name in ("Without a theme", "All complaints")]
    return ThemeTable(period, period.year_earlier(), TODAY, long(LABEL), rows, *extra)


@pytest.mark.parametrize("count", [0, 1, 5, 96, 97, 200])
@pytest.mark.parametrize("size", [0, 1, 99_999])
def test_a_table_of_themes_is_valid_however_many_there_are(count: int, size: int) -> None:
    for may_widen in (True, False):
        drawn(themes.themes(theme_table(count, size), may_widen=may_widen))


@pytest.mark.parametrize(("teams", "notes"), [(0, 0), (1, 1), (60, 11), (97, 60), (200, 60)])
def test_the_answer_about_learning_is_valid_however_much_there_is(teams: int, notes: int) -> None:
    counts = ActionCounts(99_999, 99_999, 99_999, 99_999, 99_999)
    rows = tuple(ActionRow(number, long(TEAM_NAME, start=f"{number} "), counts) for number in range(teams))
    read = [ReadBy(number, long(TEAM_NAME, start=f"{number} "), Share(9_999, 99_999)) for number in range(5, teams + 5)]
    table = ActionTable(Period.of(date(2026, 4, 1), date(2027, 3, 31)), rows, counts)
    drawn(learned.learned(table, [learning_note(number, teams) for number in range(notes)], read, Share(1, 2)))
