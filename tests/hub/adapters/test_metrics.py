from __future__ import annotations

from hub.adapters.metrics import Metrics
from hub.core.measures import COMMIT, DEPTH, EVERY, RECEIPTS, RECORDS


def test_every_measure_is_served_under_its_own_name() -> None:
    text = Metrics().text().decode()
    assert all(f"# TYPE {measure.name}" in text for measure in EVERY)


def test_numbers_come_out_as_they_went_in() -> None:
    metrics = Metrics()
    metrics.add(RECEIPTS, 3)
    metrics.add(RECORDS, 2, "duplicates")
    metrics.set(DEPTH, 7)
    metrics.observe(COMMIT, 0.02)
    lines = metrics.text().decode().splitlines()
    assert "semblante_receipts_total 3.0" in lines
    assert 'semblante_records_total{outcome="duplicates"} 2.0' in lines
    assert "semblante_inbox_messages 7.0" in lines
    assert "semblante_commit_seconds_count 1.0" in lines


def test_two_hubs_in_one_process_do_not_share_numbers() -> None:
    one, other = Metrics(), Metrics()
    one.add(RECEIPTS)
    assert "semblante_receipts_total 0.0" in other.text().decode().splitlines()
