"""The builder in a real browser: by keyboard, without scripts, on a phone, with real pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hub.adapters.pictures import DrawnPictures
from hub.questionnaires import from_yaml
from tests.browser.conftest import Open, forgiven
from tests.browser.looking import DARK, DESK, SMALLEST, assert_fit_on, assert_whole_on
from tests.hub.web.building import CENTRO, Site
from tests.parts.chromium import Complaints
from tests.test_questionnaires_page import EXAMPLE

PAGES = {
    "all": "/questionnaires",
    "one": "/questionnaires/your-visit",
    "sent": "/questionnaires/your-visit?version=1",
    "faces": "/questionnaires/your-visit/questions/mood",
    "choices": "/questionnaires/your-visit/questions/came-for",
    "scale": "/questionnaires/your-visit/questions/recommend",
    "rules": "/questionnaires/your-visit/questions/what-was-wrong",
    "file": "/questionnaires/your-visit/file",
    "programme": f"/stores/{CENTRO}/programme",
}


@pytest.fixture(scope="module", autouse=True)
def your_visit(site: Site) -> Iterator[None]:
    """The manual's example, sent; and a draft in which a text is missing."""
    desk = site.parts.questionnaires
    folder = desk.make(from_yaml(EXAMPLE), None, "administrator")
    desk.send(folder, folder.newest, [CENTRO], "administrator")
    sent = desk.folder("your-visit")
    assert sent is not None
    desk.change(sent, from_yaml(EXAMPLE.replace(", en: Would you recommend us?", "")), 1, "ana")
    yield
    desk.take_back(folder, [CENTRO], "administrator")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_whole_and_fit_for_everybody(
    open_page: Open, tmp_path: Path, language: str
) -> None:
    page = open_page("administrator", language, at=None)
    for name, path in PAGES.items():
        page.goto(path)
        assert_whole_on(page, tmp_path, name, *((DESK,) if language == "en" else (SMALLEST, DARK)))
        assert_fit_on(page, name, DESK if language == "en" else DARK)


def begin(page: Page, title: str) -> None:
    page.get_by_label("Title · Español").fill(title)
    page.get_by_label("Title · English").fill(title)
    page.get_by_role("button", name="Begin").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "without-scripts"])
def test_a_manager_with_ten_minutes_makes_and_sends_one(
    site: Site, open_page: Open, scripts: bool
) -> None:
    page = open_page("manager", at=PAGES["all"], java_script_enabled=scripts)
    begin(page, f"Our bread {scripts}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Our bread {scripts}")
    page.get_by_label("How it is answered").select_option(label="One of several")
    page.get_by_label("Question · Español").fill("¿Qué pan le gusta?")
    page.get_by_role("button", name="Add the question").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 1 of 1")
    question = page.get_by_role("group", name="Question", exact=True)
    expect(question.get_by_label("English")).to_have_attribute("aria-invalid", "true")
    question.get_by_label("English").fill("Which bread do you like?")
    for spanish, english in (("De trigo", "Wheat"), ("De centeno", "Rye")):
        more = page.locator(".new-choice")
        more.get_by_label("Español").fill(spanish)
        more.get_by_label("English").fill(english)
        more.get_by_role("button", name="Add the choice").click()
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    page.get_by_role("button", name="Keep, and back to the whole").click()
    page.get_by_role("checkbox", name="Centro").check()
    page.get_by_role("button", name="Send version 1").click()
    expect(page.get_by_role("status")).to_contain_text("The kiosks have it within seconds")
    programme = site.parts.programmes.programme(CENTRO)
    assert programme is not None
    assert programme.questionnaire is not None
    assert [one.id for one in programme.questionnaire.questions[0].choices] == [
        "de-trigo",
        "de-centeno",
    ]


def test_by_keyboard_alone_a_question_is_kept_and_moved(site: Site, open_page: Open) -> None:
    page = open_page("administrator", at=PAGES["rules"])
    field = page.get_by_role("group", name="Question", exact=True).get_by_label("English")
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("What shall we do better?")
    page.get_by_role("button", name="Keep", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Kept.")
    page.goto(PAGES["one"])
    page.get_by_role("button", name="Question 4 one place up").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".questions strong").nth(2)).to_have_text("What shall we do better?")
    page.get_by_role("button", name="Question 3 one place down").press("Enter")
    expect(page.locator(".questions strong").nth(3)).to_have_text("What shall we do better?")


def test_enter_in_a_field_keeps_and_takes_nothing_away(site: Site, open_page: Open) -> None:
    page = open_page("administrator", at=PAGES["choices"])
    page.locator(".choices li").nth(0).get_by_label("English").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Kept.")
    expect(page.locator(".choices li")).to_have_count(4)


