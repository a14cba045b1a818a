"""The whole app as Slack meets it, in front of a register with one of everything in it, which is the same before each input."""

import io
import json
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from urllib.parse import urlencode

from prometheus_client import CollectorRegistry
from slack_sdk import WebClient
from sqlalchemy import Connection, event, text
from structlog.testing import capture_logs

from bot import app as bolt
from bot.cli.demo import settings
from bot.demo import county
from bot.health import Health
from bot.practice.http_post import signature
from bot.web import EVENTS_PATH, Pages, Wsgi, application
from jobs.messages import NotYet
from storage import checking
from storage.database import Database
from storage.office import Office
from tests.conftest import open_office
from tests.fuzz import judge, world
from tests.fuzz.slack import APP, Call, Slack
from tests.jobs import outbox
from tests.patience import PATIENT

Json = dict[str, Any]
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# Of Slack's three seconds, counted in work and not in waiting, so that a busy machine is no defect of ours.
SLACKS_SECONDS = 3.0


class _AtOnce(Executor):
    """What follows an answer is done before anything else is asked."""

    def submit(self, act: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(act(*given, **named))
        return done


class _Kept(logging.Handler):
    """Warnings of the libraries, as entries beside our own."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.entries: list[Json] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.entries.append({"log_level": record.levelname.lower(), "event": record.getMessage(), "what": record.name})


@dataclass
class Answered:
    """What came of one request."""

    status: int
    content: Any
    calls: list[Call]
    log: list[Json]
    changed: bool
    seconds: float
    blocks: list[Json] = field(default_factory=list)

    def problems(self, *, expected: tuple[str, ...] = ()) -> list[str]:
        """What must not be. `expected`: refusals of Slack's, and kinds of log lines, that this input brings about by itself."""
        found = [] if self.status == 200 else [f"HTTP {self.status}: {self.content}"]
        found += [f"{self.seconds:.1f} s of work"] if self.seconds > SLACKS_SECONDS else []
        found += judge.answer(self.content, self.blocks)
        found += judge.log(self.log, expected=expected)
        for call in self.calls:
            if call.error is not None and call.error not in expected:
                found.append(f"{call.method} was refused: {call.error}: {call.answered[:500]} {str(call.given)[:1500]}")
            if call.given.get("view"):
                found += judge.view(call.said)
            elif call.given.get("text") or call.given.get("blocks"):
                found += judge.message(call.given)
        return found


class Site:
    """One county's app. `put_back` makes its register what it was."""

    def __init__(self, database_url: str, slack: Slack, put_back: Callable[[], None]) -> None:
        self.slack, self._put_back = slack, put_back
        self.database = Database(database_url, waits=PATIENT)
        self.office: Office = open_office(self.database)
        given = settings(slack.api_url, database_url)
        self._app = bolt.build(given, self.office, clock=lambda: world.NOW, background=_AtOnce())
        self._wsgi: Wsgi = application(self._app, Pages(Health, CollectorRegistry()), secret=county.SIGNING_SECRET)
        self.client: WebClient = bolt.client(given)
        # Somewhere in the channel for buttons to stand on.
        self.card = str(self.client.chat_postMessage(channel=county.CHANNEL, text="A card")["ts"])
        self.slack.forget()
        self._kept, self._submitted = _Kept(), count()
        self._changed = False
        event.listen(self.database.engine, "commit", self._committed)

    def _committed(self, connection: Connection) -> None:
        self._changed |= connection.get_execution_options().get("sqlite_begin") == "BEGIN IMMEDIATE"

    def command(self, user: str, text: str, channel: str = county.CHANNEL) -> Answered:
        """Types a command, as Slack passes it on."""
        return self.post(
            _form(
                {
                    "token": "practice",
                    "team_id": "T0PRACTICE",
                    "team_domain": "practice",
                    "channel_id": channel,
                    "channel_name": "privategroup",
                    "user_id": user,
                    "user_name": user.lower(),
                    "command": "/complaint",
                    "text": text,
                    "api_app_id": APP,
                    "is_enterprise_install": "false",
                    "response_url": self.slack.response_url(user),
                    "trigger_id": self.slack.trigger(user),
                }
            )
        )

    def interact(self, kind: str, user: str, **more: Any) -> Answered:
        """A press, a submission, a shortcut or a question for options."""
        payload = {
            "type": kind,
            "team": {"id": "T0PRACTICE", "domain": "practice"},
            "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T0PRACTICE"},
            "api_app_id": APP,
            "token": "practice",
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self.slack.trigger(user),
            **more,
        }
        answered = self.post(_form({"payload": json.dumps(payload)}))
        view = payload.get("view")
        answered.blocks = view["blocks"] if isinstance(view, dict) else []
        return answered

    def press(self, user: str, action: Mapping[str, Any], **more: Any) -> Answered:
        """A press of a button, or a choice, in a message of the complaints channel."""
        given = {"block_id": "card", "type": "button", "action_ts": "1764000000.000100", **action}
        place = {"type": "message", "message_ts": self.card, "channel_id": county.CHANNEL, "is_ephemeral": False}
        url = self.slack.response_url(user, self.card)
        return self.interact(
            "block_actions", user, **{"container": place, "response_url": url, "actions": [given], **more}
        )

    def press_in(self, user: str, view: Json, action: Mapping[str, Any]) -> Answered:
        """The same in a modal or a Home tab."""
        given = {"block_id": "fuzz", "type": "button", "action_ts": "1764000000.000100", **action}
        place = {"type": "view", "view_id": view.get("id")}
        return self.interact("block_actions", user, container=place, view=view, actions=[given])

    def submit(self, user: str, view: Json) -> Answered:
        """A submission of a modal as it stands; each is a modal of its own, since one is saved only once."""
        own = {**view, "id": f"V0FUZZ{next(self._submitted)}"}
        return self.interact("view_submission", user, view=own, response_urls=[])

    def event(self, event: Mapping[str, Any]) -> Answered:
        """Something that Slack tells of."""
        payload = {
            "token": "practice",
            "team_id": "T0PRACTICE",
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev0FUZZ",
            "event_time": int(world.NOW.timestamp()),
            "authorizations": [{"team_id": "T0PRACTICE", "user_id": county.BOT, "is_bot": True}],
        }
        return self.post(json.dumps(payload).encode(), JSON)

    def opened(self, user: str, view: Json) -> Json:
        """A modal as it stands in somebody's Slack, with the ids that Slack gave it."""
        answer = self.client.views_open(trigger_id=self.slack.trigger(user), view=view)
        found: Json = answer["view"]
        self.slack.heard.clear()
        return found

    def post(self, body: bytes, content_type: str = FORM, **changed: str | None) -> Answered:
        """A signed request to the app's own WSGI application. `changed`: what else its environment says, None for nothing."""
        stamp = str(int(time.time()))
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": EVENTS_PATH,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_X_SLACK_REQUEST_TIMESTAMP": stamp,
            "HTTP_X_SLACK_SIGNATURE": signature(county.SIGNING_SECRET, stamp, body),
            "wsgi.input": io.BytesIO(body),
            **changed,
        }
        environ = {name: value for name, value in environ.items() if value is not None}
        status: list[str] = []
        self._changed = False
        with self._logged() as entries:
            started = time.process_time()
            content = b"".join(self._wsgi(environ, lambda said, _headers: status.append(said))).decode()
            seconds = time.process_time() - started
        calls = list(self.slack.heard)
        self.slack.heard.clear()
        return Answered(int(status[0].split()[0]), _loaded(content), calls, entries, self._changed, seconds)

    @contextmanager
    def _logged(self) -> Iterator[list[Json]]:
        self._kept.entries.clear()
        root = logging.getLogger()
        root.addHandler(self._kept)
        entries: list[Json] = []
        try:
            with capture_logs() as ours:
                yield entries
        finally:
            root.removeHandler(self._kept)
            entries += [*map(dict, ours), *self._kept.entries]

    def aftermath(self) -> list[str]:
        """What is wrong with what others will be told because of the last request, or with the register itself."""
        found: list[str] = []
        for row in outbox.take(self.office, world.NOW):
            try:
                ready = outbox.say(self.office, world.NOW, row)
            except NotYet:
                continue
            found += judge.told(ready.message) if ready is not None else []
        with self.office.look(None, world.NOW) as desk:
            found += [f"{one.reference}: {one.what}" for one in checking.check(desk).differences]
        return found

    def put_back(self) -> None:
        """The register as it was before, and nothing left of what was said."""
        self._put_back()
        self.slack.forget()

    def judge(self, answered: Answered, *, expected: tuple[str, ...] = ()) -> None:
        """Fails with what must not be; then puts the register back, if it was changed."""
        problems = answered.problems(expected=expected)
        if answered.changed:
            try:
                problems += self.aftermath()
            finally:
                self.put_back()
        self.slack.forget()
        assert not problems, "\n".join(problems[:10])


