"""The one place that knows every concrete part: `whole.py` runs, `office.py` serves commands."""

from hub.wiring.office import Office, kiosk_toml
from hub.wiring.whole import Hub, running

__all__ = ["Hub", "Office", "kiosk_toml", "running"]
