"""The store display in a real browser: what it shows, when it withdraws it, and what it says then.

The hub is really stopped and started again. Time on the page is moved by hand: a minute without
the hub takes none of the test's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine, delete, insert

from hub.adapters.displays import SqlDisplays
from hub.adapters.layouts import SqlLayouts
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.tables import notices
from hub.core.accounts import Note
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.displays import SETTING_MS, Displays
from hub.web.assets import Assets
from hub.web.displaying import DisplayPages
from hub.web.door import open_door
from hub.web.pages.display import display_router
from shared.places import PointId
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import CENTRO, NOW, STORES, Clock, make_places, make_site
from tests.hub.web.test_look import TEXT, contrast
from tests.parts.chromium import window
from tests.parts.databases import migrated_sqlite
from tests.parts.ports import free_port
from tests.parts.web import serving

NAMES = ("Caja 1", "Caja 2", "Caja 3", "Caja rápida", "Autopago", "Atención al cliente")
WAITS = (5, 2, 12, 0, None, 9)
SIZES = {"720p": (1280, 720), "1080p": (1920, 1080), "4K": (3840, 2160), "upright": (1080, 1920)}

WRONG = "2006-01-01T00:00:00Z"
"""What the television takes for the time."""

LEAST_SHARE = 0.065
"""Of the height of the glass, for the figures of six lines: 35 mm on 43 inches, 1 : 230 at 8 m."""


class Shop:
    """A hub that can be stopped and started, with a store whose lines a test lays out."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self.clock, self._port = engine, Clock(), free_port()
        self.displays = Displays(SqlDisplays(engine), self.clock)
        self.key = self.displays.make(CENTRO, "test")
        self._running = ExitStack()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/display/{CENTRO}/{self.key}"

    def start(self) -> None:
        listener = self._running.enter_context(open_door("127.0.0.1", self._port))
        pages = display_router(self.displays, DisplayPages(Assets()))
        reports = HandmadeReports(STORES)
        site = make_site(self._engine, reports, self.clock, routers=[pages])
        self._running.enter_context(serving(site.app, site.parts.live, listener))

    def stop(self) -> None:
        self._running.close()

    def speak(self, *languages: str) -> None:
        programmes = SqlProgrammes(self._engine)
        programmes.change(CENTRO, lambda it: replace(it, languages=languages), NOW)
        self.clock.ms += SETTING_MS

    def lay(self, count: int, age: int = 25_000, waits: Sequence[int | None] = WAITS) -> None:
        """So many lines, of which the second one is the quickest."""
        lines = tuple(Line(LineId(f"line-{n}"), (PointId(f"caja-{n + 1}"),)) for n in range(count))
        names = {line.line_id: NAMES[n % len(NAMES)] for n, line in enumerate(lines)}
        note = Note(NOW, "test", "lines laid out", CENTRO)
        SqlLayouts(self._engine).lay_out(CENTRO, Layout(1, lines, names), NOW, note)
        self.clock.ms += SETTING_MS
        same = {"store_id": CENTRO, "at": self.clock.ms - age, "method": "sales"}
        same |= {"because": "agrees", "waiting": 1.0, "open": 1.0}
        rows = []
        for n, line in enumerate(lines):
            minutes = waits[n % len(waits)]
            why = "wide" if minutes is None else None
            told = {"minutes": minutes, "withdrawn": why, "quickest": n == 1}
            rows.append({**same, "line_id": line.line_id, **told})
        with self._engine.begin() as db:
            db.execute(delete(notices))
            if rows:
                db.execute(insert(notices), rows)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with migrated_sqlite(tmp_path_factory.mktemp("display") / "hub.db") as engine:
        make_places(engine, NOW)
        shop = Shop(engine)
        shop.start()
        try:
            yield shop
        finally:
            shop.stop()


@contextmanager
def television(browser: Browser, shop: Shop, query: str = "", **options: Any) -> Iterator[Page]:
    """A full screen whose time stands until it is moved, and whose clock is twenty years wrong."""
    options = {"viewport": {"width": 1920, "height": 1080}, "reduced_motion": "reduce"} | options
    with window(browser, **options) as (_, page, _complaints):
        page.clock.install(time=WRONG)
        page.clock.pause_at(WRONG.replace("00:00:00", "00:01:00"))
        page.goto(shop.url + query)
        expect(page.locator("html[data-kept]")).to_have_count(1)
        yield page


