"""kiosk.toml: what may be set (`values`), how it is read (`reading`), whose it is (`belonging`)."""

from kiosk.settings.belonging import identity_fault
from kiosk.settings.reading import (
    PASSWORD_VARIABLE,
    faults_in,
    language_in,
    load_settings,
    screen_in,
)
from kiosk.settings.values import (
    BrokerSettings,
    IdentitySettings,
    LogSettings,
    OutboxSettings,
    Place,
    ScreenSettings,
    Settings,
)

__all__ = [
    "PASSWORD_VARIABLE",
    "BrokerSettings",
    "IdentitySettings",
    "LogSettings",
    "OutboxSettings",
    "Place",
    "ScreenSettings",
    "Settings",
    "faults_in",
    "identity_fault",
    "language_in",
    "load_settings",
    "screen_in",
]
