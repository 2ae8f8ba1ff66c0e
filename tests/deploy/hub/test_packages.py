"""Which of Debian's packages a server needs, by its wishes."""

from __future__ import annotations

from deploy.hub.packages import wanted
from deploy.hub.wishes import wishes


def test_a_server_gets_what_its_wishes_need() -> None:
    plain = wanted(wishes(name="hub"))
    assert {"mosquitto", "nginx", "python3-venv"} <= set(plain)
    assert not {"postgresql", "caddy", "certbot"} & set(plain)
    mail = "it@example.org"
    public = wanted(wishes(name="hub.example.org", tls="acme", mail=mail, database="postgresql"))
    assert {"postgresql-client", "certbot"} <= set(public)
    by_caddy = wanted(wishes(name="hub.example.org", tls="acme", mail=mail, web="caddy"))
    assert "certbot" not in by_caddy  # it speaks ACME by itself
