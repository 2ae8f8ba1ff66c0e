"""The bill of materials: valid CycloneDX 1.6, whole, and the same bytes each time."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.release.assets import assets
from deploy.release.bill import PROGRAMS, Origin, write_bill
from deploy.release.packages import installed_with
from shared.errors import ReleaseRefused

ROOT = Path(__file__).parents[3]
ORIGIN = Origin("1.2.3", "c0ffee", 1_795_428_000)


@functools.cache
def text(program: str) -> str:
    return write_bill(ROOT, program, ORIGIN)


def read(program: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(text(program))
    return told


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_bill_is_of_one_program_version_and_moment(program: str) -> None:
    told = read(program)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    assert told["metadata"]["timestamp"] == "2026-11-23T10:00:00+00:00"
    ours = told["metadata"]["component"]
    assert (ours["name"], ours["version"]) == (f"semblante-{program}", "1.2.3")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_bill_is_the_same_each_time_and_another_for_another_commit(program: str) -> None:
    assert write_bill(ROOT, program, ORIGIN) == text(program)
    other = json.loads(write_bill(ROOT, program, Origin("1.2.3", "decaf", 1_795_428_000)))
    assert other["serialNumber"] != read(program)["serialNumber"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_component_has_name_version_purl_licence_and_sums(program: str) -> None:
    told = read(program)
    shipped = installed_with(ROOT, program) if program != "browser" else ()
    assert len(told["components"]) == len(shipped) + len(assets(ROOT, program))
    for component in told["components"]:
        assert component["name"]
        assert component["version"]
        assert component["purl"] == component["bom-ref"]
        assert component["licenses"]
        holders = component.get("externalReferences") or component["components"]
        assert len(holders) > 0
        assert all(len(one["content"]) == 64 for holder in holders for one in holder["hashes"])


@pytest.mark.parametrize("program", PROGRAMS)
def test_everything_hangs_together_from_the_program_down(program: str) -> None:
    told = read(program)
    needs = {row["ref"]: row.get("dependsOn", []) for row in told["dependencies"]}
    reached, waiting = set[str](), [told["metadata"]["component"]["bom-ref"]]
    while waiting:
        if (ref := waiting.pop()) not in reached:
            reached.add(ref)
            waiting += needs[ref]
    assert {component["bom-ref"] for component in told["components"]} <= reached


def test_what_the_program_asks_for_itself_hangs_on_it_also_where_others_need_it_too() -> None:
    told = read("hub")
    needs = {row["ref"]: row.get("dependsOn", []) for row in told["dependencies"]}
    asked = [ref for ref in needs["semblante-hub@1.2.3"] if ref.startswith("pkg:pypi/sqlalchemy@")]
    assert len(asked) == 1


def test_what_lies_inside_a_wheel_is_told_by_its_name() -> None:
    inside = {
        one["name"] for whole in read("kiosk")["components"] for one in whole.get("components", [])
    }
    assert "openssl" in inside, "cryptography brings its own"


def test_no_bill_names_where_packages_were_fetched() -> None:
    for program in PROGRAMS:
        assert "http" not in text(program).replace("http://cyclonedx.org", "")


def test_a_bill_that_the_schema_refuses_is_no_release(monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled = json.dumps({**read("browser"), "components": [{"type": "cheese"}]})
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(spoiled) is not None
    monkeypatch.setattr(JsonV1Dot6, "output_as_string", lambda *_, **__: spoiled)
    with pytest.raises(ReleaseRefused, match=r"is no CycloneDX 1\.6"):
        write_bill(ROOT, "browser", ORIGIN)
