"""The machine: whole files, links turned at once, and programs that say why they failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.plans.machine import Machine, Text
from shared.errors import DeviceError
from tests.deploy.hub.recorded import recorded


def test_a_file_is_right_only_with_contents_and_rights(tmp_path: Path) -> None:
    machine, text = recorded(tmp_path), Text("/etc/semblante/x", "a\n", 0o640, "root", "semblante")
    assert not machine.is_like(text)
    machine.write(text)
    assert machine.is_like(text)
    machine.at(text.path).chmod(0o644)
    assert not machine.is_like(text)


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    for contents in ("first\n", "second\n"):
        machine.write(Text("/etc/semblante/x", contents))
    assert [path.name for path in machine.at("/etc/semblante").iterdir()] == ["x"]
    assert machine.read("/etc/semblante/x") == "second\n"


def test_what_an_interruption_left_is_no_obstacle(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    machine.at("/opt").mkdir()
    machine.at("/opt/.x.new").write_text("half")
    machine.at("/opt/link.new").symlink_to("nowhere")
    machine.write(Text("/opt/x", "whole"))
    machine.link("/opt/link", "x")
    assert (machine.read("/opt/x"), machine.leads_to("/opt/link")) == ("whole", "x")


def test_what_is_not_there_reads_as_nothing(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    assert machine.read("/no/such/file") == machine.leads_to("/no/such/link") == ""
    assert machine.uid("nobody-here") is None


def test_a_program_that_fails_is_told_with_its_last_words_and_without_its_warnings() -> None:
    script = "cat >&2; exit 3"
    with pytest.raises(DeviceError, match=r"ended with 3:\n  the reason$") as raised:
        Machine().run("sh", "-c", script, said="the reason\nWARNING: noise\n")
    assert raised.value.hint


def test_a_program_that_is_not_there_fails_like_any_other() -> None:
    with pytest.raises(DeviceError, match="ended with 127"):
        Machine().run("no-such-program-anywhere")
    assert not Machine().succeeds("no-such-program-anywhere")


def test_services_are_started_on_the_machine_itself_alone(tmp_path: Path) -> None:
    assert not Machine(tmp_path).systemd_runs
