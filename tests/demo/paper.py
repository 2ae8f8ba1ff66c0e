"""What a Spanish shop's receipt printer is sent: real ESC/POS, document by document."""

from __future__ import annotations

import random
from dataclasses import dataclass

WIDTH = 42
"""Characters on paper of 80 mm in the usual font."""

ARTICLES = (
    ("PAN DE MOLDE", 165),
    ("LECHE ENTERA 1L", 98),
    ("TOMATE RAMA KG", 219),
    ("ACEITE OLIVA 1L", 895),
    ("CAFÉ MOLIDO", 329),
    ("FOTOCOPIA", 10),
    ("YOGUR NATURAL X4", 140),
    ("DETERGENTE", 549),
    ("MANZANA GOLDEN", 187),
    ("AGUA 6X1,5L", 234),
)

LOGO_ROWS = 48
LOGO_BYTES = 16  # 128 dots wide


@dataclass(slots=True)
class Paper:
    """Bytes in the making; every method returns the paper, so that a document reads as a list."""

    data: bytes = b""

    def raw(self, data: bytes) -> Paper:
        self.data += data
        return self

    def begin(self) -> Paper:
        """Initialise, and choose Windows-1252 for the accents."""
        return self.raw(b"\x1b@\x1bt\x10")

    def line(self, text: str = "") -> Paper:
        return self.raw(text.encode("cp1252") + b"\r\n")

    def row(self, left: str, right: str) -> Paper:
        return self.line(left.ljust(WIDTH - len(right)) + right)

    def heading(self, text: str) -> Paper:
        """Centred, bold and of double height."""
        self.raw(b"\x1ba\x01\x1bE\x01\x1b!\x10").line(text)
        return self.raw(b"\x1b!\x00\x1bE\x00\x1ba\x00")

    def logo(self) -> Paper:
        """A raster picture whose dots happen to spell cuts and drawer kicks."""
        dots = (b"\x1dV\x00\x1bi\x1dVB\x00\x1bp\x00\x19\xfa" * 64)[: LOGO_ROWS * LOGO_BYTES]
        size = bytes((LOGO_BYTES, 0, LOGO_ROWS, 0))
        return self.raw(b"\x1ba\x01\x1dv0\x00" + size + dots + b"\x1ba\x00")

    def barcode(self, digits: str) -> Paper:
        """CODE128, the newer form with its length."""
        code = b"{B" + digits.encode()
        return self.raw(b"\x1dh\x50\x1dw\x02\x1dH\x02\x1dkI" + bytes((len(code),)) + code)

    def square_code(self, text: str) -> Paper:
        """A QR code: its data kept, then printed."""
        data = b"1P0" + text.encode()
        size = len(data).to_bytes(2, "little")
        return self.raw(b"\x1d(k" + size + data + b"\x1d(k\x03\x001Q0")

    def kick(self) -> Paper:
        return self.raw(b"\x1bp\x00\x19\xfa")

    def cut(self) -> Paper:
        return self.raw(b"\x1bd\x04\x1dVB\x00")


def euros(cents: int) -> str:
    return f"{cents / 100:.2f}".replace(".", ",")


def _top(paper: Paper, number: int) -> Paper:
    paper.begin().logo().heading("SUPERMERCADO LA PLAZA")
    paper.line("C/ MAYOR 12, 28013 MADRID").line("NIF B12345678   TEL. 910 000 000")
    return paper.line("FACTURA SIMPLIFICADA").row(f"TICKET {number:06d}", "CAJA 3").line()


def _articles(paper: Paper, chance: random.Random, sign: int) -> int:
    total = 0
    for name, cents in chance.choices(ARTICLES, k=chance.randint(1, 12)):
        paper.row(name, euros(sign * cents))
        total += sign * cents
    paper.line("-" * WIDTH)
    return total


def _foot(paper: Paper, number: int) -> Paper:
    paper.line("IVA INCLUIDO").line("DEVOLUCIONES EN 15 DÍAS CON ESTE TICKET").line()
    return paper.heading("GRACIAS POR SU VISITA").barcode(f"{number:012d}")


def sale(number: int, chance: random.Random, *, copied: bool = False) -> bytes:
    """A receipt; `copied` prints it once more, marked as the law wants it."""
    paper = _top(Paper(), number)
    if copied:
        paper.heading("*** COPIA ***")
    total = _articles(paper, chance, 1)
    paper.raw(b"\x1bE\x01").row("TOTAL A PAGAR EUR", euros(total)).raw(b"\x1bE\x00")
    given = -(-total // 1000) * 1000
    paper.row("ENTREGADO", euros(given)).row("CAMBIO", euros(given - total))
    _foot(paper, number)
    if chance.random() < 0.3:
        paper.square_code(f"https://example.org/t/{number}")
    return (paper if copied else paper.kick()).cut().data


def refund(number: int, chance: random.Random) -> bytes:
    """Money back: a negative total under its heading."""
    paper = _top(Paper(), number).heading("DEVOLUCIÓN")
    total = _articles(paper, chance, -1)
    paper.row("TOTAL EUR", euros(total))
    return _foot(paper, number).kick().cut().data


def report(number: int) -> bytes:
    """The Z report of the day."""
    paper = Paper().begin().heading(f"INFORME Z Nº {number}")
    paper.row("VENTAS BRUTAS", "1.234,56").row("DEVOLUCIONES", "-12,00")
    return paper.row("TOTAL", "1.222,56").cut().data


def drawer() -> bytes:
    """The drawer opened without a sale, and a slip that says so."""
    return Paper().begin().kick().heading("APERTURA DE CAJÓN").line("CAJA 3").cut().data


def silent_drawer() -> bytes:
    """The drawer opened and nothing printed."""
    return Paper().kick().data


def card_slip(number: int) -> bytes:
    """What the card terminal prints beside the receipt."""
    paper = Paper().begin().heading("TARJETA BANCARIA").row("IMPORTE", "12,34 EUR")
    return paper.line(f"AUT. {number:06d}").line("COPIA PARA EL CLIENTE").cut().data


def gift(number: int) -> bytes:
    """A receipt without prices, for the one who gets the present."""
    return _foot(_top(Paper(), number).heading("TICKET REGALO"), number).cut().data