def now_on(page: Page) -> str:
    """Everything that can be read."""
    return page.locator(".face.on").inner_text().replace("\n", " ")


def passes(page: Page, seconds: int) -> None:
    """So much time passes on the page, and all that is due is done."""
    page.clock.run_for(seconds * 1_000)


def test_it_shows_each_wait_its_age_the_quickest_lane_and_the_time_of_the_store(
    browser: Browser, shop: Shop
) -> None:
    shop.speak("es", "en")
    shop.lay(6)
    with television(browser, shop) as page:
        expect(page.locator(".face.on .line")).to_have_count(6)
        said = now_on(page)
        for part in ("Centro · 012", "Espera ahora", "Caja 1", "cerca de 5 min", "hace 25 s",
                     "menos de 1 min", "Ahora no lo sabemos"):  # fmt: skip
            assert part in said
        assert page.locator(".face.on .quickest").count() == 1
        assert "Más rápida ahora" in page.locator(".face.on .quickest").inner_text()
        assert page.locator(".face.on .clock").inner_text() == store_time(shop)
        passes(page, 9)  # the other language
        expect(page.locator(".face.on")).to_have_attribute("lang", "en")
        assert "about 5 min" in now_on(page)
        assert page.locator(".face.on").count() == 1


def store_time(shop: Shop) -> str:
    """In Madrid in winter."""
    minutes = (shop.clock.ms // 60_000 + 60) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def test_arabic_runs_from_right_to_left(browser: Browser, shop: Shop) -> None:
    shop.speak("ar", "es")
    shop.lay(3)
    with television(browser, shop) as page:
        expect(page.locator(".face.on .line")).to_have_count(3)
        assert page.locator(".face.on").get_attribute("dir") == "rtl"
        assert "حوالي" in now_on(page)
        name, wait = (
            left_of(page, f".face.on .line:first-child {part}") for part in (".name", ".wait")
        )
        assert wait < name
        passes(page, 9)
        assert page.locator(".face.on").get_attribute("dir") == "ltr"
        name, wait = (
            left_of(page, f".face.on .line:first-child {part}") for part in (".name", ".wait")
        )
        assert name < wait


def left_of(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"]


def test_without_the_hub_it_withdraws_says_since_when_survives_a_reload_and_comes_back(
    browser: Browser, shop: Shop
) -> None:
    shop.speak("es")
    shop.lay(3)
    with television(browser, shop) as page:
        expect(page.locator(".face.on b").first).to_have_text("5 min")
        since = store_time(shop)
        shop.stop()
        try:
            passes(page, 20)
            assert "hace 45 s" in now_on(page)  # it is fresh still, and older
            assert f"Sin conexión desde {since}" in now_on(page)
            passes(page, 41)  # a minute and a second
            assert f"Sin estimación: sin conexión desde {since}" in now_on(page)
            assert "min" not in now_on(page)
            page.reload()  # as a television does that was switched off and on
            expect(page.locator(".face.on .said")).to_contain_text("Sin estimación: sin conexión")
            assert since in now_on(page)
            assert "Centro · 012" in now_on(page)
            assert "min" not in now_on(page)
            passes(page, 600)
            assert "min" not in now_on(page)
        finally:
            shop.start()
        for _ in range(30):  # it asks seldom while the hub is away, and each time takes a while
            passes(page, 3)
            page.wait_for_load_state("networkidle")
            if "5 min" in now_on(page):
                break
        assert "cerca de 5 min" in now_on(page)
        assert "Sin" not in now_on(page)


def test_a_notice_grows_old_though_the_hub_goes_on(browser: Browser, shop: Shop) -> None:
    shop.speak("es")
    shop.lay(1, age=69_000)
    with television(browser, shop) as page:
        expect(page.locator(".face.on b")).to_have_text("5 min")
        shop.clock.ms += 2_000
        passes(page, 3)
        expect(page.locator(".face.on .before")).to_have_text("Ahora no lo sabemos")
        shop.lay(0)  # and a store that tells no waits any more says so
        passes(page, 3)
        expect(page.locator(".face.on .said")).to_have_text("Ahora no lo sabemos")


def test_what_is_no_answer_of_the_hub_is_as_good_as_none(browser: Browser, shop: Shop) -> None:
    shop.speak("es")
    shop.lay(1)
    with television(browser, shop) as page:
        expect(page.locator(".face.on b")).to_have_text("5 min")
        for body in NONSENSE:
            page.evaluate(ANSWER, body)
            passes(page, 31)  # it asks so often while nobody answers
            assert page.evaluate("asked") >= 1
        assert "Sin estimación" in now_on(page)


ANSWER = """body => {
  window.asked = 0;
  window.fetch = async () => { asked += 1; return new Response(body); };
}"""

NONSENSE = (
    '{"languages": [], "lines": null}',
    '{"languages": ["es"], "lines": [{}], "fresh_ms": 0}',
    "<html>Welcome to our network</html>",
    "null",
)
"""What a hotel's network says to everybody, and the like."""


def test_after_a_sleep_nothing_of_before_is_shown(browser: Browser, shop: Shop) -> None:
    shop.speak("es")
    shop.lay(1)
    with television(browser, shop) as page:
        expect(page.locator(".face.on b")).to_have_text("5 min")
        page.route("**/now", lambda route: route.abort())
        page.evaluate("() => { const now = Date.now; Date.now = () => now() + 8 * 3600000; }")
        passes(page, 1)
        assert "Sin estimación" in now_on(page)


def test_an_address_that_was_replaced_shows_nothing_any_more(browser: Browser, shop: Shop) -> None:
    shop.speak("es")
    shop.lay(1)
    with television(browser, shop) as page:
        expect(page.locator(".face.on b")).to_have_text("5 min")
        shop.key = shop.displays.make(CENTRO, "test")
        passes(page, 3)
        expect(page.locator(".face.on .said")).to_contain_text("Esta dirección se ha cambiado")
        assert "min" not in now_on(page)
        page.reload()  # and the browser keeps it no more
        expect(page.locator("#stage")).to_have_count(0)


def test_everything_fits_and_can_be_read_from_afar(browser: Browser, shop: Shop) -> None:
    shop.speak("es", "ar")
    with television(browser, shop) as page:
        for count in (6, 3, 1):
            shop.lay(count)
            passes(page, 3)
            expect(page.locator(".face.on .line")).to_have_count(count)
            for width, height in SIZES.values():
                page.set_viewport_size({"width": width, "height": height})
                upright = page.locator(".face.on.upright")
                expect(upright).to_have_count(int(height > width))
                assert page.evaluate(CUT) == []
                share = page.evaluate(LEAST_FIGURE) / min(height, width)
                assert share >= LEAST_SHARE, (count, width, share)


def test_more_lines_than_fit_take_turns(browser: Browser, shop: Shop) -> None:
    shop.speak("es")
    shop.lay(14)
    with television(browser, shop) as page:
        expect(page.locator(".face.on .line")).to_have_count(7)
        expect(page.locator(".face.on .name").first).to_have_text("Caja 1")
        passes(page, 9)
        expect(page.locator(".face.on .name").first).to_have_text("Caja 2")  # the eighth
        assert page.evaluate(CUT) == []


def test_a_newer_version_of_the_page_is_loaded_once(browser: Browser, shop: Shop) -> None:
    shop.speak("es")
    shop.lay(1)
    with television(browser, shop) as page:
        expect(page.locator(".face.on b")).to_have_text("5 min")
        loads: list[str] = []
        page.on("load", lambda loaded: loads.append(loaded.url))
        page.route("**/now", answered_by_a_newer_hub)
        with page.expect_event("load"):
            passes(page, 3)
        passes(page, 60)
        page.wait_for_load_state("networkidle")
        assert len(loads) == 1


def answered_by_a_newer_hub(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(json={**answer.json(), "build": "/static/newer"})


def test_every_text_stands_out_on_what_is_behind_it(browser: Browser, shop: Shop) -> None:
    shop.speak("es")
    shop.lay(6)
    with television(browser, shop, "?look=light") as page:
        pairs = inks(page)
        page.route("**/now", lambda route: route.abort())
        for seconds in (20, 41):  # not connected, and nothing fresh any more
            passes(page, seconds)
            pairs |= inks(page)
    assert len(pairs) >= 12
    for ink, ground in pairs:
        assert contrast(ink, ground) >= TEXT, (ink, ground)


def inks(page: Page) -> set[tuple[str, str]]:
    """The colours of each text that is seen and of what is behind it, on light and on dark."""
    found = set()
    for look in ("light", "dark"):
        page.evaluate("look => { document.documentElement.dataset.look = look; }", look)
        passes(page, 1)
        found |= {(ink, ground) for ink, ground in page.evaluate(INKS)}
    return found


CUT = """() => {
  const cut = [];
  for (const line of document.querySelectorAll(".line")) {
    const card = line.getBoundingClientRect();
    for (const part of line.querySelectorAll(".name, .wait b, .before, .sub, .flag")) {
      const box = part.getBoundingClientRect();
      const over = part.matches(".name") && part.scrollWidth > part.clientWidth;
      const out = box.width && (box.left < card.left || box.right > card.right
        || box.top < card.top - 1 || box.bottom > card.bottom + 1);
      if (over || out) cut.push(part.className + " " + part.textContent);
    }
  }
  return cut;
}"""
"""What leaves its card, in either language."""

LEAST_FIGURE = """() => Math.min(...[...document.querySelectorAll(".line b")]
  .filter((one) => one.textContent)
  .map((one) => parseFloat(getComputedStyle(one).fontSize) * 0.668))"""
"""The least height of a figure; capitals and figures of Atkinson are 0.668 of their size."""

INKS = """() => {
  const hex = (colour) => "#" + colour.match(/\\d+/g).slice(0, 3)
    .map((one) => Number(one).toString(16).padStart(2, "0")).join("");
  const ground = (node) => {
    const colour = getComputedStyle(node).backgroundColor;
    return colour === "rgba(0, 0, 0, 0)" ? ground(node.parentElement) : colour;
  };
  const texts = [...document.querySelectorAll(".face p, .face b, .face span, .face h1")];
  const seen = texts.filter((one) => one.getClientRects().length && one.textContent);
  const pairs = seen.map((one) => [hex(getComputedStyle(one).color), hex(ground(one))]);
  return [...new Set(pairs.map(String))].map((one) => one.split(","));
}"""


def test_a_day_of_asking_fills_no_memory(browser: Browser, shop: Shop) -> None:
    shop.speak("es", "en")
    shop.lay(6)
    with window(browser, viewport={"width": 1280, "height": 720}) as (context, page, complaints):
        page.add_init_script(QUICK_TIME)
        page.goto(shop.url)
        heap = context.new_cdp_session(page)

        def size() -> tuple[float, int]:
            heap.send("HeapProfiler.collectGarbage")
            nodes = page.evaluate("document.querySelectorAll('*').length")
            return heap.send("Runtime.getHeapUsage")["usedSize"], nodes

        page.evaluate("pass(500)")
        before, nodes = size()
        assert page.evaluate("pass(2000)") >= 2_500
        after, nodes_then = size()
        assert nodes_then == nodes
        assert after - before < 100_000, "it grows"
        assert page.locator(".face.on .line").count() == 6
        assert complaints.found == []


QUICK_TIME = """
  const first = fetch, due = new Map();
  let at = 0, number = 0, rounds = 0, told = null;
  const start = Date.now();
  performance.now = () => at;
  Date.now = () => start + at;
  window.setTimeout = (work, ms) => (due.set(++number, [at + ms, work]), number);
  window.setInterval = (work, ms) => {
    const again = () => { due.set(mine, [at + ms, again]); work(); };
    const mine = ++number;
    due.set(mine, [at + ms, again]);
    return mine;
  };
  window.clearTimeout = (one) => due.delete(one);
  window.fetch = async (...asked) => {
    if (!String(asked[0]).endsWith("/now")) return first(...asked);
    rounds += 1;
    told = told || await (await first(...asked)).json();
    const lines = told.lines.map((one, place) => ({
      ...one, minutes: (rounds + place) % 30, age_ms: rounds, quickest: rounds % 6 === place,
    }));
    const now = { ...structuredClone(told), lines, now: told.now + at };
    return { status: 200, ok: true, json: async () => now };
  };
  window.pass = async (more) => {
    const end = rounds + more;
    while (!told) await new Promise((done) => requestAnimationFrame(done));
    while (rounds < end) {
      const [one, [when, work]] = [...due].sort((a, b) => a[1][0] - b[1][0])[0];
      due.delete(one);
      at = Math.max(at, when);
      work();
      for (let turn = 0; turn < 12; turn += 1) await null;
    }
    return rounds;
  };
"""
"""A clock that does not wait: what is due is done at once, and every answer differs."""
