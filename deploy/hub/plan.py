"""The plan: from bare Debian to a hub, as a table of steps in the order in which they are done."""

from __future__ import annotations

import hashlib

from deploy.hub.acme import HOOK, PublicCertificate
from deploy.hub.broker import DebiansBroker
from deploy.hub.certificates import WebCertificate
from deploy.hub.database import Keeper
from deploy.hub.packages import wanted
from deploy.hub.people import FOLDERS, USER, People
from deploy.hub.program import Current, Program, Source
from deploy.hub.services import COMMAND, Enabled, Running, enabled, others, reads, texts
from deploy.hub.settings import FILE, HubToml
from deploy.hub.web import KEY_READERS, CaddySites, NginxSites, site
from deploy.hub.wishes import Database, Tls, Web, Wishes
from deploy.plans.folders import Folders
from deploy.plans.machine import Machine
from deploy.plans.packages import Packages
from deploy.plans.steps import Files, Once, Step


def plan(wishes: Wishes, machine: Machine, source: Source) -> list[Step]:
    """Every step; each finds out by itself whether it is done."""
    version = source.version()
    keeper = Keeper(machine, wishes.database)
    return [
        Packages(machine, wanted(wishes)),
        People(machine),
        Folders(machine, FOLDERS),
        Program(machine, source, version, wishes.wheels),
        HubToml(machine, wishes),
        *_database(wishes, keeper),
        _hubs_own(keeper, version, "the broker's files", "broker", "files"),
        DebiansBroker(machine),
        _tables(keeper, version),
        _hubs_own(keeper, version, "the authority, and the broker's door", "authority", "init"),
        Current(machine, version),
        Files("units, how long logs are kept, the command semblante-hub", machine, texts(wishes)),
        *_web(wishes, machine),
        Enabled(machine, enabled(wishes), others(wishes)),
        Running(machine, reads(wishes)),
        *_acme(wishes, machine),
    ]


def image(wishes: Wishes, machine: Machine, source: Source) -> list[Step]:
    """What of it an image holds that others may read: programs, and not a single secret."""
    version = source.version()
    return [
        Packages(machine, wanted(wishes)),
        People(machine),
        Folders(machine, FOLDERS),
        Program(machine, source, version, wishes.wheels),
        Current(machine, version),
        Files("the command semblante-hub", machine, [COMMAND]),
        *_sites(wishes, machine),
    ]


def _sites(wishes: Wishes, machine: Machine) -> list[Step]:
    return [NginxSites(machine)] if wishes.web is Web.NGINX else [CaddySites(machine)]


def _database(wishes: Wishes, keeper: Keeper) -> list[Step]:
    if wishes.database is not Database.POSTGRESQL:
        return []
    name = "the database semblante"
    return [Once(name, keeper.machine, "database", lambda: USER, keeper.make)]


def _tables(keeper: Keeper, version: str) -> Step:
    """Of each kind of database: what one was brought to says nothing of the other."""
    note = f"tables-{keeper.kind.value}"
    tables = Once(
        "the database's tables",
        keeper.machine,
        note,
        lambda: version,
        lambda: keeper.migrate(version, tables.was_done),
    )
    return tables


def _hubs_own(keeper: Keeper, version: str, name: str, *words: str) -> Step:
    """Files that a command of this version writes, as this hub.toml wants them."""

    def key() -> str:
        text = keeper.machine.read(FILE)
        return f"{version}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    return Once(name, keeper.machine, words[0], key, lambda: keeper.hub(version, *words))


def _acme(wishes: Wishes, machine: Machine) -> list[Step]:
    if wishes.tls is not Tls.ACME or wishes.web is Web.CADDY:  # which speaks ACME by itself
        return []
    hook = Files("what nginx is given after each renewal", machine, [HOOK])
    return [hook, PublicCertificate(machine, wishes.name, wishes.mail)]


def _web(wishes: Wishes, machine: Machine) -> list[Step]:
    certificate = WebCertificate(
        machine,
        KEY_READERS[wishes.web],
        wishes.certificate,
        wishes.key,
        stays=wishes.tls is Tls.ACME,
    )
    files = Files(f"the site for {wishes.web.value}", machine, [site(wishes)])
    return [certificate, files, *_sites(wishes, machine)]
