"""A real Chromium without a window, and what went wrong on its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = (
    "--no-sandbox",  # tests may run as root, as in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE_MS = 15_000
"""A loaded machine needs a second for a page; more than ten means that something hangs."""

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(slots=True)
class Complaints:
    """Everything a page complained about; a good page has none."""

    found: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Note faults in scripts, words of the console, and requests that failed."""
        page.on("console", lambda said: self._console(said.type, said.text))
        page.on("pageerror", lambda fault: self.found.append(f"script: {fault}"))
        page.on("requestfailed", lambda asked: self._failed(asked.url, asked.failure))
        page.on("response", lambda answer: self._answered(answer.url, answer.status))

    def _console(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.found.append(f"console {kind}: {text}")

    def _failed(self, url: str, why: str | None) -> None:
        # Leaving a page ends its stream and what it still loads; what is not there is a 404.
        if "ERR_ABORTED" not in (why or ""):
            self.found.append(f"failed: {url} {why}")

    def _answered(self, url: str, status: int) -> None:
        if status >= 400:
            self.found.append(f"{status}: {url}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, for as long as the block runs."""
    program = next((found for name in PROGRAMS if (found := which(name))), None)
    assert program is not None, "no Chromium: install the package “chromium”"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[tuple[BrowserContext, Page, Complaints]]:
    """A fresh window with its own cookies; `options` as for Playwright's `new_context`."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MS)
    complaints = Complaints()
    page = context.new_page()
    complaints.listen(page)
    try:
        yield context, page, complaints
    finally:
        context.close()


def picture(page: Page, folder: Path, name: str) -> Path:
    """A picture of what the glass shows."""
    path = folder / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    return path
