"""The settings of a kiosk that has no glass: a drill touches by its door instead of a finger."""

from __future__ import annotations

from typing import Final

TOKEN: Final = "what a drill knows"
DOOR: Final = 8765
GLASSLESS: Final = f"""
[screen]
driver = "none"

[door]
token = "{TOKEN}"
port = {DOOR}
drills = true
"""
