"""The one place that knows every concrete part: `whole.py` runs them, `checks.py` tries each."""

from kiosk.wiring.checks import checks
from kiosk.wiring.whole import VERSION, run

__all__ = ["VERSION", "checks", "run"]
