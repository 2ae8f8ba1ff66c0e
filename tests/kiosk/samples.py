"""Words as a kiosk of the tests says them."""

from __future__ import annotations

from kiosk.core.events import FaceTouched, SaleSeen
from kiosk.core.session import Session
from kiosk.core.turns import Turns
from shared.moments import Moment
from shared.notices import KioskSettings, Reason
from shared.places import PointId, kiosk_id, point_id
from shared.questionnaires import Answer, Response
from shared.sales import Sale, SaleSource
from shared.visits import Face, Input, Outcome, Visit

KIOSK = kiosk_id("k-012-03")
POINT = point_id("caja-3")
BOOT_ID = "b0" * 16

REASONS = (
    Reason("wait", {"es": "La espera", "en": "The wait"}),
    Reason("staff", {"es": "El trato", "en": "The staff"}),
)


def settings(
    serial: int = 1, *, always_on: bool = False, question_version: int = 1
) -> KioskSettings:
    return KioskSettings(
        serial=serial,
        store_name="Mercado Centro",
        point_name="Caja 3",
        languages=("es", "en"),
        question_version=question_version,
        question={"es": "¿Cómo fue tu experiencia en caja?", "en": "How was the checkout?"},
        reasons=REASONS,
        always_on=always_on,
    )


def turns(asked: KioskSettings, boot_id: str = BOOT_ID, point: PointId = POINT) -> Turns:
    """All turns at one point; what should be chance is always the same."""
    return Turns(Session(asked, point, boot_id), KIOSK, bytes, speaks=True)


def moment(boot: int = 10_000, *, synced: bool = True) -> Moment:
    return Moment(1_760_000_000_000 + boot, boot, synced)


def sale_seen(boot: int, number: int | None = None) -> SaleSeen:
    return SaleSeen(moment(boot), f"{boot if number is None else number:032x}", SaleSource.RECEIPT)


def face_touched(boot: int, face: Face = Face.HAPPY, began: int | None = None) -> FaceTouched:
    return FaceTouched(moment(boot), face, Input.TOUCH, moment(boot if began is None else began))


def sale(number: int = 1) -> Sale:
    return Sale(f"{number:032x}", POINT, BOOT_ID, moment(number), SaleSource.RECEIPT)


def visit(boot: int = 10_000, face: Face | None = Face.HAPPY) -> Visit:
    """An answered visit, or without a face one that timed out."""
    answered = face is not None
    return Visit(
        point_id=POINT,
        boot_id=BOOT_ID,
        asked=moment(boot),
        outcome=Outcome.ANSWERED if answered else Outcome.TIMED_OUT,
        language="es",
        question_version=1,
        reasons_version=1,
        input=Input.TOUCH if answered else Input.NONE,
        face=face,
        answered=moment(boot + 900) if answered else None,
    )


def response(complete: bool = True, **answers: Answer) -> Response:
    """Somebody's walk through the questionnaire."""
    return Response(
        point_id=POINT,
        boot_id=BOOT_ID,
        questionnaire="q",
        version=1,
        language="es",
        input=Input.TOUCH,
        begun=moment(10_000),
        ended=moment(20_000),
        complete=complete,
        answers=answers or {"mood": "sad"},
    )
