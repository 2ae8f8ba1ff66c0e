"""A questionnaire from its design to its results: on a window, by three buttons, on a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from hub.adapters.tables import records
from hub.core.ports import Store
from hub.core.roles import Role
from hub.questionnaires import sound_from_yaml
from hub.wiring.answering import results_of
from hub.wiring.opening import now_ms
from shared.places import KioskId
from shared.questionnaires import Answer, Response
from shared.visits import Input
from shared.wire import decode_record
from tests.demo.programs import Program, python
from tests.parts.chromium import chromium, window
from tests.parts.hub import POINT, STORE, HubProcess, wait_until
from tests.parts.mosquitto import RunningBroker, running_broker

pytestmark = [pytest.mark.journey, pytest.mark.screen]

KIOSK = KioskId("k-1")
PASSWORD = "a long enough password"
WALK_S = 120.0
"""A walk by the buttons is forty presses, each as slow as a finger; the machine may be busy."""

THREE_WEEKS_MS = 21 * 86_400_000

DESIGN = """
id: visit
title: {es: Su visita}
languages: [es]
questions:
- {id: mood, kind: faces, text: {es: ¿Cómo fue la visita?}, required: true}
- {id: friend, kind: scale, text: {es: ¿Nos recomendaría?}}
- {id: tidy, kind: stars, text: {es: ¿Estaba limpio?}}
- id: came
  kind: one
  text: {es: ¿Cómo ha venido?}
  choices:
  - {id: foot, text: {es: A pie}}
  - {id: car, text: {es: En coche}}
  - {id: bus, text: {es: En bus}}
- id: bought
  kind: many
  text: {es: ¿Qué ha comprado?}
  choices:
  - {id: bread, text: {es: Pan}}
  - {id: fruit, text: {es: Fruta}}
  - {id: fish, text: {es: Pescado}}
- id: order
  kind: ranking
  text: {es: ¿Qué le importa más?}
  choices: [{id: price, text: {es: Precio}}, {id: range, text: {es: Variedad}}]
- id: why
  kind: text
  text: {es: ¿Qué podemos mejorar?}
  shown_if: [{question: mood, among: [sad]}]
- {id: more, kind: text, text: {es: ¿Algo más?}}
"""

ON_THE_PHONE: dict[str, Answer] = {
    "mood": "sad",
    "friend": 10,
    "tidy": 4,
    "came": "car",
    "bought": ["bread", "fish"],
    "order": ["range", "price"],
    "why": "Más cajas",
    "more": "Gracias",
}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker(tmp_path / "mosquitto") as broker:
        yield broker


@pytest.fixture
def hub(tmp_path: Path, broker: RunningBroker) -> Iterator[HubProcess]:
    hub = HubProcess(tmp_path, broker, SEMBLANTE_PRIVACY__FLOOR="3")
    hub._env["SEMBLANTE_WEB__PUBLIC_URL"] = f"http://127.0.0.1:{hub.web_port}"
    hub.prepare()
    try:
        hub.start()
        yield hub
    finally:
        hub.program.stop()


class Walker:
    """The kiosk process, and orders for whoever stands before it."""

    def __init__(self, folder: Path, broker: RunningBroker, password: str) -> None:
        self._orders, self._number = folder / "orders", 0
        self._orders.mkdir()
        config = folder / "kiosk.toml"
        config.write_text(
            f'store = "{STORE}"\npoint = "{POINT}"\nkiosk = "{KIOSK}"\n[broker]\n'
            f'host = "127.0.0.1"\nport = {broker.port}\npassword = "{password}"\n'
            'receipt_timeout = 4\nlongest_wait = 2\n[outbox]\npath = "outbox.db"\n'
            '[screen]\ndriver = "offscreen"\n[log]\nformat = "json"\n'
        )
        words = ("--config", str(config), "--orders", str(self._orders))
        self.program = Program("kiosk", python("tests.journeys.walker", *words), folder)

    def walk(self, manner: str) -> dict[str, Answer]:
        """Let somebody walk through the questionnaire; returns what was answered."""
        self._number += 1
        (self._orders / f"{self._number}.{manner}").touch()
        done = self._orders / f"{self._number}.walked"
        wait_until(lambda: done.exists() or self._is_lost(), manner, WALK_S)
        assert done.exists(), self.program.last_words(20)
        walked: dict[str, Answer] = json.loads(done.read_text())
        return walked

    def _is_lost(self) -> bool:
        return "Exception in thread walker" in self.program.last_words(20)

    def link(self) -> str:
        """What the square on the glass leads to."""
        wait_until((self._orders / "link").exists, "a link")
        return (self._orders / "link").read_text()


@pytest.fixture
def walker(tmp_path: Path, broker: RunningBroker, hub: HubProcess) -> Iterator[Walker]:
    walker = Walker(tmp_path, broker, hub.office.enrol(KIOSK, STORE, POINT).password)
    try:
        yield walker
    finally:
        walker.program.stop()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def design_and_send(hub: HubProcess) -> None:
    """As the commands do, from another process than the hub's."""
    desk = hub.office.questionnaires
    folder = desk.make(sound_from_yaml(DESIGN), None, "designer")
    desk.send(folder, folder.newest, [STORE], "designer")


