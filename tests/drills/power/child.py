"""Tells a story in a process of its own: `python -m tests.drills.power.child kiosk FOLDER …`."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

from tests.drills.power import archive, outbox
from tests.drills.power.volume import PROMISES, line_of
from tests.simulation.quiet import quiet


def main(who: str, folder: Path, length: int, seed: int) -> None:
    """What is promised goes into the volume, where the trace is; what is to be known, to us."""
    promises = os.open(folder / PROMISES, os.O_WRONLY | os.O_CREAT)

    def promise(step: int, begun: bool) -> None:
        os.pwrite(promises, line_of(step, begun), 0)

    with quiet():
        if who == "kiosk":
            days = outbox.Days(folder / outbox.NAME, promise, outbox.make_outbox, seed)
            days.live(length)
            days.close()
            memories = pickle.dumps(days.story.memories)
        else:
            hours = archive.Hours(folder / archive.NAME, promise, archive.make_engine, seed)
            hours.live(length)
            hours.close()
            memories = pickle.dumps(hours.story.memories)
    os.close(promises)
    sys.stdout.buffer.write(memories)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
