"""Services: which start with the machine, and when one is started anew."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from deploy.hub.certificates import OWN_CERTIFICATE, OWN_KEY, WEB_CERTIFICATE, WEB_KEY
from deploy.hub.services import (
    COMMAND,
    ETC,
    FOLDER,
    RENEWED,
    Enabled,
    Running,
    enabled,
    hubs,
    others,
    reads,
    texts,
)
from deploy.hub.wishes import wishes
from tests.deploy.hub.recorded import recorded

ONE = wishes(name="hub")
APART = wishes(name="hub", database="postgresql", web="caddy", apart=True)
BEGAN = 1_000


def runs(words: Sequence[str], _: str) -> tuple[int, str]:
    """Everything runs, since then."""
    return (0, f"@{BEGAN}\n") if "show" in words else (0, "")


def test_one_hub_or_a_service_for_each_role() -> None:
    assert hubs(ONE) == ("semblante-hub.service",)
    assert len(hubs(APART)) == 3
    assert not set(hubs(ONE)) & set(others(ONE))
    assert set(hubs(APART)) & set(others(ONE)) == set(hubs(APART))
    assert "nginx.service" in others(APART)


def test_parts_of_a_hub_listen_at_ports_of_their_own() -> None:
    files = [text for text in texts(APART) if text.path.endswith(".env")]
    ports = {text.contents.partition("PORT=")[2] for text in files}
    assert len(files) == len(ports) == 3
    assert not [text for text in texts(ONE) if text.path.endswith(".env")]


def test_all_that_is_enabled_is_started_but_the_database_which_its_package_starts() -> None:
    for wished in (ONE, APART):
        assert set(enabled(wished)) - set(reads(wished)) <= {"postgresql.service"}


def test_every_unit_of_ours_that_is_started_is_written() -> None:
    for wished in (ONE, APART):
        written = {text.path for text in texts(wished)}
        needed = {file for files in reads(wished).values() for file in files if ETC in file}
        assert needed <= written


def test_a_service_begins_anew_when_what_it_reads_has_changed(tmp_path: Path) -> None:
    machine = recorded(tmp_path, answer=runs, systemd=True)
    step = Running(machine, {"a.service": ("/etc/a",), "b.service": ("/etc/b", "/etc/none")})
    for name, changed in (("a", BEGAN - 10), ("b", BEGAN + 10)):
        machine.at(f"/etc/{name}").touch()
        os.utime(machine.at(f"/etc/{name}"), (changed, changed))
    assert step.lacks() == ["b.service"]
    step.do()
    assert machine.commands[-2:] == ["systemctl daemon-reload", "systemctl restart b.service"]


def test_a_service_that_does_not_run_is_started(tmp_path: Path) -> None:
    machine = recorded(tmp_path, answer=lambda *_: (3, ""), systemd=True)
    assert Running(machine, {"a.service": ()}).lacks() == ["a.service"]


def test_services_of_another_wish_start_no_more(tmp_path: Path) -> None:
    enabled_now = {"old.service"}

    def systemctl(words: Sequence[str], _: str) -> tuple[int, str]:
        return (0 if words[-1] in enabled_now else 1, "") if "is-enabled" in words else (0, "")

    machine = recorded(tmp_path, answer=systemctl, systemd=True)
    step = Enabled(machine, ["new.service"], ["old.service", "never.service"])
    assert step.lacks() == ["new.service", "without old.service"]
    step.do()
    assert "systemctl disable --now old.service" in machine.commands
    assert not [command for command in machine.commands if command.endswith("e never.service")]
    assert machine.commands[-1] == "systemctl enable new.service"


def test_a_certificate_that_the_hub_renews_reaches_the_web_server() -> None:
    """The unit looks at the file that the hub writes last, and copies onto those that are shown."""
    path = (FOLDER / RENEWED).read_text()
    service = (FOLDER / RENEWED.replace(".path", ".service")).read_text()
    assert f"PathChanged={OWN_CERTIFICATE}\n" in path
    assert f"{OWN_KEY} {WEB_KEY}\n" in service
    assert f"{OWN_CERTIFICATE} {WEB_CERTIFICATE}\n" in service
    assert RENEWED in enabled(ONE)
    public = wishes(name="hub.example.org", tls="acme", mail="it@example.org")
    assert RENEWED not in enabled(public)
    assert RENEWED in others(public)


def test_the_hubs_commands_run_as_its_own_user_with_its_own_settings(tmp_path: Path) -> None:
    """The script itself, with programs that only say how they were called."""
    said = "#!/bin/sh\necho $(basename $0) $@\n"
    for name in ("semblante-hub", "runuser", "id"):
        (tmp_path / name).write_text("#!/bin/sh\necho semblante\n" if name == "id" else said)
        (tmp_path / name).chmod(0o755)
    script = COMMAND.contents.replace("/opt/semblante/current/bin", str(tmp_path))

    def run(*words: str) -> str:
        return subprocess.run(
            ["sh", "-c", script, "semblante-hub", *words],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True, text=True, check=True, timeout=10,
        ).stdout.strip()  # fmt: skip

    assert run("store", "list") == "semblante-hub store list --config /etc/semblante/hub.toml"
    assert run("store", "--help") == "semblante-hub store --help"
    assert run() == "semblante-hub --help"
    (tmp_path / "id").write_text("#!/bin/sh\necho root\n")
    assert run("migrate").startswith("runuser -u semblante -- semblante-hub migrate")
