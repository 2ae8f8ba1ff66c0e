"""How a kiosk hears its till: the settings of every reader, and the reader that they ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.core.documents import DEFAULT_RULES, Pace, Rule, Rules, Verdict
from kiosk.core.headings import TOTALS
from kiosk.core.lines import LineReader, LineSettings
from kiosk.core.modem import ModemLine
from kiosk.core.poles import DONES, VOIDS, Dialect, PoleReader, PoleSettings
from kiosk.core.poles import TOTALS as POLE_TOTALS
from kiosk.core.readers import ContactReader, ContactSettings, PacedReader, Reader
from kiosk.core.receipts import AUTO, CODE_PAGES, End, ReceiptReader, ReceiptSettings
from kiosk.core.tables import Table
from shared.sales import SaleSource


@dataclass(frozen=True, slots=True)
class PortSettings:
    """A serial port: `path` is a device (best of all /dev/serial/by-id/…), or a pyserial URL."""

    path: str
    baud: int = 9600
    bits: int = 8
    parity: str = "none"
    stop_bits: int = 1
    flow: str = "none"


ReaderSettings = ReceiptSettings | PoleSettings | LineSettings
"""What is read from bytes."""


@dataclass(frozen=True, slots=True)
class TillSettings:
    """A till heard through a serial port: by its bytes (`reader`) or by a modem line.

    `least_ms_between`: a sale that comes sooner after the last one is the same sale, printed twice.
    """

    kind: SaleSource
    port: PortSettings
    reader: ReaderSettings | None = None
    line: ModemLine = ModemLine.CTS
    contact: ContactSettings = field(default_factory=ContactSettings)
    least_ms_between: int = 0


@dataclass(frozen=True, slots=True)
class DrawerSettings:
    """The switch of the cash drawer on a pin (GPIO number), with its pull-up resistor."""

    pin: int
    contact: ContactSettings = field(default_factory=lambda: ContactSettings(active_high=False))
    least_ms_between: int = 0


@dataclass(frozen=True, slots=True)
class DoorSettings:
    """The local HTTP call: who may call, where, and whether drills may touch the screen by it."""

    token: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8765
    drills: bool = False


def reader_from(settings: TillSettings) -> Reader:
    """The reader for a till that is heard by bytes."""
    pace = Pace(settings.least_ms_between)
    match settings.reader:
        case ReceiptSettings() as receipts:
            return PacedReader(ReceiptReader(receipts), pace)
        case PoleSettings() as poles:
            return PacedReader(PoleReader(poles), pace)
        case LineSettings() as lines:
            return PacedReader(LineReader(lines), pace)
    raise ValueError(f"a till of kind {settings.kind} is not heard by bytes")


def contact_from(settings: TillSettings | DrawerSettings) -> ContactReader:
    """The reader for a till that is heard by a contact."""
    source = settings.kind if isinstance(settings, TillSettings) else SaleSource.DRAWER
    return ContactReader(settings.contact, source, Pace(settings.least_ms_between))


# From here on: reading the tables [till], [drawer] and [door] of the configuration file.

_BAUDS = (1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400)
_ENCODINGS = (
    *sorted(set(CODE_PAGES.values())),
    *("ascii", "utf-8", "latin-1", "shift_jis", "gb18030", "big5", "euc_kr"),
)
_MOST_MS_BETWEEN = 600_000  # ten minutes: whoever wants more wants another rule
_LEAST_TOKEN = 16  # characters: shorter ones can be guessed at the speed of a local call


def till_settings_from(table: Mapping[str, object]) -> tuple[TillSettings | None, list[str]]:
    """Read the table [till]: the settings, and every fault found, in words for people.

    An empty table, or kind "none", is a point without a till on a wire: None and no faults.
    """
    till = Table("till", table)
    kind = till.choice("kind", "none", ("none", *(kind.value for kind in _READERS)))
    if kind == "none":  # the other keys may stay, for the day when it is switched on again
        return None, till.faults
    source = SaleSource(kind)
    settings = TillSettings(
        kind=source,
        port=_port(till),
        reader=_READERS[source](till),
        line=_line(till) if source is SaleSource.MODEM else ModemLine.CTS,
        contact=_contact(till, "high") if source is SaleSource.MODEM else ContactSettings(),
        least_ms_between=till.whole("least_ms_between", _least(source), 0, _MOST_MS_BETWEEN),
    )
    till.unknown()
    return (None if till.faults else settings), till.faults


def drawer_settings_from(table: Mapping[str, object]) -> tuple[DrawerSettings | None, list[str]]:
    """Read the table [drawer]: the settings, and every fault found, in words for people."""
    drawer = Table("drawer", table)
    settings = DrawerSettings(
        pin=drawer.pin("pin"),
        contact=_contact(drawer, "low"),
        least_ms_between=drawer.whole("least_ms_between", 0, 0, _MOST_MS_BETWEEN),
    )
    drawer.unknown()
    return (None if drawer.faults else settings), drawer.faults


def door_settings_from(table: Mapping[str, object]) -> tuple[DoorSettings | None, list[str]]:
    """Read the table [door]: the settings, and every fault found, in words for people."""
    door = Table("door", table)
    settings = DoorSettings(
        token=door.text("token", least=_LEAST_TOKEN),
        host=door.text("host", "127.0.0.1"),
        port=door.whole("port", 8_765, 0, 65_535),
        drills=door.flag("drills", False),
    )
    door.unknown()
    return (None if door.faults else settings), door.faults


def _least(kind: SaleSource) -> int:
    """A display may be written again as it stands; a printer prints a second copy only if told."""
    return 3_000 if kind is SaleSource.POLE else 0


def _port(till: Table) -> PortSettings:
    return PortSettings(
        path=till.text("port"),
        baud=till.among("baud", 9_600, _BAUDS),
        bits=till.among("bits", 8, (7, 8)),
        parity=till.choice("parity", "none", ("none", "even", "odd", "mark", "space")),
        stop_bits=till.among("stop_bits", 1, (1, 2)),
        flow=till.choice("flow", "none", ("none", "rts_cts", "xon_xoff")),
    )


def _line(till: Table) -> ModemLine:
    return ModemLine(till.choice("line", "cts", [line.value for line in ModemLine]))


def _contact(table: Table, active: str) -> ContactSettings:
    return ContactSettings(
        active_high=table.choice("active", active, ("low", "high")) == "high",
        debounce_ms=table.whole("debounce_ms", 30, 1, 2_000),
        rest_ms=table.whole("rest_ms", 300, 1, 60_000),
    )


def _receipts(till: Table) -> ReceiptSettings:
    ends = till.choices("ends", ["cut"], [end.value for end in End])
    return ReceiptSettings(
        encoding=till.choice("encoding", AUTO, (AUTO, *_ENCODINGS)),
        ends=frozenset(End(end) for end in ends),
        blank_lines=till.whole("blank_lines", 6, 2, 40),
        rules=Rules(
            ordered=_rules(till),
            must=till.patterns("must", TOTALS),
            fewest_lines=till.whole("fewest_lines", 3, 0, 100),
            pictures_are_sales=till.flag("pictures_are_sales", False),
        ),
    )


def _rules(till: Table) -> tuple[Rule, ...]:
    own = [
        Rule(
            name=table.text("name", most=32),
            patterns=table.patterns("patterns"),
            verdict=Verdict(table.choice("verdict", "not_sale", [one.value for one in Verdict])),
            unless=table.patterns("unless", ()),
        )
        for table in till.tables("rules")
    ]
    return (*own, *_default_rules(till))


def _default_rules(till: Table) -> tuple[Rule, ...]:
    """Ours, but for those that this till's own sales would be taken for."""
    names = [rule.name for rule in DEFAULT_RULES]
    without = till.texts("without_rules", len(names))
    if foreign := [name for name in without if name not in names]:
        till.fault("without_rules", f"{foreign[0]!r:.50} is none of {', '.join(names)}")
    kept = DEFAULT_RULES if till.flag("default_rules", True) else ()
    return tuple(rule for rule in kept if rule.name not in without)


def _poles(till: Table) -> PoleSettings:
    return PoleSettings(
        dialect=Dialect(till.choice("dialect", "cd5220", [one.value for one in Dialect])),
        columns=till.whole("columns", 20, 8, 80),
        total=till.patterns("total", POLE_TOTALS),
        done=till.patterns("done", DONES),
        void=till.patterns("void", VOIDS),
        encoding=till.choice("encoding", "cp437", _ENCODINGS),
    )


def _lines(till: Table) -> LineSettings:
    return LineSettings(
        pattern=till.patterns("pattern"),
        unless=till.patterns("unless", ()),
        encoding=till.choice("encoding", "utf-8", _ENCODINGS),
    )


_READERS: Mapping[SaleSource, Callable[[Table], ReaderSettings | None]] = {
    SaleSource.RECEIPT: _receipts,
    SaleSource.POLE: _poles,
    SaleSource.LINE: _lines,
    SaleSource.MODEM: lambda _: None,
}
