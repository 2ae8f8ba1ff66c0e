"""`python -m tests.deploy.hub.visiting ROOT NAME [CODE PASSWORD]`: what somebody elsewhere sees.

It is started in the network of a booted server, so the ports are the real ones. What was seen is
printed as JSON: without code and password only whether anybody answers.
"""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
import threading
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


class Visitor:
    """Trusts this server's authority and nobody else."""

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

    def joined(self, code: str, at: Path) -> Path:
        """A device becomes a kiosk by a join code; its certificate and key in one file."""
        key = ec.generate_private_key(ec.SECP256R1())
        asked = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        csr = asked.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()
        connection = http.client.HTTPSConnection(self.name, 443, timeout=5, context=self.context)
        body, kind = json.dumps({"code": code, "csr": csr}), {"content-type": "application/json"}
        connection.request("POST", "/api/v1/join", body, kind)
        answer = json.loads(connection.getresponse().read())
        own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        at.write_text(answer["certificate"] + own)
        return at

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

    def first_of_stream(self, user: str, password: str, path: str) -> str:
        """What a page hears at once: through a web server that holds back it is nothing."""
        url = f"https://{self.name}"
        with httpx.Client(
            base_url=url, headers={"origin": url}, verify=self.context, trust_env=False
        ) as browser:
            page = browser.get("/sign-in").text
            csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
            browser.post("/sign-in", data={"name": user, "password": password, "csrf": csrf})
            with browser.stream("GET", path) as answer:
                return next(answer.iter_text())


def main() -> None:
    """Look, and print what was seen."""
    root, name, *secrets = sys.argv[1:]
    visitor = Visitor(Path(root), name)
    _find(Path(root), name)
    seen: dict[str, Any] = {"health": visitor.get("/healthz")[::2]}
    if secrets:
        code, password = secrets
        seen |= {
            "redirect": visitor.plain("/sign-in"),
            "signin": visitor.get("/sign-in")[:2],
            "stranger": visitor.is_let_in(),
            "kiosk": visitor.is_let_in(visitor.joined(code, Path(root) / "identity.pem")),
            "stream": visitor.first_of_stream("ana", password, "/stores/centro/today/live"),
        }
    print(json.dumps(seen))


def _find(root: Path, name: str) -> None:
    """The server's name leads to it, for this process alone."""
    hosts = root / "hosts-of-a-visitor"
    hosts.write_text(f"127.0.0.1 localhost {name}\n")
    subprocess.run(["mount", "--bind", hosts, "/etc/hosts"], check=True, timeout=10)


if __name__ == "__main__":
    main()
