"""`semblante-kiosk first-boot`: one settings file makes a machine a kiosk.

Laws of this page
1. All faults of the file are told at once, with their lines, and then nothing is done.
2. Every step may be done twice, and whoever was interrupted begins at the beginning.
3. Secrets are emptied out of the file only when the device has them, and they are worth nothing.
4. What only a person can mend is told on the glass, and not tried again until the file changes or
   the machine is started anew; what may be mended elsewhere (the hub, the network) is.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import structlog

from kiosk.adapters.durable import empty_out, write_whole
from kiosk.adapters.first_boot_report import Report, Stage, Trouble, read_report
from kiosk.adapters.hub_door import LATER
from kiosk.adapters.identity import Identity, IdentityFolder
from kiosk.adapters.setting_up import Machine
from kiosk.core.device_file import DeviceFile, device_file_from, emptied, filled
from kiosk.core.fault_lines import at_lines
from kiosk.core.ports import Clock
from kiosk.core.toml_lines import Lines, read_lines
from kiosk.core.toml_text import toml_text
from kiosk.settings import IdentitySettings, Place, faults_in
from kiosk.wiring.joining import digest, join
from shared.errors import DeviceError, SemblanteError, SettingsError
from shared.joining import Joined
from shared.programme import TRANSLATED

log = structlog.get_logger(__name__)

LONGEST: Final = 65_536
"""Bytes: a settings file has about fifty lines."""

_AGAIN: Final = frozenset({LATER, "machine"})
"""It may go better by itself."""

_ELSEWHERE: Final = frozenset({"fingerprint", "imposter", "no_authority", "no_hub", "version"})
"""A person is needed, but perhaps not here: a network that wants somebody to sign in, a hub that is
not ready. Nothing secret is said in these tries."""

_UNFORESEEN: Final = (
    "It is tried again by itself. If it stays so, tell whoever maintains this program."
)

_AFTERWARDS: Final = (
    "# Read by this device. Its secrets are on the device alone now. Change what you like, and\n"
    "# start the device: it reads the file again. For another register add a join_code.\n\n"
)


@dataclass(frozen=True, slots=True)
class Ground:
    """The settings file, the kiosk's folder, the system, and in that the file of SSH keys."""

    file: Path
    data: Path
    root: Path = Path("/")
    ssh: Path = Path("root/.ssh/authorized_keys")

    @property
    def config(self) -> Path:
        """What the kiosk reads."""
        return self.data / "kiosk.toml"

    @property
    def identity(self) -> IdentityFolder:
        """Who it is."""
        return IdentityFolder(self.data / "identity")


def first_boot(ground: Ground, machine: Machine, clock: Clock) -> Report:
    """Do what is left to be done, and leave a report; raises OSError where it cannot be left."""
    before = read_report(ground.data)
    try:
        source = _source(ground.file)
        seen = hashlib.sha256(source).hexdigest()
        if before is not None and _is_settled(before, seen, clock.boot_id):
            return before
        report = _judged(ground, machine, clock, source, seen)
    except SettingsError as fault:
        report = _nothing_to_read(ground, fault)
    if report != before:  # one that is tried each minute is not written each minute
        report.write(ground.data)
    return report


def _is_settled(before: Report, seen: str, boot: str) -> bool:
    """Whether nothing new can come of trying this file again."""
    if before.digest != seen or before.stage is Stage.TRYING:
        return False
    if before.stage is Stage.DONE:
        return True
    return before.boot == boot and not any(one.code in _ELSEWHERE for one in before.troubles)


def _judged(ground: Ground, machine: Machine, clock: Clock, source: bytes, seen: str) -> Report:
    name, lines = ground.file.name, Lines({})

    def told(stage: Stage, troubles: Sequence[Trouble]) -> Report:
        language = _language(lines.values)
        return Report(stage, name, seen, tuple(troubles), clock.boot_id, language)

    try:
        lines = read_lines(_text(ground.file, source))
        file = _checked(ground, machine, lines)
        _set_up(ground, machine, file)
        _become(ground, file, clock)
        return Report(Stage.DONE, name, _emptied(ground.file, lines.values, seen))
    except SettingsError as fault:
        found = at_lines(source.decode("utf-8", "replace"), fault.faults)
        return told(Stage.STUCK, [Trouble(one.text, line=one.line) for one in found])
    except SemblanteError as fault:
        stage = Stage.TRYING if fault.code in _AGAIN else Stage.STUCK
        return told(stage, [Trouble(str(fault), fault.hint, fault.code)])
    except Exception as fault:  # without a sentence on the glass nobody would know
        log.exception("first_boot_failed")
        what = f"something unforeseen has happened: {type(fault).__name__}"
        return told(Stage.TRYING, [Trouble(what, _UNFORESEEN)])


def _language(values: Mapping[str, Any]) -> str:
    """In which language the file wants the kiosk to speak, if it says so."""
    wished = values.get("languages")
    first = wished[0] if isinstance(wished, list) and wished else None
    return first if isinstance(first, str) and first in TRANSLATED else ""


