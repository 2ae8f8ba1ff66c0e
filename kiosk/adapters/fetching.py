"""Fetching a bundle from the hub over HTTPS: what was fetched before a cut is not fetched again."""

from __future__ import annotations

import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Final, cast

from shared.bundles import LARGEST, LONGEST_MANIFEST
from shared.errors import DeviceError

PART: Final = ".part"
TIMEOUT: Final = 30.0
"""Seconds of silence; a slow line may take an hour as long as something comes."""

CHUNK: Final = 256 << 10

MOST: Final = LARGEST + LONGEST_MANIFEST + (2 << 20)
"""Bytes: the files, the manifest, and what a tar adds to a thousand of them."""

_NO_CHECK_TIME: Final = 0x20_0000
"""OpenSSL's flag: a kiosk whose clock is in 1970 gets its update too. What is fetched is signed."""

Room = Callable[[int], None]
"""Told how many bytes come; raises DeviceError where there is no room for them."""


def fetch(url: str, to: Path, authority: Path | None, room: Room) -> None:
    """Have the whole file there; raises DeviceError, and then goes on from there the next time."""
    part = to.with_name(to.name + PART)
    try:
        with _asked(url, part, authority) as answer:
            _take(answer, part, room)
    except urllib.error.HTTPError as fault:
        with fault:
            if fault.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.unlink(missing_ok=True)  # another file than before: from its beginning
        raise _failed(f"the hub says {fault.code}") from fault
    except (OSError, HTTPException, ValueError) as fault:
        raise _failed(str(fault) or type(fault).__name__) from fault
    part.replace(to)


def _asked(url: str, part: Path, authority: Path | None) -> HTTPResponse:
    if not url.startswith("https://"):
        raise ValueError("only https is spoken")
    request = urllib.request.Request(url)  # noqa: S310 https alone, above
    if part.exists() and part.stat().st_size:
        request.add_header("Range", f"bytes={part.stat().st_size}-")
    there = authority is not None and authority.exists()
    context = ssl.create_default_context(cafile=str(authority) if there else None)
    context.verify_flags |= ssl.VerifyFlags(_NO_CHECK_TIME)
    answer = urllib.request.urlopen(request, timeout=TIMEOUT, context=context)  # noqa: S310
    return cast(HTTPResponse, answer)


def _take(answer: HTTPResponse, part: Path, room: Room) -> None:
    goes_on = answer.status == HTTPStatus.PARTIAL_CONTENT
    have = part.stat().st_size if goes_on else 0
    coming = answer.length
    if coming is None or have + coming > MOST:
        raise DeviceError("the bundle is too large", code="large")
    room(coming)
    with part.open("ab" if goes_on else "wb") as file:
        while chunk := answer.read(CHUNK):
            file.write(chunk)
            coming -= len(chunk)
        file.flush()
        os.fsync(file.fileno())
    if coming:
        raise ValueError(f"the line broke {coming} bytes before the end")


def _failed(why: str) -> DeviceError:
    return DeviceError(
        f"the bundle cannot be fetched: {why}",
        hint="It goes on where it broke off; check that the hub is reached, and has the version.",
        code="fetch",
    )
