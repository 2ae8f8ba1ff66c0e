"""What somebody wants of a server, understood or refused with every fault at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.hub.wishes import Database, Tls, Web, wishes
from shared.errors import SettingsError


def test_a_name_is_enough() -> None:
    wished = wishes(name="hub.example.org")
    assert (wished.database, wished.web, wished.tls) == (Database.SQLITE, Web.NGINX, Tls.OWN)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        wishes(name="", database="oracle", web="apache", tls="none", mail="x", wheels="/no/folder")
    told = "\n".join(raised.value.faults)
    assert len(raised.value.faults) == 6
    assert all(word in told for word in ("NAME", "DATABASE", "WEB", "TLS", "MAIL", "WHEELS"))


@pytest.mark.parametrize(
    "name",
    ["Hub.example", "hub_1", "-hub", "hub.", ".hub", "a" * 64, "hub example", "hub;rm", "hub\n",
     "é.example", ".".join(["a" * 60] * 5), "$(id).example", "*.example.org"],
)  # fmt: skip
def test_a_name_that_is_none_goes_into_no_file(name: str) -> None:
    with pytest.raises(SettingsError, match="NAME"):
        wishes(name=name)


@pytest.mark.parametrize("name", ["hub", "hub-1.example.org", "10.0.0.5", "a.b.c"])
def test_a_name_or_address_is_taken(name: str) -> None:
    assert wishes(name=name).name == name


def test_given_certificates_must_be_there(tmp_path: Path) -> None:
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    with pytest.raises(SettingsError, match=r"there is no file .*c\.pem.*k\.pem"):
        wishes(name="hub", tls=f"{certificate},{key}")
    certificate.touch()
    key.touch()
    assert wishes(name="hub", tls=f"{certificate},{key}").certificate == certificate.resolve()


def test_who_asks_for_a_public_certificate_says_who_is_told_when_it_runs_out() -> None:
    with pytest.raises(SettingsError, match="MAIL"):
        wishes(name="hub.example.org", tls="acme")
    assert wishes(name="hub.example.org", tls="acme", mail="it@example.org").mail


def test_parts_of_a_hub_run_apart_on_postgresql_alone() -> None:
    with pytest.raises(SettingsError, match="APART"):
        wishes(name="hub", apart=True)


@pytest.mark.parametrize("name", ["10.0.0.5", "hub."])
def test_nobody_else_vouches_for_an_address(name: str) -> None:
    with pytest.raises(SettingsError, match="TLS"):
        wishes(name=name, tls="acme", mail="it@example.org")


def test_a_database_elsewhere_is_named_by_its_address() -> None:
    url = "postgresql://semblante:secret@db.example.org/hub"
    wished = wishes(name="hub", database=url, apart=True)
    assert (wished.database, wished.url) == (Database.ELSEWHERE, url)


@pytest.mark.parametrize(
    "url",
    ["elsewhere", "mysql://a/b", "postgresql://host", 'postgresql://a"/b', "postgresql://a\\/b"],
)
def test_no_other_address_goes_into_the_settings(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE"):
        wishes(name="hub", database=url)
