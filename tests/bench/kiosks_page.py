"""The page Kiosks with a thousand of them, as a technician's browser gets it from a real server."""

from __future__ import annotations

import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Final

from httpx import Client

from tests.bench.rows import Row
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import NOW, STORES, Clock, make_places, make_site, make_users
from tests.hub.web.conftest import signed_in_browser
from tests.hub.web.seed_devices import seed_many
from tests.parts.databases import migrated_sqlite
from tests.parts.web import listening, serving

TIMES: Final = 9
GOAL_MS: Final = 1_000
"""What does not hold anybody up in a thought (Nielsen, Usability Engineering, 1993, ch. 5)."""


def run(long: bool) -> list[Row]:
    """All of fifty stores and those of one of them, in turn; `long` changes nothing."""
    del long
    with (
        tempfile.TemporaryDirectory(prefix="semblante-kiosks-") as name,
        migrated_sqlite(Path(name) / "hub.db") as engine,
        listening() as (listener, url),
    ):
        make_places(engine, NOW)
        seed_many(engine, NOW)
        site = make_site(engine, HandmadeReports(STORES), Clock(), public_url=url)
        make_users(site.parts.accounts)
        with (
            serving(site.app, site.parts.live, listener),
            closing(signed_in_browser(site, "administrator")) as browser,
        ):
            return [_row(browser)]


def _row(browser: Client) -> Row:
    every, one = list[float](), list[float]()
    for _ in range(TIMES):
        every.append(_ms(browser, "/kiosks?sort=heat"))
        one.append(_ms(browser, "/kiosks?sort=heat&store=wide-00"))
    took, beside = statistics.median(every), statistics.median(one)
    return Row(
        "the page Kiosks with 1,000 of them, sorted",
        f"{took:.0f} ms, {took / beside:.1f} times as long as with 20",
        f"{beside:.0f} ms with those of one store",
        f"{GOAL_MS / 1_000:.0f} s",
        took <= GOAL_MS,
    )


def _ms(browser: Client, address: str) -> float:
    began = time.perf_counter()
    answer = browser.get(address, timeout=60)
    took = (time.perf_counter() - began) * 1_000
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return took
