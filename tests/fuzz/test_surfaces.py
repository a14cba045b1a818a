"""Words that would harm, stored as anybody may store them, and every place that shows them to others."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlmodel import col, select

from bot import tracker
from bot.cli.readable import readable
from bot.papers import files, pack
from bot.papers.html import as_html
from jobs import messages
from jobs.around import Around
from jobs.staff import Staff
from jobs.tick import tick
from storage import subject_access, views_commitments, views_history
from storage.database import Database
from storage.models import Complaint, OutboxRow
from storage.office import Office
from storage.periods import parse
from storage.sending import Leased
from storage.vocabulary import MessageKind, OutboxState
from tests.bot.papers import samples
from tests.conftest import open_office
from tests.fuzz import judge, registry, views, words, world
from tests.fuzz.effort import Tries, inputs
from tests.fuzz.site import Site
from tests.fuzz.slack import Slack
from tests.fuzz.world import World
from tests.jobs import outbox

pytestmark = pytest.mark.slow

# The week's Monday with its digests, the first working day of a month, and days after everything was due.
MOMENTS = (
    world.NOW,
    *(datetime.fromisoformat(f"{day}T10:00:00+00:00") for day in ("2026-11-30", "2026-12-01", "2027-01-20")),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?[\d.,]+")
Pages = set[tuple[str, str]]


class _Shape(HTMLParser):
    """Which elements a page has and with which attributes; `wrong` is what none of ours may have."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[tuple[str, str]] = set()
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, name) for name, _value in attrs} | {(tag, "")}
        self.wrong += [
            f"{tag} {name}={value}" for name, value in attrs if name == "href" and not str(value).startswith("#")
        ]

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"a comment: {data}")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(f"a declaration: {data}")


