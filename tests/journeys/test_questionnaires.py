"""A questionnaire goes from a file on the hub to a kiosk at a real broker, and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hub.questionnaires import sound_from_yaml
from shared.places import KioskId
from shared.wire import encode_record
from tests.fakes.kiosk import NOON, anchor
from tests.parts.hub import POINT, STORE, StrangersKiosk, running_hub, wait_until
from tests.test_questionnaires_page import EXAMPLE

pytestmark = pytest.mark.journey

KIOSK = KioskId("k-1")


def test_what_is_sent_arrives_as_settings_and_what_is_taken_back_is_gone(tmp_path: Path) -> None:
    with running_hub(tmp_path) as (broker, hub):
        kiosk = StrangersKiosk(broker, KIOSK, hub.office.enrol(KIOSK, STORE, POINT).password)
        kiosk.keep(encode_record(anchor(1_000, NOON)))
        kiosk.connect()

        def asked() -> str | None:
            asked = None if kiosk.settings is None else kiosk.settings.questionnaire
            return None if asked is None else asked.id

        wait_until(lambda: kiosk.settings is not None, "settings")
        assert asked() is None
        desk = hub.office.questionnaires
        today = replace(sound_from_yaml(EXAMPLE), last_day=None)  # also when it is over
        version = desk.bring(today, "command line")
        folder = desk.folder("your-visit")
        assert folder is not None
        desk.send(folder, version, [STORE], "command line")
        wait_until(lambda: asked() == "your-visit", "the questionnaire")
        assert kiosk.settings is not None
        assert kiosk.settings.questionnaire == version.questionnaire
        assert kiosk.settings.keeping.zone != ""
        (shown,) = desk.shown([STORE])
        assert (shown.name, shown.version) == ("your-visit", 1)
        desk.take_back(folder, [STORE], "command line")
        wait_until(lambda: asked() is None, "none")
        kiosk.close()