def responses(hub: HubProcess) -> list[Response]:
    """What lies at the hub."""
    with hub.office._engine.connect() as db:
        bodies = db.execute(select(records.c.body).order_by(records.c.received_at)).scalars()
        found = [decode_record(bytes(body)) for body in bodies]
    return [record for record in found if isinstance(record, Response)]


def answer_on_a_phone(browser: Browser, address: str) -> None:
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    with window(browser, locale="es", **phone) as (_, page, complaints):
        page.goto(address)
        _go_on(page)
        for answer in ON_THE_PHONE.values():
            _give(page, answer)
            _go_on(page)
        expect(page.get_by_role("heading")).to_have_text("¡Gracias!")
        assert complaints.found == []


def _give(page: Page, answer: Answer) -> None:
    if page.locator("textarea").count():
        page.locator("textarea").fill(str(answer))
    elif page.locator("select").count():
        assert isinstance(answer, list)
        for place, name in enumerate(answer, 1):
            box = page.locator("select", has=page.locator(f"option[value^='{name}:']"))
            box.select_option(f"{name}:{place}")
    else:
        for one in answer if isinstance(answer, list) else [answer]:
            page.locator(f"input[value='{one}']").check()


def _go_on(page: Page) -> None:
    page.locator("button.go").click()
    page.wait_for_load_state()


def see_results(browser: Browser, hub: HubProcess) -> str:
    """What the page Results says to whoever may see it."""
    hub.office.accounts.add_user("maria", PASSWORD, Role.ADMINISTRATOR, language="es")
    with window(browser, base_url=f"http://127.0.0.1:{hub.web_port}", locale="es") as (_, page, _c):
        page.goto("/sign-in?next_page=/results/visit")
        page.locator("input[name=name]").fill("maria")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("form button").first.click()
        page.wait_for_url("**/results/visit*")
        return page.locator("main").inner_text()


@pytest.mark.timeout(400)
def test_what_is_designed_is_answered_three_ways_offline_too_and_every_answer_is_told(
    hub: HubProcess, walker: Walker, broker: RunningBroker, browser: Browser
) -> None:
    walker.program.start()
    design_and_send(hub)
    touched = walker.walk("touch")
    answer_on_a_phone(browser, walker.link())
    wait_until(lambda: len(responses(hub)) == 2, "the first two responses", WALK_S)
    broker.stop()
    pressed = walker.walk("buttons")
    assert len(responses(hub)) == 2, "nobody can have heard of the third"
    broker.start()
    wait_until(lambda: len(responses(hub)) == 3, "the responses of the kiosk", WALK_S)
    found = {one.input: one for one in responses(hub)}
    assert found[Input.WEB].answers == ON_THE_PHONE
    assert found[Input.TOUCH].answers == touched
    assert found[Input.BUTTON].answers == pressed
    assert all(one.complete for one in found.values())
    results = results_of(hub.office._engine, 3)
    assert results.close(now_ms() + THREE_WEEKS_MS) == 1
    view = results.view("visit", 1, [Store(STORE, "Mercado Centro", "Europe/Madrid")])
    assert view is not None
    assert (view.complete, view.partial, view.unfit) == (3, 0, 0)
    told = {one.question.id: one.summary.n for one in view.questions}
    every = [one.answers for one in found.values()]
    for name in ON_THE_PHONE:
        answered = sum(name in answers for answers in every)
        assert told[name] == (answered if answered >= 3 else 0), f"{name}: a floor of 3"
    page = see_results(browser, hub)
    for question in view.questionnaire.questions:
        assert question.text["es"] in page
