"""The page Set aside on a real site: who sees it, who decides, and what that changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from hub.adapters.accounts import SqlAccountBook
from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading
from hub.adapters.tables import tallies
from hub.core.hours import Hours
from hub.intake import Intake
from shared.moments import Moment
from shared.places import KioskId
from shared.visits import Face
from tests.fakes.kiosk import FakeKiosk, visit
from tests.hub.web.building import CENTRO, NOW, Site
from tests.hub.web.conftest import SignIn, csrf_of

DAY = Hours("Europe/Madrid").hour_of(NOW).day
URL = f"/stores/{CENTRO}/suspects"


@pytest.fixture(scope="module", autouse=True)
def _drummed(site: Site) -> None:
    """Six suspects of a moment ago, at a kiosk that the site knows."""
    with reading(site.engine) as db:
        kiosk = next(one.kiosk_id for one in SqlArchive(site.engine).kiosks())
        assert not db.execute(select(tallies)).all()
    fake = FakeKiosk(KioskId(kiosk), CENTRO, epoch="f" * 16)
    one = visit(Moment(NOW - 60_000, 1_000, True), face=Face.SAD)
    fake.seal(*[replace(one, suspect="burst")] * 6)
    Intake(SqlArchive(site.engine)).take([fake.message()], NOW)


def counted(site: Site) -> tuple[int, int]:
    with reading(site.engine) as db:
        row = db.execute(select(tallies.c.sad, tallies.c.suspect)).one()
    return row.sad, row.suspect


def test_a_manager_sees_how_many_there_are_and_why_but_no_face(sign_in: SignIn) -> None:
    page = sign_in("manager").get(URL)
    assert page.status_code == 200
    assert "Many touches in a few seconds" in page.text
    assert ">6<" in page.text
    assert "Sad" not in page.text
    assert "Count after all" in page.text


def test_an_analyst_sees_them_and_does_not_decide(sign_in: SignIn) -> None:
    browser = sign_in("analyst")
    page = browser.get(URL)
    assert "Count after all" not in page.text
    token = csrf_of(browser.get("/settings").text)
    form = {"csrf": token, "day": str(DAY), "code": "burst", "counted": "yes"}
    assert browser.post(URL, data=form).status_code == 403


def test_a_decision_counts_them_and_another_leaves_them_out(site: Site, sign_in: SignIn) -> None:
    browser = sign_in("manager")
    assert counted(site) == (0, 6)
    for said, after, next_word in (("yes", (6, 0), "Leave out"), ("", (0, 6), "Count after all")):
        form = {"csrf": csrf_of(browser.get(URL).text), "day": str(DAY), "code": "burst"}
        answer = browser.post(URL, data=form | {"counted": said})
        assert answer.status_code == 303
        assert counted(site) == after
        page = browser.get(answer.headers["location"]).text
        assert next_word in page
        assert "Noted." in page
    actions = [one.note.action for one in SqlAccountBook(site.engine).entries(10)]
    assert actions[:2] == ["suspects left out", "suspects counted"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "20200101"},
        {"day": "20261399"},
        {"day": "99999999"},
        {"day": "²0251122"},
        {"day": ""},
        {"code": "no code"},
        {"code": ""},
    ],
)
def test_a_forged_form_decides_nothing(site: Site, sign_in: SignIn, wrong: dict[str, str]) -> None:
    browser = sign_in("manager")
    form = {"csrf": csrf_of(browser.get(URL).text), "day": str(DAY), "code": "burst"} | wrong
    assert browser.post(URL, data=form | {"counted": "yes"}).status_code == 400
    assert counted(site) == (0, 6)
