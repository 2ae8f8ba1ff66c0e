"""A join code comes from whoever made the card, else from the hub's own command."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.raspberrypi.cards.settings_file import DeviceWishes
from deploy.raspberrypi.remote.codes import asking, with_code
from shared.errors import DeviceError

WISHES = DeviceWishes("mercado", "caja-1", "kiosk-1")


def test_the_hub_is_asked_for_what_was_not_given() -> None:
    asked = list[Sequence[str]]()

    def ask(words: Sequence[str]) -> str:
        asked.append(words)
        return json.dumps({"code": "C", "hub": "https://hub", "fingerprint": "F", "until": 1})

    found = with_code(WISHES, ask)
    assert (found.join_code, found.hub, found.fingerprint) == ("C", "https://hub", "F")
    assert asked == [("join", "new", "mercado", "caja-1", "kiosk-1", "--json")]
    assert with_code(found, ask) is found
    assert len(asked) == 1


@pytest.mark.parametrize("said", ["", "[]", "{}", '{"code": "C"}', "null"])
def test_an_answer_that_is_none_is_told(said: str) -> None:
    with pytest.raises(DeviceError, match="cannot be read"):
        with_code(WISHES, lambda words: said)


def test_a_hub_that_refuses_is_told_in_its_own_words(tmp_path: Path) -> None:
    hub = tmp_path / "hub.py"
    hub.write_text("import sys; sys.exit('no point caja-9')")
    with pytest.raises(DeviceError, match="no point caja-9"):
        asking(None, f"{sys.executable} {hub}")(["join", "new"])
    with pytest.raises(DeviceError, match="cannot be run"):
        asking(None, str(tmp_path / "nothing"))(["join", "new"])