def test_the_picture_is_what_the_kiosk_draws(
    site: Site, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = DrawnPictures(("semblante-kiosk",))
    assert drawn.available
    monkeypatch.setattr(type(site.parts.pictures), "available", property(lambda _: True))
    monkeypatch.setattr(site.parts.pictures, "picture", drawn.picture)
    page = open_page("administrator", at=PAGES["one"])
    image = page.locator("img.glass")
    expect(image).to_have_js_property("complete", True, timeout=60_000)
    expect(image).to_have_js_property("naturalWidth", 800)
    page.get_by_label("Glass").select_option("480x800")
    page.get_by_role("button", name="Show it so").click()
    expect(image).to_have_js_property("naturalWidth", 480, timeout=60_000)
    assert "glass=en.480x800" in (image.get_attribute("src") or "")


def test_a_file_is_taken_along_changed_and_brought_back(open_page: Open, tmp_path: Path) -> None:
    page = open_page("administrator", at=PAGES["file"])
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download").click()
    assert coming.value.suggested_filename == "your-visit-2.yaml"
    file = tmp_path / "changed.yaml"
    coming.value.save_as(file)
    file.write_text(file.read_text().replace("Gracias. Lo leemos todo.", "¡Gracias!"))
    page.get_by_label("or from a file").set_input_files(file)
    page.get_by_role("button", name="Keep").click()
    expect(page).to_have_url(re.compile("done=kept"))
    thanks = page.get_by_role("group", name="Thanks at the end").get_by_label("Español")
    expect(thanks).to_have_value("¡Gracias!")


def test_a_question_is_tried_in_the_frame_and_leads_on_by_its_rules(
    site: Site, open_page: Open
) -> None:
    page = open_page("administrator", at=PAGES["one"])
    phone = page.frame_locator("iframe.handset")
    expect(phone.locator("h1")).to_have_text("How was your visit?")
    phone.get_by_text("Bad").click()
    phone.get_by_role("button", name="Next").click()
    expect(phone.locator(".progress span")).to_have_text("Question 2 of 4")
    phone.get_by_role("button", name="Stop here").click()
    expect(phone.locator("h1")).to_have_text("Thank you!")
    expect(phone.locator("main")).to_contain_text("Nothing was kept")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="From the first page").click()
    expect(opened.value.locator(".tried")).to_contain_text("nothing that is answered here is kept")


def test_a_picture_that_cannot_be_drawn_says_so(
    site: Site, open_page: Open, complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(site.parts.pictures), "available", property(lambda _: True))
    page = open_page("administrator", at=None)
    with forgiven(complaints, "503"):
        page.goto(PAGES["one"])
        expect(page.get_by_text("could not draw this picture just now")).to_be_visible()
    expect(page.locator("img.glass")).to_be_hidden()


def test_fields_of_a_language_are_there_once_it_is_ticked(open_page: Open) -> None:
    page = open_page("manager", at=None, java_script_enabled=False)
    for path, field in (("/questionnaires", "title"), (PAGES["programme"], "question")):
        page.goto(path)
        arabic = page.locator(f"[name='{field}.ar']")
        expect(arabic).to_be_hidden()
        page.locator("input[name=languages][value=ar]").check()
        expect(arabic).to_be_visible()
        expect(arabic).to_have_css("direction", "rtl")
        page.locator("input[name=languages][value=ar]").uncheck()
        expect(arabic).to_be_hidden()
    page.get_by_label("At rest the kiosk speaks").select_option("ar")
    expect(arabic).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "without-scripts"])
def test_a_manager_says_what_the_kiosks_ask(
    site: Site, open_page: Open, complaints: Complaints, scripts: bool
) -> None:
    page = open_page("manager", at=PAGES["programme"], java_script_enabled=scripts)
    question = page.get_by_role("group", name="Question", exact=True)
    question.get_by_label("English").fill(f"How was the till {scripts}?")
    page.get_by_role("button", name="Reason 2 one place up").click()
    expect(page.get_by_role("status")).to_contain_text("not kept yet")
    first = page.locator("[name='reasons.0.text.en']")
    moved = first.input_value()
    page.locator("[name='said.en']").fill("No bread in the evening")
    missing = page.locator("[name='done.en']")
    missing.fill("")
    with forgiven(complaints, "400"):
        first.press("Enter")  # which keeps, and moves nothing
        expect(missing).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was kept yet")
    missing.fill("An oven of our own")
    page.get_by_role("button", name="Keep, and tell the kiosks").click()
    expect(page.get_by_role("status")).to_have_text("Kept.")
    programme = site.parts.programmes.programme(CENTRO)
    assert programme is not None
    assert programme.question["en"] == f"How was the till {scripts}?"
    assert programme.reasons[0].text["en"] == moved
    assert programme.deed is not None
