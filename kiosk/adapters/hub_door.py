"""The hub's door for devices: HTTPS to whom one authority has vouched for, and for nobody else."""

from __future__ import annotations

import json
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from kiosk.adapters.certificates import pick
from kiosk.adapters.encryption import trusting
from shared.errors import DeviceError, JoinRefused, WireError
from shared.joining import Joined
from shared.wire import LONGEST_MESSAGE, decode

SECONDS: Final = 20.0
"""For each step of the talk: a bad mobile line needs some of it."""

LATER: Final = "later"
"""The code of what may go better the next time, by itself."""

_PLUG: Final = (
    "Is the network cable in, is the Wi-Fi's name right? The device tries again by itself."
)
_DNS: Final = (
    "The store's network does not know the name: give the hub's address instead of its name, or "
    "let the network tell a DNS server. The device tries again by itself."
)
_STRANGER: Final = (
    "Compare the hub's address and fingerprint in the settings file with the page “Kiosks”; "
    "something between here and the hub may also open what is encrypted."
)


@dataclass(frozen=True, slots=True)
class HubDoor:
    """Where the hub is (https://…), who vouches for it (PEM), and whether dates count."""

    url: str
    authority: str
    dates: bool = True

    def join(self, code: str, request: str, place: dict[str, str]) -> Joined:
        """Become the kiosk of `place`; raises JoinRefused, or DeviceError (LATER)."""
        return self._ask("join", {"code": code, "csr": request, **place})

    def renew(self, certificate: str, request: str, proof: str) -> Joined:
        """A new certificate for an old one; raises the same."""
        return self._ask("renew", {"certificate": certificate, "csr": request, "proof": proof})

    def _ask(self, what: str, body: dict[str, str]) -> Joined:
        context = trusting(self.authority, dates=self.dates)
        told = _talk(self.url, f"/api/v1/{what}", context, json.dumps(body).encode())
        try:
            return decode(Joined, told)
        except WireError as fault:
            raise JoinRefused(
                f"the hub's answer cannot be read: {fault}",
                hint="Is the hub of another version? Update it, or this device.",
                code="version",
            ) from fault


def authority_at(url: str, fingerprint: str) -> str:
    """The authority's certificate (PEM), asked of whoever answers there, and believed only for its
    fingerprint; raises JoinRefused, or DeviceError (LATER)."""
    anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE  # what comes is public, and compared
    told = _talk(url, "/api/v1/authority", anybody)
    found = pick(told.decode("ascii", "replace"), fingerprint)
    if found is None:
        raise JoinRefused(
            "whoever answers there is not the hub of this fingerprint",
            hint=_STRANGER,
            code="fingerprint",
        )
    return found


def _talk(url: str, path: str, context: ssl.SSLContext, body: bytes | None = None) -> bytes:
    """What it answers with 200; no proxies, no redirects, bounded in time and length."""
    where = _where(url)
    line = HTTPSConnection(str(where.hostname), where.port, timeout=SECONDS, context=context)
    try:
        headers = {"Accept": "*/*"} | ({"Content-Type": "application/json"} if body else {})
        line.request(
            "GET" if body is None else "POST", where.path.rstrip("/") + path, body, headers
        )
        answer = line.getresponse()
        told = answer.read(LONGEST_MESSAGE + 1)[:LONGEST_MESSAGE]
    except (OSError, HTTPException) as fault:
        raise _unreachable(where, fault) from fault
    finally:
        line.close()
    if answer.status != 200:
        raise _refusal(answer.status, told)
    return told


def _where(url: str) -> SplitResult:
    try:
        found = urlsplit(url)
        if found.scheme == "https" and found.hostname and (found.port is None or found.port):
            return found
    except ValueError:
        pass
    raise JoinRefused(f"{url!r:.100} is no address of a hub", hint="Write https://…", code="hub")


def _unreachable(where: SplitResult, fault: Exception) -> DeviceError | JoinRefused:
    if isinstance(fault, ssl.SSLCertVerificationError):
        why = f"whoever answers at {where.hostname} is not our hub: {fault.verify_message}"
        return JoinRefused(why, hint=_STRANGER, code="imposter")
    if isinstance(fault, socket.gaierror):
        return DeviceError(f"nobody here knows the name {where.hostname}", hint=_DNS, code=LATER)
    said = fault.strerror if isinstance(fault, OSError) else None
    why = "it does not answer" if isinstance(fault, TimeoutError) else said or type(fault).__name__
    return DeviceError(f"{where.netloc} cannot be reached: {why}", hint=_PLUG, code=LATER)


def _refusal(status: int, told: bytes) -> DeviceError | JoinRefused:
    problem = _problem(told)
    detail = str(problem.get("detail") or f"the hub answers with {status}")[:500]
    hint = str(problem.get("hint") or "")[:500] or None
    if status == 429 or status >= 500:
        return DeviceError(detail, hint=hint or _PLUG, code=LATER)
    code = problem.get("code")
    return JoinRefused(detail, hint=hint, code=str(code)[:40] if code else None)


def _problem(told: bytes) -> dict[str, Any]:
    try:
        found = json.loads(told)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
