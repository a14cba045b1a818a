"""A report is asked for, built by the worker, and sent into the thread of the message that said so; once, whatever happens."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from bot import app as bolt
from bot.demo import county
from bot.demo.county import CHANNEL
from bot.practice.person import Person, written
from storage import register
from storage.models import ReportRequest
from storage.register import NewComplaint, Response
from tests.roads.town import Town, open_town

pytestmark = pytest.mark.slow
YEAR = "2026/27"
ENDINGS = {".xlsx", ".csv", ".html"}


@pytest.fixture
def town(way: tuple[str, str]) -> Iterator[Town]:
    with open_town(*way, rates="off") as opened:
        fill(opened)
        yield opened


def fill(town: Town) -> None:
    """Some complaints of two teams over the year, most of them answered."""
    for team, received, answered in (
        ("First Response", date(2026, 5, 5), date(2026, 5, 12)),
        ("First Response", date(2026, 10, 5), date(2026, 10, 30)),
        ("First Response", date(2026, 11, 16), None),
        ("Children in Care", date(2026, 10, 6), date(2026, 10, 9)),
    ):
        with town.wired.office.change("U0HESTER", town.server.clock.now()) as desk:
            found = desk.teams.named(team)
            assert found is not None
            reference = register.record(desk, NewComplaint(received_on=received, lead_team_id=found.id)).reference
            if answered is not None:
                register.respond(desk, reference, Response(responded_on=answered, outcome="no_fault"))


def ask(town: Town, words: str, who: str = "U0CORA") -> Person:
    person = town.person(who)
    person.command(f"/complaint report {words}", channel=CHANNEL)
    person.wait_for_message(CHANNEL, "is being built")
    return person


def files_of(town: Town, person: Person) -> dict[str, bytes]:
    """The files in the thread of the message about the report, by name; each once."""
    client, direct = bolt.client(town.wired.settings), person.dm_with_app()
    (message,) = [one for one in client.conversations_history(channel=direct)["messages"] if "report of" in one["text"]]
    replies = client.conversations_replies(channel=direct, ts=message["ts"])["messages"][1:]
    found = [file for reply in replies for file in reply.get("files", ())]
    assert len({file["name"] for file in found}) == len(found)
    return {file["name"]: downloaded(file) for file in found}


def downloaded(file: dict[str, Any]) -> bytes:
    asked = Request(file["url_private_download"], headers={"Authorization": f"Bearer {county.BOT_TOKEN}"})  # noqa: S310 - ours
    with urlopen(asked) as answer:  # noqa: S310 - the practice workspace on this machine
        content: bytes = answer.read()
    return content


def reports_begun(town: Town) -> int:
    with town.wired.database.reading() as session:
        return len(session.exec(select(ReportRequest)).all())


def test_the_annual_report_comes_as_three_files_and_the_message_says_so(town: Town) -> None:
    cora = ask(town, f"{YEAR}")
    town.beat()
    direct = cora.dm_with_app()
    assert "is in the thread" in written(cora.wait_for_message(direct, "report of 2026/27"))
    found = files_of(town, cora)
    assert {name[name.rindex(".") :] for name in found} == ENDINGS
    # The same numbers as /complaint status.
    cora.command(f"/complaint status {YEAR}", channel=CHANNEL)
    status = cora.wait_for_message(CHANNEL, "Stage 1 complaints, 2026/27")
    table = next(block for block in status["blocks"] if block["type"] == "data_table")
    head, total = ([cell["text"] for cell in table["rows"][place]] for place in (0, -1))
    shown = dict(zip(head, total, strict=True))
    book = load_workbook(io.BytesIO(next(content for name, content in found.items() if name.endswith(".xlsx"))))
    sheet = next(one for one in book.worksheets if str(one["A1"].value).startswith("Stage 1 by team"))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heading = next(row for row in rows if row[0] == "Team")
    totals = next(row for row in rows if row[0] == "Total")
    assert str(totals[heading.index("Received")]) == shown["Received"]
    assert str(totals[heading.index("Open")]) == shown["Open"]
    page = next(content for name, content in found.items() if name.endswith(".html")).decode()
    assert shown["On time"] in re.sub("<[^>]+>", "", page)
    plain = next(content for name, content in found.items() if name.endswith(".csv")).decode("utf-8-sig")
    assert any(row[:2] == ["Total", shown["Received"]] for row in csv.reader(io.StringIO(plain)))


def test_the_button_under_the_figures_builds_the_report_of_their_period(town: Town) -> None:
    cora = town.person("U0CORA")
    cora.command("/complaint status October 2026", channel=CHANNEL)
    status = cora.wait_for_message(CHANNEL, "Stage 1 complaints, October 2026")
    cora.click(status, "report")
    cora.wait_for_message(CHANNEL, "report of October 2026 is being built")
    town.beat()
    assert {name[name.rindex(".") :] for name in files_of(town, cora)} == ENDINGS


def test_while_it_is_being_built_the_same_one_is_not_begun_again(town: Town) -> None:
    cora = ask(town, "October 2026")
    cora.command("/complaint report October 2026", channel=CHANNEL)
    cora.wait_for_message(CHANNEL, "is being built already")
    town.beat()
    assert len(files_of(town, cora)) == 3
    assert town.wired.reports().run() == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [("2030/31", "has not begun"), ("the day after", "last month"), ("next year", "last month")],
)
def test_a_period_that_is_none_or_not_yet_says_so(town: Town, words: str, said: str) -> None:
    cora = town.person("U0CORA")
    cora.command(f"/complaint report {words}", channel=CHANNEL)
    cora.wait_for_message(CHANNEL, said)
    town.beat()
    assert reports_begun(town) == 0


def test_small_numbers_are_withheld_when_that_is_asked_for(town: Town) -> None:
    cora = ask(town, f"{YEAR} withhold small numbers")
    town.beat()
    page = next(content for name, content in files_of(town, cora).items() if name.endswith(".html")).decode()
    assert "&lt;5" in page
    assert "Counts of 1 to 4 are shown as" in page


def test_what_a_worker_sent_before_it_died_is_not_sent_again(town: Town) -> None:
    cora = ask(town, "October 2026")
    town.delivery.run()
    # It had sent one file when it died; its lease is over, and another takes the report in hand.
    direct, client = cora.dm_with_app(), bolt.client(town.wired.settings)
    (message,) = [one for one in client.conversations_history(channel=direct)["messages"] if "report of" in one["text"]]
    client.files_upload_v2(
        channel=direct, thread_ts=message["ts"], filename=f"complaints-{date(2026, 10, 1)}-to-2026-10-31.csv",
        title="half", file=b"half",
    )  # fmt: skip
    town.beat()
    found = files_of(town, cora)
    assert len(found) == 3
    assert b"half" in found.values()


def test_files_that_slack_does_not_take_now_are_sent_when_it_does(town: Town) -> None:
    cora = ask(town, "October 2026")
    town.delivery.run()
    cora.add_fault("error", method="files.getUploadURLExternal", share=1.0)
    assert town.wired.reports().run() == 0
    cora.clear_faults()
    town.server.clock.advance(timedelta(minutes=6))
    town.beat()
    assert len(files_of(town, cora)) == 3
