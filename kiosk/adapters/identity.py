"""Who this device is: key, certificate, authority and the hub's signing keys, in one folder.

Laws of this page
1. The key is made here, leaves the folder never, and is for its owner's eyes alone.
2. Whoever reads finds one whole generation, or none: `current` is a link that is renamed, and it
   leads to nothing that is not on disk.
3. A request keeps its key until its answer is here: who was interrupted asks again with the same
   key, and is known again.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from kiosk.adapters.certificates import (
    JOIN_AGAIN,
    check_joined,
    life_of,
    new_key,
    proof,
    proof_of,
    request_of,
)
from kiosk.adapters.durable import link_whole, write_whole
from shared.errors import DeviceError, SemblanteError
from shared.joining import Joined, SigningKey

KEY: Final = "key.pem"
CERTIFICATE: Final = "certificate.pem"
AUTHORITY: Final = "authority.pem"
SIGNING_KEYS: Final = "signing-keys.json"
JOINED: Final = "joined.json"
REFUSED: Final = "refused.json"
"""Beside the generations: that the hub wants this one no more, and by which word."""

FILES: Final = (KEY, CERTIFICATE, AUTHORITY, SIGNING_KEYS, JOINED)

_CURRENT: Final = "current"
_PENDING: Final = "pending"


_ENTERED: Final = 0o750
_READ: Final = 0o640
"""Whoever fetches updates is of the kiosk's group, and knows the hub by its authority; no more."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One whole generation; `folder` holds FILES and does not change any more."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where that file lies."""
        return self.folder / name

    def text(self, name: str) -> str:
        """What stands in it; raises DeviceError."""
        try:
            return self.path(name).read_text(encoding="ascii")
        except (OSError, ValueError) as fault:
            raise _unreadable(self.path(name), fault) from fault

    def signing_keys(self) -> tuple[SigningKey, ...]:
        """Whose word counts as the hub's; raises DeviceError."""
        found = self._told(SIGNING_KEYS, lambda told: [SigningKey(**one) for one in told])
        if not found:
            raise _unreadable(self.path(SIGNING_KEYS), ValueError())
        return tuple(found)

    def broker(self) -> tuple[str, int]:
        """Host and port, as the hub told them; raises DeviceError."""
        host, port = self._told(JOINED, lambda told: (str(told["host"]), int(told["port"])))
        return host, port

    def joined_by(self) -> str:
        """A digest of the join code that made this kiosk; raises DeviceError."""
        return str(self._told(JOINED, lambda told: told["by"]))

    def place(self) -> tuple[str, str, str]:
        """Store, point and kiosk, as the hub told them; raises DeviceError."""
        keys = ("store", "point", "kiosk")
        store, point, kiosk = self._told(JOINED, lambda told: [str(told[key]) for key in keys])
        return store, point, kiosk

    def until(self) -> int:
        """Until when the certificate is valid (ms since 1970), without reading it: that is dear in
        memory, and a kiosk tells it every minute. Raises DeviceError."""
        return int(self._told(JOINED, lambda told: int(told["until"])))

    def life(self) -> tuple[int, int]:
        """From when until when the certificate is valid (ms since 1970); raises DeviceError."""
        return life_of(self.text(CERTIFICATE))

    def prove(self, request: str) -> str:
        """That whoever asks with this new request has the key of old; raises DeviceError."""
        return proof(self.text(KEY), request)

    def prove_said(self, said: bytes) -> str:
        """That whoever says this is this kiosk; raises DeviceError."""
        return proof_of(self.text(KEY), said)

    def _told(self, name: str, read: Any) -> Any:
        try:
            return read(json.loads(self.text(name)))
        except (TypeError, ValueError, KeyError, SemblanteError) as fault:
            raise _unreadable(self.path(name), fault) from fault


