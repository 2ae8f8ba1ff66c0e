"""What lies inside a wheel is told as the wheel tells it."""

from __future__ import annotations

import json
from importlib.metadata import distribution

from deploy.release.insides import Inside, insides, read_inside


def test_a_library_without_version_or_url_is_nothing_to_scan_for() -> None:
    told = [
        {"name": "openssl", "version": "4.0", "purl": "pkg:generic/openssl@4.0?download_url=x#y"},
        {"name": "nameless", "purl": "pkg:generic/nameless"},
        {"name": "addressless", "version": "1"},
    ]
    assert read_inside(json.dumps({"components": told})) == {
        Inside("openssl", "4.0", "pkg:generic/openssl@4.0")
    }
    assert read_inside("{}") == set()


def test_a_wheel_with_a_bill_tells_what_it_holds_and_not_itself() -> None:
    held = insides(distribution("cryptography"))
    assert "openssl" in {one.name for one in held}
    assert held == tuple(sorted(held))
    assert not [one for one in insides(distribution("pillow")) if one.url.startswith("pkg:pypi/p")]


def test_a_wheel_without_a_bill_tells_nothing() -> None:
    assert insides(distribution("structlog")) == ()
