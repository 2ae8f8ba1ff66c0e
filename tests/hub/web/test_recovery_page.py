"""The page Recovery on a real site: what it shows, and in whose language."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from hub.adapters.contents import read_contents
from hub.adapters.database import reading, writing
from hub.adapters.restores import note_restore
from hub.adapters.tables import quarantine
from hub.core.restoring import Restored
from hub.core.troubles import HINTS, Kind, Trouble
from hub.web.pages.recovery import hints, kinds
from hub.web.wording import load_words
from tests.hub.web.building import Site
from tests.hub.web.conftest import SignIn


@pytest.fixture(scope="module", autouse=True)
def _restored(site: Site) -> None:
    with reading(site.engine) as db:
        contents = read_contents(db)
    row = {"fingerprint": "f", "code": "unknown_kiosk", "detail": "", "payload": b"",
           "first_at": 1, "last_at": 1_763_812_800_000, "times": 1}  # fmt: skip
    with writing(site.engine) as db:
        db.execute(insert(quarantine).values(row))
    with writing(site.engine) as db:
        note_restore(db, Restored(contents, None), 9, at=1_763_812_800_000)


def test_it_says_what_became_of_the_restore_and_what_to_do(sign_in: SignIn) -> None:
    text = sign_in("administrator").get("/recovery").text
    assert "0 records came again, 0 missing" in text
    assert "22 Nov 2025, 12:00" in text
    assert "Enrol this kiosk: “semblante-hub kiosk enrol”." in text


def test_every_hint_of_the_core_has_its_words_in_every_language() -> None:
    for words in load_words().values():
        known = hints(words)
        every = {Trouble(kind, code, 1).hint for kind in Kind for code in (*HINTS[kind], "new")}
        assert every <= set(known)
        assert set(kinds(words)) == set(Kind)


def test_the_page_of_the_kiosks_leads_there(sign_in: SignIn) -> None:
    assert 'href="/recovery"' in sign_in("administrator").get("/kiosks").text
