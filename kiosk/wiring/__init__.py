"""The one place that knows every concrete part: `whole.py` runs them, `checks.py` tries each."""

from kiosk.wiring.checks import checks
from kiosk.wiring.outward import VERSION
from kiosk.wiring.whole import run

__all__ = ["VERSION", "checks", "run"]
