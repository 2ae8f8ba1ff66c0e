"""Style sheets, scripts, fonts and pictures under an address that changes when they do."""

from __future__ import annotations

import hashlib
from os import PathLike
from pathlib import Path
from typing import Any

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"

FOR_EVER = "public, max-age=31536000, immutable"
"""A year: the address holds a hash of all files, so what it names can never change."""


class Assets(StaticFiles):
    """The static files; `url("app.css")` is where a page finds one.

    The hash stands in the path and not in a query, so that a style sheet's relative addresses of
    fonts carry it too.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__(directory=folder)
        self.path = f"/static/{_hash_of(folder)}"

    def url(self, name: str) -> str:
        """The address of a file."""
        return f"{self.path}/{name}"

    def file_response(self, full_path: str | PathLike[str], *args: Any, **kwargs: Any) -> Response:
        """The file, to be kept for ever."""
        response = super().file_response(full_path, *args, **kwargs)
        response.headers["cache-control"] = FOR_EVER
        return response


def _hash_of(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]
