"""Steps: files that are written again, and what is done once for each key."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.plans.machine import Text
from deploy.plans.steps import Files, Once
from tests.deploy.hub.recorded import recorded


def test_only_files_that_differ_are_written(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    step = Files("files", machine, [Text("/etc/a", "a"), Text("/etc/b", "b")])
    assert step.lacks() == ["/etc/a", "/etc/b"]
    step.do()
    machine.at("/etc/b").write_text("changed by hand")
    before = machine.at("/etc/a").stat().st_ino
    assert step.lacks() == ["/etc/b"]
    step.do()
    assert (step.lacks(), machine.at("/etc/a").stat().st_ino) == ([], before)


def test_what_is_done_for_a_key_is_done_again_for_another(tmp_path: Path) -> None:
    keys, done = ["one"], list[str]()
    step = Once("once", recorded(tmp_path), "note", lambda: keys[-1], lambda: done.append(keys[-1]))
    assert not step.was_done
    for _ in range(2):
        if step.lacks():
            step.do()
    keys.append("two")
    assert (step.lacks(), step.was_done) == (["two"], True)
    step.do()
    assert done == ["one", "two"]


def test_what_was_interrupted_counts_as_not_done(tmp_path: Path) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    step = Once("once", recorded(tmp_path), "note", lambda: "key", interrupted)
    with pytest.raises(KeyboardInterrupt):
        step.do()
    assert step.lacks() == ["key"]
