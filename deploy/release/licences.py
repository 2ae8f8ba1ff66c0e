"""Under which licence a package is, in the words of SPDX where its author used them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageMetadata
from typing import Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression

_MEANT: Final[Mapping[str, str]] = {  # what can mean one licence alone
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_SHORT: Final = 60
"""Some put the whole text where its name belongs; a name is shorter than this."""


def licence_of(metadata: PackageMetadata) -> str:
    """What a package says of itself: its SPDX expression, else its words, else nothing (“”)."""
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classifiers = [
        line.removeprefix("License :: ").removeprefix("OSI Approved :: ")
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License :: ")
    ]
    if len(classifiers) == 1 and classifiers[0] in _MEANT:
        return _MEANT[classifiers[0]]
    words = metadata["License"].strip() if "License" in metadata else ""
    if words and len(words) < _SHORT and "\n" not in words:
        return words
    return ", ".join(classifiers)


def as_told(licence: str) -> DisjunctiveLicense | LicenseExpression:
    """An SPDX identifier, an SPDX expression, or words that are none of both."""
    return LicenseFactory().make_from_string(licence)
