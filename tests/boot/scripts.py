"""What Python on the machine is given to run."""

from __future__ import annotations

from typing import Final

from tests.parts.glassless import DOOR, TOKEN

POST: Final = f"""
import http.client, sys
line = http.client.HTTPConnection("127.0.0.1", {DOOR}, timeout=20)
line.request("POST", sys.argv[1], sys.argv[2], {{"Authorization": "Bearer {TOKEN}"}})
sys.exit(line.getresponse().status >= 300)
"""
COUNT: Final = """
import sqlite3
file = sqlite3.connect("file:/data/semblante/outbox.db?mode=ro", uri=True)
for one in ("records", "open_visit"):
    print(file.execute(f"select count(*) from {one}").fetchone()[0])
"""
DURABLE: Final = """
import sys
from pathlib import Path
from kiosk.adapters.vitals import mount_of, vitals
place = Path(sys.argv[1])
print(mount_of(place).kind, vitals(place).durable)
"""
