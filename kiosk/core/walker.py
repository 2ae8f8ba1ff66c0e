"""Who walks through a questionnaire, and what a record says of it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.core.path import Path
from shared.moments import Moment
from shared.notices import KioskSettings
from shared.places import PointId
from shared.questionnaires import Response
from shared.questions import Questionnaire
from shared.visits import Input


@dataclass(frozen=True, slots=True)
class Walker:
    """Somebody who began at `begun`, in this language and by this input; both may change.

    `seed` shuffles the choices, and `ticket` is that of the whole response.
    """

    questionnaire: Questionnaire
    settings: KioskSettings
    point_id: PointId
    boot_id: str
    language: str
    input: Input
    seed: str
    ticket: int
    begun: Moment

    def response(
        self, path: Path, language: str, by: Input, at: Moment, *, complete: bool
    ) -> Response:
        """What the way so far comes to."""
        return Response(
            point_id=self.point_id,
            boot_id=self.boot_id,
            questionnaire=self.questionnaire.id,
            version=self.questionnaire.version,
            language=language,
            input=by,
            begun=self.begun,
            ended=at,
            complete=complete,
            answers=path.answers,
        )
