"""Which of Debian's packages a server needs."""

from __future__ import annotations

from typing import Final

from deploy.hub.wishes import Database, Tls, Web, Wishes

ALWAYS: Final = (
    "ca-certificates",
    "mosquitto",
    "python3",
    "python3-venv",
    "systemd",
    "tar",
)
BY_DATABASE: Final = {
    Database.SQLITE: (),
    Database.POSTGRESQL: ("postgresql", "postgresql-client"),  # backups need the client's programs
    Database.ELSEWHERE: ("postgresql-client",),
}
BY_WEB: Final = {Web.NGINX: ("nginx",), Web.CADDY: ("caddy",)}


def wanted(wishes: Wishes) -> tuple[str, ...]:
    """All packages that this server needs."""
    certbot = wishes.tls is Tls.ACME and wishes.web is Web.NGINX  # caddy speaks ACME by itself
    return (
        *ALWAYS,
        *BY_DATABASE[wishes.database],
        *BY_WEB[wishes.web],
        *(("certbot",) if certbot else ()),
    )
