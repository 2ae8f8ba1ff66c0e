"""What somebody wants of a server: its name, database, web server and certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from shared.errors import SettingsError

_NAME: Final = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
)
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class Database(StrEnum):
    """Where everything is kept."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Web(StrEnum):
    """What stands before the hub and speaks TLS with browsers."""

    NGINX = "nginx"
    CADDY = "caddy"


class Tls(StrEnum):
    """Who vouches for the web site; the broker's certificate is always the hub's own."""

    OWN = "own"
    ACME = "acme"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Wishes:
    """All of it, and sound."""

    name: str
    database: Database = Database.SQLITE
    web: Web = Web.NGINX
    tls: Tls = Tls.OWN
    certificate: Path | None = None
    key: Path | None = None
    mail: str = ""
    wheels: Path | None = None
    apart: bool = False


def wishes(
    *,
    name: str,
    database: str = "sqlite",
    web: str = "nginx",
    tls: str = "own",
    mail: str = "",
    wheels: str = "",
    apart: bool = False,
) -> Wishes:
    """What was written, understood; raises SettingsError with every fault."""
    certificate, _, key = tls.partition(",")
    files = "," in tls
    faults = [
        *_name_faults(name),
        *_one_of("DATABASE", database, Database),
        *_one_of("WEB", web, Web),
        *(_file_faults(certificate, key) if files else _one_of("TLS", tls, (Tls.OWN, Tls.ACME))),
        *_acme_faults(name, mail, tls),
        *([f"WHEELS: {wheels} is no folder"] if wheels and not Path(wheels).is_dir() else []),
        *(["APART: needs DATABASE=postgresql"] if apart and database == Database.SQLITE else []),
    ]
    if faults:
        raise SettingsError("make hub", faults)
    return Wishes(
        name,
        Database(database),
        Web(web),
        Tls.FILES if files else Tls(tls),
        Path(certificate).resolve() if files else None,
        Path(key).resolve() if files else None,
        mail,
        Path(wheels).resolve() if wheels else None,
        apart,
    )


def _name_faults(name: str) -> Iterator[str]:
    if not name:
        yield "NAME: say under which name browsers and kiosks find this server"
    elif not _NAME.fullmatch(name):
        yield f"NAME: “{name}” is no host name (small letters, digits, “-” and “.”)"


def _one_of(word: str, said: str, known: type[StrEnum] | tuple[StrEnum, ...]) -> Iterator[str]:
    if said not in list(known):
        yield f"{word}: “{said}” is none of {', '.join(known)}" + (
            ", or CERTIFICATE.pem,KEY.pem" if word == "TLS" else ""
        )


def _file_faults(certificate: str, key: str) -> Iterator[str]:
    for file in (certificate, key):
        if not Path(file).is_file():
            yield f"TLS: there is no file “{file}”"


def _acme_faults(name: str, mail: str, tls: str) -> Iterator[str]:
    if mail and not _MAIL.fullmatch(mail):
        yield f"MAIL: “{mail}” is no address"
    if tls == Tls.ACME and not mail:
        yield "MAIL: TLS=acme needs the address that is told when a certificate runs out"
    if tls == Tls.ACME and not name.rpartition(".")[2].isalpha():
        yield f"TLS: “{name}” is no public name: nobody but this server itself vouches for it"
