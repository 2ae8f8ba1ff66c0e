"""The words by which tills head what is no sale, in five languages, as patterns.

They are written without accents (text is folded before it is matched), with “.” for a letter that
has one, because a till with a wrong code page prints something else in its place.
"""

from __future__ import annotations

_NO_PRICE = r"(?!.*\d[.,]\d\d\W{0,3}$)"  # “COPIA 0,10” is an article


def _alone(*words: str) -> tuple[str, ...]:
    """Patterns for these words alone on their line, adorned or numbered: “*** COPIA N.º 12 ***”."""
    number = r"(?: ?(?:n\W{0,2}[ºo]?|nr|num|numero)\b)?"
    return tuple(rf"^{_NO_PRICE}[\W_]*(?:{word}){number}[\W\d_]*$" for word in words)


def _adorned(*words: str) -> tuple[str, ...]:
    """The same for words that tills also print for one article: here they need adornment."""
    return tuple(rf"^{_NO_PRICE}[*=#<>~_-][\W_]*(?:{word})[\W\d_]*$" for word in words)


TESTS = _alone(
    "(?:ticket |p.gina |hoja )?(?:de )?prueba(?: de impresi.n)?",
    "(?:printer |self.?)?test(?: page| print| receipt| ticket)?",
    "(?:p.gina |impress.o |tal.o )?(?:de )?teste(?: de impress.o)?",
    "(?:page |ticket )(?:de )?test|test d.impression",
    "(?:test|probe)(?:druck|seite|beleg)|druckertest",
    "modo (?:de )?(?:formaci.n|entrenamiento|pr.ctica|aprendizaje|treino|forma..o)",
    "(?:modo |mode )?(?:training|ecole|formation|schulung)(?: mode| receipt)?",
    "(?:schulungs|trainings|.bungs)(?:modus|beleg|bon)",
)

COPIES = (
    *_alone(
        "(?:es una )?(?:segunda )?copia(?: (?:del? )?(?:ticket|factura|recibo|tal.o|fatura))?",
        "(?:ticket |factura )?(?:duplicad[oa]|reimpres[oa])(?: (?:del? )?(?:ticket|factura))?",
        "(?:reimpresi.n|reimpress.o)(?: (?:del? )?(?:ticket|factura|tal.o))?",
        "(?:receipt |invoice )?(?:copy|duplicate|reprint|reprinted)(?: copy| receipt| invoice)?",
        "(?:2.? ?|segunda )via",
        "duplicata|(?:ticket )?r.imprim.|r.impression|copie(?: (?:du? )?(?:ticket|facture))?",
        "(?:beleg|bon|rechnungs|kassenbon)?(?:kopie|duplikat|zweitschrift|nachdruck)",
    ),
    r"\b2.? ?via em conformidade",  # what Portuguese law makes a second copy say
)

CARD_SLIPS = _alone(
    "(?:copia|ejemplar|c.pia)(?: para| del?| do)?(?: el)? (?:comercio|establecimiento|cliente)",
    "(?:merchant|customer|cardholder|client)(?:.?s)? (?:copy|receipt)",
    "(?:h.ndler|kunden)(?:beleg|kopie|ausfertigung)",
    "(?:ticket|exemplaire|copie)(?: du)? (?:client|commer.ant|porteur)",
    "via(?: do)? (?:cliente|comerciante|estabelecimento)",
)

RECEIPT_LINES = (  # a card slip that is part of a receipt stands beside one of these
    r"\b(?:iva|igic|ipsi|vat|tax|mwst|ust|tva|sub-?total|base imp)",
    r"\b(?:cambio|change|r.ckgeld|rendu|troco)\b",
)

GIFTS = _alone(
    "(?:ticket|tique|recibo)(?: de)? regalo",
    "gift (?:receipt|ticket)",
    "ticket cadeau",
    "geschenk(?:beleg|bon|quittung)",
    "tal.o(?: de)? (?:oferta|troca|presente)",
)

_TOTAL = (
    r"^[\W_]*(?:total|suma|summe|gesamt|importe|a pagar|montant)(?: a pagar| general| ttc| due)?"
)

