"""One contract, by a fake and by a real sshd: programs run as root, files arrive whole or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.raspberrypi.remote.ssh import Remote, Said, Ssh, come_in, put
from shared.errors import DeviceError
from tests.fakes.remote import FakeRemote
from tests.parts.ports import free_port
from tests.parts.sshd import sshd


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ...]]:
    with sshd(tmp_path_factory.mktemp("sshd")) as found:
        yield found


@pytest.fixture(params=["fake", "real"])
def remote(request: pytest.FixtureRequest) -> Remote:
    if request.param == "fake":
        return FakeRemote()
    return Ssh("127.0.0.1", request.getfixturevalue("options"))


def test_a_file_is_put_once(remote: Remote, tmp_path: Path) -> None:
    source, to = tmp_path / "bundle.tar", f"{tmp_path}/there/it's a bundle; rm -rf x.tar"
    source.write_bytes(bytes(range(256)) * 5_000)
    assert put(remote, source, to)
    assert not put(remote, source, to)
    source.write_bytes(b"another")
    assert put(remote, source, to)
    assert remote.run("sha256sum", to).code == 0


def test_what_arrived_before_the_line_was_cut_is_not_sent_again(
    remote: Remote, tmp_path: Path
) -> None:
    source, to, told = tmp_path / "bundle.tar", f"{tmp_path}/bundle.there", list[int]()
    source.write_bytes(bytes(range(256)) * 40_000)
    remote.run("dd", f"of={to}.partial", "status=none", said=source.read_bytes()[:9_000_000])
    assert put(remote, source, to, lambda at, _of: told.append(at))
    assert told == [source.stat().st_size]


def test_what_is_no_part_of_the_file_is_not_gone_on_from(tmp_path: Path) -> None:
    source, remote = tmp_path / "bundle.tar", FakeRemote(files={"/to.partial": b"another"})
    source.write_bytes(b"this one")
    assert put(remote, source, "/to")
    assert remote.files == {"/to": b"this one"}


def test_what_is_not_there_is_no_fault_but_an_answer(remote: Remote, tmp_path: Path) -> None:
    assert remote.run("test", "-e", f"{tmp_path}/nothing").code == 1


def test_words_stay_words_however_they_are_written(options: tuple[str, ...]) -> None:
    remote = Ssh("127.0.0.1", options)
    said = remote.run("printf", "%s|", "a b", "$HOME", "`id`", "'", "ñ")
    assert (said.code, said.out) == (0, "a b|$HOME|`id`|'|ñ|")
    assert remote.run("sh", "-c", "echo why >&2; exit 3").last == "why"
    assert remote.run("cat", said=b"given").out == "given"


def test_lines_are_told_as_they_come(options: tuple[str, ...]) -> None:
    heard = list[str]()
    ended = Ssh("127.0.0.1", options).follow(heard.append, "sh", "-c", "echo one; echo two; exit 4")
    assert (heard, ended) == (["one", "two"], 4)


def test_a_machine_that_is_not_there_is_told_with_what_to_try() -> None:
    with pytest.raises(DeviceError, match="is not reached") as told:
        Ssh("127.0.0.1", (f"-oPort={free_port()}",)).run("true")
    assert "is SSH switched on" in told.value.hint


def test_a_key_that_is_not_let_in_and_a_card_that_is_new_are_told_apart(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "known").write_text("")
    strange = [one for one in options if "IdentityFile" not in one]
    with pytest.raises(DeviceError, match="Permission denied") as told:
        Ssh("127.0.0.1", (*strange, "-oIdentityFile=/none")).run("true")
    assert "ssh-copy-id" in told.value.hint
    (port,) = (one.removeprefix("-oPort=") for one in options if "Port" in one)
    other = "AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43
    (tmp_path / "known").write_text(f"[127.0.0.1]:{port} ssh-ed25519 {other}\n")
    known = f"-oUserKnownHostsFile={tmp_path}/known"
    with pytest.raises(DeviceError, match="Host key verification failed") as told:
        Ssh("127.0.0.1", (known, *options)).follow(lambda line: None, "true")
    assert "ssh-keygen -R" in told.value.hint


def test_who_comes_in_as_root_may_work(options: tuple[str, ...]) -> None:
    come_in(Ssh("127.0.0.1", options))


@pytest.mark.parametrize(
    ("why", "hint"), [("No space left on device", "df -h"), ("Read-only file system", "make card")]
)
def test_a_place_that_cannot_be_written_is_told_with_what_to_do(
    why: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / "one").write_bytes(b"one")
    full = FakeRemote(answers={"dd": lambda words: Said(1, "", f"dd: error writing: {why}\n")})
    with pytest.raises(DeviceError, match=why) as told:
        put(full, tmp_path / "one", "/boot/one")
    assert hint in told.value.hint
