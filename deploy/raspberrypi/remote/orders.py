"""What a technician asks of the hub about kiosks that are there: retire one, bring a version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.raspberrypi.remote.codes import Ask
from shared.errors import DeviceError

_RESCUE = (
    "If its card can be read, “make rescue CARD=… SEND=1” sends what it holds. Then, or where it "
    "cannot, say the same with FORCE=1."
)


@dataclass(frozen=True, slots=True)
class Orders:
    """Each order looks first, says what it finds, and changes nothing that is so already."""

    ask: Ask
    say: Callable[[str], None]
    checking: bool = False

    def retire(self, device: str, force: bool = False) -> int:
        """Take a kiosk out of service; how many changes that was. Raises DeviceError where answers
        may still be on it, unless forced, and where there is no such kiosk.
        """
        known = _line_of(device, self.ask(("kiosk", "list")))
        if not known and "retired" in _line_of(device, self.ask(("certificate", "list"))):
            self.say(f"✓ {device} is retired")
            return 0
        if self.checking and known:
            self.say(f"~ {device} would be retired ({known})")
            return 1
        try:
            words = ("kiosk", "retire", device, *(("--force",) if force else ()))
            self.say(f"+ {self.ask(words).strip()}")
        except DeviceError as fault:
            hint = _RESCUE if known else fault.hint
            raise DeviceError(str(fault), hint=hint, code=fault.code) from fault
        return 1

    def update(self, version: str, stores: Sequence[str] = ()) -> int:
        """Let a version go to kiosks, ring by ring; one that is on its way goes on."""
        now = self._rollout()
        if now.startswith((f"{version}: running", f"{version}: halted")):
            self._tell("✓", now)
            return 0
        if self.checking:
            return self._would_begin(version, stores, now)
        places = [word for store in stores for word in ("--store", store)]
        self._tell("+", self.ask(("rollout", "begin", version, *places)))
        return 1

    def roll_back(self) -> int:
        """Let all kiosks that took the last version go back to the one before."""
        if self.checking:
            now = self._rollout()
            self._tell("~" if now else "·", now or "no version is on its way: nothing goes back")
            return bool(now)
        said = self.ask(("rollout", "back"))
        changes = not said.startswith("Nothing")
        self._tell("+" if changes else "✓", said)
        return changes

    def _would_begin(self, version: str, stores: Sequence[str], now: str) -> int:
        if not _line_of(version, self.ask(("bundle", "list"))):
            raise DeviceError(
                f"the hub has no bundle of version {version}",
                hint="“make bundle KEY=release.pem” builds it, “semblante-hub bundle add FILE” "
                "lays it on the hub.",
                code="bundle",
            )
        self._tell("~", f"{version} would go to {', '.join(stores) or 'every store'}, ring by ring")
        if now:
            self._tell("·", f"until now: {now}")
        return 1

    def _rollout(self) -> str:
        try:
            return self.ask(("rollout", "show")).strip()
        except DeviceError as fault:
            if "no rollout" in str(fault):
                return ""
            raise

    def _tell(self, mark: str, what: str) -> None:
        first, *more = what.strip().splitlines()
        self.say("\n".join([f"{mark} {first}", *more]))


def _line_of(name: str, listed: str) -> str:
    """The line that begins with a name; empty where there is none."""
    found = (" ".join(line.split()) for line in listed.splitlines() if line.split()[:1] == [name])
    return next(found, "")
