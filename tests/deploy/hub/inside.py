"""`python -m tests.deploy.hub.inside ROOT NAME`: what a set-up root does when its services run.

It is started in namespaces of its own (network, mounts, processes), so the ports are the real ones
and nothing is left when it ends. Each of our services gets what its unit gives it: user, no rights,
a file system that it cannot write, a /proc of its own, and no memory both writable and executable.
What was seen is printed as JSON.
"""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paho.mqtt.client import Client, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from deploy.hub.answering import wait_for_answer

SET_MDWE = 65
"""prctl: from now on memory is writable or executable, as MemoryDenyWriteExecute=yes has it."""

WEB = {
    "nginx": ("nginx", "-g", "daemon off;"),
    "caddy": (
        *("env", "HOME=/var/lib/caddy", "setpriv", "--reuid=caddy", "--regid=caddy"),
        *("--clear-groups", "--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"),
        *("--", "caddy", "run", "--config", "/etc/caddy/Caddyfile"),
    ),
}
"""As their units start them: caddy is never root, and may read its key all the same."""

SANDBOX = """
mount --rbind "$0" "$0"
mount --bind "$0/var/lib/semblante" "$0/var/lib/semblante"
mount --bind "$0/var/backups/semblante" "$0/var/backups/semblante"
mount -o remount,bind,ro "$0"
mount -t tmpfs tmpfs "$0/tmp"
mount -t proc -o subset=pid,hidepid=invisible proc "$0/proc"
exec chroot "$0" setpriv --reuid=semblante --regid=semblante --init-groups --no-new-privs \
    --inh-caps=-all --bounding-set=-all -- sh -c 'cd /var/lib/semblante && umask 077 && exec "$@"' \
    sh "$@"
"""


class Services:
    """The services of a root, started by the lines of their units."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, unit: str) -> None:
        """A service of ours, as its unit says."""
        env = {**os.environ, **self._environment(unit)}
        command = self._sandboxed(unit)
        child = subprocess.Popen(command, env=env, preexec_fn=_deny_wx)  # noqa: PLW1509 - no thread yet
        self.running.append(child)

    def start_enabled_hubs(self) -> None:
        """Those that start with the machine: the one, or its parts."""
        for link in sorted((self._root / "etc/systemd/system/multi-user.target.wants").iterdir()):
            if link.name.startswith("semblante-hub"):
                self.start(link.name)

    def oneshot(self, unit: str) -> None:
        """All that a service does that ends by itself."""
        for line in self._lines(unit):
            command = self._command(line)
            subprocess.run(command, preexec_fn=_deny_wx, check=True, timeout=30)

    def plainly(self, *words: str) -> None:
        """A program of Debian's, as root."""
        self.running.append(subprocess.Popen(["chroot", str(self._root), *words]))

    def _sandboxed(self, unit: str) -> list[str]:
        (line,) = self._lines(unit)
        return self._command(line)

    def _environment(self, unit: str) -> dict[str, str]:
        """What the file that a part's unit names adds."""
        _, at, part = unit.removesuffix(".service").partition("@")
        if not at:
            return {}
        text = (self._root / f"etc/semblante/hub-{part}.env").read_text()
        return dict(line.split("=", 1) for line in text.splitlines())

    def _command(self, line: str) -> list[str]:
        words = [  # as systemd reads a line: quotes, %% and $$
            (quoted or bare).replace("%%", "%").replace("$$", "$")
            for quoted, bare in re.findall(r"'([^']*)'|(\S+)", line)
        ]
        return ["unshare", "--mount", "sh", "-euc", SANDBOX, str(self._root), *words]

    def _lines(self, unit: str) -> list[str]:
        name, at, _ = unit.partition("@")
        text = (
            self._root / "etc/systemd/system" / (f"{name}@.service" if at else unit)
        ).read_text()
        return re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)


def _deny_wx() -> None:
    if ctypes.CDLL(None).prctl(SET_MDWE, 1, 0, 0, 0) != 0:
        raise OSError("this kernel knows no MDWE")


