"""The compose files: read, and compared with the units; no container runs in these tests."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.hub.people import FOLDERS
from deploy.hub.plan import image
from deploy.hub.program import Source
from deploy.hub.services import FOLDER
from deploy.hub.wishes import wishes
from tests.deploy.hub.recorded import recorded

ROOT = Path(__file__).parents[3]
HERE = ROOT / "deploy" / "hub"
COMPOSE = yaml.safe_load((HERE / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]

STANDING = ("broker", "hub", "web")

KNOWN = {
    "build", "cap_add", "cap_drop", "command", "container_name", "depends_on", "environment",
    "image", "network_mode", "pid", "ports", "profiles", "read_only", "restart", "security_opt",
    "stop_grace_period", "sysctls", "tmpfs", "user", "volumes",
}  # fmt: skip
"""Those words of the Compose Specification that we use."""


def unit_line(name: str) -> list[str]:
    found = re.search(r"^ExecStart=(.*)$", (FOLDER / name).read_text(), re.MULTILINE)
    assert found is not None
    return found.group(1).split()


def script(name: str) -> str:
    """What the shell of a service is told; compose writes a dollar twice."""
    words = SERVICES[name]["command"]
    assert words[0] == "/bin/sh"
    return str(words[-1]).replace("$$", "$")


def copied() -> list[Path]:
    """What the image gets of the checkout."""
    text = (HERE / "Containerfile").read_text()
    lines = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ")]
    return [Path(name) for names in lines for name in names]


def test_every_word_is_one_of_the_specification() -> None:
    assert set(COMPOSE) == {"name", "x-part", "x-standing", "services", "volumes"}
    assert {word for service in SERVICES.values() for word in service} <= KNOWN


def test_what_stands_comes_back_after_a_boot() -> None:
    """podman-restart.service starts what says “always”, and leaves “unless-stopped” where it is."""
    assert {name: service["restart"] for name, service in SERVICES.items()} == {
        "ground": "always", "broker": "always", "hub": "always", "web": "always", "backup": "no",
    }  # fmt: skip


def test_the_image_is_built_once() -> None:
    assert [name for name, service in SERVICES.items() if "build" in service] == ["ground"]
    assert {service["image"] for service in SERVICES.values()} == {"localhost/semblante-hub"}


@pytest.mark.parametrize("name", STANDING)
def test_whatever_dies_the_others_are_still_found(name: str) -> None:
    """Network and processes are ground's, which nothing ends: a broker that dies takes nobody's."""
    part = SERVICES[name]
    assert part["network_mode"] == "service:ground"
    assert part["pid"] == f"container:{SERVICES['ground']['container_name']}"
    assert "ports" not in part


def test_nothing_waits_for_a_service_that_ends() -> None:
    """podman-compose does not wait for it, and podman starts nothing anew that depends on it."""
    waits = [service.get("depends_on", {}) for service in SERVICES.values()]
    assert {name for wait in waits for name in wait} <= {"ground", "broker"}
    assert all(how == {"condition": "service_started"} for w in waits for how in w.values())


def test_the_parts_are_started_by_the_lines_of_the_units() -> None:
    for name in ("broker", "hub"):
        words = script(name).splitlines()[-1].split()
        assert words == ["exec", *unit_line(f"semblante-{name}.service")]
    default = re.search(r"^CMD (\[.*\])$", (HERE / "Containerfile").read_text(), re.MULTILINE)
    assert default is not None
    assert yaml.safe_load(default.group(1)) == unit_line("semblante-hub.service")


def test_a_backup_is_all_that_the_unit_makes() -> None:
    unit = (FOLDER / "semblante-backup.service").read_text().replace("$$", "$").replace("%%", "%")
    lines = re.findall(r"^ExecStart=(?:/bin/sh -c 'exec (.*)'|(.*))$", unit, re.MULTILINE)
    assert script("backup").splitlines() == ["umask 077", *(a or b for a, b in lines)]
    assert "-e" in SERVICES["backup"]["command"], "what is old goes only after a whole backup"


@contextmanager
def shell(text: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """It runs, and at the end nothing that it began."""
    words = ["/bin/sh", "-c", text]
    with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, start_new_session=True) as child:
        try:
            yield child
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def test_the_parts_wait_until_all_is_prepared(tmp_path: Path) -> None:
    """By the shells of the file: the plan is a stand-in that ends when it is told."""
    plan = tmp_path / "python3"
    plan.write_text(f"#!/bin/sh\nuntil [ -e {tmp_path}/go ]; do sleep 0.1; done\n")
    plan.chmod(0o755)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin", "NAME": "hub.example.org"}
    (line,) = {script(name).splitlines()[0] for name in STANDING}
    with shell(script("ground"), env) as ground:
        wait = f"{line}; echo went".replace("/proc/1/", f"/proc/{ground.pid}/")
        with shell(wait, env) as part:
            time.sleep(1)
            early = part.poll()
            (tmp_path / "go").touch()
            told, _ = part.communicate(timeout=30)
        ground.terminate()
        ended = ground.wait(timeout=30)
    assert (early, told, ended) == (None, b"went\n", 0)


def test_a_plan_that_cannot_be_done_leaves_the_others_waiting() -> None:
    words = {"PATH": "/nowhere", "NAME": "hub.example.org"}
    short = script("ground").replace("sleep 60", "sleep() { :; }")
    done = subprocess.run(["/bin/sh", "-c", short], env=words, check=False, timeout=30)
    assert done.returncode == 1


def test_the_web_server_gets_the_certificate_that_the_hub_renews() -> None:
    text = script("web")
    assert "cp web-key.pem web.pem /etc/semblante/tls/ && /usr/sbin/nginx -q -s reload" in text
    assert text.splitlines()[-1] == 'exec /usr/sbin/nginx -g "daemon off;"'


def test_what_is_kept_is_in_volumes() -> None:
    named = dict(volume.split(":") for volume in SERVICES["hub"]["volumes"])
    assert set(named) == set(COMPOSE["volumes"])
    kept = {path for path in FOLDERS if not path.startswith("/opt")}
    assert all(any(path.startswith(place) for place in named.values()) for path in kept)


@pytest.mark.parametrize("name", ["broker", "hub", "web", "backup"])
def test_a_part_may_hardly_do_anything(name: str) -> None:
    part = SERVICES[name]
    assert (part["read_only"], part["cap_drop"]) == (True, ["ALL"])
    assert part["security_opt"] == ["no-new-privileges:true"]
    assert name == "web" or part["user"] == "semblante"


def test_every_file_that_the_image_copies_is_there_and_all_that_is_installed_is_copied() -> None:
    assert all((ROOT / source).exists() for source in copied())
    for file in Source(ROOT).files():
        assert any(file.is_relative_to(source) for source in copied()), file
    seen = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{source.parts[0]}" for source in copied()} <= set(seen)


def test_what_is_copied_is_enough_for_a_bare_python(tmp_path: Path) -> None:
    for source in copied():
        if not source.is_relative_to("deploy"):
            continue
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copyfile
        copy(ROOT / source, tmp_path / source)
    (tmp_path / "shared").symlink_to(ROOT / "shared")
    bare = (sys.executable, "-S", "-B", "-m", "deploy.hub", "--help")
    done = subprocess.run(
        bare, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_user_has_the_same_number_in_every_image() -> None:
    """Else the next image would find its volumes to be somebody else's."""
    text = (HERE / "Containerfile").read_text()
    made = text.index("useradd --system --uid 640 --gid 640")
    assert made < text.index("RUN python3 -m deploy.hub --image")


def test_an_image_holds_no_secret(tmp_path: Path) -> None:
    steps = image(wishes(name="hub"), recorded(tmp_path), Source(ROOT))
    names = " ".join(step.name for step in steps)
    assert not re.search(r"certificate|hub\.toml|broker|tables", names)
    assert "the command semblante-hub" in names
    assert "deploy/hub/.env" in (ROOT / ".dockerignore").read_text()


def test_it_stands_on_the_debian_that_is_tested() -> None:
    from_line = re.search(r"^FROM .*debian:(\w+)", (HERE / "Containerfile").read_text(), re.M)
    assert from_line is not None
    assert from_line.group(1) == "trixie"
