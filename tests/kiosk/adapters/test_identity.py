"""The identity's folder: whole or not at all, at every interruption, and nobody else's."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from kiosk.adapters.identity import AUTHORITY, FILES, KEY, IdentityFolder
from shared.errors import DeviceError
from shared.places import KioskId
from tests.parts.authority import SmallAuthority

DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def authority() -> SmallAuthority:
    return SmallAuthority()


@pytest.fixture
def folder(tmp_path: Path) -> IdentityFolder:
    return IdentityFolder(tmp_path / "identity")


def test_before_the_first_join_there_is_nobody(folder: IdentityFolder) -> None:
    assert folder.current() is None


def test_a_join_leaves_every_file_where_the_drawing_says(
    folder: IdentityFolder, authority: SmallAuthority, tmp_path: Path
) -> None:
    identity = folder.accept(authority.joined(folder.request(), broker=("hub.example", 8884)))
    assert folder.current() == identity
    assert all((tmp_path / "identity" / name).is_file() for name in FILES)
    assert identity.broker() == ("hub.example", 8884)
    assert identity.signing_keys() == (authority.signing_key,)
    begin, end = identity.life()
    assert end - begin == 31 * DAY_MS
    assert identity.until() == end


def test_nobody_else_may_read_the_key(
    folder: IdentityFolder, authority: SmallAuthority, tmp_path: Path
) -> None:
    before = os.umask(0)
    try:
        identity = folder.accept(authority.joined(folder.request()))
    finally:
        os.umask(before)
    assert stat.S_IMODE(identity.path(KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE(identity.folder.stat().st_mode) == 0o750
    group = {name for name in FILES if identity.path(name).stat().st_mode & 0o070}
    assert group == {AUTHORITY}, "whoever fetches updates reads this one, and no other"


def test_a_request_without_an_answer_keeps_its_key(folder: IdentityFolder) -> None:
    first, again = folder.request(), folder.request()
    assert public(first) == public(again)
    folder.forget_request()
    assert public(folder.request()) != public(first)


def test_a_damaged_pending_key_is_replaced(folder: IdentityFolder, tmp_path: Path) -> None:
    folder.request()
    (tmp_path / "identity" / "pending" / KEY).write_bytes(b"\xff half a key")
    assert public(folder.request())


def test_a_renewal_keeps_one_generation_before_it_and_no_more(
    folder: IdentityFolder, authority: SmallAuthority, tmp_path: Path
) -> None:
    seen = [folder.accept(authority.joined(folder.request())) for _ in range(4)]
    assert len({one.text(KEY) for one in seen[-2:]}) == 2
    left = sorted(one.name for one in (tmp_path / "identity").iterdir() if one.name.isdigit())
    assert left == sorted(one.folder.name for one in seen[-2:])


def test_an_answer_about_another_key_name_or_authority_changes_nothing(
    folder: IdentityFolder, authority: SmallAuthority, tmp_path: Path
) -> None:
    before = folder.accept(authority.joined(folder.request()))
    joined = authority.joined(folder.request())
    elsewhere = IdentityFolder(tmp_path / "elsewhere")
    strange = [
        (authority.joined(elsewhere.request()), "another key"),
        (replace(joined, kiosk_id=KioskId("k-2")), "another name"),
        (replace(joined, authority=SmallAuthority().pem), "has not signed it"),
        (replace(joined, certificate="nonsense"), "no certificate"),
        (replace(joined, authority=""), "no certificate"),
    ]
    for answer, why in strange:
        with pytest.raises(DeviceError, match=why):
            folder.accept(answer)
        assert folder.current() == before
    assert folder.accept(joined) != before


class _Cut(Exception):
    """The plug was pulled."""


CALLS = ("fsync", "replace", "rename", "symlink", "mkdir", "unlink")


@pytest.mark.parametrize("renewing", [False, True], ids=["join", "renewal"])
def test_an_interruption_at_any_step_leaves_one_whole_identity(
    renewing: bool, authority: SmallAuthority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plug is pulled at the first, second, third … step until one try goes through."""
    for step in range(200):
        folder = IdentityFolder(tmp_path / f"{step}")
        before = folder.accept(authority.joined(folder.request())) if renewing else None
        request = folder.request()
        with monkeypatch.context() as patch:
            cut_at(step, patch)
            try:
                folder.accept(authority.joined(folder.request()))
            except _Cut:
                whole = True
            else:
                whole = False
        now = folder.current()
        if now is not None:
            assert all(now.text(name) for name in FILES)
            assert now.life()
        assert now is not None or before is None
        if now == before:  # the next try asks with the same key, and becomes whole
            assert public(folder.request()) == public(request)
            assert folder.accept(authority.joined(folder.request())) != before
        if not whole:
            break
    assert 10 < step < 199


def cut_at(step: int, patch: pytest.MonkeyPatch) -> None:
    """From the `step`th call that changes the disk on, none happens."""
    done = 0

    def cut(real: Any) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            nonlocal done
            if done >= step:
                raise _Cut
            done += 1
            return real(*args, **more)

        return call

    for name in CALLS:
        patch.setattr(os, name, cut(getattr(os, name)))


def test_what_was_damaged_later_is_told_with_the_way_out(
    folder: IdentityFolder, authority: SmallAuthority
) -> None:
    identity = folder.accept(authority.joined(folder.request()))
    for name, read in (
        ("signing-keys.json", identity.signing_keys),
        ("joined.json", identity.broker),
        ("joined.json", identity.joined_by),
        ("joined.json", identity.until),
        ("certificate.pem", identity.life),
    ):
        for bad in (b"", b"{}", b"[1]", b"\xff\x00", b'[{"id":"x","public":"y"}]', b"null"):
            identity.path(name).write_bytes(bad)
            with pytest.raises(DeviceError) as told:
                read()
            assert "join code" in told.value.hint


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeviceError, match="File exists") as told:
        IdentityFolder(tmp_path / "file").request()
    assert "read-only" in told.value.hint


def public(request: str) -> bytes:
    """What tells one key from another."""
    key = x509.load_pem_x509_csr(request.encode()).public_key()
    return x509.SubjectKeyIdentifier.from_public_key(key).digest
