"""The web server before the hub: nginx or caddy, for one name, by TLS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.hub.certificates import WEB_CERTIFICATE, WEB_KEY
from deploy.hub.settings import WEB_PORT
from deploy.hub.wishes import Tls, Web, Wishes
from deploy.plans.machine import Machine, Text

PLACES: Final = {
    Web.NGINX: "/etc/semblante/site/nginx.conf",
    Web.CADDY: "/etc/semblante/site/Caddyfile",
}
"""Where ours lie; the web server's own folders only lead to them."""

_TEMPLATES: Final = {Web.NGINX: "nginx.conf", Web.CADDY: "Caddyfile"}
_FOLDER: Final = Path(__file__).parent / "site"

KEY_READERS: Final = {Web.NGINX: "root", Web.CADDY: "caddy"}
"""The group that may read the key: nginx reads it as root, before it lets that go."""

_ENABLED: Final = "/etc/nginx/sites-enabled/semblante"
_CADDYFILE: Final = "/etc/caddy/Caddyfile"
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
        """Link ours, take the other link away, and let nginx read it all, if it is there yet."""
        self.machine.link(_ENABLED, PLACES[Web.NGINX])
        if self.machine.leads_to(_WELCOME).endswith("/sites-available/default"):
            self.machine.remove(_WELCOME)
        if self.machine.has(PLACES[Web.NGINX]):
            self.machine.run("nginx", "-t", "-q")


@dataclass(frozen=True, slots=True)
class CaddySites:
    """What caddy serves: ours; the file of its package is kept beside it."""

    machine: Machine
    name: str = "caddy's sites"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The link, where it does not lead to ours."""
        return [] if self.machine.leads_to(_CADDYFILE) == PLACES[Web.CADDY] else [_CADDYFILE]

    def do(self) -> None:
        """Keep what is there, once, and link ours."""
        file = self.machine.at(_CADDYFILE)
        if file.is_file() and not file.is_symlink():
            file.replace(file.with_name("Caddyfile.before-semblante"))
        self.machine.link(_CADDYFILE, PLACES[Web.CADDY])
