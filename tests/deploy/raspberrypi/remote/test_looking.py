"""Doctor and verify ask every question, also after one that was answered badly."""

from __future__ import annotations

import pytest

from deploy.raspberrypi.remote.looking import DOCTOR, VERIFY, Look, Sign, look
from deploy.raspberrypi.remote.ssh import Said
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


@pytest.mark.parametrize("question", [*DOCTOR, *VERIFY], ids=lambda question: question.name)
def test_every_question_says_what_to_do(question: Look) -> None:
    assert question.hint
    assert question.words
