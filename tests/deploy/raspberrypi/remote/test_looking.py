"""Doctor and verify ask every question, also after one that was answered badly."""

from __future__ import annotations

import pytest

from deploy.raspberrypi.remote.looking import DOCTOR, VERIFY, Look, Sign, look, summary
from deploy.raspberrypi.remote.ssh import Said
from shared.errors import DeviceError
from tests.fakes.remote import FakeRemote


def test_each_answer_has_its_sign_and_a_fault_its_hint() -> None:
    there = FakeRemote(
        answers={
            "findmnt": lambda words: Said(0, "ext4 ro,noatime\n"),
            "systemctl": lambda words: Said(3, "failed\n"),
            "vcgencmd": lambda words: Said(127, "", "vcgencmd: not found"),
        }
    )
    seen = look(
        there,
        (
            Look("read-only", ("findmnt", "/"), "ro"),
            Look("writable", ("findmnt", "/"), "rw", hint="mount it"),
            Look("runs", ("systemctl", "is-active", "x"), hint="make logs"),
            Look("power", ("vcgencmd", "x"), "throttled=0x0", absent=True),
        ),
    )
    assert [one.sign for one in seen] == [Sign.WELL, Sign.FAULT, Sign.FAULT, Sign.ABSENT]
    assert seen[2].told() == "✗ runs: failed\n  → make logs"
    assert summary(seen) == "2 of 4 are amiss; 1 could not be looked at here"


def test_a_program_that_ends_badly_may_have_said_what_was_wanted() -> None:
    """“systemctl is-enabled” says “masked” and ends with 1."""
    there = FakeRemote(answers={"systemctl": lambda words: Said(1, "masked\n")})
    (seen,) = look(there, (Look("no sign-in", ("systemctl", "is-enabled", "x"), "masked"),))
    assert seen.sign is Sign.WELL
    assert summary((seen,)) == "all 1 looks are well"


def test_every_line_of_a_question_that_is_whole_is_told_as_it_comes() -> None:
    there = FakeRemote(answers={"check": lambda words: Said(4, "✓ outbox\n✗ screen: none\n")})
    told = list[str]()
    look(
        there,
        (Look("parts", ("check",), hint="look", whole=True),),
        lambda s: told.append(s.told()),
    )
    assert told == ["✗ parts\n    ✓ outbox\n    ✗ screen: none\n  → look"]


def test_who_may_not_work_as_root_is_told_once() -> None:
    there = FakeRemote(answers={"id": lambda words: Said(1, "", "sudo: a password is required")})
    with pytest.raises(DeviceError, match="a password is required") as told:
        look(there, DOCTOR)
    assert "sudoers" in told.value.hint


@pytest.mark.parametrize("question", [*DOCTOR, *VERIFY], ids=lambda question: question.name)
def test_every_question_says_what_to_do(question: Look) -> None:
    assert question.hint
    assert question.words
