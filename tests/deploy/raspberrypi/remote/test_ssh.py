"""One contract, by a fake and by a real sshd: programs run as root, files arrive whole or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.raspberrypi.remote.ssh import Remote, Ssh, put
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
    assert "by hand" in told.value.hint
