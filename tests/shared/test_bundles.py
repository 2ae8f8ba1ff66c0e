"""A manifest says what a bundle holds, and one that could do harm is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.bundles import (
    BundleFile,
    Manifest,
    check_version,
    read_manifest,
    to_sign,
    write_manifest,
)
from shared.errors import DeviceError

HASH = "ab" * 32
GOOD: dict[str, Any] = {
    "v": 1, "version": "1.2.0", "serial": 7, "arch": "aarch64", "python": "3.13",
    "outbox_schema": 1, "files": {"wheels/semblante-1.2.0.whl": {"sha256": HASH, "size": 9}},
}  # fmt: skip


def test_a_manifest_comes_back_as_it_was_written() -> None:
    made = Manifest("1.2.0", 7, "aarch64", "3.13", 2, {"a/b.whl": BundleFile(HASH, 9)}, 1, 5)
    assert read_manifest(write_manifest(made)) == made
    assert made.size == 9


def test_the_builders_own_form_is_read_and_what_is_unknown_is_for_later() -> None:
    made = read_manifest(json.dumps({**GOOD, "colour": "blue"}).encode())
    assert (made.version, made.serial, made.outbox_least, made.made_at) == ("1.2.0", 7, 1, 0)


def test_the_signature_is_of_a_bundle_and_of_nothing_else() -> None:
    assert to_sign(b"{}") == b"semblante-bundle-v1\n{}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "../evil"},
        {"version": "1..2"},
        {"version": 7},
        {"serial": 0},
        {"serial": True},
        {"serial": "7"},
        {"v": 2},
        {"outbox_schema": 0},
        {"outbox_least": 3},
        {"files": []},
        {"files": {"a": 1}},
        {"files": {"/etc/passwd": {"sha256": HASH, "size": 1}}},
        {"files": {"a/../b": {"sha256": HASH, "size": 1}}},
        {"files": {"a//b": {"sha256": HASH, "size": 1}}},
        {"files": {".hidden": {"sha256": HASH, "size": 1}}},
        {"files": {"a": {"sha256": "AB" * 32, "size": 1}}},
        {"files": {"a": {"sha256": HASH, "size": -1}}},
        {"files": {"a": {"sha256": HASH, "size": 1 << 60}}},
        {"files": {f"f{n}": {"sha256": HASH, "size": 1} for n in range(1_001)}},
    ],
    ids=str,
)
def test_what_could_do_harm_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeviceError):
        read_manifest(json.dumps({**GOOD, **wrong}).encode())


@pytest.mark.parametrize("payload", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b" " * 300_000])
def test_bytes_that_are_no_manifest_are_refused_in_a_sentence(payload: bytes) -> None:
    with pytest.raises(DeviceError, match="manifest") as refused:
        read_manifest(payload)
    assert refused.value.code == "manifest"


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=50))
def test_no_version_leads_out_of_its_folder(text: str) -> None:
    try:
        check_version(text)
    except DeviceError:
        return
    assert "/" not in text
    assert not text.startswith(".")
    assert ".." not in text
