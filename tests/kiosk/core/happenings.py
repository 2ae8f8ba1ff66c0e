"""One event of each kind: what every table of a machine is tried with."""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.core.events import (
    AnswerGiven,
    BackTouched,
    ChangeTouched,
    CleaningAsked,
    DoneTouched,
    Event,
    Exported,
    GlassTouched,
    HubTimeHeard,
    IdentifyAsked,
    Inspected,
    InvitationTouched,
    KeepFailed,
    Kept,
    LanguageTouched,
    LeaveTouched,
    NextTouched,
    NoticeCame,
    NotNowTouched,
    PanelAsked,
    PanelTouched,
    ReadAloudTouched,
    ReasonTouched,
    SettingsCame,
    StayTouched,
    Woke,
)
from kiosk.core.panel_pages import Key
from kiosk.core.readings import Readings
from shared.notices import Notice
from tests.kiosk.samples import face_touched, moment, sale_seen, settings


def each(kinds: Iterable[type[Event]], boot: int, *rather: Event) -> tuple[Event, ...]:
    """One of each of these kinds, at that boot time; `rather` take the place of the usual ones."""
    found = {type(event): event for event in (*_usual(boot), *rather)}
    return tuple(found[kind] for kind in kinds)


def _usual(boot: int) -> tuple[Event, ...]:
    at = moment(boot)
    return (
        face_touched(boot),
        sale_seen(boot),
        IdentifyAsked(at),
        ReasonTouched(at, "wait"),
        ChangeTouched(at),
        DoneTouched(at),
        NotNowTouched(at),
        LanguageTouched(at, "en"),
        Kept(at, 1),
        KeepFailed(at, 1, "disk full"),
        Woke(at),
        SettingsCame(at, settings(2)),
        HubTimeHeard(at, 1),
        InvitationTouched(at),
        AnswerGiven(at, "mood", "happy"),
        NextTouched(at),
        BackTouched(at),
        LeaveTouched(at),
        StayTouched(at),
        GlassTouched(at),
        ReadAloudTouched(at),
        NoticeCame(at, Notice(1, 5, 120)),
        CleaningAsked(at),
        PanelAsked(at),
        PanelTouched(at, Key.LINES),
        Inspected(at, Readings(at, "1.0")),
        Exported(at, "here"),
    )
