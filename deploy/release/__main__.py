"""`make release`: refuse with every reason, or leave a folder of files with sums and bills."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from deploy.release.bill import PROGRAMS, Origin, write_bill
from deploy.release.building import build
from deploy.release.gate import check, version_of
from deploy.release.licence_page import PAGE, licence_page
from deploy.release.signing import read_key, sign
from deploy.release.source import commit, committed_at, unpack
from deploy.release.sums import write_sums
from shared.errors import ReleaseRefused, SemblanteError

ROOT = Path(__file__).parents[2]


def release(root: Path, into: Path, key_file: Path | None) -> Path:
    """Build everything aside, and put it in its place once it is whole."""
    check(root)
    key = read_key(key_file) if key_file else None
    name = commit(root)
    origin = Origin(version_of(root), name, committed_at(root, name))
    place = into / f"semblante-{origin.version}"
    if place.exists():
        raise ReleaseRefused(f"{place} is there already: a release is never overwritten")
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".unfinished-") as aside:
        tree, made = Path(aside, "tree"), Path(aside, "made")
        made.mkdir()
        unpack(root, name, tree)
        build(tree, origin.moment, made)
        for program in PROGRAMS:
            bill = made / f"semblante-{program}-{origin.version}.cdx.json"
            bill.write_text(write_bill(tree, program, origin))
        sums = write_sums(made)
        if key:
            sign(sums, key)
        shutil.move(made, place)
    return place


def main(words: list[str] | None = None) -> int:
    """The command line; 0 done, 1 refused."""
    reader = argparse.ArgumentParser(prog="make release", description=__doc__)
    reader.add_argument("--into", type=Path, default=ROOT / "dist", help="the folder (dist)")
    reader.add_argument("--key", type=Path, help="the owner's Ed25519 key, PEM; else not signed")
    reader.add_argument("--check", action="store_true", help="only say what stands against it")
    reader.add_argument("--licences", action="store_true", help=f"write {PAGE} anew, and no more")
    asked = reader.parse_args(words)
    try:
        if asked.licences:
            (ROOT / PAGE).write_text(licence_page(ROOT))
            return 0
        if asked.check:
            check(ROOT)
            print("nothing stands against a release")
            return 0
        place = release(ROOT, asked.into, asked.key)
    except SemblanteError as refused:
        for fault in getattr(refused, "faults", (str(refused),)):
            print(f"no release: {fault}", file=sys.stderr)
        print(refused.hint, file=sys.stderr)
        return 1
    for file in sorted(place.iterdir()):
        print(f"{file.stat().st_size:>12,}  {file.name}")
    print(f"{place}: {'signed' if asked.key else 'NOT signed (KEY=… signs it)'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
