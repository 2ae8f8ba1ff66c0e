"""Results on the page, in the API and in files: every kind of question, floors, audit, reach."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.results import Results
from hub.web.auth import viewer
from hub.web.pages.results import results_pages
from hub.web.results import results_router
from shared.moments import Moment
from shared.places import PointId, StoreId
from shared.questionnaires import Answer, Response
from shared.visits import Input
from tests.fakes.reports import HandmadeReports
from tests.fakes.results import FakeResults
from tests.fakes.walks import HandedOver
from tests.hub.web.building import (
    CENTRO,
    NORTE,
    NOW,
    STORES,
    Clock,
    Site,
    accounts_of,
    make_site,
    make_users,
)
from tests.hub.web.conftest import SignIn
from tests.parts.web import listening, serving
from tests.shared.questionnaires import EVERY_KIND

WEEK = 7 * 86_400_000
FORMULA = '=HYPERLINK("http://x")'


def response(number: int = 0, language: str = "es", text: str = "Bien") -> Response:
    """One of many responses of last week, each a little different."""
    begun = Moment(NOW - WEEK + number, number, True)
    answers: dict[str, Answer] = {
        "mood": ("happy", "neutral", "sad", "happy")[number % 4],
        "friend": (10, 9, 7, 3)[number % 4],
        "tidy": 4,
        "came": ("foot", "car")[number % 2],
        "bought": ["bread", "fish"] if number % 2 else ["fruit"],
        "order": ["price", "range", "service"] if number % 3 else ["range", "price", "service"],
        "more": text,
    }
    entered = Input.WEB if number % 3 == 0 else Input.TOUCH
    complete = number % 5 != 0
    return Response(
        PointId("caja-1"), "b" * 32, "q", 1, language, entered, begun, begun, complete, answers
    )


def filled() -> FakeResults:
    """Forty responses in the first store, six in the second, and some that tell nothing."""
    book = FakeResults(STORES)
    for number in range(40):
        text = FORMULA if number == 7 else "La cajera Marta fue muy amable"
        book.add(CENTRO, response(number, "es" if number % 4 else "en", text))
    for number in range(6):
        book.add(NORTE, response(number))
    book.add(CENTRO, replace(response(), answers={"mood": 3}))
    book.add(CENTRO, replace(response(), begun=Moment(NOW, 1, True)))
    book.add(CENTRO, replace(response(), version=2**31 - 1))
    book.add(CENTRO, replace(response(), questionnaire="nobodys"))
    return book


@pytest.fixture(scope="module")
def site(engine: Engine, clock: Clock) -> Iterator[Site]:
    mask = lambda text: text.replace("Marta", "[…]")  # noqa: E731
    results = Results(filled(), HandedOver(EVERY_KIND), mask)
    while results.close(NOW):
        pass
    note = accounts_of(engine, clock).note
    routers = [results_pages(results), results_router(results, SqlArchive(engine), viewer, note)]
    with listening() as (listener, url):
        site = make_site(engine, HandmadeReports(STORES), clock, routers=routers, public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


def test_the_list_says_what_was_answered(sign_in: SignIn) -> None:
    page = sign_in("analyst").get("/results").text
    assert '<a href="/results/q">Title</a>' in page
    assert "37" in page  # of 46, nine partial


def test_answers_to_what_nobody_knows_here_hide_nothing(sign_in: SignIn) -> None:
    browser = sign_in("analyst")
    assert browser.get("/api/v1/results").json() == [{"questionnaire": "q", "version": 1}]
    assert browser.get("/api/v1/results/q").json()["version"] == 1
    assert "nobodys" not in browser.get("/results").text
    assert browser.get(f"/results/q?version={2**31 - 1}").status_code == 404


def test_every_kind_of_question_has_its_figures_and_intervals(sign_in: SignIn) -> None:
    page = sign_in("analyst").get("/results/q?weeks=0").text
    for said in ("NPS", "±", "Mean place", "Index", "mean", "4 ★", "By store", "By language"):
        assert said in page
    assert "does not fit its version" in page
    assert page.count("La cajera […] fue muy amable") == 1
    assert "× 39" in page  # each text once, with how often it was written
    assert "Marta" not in page


def test_a_manager_sees_the_own_store_alone(sign_in: SignIn) -> None:
    browser = sign_in("manager")
    found = browser.get("/api/v1/results/q").json()
    assert found["stores"] == [CENTRO]
    assert found["complete"] + found["partial"] == 40
    assert browser.get(f"/api/v1/results/q?store_id={NORTE}").status_code == 404
    assert browser.get(f"/results/q?store_id={NORTE}").status_code == 404
    assert browser.get(f"/results/q?store_id={CENTRO}").status_code == 200


def test_what_nobody_has_answered_yet_is_told_and_no_error(site: Site, sign_in: SignIn) -> None:
    site.parts.questionnaires.bring(replace(EVERY_KIND, id="fresh"), "designer")
    site.parts.questionnaires.bring(replace(EVERY_KIND, id="theirs"), "designer", NORTE)
    page = sign_in("manager").get("/results/fresh")
    assert page.status_code == 200
    assert "Nobody has answered it in your stores yet." in page.text
    assert sign_in("manager").get("/results/theirs").status_code == 404


def test_the_api_tells_n_counts_and_intervals(sign_in: SignIn) -> None:
    found = sign_in("analyst").get("/api/v1/results/q?language=es").json()
    assert found["weeks"] == ["2026-11-09"]
    by_name = {one["id"]: one for one in found["questions"]}
    [nps] = [
        one for one in by_name["friend"]["figures"] if (one["measure"], one["part"]) == ("nps", "")
    ]
    assert nps["low"] < nps["value"] < nps["high"]
    assert len(by_name["more"]["texts"]) == 40  # six are not enough for the second store's
    assert by_name["more"]["n"] == 40
    for one in found["questions"]:
        assert all(figure["n"] >= 5 for figure in one["figures"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/results/none", 404),
        ("/results/q?version=2", 404),
        ("/results/q?weeks=5", 400),
        ("/results/q?store_id=nowhere", 404),
        ("/results/q?store_id=../x", 404),
        ("/api/v1/results/none", 404),
        ("/api/v1/results/q?version=0", 422),
        ("/api/v1/results/q?weeks=-1", 422),
        ("/api/v1/results/Q", 422),
        ("/api/v1/results/q/export.exe", 422),
    ],
)
def test_what_is_not_there_is_told_so(sign_in: SignIn, path: str, status: int) -> None:
    assert sign_in("analyst").get(path).status_code == status


def test_an_export_has_a_figure_a_line_and_is_noted(sign_in: SignIn, site: Site) -> None:
    answer = sign_in("analyst").get("/api/v1/results/q/export.csv?language=en")
    assert answer.headers["content-disposition"] == 'attachment; filename="q.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["measure"] for row in rows} == {"share", "index", "mean", "nps", "place", "text"}
    texts = [row["text"] for row in rows if row["measure"] == "text"]
    assert sorted(set(texts)) == [f"'{FORMULA}", "La cajera […] fue muy amable"]
    entry = site.parts.accounts.audit(1)[0].note
    assert (entry.action, entry.target) == ("results exported", "csv")
    assert "q version 1" in entry.detail
    assert "Marta" not in str(entry)


def test_the_other_formats_say_the_same(sign_in: SignIn) -> None:
    browser = sign_in("analyst")
    sheet = pd.read_excel(io.BytesIO(browser.get("/api/v1/results/q/export.xlsx").content))
    parquet = pd.read_parquet(io.BytesIO(browser.get("/api/v1/results/q/export.parquet").content))
    assert len(sheet) == len(parquet) > 50
    assert FORMULA in set(parquet["text"])


def test_a_technician_sees_nothing_of_it(sign_in: SignIn) -> None:
    for path in ("/results", "/results/q", "/api/v1/results/q"):
        assert sign_in("technician").get(path).status_code == 403
    assert StoreId(CENTRO) == CENTRO