class Visitor:
    """Somebody elsewhere, who trusts this server's authority and nobody else."""

    def __init__(self, root: Path, name: str) -> None:
        self.name, self._authority = name, str(root / "var/lib/semblante/mosquitto/authority.pem")
        self.context = ssl.create_default_context(cafile=self._authority)

    def get(self, path: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and body."""
        connection = http.client.HTTPSConnection(self.name, 443, timeout=5, context=self.context)
        connection.request("GET", path)
        answer = connection.getresponse()
        headers = {key.lower(): value for key, value in answer.getheaders()}
        return answer.status, headers, answer.read().decode()

    def plain(self, path: str) -> tuple[int, str]:
        """What whoever comes without TLS is told."""
        connection = http.client.HTTPConnection(self.name, 80, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("location", "")

    def post(self, path: str, body: dict[str, str]) -> dict[str, Any]:
        """What comes back as JSON."""
        connection = http.client.HTTPSConnection(self.name, 443, timeout=5, context=self.context)
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
        assert answer.status < 300, found
        return found

    def is_let_in(self, identity: Path | None = None) -> bool:
        """Whether the broker takes whoever has this certificate and key, or none."""
        context = ssl.create_default_context(cafile=self._authority)
        if identity is not None:
            context.load_cert_chain(identity)
        told: list[bool] = []
        heard = threading.Event()
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311)
        client.tls_set_context(context)

        def connected(*answer: Any) -> None:
            told.append(not answer[3].is_failure)
            heard.set()

        client.on_connect = connected
        client.on_disconnect = lambda *_: heard.set()
        with suppress(OSError):
            client.connect(self.name, 8883)
            client.loop_start()
            heard.wait(5)
            client.disconnect()
            client.loop_stop()
        return told[:1] == [True]


def until(question: Callable[[], Any], seconds: float = 20) -> Any:
    """Ask again until there is an answer that is true; raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if answer := question():
                return answer
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError(f"no answer within {seconds} s")


def hub(root: Path, *words: str) -> str:
    """A command of the hub, as its own user and with its own settings; what it said."""
    command = ["chroot", str(root), "semblante-hub", *words]
    return subprocess.run(command, check=True, timeout=30, stdout=subprocess.PIPE, text=True).stdout


def joined(root: Path, visitor: Visitor, at: Path) -> Path:
    """A device becomes a kiosk by a join code; its certificate and key in one file."""
    hub(root, "store", "add", "centro", "--name", "Centro", "--zone", "Europe/Madrid")
    hub(root, "point", "add", "centro", "caja-1", "--name", "Caja 1")
    code = json.loads(hub(root, "join", "new", "centro", "caja-1", "k-1", "--json"))["code"]
    key = ec.generate_private_key(ec.SECP256R1())
    asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, SHA256())
    csr = asked.public_bytes(Encoding.PEM).decode()
    answer = visitor.post("/api/v1/join", {"code": code, "csr": csr})
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    at.write_text(answer["certificate"] + own)
    return at


def first_of_stream(root: Path, visitor: Visitor) -> str:
    """What a manager's page hears at once: through a web server that holds back it is nothing."""
    told = hub(root, "user", "add", "ana", "--role", "administrator", "--generate")
    url, name = f"https://{visitor.name}", "ana"
    with httpx.Client(
        base_url=url, headers={"origin": url}, verify=visitor.context, trust_env=False
    ) as browser:
        csrf = browser.get("/sign-in").text.partition('name="csrf" value="')[2].partition('"')[0]
        password = told.partition("Password: ")[2].strip()
        browser.post("/sign-in", data={"name": name, "password": password, "csrf": csrf})
        with browser.stream("GET", "/stores/centro/today/live") as answer:
            return next(answer.iter_text())


def health(visitor: Visitor) -> dict[str, Any] | None:
    """What /healthz says once all is well."""
    status, _, body = visitor.get("/healthz")
    return json.loads(body) if status == 200 else None


def main() -> None:
    """Start everything, look, and print what was seen."""
    root, name, web = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    _alone(root, name)
    services, visitor = Services(root), Visitor(root, name)
    if (root / "etc/postgresql").is_dir():
        subprocess.run(["chroot", root, "pg_ctlcluster", *_cluster(root), "start"], check=True)
    began = time.monotonic()
    services.start("semblante-broker.service")
    services.plainly(*WEB[web])
    away = until(lambda: visitor.get("/healthz"))
    services.start_enabled_hubs()
    wait_for_answer(name, root / "etc/semblante/tls/web.pem")  # as “make hub” does
    well = health(visitor)
    seen = {"away": away[0], "health": well, "seconds": round(time.monotonic() - began, 1)}
    identity = joined(root, visitor, root / "tmp/identity.pem")
    services.oneshot("semblante-backup.service")
    seen |= {
        "redirect": visitor.plain("/sign-in"),
        "signin": visitor.get("/sign-in")[:2],
        "stream": first_of_stream(root, visitor),
        "metrics": visitor.get("/metrics")[0],
        "kiosk": visitor.is_let_in(identity),
        "stranger": visitor.is_let_in(),
        "broker": hub(root, "broker", "test"),
        "backups": sorted(path.suffix for path in (root / "var/backups/semblante").iterdir()),
        "alive": [one.poll() for one in services.running],
    }
    print(json.dumps(seen))


def _cluster(root: Path) -> tuple[str, str]:
    (version,) = (root / "etc/postgresql").iterdir()
    return version.name, "main"


def _alone(root: Path, name: str) -> None:
    """A network of its own in which the server's name leads to itself."""
    hosts = root / "tmp/hosts"
    hosts.write_text(f"127.0.0.1 localhost {name}\n")
    for words in (
        ("ip", "link", "set", "lo", "up"),
        ("mount", "--make-rprivate", "/"),
        ("mount", "--bind", hosts, "/etc/hosts"),
        ("mount", "-t", "proc", "proc", "/proc"),
        ("mount", "--bind", root, root),
        ("mount", "-t", "proc", "proc", root / "proc"),
        ("mount", "--rbind", "/dev", root / "dev"),
        ("mount", "-t", "tmpfs", "tmpfs", root / "run"),
    ):
        subprocess.run(words, check=True, timeout=10)
    (root / "run/postgresql").mkdir(mode=0o777)
    (root / "run/postgresql").chmod(0o777)


if __name__ == "__main__":
    main()
