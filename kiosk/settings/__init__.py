"""kiosk.toml: what may be set (`values.py`) and how it is read (`reading.py`)."""

from kiosk.settings.reading import (
    PASSWORD_VARIABLE,
    faults_in,
    identity_fault,
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
    "load_settings",
    "screen_in",
]
