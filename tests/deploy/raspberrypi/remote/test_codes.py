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
    hub.write_text("import sys; sys.exit('✗ no point caja-9\\n  → see “store list”')")
    with pytest.raises(DeviceError, match="the hub says: no point caja-9") as told:
        asking(None, f"{sys.executable} {hub}")(["join", "new"])
    assert told.value.hint == "see “store list”"


def test_what_is_no_word_of_a_hub_says_where_it_was_asked(tmp_path: Path) -> None:
    hub = tmp_path / "hub.py"
    hub.write_text("import sys; sys.exit('not found')")
    with pytest.raises(DeviceError, match="the hub is not reached: not found") as told:
        asking(None, f"{sys.executable} {hub}")(["kiosk", "list"])
    assert "HUB_SSH" in told.value.hint
    with pytest.raises(DeviceError, match="cannot be run"):
        asking(None, str(tmp_path / "nothing"))(["join", "new"])


def test_what_the_hub_warns_of_is_passed_on(tmp_path: Path) -> None:
    hub = tmp_path / "hub.py"
    hub.write_text("import sys; print(*sys.argv[1:]); print('! keep its card', file=sys.stderr)")
    heard = list[str]()
    ask = asking(None, f"{sys.executable} {hub}", Path("hub.toml"), heard.append)
    assert ask(["kiosk", "list"]) == "kiosk list --config hub.toml\n"
    assert heard == ["! keep its card"]
