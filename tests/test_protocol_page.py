"""Every numbered assertion of docs/protocol.md has a test that carries its number."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
NUMBER = re.compile(r"SEM-[A-Z]{3}-\d{3}")


def numbers_on_the_page() -> list[str]:
    text = (ROOT / "docs" / "protocol.md").read_text()
    return re.findall(r"\*\*(SEM-[A-Z]{3}-\d{3})\*\*", text)


def numbers_in_tests() -> set[str]:
    """The numbers in `@pytest.mark.assertion("SEM-…")` on a test function."""
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found |= {n for d in node.decorator_list for n in _numbers(d)}
    return found


def _numbers(decorator: ast.expr) -> set[str]:
    if ast.unparse(decorator).startswith("pytest.mark.assertion("):
        return set(NUMBER.findall(ast.unparse(decorator)))
    return set()


def test_every_assertion_has_a_test() -> None:
    assert set(numbers_on_the_page()) - numbers_in_tests() == set()


def test_every_number_in_a_test_is_on_the_page() -> None:
    assert numbers_in_tests() - set(numbers_on_the_page()) == set()


def test_no_number_is_given_twice() -> None:
    numbers = numbers_on_the_page()
    assert len(numbers) == len(set(numbers))
    assert len(numbers) >= 40
