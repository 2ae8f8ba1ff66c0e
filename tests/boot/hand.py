"""Runs on the machine under test: does as root what the host says through a serial port.

It is put onto the stock image, and is all that this image has which no other would have.
"""

import json
import subprocess
import time
from pathlib import Path

PORT = "/dev/virtio-ports/hand"


def serve() -> None:
    """A line says what to do, a line answers; the first says which start of the machine this is."""
    start = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    with Path(PORT).open("r+b", buffering=0) as port:
        port.write(_line({"up": start}))
        rest = b""
        while True:
            rest += port.read(65_536)
            if b"\n" not in rest:
                time.sleep(0.05)  # nobody is at the other end, or it says more
                continue
            line, rest = rest.split(b"\n", 1)
            port.write(_line(_done(json.loads(line))))


def _done(told: dict) -> dict:  # type: ignore[type-arg]
    try:
        done = subprocess.run(
            told["words"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=told["seconds"],
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return {"id": told["id"], "code": 127, "out": str(fault)}
    return {
        "id": told["id"],
        "code": done.returncode,
        "out": done.stdout.decode("utf-8", "replace"),
    }


def _line(said: dict) -> bytes:  # type: ignore[type-arg]
    return json.dumps(said).encode() + b"\n"


if __name__ == "__main__":
    serve()
