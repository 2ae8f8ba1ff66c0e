"""The web server: what it passes on, what it keeps to itself, and what it never writes down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deploy.hub.web import PLACES, CaddySites, NginxSites, site
from deploy.hub.wishes import Web, Wishes, wishes
from hub.web.guard import LARGER, LARGEST_BODY
from tests.deploy.hub.recorded import recorded

ROOT = Path(__file__).parents[3]


def wished(web: str, tls: str = "own") -> Wishes:
    return wishes(name="hub.example.org", web=web, tls=tls, mail="it@example.org")


@pytest.mark.parametrize("web", Web)
def test_no_word_of_the_template_is_left(web: Web) -> None:
    text = site(wished(web)).contents
    assert not re.search(r"@[A-Z]+@", text)
    assert "hub.example.org" in text
    assert "127.0.0.1:8080" in text


@pytest.mark.parametrize("web", Web)
def test_the_hubs_largest_body_passes(web: Web) -> None:
    found = re.search(r"(?:client_max_body_size|max_size) (\d+)m", site(wished(web)).contents, re.I)
    assert found is not None
    assert int(found.group(1)) * 1_000_000 > max(LARGEST_BODY, *LARGER.values())


def test_every_stream_of_the_hub_is_one_that_nginx_does_not_hold_back() -> None:
    pages = "\n".join(file.read_text() for file in (ROOT / "hub/web").rglob("*.html"))
    streams = re.findall(r"live\(\"[^\"]*\" ~ [\w.]+ ~ \"([^\"]+)\"", pages)
    assert len(streams) >= 3
    assert all(stream.endswith("/live") for stream in streams)
    block = site(wished("nginx")).contents.partition("location ~ /live$")[2]
    assert "proxy_buffering off" in block.partition("}")[0]


def test_nginx_writes_down_nobody_who_comes() -> None:
    text = site(wished("nginx")).contents
    servers = text.split("\nserver {")[1:]
    assert all("access_log off;" in server for server in servers)
    assert "\tlog" not in site(wished("caddy")).contents  # which writes none unless told to


def test_whoever_comes_cannot_say_who_he_is() -> None:
    assert "X-Forwarded-For $remote_addr;" in site(wished("nginx")).contents


def test_caddy_asks_for_public_certificates_by_itself() -> None:
    assert "tls it@example.org" in site(wished("caddy", "acme")).contents
    assert "tls /etc/semblante/tls/web.pem" in site(wished("caddy")).contents
    assert "ssl_certificate /etc/semblante/tls/web.pem" in site(wished("nginx", "acme")).contents


def test_nginx_greets_nobody_any_more_and_reads_it_all_before_it_is_served(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    enabled = machine.at("/etc/nginx/sites-enabled")
    enabled.mkdir(parents=True)
    (enabled / "default").symlink_to("/etc/nginx/sites-available/default")
    (enabled / "other").symlink_to("/etc/nginx/sites-available/other")
    machine.write(site(wished("nginx")))
    step = NginxSites(machine)
    assert len(step.lacks()) == 2
    step.do()
    assert step.lacks() == []
    assert sorted(path.name for path in enabled.iterdir()) == ["other", "semblante"]
    assert machine.leads_to("/etc/nginx/sites-enabled/semblante") == PLACES[Web.NGINX]
    assert machine.commands == ["nginx -t -q"]


def test_caddys_own_file_is_kept_beside_ours(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    machine.at("/etc/caddy").mkdir()
    machine.at("/etc/caddy/Caddyfile").write_text("of the package")
    for _ in range(2):
        CaddySites(machine).do()
    assert CaddySites(machine).lacks() == []
    assert machine.leads_to("/etc/caddy/Caddyfile") == PLACES[Web.CADDY]
    assert machine.read("/etc/caddy/Caddyfile.before-semblante") == "of the package"
