"""What lies inside a wheel besides Python (OpenSSL, libjpeg, crates), by its own bill (PEP 770)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import Distribution
from typing import Final

_FOLDER: Final = ".dist-info/sboms/"


@dataclass(frozen=True, slots=True, order=True)
class Inside:
    """One library in a wheel; `url` is its package URL, without where it was fetched."""

    name: str
    version: str
    url: str


def insides(package: Distribution) -> tuple[Inside, ...]:
    """What the wheel that is installed here says of itself; of most wheels nothing."""
    bills = [file for file in package.files or () if _FOLDER in str(file)]
    found = {inside for bill in bills for inside in read_inside(bill.read_text())}
    own = f"pkg:pypi/{package.name.lower().replace('_', '-')}@"
    return tuple(sorted(one for one in found if not one.url.replace("_", "-").startswith(own)))


def read_inside(text: str) -> set[Inside]:
    """The components of a bill that have a name, a version and a package URL."""
    return {
        Inside(str(one["name"]), str(one["version"]), _plain(str(one["purl"])))
        for one in json.loads(text).get("components", ())
        if one.get("name") and one.get("version") and one.get("purl")
    }


def _plain(url: str) -> str:
    return url.partition("?")[0].partition("#")[0]
