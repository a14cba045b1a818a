"""How soon a process is ready and what it holds at rest, against importing the four libraries that it is made of."""

import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from storage import schema
from storage.database import Database
from tests.bench.lines import Line, at_most
from tests.bench.registers import sqlite_at

_SAYS = """
import time
now = time.time()
import psutil
process = psutil.Process()
print("\\nmeasured", now - process.create_time(), process.memory_info().rss, flush=True)
"""
_LIBRARIES = "import slack_bolt, sqlmodel, apscheduler.schedulers.background, alembic.command"
_OURS = {
    "worker": "beat = wired.beat(); beat.start(); time.sleep(0)",
    "bot": "app = wired.app(); socket = wired.socket(app)",
}
_WIRED = """
import time
from bot import cli
from bot.cli import serve
from bot.cli.wiring import Wired
from bot.settings import Settings
wired = Wired(Settings())
serve._prepared(wired)
"""


def measure(folder: Path) -> list[Line]:
    """`ready` is after the database was looked at and the parts are made; at rest, the memory then."""
    url = sqlite_at(folder, "starting")
    database = Database(url)
    schema.upgrade(database)
    database.close()
    bare = [_run(f"{_LIBRARIES}\n{_SAYS}", url) for _ in range(7)]
    lines = []
    for name, parts in _OURS.items():
        ours = [_run(f"{_WIRED}\n{parts}\n{_SAYS}\nimport os; os._exit(0)", url) for _ in range(7)]
        seconds, memory = (median(values) for values in zip(*ours, strict=True))
        bare_seconds, bare_memory = (median(values) for values in zip(*bare, strict=True))
        lines += [
            at_most(f"{name}: start to ready, against importing four libraries", seconds, bare_seconds, 2.0),
            at_most(f"{name}: memory at rest, against the same", memory, bare_memory, 1.5, unit="MiB", scale=1 / 2**20),
        ]
    return lines


def _run(program: str, url: str) -> tuple[float, float]:
    environment = {
        **os.environ, "DATABASE_URL": url, "SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_APP_TOKEN": "xapp-bench",
        "SLACK_API_URL": "http://127.0.0.1:9/api/", "PYTHONPATH": str(Path.cwd()),
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    # What the parts log stands around it.
    (told,) = (line for line in done.stdout.splitlines() if line.startswith("measured "))
    _, seconds, memory = told.split()
    return float(seconds), float(memory)
