"""The compose files: read, and compared with the units; no container runs in these tests."""

from __future__ import annotations

import re
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

KNOWN = {
    "build", "cap_add", "cap_drop", "command", "depends_on", "image", "network_mode", "pid",
    "ports", "profiles", "read_only", "restart", "security_opt", "stop_grace_period", "sysctls",
    "tmpfs", "user", "volumes",
}  # fmt: skip
"""Those words of the Compose Specification that we use."""


def unit_line(name: str) -> list[str]:
    found = re.search(r"^ExecStart=(.*)$", (FOLDER / name).read_text(), re.MULTILINE)
    assert found is not None
    return found.group(1).split()


def test_every_word_is_one_of_the_specification() -> None:
    assert set(COMPOSE) == {"name", "x-part", "services", "volumes"}
    assert {word for service in SERVICES.values() for word in service} <= KNOWN
    assert all(service["restart"] in {"no", "unless-stopped"} for service in SERVICES.values())


def test_whoever_is_waited_for_or_shared_with_is_there() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)
        for shared in (service.get("network_mode"), service.get("pid")):
            assert shared is None or shared.removeprefix("service:") in SERVICES


def test_the_parts_are_started_by_the_lines_of_the_units() -> None:
    assert SERVICES["broker"]["command"] == unit_line("semblante-broker.service")
    default = re.search(r"^CMD (\[.*\])$", (HERE / "Containerfile").read_text(), re.MULTILINE)
    assert default is not None
    assert yaml.safe_load(default.group(1)) == unit_line("semblante-hub.service")
    backup = SERVICES["backup"]["command"][-1]
    written = (FOLDER / "semblante-backup.service").read_text().replace("%%", "%")
    assert backup in written


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
    text = (HERE / "Containerfile").read_text()
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ")]
    sources = [ROOT / name for names in copied for name in names]
    assert all(source.exists() for source in sources)
    for file in Source(ROOT).files():
        assert any((ROOT / file).is_relative_to(source) for source in sources), file


def test_an_image_holds_no_secret(tmp_path: Path) -> None:
    steps = image(wishes(name="hub"), recorded(tmp_path), Source(ROOT))
    names = " ".join(step.name for step in steps)
    assert not re.search(r"certificate|hub\.toml|broker|tables", names)


def test_it_stands_on_the_debian_that_is_tested() -> None:
    from_line = re.search(r"^FROM .*debian:(\w+)", (HERE / "Containerfile").read_text(), re.M)
    assert from_line is not None
    assert from_line.group(1) == "trixie"