@contextmanager
def built(template: Path, folder: Path, says: Callable[[str], str]) -> Iterator[tuple[World, Database]]:
    """A county whose people wrote this."""
    path = folder / "surfaces.db"
    for beside in ("", "-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    path.write_bytes(template.read_bytes())
    database = Database(f"sqlite:///{path}")
    try:
        made = World(open_office(database), says).build()
        made.rename()
        yield made, database
    finally:
        database.close()


@pytest.fixture(scope="module")
def shape() -> Pages:
    """What pages are made of where nobody wrote anything harmful."""
    harmless = (samples.committee_paper(), samples.long_paper(), samples.paper())
    # Where a word is long it may be broken.
    return {("wbr", "")}.union(*(_Shape(as_html(paper)).found for paper in harmless))


def papers(office: Office, ending: str) -> Iterator[bytes]:
    """The reports that there are, as files."""
    with office.look(world.IN_CHARGE, world.NOW) as desk:
        for period in ("2026/27", "this month"):
            for small in (False, True):
                written = files.write(pack.report(desk, parse(period, desk.today), small=small), ending)
                assert written is not None
                yield written


def pages(office: Office) -> Iterator[str]:
    return (page.decode() for page in papers(office, "html"))


@inputs(1, share=0.0005, shrinks=False)
@given(first=st.integers(0, 500), step=st.integers(1, 60), generated=st.lists(words.shown(), min_size=5, max_size=5))
def test_what_was_written_harms_nobody_wherever_it_is_shown(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    slack: Slack,
    shape: Pages,
    tries: Tries,
    *,
    first: int,
    step: int,
    generated: list[str],
) -> None:
    if tries.over():
        return
    turn = count(first, step)

    def says(_place: str) -> str:
        """Every word of harm in turn, with another or a sentence behind it; now and then something generated."""
        at = next(turn)
        behind = (*words.HARM, *words.PLAIN, "")
        return (
            generated[at % 5] if at % 7 == 0 else f"{words.HARM[at % len(words.HARM)]} {behind[at * 3 % len(behind)]}"
        )

    with built(sqlite_template, tmp_path_factory.mktemp("harm"), says) as (made, database):
        tries.tried += made.written - 1
        assert made.written > 3 * made.plainly, "most of it is refused, and so is shown nowhere"
        problems = [
            *told(made.office),
            *spreadsheets(made.office),
            *on_paper(made.office, shape),
            *exported(made.office),
        ]
        site = Site(str(database.url), slack, lambda: None)
        problems += [*in_slack(site), *site.aftermath()]
        site.database.close()
        assert not problems, "\n".join(problems[:12])


def in_slack(site: Site) -> Iterator[str]:
    """What people are shown who ask for it: commands, one complaint and its history, the Home tab, every form."""
    for name in set(registry.subcommands()) - {"show", "history", "listen", "back", "report"}:
        yield from site.command(world.IN_CHARGE, name).problems()
    for who in world.STAFF:
        yield from site.event({"type": "app_home_opened", "user": who, "tab": "home"}).problems()
        yield from site.command(who, "mine").problems()
    for reference in all_references(site.office)[-8:]:
        for name in ("show", "history"):
            yield from site.command(world.IN_CHARGE, f"{name} {reference}").problems()
        yield from site.press(world.IN_CHARGE, {"action_id": "more", "value": reference}).problems()
    for who in (world.IN_CHARGE, world.OWNER):
        yield from site.command(world.IN_CHARGE, f"sent <@{who}|x>").problems()
        yield from site.command(who, "handover").problems()
    found = views.gather(site)
    for view in found.every:
        yield from judge.view(view)
    yield from _numbers_opened(site, found.by_id["open_number"])


def _numbers_opened(site: Site, forms: list[Any]) -> Iterator[str]:
    """The complaints behind each number of the whole."""
    for form in forms[:1]:
        offered = next(block["element"]["options"] for block in form["blocks"] if block.get("block_id") == "figure")
        for option in offered:
            values = {
                "row": {"x": {"selected_option": {"value": "total"}}},
                "figure": {"x": {"selected_option": option}},
            }
            yield from site.submit(world.IN_CHARGE, {**form, "state": {"values": values}}).problems()


def told(office: Office) -> Iterator[str]:
    """What goes to channels and to people by itself, now and on days when more is due."""
    _cards_stand(office)
    for moment in MOMENTS:
        tick(office, moment)
        for row in outbox.take(office, moment):
            yield from _rendered(office, moment, row)


def _rendered(office: Office, moment: datetime, row: Leased) -> Iterator[str]:
    with office.look(None, moment) as desk:
        try:
            ready = messages.render(desk, row, Around(Staff(desk), outbox.CHANNEL))
        except messages.NotYet:
            return
    if ready is not None:
        yield from (f"{row.kind.value}: {problem}" for problem in judge.told(ready.message))


def _cards_stand(office: Office) -> None:
    """Cards are there, so that what happened since goes into their threads."""
    with office.database.writing() as session:
        for row in session.exec(select(OutboxRow).where(OutboxRow.kind == MessageKind.CARD)).all():
            row.channel, row.ts, row.sent_at = outbox.CHANNEL, f"1764000000.{row.id:06d}", world.NOW - timedelta(days=1)
            row.state = OutboxState.PENDING


def spreadsheets(office: Office) -> Iterator[str]:
    """No cell is a formula, in whatever program."""
    with office.look(None, world.NOW) as desk:
        lines = views_commitments.every(desk)
    for content in (*papers(office, "csv"), tracker.as_csv(lines)):
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            yield from (
                f"a formula in CSV: {one!r}" for one in row if one.startswith(FORMULA) and not NUMBER.fullmatch(one)
            )
    for content in (*papers(office, "xlsx"), tracker.as_xlsx(lines)):
        for sheet in load_workbook(io.BytesIO(content)).worksheets:
            for cells in sheet.iter_rows():
                yield from (
                    f"a cell that is no text: {one.value!r}"
                    for one in cells
                    if one.data_type not in {"s", "n", "inlineStr"}
                )
                yield from (
                    f"a link: {one.hyperlink.target!r}" for one in cells if one.hyperlink and one.hyperlink.target
                )


def on_paper(office: Office, shape: Pages) -> Iterator[str]:
    """A page has no element and no attribute but those of its template."""
    for page in pages(office):
        found = _Shape(page)
        yield from (f"not in the template: {one}" for one in found.found - shape)
        yield from found.wrong


def exported(office: Office) -> Iterator[str]:
    """What somebody gets who asks for all that is held: it is JSON, and its text has each of its headings once."""
    for reference in all_references(office):
        with office.look(None, world.NOW) as desk:
            found: dict[str, Any] = subject_access.everything(desk, reference)
            history = views_history.history(desk, reference)
        if json.loads(json.dumps(found)) != found:
            yield f"{reference} is exported as something else"
        text = readable(found, history)
        if not text.startswith(f"Everything the complaints register holds about {reference}"):
            yield f"{reference} is not what its export is about"
        orders = {letter for letter in text if unicodedata.category(letter) == "Cc"} - {"\n", "\t"}
        yield from (f"an order to the terminal: {letter!r}" for letter in orders)


def all_references(office: Office) -> list[str]:
    """Every complaint; those of the demo, which say little, come first."""
    with office.database.reading() as session:
        return list(session.exec(select(Complaint.reference).order_by(col(Complaint.id))).all())
