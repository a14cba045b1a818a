"""The practice workspace as a server: one port that unchanged Slack code talks to, and a page for people."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from bot.practice.acts import Acts
from bot.practice.api import WebApi
from bot.practice.clock import Clock
from bot.practice.delivery import Delivery
from bot.practice.errors import SlackError
from bot.practice.events import Events
from bot.practice.faults import Faults
from bot.practice.feed import Feed
from bot.practice.files import Files
from bot.practice.guide import Guide
from bot.practice.links import Links
from bot.practice.modals import Modals
from bot.practice.page import Page
from bot.practice.responding import respond
from bot.practice.seed import Seed
from bot.practice.tickets import ResponseUrls, Triggers
from bot.practice.transports import Transports
from bot.practice.uploads import uploaded_bytes
from bot.practice.workspace import Workspace

STATIC = Path(__file__).parent / "static"
START_SECONDS = 20
NO_PAGE = "The practice workspace is running. Its page is not installed."


class PracticeServer:
    """A workspace on a port of its own, in a thread of its own. Several in one process share nothing.

    `url` and `api_url` (for SLACK_API_URL) are known from the start; `clock` may be read and moved from any thread, and
    `clock_moved` is called after each move. `guide`, when there is one, is shown above the conversations.
    """

    def __init__(self, seed: Seed, *, port: int = 0, host: str = "127.0.0.1") -> None:
        """Bind the port (a free one for 0). Raises OSError when it is taken."""
        self.seed = seed
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._socket.bind((host, port))
        except OSError:
            self._socket.close()
            raise
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        self.api_url = f"{self.url}/api/"
        self.clock = Clock(seed.start, moved=self._clock_moved)
        self.clock_moved: Callable[[], None] = lambda: None
        self.guide: Guide | None = None
        self._feed = Feed()
        self._workspace = Workspace(seed, self.clock, self._feed)
        self.files = Files(self._workspace.ids)
        self.triggers = Triggers(seed.timing)
        self._urls = ResponseUrls(seed.timing, self.url)
        self._faults = Faults()
        self._transports = Transports()
        self.links = Links(cut=self._transports.cut, changed=lambda: self._feed.tell("people"))
        self._delivery = Delivery(self.links, seed.timing, self._faults)
        self._events = Events(self._workspace, self._delivery)
        self._workspace.happened = self._events.happened
        self._stopping = asyncio.Event()
        self._started = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                self._application(),
                http=self._transports.protocol(),
                ws="websockets-sansio",
                log_config=None,
                access_log=False,
                lifespan="on",
                timeout_graceful_shutdown=1,
            )
        )

    def _application(self) -> Starlette:
        api = WebApi(
            site=self,
            workspace=self._workspace,
            faults=self._faults,
            transports=self._transports,
            stopping=self._stopping,
        )
        acts = Acts(self._workspace, self._delivery, self._events, self.triggers, self._urls)
        page = Page(
            workspace=self._workspace,
            acts=acts,
            modals=Modals(acts),
            api=api,
            faults=self._faults,
            links=self.links,
            guide=lambda: self.guide,
        )
        return Starlette(
            routes=[
                Route("/api/{method}", api.answer, methods=["GET", "POST"]),
                WebSocketRoute("/link/{ticket}", self.links.serve),
                Route("/response/{key}", self._respond, methods=["POST"]),
                Route("/files/upload/{file}", self._upload, methods=["POST", "PUT"]),
                Route("/files/get/{file}/{name}", self._download),
                *page.routes(),
                Mount("/practice/static", StaticFiles(directory=STATIC, check_dir=False)),
                Route("/archives/{channel}/{message}", self._permalink),
                Route("/", self._front),
            ],
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        self._started.set()
        yield

    def start(self) -> Self:
        """Listen; returns when it does. Raises RuntimeError when it can't or already was started."""
        if self._thread is not None:
            msg = "a practice server starts once"
            raise RuntimeError(msg)
        self._socket.listen(2048)
        self._thread = threading.Thread(
            target=self._uvicorn.run, kwargs={"sockets": [self._socket]}, name="practice-workspace", daemon=True
        )
        self._thread.start()
        if not self._started.wait(START_SECONDS):
            msg = "the practice workspace did not start"
            raise RuntimeError(msg)
        return self

    def stop(self) -> None:
        """Close every connection and end the thread. Safe to call twice."""
        if self._thread is None:
            self._socket.close()
            return
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._wind_down)
        self._thread.join()

    def _wind_down(self) -> None:
        self._stopping.set()
        self._events.stop()
        self._feed.close()
        self.links.drop()
        self._uvicorn.should_exit = True

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def wait(self) -> None:
        """Block until the server is stopped."""
        if self._thread is not None:
            self._thread.join()

    def verify_request_url(self, app_id: str) -> bool:
        """Send url_verification to an app's request URL and say whether it answered as it must."""
        if self._loop is None:
            msg = "the practice workspace is not running"
            raise RuntimeError(msg)
        asking = self._delivery.verify(self._workspace.apps[app_id], "practice-challenge")
        return asyncio.run_coroutine_threadsafe(asking, self._loop).result()

    def _clock_moved(self) -> None:
        self.clock_moved()
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        loop.call_soon_threadsafe(lambda: self._feed.tell("clock", now=self.clock.now().isoformat()))

    async def _respond(self, request: Request) -> Response:
        try:
            given = json.loads(await request.body())
        except ValueError:
            return PlainTextResponse("invalid_payload", 400)
        if not isinstance(given, dict):
            return PlainTextResponse("invalid_payload", 400)
        try:
            url = self._urls.use(request.path_params["key"])
        except SlackError as refusal:
            return JSONResponse(refusal.body(), 404)
        try:
            respond(self._workspace, url, given)
        except SlackError as refusal:
            return JSONResponse(refusal.body(), 400)
        return PlainTextResponse("ok")

    async def _upload(self, request: Request) -> Response:
        file = self.files.find(request.path_params["file"])
        if file is None:
            return PlainTextResponse("file_not_found", 404)
        file.content = uploaded_bytes(await request.body(), request.headers.get("content-type", ""))
        return PlainTextResponse(f"OK - {len(file.content)}")

    async def _download(self, request: Request) -> Response:
        file = self.files.find(request.path_params["file"])
        if file is None or file.content is None:
            return PlainTextResponse("file_not_found", 404)
        shown = file.for_api(self.url)
        headers = (
            {"Content-Disposition": f'attachment; filename="{file.name}"'} if "download" in request.query_params else {}
        )
        return Response(file.content, media_type=str(shown["mimetype"]), headers=headers)

    async def _permalink(self, request: Request) -> Response:
        channel, digits = request.path_params["channel"], request.path_params["message"].removeprefix("p")
        place = f"channel={channel}&ts={digits[:-6]}.{digits[-6:]}"
        thread = request.query_params.get("thread_ts")
        return RedirectResponse(f"/#{place}" + (f"&thread={thread}" if thread else ""))

    async def _front(self, _request: Request) -> Response:
        index = STATIC / "index.html"
        return FileResponse(index) if index.is_file() else PlainTextResponse(NO_PAGE)
