"""The web server before the hub: nginx or caddy, for one name, by TLS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.hub.certificates import WEB_CERTIFICATE, WEB_KEY
from deploy.hub.machine import Machine, Text
from deploy.hub.settings import WEB_PORT
from deploy.hub.wishes import Tls, Web, Wishes

PLACES: Final = {
    Web.NGINX: "/etc/nginx/sites-available/semblante",
    Web.CADDY: "/etc/caddy/Caddyfile",
}
_TEMPLATES: Final = {Web.NGINX: "nginx.conf", Web.CADDY: "Caddyfile"}
_FOLDER: Final = Path(__file__).parent / "site"

KEY_READERS: Final = {Web.NGINX: "root", Web.CADDY: "caddy"}
"""The group that may read the key: nginx reads it as root, before it lets that go."""

_ENABLED: Final = "/etc/nginx/sites-enabled/semblante"
_WELCOME: Final = "/etc/nginx/sites-enabled/default"


def site(wishes: Wishes) -> Text:
    """The web server's file for this name."""
    text = (_FOLDER / _TEMPLATES[wishes.web]).read_text()
    own_acme = wishes.web is Web.CADDY and wishes.tls is Tls.ACME
    words = {
        "@NAME@": wishes.name,
        "@PORT@": str(WEB_PORT),
        "@CERTIFICATE@": WEB_CERTIFICATE,
        "@KEY@": WEB_KEY,
        "@TLS@": wishes.mail if own_acme else f"{WEB_CERTIFICATE} {WEB_KEY}",
    }
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return Text(PLACES[wishes.web], text)


@dataclass(frozen=True, slots=True)
class NginxSites:
    """Which sites nginx serves: ours, and no longer the page that greets its owner."""

    machine: Machine
    name: str = "nginx's sites"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """What is not so."""
        ours = self.machine.leads_to(_ENABLED) == PLACES[Web.NGINX]
        greeted = self.machine.leads_to(_WELCOME).endswith("/sites-available/default")
        return [*([] if ours else [_ENABLED]), *([f"without {_WELCOME}"] if greeted else [])]

    def do(self) -> None:
        """Link ours, take the other link away, and let nginx read it all before it is served."""
        self.machine.link(_ENABLED, PLACES[Web.NGINX])
        if self.machine.leads_to(_WELCOME).endswith("/sites-available/default"):
            self.machine.remove(_WELCOME)
        self.machine.run("nginx", "-t", "-q")
