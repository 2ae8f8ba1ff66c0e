"""Programs in namespaces of their own: what they mount, and what they listen on, goes with them."""

from __future__ import annotations

from functools import cache
from pathlib import Path


def unshare(*flags: str) -> list[str]:
    """Words before a command: `--mount` with the flags of `unshare` that are given."""
    return ["unshare", "--mount", *_propagation(), *flags]


@cache
def _propagation() -> tuple[str, ...]:
    """Nothing mounted inside is seen outside: unshare sees to it, but not within a chroot, whose
    root is no mount of its own; it would end. There it is left as it is."""
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    is_mounted = any(line.split()[4] == "/" for line in mounts)
    return () if is_mounted else ("--propagation", "unchanged")
