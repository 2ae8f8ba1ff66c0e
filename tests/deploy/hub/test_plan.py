"""The plan: which steps there are for which wish, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.hub.acme import HOOK, ROOT, PublicCertificate
from deploy.hub.plan import plan
from deploy.hub.program import Source
from deploy.hub.wishes import Wishes, wishes
from tests.deploy.hub.recorded import recorded

CHECKOUT = Source(Path(__file__).parents[3])


def names(wished: Wishes, root: Path) -> list[str]:
    return [step.name for step in plan(wished, recorded(root), CHECKOUT)]


@pytest.mark.parametrize("database", ["sqlite", "postgresql", "postgresql://me:pw@db/hub"])
@pytest.mark.parametrize("web", ["nginx", "caddy"])
def test_what_a_step_needs_comes_before_it(database: str, web: str, tmp_path: Path) -> None:
    found = names(wishes(name="hub", database=database, web=web), tmp_path)
    assert len(found) == len(set(found))
    order = (
        "Debian's packages", "the user semblante", "folders", "the program", "hub.toml",
        "the broker's files", "the database's tables", "the authority, and the broker's door",
        "the current version", "the web site's certificate", f"the site for {web}",
        f"{web}'s sites", "services start with the machine", "services run",
    )  # fmt: skip
    assert [found.index(name) for name in order] == sorted(found.index(name) for name in order)


def test_only_a_database_of_this_machine_is_made(tmp_path: Path) -> None:
    made = "the database semblante"
    assert made in names(wishes(name="hub", database="postgresql"), tmp_path)
    assert made not in names(wishes(name="hub"), tmp_path)
    assert made not in names(wishes(name="hub", database="postgresql://me@db/hub"), tmp_path)


def test_a_public_certificate_is_asked_for_once_nginx_runs(tmp_path: Path) -> None:
    mail = "it@example.org"
    found = names(wishes(name="hub.example.org", tls="acme", mail=mail), tmp_path)
    assert found[-3] == "services run"
    assert found[-1] == "the certificate by Let's Encrypt"
    by_caddy = names(wishes(name="hub.example.org", tls="acme", mail=mail, web="caddy"), tmp_path)
    assert by_caddy[-1] == "services run"


def test_certbot_proves_the_name_where_nginx_looks_and_tells_it_of_each_renewal(
    tmp_path: Path,
) -> None:
    machine = recorded(tmp_path)
    step = PublicCertificate(machine, "hub.example.org", "it@example.org")
    assert step.lacks() == ["hub.example.org"]
    step.do()
    assert f"--webroot-path {ROOT}" in machine.commands[0]
    assert f"--deploy-hook {HOOK.path}" in machine.commands[0]
    assert ROOT in (CHECKOUT.folder / "deploy/hub/site/nginx.conf").read_text()
    machine.at("/etc/letsencrypt/live/hub.example.org").mkdir(parents=True)
    assert step.lacks() == []
