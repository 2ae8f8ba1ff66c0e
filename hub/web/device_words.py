"""What is said of devices: ailments, orders, what became of them, and what happened, in words."""

from __future__ import annotations

from collections.abc import Mapping

from hub.core.ailing import Ailment
from hub.core.choosing import Sort, State
from hub.core.histories import Happening, Kind
from hub.web.wording import Words
from shared.commands import Order
from shared.health import PartState


class DeviceWords:
    """Says them in one language; a code that nobody knows yet is said as it is."""

    def __init__(self, words: Words) -> None:
        self._ = words.gettext

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
        return self._ailments().get(code, code)

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
            Order.COLLECT: _("Write a diagnostic file"),
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
            "refused": _("refused"),
            "late": _("nobody answered in time"),
        }.get(outcome, outcome)

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
        return one.detail

    def _known(self, order: str) -> str:
        return self.order(order) if order in list(Order) else order