class IdentityFolder:
    """The folder of all generations; its owner is the kiosk's user."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self) -> Identity | None:
        """The generation that counts now; None before the first join."""
        found = self._led_to(_CURRENT)
        return None if found is None else Identity(found)

    def request(self) -> str:
        """The signing request (PEM), with a new key or that of a request without an answer.

        Raises DeviceError.
        """
        try:
            return self._request()
        except OSError as fault:
            raise _unwritable(self._folder, fault) from fault

    def accept(self, joined: Joined, by: str = "") -> Identity:
        """Become who the hub says, from one instant to the next; raises DeviceError.

        What does not belong together changes nothing. `by` is a digest of the join code.
        """
        try:
            return self._accept(joined, by)
        except OSError as fault:
            raise _unwritable(self._folder, fault) from fault

    def refuse(self, code: str) -> bool:
        """Keep that the hub said so of the generation that counts now; whether that is new.

        Another generation is another identity: whoever joins anew needs to forget nothing.
        """
        current = self._led_to(_CURRENT)
        told = json.dumps({"generation": current.name if current else "", "code": code}).encode()
        try:
            if (self._folder / REFUSED).exists() and (self._folder / REFUSED).read_bytes() == told:
                return False
            write_whole(self._folder / REFUSED, told)
        except OSError as fault:
            raise _unwritable(self._folder, fault) from fault
        return True

    def forget_request(self) -> None:
        """The hub does not want this one: the next request has a new key."""
        (self._folder / _PENDING).unlink(missing_ok=True)

    def _request(self) -> str:
        pending = self._pending()
        if pending is not None:
            try:
                return request_of((pending / KEY).read_text(encoding="ascii"))
            except (FileNotFoundError, ValueError, DeviceError):
                self.forget_request()  # half of a key is none
        return self._request_anew()

    def _request_anew(self) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        made = next(path for n in count(1) if not (path := self._folder / str(n)).exists())
        made.mkdir()
        for folder in (self._folder, made):
            folder.chmod(_ENTERED)  # whatever the umask says
        key = new_key()
        write_whole(made / KEY, key.encode())
        link_whole(self._folder / _PENDING, made.name)
        return request_of(key)

    def _accept(self, joined: Joined, by: str) -> Identity:
        pending = self._pending()
        if pending is None:
            raise DeviceError("nobody asked for this certificate", code="identity")
        check_joined(joined, (pending / KEY).read_text(encoding="ascii"))
        keys = [asdict(key) for key in joined.signing_keys]
        told = {
            "store": joined.store_id,
            "point": joined.point_id,
            "kiosk": joined.kiosk_id,
            "host": joined.broker_host,
            "port": joined.broker_port,
            "until": life_of(joined.certificate)[1],
            "by": by,
        }
        contents = {
            CERTIFICATE: joined.certificate,
            AUTHORITY: joined.authority,
            SIGNING_KEYS: json.dumps(keys),
            JOINED: json.dumps(told),
        }
        for name, text in contents.items():
            mode = _READ if name == AUTHORITY else 0o600
            write_whole(pending / name, text.encode("ascii"), mode)
        return self._turn_to(pending)

    def _turn_to(self, made: Path) -> Identity:
        before = self._led_to(_CURRENT)
        for name in FILES:
            link_whole(self._folder / name, f"{_CURRENT}/{name}")
        link_whole(self._folder / _CURRENT, made.name)
        self.forget_request()
        for old in self._folder.iterdir():
            # The one before stays: a connection may just be reading it.
            if old.name.isdigit() and old.resolve() not in {made, before}:
                shutil.rmtree(old, ignore_errors=True)
        return Identity(made)

    def _pending(self) -> Path | None:
        """The generation that is being made; one that counts already is made."""
        found = self._led_to(_PENDING)
        return None if found == self._led_to(_CURRENT) else found

    def _led_to(self, link: str) -> Path | None:
        try:
            return (self._folder / link).resolve(strict=True)
        except (OSError, RuntimeError):
            return None


def _unreadable(file: Path, fault: Exception) -> DeviceError:
    why = getattr(fault, "strerror", None) or "it is damaged"
    return DeviceError(f"{file}: {why}", hint=JOIN_AGAIN, code="identity")


def _unwritable(folder: Path, fault: OSError) -> DeviceError:
    hint = "Is the card full or read-only, does the folder belong to the kiosk's user?"
    return DeviceError(f"{folder}: {fault.strerror or fault}", hint=hint, code="identity")