def _form(fields: Mapping[str, str]) -> bytes:
    # What no UTF-8 can say is sent as the three bytes that some programs make of it.
    return urlencode(fields, errors="surrogatepass").encode()


def _loaded(content: str) -> Any:
    try:
        return json.loads(content) if content.strip() else None
    except ValueError:
        return content


@contextmanager
def open_slack() -> Iterator[Slack]:
    with Slack(replace(county.workspace(start=world.NOW), rates="off")) as slack:
        yield slack


def copied(database: Database) -> Callable[[], None]:
    """Makes a copy of what is in a database; what is returned puts it back."""
    return _copied_file(database) if database.is_sqlite else _copied_tables(database)


def _copied_tables(database: Database) -> Callable[[], None]:
    """Copies stand in a schema of their own. Triggers and foreign keys rest while everything is put back."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
        connection.exec_driver_sql(connection.execute(text(_KEEPING)).scalar_one())
        putting = connection.execute(text(_PUTTING_BACK)).scalar_one()
    other = Database(database.url.render_as_string(hide_password=False), waits=PATIENT)

    def put_back() -> None:
        with other.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(putting)
        other.close()

    return put_back


_TABLES = "FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_KEEPING = f"SELECT string_agg(format('CREATE TABLE kept.%I AS TABLE public.%I', tablename, tablename), '; ') {_TABLES}"
_PUTTING_BACK = f"""
    SELECT 'BEGIN; SET LOCAL session_replication_role = replica; '
        || (SELECT string_agg(format('DELETE FROM public.%I; INSERT INTO public.%I SELECT * FROM kept.%I',
                                     tablename, tablename, tablename), '; ') {_TABLES})
        || '; COMMIT'
"""  # noqa: S608 - as above


def _copied_file(database: Database) -> Callable[[], None]:
    kept = sqlite3.connect(":memory:")
    path = str(database.url.database)
    with sqlite3.connect(path) as source:
        source.backup(kept)
    source.close()

    def put_back() -> None:
        target = sqlite3.connect(path)
        kept.backup(target)
        target.close()

    return put_back
