"""Fixtures that many tests share."""

pytest_plugins = ["tests.parts.databases", "tests.parts.memory"]
