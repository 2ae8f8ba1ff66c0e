"""The database: PostgreSQL's role and database, and this version's tables in either kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from deploy.hub.people import USER
from deploy.hub.program import CURRENT, HOME
from deploy.hub.settings import FILE
from deploy.hub.wishes import Database
from deploy.plans.machine import Machine
from shared.errors import DeviceError

HUBS: Final = "semblante-hub*.service"
BACKUPS: Final = "/var/backups/semblante"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whoever keeps the data: asked to be up while something is done, also without systemd."""

    machine: Machine
    kind: Database

    def make(self) -> None:
        """PostgreSQL's role and database; both may be there."""
        with self.up():
            if USER not in self._names("SELECT rolname FROM pg_roles"):
                self._postgres("createuser", USER)
            if USER not in self._names("SELECT datname FROM pg_database"):
                # Not the machine's own locale: on a bare one that is C, and so plain bytes.
                words = ("--encoding=UTF8", "--locale=C.UTF-8", "--template=template0")
                self._postgres("createdb", f"--owner={USER}", *words, USER)

    def migrate(self, version: str, before: bool) -> None:
        """Bring the tables to this version; what was there `before` is stopped and backed up."""
        with self.up(), self._stopped():
            if before:
                self._back_up(f"{BACKUPS}/before-{version}.backup")
            self._hub(f"{HOME}/{version}", "migrate")

    def hub(self, version: str, *words: str) -> None:
        """A command of this version of the hub, which may ask the database."""
        with self.up():
            self._hub(f"{HOME}/{version}", *words)

    def _back_up(self, file: str) -> None:
        if not self.machine.has(file):  # that of an interrupted try is whole, or not there
            self._hub(CURRENT, "backup", file)

    def _hub(self, program: str, *words: str) -> None:
        hub = (f"{program}/bin/semblante-hub", *words, "--config", FILE)
        self.machine.run(*hub, user=USER)

    @contextmanager
    def _stopped(self) -> Iterator[None]:
        """No hub runs meanwhile; where it cannot be done, the one that ran goes on as it was."""
        ran = self._running_hubs()
        if ran:
            self.machine.run("systemctl", "stop", *ran)
        try:
            yield
        except BaseException:
            if ran:
                self.machine.succeeds("systemctl", "start", *ran)
            raise

    def _running_hubs(self) -> list[str]:
        if not self.machine.systemd_runs:
            return []
        words = ("list-units", "--plain", "--no-legend", "--state=active,activating", HUBS)
        return [line.split()[0] for line in self.machine.run("systemctl", *words).splitlines()]

    @contextmanager
    def up(self) -> Iterator[None]:
        """PostgreSQL runs meanwhile; where it did not and nobody else starts it, it ends again."""
        if self.kind is not Database.POSTGRESQL or self.machine.succeeds("pg_isready", "--quiet"):
            yield
            return
        cluster = self._cluster()
        self.machine.run("pg_ctlcluster", *cluster, "start")
        try:
            yield
        finally:
            if not self.machine.systemd_runs:
                self.machine.run("pg_ctlcluster", *cluster, "stop")

    def _cluster(self) -> tuple[str, str]:
        for line in self.machine.run("pg_lsclusters", "--no-header").splitlines():
            version, name, port, *_ = line.split()
            if port == "5432":
                return version, name
        raise DeviceError(
            "no PostgreSQL of this machine listens on port 5432",
            hint="Make one: pg_createcluster 17 main (the version that is installed).",
        )

    def _names(self, question: str) -> list[str]:
        said = ("--no-psqlrc", "--tuples-only", "--no-align", "--command", question)
        return self._postgres("psql", "--dbname=postgres", *said).split()

    def _postgres(self, *words: str) -> str:
        return self.machine.run(*words, user="postgres")
