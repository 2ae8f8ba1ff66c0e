"""How the wait, what it rests on, and what is wrong with it are said in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.core.queue_views import Alerted, Doubted, LineNow
from hub.core.waiting.alarming import MOST_NEEDED, Kind
from hub.core.waiting.choosing import Because, Method
from hub.core.waiting.doubting import Doubt
from hub.core.waiting.noticing import Withdrawn
from hub.core.waiting.trusting import Fault
from hub.web.wording import Words
from shared.notices import Wording


@dataclass(frozen=True, slots=True)
class QueueWords:
    """The sentences of the page Queue in one language."""

    words: Words

    def minutes(self, minutes: int) -> str:
        """What is told, without more: “5 min”."""
        _ = self.words.gettext
        return _("%(minutes)s min") % {"minutes": minutes} if minutes else _("less than 1 min")

    def at_register(self, line: LineNow) -> str:
        """What is told at a register that has a line to itself."""
        if line.told is not None and line.told.minutes is not None:
            return self.minutes(line.told.minutes)
        closed = line.told is not None and line.told.withdrawn == Withdrawn.CLOSED
        return self.words.gettext("closed") if closed else "–"

    def notice(self, minutes: int, wording: Wording) -> str:
        """As kiosks word it: “about 5 min”."""
        _ = self.words.gettext
        if not minutes:
            return _("less than 1 min")
        text = (
            _("up to %(minutes)s min") if wording is Wording.UP_TO else _("about %(minutes)s min")
        )
        return text % {"minutes": minutes}

    def withdrawn(self, why: str | None) -> str:
        """Why nothing is told."""
        _ = self.words.gettext
        return {
            Withdrawn.WIDE.value: _("the estimate is too wide to be of use"),
            Withdrawn.STALE.value: _("nothing is heard from the store"),
            Withdrawn.CLOSED.value: _("no register seems to be open"),
            Withdrawn.LONG.value: _("it would be more than an hour"),
        }.get(why or "", why or "")

    def basis(self, method: str) -> str:
        """What the estimate rests on."""
        _ = self.words.gettext
        return {
            Method.QUEUE_LENGTH.value: _("Rests on how many stand in line"),
            Method.HEAD_OF_LINE.value: _("Rests on how long whoever is first has waited"),
            Method.LAST_TO_ENTER.value: _("Rests on how long those waited who were served last"),
            Method.SALES.value: _("Rests on sales alone"),
            Method.NONE.value: _("Rests on nothing"),
        }.get(method, method)

    def because(self, why: str) -> str:
        """Why it rests on that."""
        _ = self.words.gettext
        return {
            Because.AGREES.value: _("the count agrees with what the registers do"),
            Because.COUNTER_SILENT.value: _("the counter is silent"),
            Because.COUNTER_STUCK.value: _("the counter repeats itself"),
            Because.NO_COUNTER.value: _("nobody counts there"),
            Because.DISAGREES.value: _("the count does not agree with what the registers do"),
            Because.NOBODY_SERVES.value: _("no register seems to be open"),
        }.get(why, why)

    def alert(self, alert: Alerted, line: str) -> str:
        """What stands, or stood."""
        _, place = self.words.gettext, {"line": line}
        if alert.kind == Kind.LINE_LONG:
            return _("%(line)s is long and growing") % place
        if not alert.registers:
            return _("%(line)s needs another register") % place
        if alert.registers >= MOST_NEEDED:
            return _("%(line)s: at least %(num)s more registers are needed") % {
                **place,
                "num": alert.registers,
            }
        text = self.words.ngettext(
            "%(line)s: %(num)s more register would do",
            "%(line)s: %(num)s more registers would do",
            alert.registers,
        )
        return text % {**place, "num": alert.registers}

    def what_helps(self, alert: Alerted) -> str:
        """What to do about it."""
        _ = self.words.gettext
        return {
            Kind.LINE_LONG.value: _("See what holds it up, or open another register."),
            Kind.REGISTER_NEEDED.value: _("More people come than are served: open it now."),
        }.get(alert.kind, "")

    def doubt(self, doubt: Doubted, place: str, when: str) -> str:
        """What is wrong, and since when."""
        fields = {"place": place, "time": when, "times": self.words.number(doubt.times)}
        known = self._doubts().get(doubt.what)
        return doubt.what if known is None else known % fields

    def remedy(self, what: str) -> str:
        """What to do about it."""
        return self._remedies().get(what, "")

    def _doubts(self) -> Mapping[str, str]:
        _ = self.words.gettext
        return {
            Doubt.NO_COUNTER.value: _("Nobody counts at %(place)s."),
            Doubt.COUNTER_SILENT.value: _("The counter at %(place)s is silent since %(time)s."),
            Doubt.COUNTER_STUCK.value: _("The counter at %(place)s repeats itself since %(time)s."),
            Doubt.DISAGREES.value: _(
                "What the counter at %(place)s says does not fit what the registers sell."
            ),
            Doubt.CONTRADICTIONS.value: _(
                "The counter at %(place)s contradicted itself %(times)s times."
            ),
            Fault.NEGATIVE.value: _(
                "%(place)s: %(times)s counts below zero, last at %(time)s; they are not used."
            ),
            Fault.ABSURD.value: _(
                "%(place)s: %(times)s counts that no line can have, last at %(time)s; "
                "they are not used."
            ),
            Fault.DUPLICATE.value: _(
                "%(place)s: %(times)s messages came twice, last at %(time)s; each counts once."
            ),
            Fault.LATE.value: _(
                "%(place)s: %(times)s messages came too late, last at %(time)s; "
                "they say nothing about now."
            ),
            Fault.CLOCK_AHEAD.value: _(
                "%(place)s: the clock of what counts there is ahead (%(times)s times, "
                "last at %(time)s)."
            ),
            Fault.UNKNOWN_LINE.value: _(
                "%(times)s messages were about a line that is not laid out here, last at %(time)s."
            ),
        }

    def _remedies(self) -> Mapping[str, str]:
        _ = self.words.gettext
        return {
            Doubt.NO_COUNTER.value: _("Put a counter there: sales alone tell little."),
            Doubt.COUNTER_SILENT.value: _("See whether it has power and network."),
            Doubt.COUNTER_STUCK.value: _("Clean it or restart it."),
            Doubt.DISAGREES.value: _(
                "See whether it sees the whole line, and whether every register tells its sales."
            ),
            Doubt.CONTRADICTIONS.value: _(
                "See how it is mounted: it misses people who come or go."
            ),
            Fault.NEGATIVE.value: _("Correct its settings, or restart it."),
            Fault.ABSURD.value: _("Correct its settings, or restart it."),
            Fault.DUPLICATE.value: _(
                "Nothing to do, unless it goes on: its sender repeats itself."
            ),
            Fault.LATE.value: _("See to its network, and set its clock by the network."),
            Fault.CLOCK_AHEAD.value: _("Set its clock by the network."),
            Fault.UNKNOWN_LINE.value: _(
                "Compare the names of lines in its settings with those laid out here."
            ),
        }
