"""The house: rings that may not be left, sizes that may not be passed, names that say something."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import hub
import kiosk
import shared

ROOT = Path(__file__).parents[1]
PACKAGES = ("kiosk", "hub", "shared", "deploy")
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(path for path in found if "versions" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code and comment, without the docstring."""
    size = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        size -= (first.end_lineno or first.lineno) - first.lineno + 1
    return size


def test_every_arrow_points_inward_and_every_module_has_its_place() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_the_three_packages_are_ours_and_stand_side_by_side() -> None:
    folders = {Path(str(package.__file__)).parent.parent for package in (hub, kiosk, shared)}
    assert folders == {ROOT}, "somebody else's “shared”, “hub” or “kiosk” is installed"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_MODULE
    long = {f.name: lines_of(f) for f in functions(path) if lines_of(f) > LONGEST_FUNCTION}
    assert not long, f"longer than {LONGEST_FUNCTION} lines"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert path.stem not in SAYS_NOTHING
    assert ast.get_docstring(ast.parse(path.read_text())), "no docstring"


def test_functions_are_mostly_small() -> None:
    sizes = sorted(lines_of(f) for path in modules() for f in functions(path))
    assert sizes[len(sizes) // 2] <= 8, "the median function has grown"


@pytest.mark.parametrize("ring", ["shared", "kiosk/core", "hub/core"])
def test_the_core_never_asks_the_time(ring: str) -> None:
    asks = {"now", "today", "utcnow", "time", "monotonic", "time_ns", "perf_counter"}
    owners = {"datetime", "date", "time"}
    for path in (ROOT / ring).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                called = isinstance(owner, ast.Name) and owner.id in owners
                assert not (called and node.func.attr in asks), f"{path}:{node.lineno}"


def test_nothing_is_mutable_at_module_level_in_the_core() -> None:
    """Tables may stand at module level, but only as constants in capitals."""
    for ring in ("shared", "kiosk/core", "hub/core"):
        for path in (ROOT / ring).rglob("*.py"):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict | ast.List):
                    names = [t.id for t in node.targets if isinstance(t, ast.Name)]
                    assert all(name.isupper() or name == "__all__" for name in names), path