def _nothing_to_read(ground: Ground, fault: SettingsError) -> Report:
    """A card without the file is a kiosk nonetheless, where it has become one before."""
    if ground.config.is_file() and ground.identity.current() is not None:
        return Report(Stage.DONE, ground.file.name)
    troubles = tuple(Trouble(text) for text in fault.faults)
    return Report(Stage.STUCK, ground.file.name, troubles=troubles)


def _source(file: Path) -> bytes:
    try:
        with file.open("rb") as reading:
            return reading.read(LONGEST + 1)
    except FileNotFoundError as fault:
        why = f"there is no file {file.name} on the card"
        raise SettingsError(file.name, [why]) from fault
    except OSError as fault:
        why = f"{file.name} cannot be read: {fault.strerror}"
        raise SettingsError(file.name, [why]) from fault


def _text(file: Path, source: bytes) -> str:
    try:
        text = source.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as fault:
        why = "is no UTF-8: save it so in your text editor"
        raise SettingsError(file.name, [why]) from fault
    if len(source) > LONGEST:
        raise SettingsError(file.name, [f"is no TOML: longer than {LONGEST} bytes"])
    return text


def _checked(ground: Ground, machine: Machine, lines: Lines) -> DeviceFile:
    values = filled(lines.values, _known(ground.config))
    file, faults = device_file_from(values)
    of_its_place = ("store: ", "point: ", "kiosk: ")  # which are told already
    inner = faults_in(_kiosk_toml(file), ground.data)
    faults += [one for one in inner if not one.startswith(of_its_place)]
    if file.time_zone and not machine.knows_zone(file.time_zone):
        faults.append(f"time_zone: {file.time_zone!r:.60} is no IANA name, such as Europe/Madrid")
    current = ground.identity.current()
    if not file.join_code and not _is(current, file):
        why = "is missing: this device has not joined as this kiosk"
        faults.append(f"join_code: {why}; the page “Kiosks” makes one")
    faults = lines.faults + [one for one in faults if not lines.is_about_lost(one)]
    if faults:
        raise SettingsError(ground.file.name, faults)
    return file


def _set_up(ground: Ground, machine: Machine, file: DeviceFile) -> None:
    if file.hostname:
        machine.name(file.hostname)
    if file.time_zone:
        machine.live_in(file.time_zone)
    if file.ssh_keys:
        machine.let_in(file.ssh_keys, ground.ssh)
    if file.network is not None and not file.network.is_kept:
        machine.connect(file.network)
    _write_config(ground, _kiosk_toml(file))


def _become(ground: Ground, file: DeviceFile, clock: Clock) -> None:
    current = ground.identity.current()
    if not file.join_code or (_is(current, file) and _was_used(current, file.join_code)):
        return
    place = Place(file.store_id, file.point_id, file.kiosk_id, "", "", (), always_on=False)
    where = IdentitySettings(ground.data / "identity", file.hub, file.fingerprint)
    _, joined = join(place, where, file.join_code, clock)
    _write_config(ground, {**_told(joined), **_kiosk_toml(file)})


def _kiosk_toml(file: DeviceFile) -> dict[str, Any]:
    place = {"store": file.store_id, "point": file.point_id, "kiosk": file.kiosk_id}
    return {**place, **file.kiosk, "identity": {"hub": file.hub, "fingerprint": file.fingerprint}}


def _told(joined: Joined) -> dict[str, Any]:
    """Names that hold until the hub's settings come; such as kiosk.toml would not take, wait."""
    languages = [one for one in joined.languages if one in TRANSLATED]
    told = {
        "store_name": joined.store_name,
        "point_name": joined.point_name,
        "languages": languages,
    }
    bad = {fault.partition(": ")[0] for fault in faults_in(told, Path())}
    return {key: one for key, one in told.items() if one and key not in bad}


def _is(identity: Identity | None, file: DeviceFile) -> bool:
    try:
        place = file.store_id, file.point_id, file.kiosk_id
        return identity is not None and identity.place() == place
    except DeviceError:
        return False


def _was_used(identity: Identity | None, code: str) -> bool:
    try:
        return identity is not None and identity.joined_by() == digest(code)
    except DeviceError:
        return False


def _known(config: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _write_config(ground: Ground, values: Mapping[str, Any]) -> None:
    if _known(ground.config) != values:
        ground.data.mkdir(parents=True, exist_ok=True)
        write_whole(ground.config, toml_text(values).encode())


def _emptied(file: Path, values: Mapping[str, Any], seen: str) -> str:
    """Take the secrets out; returns the digest of what stands there then."""
    left = emptied(values)
    if left == values:
        return seen
    data = (_AFTERWARDS + toml_text(left)).encode()
    empty_out(file, data)
    return hashlib.sha256(data).hexdigest()
