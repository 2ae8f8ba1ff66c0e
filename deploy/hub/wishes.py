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
_URL: Final = re.compile(r"postgresql://[\x21\x23-\x5b\x5d-\x7e]+/[\x21\x23-\x5b\x5d-\x7e]+")
"""It goes into hub.toml between quotes, so neither quotes nor backslashes may be in it."""

_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


class Database(StrEnum):
    """Where everything is kept."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    ELSEWHERE = "elsewhere"


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
    url: str = ""
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
    files, elsewhere = "," in tls, _URL.fullmatch(database)
    faults = [
        *_name_faults(name),
        *([] if elsewhere else _one_of("DATABASE", database, _HERE)),
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
        Database.ELSEWHERE if elsewhere else Database(database),
        Web(web),
        Tls.FILES if files else Tls(tls),
        database if elsewhere else "",
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


_HERE: Final = (Database.SQLITE, Database.POSTGRESQL)
_OR: Final = {
    "DATABASE": ", or postgresql://USER:PASSWORD@HOST/NAME",
    "TLS": ", or CERTIFICATE.pem,KEY.pem",
}


def _one_of(word: str, said: str, known: type[StrEnum] | tuple[StrEnum, ...]) -> Iterator[str]:
    if said not in list(known):
        yield f"{word}: “{said}” is none of {', '.join(known)}{_OR.get(word, '')}"


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
