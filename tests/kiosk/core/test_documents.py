"""Which pieces of paper are sales, in five languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.documents import DEFAULT_RULES, Judge, Pace, Rule, Rules, Seen, Verdict
from shared.sales import SaleSource


def verdict(*lines: str, rules: Rules | None = None) -> tuple[bool, str]:
    judge = Judge(rules or Rules())
    for line in lines:
        judge.line(line)
    return judge.end()


def receipt_with(line: str) -> tuple[bool, str]:
    return verdict("SUPERMERCADO LA PLAZA", "PAN  1,20", line, "TOTAL EUR  1,20", "IVA 4% 0,05")


@pytest.mark.parametrize(
    "lines",
    [
        ["TIENDA", "PAN 1,20", "TOTAL A PAGAR 1,20"],
        ["SHOP", "BREAD 1.20", "BALANCE DUE 1.20"],
        ["LOJA", "PÃO 1,20", "VALOR TOTAL 1,20"],
        ["BOUTIQUE", "PAIN 1,20", "NET À PAYER 1,20"],
        ["LADEN", "BROT 1,20", "SUMME EUR 1,20"],
        ["TIENDA", "PAN 1,20", "T O T A L   1,20"],
    ],
)
def test_a_receipt_is_a_sale(lines: list[str]) -> None:
    assert verdict(*lines) == (True, "sale")


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("*** COPIA ***", "copy"),
        ("COPIA N.º 12", "copy"),
        ("D U P L I C A D O", "copy"),
        ("REIMPRESIÓN", "copy"),
        ("REIMPRESI\u00a2N", "copy"),
        ("- DUPLICATE RECEIPT -", "copy"),
        ("REPRINT", "copy"),
        ("SEGUNDA VIA", "copy"),
        ("2ª via em conformidade com a documentação original", "copy"),
        ("DUPLICATA", "copy"),
        ("*** KOPIE ***", "copy"),
        ("RECHNUNGSKOPIE", "copy"),
        ("DEVOLUCIÓN", "refund"),
        ("TICKET DE DEVOLUCIÓN Nº 123", "refund"),
        ("ABONO", "refund"),
        ("FACTURA RECTIFICATIVA", "refund"),
        ("TICKET ANULADO", "refund"),
        ("*** ANULADO ***", "refund"),
        ("REFUND", "refund"),
        ("** VOID **", "refund"),
        ("TRANSACTION VOID", "refund"),
        ("DEVOLUÇÃO", "refund"),
        ("NOTA DE CRÉDITO", "refund"),
        ("REMBOURSEMENT", "refund"),
        ("VENTE ANNULÉE", "refund"),
        ("GUTSCHRIFT", "refund"),
        ("STORNOBELEG", "refund"),
        ("TOTAL: EUR -3,00", "refund"),
        ("TOTAL EUR       12,50-", "refund"),
        ("INFORME Z Nº 34", "report"),
        ("LECTURA X", "report"),
        ("Z-REPORT", "report"),
        ("X READING 0012", "report"),
        ("CIERRE DE CAJA", "report"),
        ("LEITURA X", "report"),
        ("RAPPORT Z", "report"),
        ("Z-BERICHT", "report"),
        ("TAGESABSCHLUSS", "report"),
        ("APERTURA DE CAJÓN", "drawer"),
        ("NO SALE", "drawer"),
        ("SCHUBLADE GEÖFFNET", "drawer"),
        ("OUVERTURE TIROIR", "drawer"),
        ("ABERTURA DE GAVETA", "drawer"),
        ("SALIDA DE CAJA", "cash"),
        ("PAID OUT", "cash"),
        ("TEST PAGE", "test"),
        ("PÁGINA DE PRUEBA", "test"),
        ("TESTDRUCK", "test"),
        ("MODO FORMACIÓN", "test"),
        ("TICKET REGALO", "gift"),
        ("GIFT RECEIPT", "gift"),
        ("PRESUPUESTO", "unfinished"),
        ("ZWISCHENRECHNUNG", "unfinished"),
        ("VENTA APARCADA", "unfinished"),
    ],
)
def test_a_heading_says_what_is_no_sale(line: str, rule: str) -> None:
    assert receipt_with(line) == (False, rule)


@pytest.mark.parametrize(
    "line",
    [
        "DEVOLUCIONES EN 15 DÍAS CON ESTE TICKET",
        "No se admiten devoluciones",
        "Refunds within 30 days with this receipt",
        "Umtausch und Rückgabe innerhalb von 14 Tagen",
        "FOTOCOPIA  0,10",
        "COPIA  0,10",
        "TEST COVID  4,95",
        "TOTAL DESCUENTOS  -3,00",
        "TOTAL ARTÍCULOS  3",
        "TOTAL ---------- 1,20",
        "VOID  COKE  -1.20",
        "ANULADO",
        "COPIA PARA EL CLIENTE",  # the card slip stands on the receipt, beside the tax
        "COCHE Z",
        "ZUMO X 2",
        "INFORMES SOBRE SUS DATOS EN LA WEB",
    ],
)
def test_words_that_only_stand_on_a_receipt_do_not_spoil_it(line: str) -> None:
    assert receipt_with(line) == (True, "sale")


def test_a_card_slip_of_its_own_is_no_sale() -> None:
    slip = ("VISA DEBITO", "IMPORTE 12,34 EUR", "AUT. 1234", "COPIA PARA EL CLIENTE")
    assert verdict(*slip) == (False, "card_slip")


def test_too_few_lines_or_no_total_are_no_sale() -> None:
    assert verdict("TOTAL 1,20", "  ", "GRACIAS") == (False, "short")
    assert verdict("HOLA", "BIENVENIDOS", "A LA TIENDA") == (False, "without_total")
    free = Rules(must=(), fewest_lines=0)
    assert verdict("HOLA", rules=free) == (True, "sale")


def test_a_document_without_words_is_a_drawer_a_picture_or_nothing() -> None:
    judge = Judge(Rules())
    assert judge.end() == (False, "empty")
    judge.kick()
    assert judge.end() == (False, "drawer")
    judge.picture()
    assert judge.end() == (False, "picture")
    assert judge.empty


def test_the_first_rule_that_matches_decides() -> None:
    own = Rule("staff", ("venta a empleado",)), Rule("always", ("copia",), Verdict.SALE)
    rules = Rules(ordered=(*own, *DEFAULT_RULES))
    assert verdict("TIENDA", "COPIA", "TOTAL 1", rules=rules) == (True, "always")
    assert verdict("COPIA", "Venta a empleado", "TOTAL 1", rules=rules) == (False, "staff")


def test_a_rule_is_excused_by_its_own_exception_only() -> None:
    rules = Rules(ordered=(Rule("one", ("abc",), unless=("xyz",)), Rule("two", ("abc",))))
    assert verdict("abc", "xyz", "TOTAL", rules=rules) == (False, "two")


def test_no_document_colours_the_next() -> None:
    judge = Judge(Rules())
    for line in ("COPIA", "PAN 1", "TOTAL 1"):
        judge.line(line)
    judge.end()
    assert judge.empty
    for line in ("TIENDA", "PAN 1", "TOTAL 1"):
        judge.line(line)
    assert judge.end() == (True, "sale")


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=60), max_size=10))
def test_nothing_of_the_text_is_kept(lines: list[str]) -> None:
    judge = Judge(Rules())
    for line in lines:
        judge.line(line)
    kept = [value for value in vars(judge).values() if isinstance(value, str | bytes | bytearray)]
    assert kept == []


def sale(at: int) -> Seen:
    return Seen(at, SaleSource.RECEIPT, True, "sale")


def test_a_sale_that_comes_too_soon_is_the_same_sale() -> None:
    pace = Pace(1_000)
    admitted = [pace.admit(sale(at)) for at in (5, 900, 1_004, 1_005, 1_900)]
    assert [one.rule for one in admitted] == ["sale", "repeated", "repeated", "sale", "repeated"]
    assert [one.sale for one in admitted] == [True, False, False, True, False]


def test_what_is_no_sale_passes_and_starts_no_pause() -> None:
    pace = Pace(1_000)
    other = Seen(0, SaleSource.RECEIPT, False, "copy")
    assert pace.admit(other) is other
    assert pace.admit(sale(1)).sale


def test_without_a_pause_every_sale_counts() -> None:
    pace = Pace(0)
    assert all(pace.admit(sale(7)).sale for _ in range(3))
