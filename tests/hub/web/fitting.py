"""What an endpoint is held to, whatever it is sent."""

from __future__ import annotations

from typing import Any

from schemathesis.checks import CHECKS


def fits(case: Any, **sent: Any) -> None:
    """Send it: nothing breaks, and what is answered stands in the OpenAPI document."""
    names = ["not_a_server_error", "status_code_conformance", "response_schema_conformance"]
    case.call_and_validate(checks=CHECKS.get_by_names(names), **sent)
