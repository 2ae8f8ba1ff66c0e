"""The hub's own visits: that rights are kept is believed only where a real broker shows it."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from hub.adapters.authority import CertificateAuthority
from hub.adapters.visiting import Doorway, Visits
from shared.errors import BrokerError
from tests.parts.databases import migrated_sqlite
from tests.parts.gated import Gated, now_ms, running_gate, wait_until
from tests.parts.ports import free_port


@pytest.fixture(scope="module")
def gated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gated]:
    folder = tmp_path_factory.mktemp("visited")
    with migrated_sqlite(folder / "hub.db") as engine, running_gate(engine, folder) as running:
        yield running


@pytest.mark.assertion("SEM-IDN-009")
def test_a_broker_that_keeps_rights_lets_nothing_forbidden_arrive(gated: Gated) -> None:
    assert gated.visits.look() == []


def test_a_broker_that_lets_everybody_write_is_found_out(gated: Gated) -> None:
    rights = gated.broker.files.rights
    before = rights.read_text()
    try:
        rights.write_text(before + "pattern write semblante/v1/+/+/receipt\n")
        gated.broker.files.reload()
        wait_until(gated.visits.look)
        assert all(topic.endswith("/receipt") for topic in gated.visits.look())
    finally:
        rights.write_text(before)
        gated.broker.files.reload()
        wait_until(lambda: not gated.visits.look())


def test_where_nobody_listens_it_says_so(gated: Gated) -> None:
    visits = Visits(gated.scene.authority, Doorway("127.0.0.1", free_port()), now_ms)
    with pytest.raises(BrokerError, match="the door for certificates"):
        visits.look()


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")  # paho's, where TLS fails
def test_a_door_of_another_authority_is_not_entered(
    gated: Gated, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = CertificateAuthority(tmp_path_factory.mktemp("other"))
    other.keyring.make(now_ms())
    with pytest.raises(BrokerError):
        Visits(other, Doorway("127.0.0.1", gated.port), now_ms).look()
    gc.collect()
