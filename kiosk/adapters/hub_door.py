"""The hub's door for devices: HTTPS to whom one authority has vouched for, and for nobody else."""

from __future__ import annotations

import errno
import json
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
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

ROUTES, ROUTES6 = Path("/proc/net/route"), Path("/proc/net/ipv6_route")
"""What ways lead away from here, as the kernel tells it."""

_PLUG: Final = (
    "Is the network cable in, is the Wi-Fi's name right? The device tries again by itself."
)
_DNS: Final = (
    "The store's network does not know the name: give the hub's address instead of its name, or "
    "let the network tell a DNS server. The device tries again by itself."
)
_SIGN_IN: Final = (
    "Write the hub's address as the page “Kiosks” shows it; does this network want somebody to "
    "sign in first?"
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

    def diagnose(self, certificate: str, command: str, document: str, proof: str) -> None:
        """Send a diagnostic file that this command asked for; raises the same."""
        words = {"certificate": certificate, "command": command, "proof": proof}
        self._say("diagnoses", {**words, "document": document})

    def _say(self, what: str, body: dict[str, str]) -> bytes:
        context = trusting(self.authority, dates=self.dates)
        return _talk(self.url, f"/api/v1/{what}", context, json.dumps(body).encode())

    def _ask(self, what: str, body: dict[str, str]) -> Joined:
        told = self._say(what, body)
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
    """What it answers where it is content; no proxies, no redirects, bounded in time and length."""
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
    except ValueError as fault:  # a name or a path that cannot even be asked for
        raise _no_address(url) from fault
    finally:
        line.close()
    if answer.status not in (200, 204):
        raise _refusal(where, answer.status, told)
    return told


def _where(url: str) -> SplitResult:
    try:
        found = urlsplit(url)
        if found.scheme == "https" and found.hostname and (found.port is None or found.port):
            return found
    except ValueError:
        pass
    raise _no_address(url)


def _no_address(url: str) -> JoinRefused:
    why = f"{url!r:.100} is no address of a hub"
    return JoinRefused(why, hint="Write https://…", code="hub")


def _unreachable(where: SplitResult, fault: Exception) -> DeviceError | JoinRefused:
    if isinstance(fault, ssl.SSLCertVerificationError):
        why = f"whoever answers at {where.hostname} is not our hub: {fault.verify_message}"
        return JoinRefused(why, hint=_STRANGER, code="imposter")
    if isinstance(fault, ssl.SSLError) and not isinstance(fault, ssl.SSLEOFError):
        return _no_hub(where, "it speaks no TLS")
    if not _is_here(where) and is_alone():
        return DeviceError("this device has no network", hint=_PLUG, code=LATER)
    if isinstance(fault, socket.gaierror):
        return DeviceError(f"nobody here knows the name {where.hostname}", hint=_DNS, code=LATER)
    return DeviceError(f"{where.netloc} cannot be reached: {_why(fault)}", hint=_PLUG, code=LATER)


def _is_here(where: SplitResult) -> bool:
    return str(where.hostname).startswith("127.") or where.hostname in {"localhost", "::1"}


def _why(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return "it does not answer"
    if isinstance(fault, ConnectionRefusedError):
        return "nobody listens there"
    if isinstance(fault, OSError) and fault.errno in {errno.ENETUNREACH, errno.EHOSTUNREACH}:
        return "no way leads there"
    said = fault.strerror if isinstance(fault, OSError) else None
    return said or type(fault).__name__


def is_alone(routes: Path = ROUTES, routes6: Path = ROUTES6) -> bool:
    """Whether this machine has no network but its own: then no name and no address is to blame."""
    try:
        four, six = _lines(routes)[1:], _lines(routes6)
    except OSError:
        return False
    leads = [line[0] for line in four]
    leads += [line[-1] for line in six if not line[0].startswith(("fe80", "ff"))]
    return not set(leads) - {"lo"}


def _lines(file: Path) -> list[list[str]]:
    if not file.exists():  # a kernel without IPv6
        return []
    return [words for line in file.read_text().splitlines() if (words := line.split())]


def _refusal(where: SplitResult, status: int, told: bytes) -> DeviceError | JoinRefused:
    problem = _problem(told)
    detail = str(problem.get("detail") or f"the hub answers with {status}")[:500]
    hint = str(problem.get("hint") or "")[:500] or None
    if status == 429 or status >= 500:
        return DeviceError(detail, hint=hint or _PLUG, code=LATER)
    if code := problem.get("code"):
        return JoinRefused(detail, hint=hint, code=str(code)[:40])
    return _no_hub(where, str(status))


def _no_hub(where: SplitResult, said: str) -> JoinRefused:
    """A gate that wants somebody to sign in, an address of something else."""
    why = f"whoever answers at {where.netloc} is no hub: it says {said}"
    return JoinRefused(why, hint=_SIGN_IN, code="no_hub")


def _problem(told: bytes) -> dict[str, Any]:
    try:
        found = json.loads(told)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
