"""Files are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

from kiosk.adapters.durable import empty_out, link_whole, write_whole


def test_a_file_is_replaced_with_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "one"
    file.write_text("before")
    file.chmod(0o644)
    (tmp_path / "one.new").write_text("half of an earlier try")
    write_whole(file, b"after")
    assert file.read_bytes() == b"after"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_turned(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link_whole(link, "one")
    link_whole(link, "two")
    assert str(link.readlink()) == "two"


def test_the_old_bytes_are_blotted_where_they_lay(tmp_path: Path) -> None:
    file, witness = tmp_path / "settings", tmp_path / "the same bytes"
    file.write_text("secret")
    witness.hardlink_to(file)
    empty_out(file, b"nothing")
    assert file.read_bytes() == b"nothing"
    assert witness.read_bytes() == b"######"
