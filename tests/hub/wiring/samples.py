"""Settings of a hub for tests."""

from __future__ import annotations

from pathlib import Path

from tests.parts.ports import free_port


def settings_file(folder: Path, roles: str = "intake,web,jobs", port: int = 0) -> Path:
    """Write hub.toml with ports that are free; a port of 0 is any."""
    file = folder / "hub.toml"
    listed = ", ".join(f'"{role}"' for role in roles.split(","))
    file.write_text(
        f"roles = [{listed}]\n[web]\nport = {port or free_port()}\n"
        f'[broker]\nport = {free_port()}\npassword = "x"\n'
    )
    return file
