"""A real broker whose rights were opened on purpose, as the page Recovery tells of it."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
from httpx import Client
from sqlalchemy import update

from hub.adapters.database import writing
from hub.adapters.inspecting import Inspection
from hub.adapters.inspections import SqlInspections
from hub.adapters.tables import inspections
from hub.core.troubles import UNTRIED_MS
from tests.hub.web.building import Site
from tests.hub.web.conftest import SignIn
from tests.parts.gated import Gated, now_ms, running_gate, wait_until

SAID = {"open": "lets kiosks write as others", "untried": "not tried since"}


@pytest.fixture(scope="module")
def gated(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gated]:
    """The broker, and a hub that looks at it all the time."""
    with running_gate(site.engine, tmp_path_factory.mktemp("gated")) as gated:
        book = SqlInspections(site.engine)
        inspection = Inspection(gated.visits.look, book, now_ms, (0.05, 0.05))
        inspection.start()
        yield gated
        inspection.stop()


def seen_by(browser: Client) -> list[str]:
    """The codes of what is wrong with the broker, as the page tells them; each says what to do."""
    page = browser.get("/recovery").text
    told = told_in(page)
    assert page.count("semblante-hub broker test") == len(told)
    return told


def told_in(page: str) -> list[str]:
    """The codes of what a page says of the broker."""
    return [code for code, words in SAID.items() if words in page]


def an_hour_goes_by(site: Site) -> bool:
    """Nobody looked meanwhile; again and again, for a look that was under way may still end."""
    with writing(site.engine) as db:
        db.execute(update(inspections).values(looked_at=now_ms() - UNTRIED_MS - 1))
    return True


def was_tried_since(site: Site, at: int) -> Callable[[], bool]:
    """Whether somebody looked after this instant."""

    def tried() -> bool:
        seen = SqlInspections(site.engine).last()
        return seen is not None and (seen.looked_at or 0) > at

    return tried


def test_an_opened_broker_stands_on_the_page_until_it_is_closed_again(
    site: Site, gated: Gated, sign_in: SignIn
) -> None:
    wait_until(was_tried_since(site, now_ms()))
    everybody = [sign_in(name) for name in ("administrator", "technician")]
    assert [seen_by(one) for one in everybody] == [[], []]
    rights = gated.broker.files.rights
    before = rights.read_text()
    rights.write_text(before + "pattern write semblante/v1/+/+/records\n")
    gated.broker.files.reload()
    for one in everybody:
        wait_until(lambda one=one: seen_by(one) == ["open"])
        assert told_in(one.get("/kiosks").text) == ["open"], "and it goes on being so"
    rights.write_text(before)
    gated.broker.files.reload()
    for one in everybody:
        wait_until(lambda one=one: seen_by(one) == [])
        assert told_in(one.get("/kiosks").text) == []


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # paho's, where TLS fails
def test_a_broker_that_is_away_is_told_as_not_tried_since_then(
    site: Site, gated: Gated, sign_in: SignIn
) -> None:
    technician = sign_in("technician")
    wait_until(was_tried_since(site, now_ms()))
    gated.broker.stop()
    wait_until(lambda: an_hour_goes_by(site) and seen_by(technician) == ["untried"])
    gated.broker.start()
    wait_until(lambda: seen_by(technician) == [])
    gc.collect()
