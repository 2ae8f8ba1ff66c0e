"""What is said of devices: ailments, orders, what became of them, and what happened, in words."""

from __future__ import annotations

from collections.abc import Mapping

from hub.core.ailing import Ailment
from hub.core.choosing import Sort, State
from hub.core.histories import Happening, Kind
from hub.core.ordering import Sent
from hub.web.wording import Words
from shared.commands import Order
from shared.health import PartState


class DeviceWords:
    """Says them in one language; a code that nobody knows yet is said as it is."""

    def __init__(self, words: Words) -> None:
        self._ = words.gettext
        self._of_updates = outcomes_of_updates(words)

    def state(self, state: State) -> str:
        """By which kiosks are chosen."""
        _ = self._
        return {
            State.ANY: _("any state"),
            State.NEEDY: _("needs somebody"),
            State.ONLINE: _("online"),
            State.OFFLINE: _("offline"),
            State.NEVER: _("not seen yet"),
        }[state]

    def sort(self, sort: Sort) -> str:
        """By what they are ordered."""
        _ = self._
        return {
            Sort.PLACE: _("as they stand"),
            Sort.STATE: _("who needs somebody"),
            Sort.SEEN: _("longest away"),
            Sort.UNSENT: _("most unsent"),
            Sort.VERSION: _("oldest version"),
            Sort.CARD: _("fullest or most worn card"),
            Sort.HEAT: _("hottest"),
            Sort.CERTIFICATE: _("certificate that ends first"),
        }[sort]

    def ailment(self, code: str) -> str:
        """What ails a kiosk, or which alarm it raises."""
        return self._ailments().get(code) or self._alarms().get(code, code)

    def _ailments(self) -> Mapping[str, str]:
        _ = self._
        return {
            Ailment.AWAY: _("no word"),
            Ailment.CARD_FULL: _("card nearly full"),
            Ailment.CARD_WORN: _("card worn"),
            Ailment.CARD_LOCKED: _("card read-only"),
            Ailment.FLEETING: _("keeps nothing for long"),
            Ailment.POWER: _("too little power"),
            Ailment.HOT: _("too hot"),
            Ailment.CERTIFICATE: _("certificate ends"),
            Ailment.CLOCK: _("clock not set"),
            Ailment.VERSION: _("version behind"),
        }

    def _alarms(self) -> Mapping[str, str]:
        """What a kiosk itself raises."""
        _ = self._
        return {
            "card": _("card failing"),
            "forged": _("forged messages"),
            "file": _("settings file faulty"),
            "volatile": _("keeps nothing for long"),
            "storage": _("out of order: keeps nothing"),
            "damaged": _("outbox moved aside"),
            "spoiled": _("a record spoiled"),
            "receipt": _("receipts do not fit"),
            "refused": _("refused by the broker"),
            "problem": _("the hub cannot go on with it"),
            "till": _("till not heard"),
            "buttons": _("buttons fail"),
            "settings": _("settings unreadable"),
            "voice": _("voice missing"),
            "backlight": _("brightness cannot be set"),
            "touch": _("glass blocked"),
            "font": _("font missing"),
        }

    def part(self, state: PartState) -> str:
        """How a part is."""
        _ = self._
        return {
            PartState.ABSENT: _("none"),
            PartState.WELL: _("well"),
            PartState.SILENT: _("silent"),
            PartState.FAULT: _("fault"),
        }[state]

    def order(self, order: str) -> str:
        """What a kiosk is told to do."""
        _ = self._
        return {
            Order.IDENTIFY: _("Show its name on the glass"),
            Order.RESTART: _("Restart the program"),
            Order.REBOOT: _("Restart the machine"),
            Order.COLLECT: _("Send a diagnostic file"),
            Order.RENEW: _("Renew its certificate"),
            Order.UPDATE: _("Update"),
            Order.ROLL_BACK: _("Go back to the version before"),
        }.get(Order(order), order)

    def outcome(self, outcome: str | None) -> str:
        """What became of it."""
        _ = self._
        if outcome is None:
            return _("on its way")
        return {
            "begun": _("begun"),
            "done": _("done"),
            "done_offline": _("done"),
            "busy": _("given up: somebody answered for ten minutes"),
            "no_inbox": _("this device has none of our units, and cannot do that"),
            "failed": _("it failed: look into its log"),
            "on_card": _("written, but not sent: it lies on the kiosk's card"),
            "refused": _("refused"),
            "late": _("not done in time, and not any more"),
        }.get(outcome) or self._of_updates.get(outcome, outcome)

    def pending(self, one: Sent, online: bool, closed: bool) -> str:
        """What becomes of a command that nobody has answered for good."""
        _ = self._
        if one.outcome is not None:
            return self.outcome(one.outcome)
        if closed:
            return _("waits: the kiosk is out of order, and does nothing before its card is mended")
        if not online:
            return _("waits: the kiosk is away, and is told when it comes back")
        return self.outcome(None)

    def refused(self, code: str) -> tuple[str, str]:
        """Why a device was turned away, and what to do; a code that nobody knows as it is."""
        _ = self._
        anew = _("Make a new join code.")
        return {
            "unknown": (_("a device came with a join code that this hub did not give"),
                        _("Compare its settings file with the sheet, or make a new join code.")),
            "used": (_("a second device came with a join code that was used"),
                     _("If that was not you, somebody has copied the card.")),
            "expired": (_("a device came with a join code that is too old"), anew),
            "withdrawn": (_("a device came with a join code that a newer one replaced"),
                          _("Take the newest one.")),
            "foreign": (_("a device's settings file and join code name different places"),
                        _("Take the settings file that was made for this kiosk.")),
            "retired": (_("the kiosk of this name takes part no more"),
                        _("Make a join code with a new name.")),
            "replaced": (_("the device that was this kiosk before still runs"),
                         _("Rescue its card, and switch it off.")),
            "revoked": (_("a device came with a certificate that was revoked"), anew),
            "late": (_("its certificate ended too long ago"), anew),
        }.get(code, (code, anew))  # fmt: skip

    def happened(self, one: Happening) -> str:
        """What happened to a kiosk."""
        _ = self._
        said = {
            Kind.ENROLLED: _("enrolled"),
            Kind.JOINED: _("joined"),
            Kind.MOVED: _("moved"),
            Kind.RETIRED: _("retired"),
            Kind.RENEWED: _("certificate renewed"),
            Kind.REVOKED: _("certificate revoked"),
            Kind.TURNED_AWAY: _("turned away"),
            Kind.QUARANTINED: _("held: two devices are this kiosk"),
            Kind.VERSION: _("version"),
            Kind.CAME: _("connected"),
            Kind.WENT: _("went away"),
            Kind.ALARM: _("alarm"),
            Kind.MENDED: _("over"),
            Kind.COMMAND: _("told"),
            Kind.ANSWERED: _("answered"),
        }[one.kind]
        if one.kind in (Kind.ALARM, Kind.MENDED):
            return f"{said}: {self.ailment(one.detail)}"
        return f"{said}: {self._detail(one)}" if one.detail else said

    def _detail(self, one: Happening) -> str:
        """What is told beside it; an order is said in words."""
        if one.kind is Kind.COMMAND:
            order, dot, user = one.detail.partition(" · ")
            return f"{self._known(order)}{dot}{user}"
        if one.kind is Kind.ANSWERED:
            order, _, outcome = one.detail.partition(": ")
            return f"{self._known(order)} – {self.outcome(outcome)}"
        if one.kind is Kind.TURNED_AWAY:
            return self.refused(one.detail)[0]
        return one.detail

    def _known(self, order: str) -> str:
        return self.order(order) if order in list(Order) else order


def outcomes_of_updates(words: Words) -> Mapping[str | None, str]:
    """What kiosks answer, for people; what is not named here is shown as it is."""
    _ = words.gettext
    return {
        None: _("no word since it was told"),
        "rolled_back": _("it did not prove itself, and the version before runs again"),
        "signature": _("nobody whom the kiosk trusts has signed it"),
        "truncated": _("the bundle came damaged"),
        "downgrade": _("it is older than what has run there"),
        "no_space": _("there is no room on the card"),
        "fetch": _("the bundle could not be fetched"),
        "install": _("it could not be installed"),
        "arch": _("it is made for another processor"),
        "python": _("it needs another Python"),
        "schema": _("it does not read what is kept there"),
        "no_way_back": _("there is no version before to go back to"),
    }