REFUNDS = (
    *_alone(
        "(?:ticket |vale |factura )?(?:de |por )?(?:devoluci.n|devolu..o|abono|reembolso)",
        "factura (?:simplificada )?rectificativa",
        "nota (?:de )?cr.dito|credit note",
        "(?:ticket|venta|operaci.n|factura|venda|tal.o) (?:anulad[oa]|cancelad[oa])",
        "(?:sale |cash )?refund(?:ed)?(?: receipt| slip| transaction)?",
        "return (?:receipt|slip|transaction)|returns|merchandise return",
        "(?:transaction|sale|receipt) (?:void|voided|cancelled|canceled)",
        "(?:void|voided|cancelled|canceled) (?:transaction|sale|receipt)",
        "cupom (?:fiscal )?cancelado|estorno",
        "remboursement|(?:ticket |bon )?(?:d.)?avoir|retour (?:marchandises?|articles?)",
        "(?:ticket|vente) annul.e?",
        "gutschrift|storno(?:beleg|rechnung|bon)|r.ckgabe(?:beleg|bon)?|(?:waren)?r.cknahme",
        "retoure|erstattung",
    ),
    *_adorned("void|voided|anulaci.n|anulad[oa]|storno|annulation|annul.|return|cancelad[oa]"),
    # A total under zero: the minus stands before the figure, or behind it.
    _TOTAL + r"[ :=]{0,9}(?:eur|euros?)?[ :=.€$£]{0,40}-\d",
    _TOTAL + r"[ :=]{0,9}(?:eur|euros?)?[ :=.€$£]{0,40}\d[\d.,]{0,12}-$",
)

REPORTS = (
    r"\b(?:informe|reporte|lectura|cierre|arqueo) ?(?:de )?[xz]\b",
    r"\b(?:leitura|relat.rio|redu..o|rapport) ?(?:de )?[xz]\b",
    r"^[\W_]*[xz][ -]?(?:report|reading|out|bericht|abschlag|bon|informe|lectura)\b",
    r"\b(?:report|reading) [xz]\b",
    *_alone(
        "cierre (?:de |del )?(?:caja|turno|d.a|jornada)|cierre diario",
        "arqueo(?: de)?(?: caja)?|apertura (?:de )?(?:caja|turno)",
        "cash(?:ing)?[ -]?up|end of (?:day|shift)(?: report)?|shift report",
        "cl.ture(?: de)? (?:caisse|journ.e)|rapport (?:de )?caisse",
        "(?:tages|kassen|schicht)(?:abschluss|sturz|bericht)",
        "(?:fecho|abertura|fechamento)(?: de)? (?:caixa|turno|dia)",
    ),
)

CASH = _alone(
    "(?:entrada|salida|retirada|ingreso|sa.da)(?: de)? (?:caja|efectivo|dinero|caixa|dinheiro)",
    "(?:pay|paid|cash)[ -]?(?:in|out|drop|pickup|lift)",
    "(?:kassen)?(?:einlage|entnahme|einzahlung|auszahlung|absch.pfung)",
    "sangria|suprimento|refor.o(?: de caixa)?",
    "(?:apport|pr.l.vement)(?: de)?(?: caisse| especes)?",
)

DRAWERS = _alone(
    "(?:apertura|abrir)(?: del?)? caj.n|sin venta",
    "no[ -]sale|(?:open drawer|drawer open(?:ed)?)",
    "ouverture(?: du)? tiroir|(?:hors|sans|pas de) vente",
    "(?:schublade|kassenlade|lade)(?: ge.ffnet| .ffnen)|kein verkauf|nullbon",
    "abertura(?: de| da)? gaveta|sem venda",
)

UNFINISHED = _alone(
    "presupuesto|(?:factura )?pro ?forma|or.amento",
    "quote|quotation|estimate|devis|kostenvoranschlag",
    "(?:ticket|venta|talao) (?:en espera|aparcad[oa]|suspendid[oa]|em espera)",
    "(?:sale |transaction |receipt )?(?:suspended|on hold|parked)|geparkt(?:er bon)?",
    "comanda(?: de)?(?: cocina| barra| bar)?|kitchen(?: order)?|bon de cuisine|k.chenbon",
    "pre-?cuenta|cuenta previa|prefactura|zwischenrechnung|consulta de mesa",
    "(?:addition|note) provisoire|ticket en attente",
)

TOTALS = (
    r"\b(?:total|importe|a pagar|suma|valor)\b",
    r"\b(?:amount|balance due|to pay|total due)\b",
    r"\b(?:summe|gesamt|gesamtbetrag|zu zahlen|betrag)\b",
    r"\b(?:montant|a payer|somme)\b",
)
