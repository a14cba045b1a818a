"""A Chromium for the browser tests: one that is there, or one that can be installed. Never skipped."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic",
]  # fmt: skip


def chromium() -> str:
    """Path of a Chromium: $CHROMIUM, PATH, Debian's package, else Playwright's download.

    Raises RuntimeError saying what to install.
    """
    found = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if found:
        return found
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)  # noqa: S607 - Debian's own, wherever it is
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False)  # noqa: S607 - as above
        installed = shutil.which("chromium")
        if installed:
            return installed
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    with sync_playwright() as playwright:
        downloaded = playwright.chromium.executable_path
    if os.path.exists(downloaded):  # noqa: PTH110 - Playwright gives a string
        return downloaded
    raise RuntimeError(
        "The browser tests need Chromium. Install it (apt-get install chromium) or set CHROMIUM to its path."
    )


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_ARGUMENTS)
        yield browser
        browser.close()
