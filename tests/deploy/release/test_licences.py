"""A licence is told as its author told it: never guessed, never left out."""

from __future__ import annotations

from email import message_from_string
from importlib.metadata import PackageMetadata
from typing import cast

import pytest

from deploy.release.licences import as_told, licence_of


def metadata(*lines: str) -> PackageMetadata:
    return cast("PackageMetadata", message_from_string("\n".join(lines) + "\n\n"))


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT OR Apache-2.0", "License: other"], "MIT OR Apache-2.0"),
        (["Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["License: BSD-3-Clause", "Classifier: License :: OSI Approved :: BSD License"],
         "BSD-3-Clause"),
        (["Classifier: License :: OSI Approved :: BSD License"], "BSD License"),
        (["Classifier: License :: Public Domain", "Classifier: License :: OSI Approved :: X"],
         "Public Domain, X"),
        ([f"License: Permission is hereby granted {'and so on ' * 20}",
          "Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["Name: silent"], ""),
    ],
)  # fmt: skip
def test_a_licence_is_what_the_package_says(lines: list[str], licence: str) -> None:
    assert licence_of(metadata(*lines)) == licence


def test_words_that_are_no_spdx_stay_words() -> None:
    told = [type(as_told(one)).__name__ for one in ("MIT", "MIT OR ISC", "BSD License")]
    assert told == ["DisjunctiveLicense", "LicenseExpression", "DisjunctiveLicense"]
