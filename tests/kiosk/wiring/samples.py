"""A headless kiosk's settings, whose broker nobody serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from gpiozero import Device

from kiosk.settings import Settings, load_settings
from tests.parts.ports import free_port

DOOR_TOKEN = "0123456789abcdef"


def headless(
    folder: Path, more: str = "", *, broker_port: int | None = None, password: str = "secret"
) -> Settings:
    """Settings from a file in `folder`, with `more` tables."""
    file = folder / "kiosk.toml"
    file.write_text(f"""
        store = "centro"
        point = "caja-1"
        kiosk = "k-1"
        [broker]
        host = "127.0.0.1"
        port = {broker_port or free_port()}
        password = "{password}"
        [screen]
        driver = "none"
        {more}
    """)
    return load_settings(file, {})


@contextmanager
def pins_by(factory: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pins of this factory and no other, whatever a test before has chosen."""
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", factory)
    before, Device.pin_factory = Device.pin_factory, None
    try:
        yield
    finally:
        Device.pin_factory = before
